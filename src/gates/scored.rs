use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::state::ItemState;
use crate::rules::Vocabulary;
use crate::rules::phrases::time;

/// A score that a person gave, within bounds and not long ago.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ScoredItem {
    /// Its name in the profile, such as `moaa_s`.
    pub score: String,
    /// At least this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<i32>,
    /// At most this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<i32>,
    /// Given in the last so many seconds.
    pub within_s: u32,
}

impl ScoredItem {
    pub(super) fn words(&self, words: Vocabulary<'_>) -> String {
        let score = words.score_text(&self.score);
        let bounds = match (self.at_least, self.at_most) {
            (Some(least), Some(most)) => format!(" from {least} to {most}"),
            (Some(least), None) => format!(" of {least} or more"),
            (None, Some(most)) => format!(" of {most} or less"),
            (None, None) => String::new(),
        };
        let within = time(self.within_s);
        format!("the last “{score}” is a score{bounds}, not older than {within}")
    }

    pub(super) fn state(&self, facts: &dyn Facts) -> ItemState {
        let Some((value, signed)) = facts.score(&self.score) else {
            return ItemState::open("not scored yet");
        };
        if facts.now().since(signed.at) > i64::from(self.within_s) * 1_000 {
            return ItemState::open(format!("{value}, too long ago: score again")).signed(signed);
        }
        let is_within = self.at_least.is_none_or(|least| value >= least)
            && self.at_most.is_none_or(|most| value <= most);
        let state = match is_within {
            true => ItemState::met(value.to_string()),
            false => ItemState::open(format!("{value}, {}", self.wanted())),
        };
        state.signed(signed)
    }

    fn wanted(&self) -> String {
        match (self.at_least, self.at_most) {
            (Some(least), Some(most)) => format!("wanted {least} to {most}"),
            (Some(least), None) => format!("wanted {least} or more"),
            (None, Some(most)) => format!("wanted {most} or less"),
            (None, None) => String::new(),
        }
    }
}
