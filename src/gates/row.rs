use serde::{Deserialize, Serialize};

use super::measured::{
    AlertsClosedItem, FreeItem, NoneActiveItem, SignalItem, StayItem, VitalItem,
};
use super::paper::StatedItem;
use super::pressures::{PressureAtItem, PressuresItem};
use super::scored::ScoredItem;
use super::step::Step;
use super::waived_by::WaivedBy;
use crate::rules::Vocabulary;

/// One gate of a profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Gate {
    /// The step that it comes before.
    pub step: Step,
    /// What it asks for, in the order in which staff read it.
    pub items: Vec<Item>,
}

/// One thing that a gate asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Its name in events: `walks_steadily`.
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

impl Item {
    /// What is asked for, how it is met and who may go on without it, for whoever reviews a
    /// profile.
    pub(crate) fn words(&self, words: Vocabulary<'_>) -> String {
        let met = match &self.kind {
            ItemKind::Ticked {} => "a person ticks it".to_owned(),
            ItemKind::Question {} => {
                "it was asked and the answer is no, or a prescriber has looked at a yes".to_owned()
            }
            ItemKind::Stated(item) => item.words(),
            ItemKind::Scored(item) => item.words(words),
            ItemKind::Stay(item) => item.words(),
            ItemKind::Pressures(item) => item.words(),
            ItemKind::PressureAt(item) => item.words(),
            ItemKind::Vital(item) => item.words(),
            ItemKind::Signal(item) => item.words(),
            ItemKind::FreeOf(item) => item.words(words),
            ItemKind::NoHold {} => "none of the reasons to hold is there".to_owned(),
            ItemKind::Baseline {} => "the baseline is accepted, with a BP".to_owned(),
            ItemKind::AlertsClosed(_) => AlertsClosedItem::words(),
            ItemKind::NoneActive(_) => NoneActiveItem::words(),
        };
        let waived = match self.kind {
            ItemKind::NoHold {} => "Who may start all the same is with each reason to hold.",
            _ => self.waived_by.words(),
        };
        format!("“{}”: {met}. {waived}", self.text)
    }
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
