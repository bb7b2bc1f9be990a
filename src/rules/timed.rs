//! Stages that only time tells apart.

use serde::{Deserialize, Serialize};

use super::bounds::Delay;
use super::condition::Priority;
use super::course::{Course, running, seconds_after};
use super::found::Found;
use super::phrases::seconds;
use super::row::is_false;
use super::section::Stage;
use super::shape::{LONGEST_DELAY_S, Level, Shape, levels};
use super::vocabulary::Vocabulary;
use crate::vitals::Millis;

/// One stage of what has lasted for some time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimedStage {
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// Whether it applies only while infusing.
    #[serde(default, skip_serializing_if = "is_false")]
    pub infusing: bool,
    /// How long it must have lasted, seconds.
    pub after_s: u32,
}

/// A rule of nothing but how long something has lasted.
pub(super) trait Lasting {
    /// Its key in a profile.
    const NAME: &'static str;
    /// What lasts.
    const WHAT: &'static str;
    /// When it is over.
    const OVER: &'static str;

    /// Its stages.
    fn timed(&self) -> &[TimedStage];
}

impl<T: Lasting> Shape for T {
    fn name(&self) -> &'static str {
        T::NAME
    }

    fn levels(&self) -> Vec<Level> {
        levels("stages", self.timed(), |stage| (1, stage.priority))
    }

    fn check(&self, _: Vocabulary<'_>, place: &str, found: &mut Found) {
        check(self.timed().iter().map(|stage| stage.after_s), place, found);
    }

    fn delays(&self) -> Option<Vec<Delay>> {
        Some(delays(self.timed()))
    }

    fn stages(&self, _: Vocabulary<'_>) -> Vec<Stage> {
        words(T::WHAT, self.timed())
    }

    fn clears(&self, _: Vocabulary<'_>) -> String {
        T::OVER.to_owned()
    }
}

/// The moment at which a rule of time judges.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) now: Millis,
    pub(crate) is_infusing: bool,
}

impl Moment {
    /// Whether a stage that may be for the infusion alone counts now.
    pub(super) fn counts(self, infusing_only: bool) -> bool {
        !infusing_only || self.is_infusing
    }
}

/// The stages of what has lasted since then.
pub(super) fn course<'a>(stages: &[TimedStage], since: Millis, moment: Moment) -> Course<'a> {
    let counting = stages.iter().filter(|stage| moment.counts(stage.infusing));
    running(moment.now, counting.map(|s| (s.priority, seconds_after(since, s.after_s))))
}

pub(super) fn infusing(only: bool) -> &'static str {
    if only { ", while infusing" } else { "" }
}

pub(super) fn words(what: &str, stages: &[TimedStage]) -> Vec<Stage> {
    let one = |stage: &TimedStage| {
        let text = format!("{what}, for {}{}", seconds(stage.after_s), infusing(stage.infusing));
        Stage::technical(stage.priority, &text)
    };
    stages.iter().map(one).collect()
}

pub(super) fn delays(stages: &[TimedStage]) -> Vec<Delay> {
    let one = |stage: &TimedStage| Delay {
        priority: stage.priority,
        key: "after_s",
        seconds: stage.after_s,
        is_enough: counts_always(stage.priority, stage.infusing),
    };
    stages.iter().map(one).collect()
}

/// A high stage may be for the infusion alone.
pub(super) fn counts_always(priority: Priority, infusing: bool) -> bool {
    !infusing || priority == Priority::High
}

pub(super) fn check(delays_s: impl Iterator<Item = u32>, place: &str, found: &mut Found) {
    for (index, after_s) in delays_s.enumerate() {
        let key = format!("{place}.stages[{index}].after_s");
        found.within(key, after_s, (1, LONGEST_DELAY_S), " s");
    }
}
