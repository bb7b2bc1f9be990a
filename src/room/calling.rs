//! Calling people to an alert that nobody has: said again, then to the second nurse, then to the
//! prescriber, until somebody has it (clinical.md#escalation). That somebody looked ends nothing,
//! and a silence changes nothing.

use serde::{Deserialize, Serialize};

use super::step::Step;
use crate::profile::Escalation;
use crate::rules::{Condition, Priority};
use crate::vitals::{Millis, moved};

/// How far the calling for an alert has got.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Calling {
    /// Since when nobody has had it. None while somebody has, and when its condition is over.
    pub(super) since: Option<Millis>,
    /// The step by which that began; none when it came back without a tone.
    pub(super) began: Option<Step>,
    /// When each stage was reached. They are kept when the calling ends, for the record.
    pub(super) reached: Vec<Millis>,
    /// When people were last told.
    pub(super) told: Option<Millis>,
    /// What is still to be said of it.
    #[serde(skip)]
    pub(super) unsaid: Vec<Step>,
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

    pub(super) fn deadline(&self, escalation: &Escalation, priority: Priority) -> Option<Millis> {
        let since = self.since?;
        let stage = escalation.next_stage(priority, since, self.reached.len());
        let repeat = escalation.next_repeat(priority, since, self.told.unwrap_or(since));
        stage.into_iter().chain(repeat).min()
    }

    /// Reaches every stage that is due, in turn; when none is, says it again if that is due. After
    /// a blind time what fell due in it is said once. Returns whether a stage was reached.
    pub(super) fn on_time(
        &mut self,
        escalation: &Escalation,
        priority: Priority,
        now: Millis,
    ) -> bool {
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
pub(super) fn stage(priority: Priority, nth: usize) -> Step {
    match (priority, nth) {
        (Priority::High, 1) => Step::SecondNurse,
        (Priority::High, _) => Step::Prescriber,
        _ => Step::Repeat,
    }
}
