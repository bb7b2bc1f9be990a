//! Symptoms and scores as they were entered.

use serde::{Deserialize, Serialize};

use super::event::Event;
use crate::vitals::{Millis, moved};

/// The number of what the patient already had before entries were kept.
pub(super) const BEFORE: u32 = 0;

/// A symptom or a score as it was entered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub(super) n: u32,
    pub(super) at: Millis,
    pub(super) what: What,
}

moved!(Entry { moves: at; stays: n, what });

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum What {
    Symptom { symptom: String, over: bool },
    Score { score: String, value: i32 },
}

impl What {
    pub(super) fn of(event: &Event) -> Option<Self> {
        match event {
            Event::Symptom { symptom, over, .. } => {
                Some(Self::Symptom { symptom: symptom.clone(), over: *over })
            }
            Event::Score { score, value, .. } => {
                Some(Self::Score { score: score.clone(), value: *value })
            }
            _ => None,
        }
    }

    pub(super) fn is_about_the_same_as(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Symptom { symptom: a, .. }, Self::Symptom { symptom: b, .. })
            | (Self::Score { score: a, .. }, Self::Score { score: b, .. }) => a == b,
            _ => false,
        }
    }
}
