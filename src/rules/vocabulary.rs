//! What a profile calls things: the words that its rules are checked and read by.

use serde::{Deserialize, Serialize};

use super::condition::Condition;
use super::row::ConditionRow;

/// A symptom that staff may tick.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SymptomChoice {
    /// In events: `chest_pain`.
    pub name: String,
    /// As staff say it.
    pub text: String,
}

/// A score that staff may enter, whole numbers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoreChoice {
    /// In events: `moaa_s`.
    pub name: String,
    /// As staff say it.
    pub text: String,
    /// From.
    pub lowest: i32,
    /// To.
    pub highest: i32,
    /// What each value means, from the lowest on; empty when numbers say enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub meanings: Vec<String>,
}

/// The conditions, symptoms and scores of one profile.
#[derive(Clone, Copy)]
pub(crate) struct Vocabulary<'a> {
    pub(crate) rows: &'a [ConditionRow],
    pub(crate) symptoms: &'a [SymptomChoice],
    pub(crate) scores: &'a [ScoreChoice],
}

impl<'a> Vocabulary<'a> {
    /// What staff read of a condition; its name where the profile has no row for it.
    pub(crate) fn title(self, condition: Condition) -> String {
        let row = self.rows.iter().find(|row| row.condition == condition);
        row.map_or_else(|| condition.name().replace('_', " "), |row| format!("“{}”", row.text))
    }

    pub(crate) fn titles(self, conditions: &[Condition]) -> Vec<String> {
        conditions.iter().map(|condition| self.title(*condition)).collect()
    }

    pub(super) fn has_symptom(self, name: &str) -> bool {
        self.symptoms.iter().any(|choice| choice.name == name)
    }

    /// How staff say a symptom.
    pub(crate) fn symptom_text(self, name: &'a str) -> &'a str {
        let known = self.symptoms.iter().find(|choice| choice.name == name);
        known.map_or(name, |choice| &choice.text)
    }

    /// How staff say a score.
    pub(crate) fn score_text(self, name: &'a str) -> &'a str {
        self.score(Some(name)).map_or(name, |choice| &choice.text)
    }

    pub(super) fn score(self, name: Option<&str>) -> Option<&'a ScoreChoice> {
        self.scores.iter().find(|choice| Some(&*choice.name) == name)
    }
}
