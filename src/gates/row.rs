use serde::{Deserialize, Serialize};

use super::measured::{
    AlertsClosedItem, FreeItem, NoneActiveItem, SignalItem, StayItem, VitalItem,
};
use super::paper::StatedItem;
use super::pressures::{PressureAtItem, PressuresItem};
use super::scored::ScoredItem;

/// What staff do when a gate lets them.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Step {
    /// Check in.
    CheckIn,
    /// Finish the screening.
    Screening,
    /// Accept the baseline.
    Baseline,
    /// Start.
    Start,
    /// Let the patient go.
    Discharge,
}

impl Step {
    /// All of them, in the order of a session.
    pub const ALL: [Self; 5] =
        [Self::CheckIn, Self::Screening, Self::Baseline, Self::Start, Self::Discharge];

    /// The wire name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CheckIn => "check_in",
            Self::Screening => "screening",
            Self::Baseline => "baseline",
            Self::Start => "start",
            Self::Discharge => "discharge",
        }
    }
}

/// One gate of a profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// Before what.
    pub step: Step,
    /// What it asks for, in the order in which staff read it.
    pub items: Vec<Item>,
}

/// One thing that a gate asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// In events: `walks_steadily`.
    pub name: String,
    /// As staff read it: in the form, and when they are refused.
    pub text: String,
    /// Who may go on without it, with a reason.
    #[serde(default)]
    pub waived_by: WaivedBy,
    /// How it is met; by a tick when left out.
    #[serde(default, rename = "met_by")]
    pub kind: ItemKind,
}

/// Who may go on without an item.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaivedBy {
    /// Any nurse.
    #[default]
    Nurse,
    /// A nurse lead or a prescriber.
    Lead,
    /// A prescriber.
    Prescriber,
    /// Nobody.
    Nobody,
}

/// The kinds of items, and how each is met.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemKind {
    /// A person has seen to it, and ticks it.
    Ticked {},
    /// It was said at check-in or in the order.
    Stated(StatedItem),
    /// Asked of the patient: *no* meets it, *yes* goes to a prescriber.
    Question {},
    /// A score that a person gave.
    Scored(ScoredItem),
    /// A time has passed.
    Stay(StayItem),
    /// Cuff pressures.
    Pressures(PressuresItem),
    /// A cuff pressure at its time.
    PressureAt(PressureAtItem),
    /// A vital over the last minutes.
    Vital(VitalItem),
    /// A good signal over the last minutes.
    Signal(SignalItem),
    /// A symptom has been away.
    FreeOf(FreeItem),
    /// No hold of the profile is there.
    NoHold {},
    /// The baseline is accepted, with a pressure.
    Baseline {},
    /// Every urgent alert has its outcome.
    AlertsClosed(AlertsClosedItem),
    /// No urgent alert is active.
    NoneActive(NoneActiveItem),
}

impl Default for ItemKind {
    fn default() -> Self {
        Self::Ticked {}
    }
}

impl ItemKind {
    /// Whether the room itself says it: nobody ticks it, and it is asked of every session, also of
    /// one whose paperwork is kept elsewhere.
    #[must_use]
    pub const fn is_measured(&self) -> bool {
        match self {
            Self::Ticked {} | Self::Stated(_) | Self::Question {} | Self::Scored(_) => false,
            Self::Stay(_)
            | Self::Pressures(_)
            | Self::PressureAt(_)
            | Self::Vital(_)
            | Self::Signal(_)
            | Self::FreeOf(_)
            | Self::NoHold {}
            | Self::Baseline {}
            | Self::AlertsClosed(_)
            | Self::NoneActive(_) => true,
        }
    }
}

/// From when a stay counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Since {
    /// The start of the infusion, or the first spray.
    Start,
    /// The end of the infusion.
    End,
}

/// What staff state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statement {
    /// Full name and birth date were both asked and both match.
    Identifiers,
    /// Consent is on file.
    Consent,
    /// Which treatment of the series it is.
    Series,
    /// Who takes the patient home, and a number to call.
    Escort,
    /// Body weight, not older than 30 days.
    Weight,
    /// The dose is ordered.
    Order,
    /// Another person has checked dose and rate.
    SecondCheck,
}
