//! A monitor that is no longer heard.

use serde::{Deserialize, Serialize};

use super::course::{Course, running};
use super::timed::{Lasting, Moment, TimedStage};
use crate::vitals::Millis;

/// A monitor that is no longer heard.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lost {
    /// The gravest that holds counts.
    pub stages: Vec<TimedStage>,
}

impl Lost {
    /// A monitor that is silent since then; `patience_ms` says how long one waits for it instead of
    /// so many milliseconds.
    pub(crate) fn course(
        &self,
        since: Millis,
        patience_ms: impl Fn(i64) -> i64,
        moment: Moment,
    ) -> Course<'_> {
        let counting = self.stages.iter().filter(|stage| moment.counts(stage.infusing));
        let at = |s: &TimedStage| since.plus(patience_ms(i64::from(s.after_s) * 1_000));
        running(moment.now, counting.map(|stage| (stage.priority, at(stage))))
    }

    /// The shortest delay of a stage, milliseconds.
    pub(crate) fn first_ms(&self) -> i64 {
        let first_s = self.stages.iter().map(|stage| stage.after_s).min();
        i64::from(first_s.unwrap_or(0)) * 1_000
    }
}

impl Lasting for Lost {
    const NAME: &'static str = "lost";
    const WHAT: &'static str = "the monitor of the session is not heard";
    const OVER: &'static str = "over when the monitor is heard again";

    fn timed(&self) -> &[TimedStage] {
        &self.stages
    }
}
