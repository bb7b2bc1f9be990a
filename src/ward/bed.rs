//! One room of the ward: the state machine, its place in the journal and its frames.

mod frames;
mod rows;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use serde::Serialize;
use tokio::sync::oneshot;

use super::ScreenId;
use super::private::{without_words, without_words_of_session};
use super::render::{SessionCard, session_view};
use super::screens::Screens;
use super::told::Told;
use crate::adapters::FrameKey;
use crate::contract::{self, StreamFrame};
use crate::hub::{Class, Ring};
use crate::journal::{AppendError, Chain, Entry, Journal};
use crate::replay::{write_alert, write_checkpoint, write_input};
use crate::room::{Alert, Event, Input, NotLive, Output, Room, Session, ShownLimits};
use crate::store::{AnswerRow, SessionRow, Upsert};
use crate::vitals::{self, DeviceId, Millis, RoomId, SessionId};

pub(super) use self::rows::alert_row;

/// Entries after which the state is written, so that a restart reads little.
const CHECKPOINT_EVERY: u32 = 600;

/// A full journal is not asked for each frame.
const TRY_AGAIN_MS: i64 = 1_000;

/// Answers that are kept for the time when their effects can be recorded: more than a person gives
/// commands in a room before a disk that is full is seen to.
const UNRECORDED_ANSWERS: usize = 64;

/// What goes into the journal beside an input.
#[derive(Debug, Default)]
pub(super) struct Beside {
    pub(super) private: Option<String>,
    pub(super) frame_key: Option<FrameKey>,
    pub(super) views: Vec<Upsert>,
    pub(super) stored: Option<oneshot::Sender<()>>,
}

/// A room and everything that the ward keeps for it.
#[derive(Debug)]
pub(super) struct Bed {
    pub(super) room: Room,
    pub(super) name: String,
    pub(super) order: i64,
    pub(super) card: Option<SessionCard>,
    key: Arc<str>,
    chain: Chain,
    rev: u64,
    staff_ring: Ring,
    display_ring: Ring,
    told: Told,
    receipts: BTreeMap<String, BTreeSet<ScreenId>>,
    next_deadline: Option<Millis>,
    since_checkpoint: u32,
    /// As screens have them.
    shown_limits: ShownLimits,
    /// Since when entries were refused by a full journal, and when it was last tried.
    unrecorded: Option<(Millis, Millis)>,
    /// What requests were answered whose effects are not recorded: they go with the state that is,
    /// when there is room for it again.
    unrecorded_answers: VecDeque<AnswerRow>,
    /// From when on what was recorded of the running session could not be read after a restart.
    pub(super) unread_since: Option<Millis>,
    /// The session that ended meanwhile: none other can be opened before that is recorded.
    ended_unrecorded: Option<SessionRow>,
    /// The last session that ended, until it is on disk.
    ended_lately: Option<SessionRow>,
}

/// The lines, frames and views that one input causes.
#[derive(Default)]
struct Effects {
    entries: Vec<Entry>,
    views: Vec<Upsert>,
}

impl Bed {
    pub(super) fn new(room: Room, name: String, order: i64) -> Self {
        let id = room.id().clone();
        Self {
            room,
            name,
            order,
            card: None,
            key: id.as_str().into(),
            chain: Chain::Room(id),
            rev: 0,
            staff_ring: Ring::default(),
            display_ring: Ring::default(),
            told: Told::default(),
            receipts: BTreeMap::new(),
            next_deadline: None,
            since_checkpoint: 0,
            shown_limits: ShownLimits::default(),
            unrecorded: None,
            unrecorded_answers: VecDeque::new(),
            unread_since: None,
            ended_unrecorded: None,
            ended_lately: None,
        }
    }

    pub(super) fn id(&self) -> &RoomId {
        self.room.id()
    }

    pub(super) fn rev(&self) -> u64 {
        self.rev
    }

    /// Lets time pass, when a deadline is due.
    pub(super) fn on_time(&mut self, at: Millis, screens: &Screens, journal: &Journal) {
        if self.next_deadline.is_some_and(|deadline| deadline <= at) {
            self.pass_time(at, screens, journal);
        }
    }

    /// Time passes in which a monitor says nothing, and perhaps a cuff no more.
    pub(super) fn pass_silence(&mut self, at: Millis, screens: &Screens) {
        if self.told.may_change_by_time() {
            self.publish_vitals(None, &[], false, at, screens);
        }
        self.publish_monitors(at, screens);
    }

    /// Its name, its place, or whether its record could be read whole has changed.
    pub(super) fn publish_room(&mut self, screens: &Screens) {
        self.publish(Class::Kept, screens, |bed, _| StreamFrame::Room {
            room: bed.id(),
            rev: bed.rev,
            name: &bed.name,
            order: bed.order,
            unread_since: bed.unread_since,
        });
    }

