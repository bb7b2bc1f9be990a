//! One room's state machine: the heart of the product.
//!
//! It does no I/O: `handle(input, at)`, then `poll_output()` until it returns [`Output::Wait`].
//! Before an input is handled every deadline up to its time fires, each stamped with its own time,
//! so that timers need no journal and a replay is exact. There is no clock, no randomness and no
//! hash order inside.

mod afterlife;
mod alarms;
mod alert;
mod alert_acts;
mod alert_calls;
mod alert_line;
mod bedside;
mod by_hand;
mod calling;
mod checkpoint;
mod entry;
mod event;
mod event_type;
mod event_words;
mod gates;
mod given;
mod help;
mod inflation;
mod ingest;
mod ingest_cuff;
mod input;
mod judge;
mod latest;
mod limits;
mod listed;
mod lost;
mod missing;
mod monitor;
mod moved;
mod phase;
mod private_words;
mod pulse_gate;
mod receipt;
mod recurring;
mod refusal;
mod refusal_of_treatment;
mod session;
mod shown_limits;
mod start_wait;
mod stay;
mod step;
mod tasks;
mod technical;
#[cfg(test)]
mod tests;
mod transfer;
mod treatment;
mod view;
mod withdraw;

use std::collections::VecDeque;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use afterlife::Ended;
pub(crate) use alert::Change;
pub use alert::{Acknowledged, Alert, AlertState, LONGEST_SILENCE_S};
pub use alert_line::AlertLine;
pub use checkpoint::{CHECKPOINT_FORMAT, UnknownCheckpoint};
pub use event::{Acceptance, Event, ManualVitals};
pub use event_type::EventType;
pub(crate) use event_words::words as event_words;
pub use given::{AdverseEvent, Bolus, Medication, Oxygen, Severity, Spray};
pub use input::{Input, Link, Opening, Outcome};
pub use latest::{LastValue, Latest, STALE_AFTER_MS};
pub use limits::Authority;
pub use listed::{ListedType, ShownEvent, Withdrawn};
pub use monitor::Monitor;
pub use phase::Phase;
pub use private_words::{EventWords, SessionWords};
pub use receipt::{Receipt, ScreenKind};
pub use refusal::Refused;
pub use session::Session;
pub use shown_limits::{ShownLimits, ShownRange};
pub use step::{AlertStep, Audience, Step};
pub use tasks::{Task, TaskKind};
pub use transfer::{MovedFrom, Moving};
pub use treatment::{Entered, Treatment, Waived};

pub use crate::gates::Override;

use crate::profile::Profile;
use crate::rules::Condition;
pub(crate) use crate::rules::Finding;
pub use crate::rules::{Baseline, GivenScore, OpenSymptom, OwnLimits, PersonalLimits, Waiting};
use crate::vitals::{DeviceId, Millis, RoomId, SessionId, Vital};
pub(crate) use alarms::Alarms;
use bedside::Bedside;
use stay::Stay;

/// What a room hands to its owner.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// An alert was raised, or its priority, state, acknowledgement or silence changed: a line of
    /// the log. [`Room::alert`] of the line's id is the alert as it is now.
    Alert(AlertLine),
    /// Something else about an alert changed; its id.
    AlertTouched(String),
    /// Something to be told to people: it is no line of the log, as it follows from the lines.
    Step(AlertStep),
    /// The session, its limits or its phase changed.
    Session,
    /// The session is over: this is the last state of it that the room knows.
    SessionEnded(Box<Session>),
    /// The patient has left for another room: everything that goes along.
    MovedOut(Box<Moving>),
    /// The state of a monitor changed.
    Monitor(DeviceId),
    /// The number that is shown for a vital changed, without a frame that says so.
    Shown(Vital),
    /// The reading of this index in the frame is charted, but does not become the room's number.
    NotLive(usize, NotLive),
    /// The reading of this index in the frame corrects or takes back the value of its vital that
    /// was heard at this time.
    Revised(usize, Millis),
    /// No more outputs. Call [`Room::advance`] at this time if nothing comes sooner.
    Wait(Option<Millis>),
}

/// Why a reading is only charted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotLive {
    /// It came too late to be live.
    Late,
    /// Another sensor is preferred for this vital.
    Outranked,
    /// The same cuff reading again.
    Repeated,
    /// The pulse beside it jumps: it counts as bad signal, and is shown as questionable.
    Doubted,
}

/// A room and everything in it that can alert: what stays there whoever is in it, what belongs to
/// the patient who is in it now, and the alerts, which outlive both until somebody has seen them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Room {
    id: RoomId,
    now: Millis,
    /// The profile that watches the room while no session runs.
    clinic_profile: Arc<Profile>,
    /// The previous session, as far as it is still needed.
    ended: Option<Ended>,
    bedside: Bedside,
    stay: Stay,
    alarms: Alarms,
    #[serde(skip)]
    outputs: VecDeque<Output>,
    #[serde(skip)]
    judged_at: JudgedAt,
    #[serde(skip)]
    found: Found,
}

/// When something was last judged: what screens were sent is as of that time. It plays no part in
/// whether two rooms are equal.
#[derive(Clone, Copy, Debug)]
struct JudgedAt(Millis);

impl Default for JudgedAt {
    fn default() -> Self {
        Self(Millis(0))
    }
}

/// The next deadline, with the time at which it was looked for: until time passes or something
/// happens, it is the same. It plays no part in whether two rooms are equal either.
#[derive(Clone, Copy, Debug, Default)]
struct Found(Option<(Millis, Option<Millis>)>);

