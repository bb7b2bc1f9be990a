//! What people are told of an alert, step by step, as data: whoever carries it to them reads this
//! and nothing else of the room.

use serde::{Deserialize, Serialize};

use super::AlertState;
use crate::rules::{Condition, Priority};
use crate::vitals::{Millis, RoomId};

/// One thing to be told of an alert. The same alert, step and time are the same step, also when it
/// is said again after a restart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertStep {
    /// The alert's whole id.
    pub alert: String,
    /// The room; none for an alert of the ward.
    pub room: Option<RoomId>,
    /// The alert's priority at this step.
    pub priority: Priority,
    /// What the alert is about.
    pub condition: Condition,
    /// The alert's state after this step.
    pub state: AlertState,
    /// What happened.
    pub step: Step,
    /// When it happened.
    pub at: Millis,
    /// Who is to know.
    pub audience: Audience,
}

/// What happened to an alert that people are told.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// It is there, or there again.
    Raised,
    /// Nobody has it yet, or it is still there long after somebody took it.
    Repeat,
    /// Nobody has taken it for so long that the second nurse is called.
    SecondNurse,
    /// Nobody has taken it for so long that the prescriber is called.
    Prescriber,
    /// It got worse, or something more of the kind happened.
    Worse,
    /// Somebody has taken it.
    Acknowledged,
    /// What it was about is over.
    Resolved,
    /// Somebody in the room calls for help.
    Help,
}

impl Step {
    /// The wire name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Raised => "raised",
            Self::Repeat => "repeat",
            Self::SecondNurse => "second_nurse",
            Self::Prescriber => "prescriber",
            Self::Worse => "worse",
            Self::Acknowledged => "acknowledged",
            Self::Resolved => "resolved",
            Self::Help => "help",
        }
    }

    /// Whether it only matters to those who have heard of the alert before.
    #[must_use]
    pub const fn is_follow_up(self) -> bool {
        matches!(self, Self::Acknowledged | Self::Resolved)
    }
}

/// Who is to know of a step. Each has those before it in it: whoever was told that an alert is
/// there is told that it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Who is told first about the room.
    First,
    /// And who is told second.
    Second,
    /// And the prescribers.
    Prescriber,
    /// Everybody.
    All,
}

impl Audience {
    /// The wire name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::First => "first",
            Self::Second => "second",
            Self::Prescriber => "prescriber",
            Self::All => "all",
        }
    }

    /// Whether a prescriber is meant.
    #[must_use]
    pub const fn has_prescriber(self) -> bool {
        matches!(self, Self::Prescriber | Self::All)
    }
}
