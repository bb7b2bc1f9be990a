//! The sessions, opening one, and what staff enter in it.

use jiff::civil::Date;
use tokio::sync::oneshot;

use super::act::Act;
use super::command::Command;
use super::core::Core;
use super::patients::{Named, OfCourse, as_named};
use super::peak::PeakSoFar;
use super::render::SessionCard;
use super::room_actor::{EntryExtras, RoomActor};
use super::written::written;
use super::{Actor, Pending, Refusal, View};
use crate::profile::DEFAULT_PROFILE;
use crate::record::{Patient, Private};
use crate::room::{Authority, Event, Input, ListedType, Opening, Phase, Refused, Room};
use crate::store::{SessionRow, Upsert};
use crate::vitals::{Millis, RoomId, SessionId};

/// How far back an event may have occurred.
pub const LONGEST_AGO_MS: i64 = 4 * 3_600_000;

/// Something that is reported as done shortly before the step that it follows was done right after
/// it: that step carries the time at which it was entered.
const SAME_MOMENT_MS: i64 = 60_000;

/// How a session is opened.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct NewSession {
    /// The patient. Without initials those of the name count.
    pub patient: Patient,
    /// The person, if check-in names one.
    pub named: Named,
    /// The course that it belongs to.
    pub of_course: Option<OfCourse>,
    /// The clinic's day, on which ages are counted.
    pub today: Option<Date>,
    /// The profile's name; the clinic's default when `None`.
    pub profile: Option<String>,
    /// Planned length of the infusion, seconds; the profile's when `None`.
    pub planned_s: Option<u32>,
}

/// The running sessions, and those that are over and not on disk yet.
#[derive(Debug)]
pub struct ListSessions;

impl Command for ListSessions {
    type Answer = Vec<SessionRow>;

    fn run(self, core: &mut Core, at: Millis) -> Self::Answer {
        core.pass_time_of_all(at);
        core.rooms.values().flat_map(|room_actor| room_actor.session_rows(&core.journal)).collect()
    }
}

/// A session that runs, or is over and not on disk yet. The others are not rendered for this.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct ShowSession {
    pub session: SessionId,
}

impl Command for ShowSession {
    type Answer = Option<SessionRow>;

    fn run(self, core: &mut Core, at: Millis) -> Self::Answer {
        core.pass_time_of_all(at);
        core.rooms
            .values()
            .find_map(|room_actor| room_actor.known_session(&self.session, &core.journal))
    }
}

/// Opens a session in a room that has none.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct OpenSession {
    pub room: RoomId,
    pub session: NewSession,
}

impl Act for OpenSession {
    const IS_NEW: bool = true;

    fn room(&self, _core: &Core) -> Option<RoomId> {
        Some(self.room.clone())
    }

    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        core.open_session(actor, &self.room, self.session, at)
    }
}

/// Records what staff enter in a session. A session that is over is refused with
/// [`Refusal::NotNow`].
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct EnterEvent {
    pub session: SessionId,
    pub event: Event,
    /// When it was done, if that was earlier.
    pub occurred_at: Option<Millis>,
}

impl Act for EnterEvent {
    const IS_NEW: bool = true;

    fn room(&self, core: &Core) -> Option<RoomId> {
        core.room_of_session(&self.session).ok()
    }

    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { session, event, occurred_at } = self;
        if occurred_at.is_some_and(|then| at.since(then) > LONGEST_AGO_MS || then > at) {
            let text = "occurred_at must be within the last four hours.";
            return Err(Refusal::NotNow(text.to_owned()));
        }
        let room = core.room_of_session(&session)?;
        core.pass_time_of(&room, at);
        let room_actor = core.room_actor(&room)?;
        let event = in_the_prescribers_name(event, actor);
        let ordered = in_order(&room_actor.room, &event, occurred_at, at);
        let done_at = ordered.as_ref().map_or(occurred_at, |ordered| *ordered).unwrap_or(at);
        may_enter(&room_actor.room, &event, actor, done_at)?;
        let occurred_at = ordered?;
        if let Event::Move { room: to, .. } = &event {
            let to = to.clone();
            return core.move_session(actor, &room, (event, &to, occurred_at), at);
        }
        let input = Input::Staff { staff: actor.initials.clone(), event, occurred_at };
        let stored = core.staff_input(&room, &input, at, (None, vec![]));
        let mut room_actor = core.rooms.get_mut(&room).ok_or(Refusal::Stopping)?;
        if room_actor.room.ended().is_some_and(|ended| ended.session == session) {
            room_actor.ended_by = Some((session.clone(), actor.initials.clone()));
        }
        let json = match room_actor.ended_lately(&session) {
            Some(ended) => ended.json.clone(),
            None => written(&room_actor.session(View::Staff)),
        };
        drop(room_actor);
        // The clinic's profile may have changed while the session ran by another.
        core.renew_clinic_profile(&room, at);
        Ok(Pending { json, stored })
    }
}

