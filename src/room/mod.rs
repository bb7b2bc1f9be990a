//! One room's state machine: the heart of the product.
//!
//! Sans-I/O: `handle(input, at)`, then `poll_output()` until it says [`Output::Wait`]. Before an
//! input is handled every deadline up to its time fires, each stamped with its own time, so that
//! timers need no journal and a replay is exact. No clock, no randomness, no hash order inside.

mod alert;
mod by_hand;
mod checkpoint;
mod continuous;
mod correct;
mod cuff;
mod entered;
mod event;
mod hear;
mod history;
mod inflation;
mod input;
mod latest;
mod limits;
mod monitor;
mod moved;
mod pulse_gate;
mod recurring;
mod refusal;
mod rhythm;
mod rules;
mod session;
mod shown_limits;
mod start_wait;
mod tasks;
mod technical;
#[cfg(test)]
mod tests;
mod view;

use std::collections::VecDeque;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

pub use alert::{Acknowledged, Alert, AlertLine, AlertState, LONGEST_SILENCE_S, Waiting};
pub use checkpoint::{CHECKPOINT_FORMAT, UnknownCheckpoint};
pub use correct::Withdrawn;
pub use event::{Acceptance, EVENT_TYPES, Event, ManualVitals, Override};
pub use input::{Input, Link, Opening, Outcome};
pub use latest::{LastValue, Latest, STALE_AFTER_MS};
pub use limits::{Authority, OwnLimits, PersonalLimits};
pub use monitor::Monitor;
pub use refusal::Refused;
pub use session::{Baseline, GivenScore, OpenSymptom, Phase, Session, ShownEvent};
pub use shown_limits::{ShownLimits, ShownRange};
pub use tasks::{Task, TaskKind};

use crate::profile::{Condition, ConditionRow, ContinuousVital, Profile};
use crate::vitals::{DeviceId, Millis, RoomId, SessionId, Vital};
use alert::Change;
pub(crate) use alert::Standing;
use cuff::Cuff;
use history::History;
use inflation::Inflation;
use pulse_gate::PulseGate;
use recurring::Recurring;

/// Closed alerts that a room remembers, so that an outcome can still be given.
const CLOSED_ALERTS: usize = 64;

/// What a room tells its owner.
#[derive(Clone, Debug, PartialEq)]
pub enum Output {
    /// An alert was raised or changed priority, state, acknowledgement or silence: a line of the
    /// log. The alert as it is now is [`Room::alert`] of the line's id.
    Alert(AlertLine),
    /// Something else about an alert changed; its id.
    AlertTouched(String),
    /// The session, its limits or its phase changed.
    Session,
    /// The session is over: [`Room::ended_session`].
    SessionEnded,
    /// What is known of a monitor changed.
    Monitor(DeviceId),
    /// The number that is shown of a vital changed, and no frame says so.
    Shown(Vital),
    /// The reading of this index in the frame is charted, but is not the room's number.
    Aside(usize, Aside),
    /// No more outputs. Call [`Room::advance`] at this time if nothing comes before.
    Wait(Option<Millis>),
}

/// Why a reading is charted only.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Aside {
    /// It came too late to be live.
    Late,
    /// Another sensor has the word for this vital.
    Outranked,
    /// The same cuff reading once more.
    Repeated,
    /// The pulse beside it jumps: it counts as bad signal, and is shown as questionable.
    Doubted,
}

