use serde::Serialize;
use utoipa::ToSchema;

use crate::access::Role;
use crate::shift::RoomStaff;
use crate::vitals::{Millis, RoomId};

/// Who has which rooms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Assignments {
    /// Every room, in the order of the screens.
    pub assignments: Vec<RoomAssignment>,
    /// Who can be assigned: everybody of the staff, by initials.
    pub people: Vec<OnShift>,
}

/// Who has a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoomAssignment {
    /// The room.
    pub room: RoomId,
    #[serde(flatten)]
    #[expect(missing_docs, reason = "its fields are the assignment's")]
    pub staff: RoomStaff,
}

/// Somebody of the staff. Two people may share their initials; the record does not tell them apart
/// either.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OnShift {
    /// Their initials.
    pub initials: String,
    /// What they may do.
    pub role: Role,
    /// Whether they are on a break: alerts of their rooms go to the backup first.
    pub on_break: bool,
    /// Since when.
    #[schema(required)]
    pub on_break_since: Option<Millis>,
}
