//! Something that may happen, but not so often.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::condition::Priority;
use super::course::{Course, OVER, seconds_after};
use super::found::Found;
use super::phrases::seconds;
use super::section::Stage;
use super::shape::{LONGEST_DELAY_S, Level, Shape, one_level};
use super::vocabulary::Vocabulary;
use crate::vitals::Millis;

/// Something that may happen, but not so often.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Repeated {
    /// What.
    pub incident: Incident,
    /// So often.
    pub count: u8,
    /// Within this time, and over when it did not happen for as long; seconds.
    pub within_s: u32,
    /// Priority of the alert.
    pub priority: Priority,
}

/// What [`Repeated`] counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Incident {
    /// A monitor's stream stood still for some seconds, and went on.
    LinkDropped,
    /// A value that no living patient has was refused.
    ValueRefused,
}

impl Repeated {
    /// When it happened, the newest last.
    pub(crate) fn course(&self, times: &VecDeque<Millis>, now: Millis) -> Course<'_> {
        let Some(last) = times.back() else { return OVER };
        let over_at = seconds_after(*last, self.within_s);
        if over_at <= now {
            return OVER;
        }
        let within = |at: &&Millis| last.since(**at) < i64::from(self.within_s) * 1_000;
        let often = times.iter().rev().take_while(within).count() >= usize::from(self.count);
        let priority = often.then_some(self.priority);
        Course::Running { priority, next: Some(over_at), text: None }
    }
}

impl Shape for Repeated {
    fn name(&self) -> &'static str {
        "repeated"
    }

    fn of(&self) -> Option<(&'static str, Json)> {
        Some(("incident", json!(self.incident)))
    }

    fn levels(&self) -> Vec<Level> {
        one_level(self.priority)
    }

    fn check(&self, _: Vocabulary<'_>, place: &str, found: &mut Found) {
        found.within(format!("{place}.count"), self.count, (2, 16), "");
        found.within(format!("{place}.within_s"), self.within_s, (30, LONGEST_DELAY_S), " s");
    }

    fn stages(&self, _: Vocabulary<'_>) -> Vec<Stage> {
        let what = match self.incident {
            Incident::LinkDropped => "the monitor's stream stands still and goes on",
            Incident::ValueRefused => "a value that no living patient has is refused",
        };
        let text = format!("{what}, {} times within {}", self.count, seconds(self.within_s));
        vec![Stage::technical(self.priority, &text)]
    }

    fn clears(&self, _: Vocabulary<'_>) -> String {
        format!("over when it did not happen for {}", seconds(self.within_s))
    }
}
