//! What staff do: sessions, events, alerts, bindings, rooms.

use std::sync::Arc;

use serde_json::json;
use tokio::sync::oneshot;

use super::bed::{Bed, Beside, written};
use super::command::Pending;
use super::core::Core;
use super::devices::MAX_BOUND_DEVICES;
use super::render::SessionCard;
use super::restore::EarlierRoom;
use super::{Actor, NewSession, Refusal, View};
use crate::contract::{Bound, Taken};
use crate::journal::Chain;
use crate::name;
use crate::profile::DEFAULT_PROFILE;
use crate::room::{
    Alert, AlertState, Authority, Event, Input, Link, Monitor, Opening, Outcome, Phase, Refused,
    Room,
};
use crate::store::{RoomRow, Upsert};
use crate::vitals::{DeviceId, MAX_ROOMS, Millis, RoomId, SessionId};

/// A monitor that was heard within this time still watches its patient.
const STILL_SPEAKS_MS: i64 = 60_000;

impl Core {
    pub(super) fn room_of_session(&self, session: &SessionId) -> Result<RoomId, Refusal> {
        if let Some(bed) = self.beds.values().find(|bed| bed.has_session(session)) {
            return Ok(bed.id().clone());
        }
        let ended = |bed: &&Bed| bed.room.ended().is_some_and(|s| s.session == *session);
        match self.beds.values().find(ended).and_then(|bed| bed.room.ended()) {
            Some(ended) => {
                let words = ended.phase.words();
                Err(Refusal::NotNow(format!("The session is over ({words}).")))
            }
            None => Err(Refusal::NotFound { kind: "session", id: session.to_string() }),
        }
    }

    /// Gives a room what staff did; the answer is told when it is on disk.
    fn staff_input(
        &mut self,
        room: &RoomId,
        input: &Input,
        at: Millis,
        (private, views): (Option<String>, Vec<Upsert>),
    ) -> oneshot::Receiver<()> {
        let (stored, told) = oneshot::channel();
        let beside = Beside { private, frame_key: None, views, stored: Some(stored) };
        self.input(room, input, at, beside);
        told
    }

    pub(super) fn open_session(
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
        let bed = self.bed(room)?;
        if bed.is_unrecorded() {
            let text = "Nothing can be recorded now: the disk is full or does not answer. Monitoring goes on.";
            return Err(Refusal::NotNow(text.to_owned()));
        }
        if bed.room.session().is_some() {
            return Err(Refusal::NotNow(format!(
                "Room {room} has a session already: discharge or abort it first."
            )));
        }
        let unique = uuid::Uuid::now_v7().simple().to_string();
        let session =
            SessionId::of_room(room, &unique).map_err(|e| Refusal::NotNow(e.to_string()))?;
        let planned_s = new.planned_s.unwrap_or(profile.planned_s);
        let private = json!({"open": {"patient": new.patient}}).to_string();
        let (patient, profile_of_card) = (new.patient, profile.clone());
        let opening = Opening {
            session,
            profile,
            planned_s,
            phase: Phase::CheckedIn,
            staff: actor.initials.clone(),
        };
        // What falls due before the opening stands before it: first let it.
        self.pass_time_of(room, at);
        if let Some(bed) = self.beds.get_mut(room) {
            let opened_seq = bed.next_seq(&self.journal);
            bed.card = Some(SessionCard { patient, profile: profile_of_card, opened_seq });
        }
        let stored = self.staff_input(room, &Input::Open(opening), at, (Some(private), vec![]));
        let json = written(&self.bed(room)?.session(View::Staff));
        Ok(Pending { json, stored })
    }

    fn pass_time_of(&mut self, room: &RoomId, at: Millis) {
        if let Some(bed) = self.beds.get_mut(room) {
            bed.on_time(at, &self.screens, &self.journal);
        }
    }

    pub(super) fn event(
        &mut self,
        actor: &Actor,
        session: &SessionId,
        event: Event,
        occurred_at: Option<Millis>,
        at: Millis,
    ) -> Result<Pending, Refusal> {
        let room = self.room_of_session(session)?;
        self.pass_time_of(&room, at);
        let bed = self.bed(&room)?;
        let event = in_the_prescribers_name(event, actor);
        let authority = authority_over_limits(&event, actor);
        if let Some(refusal) = bed.room.refusal(&event, authority) {
            let by_password = actor.authority_by_password;
            let Refused { why, unmet } = refusal;
            if by_password > authority && bed.room.refusal(&event, by_password).is_none() {
                return Err(Refusal::NeedsPassword(why));
            }
            return Err(match unmet.is_empty() {
                true => Refusal::NotNow(why),
                false => Refusal::Unmet { why, unmet },
            });
        }
        let input = Input::Staff { staff: actor.initials.clone(), event, occurred_at };
        let stored = self.staff_input(&room, &input, at, (None, vec![]));
        let bed = self.bed(&room)?;
        let json = match bed.ended_lately(session) {
            Some(ended) => ended.json.clone(),
            None => written(&bed.session(View::Staff)),
        };
        // The clinic's profile may have changed while the session ran by another.
        self.renew_clinic_profile(&room, at);
        Ok(Pending { json, stored })
    }