/// A room and everything that alarms in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Room {
    id: RoomId,
    now: Millis,
    profile: Arc<Profile>,
    clinic_profile: Arc<Profile>,
    session: Option<Session>,
    /// The session before, as it ended.
    ended_session: Option<Session>,
    /// The current or last session; its alerts are called `a1` in the log.
    last_session: Option<SessionId>,
    monitors: Vec<Monitor>,
    latest: Vec<Latest>,
    /// By [`crate::profile::ContinuousVital`].
    histories: [History; 4],
    cuff: Cuff,
    inflation: Inflation,
    pulse_gate: PulseGate,
    /// What staff have measured, so that it can be withdrawn; the newest last.
    by_hand: VecDeque<by_hand::ByHand>,
    /// When conditions became active.
    recurring: Recurring,
    /// A cuff reading that is wanted beside the cadence.
    wanted: Option<tasks::Wanted>,
    /// When one is due after a change of the rate.
    rate_reading_due: Option<Millis>,
    /// A high pressure is watched until two readings running are inside its limits.
    watch_until_two_inside: Option<Condition>,
    rise: Option<tasks::Rise>,
    probe_task_since: Option<Millis>,
    shown_tasks: tasks::Shown,
    /// What the start waits after, one of a condition.
    #[serde(default)]
    falls: Vec<start_wait::Fall>,
    /// When a monitor's stream stood still, the newest last.
    drops: VecDeque<Millis>,
    /// When an impossible value was refused, the newest last.
    refusals: VecDeque<Millis>,
    alerts: Vec<Alert>,
    alerts_of_session: u32,
    /// The day and the number of its last alert without a session.
    alerts_of_day: (u32, u32),
    /// Since when no live, audible screen shows it.
    unwatched_since: Option<Millis>,
    /// Ages of data count from here at the earliest: the end of the last blind time.
    ages_from: Millis,
    /// When a monitor was last taken out of the room.
    unbound_at: Millis,
    #[serde(skip)]
    outputs: VecDeque<Output>,
}

impl Room {
    /// An empty room; without a session the absolute limits of `clinic_profile` watch it.
    #[must_use]
    pub fn new(id: RoomId, clinic_profile: Arc<Profile>) -> Self {
        Self {
            id,
            now: Millis(0),
            profile: clinic_profile.clone(),
            clinic_profile,
            session: None,
            ended_session: None,
            last_session: None,
            monitors: Vec::new(),
            latest: Vec::new(),
            histories: Default::default(),
            cuff: Cuff::default(),
            inflation: Inflation::default(),
            pulse_gate: PulseGate::default(),
            by_hand: VecDeque::new(),
            recurring: Recurring::default(),
            wanted: None,
            rate_reading_due: None,
            watch_until_two_inside: None,
            rise: None,
            probe_task_since: None,
            shown_tasks: tasks::Shown::default(),
            falls: Vec::new(),
            drops: VecDeque::new(),
            refusals: VecDeque::new(),
            alerts: Vec::new(),
            alerts_of_session: 0,
            alerts_of_day: (0, 0),
            unwatched_since: None,
            ages_from: Millis(0),
            unbound_at: Millis(0),
            outputs: VecDeque::new(),
        }
    }

