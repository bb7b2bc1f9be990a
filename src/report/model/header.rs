use serde::Serialize;
use utoipa::ToSchema;

use crate::people::Person;
use crate::profile::Approval;
use crate::room::Phase;
use crate::vitals::{CourseId, DeviceId, Millis, PatientId, RoomId, SessionId};

/// Who, where, when, by which profile and program.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct RecordHeader {
    /// The clinic's name; `null` when none is set.
    #[schema(required)]
    pub clinic: Option<String>,
    /// IANA name of the zone in which pages show clock times; `null` for UTC.
    #[schema(required)]
    pub time_zone: Option<String>,
    /// The session's id; `recording` for a recording that names none.
    pub session: SessionId,
    /// The room; for a session that moved, the last one.
    pub room: RoomId,
    /// The rooms that it was in, each from its time to the next; empty when no line of the session
    /// can be read.
    pub rooms: Vec<RoomStay>,
    /// The patient.
    pub patient: RecordedPatient,
    /// The phase of the session, or how it ended.
    pub phase: Phase,
    /// When it began.
    pub opened_at: Millis,
    /// When the infusion first ran, or the first device was given.
    #[schema(required)]
    pub started_at: Option<Millis>,
    /// When it was over; `null` while it runs.
    #[schema(required)]
    pub ended_at: Option<Millis>,
    /// Planned length of the infusion, seconds.
    pub planned_s: u32,
    /// The profile that alarmed.
    pub profile: ProfileUsed,
    /// Everybody who did something in it, by when they first did.
    pub staff: Vec<RecordedStaff>,
    /// Who ordered the dose, or decided where a prescriber was needed.
    #[schema(required)]
    pub prescriber: Option<String>,
    /// The monitors that were heard, by when they first were.
    pub devices: Vec<RecordedDevice>,
    /// Versions of the program that watched, oldest first; empty when the recording does not say.
    pub programs: Vec<String>,
    /// The hash of the last entry, which binds all before it; `null` in a recording without hashes.
    #[schema(required)]
    pub hash: Option<String>,
    /// How many entries this record was made from.
    pub entries: u64,
    /// The version of the program that made this document.
    pub made_by_program: String,
    /// When this document was made: what happened later is not in it.
    pub made_at: Millis,
    /// The person it was made for, by name or initials; `null` when the command line made it.
    #[schema(required)]
    pub made_for: Option<String>,
}

/// The patient of a record: in full, for staff only.
#[derive(Clone, Debug, Default, PartialEq, Serialize, ToSchema)]
pub struct RecordedPatient {
    /// The initials, as screens show them.
    pub initials: String,
    /// Years, as stated when the session was opened.
    #[schema(required)]
    pub age: Option<u8>,
    /// Kilograms, as stated when the session was opened.
    #[schema(required)]
    pub weight_kg: Option<f64>,
    /// The person, if check-in named one (`GET patients/{id}`).
    #[schema(required)]
    pub id: Option<PatientId>,
    /// The course of treatment (`GET courses/{id}`).
    #[schema(required)]
    pub course: Option<CourseId>,
    /// Which treatment of the course it is, as counted here.
    #[schema(required)]
    pub number: Option<u32>,
    /// Name, birth date and numbers; `null` when they are not known or were removed.
    #[schema(required)]
    pub person: Option<Person>,
    /// The patient's identity was removed from the record, as requested.
    pub is_removed: bool,
}

/// The profile that alarmed.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct ProfileUsed {
    /// Such as `ketamine-iv-adult`.
    pub name: String,
    /// Its version.
    pub version: u32,
    /// Its name as staff read it.
    pub title: String,
    /// What it gives; `null` for a profile without a drug.
    #[schema(required)]
    pub drug: Option<String>,
    /// The first 12 hexadecimal digits of the BLAKE3 of the profile as JSON: two with the same are
    /// the same to the letter.
    pub hash: String,
    /// Who approved this version; `null` when nobody did.
    #[schema(required)]
    pub approved: Option<Approval>,
}

/// Somebody who did something in the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecordedStaff {
    /// Initials, or a login's name.
    pub by: String,
    /// What they first did, and when.
    pub first_at: Millis,
    /// How much they entered, and how many alerts they took.
    pub acts: u32,
}

/// A monitor that was heard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecordedDevice {
    /// Its id.
    pub device: DeviceId,
    /// When it was first heard in the session.
    pub first_at: Millis,
    /// When it was last heard.
    pub last_at: Millis,
    /// Frames that it sent.
    pub frames: u64,
}

/// A period that the session was in one room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoomStay {
    /// The room.
    pub room: RoomId,
    /// When the session came there.
    pub from: Millis,
    /// When the patient moved on or the session ended; `null` while it is there.
    #[schema(required)]
    pub to: Option<Millis>,
    /// Who moved the patient there, by initials; empty where the session was opened.
    pub by: String,
}
