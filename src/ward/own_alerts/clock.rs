//! The machine's clock was set by more than a correction.

use super::OwnAlerts;
use crate::profile::{Condition, Priority};
use crate::room::Finding;
use crate::vitals::Millis;

/// A clock that is set by more than this was not merely corrected: staff decide which time is
/// right.
const CLOCK_SET_MS: i64 = 86_400_000;

/// When the machine's clock was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ward) enum Set {
    /// Between two runs of the server: its times are right again, earlier ones may be wrong.
    BetweenRuns,
    /// During the run: the server continues by the earlier time.
    WhileRunning,
}

impl OwnAlerts {
    /// The machine's clock was set by this much. More than a day is an alert for staff, until one
    /// of them has taken it. Returns what changed, if anything.
    pub(super) fn judge_clock(&mut self, step_ms: i64, when: Set, at: Millis) -> Option<Condition> {
        if step_ms.abs() <= CLOCK_SET_MS {
            return None;
        }
        let finding = Finding::technical(Priority::Medium, &clock_words(step_ms, when));
        self.raise(Condition::ClockSkew, finding, at);
        Some(Condition::ClockSkew)
    }
}

fn clock_words(step_ms: i64, when: Set) -> String {
    let days = step_ms.unsigned_abs() / CLOCK_SET_MS.unsigned_abs();
    let days = if days == 1 { "1 day".to_owned() } else { format!("{days} days") };
    let way = if step_ms < 0 { "back" } else { "ahead" };
    let then = match when {
        Set::BetweenRuns => "Earlier times in the record may be wrong.",
        Set::WhileRunning => "Times on screen follow the old clock until the server is restarted.",
    };
    format!("The server's clock was set {way} by {days}. Check its date. {then}")
}
