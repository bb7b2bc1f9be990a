use serde::{Deserialize, Serialize};

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
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Identifiers => "full name and birth date were both asked, and both match",
            Self::Consent => "it was stated that consent is on file",
            Self::Series => "it was stated which treatment of the series it is",
            Self::Escort => "name and phone of who takes the patient home were stated",
            Self::Weight => "body weight of the last 30 days was stated",
            Self::Order => "the order was entered",
            Self::SecondCheck => "another person than who entered the order has ticked it since",
        }
    }

    pub(super) const fn missing(self) -> &'static str {
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
