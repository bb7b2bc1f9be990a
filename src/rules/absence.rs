//! A vital that should be there and is not.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::bounds::Delay;
use super::condition::{Condition, Priority};
use super::course::{Course, running};
use super::found::Found;
use super::phrases::seconds;
use super::row::is_false;
use super::section::Stage;
use super::shape::{Level, Shape, levels};
use super::timed::{self, Moment, counts_always, infusing};
use super::vital::ContinuousVital;
use super::vocabulary::Vocabulary;
use crate::vitals::Millis;

/// A vital that should be there and is not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Absence {
    /// The vital that is missing.
    pub vital: ContinuousVital,
    /// What staff read when the monitor says that the sensor is off.
    pub sensor_off_text: String,
    /// Alternatives; the gravest that holds counts.
    pub stages: Vec<AbsenceStage>,
}

/// One stage of a missing value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbsenceStage {
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// Only when the monitor says that the sensor is off.
    #[serde(default, skip_serializing_if = "is_false")]
    pub sensor_off: bool,
    /// Whether it applies only while infusing.
    #[serde(default, skip_serializing_if = "is_false")]
    pub infusing: bool,
    /// How long the value must have been missing, seconds.
    pub after_s: u32,
}

/// A value that is missing.
#[derive(Clone, Copy)]
pub(crate) struct Missing {
    pub(crate) since: Millis,
    /// Since when the monitor says that the sensor is off.
    pub(crate) sensor_off_since: Option<Millis>,
    /// Until then its silence has another reason: a cuff on the same arm, a monitor that tells
    /// first what it kept.
    pub(crate) hidden_until: Option<Millis>,
    /// The pause after which this monitor's vital is missed, milliseconds.
    pub(crate) patience_ms: i64,
}

impl Absence {
    pub(crate) fn course(&self, missing: Missing, moment: Moment) -> Course<'_> {
        let counting = self.stages.iter().filter(|stage| moment.counts(stage.infusing));
        let times = counting.filter_map(|stage| {
            let own_ms = i64::from(stage.after_s) * 1_000;
            // A sensor that the monitor says is off is off whatever the cuff does.
            let at = if stage.sensor_off {
                missing.sensor_off_since?.plus(own_ms)
            } else {
                let at = missing.since.plus(own_ms.max(missing.patience_ms));
                missing.hidden_until.map_or(at, |until| at.max(until))
            };
            Some((stage.priority, at))
        });
        match running(moment.now, times) {
            Course::Running { priority, next, .. } => {
                let is_off = priority.is_some() && missing.sensor_off_since.is_some();
                let text = is_off.then_some(Cow::Borrowed(&*self.sensor_off_text));
                Course::Running { priority, next, text }
            }
            course => course,
        }
    }
}

impl Shape for Absence {
    fn name(&self) -> &'static str {
        "absence"
    }

    fn of(&self) -> Option<(&'static str, Json)> {
        Some(("vital", json!(self.vital)))
    }

    fn levels(&self) -> Vec<Level> {
        levels("stages", &self.stages, |s| (1, s.priority))
    }

    fn check(&self, _: Vocabulary<'_>, place: &str, found: &mut Found) {
        found.text(&self.sensor_off_text, &format!("{place}.sensor_off_text"));
        timed::check(self.stages.iter().map(|stage| stage.after_s), place, found);
    }

    fn delays(&self) -> Option<Vec<Delay>> {
        let one = |stage: &AbsenceStage| Delay {
            priority: stage.priority,
            key: "after_s",
            seconds: stage.after_s,
            is_enough: !stage.sensor_off && counts_always(stage.priority, stage.infusing),
        };
        Some(self.stages.iter().map(one).collect())
    }

    fn stages(&self, _: Vocabulary<'_>) -> Vec<Stage> {
        let stage = |s: &AbsenceStage| {
            let why =
                if s.sensor_off { ", and the monitor says that the sensor is off" } else { "" };
            let (name, after) = (self.vital.words(), seconds(s.after_s));
            let text = format!("no value of {name}{why}, for {after}{}", infusing(s.infusing));
            Stage::technical(s.priority, &text)
        };
        self.stages.iter().map(stage).collect()
    }

    fn clears(&self, _: Vocabulary<'_>) -> String {
        format!("over when a value of {} comes again", self.vital.words())
    }

    fn notes(&self, of: Condition, words: Vocabulary<'_>) -> Vec<String> {
        let text = &self.sensor_off_text;
        let mut notes = vec![
            format!("When the monitor says that the sensor is off, staff read “{text}”."),
            "What goes missing while a cuff inflates waits until 20 s after its end, 60 s at most; \
             a sensor that the monitor says is off does not wait."
                .to_owned(),
        ];
        if of == Condition::HrNoValue {
            let other = words.title(Condition::Spo2NoValue);
            notes.push(format!("Not beside {other} of the same finger clip."));
        }
        notes
    }
}
