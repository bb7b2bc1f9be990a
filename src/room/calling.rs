//! Calling people to an alert that nobody has: said again, then to the second nurse, then to the
//! prescriber, until somebody has it (clinical.md#escalation). That somebody looked ends nothing,
//! and a silence changes nothing.

use std::mem;

use serde::{Deserialize, Serialize};

use super::alert::Alert;
use super::step::{AlertStep, Audience, Step};
use super::{Output, Room};
use crate::profile::Escalation;
use crate::rules::{Condition, Priority};
use crate::vitals::{Millis, RoomId, moved};

/// How far the calling for an alert has got.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Calling {
    /// Since when nobody has had it. None while somebody has, and when its condition is over.
    since: Option<Millis>,
    /// The step by which that began; none when it came back without a tone.
    began: Option<Step>,
    /// When each stage was reached. They are kept when the calling ends, for the record.
    reached: Vec<Millis>,
    /// When people were last told.
    told: Option<Millis>,
    /// What is still to be said of it.
    #[serde(skip)]
    unsaid: Vec<Step>,
}

moved!(Calling { moves: since, reached, told; stays: began, unsaid });

impl Calling {
    /// Of an alert that is raised.
    pub(super) fn of(condition: Condition, at: Millis) -> Self {
        let mut calling = Self::default();
        calling.begin(condition, Step::Raised, at);
        calling
    }

    /// Nobody has it from now on: people are called anew.
    pub(super) fn begin(&mut self, condition: Condition, step: Step, at: Millis) {
        let is_call = condition == Condition::Help && step != Step::Repeat;
        let step = if is_call { Step::Help } else { step };
        self.begin_without_tone(at);
        self.began = Some(step);
        self.unsaid.push(step);
    }

    /// The same, of an alert that is back and makes no tone.
    pub(super) fn begin_without_tone(&mut self, at: Millis) {
        (self.since, self.began, self.told) = (Some(at), None, Some(at));
        self.reached.clear();
    }

    /// Somebody has it, or it is over.
    pub(super) fn end(&mut self, step: Step) {
        self.since = None;
        self.unsaid.push(step);
    }

    fn deadline(&self, escalation: &Escalation, priority: Priority) -> Option<Millis> {
        let since = self.since?;
        let stage = escalation.next_stage(priority, since, self.reached.len());
        let repeat = escalation.next_repeat(priority, since, self.told.unwrap_or(since));
        stage.into_iter().chain(repeat).min()
    }

    /// Reaches every stage that is due, in turn; when none is, says it again if that is due. After
    /// a blind time what fell due in it is said once. Returns whether a stage was reached.
    fn on_time(&mut self, escalation: &Escalation, priority: Priority, now: Millis) -> bool {
        let Some(since) = self.since else { return false };
        let before = self.reached.len();
        let next = |reached: usize| escalation.next_stage(priority, since, reached);
        while next(self.reached.len()).is_some_and(|at| at <= now) {
            self.reached.push(now);
            self.unsaid.push(stage(priority, self.reached.len()));
        }
        let is_reached = self.reached.len() > before;
        let repeat = escalation.next_repeat(priority, since, self.told.unwrap_or(since));
        let repeats = repeat.is_some_and(|at| at <= now);
        if repeats && !is_reached {
            self.unsaid.push(Step::Repeat);
        }
        if repeats || is_reached {
            self.told = Some(now);
        }
        is_reached
    }
}

/// The step by which an alert of this priority reaches its nth stage.
fn stage(priority: Priority, nth: usize) -> Step {
    match (priority, nth) {
        (Priority::High, 1) => Step::SecondNurse,
        (Priority::High, _) => Step::Prescriber,
        _ => Step::Repeat,
    }
}

/// Who is told once so many stages were reached.
fn audience(condition: Condition, priority: Priority, reached: usize) -> Audience {
    match (condition, priority, reached) {
        (Condition::Help, ..) => Audience::All,
        (_, Priority::High, 1) => Audience::Second,
        (_, Priority::High, 2..) => Audience::Prescriber,
        _ => Audience::First,
    }
}

impl Alert {
    /// The stages that it has reached: of a high one 1 when the second nurse was called, 2 when the
    /// prescriber was; of a medium one 1 when it was pointed out. It begins at 0 again when the
    /// alert gets worse, comes back or asks again.
    #[must_use]
    pub fn escalated(&self) -> usize {
        self.calling.reached.len()
    }

    /// When it reached the last of them.
    #[must_use]
    pub fn escalated_at(&self) -> Option<Millis> {
        self.calling.reached.last().copied()
    }

    /// When people are next called.
    pub(super) fn calls_at(&self, escalation: &Escalation) -> Option<Millis> {
        self.calling.deadline(escalation, self.priority)
    }

    /// Calls people when that is due. Returns whether it reads differently for staff.
    pub(super) fn call(&mut self, escalation: &Escalation, now: Millis) -> bool {
        self.calling.on_time(escalation, self.priority, now)
    }

    /// What is to be said of it now.
    pub(crate) fn take_steps(&mut self, room: Option<&RoomId>, now: Millis) -> Vec<AlertStep> {
        let is_stage = |step: &Step| matches!(step, Step::SecondNurse | Step::Prescriber);
        let unsaid = mem::take(&mut self.calling.unsaid);
        let stages = unsaid.iter().filter(|step| is_stage(step)).count();
        let mut reached = self.escalated().saturating_sub(stages);
        let said = unsaid.into_iter().map(|step| {
            reached += usize::from(is_stage(&step));
            self.step(room, step, now, reached)
        });
        said.collect()
    }

    /// What of it people must know now, each step as it was said: for whoever carries it to them
    /// and does not know what the last run of the program had still said.
    pub(crate) fn steps_so_far(&self, room: Option<&RoomId>) -> Vec<AlertStep> {
        let Calling { since, began, reached, told, .. } = &self.calling;
        let all = reached.len();
        let Some(since) = *since else {
            let taken = self.acknowledged.as_ref().map(|taken| (Step::Acknowledged, taken.at));
            let over = self.ended_at.map(|at| (Step::Resolved, at));
            let mut last: Vec<_> = taken.into_iter().chain(over).collect();
            last.sort_by_key(|(_, at)| *at);
            return last.into_iter().map(|(step, at)| self.step(room, step, at, all)).collect();
        };
        let began = began.map(|step| self.step(room, step, since, 0));
        let stages = reached
            .iter()
            .zip(1..)
            .map(|(at, nth)| self.step(room, stage(self.priority, nth), *at, nth));
        let is_repeat = |at: &Millis| *at > since && !reached.contains(at);
        let repeat = told.filter(is_repeat).map(|at| self.step(room, Step::Repeat, at, all));
        began.into_iter().chain(stages).chain(repeat).collect()
    }

    fn step(&self, room: Option<&RoomId>, step: Step, at: Millis, reached: usize) -> AlertStep {
        let Self { priority, condition, state, .. } = *self;
        let audience = audience(condition, priority, reached);
        let (alert, room) = (self.id(), room.cloned());
        AlertStep { alert, room, priority, condition, state, step, at, audience }
    }
}

impl Room {
    /// Says what is to be said of an alert.
    pub(super) fn say(&mut self, index: usize) {
        let steps = self.alarms.alerts[index].take_steps(Some(&self.id), self.now);
        self.outputs.extend(steps.into_iter().map(Output::Step));
    }
}
