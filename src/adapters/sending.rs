//! Whether a frame that equals an earlier one is the same frame sent again, or a new one with equal
//! values (design.md#the-same-reading).

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use super::Digest;
use crate::vitals::Millis;

const PENDING: u8 = 0;
const WRITTEN: u8 = 1;
const UNWRITTEN: u8 = 2;
const REFUSED: u8 = 3;

/// What became of the answer to a frame; shared by the code that writes it and the code that judges
/// a copy.
#[derive(Clone, Debug, Default)]
pub struct Acknowledgement(Arc<AtomicU8>);

impl Acknowledgement {
    /// It goes out to the sender.
    pub fn written(&self) {
        self.0.store(WRITTEN, Ordering::Relaxed);
    }

    /// It said that the frame could not be kept and must be sent again.
    pub fn refused(&self) {
        self.0.store(REFUSED, Ordering::Relaxed);
    }

    /// It did not go out after all.
    pub fn lost(&self) {
        self.0.store(UNWRITTEN, Ordering::Relaxed);
    }

    /// It can no longer go out, unless it already has.
    pub fn cannot_be_written(&self) {
        // The first report counts: an answer that is out is out.
        let _ = self.0.compare_exchange(PENDING, UNWRITTEN, Ordering::Relaxed, Ordering::Relaxed);
    }

    /// Whether it went out.
    #[must_use]
    pub fn is_written(&self) -> bool {
        self.0.load(Ordering::Relaxed) == WRITTEN
    }

    /// Whether the sender was told to send the frame again, because it was not kept.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.0.load(Ordering::Relaxed) == REFUSED
    }

    /// Whether it can no longer go out.
    #[must_use]
    pub fn is_lost(&self) -> bool {
        self.0.load(Ordering::Relaxed) == UNWRITTEN
    }
}

/// How a message was sent, as far as it helps to recognise a copy.
#[derive(Clone, Debug)]
pub struct Sending {
    /// The connection, different from any other of this run.
    pub connection: u64,
    /// Digest of the sender's own number of the message (MSH-10).
    pub number: Digest,
    /// The latest time in the message, by the sender's clock.
    pub clock: Option<Millis>,
    /// The answer to it.
    pub answer: Acknowledgement,
}

/// How two equal frames of a device relate.
#[derive(Clone, Debug)]
pub enum Copies {
    /// One frame: the key holds the sender's run and number.
    AreOne,
    /// One frame or two, depending on how each was sent and answered: the number may always be the
    /// same.
    ByAnswer(Sending),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_is_out_is_never_lost() {
        let answer = Acknowledgement::default();
        assert!(!answer.is_written() && !answer.is_lost());
        answer.written();
        answer.cannot_be_written();
        assert!(answer.is_written() && !answer.is_lost());
        let lost = Acknowledgement::default();
        lost.cannot_be_written();
        assert!(lost.is_lost() && lost.clone().is_lost());
        answer.lost();
        assert!(answer.is_lost(), "it broke while it went out");
    }
}
