//! A condition of a profile as sentences.

use serde::Serialize;

use super::condition::{Condition, Kind, Priority};
use super::phrases::sentence;

/// One condition.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = RuleSection)]
pub struct Section {
    /// The condition.
    pub condition: Condition,
    /// What staff read.
    pub title: String,
    /// About the patient, or about the measuring.
    pub kind: Kind,
    /// When it may alarm.
    pub when: String,
    /// Its stages, from the mildest to the gravest.
    pub stages: Vec<Stage>,
    /// When it is over.
    pub clears: String,
    /// What else there is to say.
    #[schema(required)]
    pub note: Option<String>,
}

/// One stage of a condition.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
#[schema(as = RuleStage)]
pub struct Stage {
    /// The priority of its alert.
    pub priority: Priority,
    /// `caution`, `urgent`, `extreme`; of a technical condition its priority.
    pub name: &'static str,
    /// When it holds.
    pub text: String,
}

impl Stage {
    /// Of the patient.
    pub(super) fn of_level(level: u8, priority: Priority, text: &str) -> Self {
        let name = match level {
            1 => "caution",
            2 => "urgent",
            _ => "extreme",
        };
        Self { priority, name, text: sentence(text) }
    }

    /// Of the measuring.
    pub(super) fn technical(priority: Priority, text: &str) -> Self {
        Self { priority, name: priority.name(), text: sentence(text) }
    }
}
