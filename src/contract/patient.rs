use serde::Serialize;
use utoipa::ToSchema;

use crate::people::{Arrival, KnownPatient, Person};
use crate::vitals::{Millis, PatientId, RoomId, SessionId};

/// Somebody who can be checked in. For staff alone: displays never see it.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ListedPatient {
    /// For `patient.id` at check-in; `null` when they were never here, or it is not sure who they
    /// are: then `identity` is for `patient.identity`.
    #[schema(required)]
    pub id: Option<PatientId>,
    /// First letters of given and family name.
    #[schema(required)]
    pub initials: Option<String>,
    /// Who they are.
    pub identity: Person,
    /// Where the hospital's system says that they are; it binds no room.
    #[schema(required)]
    pub place: Option<String>,
    /// When the hospital's system last named them.
    #[schema(required)]
    pub arrived_at: Option<Millis>,
    /// Their session that runs, with the room in which it is.
    #[schema(required)]
    pub session: Option<RunningSession>,
    /// A room without a session that the hospital's system names for them: to be checked in there,
    /// or for their session to be moved there (event `move`). An offer, which nobody takes but staff.
    #[schema(required)]
    pub offered_room: Option<RoomId>,
    /// When they were last checked in here, or corrected.
    #[schema(required)]
    pub seen_at: Option<Millis>,
}

/// A session that runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RunningSession {
    /// Its id.
    pub id: SessionId,
    /// Where.
    pub room: RoomId,
}

/// Who can be checked in.
#[derive(Debug, Serialize, ToSchema)]
pub struct ListedPatients {
    /// Whoever arrived last comes first.
    pub patients: Vec<ListedPatient>,
}

impl ListedPatient {
    /// Somebody who has been here before.
    #[must_use]
    pub fn known(known: &KnownPatient) -> Self {
        Self {
            id: Some(known.id.clone()),
            initials: known.person.initials(),
            identity: known.person.clone(),
            place: None,
            arrived_at: None,
            session: None,
            offered_room: None,
            seen_at: Some(known.seen_at),
        }
    }

    /// Somebody whom the hospital's system named, and who they are here, if that is sure.
    #[must_use]
    pub fn arrived(arrival: &Arrival, known: Option<&KnownPatient>) -> Self {
        Self {
            id: known.map(|known| known.id.clone()),
            initials: arrival.person.initials(),
            identity: arrival.person.clone(),
            place: arrival.place.clone(),
            arrived_at: Some(arrival.heard_at),
            session: None,
            offered_room: None,
            seen_at: known.map(|known| known.seen_at),
        }
    }
}
