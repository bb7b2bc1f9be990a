use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Person;
use crate::room::ScreenKind;
use crate::vitals::{Millis, RoomId, ScreenName};

/// A screen has shown an alert.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Receipt {
    /// The name that the screen keeps over all of its connections.
    pub screen: ScreenName,
    /// What it is used as.
    pub kind: ScreenKind,
    /// Who was signed in there, by initials.
    pub by: String,
    /// When it reported that it shows the alert.
    pub at: Millis,
}

/// Who can hear: every screen that is connected, those that cannot be heard first.
#[derive(Debug, Serialize, ToSchema)]
pub struct Screens {
    /// Our clock.
    pub now: Millis,
    /// The screens.
    pub screens: Vec<ConnectedScreen>,
    /// The rooms that no screen which can be seen and heard shows.
    pub unheard: Vec<RoomId>,
}

/// A screen that is connected.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ConnectedScreen {
    /// The name that it keeps over all of its connections.
    pub id: ScreenName,
    /// What it is used as.
    pub kind: ScreenKind,
    /// Who is signed in there.
    pub person: Person,
    /// Since when this connection exists.
    pub connected_at: Millis,
    /// When it last reported whether it is seen and heard.
    pub heard_at: Millis,
    /// Whether its sound is on.
    pub audible: bool,
    /// Whether it is in the foreground.
    pub visible: bool,
    /// It is in a patient's room, and silent on purpose.
    pub quiet: bool,
    /// Whether an alert of its rooms is seen and heard there now.
    pub can_hear: bool,
    /// Why not, the gravest first.
    #[schema(required)]
    pub trouble: Option<ScreenTrouble>,
    /// Its battery, where the browser reports it.
    #[schema(required)]
    pub battery: Option<Battery>,
    /// The rooms that it shows; `null` for all of them.
    #[schema(required)]
    pub rooms: Option<Vec<RoomId>>,
}

/// Why nobody would hear an alert at a screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ScreenTrouble {
    /// It has said nothing for 6 s, or has read nothing of what it was sent.
    NotHeard,
    /// It is in the background, or its page cannot be drawn.
    NotSeen,
    /// Its sound is off, or another tab of the same device sounds in its place.
    SoundOff,
    /// It is in a quiet room.
    Quiet,
}

/// The battery of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Battery {
    /// How full it is, 0 to 100.
    pub percent: u8,
    /// Whether it is being charged.
    pub charging: bool,
}