impl Core {
    fn room_of_session(&self, session: &SessionId) -> Result<RoomId, Refusal> {
        if let Some(room_actor) =
            self.rooms.values().find(|room_actor| room_actor.has_session(session))
        {
            return Ok(room_actor.id().clone());
        }
        let ended = |room_actor: &&RoomActor| {
            room_actor.room.ended().is_some_and(|s| s.session == *session)
        };
        let ended = self.rooms.values().find(ended);
        match ended.and_then(|room_actor| Some((room_actor, room_actor.room.ended()?))) {
            Some((room_actor, ended)) => {
                let words = ended.phase.words();
                let by = room_actor.ended_by.iter().find(|(id, _)| id == session);
                let by = by.map_or_else(String::new, |(_, by)| format!(", by {by}"));
                Err(Refusal::NotNow(format!("The session is over ({words}{by}).")))
            }
            None => Err(Refusal::NotFound { kind: "session", id: session.to_string() }),
        }
    }

    /// Gives a room what staff did. The receiver completes when it is on disk.
    pub(super) fn staff_input(
        &mut self,
        room: &RoomId,
        input: &Input,
        at: Millis,
        (private, views): (Option<Private>, Vec<Upsert>),
    ) -> oneshot::Receiver<()> {
        let (stored, told) = oneshot::channel();
        let extras = EntryExtras { private, frame_key: None, views, stored: Some(stored) };
        self.input(room, input, at, extras);
        told
    }

    fn open_session(
        &mut self,
        actor: &Actor,
        room: &RoomId,
        new: NewSession,
        at: Millis,
    ) -> Result<Pending, Refusal> {
        let name = new.profile.as_deref().unwrap_or(DEFAULT_PROFILE);
        let profile = self.profiles.get(name).cloned();
        let profile =
            profile.ok_or_else(|| Refusal::NotFound { kind: "profile", id: name.to_owned() })?;
        let room_actor = self.room_actor(room)?;
        if room_actor.is_unrecorded() {
            return Err(Refusal::not_recorded());
        }
        if let Some(known) = room_actor.room.session() {
            let opened = known.events.iter().find(|listed| listed.kind == ListedType::Open);
            let by = opened.map_or_else(String::new, |listed| format!(", opened by {}", listed.by));
            return Err(Refusal::NotNow(format!(
                "Room {room} already has a session{by}: discharge or abort it first."
            )));
        }
        let whom = self.whom(new.named, new.of_course.as_ref(), at)?;
        let mut patient = match &whom {
            Some(known) => as_named(new.patient, known, new.today)?,
            None => new.patient,
        };
        if let Some(OfCourse { id, number, .. }) = new.of_course {
            (patient.course, patient.number) = (Some(id), Some(number));
        }
        let unique = uuid::Uuid::now_v7().simple().to_string();
        let session =
            SessionId::of_room(room, &unique).map_err(|e| Refusal::NotNow(e.to_string()))?;
        let planned_s = new.planned_s.unwrap_or(profile.planned_s);
        if let Some(known) = whom {
            self.keep_patient(actor, known, at)?;
        }
        let private = Private::Open { patient: patient.clone() };
        let profile_of_card = profile.clone();
        let opening = Opening {
            session,
            profile,
            planned_s,
            phase: Phase::CheckedIn,
            staff: actor.initials.clone(),
        };
        // What falls due before the opening precedes it in the record.
        self.pass_time_of(room, at);
        if let Some(mut room_actor) = self.rooms.get_mut(room) {
            let opened_seq = room_actor.next_seq(&self.journal);
            room_actor.card = Some(SessionCard {
                patient,
                profile: profile_of_card,
                opened_seq,
                peak: PeakSoFar::default(),
            });
        }
        let stored = self.staff_input(room, &Input::Open(opening), at, (Some(private), vec![]));
        let json = written(&self.room_actor(room)?.session(View::Staff));
        Ok(Pending { json, stored })
    }

