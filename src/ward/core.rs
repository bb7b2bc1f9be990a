//! Everything of the ward, applied synchronously: no clock, no waiting.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Value as Json, json};
use tokio::sync::oneshot;

use super::bed::{self, Bed, Beside, written};
use super::command::Pending;
use super::devices::{Device, MAX_DEVICES, devices_json};
use super::old_ids::OldIds;
use super::own_alerts::{self, OwnAlerts, Set};
use super::restore::{Floor, RestoreError};
use super::screens::Screens;
use super::shelf::Shelf;
use super::{Hello, Refusal, ScreenId, View};
use crate::adapters::{Arrival, Delivery, Identity, Unusable, count_not_understood};
use crate::clock::Mark;
use crate::contract::{AlarmPath, Details, Rooms, StreamFrame};
use crate::hub::{self, Class};
use crate::journal::{Chain, Entry, Journal};
use crate::profile::Profile;
use crate::replay::write_input;
use crate::room::{Input, Link};
use crate::store::{AlertFilter, AlertRow, AnswerRow, SessionRow, Upsert};
use crate::vitals::{DeviceId, Frame, Millis, RoomId, SessionId, Source, Vital};

/// A monitor that says nothing usable is noted as alive this often.
const ALIVE_EVERY_MS: i64 = 2_000;

/// Rooms that are shown anew beside others that resume; of more, all are shown anew. So what a
/// screen is sent beside its missed frames stays well within its mailbox.
const ANEW_MAX: usize = 16;

/// The whole ward's state.
#[derive(Debug)]
pub(super) struct Core {
    pub(super) epoch: String,
    pub(super) beds: BTreeMap<RoomId, Bed>,
    pub(super) devices: BTreeMap<DeviceId, Device>,
    /// Ids that more than one device may have been bound under; see [`super::old_ids`].
    pub(super) old_ids: OldIds,
    /// What the configuration says of rooms and devices.
    pub(super) floor: Floor,
    pub(super) screens: Screens,
    pub(super) journal: Journal,
    pub(super) profiles: Shelf,
    /// The clinic's default, which watches rooms without a session.
    pub(super) clinic_profile: Arc<Profile>,
    /// When the last probe had passed every room, and how long it took.
    pub(super) probed: Option<(Millis, i64)>,
    pub(super) own_alerts: OwnAlerts,
    /// What a monitor's readings are marked as when they name no other source.
    pub(super) source: Source,
}

impl Core {
    /// A monitor spoke, or its link changed.
    pub(super) fn arrive(&mut self, arrival: Arrival, at: Millis) {
        match arrival {
            Arrival::Frame(delivery) => self.deliver(delivery, None, at),
            Arrival::Posted(delivery, answer) => self.deliver(*delivery, Some(*answer), at),
            Arrival::Unusable(unusable) => self.hear_unusable(unusable, at),
            Arrival::Admission(admission) => self.admit(admission, at),
            Arrival::Link { device, adapter, connection, up } => {
                // The end of a link makes no device known: it may just have been removed.
                let known = match up {
                    true => self.device(&device, at),
                    false => self.devices.get_mut(&device),
                };
                let Some(known) = known else { return };
                known.adapter = Some(adapter.to_owned());
                let (counts, room) = (known.set_link(connection, up), known.room.clone());
                if counts && let Some(room) = room {
                    let link = if up { Link::Up } else { Link::Down };
                    self.input(&room, &Input::Link { device, link }, at, Beside::default());
                }
            }
            Arrival::Displaced { device } => {
                let known = self.devices.get_mut(&device);
                let begins_conflict = known.is_some_and(|known| known.displaced(at));
                if begins_conflict {
                    self.begin_conflict(&device, at);
                }
            }
        }
    }

