use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::vitals::Decimal;

/// How far a patient's values went during a treatment: cuff pressures, whoever measured them, and
/// what monitors gave in good quality.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Peak {
    /// Highest systolic pressure, mmHg.
    #[schema(required)]
    pub systolic: Option<Decimal>,
    /// Highest diastolic pressure, mmHg.
    #[schema(required)]
    pub diastolic: Option<Decimal>,
    /// Highest heart rate, or pulse rate, 1/min.
    #[schema(required)]
    pub heart_rate: Option<Decimal>,
    /// Lowest SpO2, %.
    #[schema(required)]
    pub spo2: Option<Decimal>,
}

impl Peak {
    /// That of a session, out of what `GET sessions/{id}` shows; nothing where it shows none.
    #[must_use]
    pub fn read(json: &str) -> Self {
        #[derive(Deserialize)]
        struct Shown {
            peak: Option<Peak>,
        }
        let shown = serde_json::from_str::<Shown>(json).ok();
        shown.and_then(|shown| shown.peak).unwrap_or_default()
    }
}
