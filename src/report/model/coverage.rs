use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::vitals::Millis;

/// For how long the patient was watched. Continuous values are expected from the baseline until 20
/// minutes after the end of an infusion, and of a dose in spray devices for the whole stay.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Coverage {
    /// When that time began; `null` when nothing was expected yet.
    #[schema(required)]
    pub from: Option<Millis>,
    /// When it ended.
    #[schema(required)]
    pub to: Option<Millis>,
    /// What ended it.
    #[schema(required)]
    pub end: Option<CoverageEnd>,
    /// Its length, milliseconds.
    pub expected_ms: i64,
    /// How much of it a live screen with sound showed the room; milliseconds.
    pub watched_ms: i64,
    /// The share of SpO2.
    pub spo2: VitalCoverage,
    /// The share of the heart rate, or the pulse rate.
    pub heart_rate: VitalCoverage,
    /// How much of it there was SpO2 and a screen that showed it; milliseconds.
    pub covered_ms: i64,
}

/// What ended the span in which continuous values were expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CoverageEnd {
    /// 20 minutes since the infusion ended.
    AfterInfusion,
    /// The session ended.
    SessionEnd,
    /// This document was made.
    Now,
}

/// How much of the expected time a vital had a value that its monitor vouched for. A value counts
/// until the next one comes, and no longer than it is shown as current.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct VitalCoverage {
    /// Milliseconds.
    pub valid_ms: i64,
    /// The share of the expected time, per cent with one decimal; `null` when nothing was expected.
    #[schema(required)]
    pub percent: Option<f64>,
    /// Why the rest was not valid, the longest first. Together with `valid_ms` this makes up the
    /// expected time.
    pub missing: Vec<ReasonTotal>,
}

/// Why a vital had no value, and for how long.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReasonTotal {
    /// The reason, as staff read it.
    pub text: String,
    /// The total time, milliseconds.
    pub ms: i64,
    /// How many times.
    pub times: u32,
    /// When it first happened.
    pub first_at: Millis,
}