    /// Every alert that the room remembers, open or over.
    pub(super) fn alerts(&self) -> impl Iterator<Item = (&Alert, Option<&RoomId>)> {
        self.room.alerts().iter().map(|alert| (alert, Some(self.id())))
    }

    fn pass_time(&mut self, at: Millis, screens: &Screens, journal: &Journal) {
        let mut effects = Effects::default();
        self.room.advance(at);
        self.drain(&mut effects, screens, (at, journal));
        // A full journal is noted and made good with the next entry that fits.
        let _ = self.append(effects, Vec::new(), at, journal);
    }

    /// Takes an input: the room judges it, the screens see what came of it, the journal gets it.
    /// An error means that the journal is full; the screens have seen it all the same.
    pub(super) fn take(
        &mut self,
        input: &Input,
        at: Millis,
        beside: Beside,
        screens: &Screens,
        journal: &Journal,
    ) -> Result<(), AppendError> {
        let moves_at = matches!(input, Input::ClockStep { moves_at: true, .. });
        let at = if moves_at { at } else { at.max(self.room.now()) };
        let mut effects = Effects { views: beside.views, ..Effects::default() };
        if !matches!(input, Input::Restart { .. }) && !moves_at {
            // What was due before stands in the record before it.
            self.room.advance(at);
            self.drain(&mut effects, screens, (at, journal));
        }
        let session_before = self.session_id();
        self.room.handle(input, at);
        if self.rev == 0 && matches!(input, Input::Restart { .. }) {
            self.told.restart(&self.room);
        }
        let session = self.session_id().or(session_before);
        let outputs = self.outputs();
        // The record says of each reading whether it was judged, as screens do.
        let marked = marked_late(input, &outputs);
        let (body, words) = without_words(write_input(at, marked.as_ref().unwrap_or(input)), input);
        effects.entries.push(Entry {
            at,
            body,
            private: beside.private.or(words),
            device: device_of(input).cloned(),
            frame_key: beside.frame_key,
            session,
            is_checkpoint: false,
        });
        if matches!(input, Input::Open(_)) {
            // Of this session everything is known.
            if self.unread_since.take().is_some() {
                self.publish_room(screens);
            }
            // A recording of the session begins with this state.
            effects.entries.push(self.checkpoint(at));
        }
        let frame = frame_of(input);
        self.show(&mut effects, screens, (frame.as_deref(), outputs), (at, journal));
        let begins = matches!(input, Input::Restart { .. });
        self.since_checkpoint += 1;
        if begins || self.since_checkpoint >= CHECKPOINT_EVERY {
            effects.entries.push(self.checkpoint(at));
        }
        self.append(effects, beside.stored.into_iter().collect(), at, journal)
    }

    /// The number that the next input gets, when nothing falls due before it: after a gap that
    /// is still to be recorded.
    pub(super) fn next_seq(&self, journal: &Journal) -> u64 {
        journal.next_seq(&self.chain) + u64::from(self.unrecorded.is_some())
    }

    fn session_id(&self) -> Option<SessionId> {
        self.room.session().map(|session| session.id.clone())
    }

    /// Notes everything as it stands, where something came since that was last done.
    pub(super) fn note_state(&mut self, at: Millis, journal: &Journal) -> Result<(), AppendError> {
        let entries = if self.since_checkpoint > 0 { vec![self.checkpoint(at)] } else { vec![] };
        self.append(Effects { entries, views: vec![] }, vec![], at, journal)
    }

    fn checkpoint(&mut self, at: Millis) -> Entry {
        self.since_checkpoint = 0;
        let (body, private) = without_words_of_session(&write_checkpoint(at, &self.room));
        let session = self.session_id();
        Entry { at, body, private, session, is_checkpoint: true, ..Entry::default() }
    }

    fn append(
        &mut self,
        mut effects: Effects,
        stored: Vec<oneshot::Sender<()>>,
        at: Millis,
        journal: &Journal,
    ) -> Result<(), AppendError> {
        if effects.entries.is_empty() && effects.views.is_empty() {
            return Ok(());
        }
        let ended = effects.views.iter().find_map(|view| match view {
            Upsert::Session(row) if row.ended_at.is_some() => Some(row.clone()),
            _ => None,
        });
        let lately = ended.clone().or_else(|| self.ended_lately.take());
        self.ended_lately = lately.filter(|row| self.is_not_on_disk(row, journal));
        if let Some((from, tried_at)) = self.unrecorded {
            if at.since(tried_at) < TRY_AGAIN_MS {
                self.ended_unrecorded = ended.or(self.ended_unrecorded.take());
                return Err(AppendError::Full);
            }
            self.make_good(from, journal.next_seq(&self.chain), &mut effects, at);
        }
        let seq = journal.next_seq(&self.chain);
        let result = journal.append(&self.chain, seq, effects.entries, effects.views, stored);
        (self.unrecorded, self.ended_unrecorded) = match &result {
            Ok(()) => {
                self.unrecorded_answers.clear();
                (None, None)
            }
            Err(_) => {
                let since = self.unrecorded.map_or(at, |(since, _)| since);
                // Kept until it is recorded, however often that is tried.
                (Some((since, at)), ended.or(self.ended_unrecorded.take()))
            }
        };
        result
    }

