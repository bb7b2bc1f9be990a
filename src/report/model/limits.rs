use serde::Serialize;
use utoipa::ToSchema;

use crate::room::{OwnLimits, ShownLimits};
use crate::rules::Condition;
use crate::vitals::Millis;

/// The limits in force from a time on, as the first value that alerts: in this phase, with this
/// baseline and with this patient's own limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LimitSet {
    /// When they came into force.
    pub from: Millis,
    /// Limits of the first stage.
    pub caution: ShownLimits,
    /// Limits of the second stage.
    pub urgent: ShownLimits,
    /// Limits of the third stage.
    pub extreme: ShownLimits,
}

/// Somebody changed a limit of this patient.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct LimitChange {
    /// When it was changed.
    pub at: Millis,
    /// By initials.
    pub by: String,
    /// The person who decided it, where it needed one.
    #[schema(required)]
    pub prescriber: Option<String>,
    /// The condition.
    pub condition: Condition,
    /// The condition, as staff read it.
    pub text: String,
    /// The patient's own limits from then on, in the vital's unit; `null` when the profile's limits
    /// apply again.
    #[schema(required)]
    pub limits: Option<OwnLimits>,
    /// Why. Empty once it was removed from the record.
    pub reason: String,
    /// It follows from going on with a high baseline.
    pub follows_baseline: bool,
}
