//! Cuff readings that fail running, or a cuff that stays inflated.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::condition::{Condition, Priority};
use super::course::{Course, seconds_after};
use super::found::Found;
use super::phrases::{count, seconds};
use super::section::Stage;
use super::shape::{Level, Shape, one_level};
use super::vocabulary::Vocabulary;
use crate::vitals::Millis;

/// A cuff squeezes an arm for 45 s; no standard lets it do so for longer than three minutes.
const INFLATED_S: (u32, u32) = (90, 180);

/// Cuff readings that fail running.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CuffFailed {
    /// So many; the ones before are tasks.
    pub failures: u8,
    /// Priority of the alert.
    pub priority: Priority,
    /// Or a cuff that has been inflated for too long.
    #[serde(default)]
    pub inflated: Inflated,
}

/// A cuff that inflates and gives no result (clinical.md#the-cuff-and-the-finger-clip).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Inflated {
    /// How long it must have lasted, seconds.
    pub after_s: u32,
    /// Priority of the alert.
    pub priority: Priority,
    /// What staff read.
    pub text: String,
}

impl Default for Inflated {
    fn default() -> Self {
        let text = "Cuff inflated for 3 min: check the arm".to_owned();
        Self { after_s: 180, priority: Priority::Medium, text }
    }
}

impl CuffFailed {
    /// After so many failures running, and with a cuff that is inflated since then.
    pub(crate) fn course(
        &self,
        failures: u8,
        inflated_since: Option<Millis>,
        now: Millis,
    ) -> Course<'_> {
        let failed = (failures >= self.failures).then_some(self.priority);
        let too_long_at = inflated_since.map(|since| seconds_after(since, self.inflated.after_s));
        match too_long_at {
            Some(at) if at <= now => Course::Running {
                priority: failed.max(Some(self.inflated.priority)),
                next: None,
                text: Some(Cow::Borrowed(&self.inflated.text)),
            },
            next if failed.is_some() => Course::Running { priority: failed, next, text: None },
            next => Course::Over { next },
        }
    }
}

impl Shape for CuffFailed {
    fn name(&self) -> &'static str {
        "cuff_failed"
    }

    fn levels(&self) -> Vec<Level> {
        one_level(self.priority)
    }

    fn check(&self, _: Vocabulary<'_>, place: &str, found: &mut Found) {
        found.within(format!("{place}.failures"), self.failures, (1, 3), "");
        let after_s = format!("{place}.inflated.after_s");
        found.within(after_s, self.inflated.after_s, INFLATED_S, " s");
        found.text(&self.inflated.text, &format!("{place}.inflated.text"));
    }

    fn stages(&self, _: Vocabulary<'_>) -> Vec<Stage> {
        let text = match self.failures {
            1 => "a BP reading fails".to_owned(),
            n => format!("{} BP readings running fail", count(n)),
        };
        let long = seconds(self.inflated.after_s);
        let too_long = format!("the cuff has been inflated for {long} without a result");
        vec![
            Stage::technical(self.priority, &text),
            Stage::technical(self.inflated.priority, &too_long),
        ]
    }

    fn clears(&self, _: Vocabulary<'_>) -> String {
        "over by a valid reading".to_owned()
    }

    fn notes(&self, _: Condition, _: Vocabulary<'_>) -> Vec<String> {
        let before = "A failure before that is a task: repeat the reading.";
        (self.failures > 1).then(|| before.to_owned()).into_iter().collect()
    }
}