    /// `answer` is what the request that brought it is answered once it is on disk.
    fn deliver(&mut self, delivery: Delivery, answer: Option<AnswerRow>, at: Millis) {
        let Delivery { mut frame, adapter, key, same_within_ms, .. } = delivery;
        let Delivery { copies, identity, not_understood, stored, .. } = delivery;
        metrics::counter!("dripwatch_frames_total", "adapter" => adapter).increment(1);
        count_implausible(&frame);
        for reading in frame.readings.iter_mut().filter(|r| r.source == Source::Monitor) {
            reading.source = self.source;
        }
        frame.keep_to_what_can_be_read_again();
        let id = frame.device.clone();
        self.claim_binding(&id, identity.known_before(&id), at);
        let Some(device) = self.device(&id, at) else {
            tracing::warn!(limit = MAX_DEVICES, "too many devices: a further one is not heard");
            return;
        };
        if device.seen.is_sent_again(key, &copies, same_within_ms, at) {
            device.is_one_sender();
            match answer {
                Some(answer) => {
                    // A full journal drops `stored` untold: the request is sent again.
                    let _ = self.journal.store().put(vec![Upsert::Answer(answer)], vec![stored]);
                }
                None => self.journal.barrier(stored),
            }
            return;
        }
        count_not_understood(adapter, &not_understood);
        let is_first = device.adapter.as_deref() != Some(adapter) || device.first_heard.is_none();
        device.adapter = Some(adapter.to_owned());
        device.note_unknowns(not_understood, at);
        device.complete_corrections(&mut frame);
        let begins_conflict = device.hear(&frame, &identity, at);
        let is_late = !device.timing.is_live();
        let room = device.room.clone().filter(|_| !device.is_in_conflict);
        if begins_conflict {
            self.begin_conflict(&id, at);
        }
        let mut views = if is_first { heard(&id, &identity, adapter, at) } else { Vec::new() };
        views.extend(answer.map(Upsert::Answer));
        let input = Input::Frame(frame);
        let is_kept = match room {
            Some(room) => {
                let stored = Some(stored);
                let beside = Beside { private: None, frame_key: Some(key), views, stored };
                self.input(&room, &input, at, beside)
            }
            None => {
                let input = match input {
                    Input::Frame(frame) if is_late => Input::Frame(marked_late(frame)),
                    input => input,
                };
                let body = write_input(at, &input);
                let device = Some(id.clone());
                let entry = Entry { at, body, device, frame_key: Some(key), ..Entry::default() };
                self.append_to_clinic(entry, views, vec![stored])
            }
        };
        if !is_kept && let Some(device) = self.devices.get_mut(&id) {
            device.seen.forget(&key);
        }
    }

    /// A frame of which nothing is left: its device is there, and listed with what nobody
    /// understood; its room is told, so that the monitor is neither lost nor trusted.
    fn hear_unusable(&mut self, unusable: Unusable, at: Millis) {
        let Unusable { mut frame, adapter, identity, not_understood } = unusable;
        count_implausible(&frame);
        count_not_understood(adapter, &not_understood);
        frame.keep_to_what_can_be_read_again();
        let id = frame.device.clone();
        self.claim_binding(&id, identity.known_before(&id), at);
        let Some(device) = self.device(&id, at) else { return };
        let is_first = device.adapter.as_deref() != Some(adapter) || device.first_heard.is_none();
        device.adapter = Some(adapter.to_owned());
        device.note_unknowns(not_understood, at);
        let begins_conflict = device.hear(&frame, &identity, at);
        let room = device.room.clone().filter(|_| !device.is_in_conflict);
        if begins_conflict {
            self.begin_conflict(&id, at);
        }
        let views = if is_first { heard(&id, &identity, adapter, at) } else { Vec::new() };
        let is_news = frame.implausible > 0 || is_first;
        let is_due = self
            .devices
            .get_mut(&id)
            .is_some_and(|device| device.is_alive_again(ALIVE_EVERY_MS, at));
        match room {
            Some(room) if is_news || is_due => {
                self.input(&room, &Input::Frame(frame), at, Beside { views, ..Beside::default() });
            }
            _ if !views.is_empty() => drop(self.record(json!({"heard": id}), views, at)),
            _ => {}
        }
    }

    /// Two senders, beds or patients under one name: it feeds no room until staff decide.
    pub(super) fn begin_conflict(&mut self, id: &DeviceId, at: Millis) {
        let Some(room) = self.devices.get(id).and_then(|device| device.room.clone()) else {
            return;
        };
        tracing::warn!(device = %id, "one device names two beds or patients, or is two: it feeds no room");
        let conflict = Input::Link { device: id.clone(), link: Link::Conflict };
        // A restart must not decide in staff's place: there it is a device without a room.
        let views = vec![Upsert::Binding { device: id.clone(), room: None }];
        self.input(&room, &conflict, at, Beside { views, ..Beside::default() });
    }

    /// The device, made known when it is not; the oldest that nobody needs make way for it.
    pub(super) fn device(&mut self, id: &DeviceId, at: Millis) -> Option<&mut Device> {
        if !self.devices.contains_key(id) {
            if self.devices.len() >= MAX_DEVICES {
                self.forget_oldest(at);
            }
            if self.devices.len() >= MAX_DEVICES {
                return None;
            }
            self.devices.insert(id.clone(), Device::new(None));
        }
        self.devices.get_mut(id)
    }

