//! Values that the monitor does not trust.

use serde::{Deserialize, Serialize};

use super::bounds::Delay;
use super::condition::Condition;
use super::course::{Course, running, seconds_after};
use super::found::Found;
use super::phrases::either;
use super::section::Stage;
use super::shape::{Level, Shape, levels};
use super::timed::{self, Moment, TimedStage};
use super::vital::ContinuousVital;
use super::vocabulary::Vocabulary;
use crate::vitals::Millis;

/// Values that the monitor does not trust.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Questionable {
    /// Any of these.
    pub vitals: Vec<ContinuousVital>,
    /// The gravest that holds counts.
    pub stages: Vec<TimedStage>,
}

impl Questionable {
    /// Values that are not trusted since then; until `hidden_until` the cuff may be the reason.
    pub(crate) fn course(
        &self,
        since: Millis,
        hidden_until: Option<Millis>,
        moment: Moment,
    ) -> Course<'_> {
        let counting = self.stages.iter().filter(|stage| moment.counts(stage.infusing));
        let times = counting.map(|stage| {
            let at = seconds_after(since, stage.after_s);
            (stage.priority, hidden_until.map_or(at, |until| at.max(until)))
        });
        running(moment.now, times)
    }
}

impl Shape for Questionable {
    fn name(&self) -> &'static str {
        "questionable"
    }

    fn levels(&self) -> Vec<Level> {
        levels("stages", &self.stages, |s| (1, s.priority))
    }

    fn check(&self, _: Vocabulary<'_>, place: &str, found: &mut Found) {
        let all = [ContinuousVital::Spo2, ContinuousVital::HeartRate];
        if !all.iter().all(|vital| self.vitals.contains(vital)) {
            found.add(format!("{place}.vitals"), "must hold \"spo2\" and \"heart_rate\"");
        }
        found.within(format!("{place}.vitals"), self.vitals.len(), (2, 4), " vitals");
        timed::check(self.stages.iter().map(|stage| stage.after_s), place, found);
    }

    fn delays(&self) -> Option<Vec<Delay>> {
        Some(timed::delays(&self.stages))
    }

    fn stages(&self, _: Vocabulary<'_>) -> Vec<Stage> {
        let names: Vec<_> = self.vitals.iter().map(|vital| vital.words().to_owned()).collect();
        let what = format!("the monitor does not trust its {}", either(&names));
        timed::words(&what, &self.stages)
    }

    fn clears(&self, _: Vocabulary<'_>) -> String {
        "over when the monitor trusts its values again".to_owned()
    }

    fn notes(&self, _: Condition, _: Vocabulary<'_>) -> Vec<String> {
        let under_the_cuff = "What is not trusted while a cuff inflates waits until 20 s after its \
                              end, 60 s at most.";
        vec![under_the_cuff.to_owned()]
    }
}