    pub(super) fn acknowledge(
        &mut self,
        actor: &Actor,
        alert: &str,
        at: Millis,
    ) -> Result<Pending, Refusal> {
        if self.is_own_alert(alert) {
            return self.acknowledge_own(actor, alert, at);
        }
        let room = self.room_of_alert(alert)?;
        self.pass_time_of(&room, at);
        let bed = self.bed(&room)?;
        if let Some(known) = bed.room.alert(alert) {
            match &known.acknowledged {
                Some(taken) if taken.by != actor.initials => {
                    let (by, alert) = (taken.by.clone(), written(&bed.shown_alert(known)));
                    return Err(Refusal::AlreadyAcknowledged { by, alert });
                }
                Some(_) => return Ok(self.as_it_is(&room, alert)),
                None if !known.is_open() => return Ok(self.as_it_is(&room, alert)),
                None => {}
            }
        }
        let staff = actor.initials.clone();
        let input = Input::Acknowledge { staff, alert: alert.to_owned() };
        Ok(self.alert_input(&room, alert, &input, None, at))
    }

    /// Every open alert of the room that nobody has is theirs from now on.
    pub(super) fn acknowledge_room(
        &mut self,
        actor: &Actor,
        room: &RoomId,
        at: Millis,
    ) -> Result<Pending, Refusal> {
        self.bed(room)?;
        self.pass_time_of(room, at);
        let bed = self.bed(room)?;
        let open = || bed.room.alerts().iter().filter(|alert| alert.is_open());
        let free: Vec<String> =
            open().filter(|alert| alert.acknowledged.is_none()).map(Alert::id).collect();
        let is_mine = |alert: &&Alert| {
            alert.acknowledged.as_ref().is_some_and(|taken| taken.by == actor.initials)
        };
        let mine: Vec<String> = open().filter(is_mine).map(Alert::id).collect();
        let of_another = open().find_map(|alert| Some((alert, alert.acknowledged.as_ref()?)));
        if let (true, true, Some((alert, taken))) = (free.is_empty(), mine.is_empty(), of_another) {
            let (by, alert) = (taken.by.clone(), written(&bed.shown_alert(alert)));
            return Err(Refusal::AlreadyAcknowledged { by, alert });
        }
        for alert in &free {
            let input = Input::Acknowledge { staff: actor.initials.clone(), alert: alert.clone() };
            self.input(room, &input, at, Beside::default());
        }
        let told = self.when_stored(room);
        let bed = self.bed(room)?;
        let taken = mine.iter().chain(&free);
        let taken = taken.filter_map(|id| Some(bed.shown_alert(bed.room.alert(id)?)));
        let json = written(&Taken { alerts: taken.collect() });
        Ok(Pending { json, stored: told })
    }

    pub(super) fn outcome(
        &mut self,
        actor: &Actor,
        alert: &str,
        outcome: Outcome,
        note: Option<String>,
        at: Millis,
    ) -> Result<Pending, Refusal> {
        if self.is_own_alert(alert) {
            return self.outcome_own(actor, alert, (outcome, note), at);
        }
        let room = self.room_of_alert(alert)?;
        let staff = actor.initials.clone();
        let private = note.map(|note| json!({"outcome": {"note": note}}).to_string());
        let input = Input::Outcome { staff, alert: alert.to_owned(), outcome };
        Ok(self.alert_input(&room, alert, &input, private, at))
    }

    pub(super) fn silence(
        &mut self,
        actor: &Actor,
        alert: &str,
        seconds: u32,
        at: Millis,
    ) -> Result<Pending, Refusal> {
        if self.is_own_alert(alert) {
            return self.silence_own(actor, alert, seconds, at);
        }
        let room = self.room_of_alert(alert)?;
        self.pass_time_of(&room, at);
        let state = self.bed(&room)?.room.alert(alert).map(|alert| alert.state);
        if state != Some(AlertState::Active) {
            return Err(Refusal::NotNow("The alert makes no sound: it is over.".to_owned()));
        }
        let staff = actor.initials.clone();
        let input = Input::Silence { staff, alert: alert.to_owned(), seconds };
        Ok(self.alert_input(&room, alert, &input, None, at))
    }