    /// After a time without record: says so, and notes everything as it stands now.
    fn make_good(&mut self, from: Millis, gap_seq: u64, effects: &mut Effects, at: Millis) {
        let reason = "the journal could not keep up".to_owned();
        let to = effects.entries.first().map_or(at, |entry| entry.at);
        let gap = write_input(to, &Input::Gap { from: from.min(to), to, reason });
        effects.entries.insert(0, Entry { at: to, body: gap, ..Entry::default() });
        let checkpoint = self.checkpoint(at);
        effects.entries.push(checkpoint);
        // Of what it was to have as its last entry there is nothing: that is the gap.
        let ended_seq = Some(gap_seq);
        let ended = self.ended_unrecorded.clone().map(|row| SessionRow { ended_seq, ..row });
        effects.views.extend(ended.map(Upsert::Session));
        effects.views.extend(self.session_row(self.room.session(), None));
        let rows = self.room.alerts().iter();
        let rows = rows.map(|alert| alert_row(alert, Some(self.id()), &self.shown_alert(alert)));
        effects.views.extend(rows.map(Upsert::Alert));
        effects.views.extend(self.unrecorded_answers.iter().cloned().map(Upsert::Answer));
    }

    /// A request was answered whose effect the journal has no place for: they are recorded
    /// together, when it has.
    pub(super) fn answer_when_recorded(&mut self, answer: AnswerRow) {
        if self.unrecorded_answers.len() == UNRECORDED_ANSWERS {
            self.unrecorded_answers.pop_front();
        }
        self.unrecorded_answers.push_back(answer);
    }

    /// Whether the journal has no place for what this room does.
    pub(super) fn is_unrecorded(&self) -> bool {
        self.unrecorded.is_some()
    }

    /// Everything that the room tells now.
    fn outputs(&mut self) -> Vec<Output> {
        let mut outputs = Vec::new();
        self.next_deadline = loop {
            match self.room.poll_output() {
                Output::Wait(deadline) => break deadline,
                output => outputs.push(output),
            }
        };
        outputs
    }

    fn drain(&mut self, effects: &mut Effects, screens: &Screens, now: (Millis, &Journal)) {
        let outputs = self.outputs();
        self.show(effects, screens, (None, outputs), now);
    }

    /// Turns what the room told into frames for screens, lines of the log and views.
    fn show(
        &mut self,
        effects: &mut Effects,
        screens: &Screens,
        (frame, outputs): (Option<&vitals::Frame>, Vec<Output>),
        (at, journal): (Millis, &Journal),
    ) {
        let mut asides: Vec<(usize, NotLive)> = Vec::new();
        let mut after: Vec<Output> = Vec::new();
        for output in outputs {
            match output {
                Output::NotLive(index, aside) => asides.push((index, aside)),
                output => after.push(output),
            }
        }
        // An alert that opens or ends changes what else may alert.
        let may_change_limits = after.iter().any(|output| matches!(output, Output::Alert(_)));
        let ends = after.iter().any(|output| matches!(output, Output::SessionEnded(_)));
        let has_changed = !after.is_empty();
        self.publish_vitals(frame, &asides, ends, at, screens);
        self.publish_monitors(at, screens);
        let mut session_changed = false;
        let mut session_ended = None;
        for output in after {
            match output {
                Output::Alert(line) => {
                    effects.entries.push(Entry {
                        at: line.at,
                        body: write_alert(&line),
                        session: self.session_id(),
                        ..Entry::default()
                    });
                    self.show_alert(&line.alert, effects, screens);
                }
                Output::AlertTouched(id) => self.show_alert(&id, effects, screens),
                Output::Session => session_changed = true,
                Output::SessionEnded(session) => session_ended = Some(session),
                Output::Monitor(_) | Output::Shown(_) | Output::Wait(_) | Output::NotLive(..) => {}
            }
        }
        if has_changed {
            self.tell_forgotten(effects, at, screens);
        }
        if may_change_limits || session_changed {
            let limits = self.room.shown_limits();
            session_changed |= self.shown_limits != limits;
            self.shown_limits = limits;
        }
        if let Some(ended) = session_ended {
            self.end_session(&ended, effects, (at, journal), screens);
        } else if session_changed {
            self.publish(Class::Kept, screens, |bed, view| StreamFrame::Session {
                room: bed.id(),
                rev: bed.rev,
                session: bed.session(view),
                limits: bed.room.shown_limits(),
            });
            effects.views.extend(self.session_row(self.room.session(), None));
        }
    }

