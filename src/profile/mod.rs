//! What alarms, when, and how often pressure is measured: conditions, stages, limits and delays
//! as data (CLINICAL 2). The room knows rule shapes; everything about a drug stands here.

mod builtin;
mod check;
mod condition;
mod limit;

use serde::{Deserialize, Serialize};

pub use builtin::{DEFAULT_PROFILE, builtin, builtin_names};
pub use check::Problem;
pub use condition::{
    AbsenceStage, Clearing, Condition, ConditionRow, ContinuousVital, CuffCount, CuffPart,
    CuffStage, CuffTest, HeldStage, Kind, LostStage, Priority, Rule,
};
pub use limit::{Compare, Limit};

/// A monitoring profile: one version of what alarms during one kind of treatment.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// Name, such as `ketamine-iv-adult`.
    pub name: String,
    /// Grows with every change.
    pub version: u32,
    /// As staff call it.
    pub title: String,
    /// Usual length of the infusion, seconds.
    pub planned_s: u32,
    /// How often pressure is measured.
    pub cadence: Cadence,
    /// Who approved this version, when anybody did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approved: Option<Approval>,
    /// What alarms, in the order in which it is judged.
    pub conditions: Vec<ConditionRow>,
}

/// Seconds between pressure readings, by phase (CLINICAL 2.3).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cadence {
    /// Before the start.
    pub baseline_s: u32,
    /// While infusing or paused.
    pub infusing_s: u32,
    /// After the end.
    pub recovery_s: u32,
}

/// A medical director's signature under a profile version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approval {
    /// Who.
    pub by: String,
    /// When, milliseconds since 1970.
    pub at: i64,
}

impl Profile {
    /// Reads a profile from TOML and checks it.
    pub fn from_toml(text: &str) -> Result<Self, Vec<Problem>> {
        let profile: Self =
            toml::from_str(text).map_err(|error| vec![Problem::whole(error.message())])?;
        profile.checked()
    }

    /// The profile, when every row is one that the room can judge.
    pub fn checked(self) -> Result<Self, Vec<Problem>> {
        let problems = check::problems(&self);
        if problems.is_empty() { Ok(self) } else { Err(problems) }
    }

    /// The row of a condition, when this profile has it.
    #[must_use]
    pub fn row(&self, condition: Condition) -> Option<&ConditionRow> {
        self.conditions.iter().find(|row| row.condition == condition)
    }
}
