//! What one patient is like (clinical.md#population).

use super::kinetics::{Factors, Model};
use crate::Draws;

pub(super) const RESTING_TEMP_C: f64 = 36.6;

/// How far a standard infusion raises a patient's values at its peak (clinical.md#pressor-effect).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Amplitudes {
    /// mmHg.
    pub systolic: f64,
    /// mmHg.
    pub diastolic: f64,
    /// 1/min.
    pub heart_rate: f64,
}

/// A patient at rest, and how this one differs from the typical one.
#[derive(Debug, Clone, PartialEq)]
pub struct Traits {
    /// Years.
    pub age: u32,
    /// Kilograms.
    pub weight_kg: f64,
    /// Resting systolic pressure, mmHg.
    pub systolic: f64,
    /// Resting diastolic pressure, mmHg.
    pub diastolic: f64,
    /// Resting heart rate, 1/min.
    pub heart_rate: f64,
    /// Resting saturation, percent.
    pub spo2: f64,
    /// Resting temperature, °C.
    pub temp: f64,
    /// The rise under the drug.
    pub amplitudes: Amplitudes,
    /// Where the drug goes.
    pub model: Model,
    /// How this patient differs from that model's typical one.
    pub factors: Factors,
    /// Multiplies the typical dissociation at the same concentration.
    pub dissociation_factor: f64,
    /// What arriving adds: 1 = the usual 8/3 mmHg and 6 bpm, fading
    /// (clinical.md#arrival-and-cannulation).
    pub white_coat: f64,
    /// Noise of body and cuff: 0 none, 1 as clinical.md#instruments.
    pub restlessness: f64,
}

impl Traits {
    /// The typical patient of clinical.md#reference-runs, without noise: 124/78, 72, 97 %.
    pub(crate) fn typical() -> Self {
        Self {
            age: 44,
            weight_kg: 70.0,
            systolic: 124.0,
            diastolic: 78.0,
            heart_rate: 72.0,
            spo2: 97.0,
            temp: RESTING_TEMP_C,
            amplitudes: Amplitudes { systolic: 15.0, diastolic: 10.0, heart_rate: 5.0 },
            model: Model::Clements250,
            factors: Factors::TYPICAL,
            dissociation_factor: 1.0,
            white_coat: 0.0,
            restlessness: 0.0,
        }
    }

    /// A calm patient who stays clear of every limit for a whole session: drawn from the middle of
    /// clinical.md#population, with half its noise.
    pub fn fine(draws: &mut Draws) -> Self {
        let systolic = draws.uniform(116.0, 124.0);
        Self {
            age: draws.uniform(24.0, 62.0) as u32,
            weight_kg: libm::round(draws.uniform(54.0, 92.0)),
            systolic,
            diastolic: 73.0 + 0.45 * (systolic - 120.0) + draws.uniform(-1.5, 1.5),
            heart_rate: draws.uniform(64.0, 76.0),
            spo2: draws.uniform(97.0, 98.4),
            temp: RESTING_TEMP_C,
            amplitudes: Amplitudes {
                systolic: draws.uniform(6.0, 11.0),
                diastolic: draws.uniform(3.0, 7.0),
                heart_rate: draws.uniform(2.0, 5.0),
            },
            model: Model::Clements250,
            factors: Factors {
                volume: draws.uniform(0.93, 1.07),
                elimination: draws.uniform(0.9, 1.1),
            },
            dissociation_factor: 1.0,
            white_coat: 0.6,
            restlessness: 0.5,
        }
    }

    /// One of the few whose pressure climbs past 170 late in the infusion: the usual amplitudes
    /// with those of one in a hundred (clinical.md#pressor-effect), and steady enough to come at the
    /// expected time.
    pub fn surge(draws: &mut Draws) -> Self {
        Self {
            systolic: 130.0,
            diastolic: 80.0,
            amplitudes: Amplitudes { systolic: 50.0, diastolic: 28.0, heart_rate: 13.0 },
            factors: Factors::TYPICAL,
            restlessness: 0.12,
            ..Self::fine(draws)
        }
    }
}