    fn alert_input(
        &mut self,
        room: &RoomId,
        alert: &str,
        input: &Input,
        private: Option<String>,
        at: Millis,
    ) -> Pending {
        let stored = self.staff_input(room, input, at, (private, vec![]));
        Pending { stored, ..self.as_it_is(room, alert) }
    }

    /// The alert unchanged; told when all that led to it is on disk.
    fn as_it_is(&self, room: &RoomId, alert: &str) -> Pending {
        let told = self.when_stored(room);
        let bed = self.beds.get(room);
        let shown = bed.and_then(|bed| Some(bed.shown_alert(bed.room.alert(alert)?)));
        Pending { json: written(&shown), stored: told }
    }

    /// Told when all that happened in the room is on disk; dropped untold while the journal has no
    /// place for it.
    fn when_stored(&self, room: &RoomId) -> oneshot::Receiver<()> {
        let (stored, told) = oneshot::channel();
        if self.beds.get(room).is_some_and(|bed| !bed.is_unrecorded()) {
            self.journal.barrier(stored);
        }
        told
    }

    pub(super) fn bind(
        &mut self,
        actor: &Actor,
        id: &DeviceId,
        room: Option<RoomId>,
        is_confirmed: bool,
        at: Millis,
    ) -> Result<Pending, Refusal> {
        if let Some(room) = &room {
            self.bed(room)?;
        }
        self.may_take_away(actor, id, room.as_ref(), is_confirmed, at)?;
        let too_many = || {
            Refusal::NotNow(format!(
                "{MAX_BOUND_DEVICES} devices belong to rooms already: take one out that is not used first."
            ))
        };
        if room.is_some() && !self.may_be_bound(id) {
            return Err(too_many());
        }
        let claims = self.settle_binding(id);
        let device = self.device(id, at).ok_or_else(too_many)?;
        let was_in_conflict = device.is_in_conflict;
        device.settle(room.clone());
        let knows = |bed: &&Bed| {
            let is_here = bed.room.monitors().iter().any(|monitor| monitor.device == *id);
            is_here && (was_in_conflict || Some(bed.id()) != room.as_ref())
        };
        let left: Vec<RoomId> = self.beds.values().filter(knows).map(|b| b.id().clone()).collect();
        let has_left = !left.is_empty();
        for room in left {
            let unbound = Input::Link { device: id.clone(), link: Link::Unbound };
            self.input(&room, &unbound, at, Beside::default());
        }
        if let Some(device) = self.devices.get_mut(id) {
            let was_elsewhere = device.was_elsewhere || has_left;
            device.was_elsewhere = was_elsewhere && room.is_none();
            if let Some(room) = room.as_ref().filter(|_| was_elsewhere) {
                // The number that it still shows is of the patient whom it comes from.
                let bound = Input::Link { device: id.clone(), link: Link::Bound };
                self.input(room, &bound, at, Beside::default());
            }
        }
        let what = json!({"staff": actor.initials, "binding": {"device": id, "room": room}});
        let mut views = vec![Upsert::Binding { device: id.clone(), room: room.clone() }];
        views.extend(claims);
        let mut pending = self.record(what, views, at);
        pending.json = written(&Bound { id, room: room.as_ref() });
        Ok(pending)
    }

    /// A session that would be left without a monitor: only somebody who is known, and who has
    /// read that, takes it away.
    fn may_take_away(
        &self,
        actor: &Actor,
        id: &DeviceId,
        to: Option<&RoomId>,
        is_confirmed: bool,
        at: Millis,
    ) -> Result<(), Refusal> {
        let is_left = |bed: &&Bed| {
            let monitors = bed.room.monitors();
            let still_speaks = |other: &Monitor| {
                other.device != *id
                    && !other.link_is_down
                    && at.since(other.last_heard) <= STILL_SPEAKS_MS
            };
            Some(bed.id()) != to
                && bed.room.session().is_some()
                && monitors.iter().any(|monitor| monitor.device == *id)
                && !monitors.iter().any(still_speaks)
        };
        let Some(bed) = self.beds.values().find(is_left) else { return Ok(()) };
        let phase = bed.room.session().map_or("", |session| session.phase.words());
        let what = format!("{} will have no monitor ({phase}).", bed.name);
        if !actor.is_identified {
            return Err(Refusal::NeedsIdentity(format!(
                "{what} Say who you are with your PIN, or bind another monitor to the room first."
            )));
        }
        // A program was written by somebody who knew what it does.
        if !is_confirmed && !actor.is_program {
            return Err(Refusal::NeedsConfirmation(format!(
                "{what} Confirm it, or bind another monitor to the room first."
            )));
        }
        Ok(())
    }

