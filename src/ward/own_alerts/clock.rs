//! The machine's clock was set by more than a correction.

use super::OwnAlerts;
use crate::profile::{Condition, Priority};
use crate::room::Finding;
use crate::vitals::Millis;

/// A clock that is set by more than this is no correction: staff decide which time is right.
const CLOCK_SET_MS: i64 = 86_400_000;

/// When the machine's clock was set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::ward) enum Set {
    /// Since the server last ran: its times are right again, those of before may be wrong.
    BetweenRuns,
    /// While it runs: it goes on by the time of before.
    WhileRunning,
}

impl OwnAlerts {
    /// The machine's clock was set by so much. Staff are told of more than a day, until one of them
    /// has taken it. What changed, if anything.
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
        Set::BetweenRuns => "Times in the record from before may be wrong.",
        Set::WhileRunning => {
            "Times shown go on by the old clock until the server is started again."
        }
    };
    format!("The server's clock was set {way} by {days}. Check its date. {then}")
}
