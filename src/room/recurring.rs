//! Conditions that come and go (clinical.md#the-third-time).

use serde::{Deserialize, Serialize};

use crate::rules::Condition;
use crate::vitals::{Millis, Moved};

/// A condition that was active this many times
const TIMES: usize = 3;
/// within this time stays active
const WITHIN_MS: i64 = 600_000;
/// until its value has been inside its limits for this long, seconds.
pub(super) const STAYS_S: u32 = 120;

/// When each condition last became active, at most three times.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Recurring(Vec<(Condition, Vec<Millis>)>);

impl Moved for Recurring {
    fn move_by(&mut self, ms: i64) {
        self.0.iter_mut().for_each(|(_, times)| times.move_by(ms));
    }
}

impl Recurring {
    /// The condition became active.
    pub(super) fn note(&mut self, condition: Condition, at: Millis) {
        let known = self.0.iter().position(|(known, _)| *known == condition);
        let index = known.unwrap_or_else(|| {
            self.0.push((condition, Vec::with_capacity(TIMES)));
            self.0.len() - 1
        });
        let times = &mut self.0[index].1;
        if times.len() == TIMES {
            times.remove(0);
        }
        times.push(at);
    }

    /// Whether it became active so often within so short a time that it stays active until it has
    /// been inside for [`STAYS_S`].
    pub(super) fn stays(&self, condition: Condition) -> bool {
        let of_it = self.0.iter().find(|(known, _)| *known == condition);
        of_it.is_some_and(|(_, times)| {
            times.len() == TIMES && times[TIMES - 1].since(times[0]) <= WITHIN_MS
        })
    }
}
