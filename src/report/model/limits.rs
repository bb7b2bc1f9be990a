use serde::Serialize;
use utoipa::ToSchema;

use crate::room::{OwnLimits, ShownLimits};
use crate::rules::Condition;
use crate::vitals::Millis;

/// The limits that were in force from a time on, as the first value that alerts: at this phase,
/// this baseline, this patient's own limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LimitSet {
    /// From when.
    pub from: Millis,
    /// Of the first stage.
    pub caution: ShownLimits,
    /// Of the second.
    pub urgent: ShownLimits,
    /// Of the third.
    pub extreme: ShownLimits,
}

/// Somebody changed a limit of this patient.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LimitChange {
    /// When.
    pub at: Millis,
    /// By initials.
    pub by: String,
    /// Whose decision it was, where it needed one.
    #[schema(required)]
    pub prescriber: Option<String>,
    /// Of what.
    pub condition: Condition,
    /// As staff read the condition.
    pub text: String,
    /// The patient's own limits from then on, in the vital's unit; `null` when the profile's count
    /// again.
    #[schema(required)]
    pub limits: Option<OwnLimits>,
    /// Why. Empty once it was removed from the record.
    pub reason: String,
    /// It followed from going on with a high baseline.
    pub follows_baseline: bool,
}
