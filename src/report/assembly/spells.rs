//! The periods that a record is computed from.

use super::signal::Spell;
use crate::vitals::{Millis, Vital};

/// The periods of every vital, from the session's beginning to its end.
pub(super) struct Spells {
    pub(super) by_vital: Vec<(Vital, Vec<Spell>)>,
    pub(super) heart_rate: Vec<Spell>,
    pub(super) spo2: Vec<Spell>,
}

/// The beginning and end of a record.
#[derive(Clone, Copy)]
pub(super) struct Times {
    pub(super) opened_at: Millis,
    pub(super) to: Millis,
}
