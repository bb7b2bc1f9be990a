use serde::{Deserialize, Serialize};

use super::facts::Facts;
use super::state::ItemState;
use super::statement::Statement;

/// Something that is said at check-in or in the order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StatedItem {
    /// What.
    pub what: Statement,
}

impl StatedItem {
    /// Whether a person has to tick it all the same.
    #[must_use]
    pub const fn is_ticked(&self) -> bool {
        matches!(self.what, Statement::SecondCheck)
    }

    pub(super) fn words(&self) -> String {
        self.what.words().to_owned()
    }

    pub(super) fn state(&self, facts: &dyn Facts, item: &str) -> ItemState {
        match facts.stated(self.what, item) {
            Some((words, signed)) => ItemState::met(words).signed(signed),
            None => ItemState::open(self.what.missing()),
        }
    }
}