    /// Takes one input at time `at`, which never goes back but in a [`Input::ClockStep`] that says
    /// so; an earlier one counts as now.
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
            Input::Frame(frame) => self.hear(frame),
            Input::Link { device, link } => self.link(device, *link),
            Input::Open(opening) => self.open(opening),
            Input::Staff { staff, event, occurred_at } => {
                self.staff_event(staff, event, occurred_at.map_or(at, |earlier| earlier.min(at)));
            }
            Input::Acknowledge { staff, alert } => {
                // The first who takes it has it.
                self.change_alert(alert, |alert, now| {
                    let is_free = alert.is_open() && alert.acknowledged.is_none();
                    is_free.then(|| alert.acknowledge(staff, now)).is_some()
                });
            }
            Input::Silence { alert, seconds, .. } => {
                self.change_alert(alert, |alert, now| {
                    let is_active = alert.state == AlertState::Active;
                    is_active.then(|| alert.silence(*seconds, now)).is_some()
                });
            }
            Input::Outcome { alert, outcome, .. } => {
                self.touch_alert(alert, |alert| alert.outcome = Some(*outcome));
                self.outputs.push_back(Output::Session);
            }
            Input::Received { alert } => self.touch_alert(alert, |alert| alert.received = true),
            Input::Watched(watched) => {
                let since = self.unwatched_since.unwrap_or(self.now);
                self.unwatched_since = (!watched).then_some(since);
            }
            Input::Profile(profile) => self.use_profile(profile.clone()),
            // `at` goes on, and a gap is followed by a checkpoint: both are told for the record
            // alone.
            Input::ClockStep { .. } | Input::Gap { .. } | Input::Restart { .. } => {}
        }
        self.on_time();
    }

    /// Lets time pass: fires every deadline up to `at`, in order.
    pub fn advance(&mut self, at: Millis) {
        while let Some(deadline) = self.next_deadline().filter(|deadline| *deadline <= at) {
            self.now = deadline;
            self.on_time();
        }
        self.now = self.now.max(at);
    }

    /// The next thing to tell; [`Output::Wait`] when there is no more.
    pub fn poll_output(&mut self) -> Output {
        self.outputs.pop_front().unwrap_or_else(|| Output::Wait(self.next_deadline()))
    }

    fn link(&mut self, device: &DeviceId, link: Link) {
        match link {
            Link::Up | Link::Down => {
                let index = self.monitor_index(device);
                self.monitors[index].link_is_down = link == Link::Down;
            }
            Link::Unbound => {
                self.monitors.retain(|monitor| monitor.device != *device);
                // What the wrong monitor said is no part of what the right one will say.
                for latest in self.latest.iter().filter(|latest| latest.device == *device) {
                    if let Some(vital) = ContinuousVital::of(latest.vital) {
                        self.histories[vital as usize] = History::default();
                    }
                }
                self.latest.retain(|latest| latest.device != *device);
                self.pulse_gate = PulseGate::default();
                self.unbound_at = self.now;
                if !self.monitors.iter().any(|monitor| monitor.is_in_conflict) {
                    self.end(Condition::DeviceConflict);
                }
            }
            Link::Bound => {
                let index = self.monitor_index(device);
                self.monitors[index].comes_from_elsewhere(self.now);
            }
            Link::Conflict => {
                let index = self.monitor_index(device);
                self.monitors[index].is_in_conflict = true;
                self.report(Condition::DeviceConflict);
            }
        }
        self.outputs.push_back(Output::Monitor(device.clone()));
    }

    fn open(&mut self, opening: &Opening) {
        if self.session.is_some() {
            self.close_session();
        }
        self.session = Some(Session::open(opening, self.now));
        self.last_session = Some(opening.session.clone());
        self.alerts_of_session = 0;
        self.cuff.begin_session();
        self.wanted = None;
        self.use_profile(opening.profile.clone());
        // What stands already stands for this patient.
        let standing = Condition::ALL.into_iter().filter(|condition| self.is_active(*condition));
        standing.collect::<Vec<_>>().into_iter().for_each(|condition| self.note_fall(condition));
    }

    fn use_profile(&mut self, profile: Arc<Profile>) {
        if self.session.is_none() {
            self.clinic_profile = profile.clone();
        }
        self.profile = profile;
        self.judge_anew();
        self.outputs.push_back(Output::Session);
    }

    fn staff_event(&mut self, staff: &str, event: &Event, occurred_at: Millis) {
        let measured = self.measured_baseline();
        let profile = self.profile.clone();
        let waited_for = self.start_waits().first().map(|waits| waits.wait.text.clone());
        let Some(session) = &mut self.session else {
            return;
        };
        let was_known = match event {
            Event::Symptom { symptom, .. } => session.has_symptom(symptom),
            _ => false,
        };
        match (event, waited_for) {
            (Event::Start { overrides }, Some(text)) => {
                let how = if overrides.is_some() { "Overridden" } else { "Started before its end" };
                session.note(occurred_at, format!("{how}: {text}"));
            }
            // What nothing else spoke against was a high baseline: its limits follow.
            (Event::Start { overrides }, None) => session.overridden |= overrides.is_some(),
            _ => {}
        }
        match event {
            Event::AcceptBaseline(given) => {
                let values = given.values().or(measured);
                let accepted = Event::AcceptBaseline(given.with(values));
                session.apply(staff, &accepted, occurred_at, &profile);
            }
            event => session.apply(staff, event, occurred_at, &profile),
        }
        if session.phase.has_ended() {
            self.close_session();
            self.outputs.push_back(Output::SessionEnded);
            return;
        }
        match event {
            Event::ManualVitals(vitals) => self.take_manual(vitals, occurred_at),
            Event::Symptom { symptom, over: false, .. } if !was_known => {
                self.judge_entries(Some(symptom));
            }
            Event::Symptom { .. } | Event::Score { .. } => self.judge_entries(None),
            Event::RateChange { .. } => self.want_reading_after_change(occurred_at),
            Event::BpNow {} => self.want_cuff_reading(tasks::Why::Asked, self.now),
            Event::Correct { event, .. } => self.entry_was_withdrawn(*event),
            Event::Note { .. } => {}
            _ => {
                if matches!(event, Event::Pause { .. } | Event::Resume {}) {
                    self.want_reading_after_change(occurred_at);
                }
                self.judge_anew();
            }
        }
        self.outputs.push_back(Output::Session);
    }

    /// The patient has left. What was only about measuring is closed; what nobody has seen of
    /// the patient stays.
    fn close_session(&mut self) {
        let still_conflicts = self.monitors.iter().any(|monitor| monitor.is_in_conflict);
        for index in 0..self.alerts.len() {
            let alert = &mut self.alerts[index];
            if !alert.is_open() || (alert.condition == Condition::DeviceConflict && still_conflicts)
            {
                continue;
            }
            alert.is_past = true;
            let is_unseen = alert.condition.kind() == crate::profile::Kind::Physiological
                && alert.acknowledged.is_none();
            let state = if is_unseen { AlertState::Latched } else { AlertState::Resolved };
            if alert.state != state {
                alert.close(state, self.now);
                self.log(index);
            }
        }
        self.ended_session = self.session.take();
        // The next patient's screen must not begin with this one's pressure.
        self.latest.retain(|latest| latest.vital != Vital::Nibp);
        self.cuff = Cuff::default();
        self.inflation = Inflation::default();
        self.pulse_gate = PulseGate::default();
        self.by_hand.clear();
        self.recurring = Recurring::default();
        self.monitors.iter_mut().for_each(|monitor| monitor.waiting_cuff = None);
        self.histories = Default::default();
        self.wanted = None;
        self.rate_reading_due = None;
        self.watch_until_two_inside = None;
        self.rise = None;
        self.falls.clear();
        self.drops.clear();
        self.refusals.clear();
        self.profile = self.clinic_profile.clone();
    }

    /// After a time in which nothing could be heard, ages start again; what stands stands.
    fn restart(&mut self, at: Millis) {
        self.now = at;
        self.ages_from = at;
        self.on_time();
    }

    fn on_time(&mut self) {
        let now = self.now;
        let profile = self.profile.clone();
        let text = |c: Condition| profile.row(c).map_or_else(String::new, |row| row.text.clone());
        while let Some((condition, standing)) = self.cuff.take_overdue(now, text) {
            if let Some(row) = profile.row(condition).filter(|row| self.applies(row)) {
                self.stand_unless_hidden(row, standing);
            }
        }
        self.judge_technical();
        for index in 0..self.alerts.len() {
            if self.alerts[index].on_time(now) {
                self.log(index);
            }
        }
        self.end_start_waits();
        self.note_tasks();
    }

    fn next_deadline(&self) -> Option<Millis> {
        let alerts = self.alerts.iter().filter_map(Alert::deadline);
        let technical = self.technical_deadline();
        let timed = alerts.chain(self.cuff.deadline()).chain(technical).chain(self.task_deadline());
        timed.filter(|at| *at > self.now).min()
    }

    /// The condition stands: raises its alert, or makes it worse.
    fn stand(&mut self, row: &ConditionRow, standing: Standing) {
        let condition = row.condition;
        let open = self.alerts.iter().position(|a| a.condition == condition && a.is_open());
        if let Some(index) = open {
            if !self.alerts[index].is_past {
                let was_active = self.alerts[index].state == AlertState::Active;
                let may_fall = self.has_left_level(row, self.alerts[index].level, &standing);
                if !was_active {
                    self.recurring.note(condition, self.now);
                }
                match self.alerts[index].stand(standing, may_fall, self.now) {
                    Change::Nothing => {}
                    Change::Words => {
                        self.outputs.push_back(Output::AlertTouched(self.alerts[index].id()));
                    }
                    Change::Line => {
                        self.log(index);
                        self.follow(condition, !was_active);
                    }
                }
                return;
            }
            // It gives way to this patient's own: a condition has one open alert in a room.
            self.alerts[index].close(AlertState::Resolved, self.now);
            self.log(index);
        }
        let now = self.now;
        let still = self.alerts.iter().rposition(|alert| {
            alert.condition == condition
                && !alert.is_past
                && (!standing.is_anew || alert.text == standing.text)
                && alert.is_still(&standing, row.realert_s, now)
        });
        self.recurring.note(condition, now);
        if let Some(index) = still {
            self.alerts[index].reopen(standing, now);
            self.log(index);
        } else {
            self.raise(condition, standing);
        }
        self.follow(condition, true);
    }

    fn raise(&mut self, condition: Condition, standing: Standing) {
        let number = self.next_number();
        let session = self.session.as_ref().map(|session| session.id.clone());
        let alert = Alert::raise(
            number,
            session,
            condition,
            Some(self.profile.label()),
            standing,
            self.now,
        );
        self.forget_closed_alerts();
        self.alerts.push(alert);
        self.log(self.alerts.len() - 1);
    }

    /// What else follows from an alert that is there again, or worse.
    fn follow(&mut self, condition: Condition, is_there_again: bool) {
        self.note_fall(condition);
        self.ask_for_cuff_reading(condition);
        if is_there_again {
            self.judge_with(condition);
        }
    }

    /// The condition is over.
    fn end(&mut self, condition: Condition) {
        let is_it = |a: &Alert| a.condition == condition && a.state == AlertState::Active;
        if let Some(index) = self.alerts.iter().position(is_it) {
            self.alerts[index].end(self.now);
            self.log(index);
        }
    }

    fn next_number(&mut self) -> (String, u32) {
        if let Some(session) = &self.session {
            self.alerts_of_session += 1;
            return (session.id.to_string(), self.alerts_of_session);
        }
        let day = self.now.day();
        let scope = format!("{}-{day}", self.id);
        let (newest, last) = self.alerts_of_day;
        if day < newest {
            // The clock was set back: how far it was counted on that day is not known any more.
            return (scope.clone(), self.number_of_a_day_again(&scope));
        }
        let number = if day == newest { last + 1 } else { 1 };
        self.alerts_of_day = (day, number);
        (scope, number)
    }

    /// A thousand for each minute of the day, from the minute in which it is.
    fn number_of_a_day_again(&self, scope: &str) -> u32 {
        let minute = u32::try_from(self.now.0.rem_euclid(86_400_000) / 60_000).unwrap_or(0);
        let first = (minute + 1) * 1_000;
        let of_the_minute = first..first + 1_000;
        let known = self.alerts.iter().filter(|alert| alert.scope == scope);
        let last = known.map(|alert| alert.number).filter(|n| of_the_minute.contains(n)).max();
        last.map_or(first, |last| last + 1)
    }

    fn forget_closed_alerts(&mut self) {
        let closed = self.alerts.iter().filter(|alert| !alert.is_open()).count();
        if closed >= CLOSED_ALERTS
            && let Some(oldest) = self.alerts.iter().position(|alert| !alert.is_open())
        {
            self.alerts.remove(oldest);
        }
    }

    fn log(&mut self, index: usize) {
        let line = self.line(&self.alerts[index]);
        self.outputs.push_back(Output::Alert(line));
    }

    fn change_alert(&mut self, name: &str, change: impl FnOnce(&mut Alert, Millis) -> bool) {
        if let Some(index) = self.alert_index(name) {
            let now = self.now;
            if change(&mut self.alerts[index], now) {
                self.log(index);
            }
        }
    }

    fn touch_alert(&mut self, name: &str, change: impl FnOnce(&mut Alert)) {
        if let Some(index) = self.alert_index(name) {
            change(&mut self.alerts[index]);
            self.outputs.push_back(Output::AlertTouched(self.alerts[index].id()));
        }
    }
}
