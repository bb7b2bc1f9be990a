use serde::{Deserialize, Serialize};

use crate::room::AlertState;
use crate::rules::{Condition, Priority};
use crate::vitals::{Millis, RoomId};

/// Something happened to an alert that people away from the screens may have to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlertStep {
    /// Its public id.
    pub alert: String,
    /// The room; none for an alert of the ward.
    pub room: Option<RoomId>,
    /// Its priority now.
    pub priority: Priority,
    /// What it is about.
    pub condition: Condition,
    /// Whether its condition still holds.
    pub state: AlertState,
    /// What happened.
    pub step: Step,
    /// When it happened.
    pub at: Millis,
    /// Who should hear of it.
    pub audience: Audience,
}

/// What happened to an alert.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// It became active.
    Raised,
    /// Nobody has it yet.
    Repeat,
    /// Nobody has it yet: the second nurse is asked.
    SecondNurse,
    /// Nobody has it yet: the prescriber is asked.
    Prescriber,
    /// It got worse.
    Worse,
    /// Somebody has it.
    Acknowledged,
    /// It is over.
    Resolved,
    /// Somebody in the room called for help.
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

/// Who should hear of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Whoever has the room.
    First,
    /// Their backup.
    Second,
    /// The prescriber.
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

    /// Whether the nurses are meant.
    #[must_use]
    pub const fn has_nurses(self) -> bool {
        !matches!(self, Self::Prescriber)
    }
}
