//! Which screens have shown an alert, with whom at them, and when. No judgement depends on it: it
//! tells staff, and later the record, whether anybody was reached.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::vitals::{Millis, ScreenName};

/// What a screen is used as.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ScreenKind {
    /// Where somebody sits and watches several rooms.
    Station,
    /// In a patient's room.
    Room,
    /// In somebody's pocket.
    Phone,
    /// On a wall, for everybody.
    Wall,
    /// That of a developer.
    Developer,
    /// A program, or a kind that this version does not know.
    #[default]
    #[serde(other)]
    Other,
}

impl ScreenKind {
    /// As people call it: `phone`.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Station => "station",
            Self::Room => "room screen",
            Self::Phone => "phone",
            Self::Wall => "wall display",
            Self::Developer => "developer’s screen",
            Self::Other => "program",
        }
    }
}

/// A screen has shown an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Receipt {
    /// `a1`, or the whole id.
    pub alert: String,
    /// The screen, by the name that it keeps over all of its connections.
    pub screen: ScreenName,
    /// What it is used as.
    pub kind: ScreenKind,
    /// The person signed in there, by initials.
    pub by: String,
    /// When it reported that it shows the alert.
    pub at: Millis,
}
