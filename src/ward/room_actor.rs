//! One room of the ward: the state machine, its place in the journal and its frames.

mod alerts;
mod departure;
mod frames;
mod recording;
mod rows;
mod transfer;

use std::borrow::Cow;
use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::oneshot;

pub(super) use self::departure::Departure;
use super::away::{Away, Outlet};
use super::came_down::Priorities;
use super::receipts::Receipts;
use super::render::{SessionCard, session_view};
use super::screen_copy::ScreenCopy;
use super::screens::Screens;
use super::step_queue::Steps;
use crate::contract::StreamFrame;
use crate::hub::{Class, Ring, Subject};
use crate::journal::{AppendError, Journal};
use crate::notice::Delivery;
use crate::notice::Step;
use crate::record::{AnswerRow, Chain, Entry, FrameKey, Private, write_alert, write_input_apart};
use crate::room::{Alert, Event, Input, NotLive, Output, Room, Session, ShownLimits};
use crate::shift::RoomStaff;
use crate::store::{SessionRow, Upsert};
use crate::vitals::{self, DeviceId, Millis, RoomId, SessionId};

/// After this many entries the state is written, so that a restart reads little.
const CHECKPOINT_EVERY: u32 = 600;

/// What is recorded together with an input.
#[derive(Debug, Default)]
pub(super) struct EntryExtras {
    pub(super) private: Option<Private>,
    pub(super) frame_key: Option<FrameKey>,
    pub(super) views: Vec<Upsert>,
    pub(super) stored: Option<oneshot::Sender<()>>,
}

/// A room and everything that the ward keeps for it.
#[derive(Debug)]
pub(super) struct RoomActor {
    pub(super) room: Room,
    pub(super) name: String,
    pub(super) order: i64,
    pub(super) card: Option<SessionCard>,
    key: Arc<str>,
    chain: Chain,
    rev: u64,
    ring: Ring,
    screen_copy: ScreenCopy,
    receipts: Receipts,
    priorities: Priorities,
    /// Follows the alerts for people away from the screens.
    pub(super) away: Away,
    next_deadline: Option<Millis>,
    since_checkpoint: u32,
    /// The room as screens know it.
    shown_limits: ShownLimits,
    /// Since when a full journal has refused entries, and when it was last tried.
    unrecorded: Option<(Millis, Millis)>,
    /// Answers to requests whose effects are not recorded: they are recorded with the state that
    /// follows, when there is room for it again.
    unrecorded_answers: VecDeque<AnswerRow>,
    /// Since when what was recorded of the running session could not be read after a restart.
    pub(super) unread_since: Option<Millis>,
    /// The session that ended during that time: no other can be opened before its end is recorded.
    ended_unrecorded: Option<SessionRow>,
    /// The last session that ended, until it is on disk.
    ended_lately: Option<SessionRow>,
    /// Who ended the last session, if this run knows.
    pub(super) ended_by: Option<(SessionId, String)>,
    /// A session that has just left for another room, until it is there.
    pub(super) departure: Option<Departure>,
    /// Who has it, and who is told of its alerts.
    pub(super) staff: RoomStaff,
    steps: Steps,
}

/// The lines, frames and views that one input produces.
#[derive(Default)]
struct Effects {
    entries: Vec<Entry>,
    views: Vec<Upsert>,
}

impl RoomActor {
    pub(super) fn new(room: Room, name: String, order: i64, steps: Steps) -> Self {
        let id = room.id().clone();
        Self {
            room,
            name,
            order,
            card: None,
            key: id.as_str().into(),
            chain: Chain::Room(id),
            rev: 0,
            ring: Ring::default(),
            screen_copy: ScreenCopy::default(),
            receipts: Receipts::default(),
            priorities: Priorities::default(),
            away: Away::default(),
            next_deadline: None,
            since_checkpoint: 0,
            shown_limits: ShownLimits::default(),
            unrecorded: None,
            unrecorded_answers: VecDeque::new(),
            unread_since: None,
            ended_unrecorded: None,
            ended_lately: None,
            ended_by: None,
            departure: None,
            staff: RoomStaff::default(),
            steps,
        }
    }