    fn end_session(
        &mut self,
        ended: &Session,
        effects: &mut Effects,
        (at, journal): (Millis, &Journal),
        screens: &Screens,
    ) {
        let entries = effects.entries.len() as u64;
        let last_seq = (self.next_seq(journal) + entries).saturating_sub(1);
        effects.views.extend(self.session_row(Some(ended), Some((at, last_seq))));
        self.publish(Class::Kept, screens, |bed, view| {
            let card = bed.card.as_ref();
            StreamFrame::Session {
                room: bed.id(),
                rev: bed.rev,
                session: card.map(|card| session_view(&bed.room, ended, card, view)),
                // From now on those of a room without a session.
                limits: bed.room.shown_limits(),
            }
        });
        self.card = None;
    }

    fn show_alert(&mut self, name: &str, effects: &mut Effects, screens: &Screens) {
        let Some(alert) = self.room.alert(name) else { return };
        let shown = self.shown_alert(alert);
        let row = alert_row(alert, Some(self.id()), &shown);
        let ended = (!alert.is_open()).then(|| alert.id());
        self.told.alert(&row, &shown);
        effects.views.push(Upsert::Alert(row));
        if let Some(id) = ended {
            self.receipts.remove(&id);
        }
        self.publish_alert(&shown, screens);
    }

    /// Tells the end of alerts that the room has closed and forgotten before it could be told.
    fn tell_forgotten(&mut self, effects: &mut Effects, at: Millis, screens: &Screens) {
        for (row, alert) in self.told.forgotten(&self.room, at) {
            self.receipts.remove(&row.id);
            effects.views.push(Upsert::Alert(row));
            self.publish_alert(&alert, screens);
        }
    }

    fn publish_alert(&mut self, alert: &contract::Alert, screens: &Screens) {
        self.publish(Class::Kept, screens, |bed, view| StreamFrame::Alert {
            room: Some(bed.id()),
            rev: bed.rev,
            alert: alert.clone().seen(view),
        });
    }

    /// An alert in the shape of the contract.
    pub(super) fn shown_alert(&self, alert: &Alert) -> contract::Alert {
        let receipts = self.receipts.get(&alert.id()).map_or(0, BTreeSet::len);
        contract::Alert::of(alert, Some(self.id()), receipts)
    }

    /// A screen shows the alert; `true` when it is the first.
    pub(super) fn receipt(&mut self, alert: &str, screen: ScreenId) -> bool {
        let Some(id) = self.room.alert(alert).filter(|a| a.is_open()).map(Alert::id) else {
            return false;
        };
        let screens = self.receipts.entry(id).or_default();
        screens.insert(screen) && screens.len() == 1
    }

    /// Whether it is the room of the session.
    pub(super) fn has_session(&self, id: &SessionId) -> bool {
        self.room.session().is_some_and(|session| session.id == *id)
    }
}

/// As JSON. Numbers and texts cannot fail to be written.
pub(super) fn written(shown: &impl Serialize) -> String {
    serde_json::to_string(shown).unwrap_or_default()
}

fn device_of(input: &Input) -> Option<&DeviceId> {
    match input {
        Input::Frame(frame) => Some(&frame.device),
        Input::Link { device, .. } => Some(device),
        _ => None,
    }
}

/// The input with its late readings marked, when it has any.
fn marked_late(input: &Input, outputs: &[Output]) -> Option<Input> {
    let Input::Frame(frame) = input else { return None };
    let mut marked: Option<vitals::Frame> = None;
    for output in outputs {
        if let Output::NotLive(index, NotLive::Late) = output {
            let frame = marked.get_or_insert_with(|| frame.clone());
            frame.readings.get_mut(*index).into_iter().for_each(|reading| reading.is_late = true);
        }
    }
    marked.map(Input::Frame)
}

fn frame_of(input: &Input) -> Option<Cow<'_, vitals::Frame>> {
    match input {
        Input::Frame(frame) => Some(Cow::Borrowed(frame)),
        Input::Staff { event: Event::ManualVitals(vitals), occurred_at, .. } => {
            let frame = vitals::Frame::by_hand(vitals.readings());
            Some(Cow::Owned(vitals::Frame { taken_at: *occurred_at, ..frame }))
        }
        _ => None,
    }
}
