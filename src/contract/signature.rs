use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Unsigned;
use crate::room::Phase;
use crate::vitals::{Millis, RoomId, SessionId};

/// Who signed a session off that is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SignedOff {
    /// By initials.
    pub by: String,
    /// With which they sign in.
    pub name: String,
    /// When.
    pub at: Millis,
    /// What was still open then.
    pub open: Vec<Unsigned>,
}

/// What somebody added to a session that was over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Addendum {
    /// Its number in the clinic's chain.
    pub n: u64,
    /// When.
    pub at: Millis,
    /// By initials.
    pub by: String,
    /// What.
    pub text: String,
    /// The session had been signed off by then.
    pub after_sign_off: bool,
}

/// Rooms that somebody handed over to somebody else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HandOver {
    /// When.
    pub at: Millis,
    /// Who gave them, by initials.
    pub by: String,
    /// Who has them now, by initials.
    pub to: String,
    /// Which, and what was there.
    pub rooms: Vec<HandedRoom>,
}

/// A room of a hand-over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct HandedRoom {
    /// Which.
    pub room: RoomId,
    /// The session that ran in it.
    #[schema(required)]
    pub session: Option<SessionId>,
    /// How far it was.
    #[schema(required)]
    pub phase: Option<Phase>,
    /// Alerts that were open.
    pub open_alerts: u64,
}