impl PartialEq for Found {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl PartialEq for JudgedAt {
    fn eq(&self, _other: &Self) -> bool {
        true
    }
}

impl Room {
    /// An empty room; without a session the absolute limits of `clinic_profile` apply.
    #[must_use]
    pub fn new(id: RoomId, clinic_profile: Arc<Profile>) -> Self {
        Self {
            id,
            now: Millis(0),
            stay: Stay::new(clinic_profile.clone()),
            clinic_profile,
            ended: None,
            bedside: Bedside::default(),
            alarms: Alarms::default(),
            outputs: VecDeque::new(),
            judged_at: JudgedAt::default(),
            found: Found::default(),
        }
    }

    /// Takes one input at time `at`, which never goes back except in an [`Input::ClockStep`] that
    /// says so; an earlier time counts as now.
    pub fn handle(&mut self, input: &Input, at: Millis) {
        if let Input::ClockStep { ms, moves_at: true } = input {
            self.move_time(*ms, at);
            return;
        }
        let at = at.max(self.now);
        if let Input::Restart { blind_from, blind_to } = input {
            self.advance((*blind_from).min(at));
            self.restart((*blind_to).clamp(self.now, at));
            self.advance(at);
            return;
        }
        self.advance(at);
        match input {
            Input::Frame(frame) => self.ingest(frame),
            Input::Link { device, link } => self.link(device, *link),
            // What came along is in the checkpoint that follows.
            Input::Open(opening) | Input::MoveIn { opening, .. } => self.open(opening),
            Input::Staff { staff, event, occurred_at } => {
                self.staff_event(staff, event, occurred_at.map_or(at, |earlier| earlier.min(at)));
            }
            Input::Acknowledge { alert, .. }
            | Input::Silence { alert, .. }
            | Input::Received { alert } => self.handle_alert(alert, input),
            Input::Help { staff, priority } => self.call_for_help(staff, *priority),
            Input::Outcome { alert, .. } => {
                self.handle_alert(alert, input);
                self.outputs.push_back(Output::Session);
            }
            Input::Receipts(receipts) => self.note_receipts(receipts),
            Input::Watched(watched) => {
                let since = self.bedside.unwatched_since.unwrap_or(self.now);
                self.bedside.unwatched_since = (!watched).then_some(since);
            }
            Input::Profile(profile) => self.use_profile(profile.clone()),
            // `at` goes on, and a gap is followed by a checkpoint: both inputs exist for the record
            // alone.
            Input::ClockStep { .. } | Input::Gap { .. } | Input::Restart { .. } => {}
        }
        self.on_time();
    }

    /// Lets time pass: fires every deadline up to `at`, in order.
    pub fn advance(&mut self, at: Millis) {
        if at <= self.now {
            // A deadline that is past has fired.
            return;
        }
        while let Some(deadline) = self.find_deadline().filter(|deadline| *deadline <= at) {
            self.now = deadline;
            self.on_time();
        }
        self.now = self.now.max(at);
    }

    /// The next output; [`Output::Wait`] when there is no more.
    pub fn poll_output(&mut self) -> Output {
        match self.outputs.pop_front() {
            Some(output) => output,
            None => Output::Wait(self.find_deadline()),
        }
    }

    /// The outputs so far, for an owner that goes on at once and does not wait.
    pub fn outputs_so_far(&mut self) -> impl Iterator<Item = Output> {
        self.outputs.drain(..)
    }

    /// After a time in which nothing could be heard, ages start anew; what is active stays active.
    fn restart(&mut self, at: Millis) {
        self.now = at;
        self.bedside.ages_from = at;
        self.on_time();
    }

    fn on_time(&mut self) {
        let now = self.now;
        self.found = Found::default();
        self.judged_at = JudgedAt(now);
        let profile = self.stay.profile.clone();
        let text = |c: Condition| profile.row(c).map_or_else(String::new, |row| row.text.clone());
        while let Some((condition, finding)) = self.stay.cuff.take_overdue(now, text) {
            if let Some(row) = profile.row(condition).filter(|row| self.applies(row)) {
                self.apply_unless_hidden(row, finding);
            }
        }
        self.judge_technical();
        for index in 0..self.alarms.alerts.len() {
            match self.alarms.alerts[index].on_time(&profile.escalation, now) {
                Change::Line => self.log(index),
                Change::Words => {
                    self.outputs.push_back(Output::AlertTouched(self.alarms.alerts[index].id()));
                }
                Change::Nothing => {}
            }
            self.say(index);
        }
        self.end_start_waits();
        self.note_tasks();
    }

    /// The next deadline, from what was found before if nothing has changed since: every change ends
    /// with [`Self::on_time`], or forgets what was found itself.
    fn find_deadline(&mut self) -> Option<Millis> {
        if let Some((now, deadline)) = self.found.0
            && now == self.now
        {
            debug_assert_eq!(deadline, self.next_deadline(), "what was found is out of date");
            return deadline;
        }
        let deadline = self.next_deadline();
        self.found = Found(Some((self.now, deadline)));
        deadline
    }

    fn next_deadline(&self) -> Option<Millis> {
        let escalation = &self.stay.profile.escalation;
        let alerts = self.alarms.alerts.iter().filter_map(|alert| alert.deadline(escalation));
        let technical = self.technical_deadline();
        let timed =
            alerts.chain(self.stay.cuff.deadline()).chain(technical).chain(self.task_deadline());
        timed.filter(|at| *at > self.now).min()
    }
}
