//! How far an alert has called people, and what is said of it: step by step, and since it began.

use std::mem;

use super::alert::Alert;
use super::calling::{Calling, stage};
use super::step::{AlertStep, Audience, Step};
use super::{Output, Room};
use crate::profile::Escalation;
use crate::rules::{Condition, Priority};
use crate::vitals::{Millis, RoomId};

/// Who is told once so many stages were reached.
fn audience(condition: Condition, priority: Priority, reached: usize) -> Audience {
    match (condition, priority, reached) {
        (Condition::Help, ..) => Audience::All,
        (_, Priority::High, 1) => Audience::Second,
        (_, Priority::High, 2..) => Audience::Prescriber,
        _ => Audience::First,
    }
}

/// Whether somebody else is called by it.
const fn is_of_people(step: Step) -> bool {
    matches!(step, Step::SecondNurse | Step::Prescriber)
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

    /// The step by which it reached each of them, and when.
    pub(crate) fn stages(&self) -> impl Iterator<Item = (Step, Millis)> {
        let reached = self.calling.reached.iter().zip(1..);
        reached.map(|(at, nth)| (stage(self.priority, nth), *at))
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
        let unsaid = mem::take(&mut self.calling.unsaid);
        let stages = unsaid.iter().filter(|step| is_of_people(**step)).count();
        let mut reached = self.escalated().saturating_sub(stages);
        let said = unsaid.into_iter().map(|step| {
            reached += usize::from(is_of_people(step));
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
        let stages = self.stages().zip(1..).map(|((step, at), nth)| self.step(room, step, at, nth));
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
