//! No screen that can be seen and heard shows the room.

use serde::{Deserialize, Serialize};

use super::course::Course;
use super::timed::{self, Lasting, Moment, TimedStage};
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

impl Lasting for Unwatched {
    const NAME: &'static str = "unwatched";
    const WHAT: &'static str = "no screen that can be seen and heard shows the room";
    const OVER: &'static str = "over when such a screen shows the room again";

    fn timed(&self) -> &[TimedStage] {
        &self.stages
    }
}
