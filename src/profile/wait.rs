//! What the start waits for after a fall.

use serde::{Deserialize, Serialize};

use crate::rules::{Compare, Condition, ContinuousVital, CuffTest, Limit, is_false};

/// After one of these alerts before the start, the start waits until every test was well for a
/// time (clinical.md#the-wait-after-a-fall). A later one begins the wait anew.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wait {
    /// What staff read while it lasts.
    pub text: String,
    /// Alerts of the patient that it follows.
    pub after: Vec<Condition>,
    /// How long all of them must be well, seconds.
    pub for_s: u32,
    /// How a cuff reading is well: every one since this long, all of them after the alert.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cuff: Vec<CuffTest>,
    /// How continuous vitals are well.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<WaitTest>,
}

impl Wait {
    /// How long all of them must be well, milliseconds.
    #[must_use]
    pub fn for_ms(&self) -> i64 {
        i64::from(self.for_s) * 1_000
    }
}

/// A continuous vital that is well.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WaitTest {
    /// The vital that is compared.
    pub vital: ContinuousVital,
    /// Whether the value must be above or below the limit.
    pub compare: Compare,
    /// The limit.
    pub limit: Limit,
    /// The time starts anew after a gap without good values of this length, seconds.
    pub gap_s: u32,
    /// Not for a patient whose low values were accepted as usual.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unless_known_low: bool,
}