    /// Gives a room an input. `false` when the journal had no place for it.
    pub(super) fn input(
        &mut self,
        room: &RoomId,
        input: &Input,
        at: Millis,
        beside: Beside,
    ) -> bool {
        let Some(bed) = self.beds.get_mut(room) else { return false };
        let taken = bed.take(input, at, beside, &self.screens, &self.journal);
        if let Err(error) = &taken {
            tracing::error!(%room, %error, "not recorded; monitoring goes on");
        }
        taken.is_ok()
    }

    /// The ward as it stood. Its first entries may bear the time of the run before, so the journal
    /// hears what time it is before them.
    pub(super) async fn begin(
        journal: Journal,
        floor: &Floor,
        epoch: String,
        now: Mark,
    ) -> Result<Self, RestoreError> {
        journal.time_is(now.at);
        Self::restore(journal, floor, epoch, now).await
    }

    pub(super) fn append_to_clinic(
        &mut self,
        entry: Entry,
        views: Vec<Upsert>,
        stored: Vec<oneshot::Sender<()>>,
    ) -> bool {
        let seq = self.journal.next_seq(&Chain::Clinic);
        let appended = self.journal.append(&Chain::Clinic, seq, vec![entry], views, stored);
        if let Err(error) = &appended {
            tracing::error!(%error, "not recorded in the clinic's chain");
        }
        appended.is_ok()
    }

    /// Appends what has no room.
    pub(super) fn record(&mut self, what: Json, views: Vec<Upsert>, at: Millis) -> Pending {
        let (stored, told) = oneshot::channel();
        let mut body = what;
        body["at"] = json!(at);
        let entry = Entry { at, body: body.to_string(), ..Entry::default() };
        self.append_to_clinic(entry, views, vec![stored]);
        Pending { json: "{}".to_owned(), stored: told }
    }

    /// Lets time pass in every room that has something due.
    pub(super) fn pass_time(&mut self, at: Millis) {
        for bed in self.beds.values_mut() {
            bed.on_time(at, &self.screens, &self.journal);
        }
    }

    /// Once a second: the mark that we are alive, and what changes by time alone.
    pub(super) fn beat(&mut self, now: Mark) {
        let at = now.at;
        self.journal.mark_alive(now);
        self.judge_own_alerts(at, self.journal.lag(at));
        self.judge_watching(at);
        self.tell_links(at);
    }

    /// Whether somebody watches a room is an input of it, when that changes.
    pub(super) fn judge_watching(&mut self, at: Millis) {
        let watched = self.screens.watched(at);
        let edges: Vec<(RoomId, bool)> = (self.beds.values())
            .map(|bed| (bed, watched.has(bed.id())))
            .filter(|(bed, is_watched)| bed.room.is_watched() != *is_watched)
            .map(|(bed, is_watched)| (bed.id().clone(), is_watched))
            .collect();
        for (room, is_watched) in edges {
            self.input(&room, &Input::Watched(is_watched), at, Beside::default());
        }
    }

    /// A monitor that says nothing becomes late, and then down, by time alone.
    pub(super) fn tell_links(&mut self, at: Millis) {
        for bed in self.beds.values_mut() {
            bed.pass_silence(at, &self.screens);
        }
    }

    /// What the rooms and the ward itself know of alerts: every open one, and while the disk is
    /// behind also those that are over, so that what it says of them is not believed.
    pub(super) fn alert_rows(&self, filter: &AlertFilter, at: Millis) -> Vec<AlertRow> {
        let is_behind = self.journal.lag(at) > 0 || self.beds.values().any(Bed::is_unrecorded);
        let of_rooms = self.beds.values().flat_map(Bed::alerts).chain(self.own_alerts.all());
        let wanted = of_rooms.filter(|(alert, _)| is_behind || alert.is_open());
        wanted
            .filter(|(alert, room)| filter.is_of(*room, alert.session.as_ref(), alert.raised_at))
            .map(|(alert, room)| {
                let shown = room
                    .and_then(|room| self.beds.get(room))
                    .map_or_else(|| own_alerts::shown(alert), |bed| bed.shown_alert(alert));
                bed::alert_row(alert, room, &shown)
            })
            .collect()
    }

    /// The sessions that run, and those that are over and not on disk yet.
    pub(super) fn session_rows(&self) -> Vec<SessionRow> {
        self.beds.values().flat_map(|bed| bed.session_rows(&self.journal)).collect()
    }

    /// One of them; the others are not written out for it.
    pub(super) fn session_row(&self, id: &SessionId) -> Option<SessionRow> {
        self.beds.values().find_map(|bed| bed.known_session(id, &self.journal))
    }

