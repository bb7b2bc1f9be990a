use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{HandOver, Remark, SignedOff, Unsigned};
use crate::vitals::{Millis, PatientId, RoomId, SessionId};

/// The last remarks of a session that a hand-over shows.
const REMARKS: usize = 3;

/// The sessions of one day of the clinic.
#[derive(Debug, Serialize, ToSchema)]
pub struct Day {
    /// The day that was asked for.
    #[schema(format = Date)]
    pub date: String,
    /// Its first millisecond, by the clinic's clock.
    pub from: Millis,
    /// The first millisecond of the next day.
    pub to: Millis,
    /// The sessions that ran on that day, in the order in which they were opened: up to 1,000.
    pub sessions: Vec<DaySession>,
    /// Whether there are more than are shown.
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
    /// The profile's title, as staff read it.
    pub title: String,
    /// Its phase, or how it ended.
    pub phase: String,
    /// The patient's initials.
    pub initials: String,
    /// Initials of who last recorded something in it: who has it, or had it.
    #[schema(required)]
    pub by: Option<String>,
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
    /// How many alerts it had.
    pub alerts: DayAlerts,
    /// What somebody still has to state or sign.
    pub unsigned: Vec<Unsigned>,
    /// Who signed it off; `null` while nobody has.
    #[schema(required)]
    pub signed_off: Option<SignedOff>,
    /// What was added after it was signed off.
    pub added_after_sign_off: u64,
}

/// The number of alerts of a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct DayAlerts {
    /// How many in all.
    pub all: u64,
    /// How many were of high priority when last shown.
    pub high: u64,
    /// How many are not over, or seen by nobody.
    pub open: u64,
    /// For how many staff recorded an outcome.
    pub with_outcome: u64,
    /// How many high ones are over without anybody having recorded an outcome.
    pub without_outcome: u64,
}

/// What the next shift must know about a session.
#[derive(Clone, Debug, PartialEq, Serialize, ToSchema)]
pub struct HandedOver {
    /// The session's id.
    pub session: SessionId,
    /// The room.
    pub room: RoomId,
    /// The patient's initials.
    pub initials: String,
    /// Its phase, or how it ended.
    pub phase: String,
    /// How many alerts are open.
    pub open_alerts: u64,
    /// What is to be done in the room, as staff read it.
    pub tasks: Vec<String>,
    /// The last three notes and adverse events, oldest first.
    pub remarks: Vec<Remark>,
    /// What somebody still has to state or sign.
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
