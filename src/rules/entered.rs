//! What staff have entered: a score, or a symptom.

use serde::{Deserialize, Serialize};

use super::bounds::Bounds;
use super::condition::{Condition, Priority};
use super::finding::Finding;
use super::found::Found;
use super::limit::Compare;
use super::phrases::either;
use super::row::ConditionRow;
use super::section::Stage;
use super::shape::{Level, Shape, levels};
use super::vocabulary::Vocabulary;
use crate::vitals::{Decimal, Millis, moved};

/// What staff have entered: a score, or a symptom.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entered {
    /// The score that the stages' limits are for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub score: Option<String>,
    /// From the mildest to the gravest; rows of one level are alternatives.
    pub stages: Vec<EnteredStage>,
}

/// One stage of what staff enter: a score beyond a limit, or one of these symptoms.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EnteredStage {
    /// 1 caution, 2 urgent, 3 extreme.
    pub level: u8,
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// The score's limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is: Option<ScoreTest>,
    /// Symptoms by their names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub symptoms: Vec<String>,
}

/// A score against a limit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreTest {
    /// Whether the score must be above or below the limit.
    pub compare: Compare,
    /// The limit.
    pub limit: f64,
}

/// A symptom that the patient has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OpenSymptom {
    /// Its name.
    pub symptom: String,
    /// Since when the patient has had it.
    pub since: Millis,
}

moved!(OpenSymptom { moves: since; stays: symptom });

/// A score as it was last given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct GivenScore {
    /// Its name.
    pub score: String,
    /// Its value.
    pub value: i32,
    /// When it was given.
    pub at: Millis,
}

moved!(GivenScore { moves: at; stays: score, value });

/// The symptoms and scores of a patient.
#[derive(Clone, Copy)]
pub(crate) struct Entries<'a> {
    pub(crate) symptoms: &'a [OpenSymptom],
    /// The last of every score.
    pub(crate) scores: &'a [GivenScore],
    /// The symptom that staff have just entered.
    pub(crate) just_entered: Option<&'a str>,
}

impl<'a> Entries<'a> {
    pub(super) fn is_new(&self, open: &OpenSymptom) -> bool {
        Some(&*open.symptom) == self.just_entered
    }

    /// One of these symptoms: what was just entered, whenever it began, else the newest.
    fn newest_of(&self, names: &[String]) -> Option<&'a OpenSymptom> {
        let of_them = self.symptoms.iter().filter(|open| names.contains(&open.symptom));
        let new = of_them.clone().find(|open| self.is_new(open));
        new.or_else(|| of_them.max_by_key(|open| open.since))
    }
}

impl Entered {
    fn has_symptoms(&self) -> bool {
        self.stages.iter().any(|stage| !stage.symptoms.is_empty())
    }

    /// The gravest stage that an entry reaches.
    pub(crate) fn judge(
        &self,
        row: &ConditionRow,
        entries: Entries<'_>,
        words: Vocabulary<'_>,
    ) -> Option<Finding> {
        let name = self.score.as_ref();
        let given = name.and_then(|name| entries.scores.iter().find(|s| s.score == *name));
        let by_score = |stage: &EnteredStage| {
            let (test, given) = (stage.is?, given?);
            let holds = test.compare.holds(f64::from(given.value), test.limit);
            holds.then(|| (Decimal::whole(given.value), Decimal::trimmed(test.limit)))
        };
        let symptom_of = |stage: &EnteredStage| entries.newest_of(&stage.symptoms);
        let holding =
            self.stages.iter().filter(|s| by_score(s).is_some() || symptom_of(s).is_some());
        let stage =
            holding.reduce(|known, next| if next.level > known.level { next } else { known })?;
        let (value, limit) = by_score(stage).unzip();
        let symptom = symptom_of(stage);
        let text = match symptom {
            Some(open) => format!("{}: {}", row.text, words.symptom_text(&open.symptom)),
            None => row.text.clone(),
        };
        let is_anew = symptom.is_some_and(|open| entries.is_new(open));
        let value_at = value.and(given).map(|given| given.at);
        let finding = Finding::of_stage(stage.level, stage.priority, &text);
        Some(Finding { value, limit, value_at, is_anew, ..finding })
    }
}

