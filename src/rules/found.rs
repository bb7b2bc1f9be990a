//! What is wrong with a profile.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::name::{self, NotAName};

/// Texts that staff read at a glance, characters.
const LONGEST_TEXT: usize = 80;
/// Problems that are listed at once.
const MOST_PROBLEMS: usize = 100;

/// What is wrong with a profile, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ProfileProblem)]
pub struct Problem {
    /// The key, such as `conditions[3].rule.held.stages[0].for_s`.
    pub place: String,
    /// The line, when it was read from a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub line: Option<usize>,
    /// What is wrong and what is allowed.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}: {}", self.place, self.what),
            None => write!(f, "{}: {}", self.place, self.what),
        }
    }
}

/// Collects problems below a place.
#[derive(Default)]
pub(crate) struct Found {
    problems: Vec<Problem>,
}

impl Found {
    pub(crate) fn add(&mut self, place: impl Into<String>, what: impl Into<String>) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(Problem { place: place.into(), line: None, what: what.into() });
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.problems.is_empty()
    }

    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems
    }

    /// A number in a range; listed once for a place, by whoever looks first.
    pub(crate) fn within<T: PartialOrd + Copy + fmt::Display>(
        &mut self,
        place: impl Into<String>,
        value: T,
        (from, to): (T, T),
        unit: &str,
    ) {
        let place = place.into();
        let is_known = || self.problems.iter().any(|problem| problem.place == place);
        // What is no number at all is in no range.
        if !(from..=to).contains(&value) && !is_known() {
            self.add(place, format!("must be {from}..={to}{unit}, got {value}"));
        }
    }

    /// A text that staff read at a glance.
    pub(crate) fn text(&mut self, text: &str, place: &str) {
        let count = text.chars().count();
        if count == 0 || count > LONGEST_TEXT || text.chars().any(char::is_control) {
            let what = format!("must be a text of 1..={LONGEST_TEXT} characters, got {count}");
            self.add(place, what);
        } else if let Err(problem @ (NotAName::Invisible(_) | NotAName::Space(_))) =
            name::checked(text, LONGEST_TEXT)
        {
            self.add(place, problem.to_string());
        }
    }
}
