use super::breathing::Obstruction;
use super::esketamine::SprayDose;
use super::medicine::Medicine;
use super::raised::Raised;
use super::shift::Shift;

/// What may happen to a patient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Event {
    /// The pump runs at this rate from now on; 0 pauses or stops it.
    Infuse {
        /// mg/min.
        rate_mg_per_min: f64,
    },
    /// The first spray of a nasal treatment (clinical.md#esketamine).
    Sprayed(SprayDose),
    /// A cannula is placed: it hurts (clinical.md#arrival-and-cannulation).
    Needle,
    /// The patient talks (clinical.md#arrival-and-cannulation).
    Talks {
        /// For how long.
        lasting_s: f64,
    },
    /// The hand with the finger clip moves, and the arm with the cuff.
    Moves {
        /// For how long.
        lasting_s: f64,
    },
    /// Breathing weakens or stops (clinical.md#events).
    Obstructed {
        /// How severely.
        obstruction: Obstruction,
        /// For how long.
        lasting_s: f64,
    },
    /// Pressure jumps above what the drug explains: on with tau 10 s, off with tau 3 min.
    Surge {
        /// Added to the systolic, mmHg.
        systolic: f64,
        /// Added to the diastolic, mmHg.
        diastolic: f64,
        /// How long it lasts before it fades.
        lasting_s: f64,
    },
    /// A needle goes in, and the patient faints (clinical.md#events).
    Vasovagal,
    /// The legs of a patient who has fainted are raised: it passes in half the time
    /// (clinical.md#events).
    LegsUp,
    /// Emerging restless: fast, high and moving (clinical.md#events).
    Agitated {
        /// How long before it fades.
        lasting_s: f64,
    },
    /// Feeling sick, or being sick (clinical.md#events).
    Nauseated,
    /// A reaction to the drug, until it is stopped (clinical.md#events).
    Allergic {
        /// How long it grows before it fades.
        lasting_s: f64,
    },
    /// Staff give a medicine (clinical.md#events).
    Given(Medicine),
    /// Some values change for a while and come back, for whatever reason.
    Shifted(Shift),
    /// Some values are at least this high for a while, for whatever reason.
    Raised(Raised),
}
