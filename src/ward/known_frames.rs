//! Which frames of a device are already known (design.md#the-same-reading).

use std::collections::{HashMap, VecDeque};

use crate::adapters::{Acknowledgement, Copies, Digest, Sending};
use crate::record::FrameKey;
use crate::vitals::Millis;

/// The number of a device's last frames among which a duplicate is looked for.
pub(super) const KEYS: usize = 4_096;
/// How many of the last messages are used to see whether a sender's numbers and clock move.
const COMPARED: usize = 16;
/// Fewer different messages than this prove nothing yet.
const ENOUGH: usize = 4;
/// If both number and time differ, fewer than this prove nothing yet.
const ENOUGH_OF_BOTH: usize = 2;
/// Nothing is measured again within this time. This decides only while nothing is known about the
/// sender.
const AT_ONCE_MS: i64 = 250;
/// How long it counts that two messages had the same number, or the same time.
const REPEATED_FOR_MS: i64 = 600_000;

/// How a known frame was sent.
#[derive(Clone, Debug)]
enum First {
    /// Its key is unique by itself.
    One,
    /// It came before the program was restarted: nobody knows whether the sender got its answer.
    BeforeRestart,
    Sent {
        connection: u64,
        answer: Acknowledgement,
        at: Millis,
    },
}

impl First {
    /// The sender was asked to send it again because it was not recorded: its copy says nothing
    /// about the sender's numbers and clock.
    fn is_asked_for_again(&self) -> bool {
        matches!(self, Self::Sent { answer, .. } if answer.is_refused())
    }
}

#[derive(Clone, Debug)]
struct Known {
    until: Millis,
    first: First,
}

/// The keys of frames that a device has already sent.
#[derive(Debug, Default)]
pub(super) struct KnownFrames {
    known: HashMap<FrameKey, Known>,
    /// Oldest first; a key that was sent again as new is in it twice.
    order: VecDeque<(FrameKey, Millis)>,
    marks: Marks,
}

impl KnownFrames {
    /// Notes a frame; `true` if it is a known one, sent again.
    pub(super) fn is_sent_again(
        &mut self,
        key: FrameKey,
        copies: &Copies,
        within_ms: i64,
        at: Millis,
    ) -> bool {
        let Copies::ByAnswer(sending) = copies else {
            return self.is_known(key, within_ms, at);
        };
        self.expire(at);
        let is_again = match self.known.get(&key) {
            Some(known) if known.until >= at => self.marks.is_sent_again(&known.first, sending, at),
            _ => false,
        };
        let (connection, answer) = (sending.connection, sending.answer.clone());
        let first = First::Sent { connection, answer, at };
        if is_again {
            // Once answered, it must not be taken for one that is sent again for lack of an answer.
            self.known.entry(key).and_modify(|known| known.first = first);
        } else {
            if !self.known.get(&key).is_some_and(|known| known.first.is_asked_for_again()) {
                self.marks.note(key, sending, at);
            }
            self.insert(key, Known { until: at.plus(within_ms), first });
        }
        is_again
    }

    /// Notes a frame whose key is unique by itself, or one from the record; `true` if it was known
    /// and is not too old.
    pub(super) fn is_known(&mut self, key: FrameKey, within_ms: i64, at: Millis) -> bool {
        self.expire(at);
        // A duplicate does not prolong the life of the first.
        let is_known = self.known.get(&key).is_some_and(|known| known.until >= at);
        if !is_known {
            self.insert(key, Known { until: at.plus(within_ms), first: First::One });
        }
        is_known
    }

    /// Notes a frame that was recorded before the program was restarted.
    pub(super) fn restore(&mut self, key: FrameKey, within_ms: i64, at: Millis) {
        if self.known.contains_key(&key) {
            // At the time it was taken as new: equal frames of this sender are separate frames.
            self.marks.repeated(at);
        }
        self.insert(key, Known { until: at.plus(within_ms), first: First::BeforeRestart });
    }

    /// Forgets a key whose frame could not be kept, so that it may be sent again.
    pub(super) fn forget(&mut self, key: &FrameKey) {
        if self.known.remove(key).is_some() {
            self.order.retain(|(known, _)| known != key);
        }
    }

