//! One condition of a profile: when it may alarm, and by which rule.

mod bounds;
mod check;
mod words;

use serde::{Deserialize, Serialize};

use super::Rule;
use super::condition::Condition;
use super::suggestion::Suggestion;

/// One condition of a profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionRow {
    /// The condition.
    pub condition: Condition,
    /// What staff read, before the value: `SpO2 low`.
    pub text: String,
    /// When it may alarm.
    pub during: Vec<Span>,
    /// Not raised while one of these has an open alert.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hidden_by: Vec<Condition>,
    /// A medium alert that recurs within this time after it ended is the same alert, without a
    /// tone, unless it is worse; seconds (clinical.md#coming-back).
    pub realert_s: u32,
    /// Its alert asks for a cuff reading at once.
    #[serde(default, skip_serializing_if = "is_false")]
    pub asks_cuff: bool,
    /// What staff may think of while the alert is active: shown as a task, never as an order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub suggestion: Option<Suggestion>,
    /// The rule that decides when the condition is there.
    pub rule: Rule,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
pub(crate) fn is_false(flag: &bool) -> bool {
    !*flag
}

/// A part of a patient's stay, or the time between patients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Span {
    /// A room with data but without a session.
    NoSession,
    /// In a session, before the infusion.
    BeforeStart,
    /// From the start on: infusing, paused, recovery.
    Treatment,
}
