//! What was done in a session, as screens list it.

use serde::{Deserialize, Serialize};

use super::event::ManualVitals;
use super::event_type::EventType;
use crate::vitals::{Millis, moved};

/// The most events that a session keeps for its screen; older ones are in the journal alone.
pub(super) const SHOWN_EVENTS: usize = 200;

/// The most characters of an event's words that screens are sent; the record has them all.
const SHOWN_CHARS: usize = 160;

/// What kind of event is listed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ListedType {
    /// The session was opened.
    Open,
    /// The room itself noticed something.
    Task,
    /// Staff did something.
    #[serde(untagged)]
    Event(EventType),
}

impl ListedType {
    /// The wire name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Task => "task",
            Self::Event(event) => event.name(),
        }
    }
}

/// Who withdrew an entry, and when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct Withdrawn {
    /// Initials.
    pub by: String,
    /// When.
    pub at: Millis,
}

moved!(Withdrawn { moves: at; stays: by });

/// An event as screens list it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ShownEvent {
    /// Counts what staff entered, from 1; what the room noticed has the number before it.
    pub n: u32,
    /// When it was done.
    pub at: Millis,
    /// Its type.
    #[serde(rename = "type")]
    #[schema(value_type = String)]
    pub kind: ListedType,
    /// Who did it.
    pub by: String,
    /// What staff read.
    pub text: String,
    /// What a person measured, where it is that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub values: Option<ManualVitals>,
    /// It counts as if it had never been made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub withdrawn: Option<Withdrawn>,
}

moved!(ShownEvent { moves: at, withdrawn; stays: n, kind, by, text, values });

impl ShownEvent {
    pub(super) fn new(n: u32, at: Millis, kind: ListedType, by: &str, text: String) -> Self {
        let text = match text.char_indices().nth(SHOWN_CHARS) {
            Some((end, _)) => format!("{}…", &text[..end]),
            None => text,
        };
        Self { n, at, kind, by: by.to_owned(), text, values: None, withdrawn: None }
    }

    /// Whether this is the entry of that number: one of staff, not what the room noticed.
    pub(super) fn is_entry(&self, n: u32) -> bool {
        self.n == n && self.kind != ListedType::Task
    }
}
