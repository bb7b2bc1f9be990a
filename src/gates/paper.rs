use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::row::Statement;
use super::state::ItemState;

/// Something that is said at check-in or in the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedItem {
    /// What.
    pub what: Statement,
}

impl Statement {
    const fn missing(self) -> &'static str {
        match self {
            Self::Identifiers => "name and birth date, both",
            Self::Consent => "not on file",
            Self::Series => "number in the series is missing",
            Self::Escort => "name and phone",
            Self::Weight => "none of the last 30 days",
            Self::Order => "no order yet",
            Self::SecondCheck => "by another person than who entered the order",
        }
    }
}

impl StatedItem {
    /// Whether a person ticks it all the same.
    #[must_use]
    pub const fn is_ticked(&self) -> bool {
        matches!(self.what, Statement::SecondCheck)
    }

    pub(super) fn state(&self, facts: &dyn Facts, item: &str) -> ItemState {
        match facts.stated(self.what, item) {
            Some((words, signed)) => ItemState::met(words).signed(signed),
            None => ItemState::open(self.what.missing()),
        }
    }
}
