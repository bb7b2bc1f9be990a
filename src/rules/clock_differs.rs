//! A monitor's clock differs from ours.

use serde::{Deserialize, Serialize};

use super::condition::Priority;
use super::course::{Course, running, seconds_after};
use super::found::Found;
use super::phrases::seconds;
use super::section::Stage;
use super::shape::{LONGEST_DELAY_S, Level, Shape, one_level};
use super::vocabulary::Vocabulary;
use crate::vitals::Millis;

/// A monitor's clock differs from ours.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockDiffers {
    /// How far the clock is off, seconds: more than this.
    pub by_s: u32,
    /// How long it must have been so, seconds.
    pub for_s: u32,
    /// Priority of the alert.
    pub priority: Priority,
}

impl ClockDiffers {
    /// A clock that differs since then.
    pub(crate) fn course(&self, since: Millis, now: Millis) -> Course<'_> {
        running(now, [(self.priority, seconds_after(since, self.for_s))].into_iter())
    }
}

impl Shape for ClockDiffers {
    fn name(&self) -> &'static str {
        "clock_differs"
    }

    fn levels(&self) -> Vec<Level> {
        one_level(self.priority)
    }

    fn check(&self, _: Vocabulary<'_>, place: &str, found: &mut Found) {
        found.within(format!("{place}.by_s"), self.by_s, (1, 60), " s");
        found.within(format!("{place}.for_s"), self.for_s, (1, LONGEST_DELAY_S), " s");
    }

    fn stages(&self, _: Vocabulary<'_>) -> Vec<Stage> {
        let (by, long) = (seconds(self.by_s), seconds(self.for_s));
        let text = format!("the monitor's clock differs by more than {by}, for {long}");
        vec![Stage::technical(self.priority, &text)]
    }

    fn clears(&self, _: Vocabulary<'_>) -> String {
        "over when the clock is right again".to_owned()
    }
}
