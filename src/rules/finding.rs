//! What a rule found.

use super::condition::Priority;
use crate::vitals::{Decimal, Millis};

/// A stage of a condition that holds, and by what.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Finding {
    pub(crate) level: u8,
    pub(crate) priority: Priority,
    pub(crate) value: Option<Decimal>,
    pub(crate) limit: Option<Decimal>,
    pub(crate) value_at: Option<Millis>,
    pub(crate) text: String,
    /// Something of the same gravity happened anew, such as a further symptom.
    pub(crate) is_anew: bool,
    /// An alert that somebody has acknowledged and that is graver may fall to it.
    pub(crate) may_fall: bool,
}

impl Finding {
    /// A stage that holds, whatever the value.
    pub(crate) fn of_stage(level: u8, priority: Priority, text: &str) -> Self {
        Self {
            level,
            priority,
            value: None,
            limit: None,
            value_at: None,
            text: text.to_owned(),
            is_anew: false,
            may_fall: true,
        }
    }

    /// Of a condition that is about the measuring.
    pub(crate) fn technical(priority: Priority, text: &str) -> Self {
        Self::of_stage(priority as u8 + 1, priority, text)
    }

    /// The same by this value and this limit.
    pub(super) fn by(self, value: Option<Decimal>, limit: f64, value_at: Option<Millis>) -> Self {
        Self { value, limit: Some(Decimal::trimmed(limit)), value_at, ..self }
    }
}

/// What a rule says now: its condition holds, it is over, or neither.
#[derive(Debug, Default)]
pub(crate) struct Verdict {
    pub(crate) finding: Option<Finding>,
    pub(crate) is_over: bool,
}

impl Verdict {
    pub(super) fn found(finding: Finding) -> Self {
        Self { finding: Some(finding), is_over: false }
    }

    pub(super) fn over(is_over: bool) -> Self {
        Self { finding: None, is_over }
    }
}

/// Whether and when an alert may be over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Clears {
    /// There is none, or it may not be over now.
    Not,
    /// Inside for the rule's clearing time, and for at least this long, seconds.
    AfterS(u32),
}

impl Clears {
    /// For how long the value must be inside, seconds; none while it may not be over.
    pub(super) fn for_s(self, clearing_s: u32) -> Option<u32> {
        match self {
            Self::Not => None,
            Self::AfterS(longer_s) => Some(longer_s.max(clearing_s)),
        }
    }
}

/// A stage that holds, and the limit that it holds by.
pub(super) type Holding = (u8, Priority, f64);

pub(super) fn graver(known: Holding, next: Holding) -> Holding {
    if next.0 > known.0 { next } else { known }
}