    /// An alert as it is now.
    pub(super) fn alert_json(&self, id: &str) -> Option<String> {
        let own = self.own_alerts.all().find(|(alert, _)| alert.is_called(id));
        let of_ward = own.map(|(alert, _)| written(&own_alerts::shown(alert)));
        of_ward.or_else(|| {
            let bed = self.beds.get(&self.room_of_alert(id).ok()?)?;
            Some(written(&bed.shown_alert(bed.room.alert(id)?)))
        })
    }

    /// The wall clock was set; a fact for every room's record, and by more than a day one for
    /// staff too.
    pub(super) fn clock_step(&mut self, ms: i64, at: Millis) {
        self.judge_clock(ms, Set::WhileRunning, at);
        let rooms: Vec<RoomId> = self.beds.keys().cloned().collect();
        for room in rooms {
            self.input(&room, &Input::ClockStep { ms, moves_at: false }, at, Beside::default());
        }
    }

    /// The loop did not run from then until now: a suspended machine, a stopped process. What a
    /// restart is blind for, this is too (design.md#blind-times).
    pub(super) fn was_frozen(&mut self, blind_from: Millis, at: Millis) {
        let rooms: Vec<RoomId> = self.beds.keys().cloned().collect();
        for room in rooms {
            let restart = Input::Restart { blind_from, blind_to: at };
            self.input(&room, &restart, at, Beside::default());
        }
    }

    /// The ward stops in good order: the next one begins where this one stood, and judges nothing
    /// anew, whatever its rules are.
    pub(super) fn stop(&mut self, at: Millis) {
        self.screens.close_all();
        for (id, bed) in &mut self.beds {
            if let Err(error) = bed.note_state(at, &self.journal) {
                tracing::warn!(room = %id, %error, "how the room stood is not recorded");
            }
        }
    }

    /// The probe has come round: it passes every room, and the screens hear of it.
    pub(super) fn probe(&mut self, sent_at: Millis, at: Millis) {
        // Once a second is often enough to forget what devices sent ten minutes ago.
        self.devices.values_mut().for_each(|device| device.seen.expire(at));
        let is_alive = self.beds.values().all(|bed| bed.room.now() <= at);
        if is_alive {
            self.probed = Some((at, at.since(sent_at)));
        }
        let path = |(proved_at, round_trip_ms)| AlarmPath { proved_at, round_trip_ms };
        let heartbeat = StreamFrame::Heartbeat {
            epoch: &self.epoch,
            now: at,
            alarm_path: self.probed.map(path),
            audible_screens: self.screens.audible(at),
        };
        let json: Arc<str> = written(&heartbeat).into();
        let frame = hub::Frame { rev: None, room: None, class: Class::Heartbeat, json };
        self.screens.publish_to_all(|_| frame.clone());
    }

    /// Every room, in the order of the floor.
    fn beds_in_order(&self) -> Vec<&Bed> {
        let mut beds: Vec<&Bed> = self.beds.values().collect();
        beds.sort_by_key(|bed| bed.order);
        beds
    }

    pub(super) fn room_ids(&self) -> Vec<RoomId> {
        self.beds_in_order().into_iter().map(|bed| bed.id().clone()).collect()
    }

    pub(super) fn rooms_json(&self, view: View, at: Millis) -> String {
        let rooms = self.beds_in_order().into_iter();
        let rooms = rooms.map(|bed| bed.shown(view, self.screens.watching(bed.id(), at), at));
        written(&Rooms { rooms: rooms.collect() })
    }

    pub(super) fn room_json(
        &self,
        room: &RoomId,
        view: View,
        at: Millis,
    ) -> Result<String, Refusal> {
        let bed = self.bed(room)?;
        Ok(written(&bed.shown(view, self.screens.watching(room, at), at)))
    }

    pub(super) fn devices_json(&self, at: Millis) -> String {
        devices_json(&self.devices, at)
    }

    pub(super) fn bed(&self, room: &RoomId) -> Result<&Bed, Refusal> {
        self.beds.get(room).ok_or_else(|| Refusal::NotFound { kind: "room", id: room.to_string() })
    }

