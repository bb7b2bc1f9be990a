//! Signs of a reaction: the more of them together, the graver.

mod judge;

use serde::{Deserialize, Serialize};

use super::condition::{Condition, Priority};
use super::entered::{known_symptoms, named};
use super::found::Found;
use super::limit::{Compare, Limit, limit_makes_sense};
use super::phrases::{both, count, cuff_test, either, seconds, vital};
use super::pressure_test::CuffTest;
use super::row::is_false;
use super::section::Stage;
use super::shape::{LONGEST_LOOK_S, Level, MOST_STAGES, Shape, levels};
use super::vital::ContinuousVital;
use super::vocabulary::Vocabulary;
pub(crate) use judge::Evidence;

/// A sign may be of a thermometer that speaks seldom: the pause that begins its run anew, seconds.
const GAP_OF_SIGN_S: (u32, u32) = (5, 600);

/// Signs of a reaction: the more of them together, the graver.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signs {
    /// The signs.
    pub signs: Vec<Sign>,
    /// Entered by staff; one of them is enough for the gravest stage.
    pub symptoms: Vec<String>,
    /// From the mildest to the gravest.
    pub stages: Vec<SignsStage>,
}

/// One sign of a reaction: any of its tests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sign {
    /// What staff read: `BP fall`.
    pub text: String,
    /// Over when back inside by this much, in the vital's unit.
    #[serde(default)]
    pub margin: f64,
    /// As a hold: not for a patient whose low values were accepted as usual.
    #[serde(default, skip_serializing_if = "is_false")]
    pub unless_known_low: bool,
    /// As a hold: nobody starts with it, whatever the reason.
    #[serde(default, skip_serializing_if = "is_false")]
    pub never: bool,
    /// By the newest cuff reading.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cuff: Vec<CuffTest>,
    /// By a continuous vital.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub held: Option<HeldTest>,
}

/// A continuous vital beyond a limit for a time, as a sign.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HeldTest {
    /// The vital that is compared.
    pub vital: ContinuousVital,
    /// Whether the value must be above or below the limit.
    pub compare: Compare,
    /// The limit.
    pub limit: Limit,
    /// How long it must have lasted, seconds.
    pub for_s: u32,
    /// A run starts anew after a gap without good values of this length, and a value older than
    /// this says nothing; seconds.
    pub gap_s: u32,
}

/// One stage of a reaction.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignsStage {
    /// 1 caution, 2 urgent, 3 extreme.
    pub level: u8,
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// So many signs together.
    pub at_least: u8,
}

impl Sign {
    /// A sign, or a hold: it can be there, and it can be gone.
    pub(crate) fn check(&self, place: &str, found: &mut Found) {
        found.text(&self.text, &format!("{place}.text"));
        found.within(format!("{place}.margin"), self.margin, (0.0, 15.0), "");
        if self.cuff.is_empty() == self.held.is_none() {
            found.add(place, "needs either cuff tests or held");
        }
        found.within(format!("{place}.cuff"), self.cuff.len(), (0, MOST_STAGES), " tests");
        for (index, test) in self.cuff.iter().enumerate() {
            limit_makes_sense(&test.limit, &format!("{place}.cuff[{index}].limit"), found);
        }
        if let Some(held) = &self.held {
            limit_makes_sense(&held.limit, &format!("{place}.held.limit"), found);
            found.within(format!("{place}.held.for_s"), held.for_s, (1, LONGEST_LOOK_S), " s");
            found.within(format!("{place}.held.gap_s"), held.gap_s, GAP_OF_SIGN_S, " s");
        }
    }

    /// What it is seen by.
    pub(crate) fn words(&self) -> String {
        let held = |test: &HeldTest| {
            let beyond = vital(test.vital).beyond(test.compare, &test.limit);
            format!("{beyond}, for {}", seconds(test.for_s))
        };
        let tests = self.cuff.iter().map(cuff_test).chain(self.held.as_ref().map(held));
        either(&tests.collect::<Vec<_>>())
    }
}

impl Signs {
    /// Whether one of the signs is of this vital.
    pub(crate) fn is_of(&self, vital: ContinuousVital) -> bool {
        self.signs.iter().any(|sign| sign.held.is_some_and(|held| held.vital == vital))
    }
}

impl Shape for Signs {
    fn name(&self) -> &'static str {
        "signs"
    }

    fn levels(&self) -> Vec<Level> {
        levels("stages", &self.stages, |s| (s.level, s.priority))
    }

    fn check(&self, words: Vocabulary<'_>, place: &str, found: &mut Found) {
        found.within(format!("{place}.signs"), self.signs.len(), (1, MOST_STAGES), " signs");
        for (index, sign) in self.signs.iter().enumerate() {
            sign.check(&format!("{place}.signs[{index}]"), found);
        }
        known_symptoms(words, &self.symptoms, &format!("{place}.symptoms"), found);
        let most = u8::try_from(self.signs.len()).unwrap_or(u8::MAX).max(1);
        for (index, stage) in self.stages.iter().enumerate() {
            let key = format!("{place}.stages[{index}].at_least");
            found.within(key, stage.at_least, (1, most), " signs");
        }
    }

    fn stages(&self, words: Vocabulary<'_>) -> Vec<Stage> {
        let gravest = self.stages.iter().map(|s| s.level).max();
        let stage = |s: &SignsStage| {
            let noun = if s.at_least == 1 { "sign is" } else { "signs together are" };
            let mut text = format!("at least {} {noun} there", count(s.at_least));
            if Some(s.level) == gravest && !self.symptoms.is_empty() {
                let symptoms = named(words, &self.symptoms);
                text += &format!(", or one of these is entered: {symptoms}");
            }
            Stage::of_level(s.level, s.priority, &text)
        };
        self.stages.iter().map(stage).collect()
    }

    fn clears(&self, _: Vocabulary<'_>) -> String {
        let margins = self.signs.iter().filter(|sign| sign.margin > 0.0);
        let margins: Vec<_> =
            margins.map(|sign| format!("{} by {}", sign.text, sign.margin)).collect();
        let by = if margins.is_empty() {
            String::new()
        } else {
            format!(", its value back inside by a margin ({})", margins.join(", "))
        };
        format!("over when no sign is left{by}, and the symptoms are entered as gone")
    }

    fn notes(&self, _: Condition, _: Vocabulary<'_>) -> Vec<String> {
        let one = |sign: &Sign| format!("{} ({})", sign.text, sign.words());
        let all: Vec<_> = self.signs.iter().map(one).collect();
        vec![format!("The signs: {}.", both(&all))]
    }
}
