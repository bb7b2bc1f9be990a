//! No screen that can be seen and heard shows the room.

use serde::{Deserialize, Serialize};

use super::bounds::Delay;
use super::course::Course;
use super::found::Found;
use super::section::Stage;
use super::shape::{Level, Shape, levels};
use super::timed::{self, Moment, TimedStage};
use super::vocabulary::Vocabulary;
use crate::vitals::Millis;

/// No screen that can be seen and heard shows the room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Unwatched {
    /// The gravest that holds counts.
    pub stages: Vec<TimedStage>,
}

impl Unwatched {
    pub(crate) fn course(&self, since: Millis, moment: Moment) -> Course<'_> {
        timed::course(&self.stages, since, moment)
    }
}

impl Shape for Unwatched {
    fn name(&self) -> &'static str {
        "unwatched"
    }

    fn levels(&self) -> Vec<Level> {
        levels("stages", &self.stages, |s| (1, s.priority))
    }

    fn check(&self, _: Vocabulary<'_>, place: &str, found: &mut Found) {
        timed::check(self.stages.iter().map(|stage| stage.after_s), place, found);
    }

    fn delays(&self) -> Option<Vec<Delay>> {
        Some(timed::delays(&self.stages))
    }

    fn stages(&self, _: Vocabulary<'_>) -> Vec<Stage> {
        timed::words("no screen that can be seen and heard shows the room", &self.stages)
    }

    fn clears(&self, _: Vocabulary<'_>) -> String {
        "over when such a screen shows the room again".to_owned()
    }
}
