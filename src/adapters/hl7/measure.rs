//! What a value measures: a vital, or a part of a cuff pressure.

use crate::vitals::Vital;

/// A part of a cuff pressure.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cuff {
    Systolic,
    Diastolic,
    Mean,
}

/// What a row's value is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measure {
    Number(Vital),
    /// The pulse of an inflation: one value, not a running one.
    CuffPulse,
    /// `by_cuff` is false if the code leaves open how the pressure was measured.
    Pressure {
        part: Cuff,
        by_cuff: bool,
    },
    /// Several parts of one pressure in one row, such as `128/82`.
    Pressures {
        by_cuff: bool,
    },
}

impl Measure {
    /// The vital that it is or is a part of.
    pub(super) fn vital(self) -> Vital {
        match self {
            Self::Number(vital) => vital,
            Self::CuffPulse => Vital::PulseRate,
            Self::Pressure { .. } | Self::Pressures { .. } => Vital::Nibp,
        }
    }
}
