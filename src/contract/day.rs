use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{HandOver, Remark, SignedOff};
use crate::vitals::{Millis, PatientId, RoomId, SessionId};

/// The last remarks of a session that a hand-over shows.
const REMARKS: usize = 3;

/// The sessions of one day of the clinic.
#[derive(Debug, Serialize, ToSchema)]
pub struct Day {
    /// As asked for.
    #[schema(format = Date)]
    pub date: String,
    /// Its first millisecond, by the clinic's clock.
    pub from: Millis,
    /// The first one of the next day.
    pub to: Millis,
    /// Those that ran in it, the first opened first: up to 1,000.
    pub sessions: Vec<DaySession>,
    /// There are more than are shown.
    pub more: bool,
    /// What the next shift is told: sessions that run, and those in which something is open, by
    /// room.
    pub hand_over: Vec<HandedOver>,
    /// Rooms that were handed over in it, the first one first: up to 500.
    pub hand_overs: Vec<HandOver>,
}

/// A session of a day.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct DaySession {
    /// Its id.
    pub id: SessionId,
    /// Where it is, or was last.
    pub room: RoomId,
    /// The profile's name.
    pub profile: String,
    /// How far it is, or how it ended.
    pub phase: String,
    /// The patient's.
    pub initials: String,
    /// Who it is, where check-in named them (`GET patients/{id}`).
    #[schema(required)]
    pub patient: Option<PatientId>,
    /// When the patient was checked in.
    pub opened_at: Millis,
    /// When the infusion first ran.
    #[schema(required)]
    pub started_at: Option<Millis>,
    /// When it was over; `null` while it runs.
    #[schema(required)]
    pub ended_at: Option<Millis>,
    /// Planned length of the infusion, seconds.
    pub planned_s: u64,
    /// Its alerts.
    pub alerts: DayAlerts,
    /// What somebody still has to say or sign.
    pub unsigned: Vec<Unsigned>,
    /// Who signed it off; `null` while nobody has.
    #[schema(required)]
    pub signed_off: Option<SignedOff>,
    /// What was added after it was signed off.
    pub added_after_sign_off: u64,
}

/// The alerts of a session, counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayAlerts {
    /// All.
    pub all: u64,
    /// High when they were last shown.
    pub high: u64,
    /// Not over, or over and seen by nobody.
    pub open: u64,
    /// Staff said what came of them.
    pub with_outcome: u64,
    /// High, over, and nobody said what came of them.
    pub without_outcome: u64,
}

/// What is open in a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Unsigned {
    /// A high alert has no outcome.
    OutcomeMissing,
    /// A gate was passed with something missing.
    GateWaived,
    /// Nobody has approved the limits by which it ran.
    LimitsNotApproved,
    /// It is over, and nobody has signed it off.
    NotSignedOff,
}

/// What the next shift is told of a session.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct HandedOver {
    /// The session.
    pub session: SessionId,
    /// Where.
    pub room: RoomId,
    /// The patient's.
    pub initials: String,
    /// How far it is, or how it ended.
    pub phase: String,
    /// Alerts that are open.
    pub open_alerts: u64,
    /// What is to be done there, as staff read it.
    pub tasks: Vec<String>,
    /// The last three notes and adverse events, oldest first.
    pub remarks: Vec<Remark>,
    /// What somebody still has to say or sign.
    pub unsigned: Vec<Unsigned>,
}

/// What a running session's JSON says for the next shift.
#[derive(Default, Deserialize)]
struct Running {
    #[serde(default)]
    tasks: Vec<RunningTask>,
    #[serde(default)]
    events: Vec<super::course::OfEvent>,
}

#[derive(Deserialize)]
struct RunningTask {
    text: String,
}

impl HandedOver {
    /// Of a session; `json` is what `GET sessions/{id}` shows while it runs. None when it is over
    /// and nothing of what is its own is open.
    #[must_use]
    pub fn of(session: &DaySession, json: Option<&str>) -> Option<Self> {
        let is_open = |what: &Unsigned| *what == Unsigned::OutcomeMissing;
        if session.ended_at.is_some() && !session.unsigned.iter().any(is_open) {
            return None;
        }
        let running = json.and_then(|json| serde_json::from_str::<Running>(json).ok());
        let Running { tasks, events } = running.unwrap_or_default();
        let mut remarks = super::course::remarks(events);
        remarks.drain(..remarks.len().saturating_sub(REMARKS));
        Some(Self {
            session: session.id.clone(),
            room: session.room.clone(),
            initials: session.initials.clone(),
            phase: session.phase.clone(),
            open_alerts: session.alerts.open,
            tasks: tasks.into_iter().map(|task| task.text).collect(),
            remarks,
            unsigned: session.unsigned.clone(),
        })
    }
}
