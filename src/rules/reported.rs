//! Found by the ward, which tells the room.

use serde::{Deserialize, Serialize};

use super::condition::Priority;
use super::found::Found;
use super::section::Stage;
use super::shape::{Level, Shape, one_level};
use super::vocabulary::Vocabulary;

/// Found by the ward, which tells the room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reported {
    /// Priority of the alert.
    pub priority: Priority,
}

impl Shape for Reported {
    fn name(&self) -> &'static str {
        "reported"
    }

    fn levels(&self) -> Vec<Level> {
        one_level(self.priority)
    }

    fn check(&self, _: Vocabulary<'_>, _: &str, _: &mut Found) {}

    fn stages(&self, _: Vocabulary<'_>) -> Vec<Stage> {
        vec![Stage::technical(self.priority, "as soon as the server finds it, without delay")]
    }

    fn clears(&self, _: Vocabulary<'_>) -> String {
        "over when staff have decided".to_owned()
    }
}
