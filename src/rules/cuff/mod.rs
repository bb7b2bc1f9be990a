//! Cuff readings beyond a limit: once, twice running, or confirmed by the next one.

pub(crate) mod judge;
pub(crate) mod readings;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::bounds::{Bounds, LimitStage, StageBounds, Usual};
use super::condition::{Condition, Priority};
use super::found::Found;
use super::limit::{Compare, Limit, limit_makes_sense, look_the_right_way};
use super::phrases::{beside, cuff_test, part, seconds};
use super::pressure_test::{CuffPart, CuffTest};
use super::section::Stage;
use super::shape::{LONGEST_DELAY_S, Level, Shape, levels};
use super::vocabulary::Vocabulary;

/// mmHg.
const CLEARING_MARGIN: (f64, f64) = (0.0, 15.0);

/// Cuff readings beyond a limit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cuff {
    /// The part whose value the alert shows.
    pub part: CuffPart,
    /// From the mildest to the gravest; rows of one level are alternatives.
    pub stages: Vec<CuffStage>,
    /// When it is over: one reading this far inside the caution limits, mmHg.
    pub clearing_margin: f64,
    /// From a high alert until two readings running are inside the limits, a reading is due this
    /// often, seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub again_s: Option<u32>,
    /// The caution limit after staff have overridden a high baseline
    /// (clinical.md#limits-of-one-patient).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overridden: Option<Overridden>,
}

/// How many readings a cuff stage needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum CuffCount {
    /// This reading.
    One,
    /// This and the one before.
    Two,
    /// This and the next; without a next one in time, this alone.
    Confirmed {
        /// Seconds that the next one has.
        within_s: u32,
    },
}

/// One stage of a pressure condition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CuffStage {
    /// 1 caution, 2 urgent, 3 extreme.
    pub level: u8,
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// How many readings.
    pub readings: CuffCount,
    /// What each of them, or the first of a confirmed pair, must be.
    pub test: CuffTest,
    /// What may take the place of `test` in the reading that confirms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub or_confirmed_by: Option<CuffTest>,
    /// Only while one of these has an active alert.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<Condition>,
}

/// What becomes of a caution limit when staff go on with a high baseline.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Overridden {
    /// With a baseline above this, mmHg.
    pub above: f64,
    /// The caution limit then.
    pub caution: Limit,
}

impl CuffStage {
    fn check(&self, place: &str, found: &mut Found) {
        limit_makes_sense(&self.test.limit, &format!("{place}.test.limit"), found);
        if let Some(test) = &self.or_confirmed_by {
            limit_makes_sense(&test.limit, &format!("{place}.or_confirmed_by.limit"), found);
        }
        if let CuffCount::Confirmed { within_s } = self.readings {
            let key = format!("{place}.readings.confirmed.within_s");
            found.within(key, within_s, (30, LONGEST_DELAY_S), " s");
        }
    }

    fn words(&self) -> String {
        let test = cuff_test(&self.test);
        match self.readings {
            CuffCount::One => format!("{test}, by one reading"),
            CuffCount::Two => format!("{test}, by two readings running"),
            CuffCount::Confirmed { within_s } => {
                let within = seconds(within_s);
                let other = self.or_confirmed_by.as_ref();
                let other = other.map_or_else(String::new, |test| {
                    format!(" ({} confirms it too)", cuff_test(test))
                });
                format!(
                    "{test}, confirmed by the next reading within {within}{other}; without one in \
                     that time, all the same"
                )
            }
        }
    }

    fn limit_stage(&self, index: usize) -> LimitStage {
        LimitStage {
            key: format!("stages[{index}].test.limit"),
            level: self.level,
            compare: self.test.compare,
            limit: self.test.limit,
            usual: Usual::of_part(self.test.part),
            for_s: match self.readings {
                CuffCount::Confirmed { within_s } => {
                    Some((format!("stages[{index}].readings.confirmed.within_s"), within_s))
                }
                CuffCount::One | CuffCount::Two => None,
            },
            is_enough: self.with.is_empty()
                && match self.level {
                    1 => true,
                    // The second of two readings may be a whole cadence away.
                    2 => self.readings != CuffCount::Two,
                    _ => self.readings == CuffCount::One,
                },
        }
    }
}