    /// From now on its alerts are followed for people away from the screens, who were told this
    /// much of them.
    pub(super) fn follow_for_those_away(&mut self, outlet: Outlet, told: &[Delivery]) {
        self.away = Away::new(outlet);
        self.room.alerts().iter().for_each(|alert| self.away.restore(alert, told));
    }

    pub(super) fn id(&self) -> &RoomId {
        self.room.id()
    }

    pub(super) fn rev(&self) -> u64 {
        self.rev
    }

    /// When something falls due in it, if nothing comes sooner.
    pub(super) fn next_deadline(&self) -> Option<Millis> {
        self.next_deadline
    }

    /// Lets time pass, when a deadline is due.
    pub(super) fn on_time(&mut self, at: Millis, screens: &Screens, journal: &Journal) {
        if self.next_deadline.is_some_and(|deadline| deadline <= at) {
            self.pass_time(at, screens, journal);
        }
    }

    /// Lets time pass in which a monitor says nothing, and the cuff perhaps stops measuring.
    pub(super) fn pass_silence(&mut self, at: Millis, screens: &Screens) {
        if self.screen_copy.may_change_by_time() {
            self.publish_vitals(None, &[], false, at, screens);
        }
        self.publish_monitors(at, screens);
    }

    /// Its name, its place, its staff, or whether its record could be read whole has changed.
    pub(super) fn publish_room(&mut self, screens: &Screens) {
        self.publish(Class::Whole(Subject::Room), screens, |room_actor, _| StreamFrame::Room {
            room: room_actor.id(),
            rev: room_actor.rev,
            name: &room_actor.name,
            order: room_actor.order,
            staff: &room_actor.staff,
            unread_since: room_actor.unread_since,
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
        // A full journal is noted, and made up for with the next entry that fits.
        let _ = self.append(effects, Vec::new(), at, journal);
    }

    /// Takes an input: the room judges it, the screens show the result, the journal gets it. An
    /// error means that the journal is full; the screens have shown it all the same.
    pub(super) fn take(
        &mut self,
        input: &Input,
        at: Millis,
        extras: EntryExtras,
        screens: &Screens,
        journal: &Journal,
    ) -> Result<(), AppendError> {
        if matches!(input, Input::Staff { .. }) {
            // It may end the session, or take it elsewhere: what was shown before is part of it.
            self.tell_receipts(at, screens, journal);
        }
        let moves_at = matches!(input, Input::ClockStep { moves_at: true, .. });
        if let Input::ClockStep { ms, moves_at: true } = input {
            self.receipts.move_by(*ms);
            self.priorities.move_by(*ms);
        }
        let at = if moves_at { at } else { at.max(self.room.now()) };
        let mut effects = Effects { views: extras.views, ..Effects::default() };
        if !matches!(input, Input::Restart { .. }) && !moves_at {
            // What was due earlier precedes it in the record.
            self.room.advance(at);
            let due = self.room.outputs_so_far().collect();
            self.show(&mut effects, screens, (None, due), (at, journal));
        }
        let session_before = self.session_id();
        self.room.handle(input, at);
        if self.rev == 0 && matches!(input, Input::Restart { .. }) {
            self.screen_copy.restart(&self.room);
        }
        let session = self.session_id().or(session_before);
        let outputs = self.outputs();
        // The record says of each reading whether it was judged, as the screens do.
        let marked = marked_late(input, &outputs);
        let (body, words) = write_input_apart(at, marked.as_ref().unwrap_or(input));
        effects.entries.push(Entry {
            at,
            body,
            private: extras.private.or(words).map(|private| private.json()),
            device: device_of(input).cloned(),
            frame_key: extras.frame_key,
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
        self.append(effects, extras.stored.into_iter().collect(), at, journal)
    }

    fn session_id(&self) -> Option<SessionId> {
        self.room.session().map(|session| session.id.clone())
    }

    /// Everything that the room outputs now.
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

    /// Turns the room's outputs into frames for screens, lines of the log and views.
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
                Output::Revised(..) => {}
                output => after.push(output),
            }
        }
        // An alert that opens or ends changes which others may alert.
        let may_change_limits = after.iter().any(|output| matches!(output, Output::Alert(_)));
        let ends =
            |output: &Output| matches!(output, Output::SessionEnded(_) | Output::MovedOut(_));
        let ends = after.iter().any(ends);
        let has_changed = !after.is_empty();
        self.publish_vitals(frame, &asides, ends, at, screens);
        self.publish_monitors(at, screens);
        let mut session_changed = false;
        let mut session_ended = None;
        let mut calls = false;
        for output in after {
            match output {
                Output::Alert(line) => {
                    effects.entries.push(Entry {
                        at: line.at,
                        body: write_alert(&line),
                        session: self.session_id(),
                        ..Entry::default()
                    });
                    self.show_alert(&line.alert, effects, line.at, screens);
                }
                Output::AlertTouched(id) => self.show_alert(&id, effects, at, screens),
                Output::Step(step) => {
                    calls |= matches!(step.step, Step::SecondNurse | Step::Prescriber);
                    self.say_step(step, effects);
                }
                Output::Session => session_changed = true,
                Output::SessionEnded(session) => session_ended = Some(session),
                Output::MovedOut(moving) => self.leaves(*moving, at, screens),
                Output::Monitor(_)
                | Output::Shown(_)
                | Output::Wait(_)
                | Output::NotLive(..)
                | Output::Revised(..) => {}
            }
        }
        if has_changed {
            self.publish_forgotten(effects, at, screens);
        }
        // Who was called is no line of the log and no input: after a restart the state says so.
        if calls {
            effects.entries.push(self.checkpoint(at));
        }
        if may_change_limits || session_changed {
            let limits = self.room.shown_limits();
            session_changed |= self.shown_limits != limits;
            self.shown_limits = limits;
        }
        let has_cuff =
            |frame: &vitals::Frame| frame.readings.iter().any(|r| r.vital == vitals::Vital::Nibp);
        session_changed |= self.note_peak(has_changed || frame.is_some_and(has_cuff));
        if let Some(ended) = session_ended {
            self.end_session(&ended, effects, (at, journal), screens);
        } else if session_changed {
            let class = Class::Whole(Subject::Session);
            self.publish(class, screens, |room_actor, view| StreamFrame::Session {
                room: room_actor.id(),
                rev: room_actor.rev,
                session: room_actor.session(view),
                limits: room_actor.room.shown_limits(),
            });
            effects.views.extend(self.session_row(self.room.session(), None));
        }
    }

    fn note_peak(&mut self, may_be_pressures: bool) -> bool {
        let room = &self.room;
        self.card.as_mut().is_some_and(|card| card.peak.note(room, may_be_pressures))
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
        self.publish(Class::Whole(Subject::Session), screens, |room_actor, view| {
            let card = room_actor.card.as_ref();
            StreamFrame::Session {
                room: room_actor.id(),
                rev: room_actor.rev,
                session: card.map(|card| session_view(&room_actor.room, ended, card, view)),
                // From now on the alerts of a room without a session.
                limits: room_actor.room.shown_limits(),
            }
        });
        self.card = None;
    }

    /// Whether the session is in this room.
    pub(super) fn has_session(&self, id: &SessionId) -> bool {
        self.room.session().is_some_and(|session| session.id == *id)
    }
}

fn device_of(input: &Input) -> Option<&DeviceId> {
    match input {
        Input::Frame(frame) => Some(&frame.device),
        Input::Link { device, .. } => Some(device),
        _ => None,
    }
}

/// The input with its late readings marked, if it has any.
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
