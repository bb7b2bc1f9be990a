use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::room::Phase;
use crate::vitals::{Millis, RoomId, SessionId};

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