    /// A screen says what it wants: it gets what it missed, or everything. Of a few rooms of which
    /// too little is kept it gets a snapshot, and of the others what it missed.
    pub(super) fn hello(&mut self, id: ScreenId, hello: Hello, at: Millis) {
        let asked = hello.rooms.clone().unwrap_or_default();
        self.screens.choose(id, hello.rooms);
        let Some(screen) = self.screens.get(id) else { return };
        let shown: Vec<&Bed> =
            self.beds_in_order().into_iter().filter(|bed| screen.shows(bed.id())).collect();
        let is_this_run = hello.epoch.as_deref() == Some(&*self.epoch);
        let mut missed: Vec<hub::Frame> = Vec::new();
        let mut resumed: BTreeMap<&RoomId, u64> = BTreeMap::new();
        let mut anew: Vec<&Bed> = Vec::new();
        for bed in &shown {
            let rev = hello.revs.get(bed.id()).filter(|_| is_this_run);
            match rev.and_then(|rev| bed.missed(screen.view, *rev)) {
                Some(frames) => {
                    missed.extend(frames);
                    resumed.insert(bed.id(), bed.rev());
                }
                None => anew.push(bed),
            }
        }
        let whole = |class, frame: &StreamFrame<'_>| {
            let json = written(frame).into();
            hub::Frame { rev: None, room: None, class, json }
        };
        let snapshot = |beds: &[&Bed]| {
            let watching = |bed: &Bed| self.screens.watching(bed.id(), at);
            let frame = StreamFrame::Snapshot {
                epoch: &self.epoch,
                now: at,
                me: &screen.me,
                ward: self.own_alerts.snapshot(screen.view),
                rooms: beds.iter().map(|bed| bed.shown(screen.view, watching(bed), at)).collect(),
            };
            written(&frame)
        };
        let snapshot = |class, beds: &[&Bed]| {
            let json = snapshot(beds).into();
            hub::Frame { rev: None, room: None, class, json }
        };
        for room in hello.revs.keys().filter(|room| !self.beds.contains_key(room)) {
            screen.put(room_removed(room));
        }
        let is_unknown =
            |room: &&RoomId| !self.beds.contains_key(room) && !hello.revs.contains_key(room);
        let unknown: Vec<&RoomId> = asked.iter().filter(is_unknown).collect();
        if !unknown.is_empty() {
            let problem = Box::new(Details::unknown_rooms(&unknown));
            screen.put(whole(Class::Kept, &StreamFrame::Error { problem }));
        }
        if resumed.is_empty() || anew.len() > ANEW_MAX {
            screen.put(snapshot(Class::Snapshot, &shown));
            return;
        }
        let word = StreamFrame::Resumed { epoch: &self.epoch, me: &screen.me, revs: resumed };
        screen.put(whole(Class::Resumed, &word));
        missed.into_iter().for_each(|frame| screen.put(frame));
        for frame in self.own_alerts.frames(screen.view) {
            screen.put(whole(Class::Kept, &frame));
        }
        if !anew.is_empty() {
            screen.put(snapshot(Class::Kept, &anew));
        }
    }

    /// A screen shows an alert.
    pub(super) fn received(&mut self, screen: ScreenId, alert: &str, at: Millis) {
        let Ok(room) = self.room_of_alert(alert) else { return };
        if self.screens.get(screen).is_none() {
            return;
        }
        let is_first = self.beds.get_mut(&room).is_some_and(|bed| bed.receipt(alert, screen));
        if is_first {
            let input = Input::Received { alert: alert.to_owned() };
            self.input(&room, &input, at, Beside::default());
        }
    }

    pub(super) fn room_of_alert(&self, alert: &str) -> Result<RoomId, Refusal> {
        let is_there = |bed: &&Bed| bed.room.alerts().iter().any(|a| a.is_called(alert));
        let bed = self.beds.values().find(is_there);
        bed.map(|bed| bed.id().clone())
            .ok_or_else(|| Refusal::NotFound { kind: "alert", id: alert.to_owned() })
    }
}

/// What screens that show it are told of a room that is no more.
pub(super) fn room_removed(room: &RoomId) -> hub::Frame {
    let json = written(&StreamFrame::RoomRemoved { room }).into();
    hub::Frame { rev: None, room: None, class: Class::Kept, json }
}

/// Of a device without a room nothing judges the data; that they are late is kept all the same.
fn marked_late(mut frame: Frame) -> Frame {
    let continuous = frame.readings.iter_mut().filter(|reading| reading.vital != Vital::Nibp);
    continuous.for_each(|reading| reading.is_late = true);
    frame
}

fn heard(device: &DeviceId, identity: &Identity, adapter: &str, at: Millis) -> Vec<Upsert> {
    let called = identity.original.as_ref().map(|original| Upsert::Called {
        device: device.clone(),
        original: original.shown.as_ref().to_owned(),
    });
    let heard = Upsert::Heard { device: device.clone(), adapter: adapter.to_owned(), at };
    called.into_iter().chain([heard]).collect()
}

fn count_implausible(frame: &Frame) {
    let count = frame.implausible.into();
    metrics::counter!("dripwatch_implausible_readings_total").increment(count);
}
