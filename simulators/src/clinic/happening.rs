//! What happens in a simulated room beside the plan of the visit.

use super::action::StaffAction;
use crate::control::Trouble;
use crate::monitors::Fault;
use crate::patient::Event;

/// When the patient of room 6 leaves, seconds after the clinic opens.
pub(super) const LEAVES_AT_S: i64 = 720;

/// Something that happens at a simulated second and is no part of the visit's plan.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Happening {
    Patient(Event),
    ProbeSlips,
    ProbeResited,
    /// The hand moves.
    Motion {
        lasting_s: i64,
    },
    Trouble(Trouble, bool),
    /// Staff enter something that is no part of the plan.
    Staff(StaffAction),
    Fault(Fault, bool),
    /// Cuff readings are wanted at these seconds, then one each `cadence_s`.
    Cuff {
        due_s: Vec<i64>,
        cadence_s: i64,
    },
}