/// Symptoms that the profile's staff can tick.
pub(super) fn known_symptoms(
    words: Vocabulary<'_>,
    names: &[String],
    place: &str,
    found: &mut Found,
) {
    for name in names.iter().filter(|name| !words.has_symptom(name)) {
        let shown: String = name.chars().take(40).collect();
        found.add(place, format!("{shown:?} is not one of the profile's symptoms"));
    }
}

/// `Wheeze or Tight throat`.
pub(super) fn named(words: Vocabulary<'_>, symptoms: &[String]) -> String {
    let texts: Vec<_> = symptoms.iter().map(|s| words.symptom_text(s).to_owned()).collect();
    either(&texts)
}

impl Shape for Entered {
    fn name(&self) -> &'static str {
        "entered"
    }

    fn levels(&self) -> Vec<Level> {
        levels("stages", &self.stages, |s| (s.level, s.priority))
    }

    fn check(&self, words: Vocabulary<'_>, place: &str, found: &mut Found) {
        for (index, stage) in self.stages.iter().enumerate() {
            let place = format!("{place}.stages[{index}]");
            if stage.is.is_none() && stage.symptoms.is_empty() {
                found.add(&*place, "needs a score's limit (is) or symptoms");
            }
            known_symptoms(words, &stage.symptoms, &format!("{place}.symptoms"), found);
            let Some(test) = stage.is else { continue };
            match words.score(self.score.as_deref()) {
                Some(choice) => {
                    let range = (f64::from(choice.lowest), f64::from(choice.highest));
                    found.within(format!("{place}.is.limit"), test.limit, range, "");
                }
                None => {
                    let what = "the rule's score must be one of the profile's";
                    found.add(format!("{place}.is"), what);
                }
            }
        }
    }

    /// What staff can tick of the grave symptoms must not be a note alone.
    fn keeps_to(&self, bounds: &Bounds, words: Vocabulary<'_>, place: &str, found: &mut Found) {
        let high: Vec<&String> = self
            .stages
            .iter()
            .filter(|stage| stage.priority == Priority::High)
            .flat_map(|stage| &stage.symptoms)
            .collect();
        let offered = bounds.grave.iter().filter(|name| words.has_symptom(name));
        for name in offered.filter(|name| !high.contains(name)) {
            found.add(
                format!("{place}.stages"),
                format!(
                    "{name} is one of the profile's symptoms: a stage of priority high must name it"
                ),
            );
        }
    }

    fn stages(&self, words: Vocabulary<'_>) -> Vec<Stage> {
        let stage = |stage: &EnteredStage| {
            let by_score = stage.is.map(|test| {
                let known = words.score(self.score.as_deref());
                let name = known.map_or("the score", |choice| &choice.text);
                format!("the score “{name}” is entered {} {}", test.compare.words(), test.limit)
            });
            let by_symptom = (!stage.symptoms.is_empty())
                .then(|| format!("staff enter {}", named(words, &stage.symptoms)));
            let text = either(&by_score.into_iter().chain(by_symptom).collect::<Vec<_>>());
            Stage::of_level(stage.level, stage.priority, &text)
        };
        self.stages.iter().map(stage).collect()
    }

    fn clears(&self, words: Vocabulary<'_>) -> String {
        let is_known = words.score(self.score.as_deref()).is_some();
        let by_score = is_known.then(|| "a score inside the limits is entered".to_owned());
        let by_symptoms =
            self.has_symptoms().then(|| "every such symptom is entered as gone".to_owned());
        let all: Vec<_> = by_score.into_iter().chain(by_symptoms).collect();
        format!("over when {}", all.join(", and "))
    }

    fn notes(&self, _: Condition, _: Vocabulary<'_>) -> Vec<String> {
        let further = "A further symptom of the same gravity sounds anew.";
        self.has_symptoms().then(|| further.to_owned()).into_iter().collect()
    }
}
