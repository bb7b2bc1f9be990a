use std::collections::HashMap;
use std::net::IpAddr;

use crate::vitals::Millis;

/// Wrong tries in a row after which one waits.
const TRIES: u32 = 5;
/// The same from one address: a whole clinic may stand behind it.
const TRIES_OF_A_PEER: u32 = 20;
/// How long.
const WAIT_MS: i64 = 30_000;
/// Wrong tries are forgotten after this time without another.
const FORGET_AFTER_MS: i64 = 15 * 60_000;
/// Those who are remembered; beyond it the one that was quiet longest is forgotten.
const REMEMBERED: usize = 4_096;

/// Whose wrong tries are counted together.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Who {
    /// A name that somebody signs in with, known or not.
    Name(String),
    /// Where the tries come from.
    Peer(IpAddr),
    /// The login at which PINs are tried.
    Station([u8; 32]),
}

impl Who {
    fn tries(&self) -> u32 {
        match self {
            Self::Peer(_) => TRIES_OF_A_PEER,
            Self::Name(_) | Self::Station(_) => TRIES,
        }
    }
}

#[derive(Debug)]
struct Tries {
    wrong: u32,
    last: Millis,
}

/// Counts wrong tries. A try counts as wrong from its begin, so that many at once gain nothing.
#[derive(Debug, Default)]
pub(super) struct Throttle {
    tries: HashMap<Who, Tries>,
}

impl Throttle {
    /// A try begins, or must wait this many seconds.
    pub(super) fn begin(&mut self, who: &Who, now: Millis) -> Result<(), u32> {
        if let Some(tries) = self.tries.get(who) {
            let quiet_ms = now.since(tries.last);
            if quiet_ms > FORGET_AFTER_MS {
                self.tries.remove(who);
            } else if tries.wrong >= who.tries() && quiet_ms < WAIT_MS {
                let left_ms = WAIT_MS - quiet_ms;
                return Err(u32::try_from((left_ms + 999) / 1_000).unwrap_or(1));
            }
        }
        if self.tries.len() >= REMEMBERED && !self.tries.contains_key(who) {
            self.forget_the_quietest();
        }
        let tries = self.tries.entry(who.clone()).or_insert(Tries { wrong: 0, last: now });
        tries.last = now;
        // After the wait there are as many tries as before.
        tries.wrong = if tries.wrong >= who.tries() { 1 } else { tries.wrong + 1 };
        Ok(())
    }

    /// The try was right.
    pub(super) fn right(&mut self, who: &Who) {
        self.tries.remove(who);
    }

    fn forget_the_quietest(&mut self) {
        let quietest = self.tries.iter().min_by_key(|(_, tries)| tries.last);
        if let Some(who) = quietest.map(|(who, _)| who.clone()) {
            self.tries.remove(&who);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Who {
        Who::Name(text.to_owned())
    }

    #[test]
    fn after_five_wrong_tries_in_a_row_one_waits_thirty_seconds() {
        let mut throttle = Throttle::default();
        for at in 0..5 {
            assert_eq!(throttle.begin(&name("KM"), Millis(at)), Ok(()));
        }
        assert_eq!(throttle.begin(&name("KM"), Millis(5)), Err(30));
        assert_eq!(throttle.begin(&name("KM"), Millis(20_004)), Err(10));
        assert_eq!(throttle.begin(&name("TS"), Millis(5)), Ok(()), "others do not wait");
        for at in 0..5 {
            assert_eq!(throttle.begin(&name("KM"), Millis(30_010 + at)), Ok(()));
        }
        assert_eq!(throttle.begin(&name("KM"), Millis(30_020)), Err(30));
    }

    #[test]
    fn a_right_try_ends_the_row() {
        let mut throttle = Throttle::default();
        for at in 0..40 {
            assert_eq!(throttle.begin(&name("KM"), Millis(at)), Ok(()));
            if at % 4 == 3 {
                throttle.right(&name("KM"));
            }
        }
    }

    #[test]
    fn memory_is_bounded_whatever_names_are_tried() {
        let mut throttle = Throttle::default();
        for at in 0..10_000 {
            assert_eq!(throttle.begin(&name(&at.to_string()), Millis(at)), Ok(()));
        }
        assert_eq!(throttle.tries.len(), REMEMBERED);
        assert!(throttle.tries.contains_key(&name("9999")));
    }
}