    /// The same for every room.
    pub(super) fn pass_time_of_all(&mut self, at: Millis) {
        self.pass_time(at);
        self.rooms.for_each(|room_actor| room_actor.room.advance(at));
    }

    /// What somebody does or asks is judged at its own time: a room whose monitor sends seldom, and
    /// that has nothing due, has not been advanced to it yet.
    pub(super) fn pass_time_of(&mut self, room: &RoomId, at: Millis) {
        if let Some(mut room_actor) = self.rooms.get_mut(room) {
            room_actor.on_time(at, &self.screens, &self.journal);
            room_actor.room.advance(at);
        }
    }
}

/// The person who acts decides about limits, never the person they name: a prescriber is entered
/// when it is they who act, and a name that was only typed becomes part of the reason.
fn in_the_prescribers_name(event: Event, actor: &Actor) -> Event {
    let Event::Limits { limits, reason, prescriber } = event else { return event };
    if actor.authority == Authority::Prescriber && actor.is_identified {
        return Event::Limits { limits, reason, prescriber: Some(actor.name.clone()) };
    }
    let reason = match prescriber {
        Some(name) => format!("{reason} ({name} named, not identified)"),
        None => reason,
    };
    Event::Limits { limits, reason, prescriber: None }
}

/// When something was done: not earlier than what it follows.
fn in_order(
    room: &Room,
    event: &Event,
    occurred_at: Option<Millis>,
    now: Millis,
) -> Result<Option<Millis>, Refusal> {
    let Some((since, what)) = room.follows(event) else { return Ok(occurred_at) };
    let Some(then) = occurred_at.filter(|then| *then < since) else { return Ok(occurred_at) };
    if since.since(then) <= SAME_MOMENT_MS {
        return Ok(Some(since));
    }
    let [then, since] = [then, since].map(|at| now.since(at) / 60_000);
    Err(Refusal::NotNow(format!(
        "occurred_at is {then} min ago, and the session is {what} only since {since} min ago: \
         correct the time."
    )))
}

/// Whether somebody may enter this: acting as more than a nurse, or against a gate, only if it is
/// certain who they are.
fn may_enter(room: &Room, event: &Event, actor: &Actor, at: Millis) -> Result<(), Refusal> {
    // Nobody can ask a program for a PIN; its token gives its role.
    let is_known = actor.is_identified || actor.is_program;
    let authority = if is_known { actor.authority } else { Authority::Nurse };
    let Some(Refused { why, unmet }) = room.refusal(event, authority, at) else {
        if let Some(whose) = room.needs_somebody(event).filter(|_| !is_known) {
            return Err(needs_identity(whose));
        }
        // What would be refused without a reason goes on because of the person who gave it: the
        // record names them.
        let by_reason = event.without_override().filter(|_| !is_known);
        return match by_reason.and_then(|bare| room.refusal(&bare, authority, at)) {
            Some(Refused { why, .. }) => Err(needs_identity(&why)),
            None => Ok(()),
        };
    };
    let is_for = |other: Authority| other > authority && room.refusal(event, other, at).is_none();
    Err(if is_for(actor.authority) {
        needs_identity(&why)
    } else if is_for(actor.authority_by_password) {
        Refusal::NeedsPassword(why)
    } else if unmet.is_empty() {
        Refusal::NotNow(why)
    } else {
        Refusal::Unmet { why, unmet }
    })
}

fn needs_identity(why: &str) -> Refusal {
    Refusal::NeedsIdentity(format!("{why} Say who you are with your PIN or your password."))
}
