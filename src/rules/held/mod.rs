//! A continuous value beyond a limit for a time, or an area below one.

pub(crate) mod deficit;
pub(super) mod judge;

use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::bounds::{LimitStage, Usual};
use super::clearing::Clearing;
use super::condition::{Condition, Priority};
use super::found::Found;
use super::limit::{Compare, Limit, limit_makes_sense, look_the_right_way};
use super::phrases::{Named, seconds, vital};
use super::section::Stage;
use super::shape::{GAP_S, LONGEST_LOOK_S, Level, MOST_STAGES, Shape, levels};
use super::vital::ContinuousVital;
use super::vocabulary::Vocabulary;
use deficit::DeficitStage;

/// A continuous value beyond a limit for a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// The vital that is compared.
    pub vital: ContinuousVital,
    /// A run starts anew after a gap without good values of this length, seconds.
    pub gap_s: u32,
    /// From the mildest to the gravest; rows of one level are alternatives.
    pub stages: Vec<HeldStage>,
    /// How much below a limit in how long a time, beside the stages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub deficits: Vec<DeficitStage>,
    /// When it is over.
    pub clearing: Clearing,
}

/// One stage of a held limit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldStage {
    /// 1 caution, 2 urgent, 3 extreme.
    pub level: u8,
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// Whether the value must be above or below the limit.
    pub compare: Compare,
    /// The limit.
    pub limit: Limit,
    /// How long it must have lasted, seconds.
    pub for_s: u32,
    /// The share of the good samples of that time which must hold, `0.5..=1.0`.
    #[serde(default = "whole", skip_serializing_if = "is_whole")]
    pub share: f64,
}

fn whole() -> f64 {
    1.0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_whole(share: &f64) -> bool {
    *share >= 1.0
}

impl HeldStage {
    fn check(&self, place: &str, found: &mut Found) {
        found.within(format!("{place}.for_s"), self.for_s, (1, LONGEST_LOOK_S), " s");
        found.within(format!("{place}.share"), self.share, (0.5, 1.0), "");
        limit_makes_sense(&self.limit, &format!("{place}.limit"), found);
    }

    fn words(&self, of: Named) -> String {
        let beyond = of.beyond(self.compare, &self.limit);
        let long = seconds(self.for_s);
        if self.for_s <= 1 {
            return format!("{beyond}, by one value");
        }
        if self.share >= 1.0 {
            return format!("{beyond}, for {long}");
        }
        let share = (self.share * 100.0).round();
        format!("{beyond}, in at least {share} % of the good values of {long}")
    }
}

impl Shape for Held {
    fn name(&self) -> &'static str {
        "held"
    }

    fn of(&self) -> Option<(&'static str, Json)> {
        Some(("vital", json!(self.vital)))
    }

    fn levels(&self) -> Vec<Level> {
        let mut all = levels("stages", &self.stages, |s| (s.level, s.priority));
        all.extend(levels("deficits", &self.deficits, |s| (s.level, s.priority)));
        all
    }

    fn look_the_right_way(&self, of: Condition, is_upper: bool, place: &str, found: &mut Found) {
        for (index, stage) in self.stages.iter().enumerate() {
            let place = format!("{place}.stages[{index}].compare");
            look_the_right_way((of, is_upper), stage.compare, place, found);
        }
    }

    fn check(&self, _: Vocabulary<'_>, place: &str, found: &mut Found) {
        found.within(format!("{place}.gap_s"), self.gap_s, GAP_S, " s");
        self.clearing.check(self.vital, place, found);
        for (index, stage) in self.stages.iter().enumerate() {
            stage.check(&format!("{place}.stages[{index}]"), found);
        }
        let deficits = format!("{place}.deficits");
        found.within(deficits, self.deficits.len(), (0, MOST_STAGES), " stages");
        for (index, stage) in self.deficits.iter().enumerate() {
            stage.check(&format!("{place}.deficits[{index}]"), found);
        }
    }

    fn limits(&self) -> Vec<LimitStage> {
        let usual = Usual::of(self.vital);
        let stage = |(index, s): (usize, &HeldStage)| LimitStage {
            key: format!("stages[{index}].limit"),
            level: s.level,
            compare: s.compare,
            limit: s.limit,
            usual,
            // A share of a long time is beside a short time at a graver limit.
            for_s: (s.share >= 1.0).then(|| (format!("stages[{index}].for_s"), s.for_s)),
            is_enough: s.share >= 1.0,
        };
        self.stages.iter().enumerate().map(stage).collect()
    }

    fn clearing_margin(&self) -> Option<(&'static str, f64)> {
        Some(("clearing.margin", self.clearing.margin))
    }

    fn stages(&self, _: Vocabulary<'_>) -> Vec<Stage> {
        let of = vital(self.vital);
        let held = self.stages.iter().map(|s| (s.level, s.priority, s.words(of)));
        let areas = self.deficits.iter().map(|d| (d.level, d.priority, d.words(of)));
        let mut all: Vec<_> = held.chain(areas).collect();
        all.sort_by_key(|(level, ..)| *level);
        let stage =
            |(level, priority, text): &(_, _, String)| Stage::of_level(*level, *priority, text);
        all.iter().map(stage).collect()
    }

    fn clears(&self, _: Vocabulary<'_>) -> String {
        format!("over when {} is {}", self.vital.words(), self.clearing.words())
    }

    fn notes(&self, _: Condition, _: Vocabulary<'_>) -> Vec<String> {
        let gap = seconds(self.gap_s);
        vec![format!("Each time starts anew after a gap of {gap} or more without good values.")]
    }
}