    /// Names and places a room. One that is not there yet is added, as its earlier record leaves it.
    pub(super) fn rename_room(
        &mut self,
        actor: &Actor,
        id: &RoomId,
        (name, order): (Option<String>, Option<i64>),
        earlier: Option<EarlierRoom>,
        at: Millis,
    ) -> Result<Pending, Refusal> {
        let is_new = !self.beds.contains_key(id);
        if is_new && self.beds.len() >= MAX_ROOMS {
            return Err(Refusal::NotNow(format!(
                "There are {MAX_ROOMS} rooms already: remove one that is not used first."
            )));
        }
        let name = name.or_else(|| is_new.then(|| format!("Room {id}")));
        if let Some(name) = &name {
            self.must_differ(id, name)?;
        }
        if is_new {
            self.add_room(id, earlier, at)?;
        }
        let Some(bed) = self.beds.get_mut(id) else {
            return Err(Refusal::NotFound { kind: "room", id: id.to_string() });
        };
        bed.name = name.unwrap_or_else(|| bed.name.clone());
        bed.order = order.unwrap_or(bed.order);
        bed.publish_room(&self.screens);
        let row = RoomRow { id: id.clone(), name: bed.name.clone(), order: bed.order };
        let json = written(&bed.shown(View::Staff, self.screens.watching(id, at), at));
        let what = json!({"staff": actor.initials, "room": {"id": id, "name": row.name, "order": row.order}});
        let mut pending = self.record(what, vec![Upsert::Room(row)], at);
        pending.json = json;
        Ok(pending)
    }

    /// Nobody may take one room for another.
    fn must_differ(&self, id: &RoomId, name: &str) -> Result<(), Refusal> {
        let key = name::key(name);
        let looks_the_same = |bed: &&Bed| bed.id() != id && name::key(&bed.name) == key;
        match self.beds.values().find(looks_the_same) {
            None => Ok(()),
            Some(other) => Err(Refusal::NotNow(format!(
                "Room {} is called {} already: choose a name that looks different.",
                other.id(),
                other.name
            ))),
        }
    }

    fn add_room(
        &mut self,
        id: &RoomId,
        earlier: Option<EarlierRoom>,
        at: Millis,
    ) -> Result<(), Refusal> {
        let last = self.beds.values().map(|bed| bed.order).max().unwrap_or(0);
        let bed = |room| Bed::new(room, String::new(), last.saturating_add(1));
        match (earlier, self.journal.next_seq(&Chain::Room(id.clone()))) {
            (None, 1) => {
                let room = Room::new(id.clone(), Arc::clone(&self.clinic_profile));
                self.beds.insert(id.clone(), bed(room));
            }
            (Some(earlier), next_seq) if earlier.next_seq == next_seq => {
                let mut bed = bed(*earlier.room);
                bed.unread_since = earlier.unread_from;
                if bed.room.now() > at {
                    // The clock was set back while the room was not here.
                    let ms = at.since(bed.room.now());
                    let step = Input::ClockStep { ms, moves_at: true };
                    let beside = Beside::default();
                    if let Err(error) = bed.take(&step, at, beside, &self.screens, &self.journal) {
                        tracing::error!(room = %id, %error, "the step of the clock is not recorded");
                    }
                }
                if let Some(blind_from) = earlier.last_entry {
                    let restart = Input::Restart { blind_from: blind_from.min(at), blind_to: at };
                    let beside = Beside::default();
                    if let Err(error) = bed.take(&restart, at, beside, &self.screens, &self.journal)
                    {
                        tracing::error!(room = %id, %error, "its return is not recorded");
                    }
                }
                self.beds.insert(id.clone(), bed);
                self.renew_clinic_profile(id, at);
            }
            // It was removed or added just now.
            _ => {
                let text = "The room has an earlier record, which is being read: try again.";
                return Err(Refusal::NotNow(text.to_owned()));
            }
        }
        Ok(())
    }
}

/// Who decides about limits is who acts, never whom somebody names: a prescriber is written in
/// when it is they, and a name that was only typed becomes part of the reason.
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

/// What somebody may decide about limits here: as a prescriber only if it is surely they.
fn authority_over_limits(event: &Event, actor: &Actor) -> Authority {
    match event {
        Event::Limits { .. } if !actor.is_identified => actor.authority.min(Authority::Lead),
        _ => actor.authority,
    }
}
