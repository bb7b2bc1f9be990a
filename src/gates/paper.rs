use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::state::ItemState;

/// Something that is said at check-in or in the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedItem {
    /// What.
    pub what: Statement,
}

/// What staff state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Statement {
    /// Full name and birth date were both asked and both match.
    Identifiers,
    /// Consent is on file.
    Consent,
    /// Which treatment of the series it is.
    Series,
    /// Who takes the patient home, and a number to call.
    Escort,
    /// Body weight, not older than 30 days.
    Weight,
    /// The dose is ordered.
    Order,
    /// Another person has checked dose and rate.
    SecondCheck,
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
    pub(super) fn state(&self, facts: &dyn Facts) -> ItemState {
        match facts.stated(self.what) {
            Some((words, signed)) => ItemState::met(words).signed(signed),
            None => ItemState::open(self.what.missing()),
        }
    }
}