    /// Drops what is too old to matter, also for a device that has gone silent.
    pub(super) fn expire(&mut self, at: Millis) {
        while let Some((key, until)) = self.order.front().copied() {
            if until >= at && self.order.len() <= KEYS {
                break;
            }
            self.order.pop_front();
            if self.known.get(&key).is_some_and(|known| known.until == until) {
                self.known.remove(&key);
            }
        }
        if self.order.is_empty() && self.order.capacity() > 0 {
            *self = Self { marks: std::mem::take(&mut self.marks), ..Self::default() };
        }
    }

    #[cfg(test)]
    pub(super) fn is_empty(&self) -> bool {
        self.known.is_empty() && self.order.is_empty()
    }

    fn insert(&mut self, key: FrameKey, known: Known) {
        self.order.push_back((key, known.until));
        self.known.insert(key, known);
        if self.order.len() > KEYS
            && let Some((oldest, until)) = self.order.pop_front()
            && self.known.get(&oldest).is_some_and(|known| known.until == until)
        {
            self.known.remove(&oldest);
        }
    }
}

/// Whether a sender's numbers and clock move from message to message. A constant MSH-10, times
/// rounded to the minute and a dead clock do not.
#[derive(Debug, Default)]
struct Marks {
    recent: VecDeque<(FrameKey, Digest, Option<Millis>)>,
    number_repeated: Option<Millis>,
    clock_repeated: Option<Millis>,
}

impl Marks {
    fn note(&mut self, key: FrameKey, sending: &Sending, at: Millis) {
        // A copy proves nothing: it may be the same message after all.
        for (_, number, clock) in self.recent.iter().filter(|(known, ..)| *known != key) {
            if *number == sending.number {
                self.number_repeated = Some(at);
            }
            if *clock == sending.clock || sending.clock.is_none() {
                self.clock_repeated = Some(at);
            }
        }
        self.recent.retain(|(known, ..)| *known != key);
        if self.recent.len() == COMPARED {
            self.recent.pop_front();
        }
        self.recent.push_back((key, sending.number, sending.clock));
    }

    fn repeated(&mut self, at: Millis) {
        self.number_repeated = Some(at);
        self.clock_repeated = Some(at);
    }

    fn moves(&self, repeated: Option<Millis>, at: Millis) -> bool {
        !Self::repeats(repeated, at) && self.recent.len() >= ENOUGH
    }

    fn both_move(&self, at: Millis) -> bool {
        let repeats =
            Self::repeats(self.number_repeated, at) || Self::repeats(self.clock_repeated, at);
        !repeats && self.recent.len() >= ENOUGH_OF_BOTH
    }

    fn repeats(repeated: Option<Millis>, at: Millis) -> bool {
        repeated.is_some_and(|repeated| at.since(repeated) <= REPEATED_FOR_MS)
    }

    fn is_sent_again(&self, first: &First, copy: &Sending, at: Millis) -> bool {
        let number_moves = self.moves(self.number_repeated, at);
        let clock_moves = self.moves(self.clock_repeated, at);
        match first {
            First::One => true,
            // It may be the one whose answer was lost in the restart, unless equal frames of this
            // sender are known to be separate frames.
            First::BeforeRestart => self.number_repeated.is_none() && self.clock_repeated.is_none(),
            first if first.is_asked_for_again() => false,
            First::Sent { answer, .. } if answer.is_lost() => true,
            First::Sent { connection, answer, .. } if *connection != copy.connection => {
                !answer.is_written() || number_moves || clock_moves || self.both_move(at)
            }
            // Before it is answered, a copy is a repeat for lack of an answer, unless this sender
            // is known to repeat its numbers.
            First::Sent { answer, .. } if !answer.is_written() => {
                !Self::repeats(self.number_repeated, at)
            }
            // On one connection, two equal messages of one second are two messages; a number that
            // is never used twice is better evidence than a clock.
            First::Sent { at: first_at, .. } => {
                let repeats = Self::repeats(self.number_repeated, at);
                let is_at_once = at.since(*first_at) <= AT_ONCE_MS;
                number_moves || self.both_move(at) || (!repeats && is_at_once)
            }
        }
    }
}

#[cfg(test)]
#[path = "known_frames_test.rs"]
mod tests;
