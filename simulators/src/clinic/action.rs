//! What simulated staff do.

use super::treatment::Treatment;
use crate::instruments::Nibp;

/// What staff do, with the values they enter.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum StaffAction {
    CheckIn {
        given: &'static str,
        family: &'static str,
        /// The number under which the clinic knows the patient.
        number: String,
        age: u32,
        weight_kg: f64,
        treatment: Treatment,
    },
    /// The questions before the treatment, and how awake the patient is.
    Screen,
    AcceptBaseline {
        nibp: Nibp,
        heart_rate: u32,
        spo2: u32,
    },
    /// The order, its second check, and what else is asked before the start.
    Prepare(Treatment),
    Start,
    /// A device of 28 mg.
    Spray,
    Pause,
    Resume,
    Stop,
    /// A medication, with its dose in mg.
    Give {
        drug: &'static str,
        dose_mg: u32,
        route: &'static str,
    },
    /// What the patient complains of.
    Symptom(&'static str),
    /// A reaction to what is infused: the pump is stopped, and what is given against it.
    EndForReaction,
    /// The scores and the checklist before leaving.
    GetReady,
    Discharge,
}

impl StaffAction {
    /// Against nausea.
    pub(super) const ONDANSETRON: Self =
        Self::Give { drug: "ondansetron", dose_mg: 4, route: "iv" };
}
