//! Two boxes that use one name (protocols.md#two-under-one-name): set up with one token or one
//! EUI-64, they would make two patients one.
//!
//! A monitor that restarts, changes its address or comes over a new connection leaves its old
//! sender for good. Two boxes keep coming back, each after the other has spoken.
//! one for good. Two boxes come back, again and again, each after the other has spoken.

use std::collections::VecDeque;

use crate::adapters::Digest;
use crate::vitals::Millis;

/// This many returns are no accident.
const RETURNS: usize = 3;
/// A box speaks at least once a minute: the returns must follow each other within this time.
const WITHIN_MS: i64 = 65_000;
/// Or within this many frames, if they come more slowly than that.
const WITHIN_FRAMES: u64 = 16;
/// And even then within this time.
const WITHIN_AT_MOST_MS: i64 = 600_000;
/// The most senders that are remembered besides the one that speaks.
const REMEMBERED: usize = 4;

/// Who recently spoke under one name.
#[derive(Debug, Default)]
pub(super) struct Claimants {
    speaking: Option<Digest>,
    /// Earlier senders, and when another one followed each of them.
    left: VecDeque<(Digest, Millis)>,
    /// When a sender came back, and with which frame.
    returns: VecDeque<(Millis, u64)>,
    frames: u64,
}

impl Claimants {
    /// Notes who speaks; returns whether two do so in turn.
    pub(super) fn note(&mut self, who: Digest, at: Millis) -> bool {
        self.frames += 1;
        if self.speaking == Some(who) {
            return false;
        }
        if let Some(before) = self.speaking.replace(who) {
            self.left.push_back((before, at));
        }
        self.left.retain(|(_, left)| at.since(*left) < WITHIN_AT_MOST_MS);
        if self.left.len() > REMEMBERED {
            self.left.pop_front();
        }
        let is_back = self.left.iter().any(|(known, _)| *known == who);
        self.left.retain(|(known, _)| *known != who);
        is_back && self.is_one_too_many(at)
    }

    /// A connection was replaced although its other end was still there.
    pub(super) fn displaced(&mut self, at: Millis) -> bool {
        self.is_one_too_many(at)
    }

    fn is_one_too_many(&mut self, at: Millis) -> bool {
        self.returns.push_back((at, self.frames));
        if self.returns.len() > RETURNS {
            self.returns.pop_front();
        }
        let Some((first_at, first_frame)) = self.returns.front().copied() else { return false };
        let within_ms = at.since(first_at);
        let is_soon = within_ms <= WITHIN_MS
            || (within_ms <= WITHIN_AT_MOST_MS && self.frames - first_frame <= WITHIN_FRAMES);
        self.returns.len() == RETURNS && is_soon
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::digest;

    /// When two in turn are noticed, seconds; `senders` are (name, first at, every) in seconds.
    fn noticed(senders: &[(&str, i64, i64)], until_s: i64) -> Option<i64> {
        let mut claimants = Claimants::default();
        (0..until_s).find(|second| {
            senders.iter().any(|(name, first, every)| {
                let since = second - first;
                since >= 0
                    && since % every == 0
                    && claimants.note(digest(name), Millis(second * 1_000))
            })
        })
    }

    #[test]
    fn two_that_speak_in_turn_are_noticed_whatever_their_pace() {
        assert_eq!(noticed(&[("a", 0, 1), ("b", 5, 1)], 60), Some(7));
        assert!(noticed(&[("a", 0, 1), ("b", 5, 10)], 600).is_some_and(|s| s <= 30));
        assert!(noticed(&[("a", 0, 60), ("b", 25, 60)], 600).is_some_and(|s| s <= 180));
        assert!(noticed(&[("a", 0, 1), ("b", 30, 60)], 600).is_some_and(|s| s <= 180));
    }

    #[test]
    fn one_that_starts_again_or_changes_its_address_is_no_other() {
        let mut claimants = Claimants::default();
        for second in 0..3_600 {
            let run = format!("boot {}", second / 20);
            assert!(!claimants.note(digest(&run), Millis(second * 1_000)), "{second}");
        }
    }

    #[test]
    fn a_monitor_between_two_networks_is_one() {
        let mut claimants = Claimants::default();
        for second in 0..3_600 {
            let network = if second / 60 % 2 == 0 { "cable" } else { "wireless" };
            assert!(!claimants.note(digest(network), Millis(second * 1_000)), "{second}");
        }
    }

    #[test]
    fn connections_that_displace_each_other_are_noticed_and_one_is_not() {
        let mut claimants = Claimants::default();
        assert!(!claimants.displaced(Millis(0)));
        assert!(!claimants.displaced(Millis(600_000)));
        assert!(!claimants.displaced(Millis(605_000)));
        assert!(claimants.displaced(Millis(610_000)));
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let mut claimants = Claimants::default();
        for n in 0..10_000 {
            claimants.note(digest(&n.to_string()), Millis(n));
        }
        assert!(claimants.left.len() <= REMEMBERED && claimants.returns.len() <= RETURNS);
    }
}
