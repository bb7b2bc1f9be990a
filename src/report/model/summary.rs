use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::rules::Baseline;
use crate::vitals::{Decimal, Millis};

/// Baseline, extremes and return (record.md#how-its-numbers-are-computed).
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct Summary {
    /// The baseline that staff accepted; `null` while there is none.
    #[schema(required)]
    pub baseline: Option<Baseline>,
    /// When it was accepted.
    #[schema(required)]
    pub accepted_at: Option<Millis>,
    /// By initials.
    #[schema(required)]
    pub accepted_by: Option<String>,
    /// mmHg.
    pub systolic: VitalSummary,
    /// mmHg.
    pub diastolic: VitalSummary,
    /// 1/min.
    pub heart_rate: VitalSummary,
    /// %.
    pub spo2: VitalSummary,
    /// How long SpO2 was at or below each limit, the highest limit first.
    pub spo2_low: Vec<LowSpell>,
    /// Milliseconds of SpO2 that monitors vouched for since the infusion began: the total that
    /// `spo2_low` is a part of.
    pub spo2_valid_ms: i64,
}

/// One vital since the infusion first ran: only good values, from monitors or by hand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct VitalSummary {
    /// The baseline that staff accepted.
    #[schema(required)]
    pub baseline: Option<Decimal>,
    /// The highest value.
    #[schema(required)]
    pub highest: Option<Extreme>,
    /// The lowest value.
    #[schema(required)]
    pub lowest: Option<Extreme>,
    /// When the highest pressure or heart rate had passed; `null` without a baseline. SpO2 has
    /// none.
    #[serde(rename = "return")]
    #[schema(required)]
    pub back: Option<Return>,
}

/// The furthest value of a vital.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Extreme {
    /// In the vital's unit.
    pub value: Decimal,
    /// When it was measured; the first time, if it was measured more than once.
    pub at: Millis,
    /// Value minus baseline.
    #[schema(required)]
    pub change: Option<Decimal>,
}

/// Whether a value came back to within 10 of its baseline after its highest. For a pressure the
/// next reading within 10 mmHg counts; for the heart rate a median of 30 s that is within 10/min
/// and stays there for 5 min.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "is", rename_all = "snake_case")]
pub enum Return {
    /// It was never further than 10 above the baseline.
    NeverLeft,
    /// It came back.
    Back {
        /// Since when it was back.
        at: Millis,
        /// How long after the highest value, milliseconds.
        after_ms: i64,
    },
    /// It did not come back while it was measured.
    NotBack,
}

/// How long SpO2 was at or below a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LowSpell {
    /// %.
    pub at_or_below: Decimal,
    /// The stage of the alarm at this limit, when it is one of the profile's for this patient: 1
    /// caution, 2 urgent, 3 extreme.
    #[schema(required)]
    pub level: Option<u8>,
    /// The total time, milliseconds.
    pub ms: i64,
    /// How many times, each separated by a good value above the limit.
    pub episodes: u32,
    /// The longest of them, milliseconds.
    pub longest_ms: i64,
}
