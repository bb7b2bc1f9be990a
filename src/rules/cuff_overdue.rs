//! The cuff reading that is due does not come.

use serde::{Deserialize, Serialize};

use super::bounds::Delay;
use super::condition::{Condition, Priority};
use super::course::{Course, running};
use super::found::Found;
use super::phrases::seconds;
use super::row::is_false;
use super::section::Stage;
use super::shape::{LONGEST_DELAY_S, Level, Shape, levels};
use super::timed::{Moment, counts_always, infusing};
use super::vocabulary::Vocabulary;
use crate::vitals::Millis;

/// The cuff reading that is due does not come.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CuffOverdue {
    /// The gravest that holds counts.
    pub stages: Vec<OverdueStage>,
}

/// One stage of an overdue cuff reading: at `age > cadences × cadence + and_s`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OverdueStage {
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// Whether it applies only while infusing.
    #[serde(default, skip_serializing_if = "is_false")]
    pub infusing: bool,
    /// The age in cadences, at least 1.
    pub cadences: u8,
    /// Seconds in addition to the cadences.
    pub and_s: u32,
}

impl CuffOverdue {
    /// A reading that is due then, by a cadence of this length; ages are counted from `ages_from`
    /// on.
    pub(crate) fn course(
        &self,
        (due, cadence_ms): (Millis, i64),
        ages_from: Millis,
        moment: Moment,
    ) -> Course<'_> {
        let counting = self.stages.iter().filter(|stage| moment.counts(stage.infusing));
        let times = counting.map(|stage| {
            let more_ms = i64::from(stage.cadences.saturating_sub(1)) * cadence_ms;
            let at = due.plus(more_ms + i64::from(stage.and_s) * 1_000);
            (stage.priority, at.max(ages_from))
        });
        match running(moment.now, times) {
            Course::Running { priority: None, next, .. } if moment.now < due => {
                Course::Over { next }
            }
            course => course,
        }
    }
}

impl Shape for CuffOverdue {
    fn name(&self) -> &'static str {
        "cuff_overdue"
    }

    fn levels(&self) -> Vec<Level> {
        levels("stages", &self.stages, |s| (1, s.priority))
    }

    fn check(&self, _: Vocabulary<'_>, place: &str, found: &mut Found) {
        for (index, stage) in self.stages.iter().enumerate() {
            let place = format!("{place}.stages[{index}]");
            found.within(format!("{place}.cadences"), stage.cadences, (1, 2), "");
            found.within(format!("{place}.and_s"), stage.and_s, (1, LONGEST_DELAY_S), " s");
        }
    }

    fn delays(&self) -> Option<Vec<Delay>> {
        let one = |stage: &OverdueStage| Delay {
            priority: stage.priority,
            key: "and_s",
            seconds: stage.and_s,
            is_enough: counts_always(stage.priority, stage.infusing),
        };
        Some(self.stages.iter().map(one).collect())
    }

    fn stages(&self, _: Vocabulary<'_>) -> Vec<Stage> {
        let stage = |s: &OverdueStage| {
            let cadences = match s.cadences {
                1 => "the cadence".to_owned(),
                2 => "twice the cadence".to_owned(),
                n => format!("{n} times the cadence"),
            };
            let (more, infusing) = (seconds(s.and_s), infusing(s.infusing));
            let text = format!("no valid BP for {cadences} and {more} more{infusing}");
            Stage::technical(s.priority, &text)
        };
        self.stages.iter().map(stage).collect()
    }

    fn clears(&self, _: Vocabulary<'_>) -> String {
        "over by a valid reading".to_owned()
    }

    fn notes(&self, _: Condition, _: Vocabulary<'_>) -> Vec<String> {
        let from = "Counted from the last valid reading, or from the beginning of the phase.";
        vec![from.to_owned()]
    }
}