impl Overridden {
    /// It is the profile's own caution limit, no looser.
    fn keeps_to(&self, caution: &StageBounds, place: &str, found: &mut Found) {
        let place = format!("{place}.overridden.caution");
        let Limit { absolute, at_least, .. } = self.caution;
        match absolute {
            Some(limit) => found.within(format!("{place}.absolute"), limit, caution.limit, ""),
            None => found.add(&*place, "needs absolute, above which the limit does not rise"),
        }
        if let Some(least) = at_least {
            found.within(format!("{place}.at_least"), least, caution.limit, "");
        }
    }

    fn words(&self, of: CuffPart) -> String {
        let of = part(of);
        let limit = of.limit(Compare::AtOrAbove, &self.caution);
        format!(
            "When staff go on with a baseline above {}, the caution limit becomes: {limit}.",
            of.value(self.above)
        )
    }
}

impl Shape for Cuff {
    fn name(&self) -> &'static str {
        "cuff"
    }

    fn of(&self) -> Option<(&'static str, Json)> {
        Some(("part", json!(self.part)))
    }

    fn levels(&self) -> Vec<Level> {
        levels("stages", &self.stages, |s| (s.level, s.priority))
    }

    fn look_the_right_way(&self, of: Condition, is_upper: bool, place: &str, found: &mut Found) {
        for (index, stage) in self.stages.iter().enumerate() {
            let place = format!("{place}.stages[{index}]");
            let key = format!("{place}.test.compare");
            look_the_right_way((of, is_upper), stage.test.compare, key, found);
            if let Some(CuffTest { compare, .. }) = stage.or_confirmed_by {
                let key = format!("{place}.or_confirmed_by.compare");
                look_the_right_way((of, is_upper), compare, key, found);
            }
        }
        let other = self.stages.iter().enumerate().filter(|(_, s)| s.test.part != self.part);
        for (index, _) in other {
            let what = format!("must be {} for {}", json!(self.part), of.name());
            found.add(format!("{place}.stages[{index}].test.part"), what);
        }
    }

    fn check(&self, _: Vocabulary<'_>, place: &str, found: &mut Found) {
        let margin = format!("{place}.clearing_margin");
        found.within(margin, self.clearing_margin, CLEARING_MARGIN, " mmHg");
        if let Some(again_s) = self.again_s {
            found.within(format!("{place}.again_s"), again_s, (60, LONGEST_DELAY_S), " s");
        }
        for (index, stage) in self.stages.iter().enumerate() {
            stage.check(&format!("{place}.stages[{index}]"), found);
        }
        if let Some(overridden) = &self.overridden {
            let above = format!("{place}.overridden.above");
            found.within(above, overridden.above, (60.0, 200.0), " mmHg");
            let caution = format!("{place}.overridden.caution");
            limit_makes_sense(&overridden.caution, &caution, found);
        }
    }

    fn limits(&self) -> Vec<LimitStage> {
        self.stages.iter().enumerate().map(|(index, stage)| stage.limit_stage(index)).collect()
    }

    fn clearing_margin(&self) -> Option<(&'static str, f64)> {
        Some(("clearing_margin", self.clearing_margin))
    }

    fn keeps_to(&self, bounds: &Bounds, _: Vocabulary<'_>, place: &str, found: &mut Found) {
        if let (Some(overridden), Some(caution)) = (&self.overridden, &bounds.caution) {
            overridden.keeps_to(caution, place, found);
        }
    }

    fn stages(&self, words: Vocabulary<'_>) -> Vec<Stage> {
        let stage = |s: &CuffStage| {
            let text = format!("{}{}", s.words(), beside(words, &s.with));
            Stage::of_level(s.level, s.priority, &text)
        };
        self.stages.iter().map(stage).collect()
    }

    fn clears(&self, _: Vocabulary<'_>) -> String {
        let margin = self.clearing_margin;
        format!("over by one reading at least {margin} mmHg inside every caution limit")
    }

    fn notes(&self, _: Condition, _: Vocabulary<'_>) -> Vec<String> {
        self.overridden.iter().map(|overridden| overridden.words(self.part)).collect()
    }

    fn counts_with(&self, other: Condition) -> bool {
        self.stages.iter().any(|stage| stage.with.contains(&other))
    }
}
