//! The way of an alarm is not proved: the probe that takes it does not come back, or comes back
//! late.

use super::OwnAlerts;
use crate::profile::{Condition, Priority};
use crate::room::Finding;
use crate::vitals::Millis;

/// A probe that takes longer shows that alerts come late on the same way: four times what they may
/// take (design.md#figures).
pub(super) const LONGEST_TRIP_MS: i64 = 2_000;
/// The most seconds in which the loop runs and no probe comes back.
pub(super) const MOST_UNPROVED: u32 = 5;
/// It is over when so many probes in a row were in time.
const IN_TIME_AGAIN: u32 = 5;

const LATE: &str =
    "Alerts may come late: the server is overloaded. Watch the bedside monitors as well.";
const NOT_PROVED: &str =
    "It is not proved that alerts reach the screens. Watch the bedside monitors.";

impl OwnAlerts {
    /// A second begins, with a probe of its own. Returns what changed, if anything.
    pub(in crate::ward) fn expect_probe(&mut self, at: Millis) -> Option<Condition> {
        self.probes.unproved += 1;
        let is_bad = self.probes.unproved > MOST_UNPROVED;
        if is_bad { self.path_is_bad(NOT_PROVED, at) } else { None }
    }

    /// A probe that passed every room came back after this time. Returns what changed, if anything.
    pub(in crate::ward) fn probe_came_back(
        &mut self,
        trip_ms: i64,
        at: Millis,
    ) -> Option<Condition> {
        self.probes.unproved = 0;
        if trip_ms > LONGEST_TRIP_MS {
            return self.path_is_bad(LATE, at);
        }
        self.probes.in_time += 1;
        if self.probes.in_time < IN_TIME_AGAIN {
            return None;
        }
        self.alarms.end(Condition::AlarmPath, at).map(|_| Condition::AlarmPath)
    }

    fn path_is_bad(&mut self, words: &str, at: Millis) -> Option<Condition> {
        let condition = Condition::AlarmPath;
        self.probes.in_time = 0;
        let Some(alert) = self.active(condition) else {
            self.raise(condition, Finding::technical(Priority::Medium, words), at);
            return Some(condition);
        };
        if alert.text == words {
            return None;
        }
        // The same alert, for another reason.
        words.clone_into(&mut alert.text);
        Some(condition)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(own: &OwnAlerts) -> Vec<String> {
        own.alarms.alerts.iter().filter(|alert| alert.is_open()).map(|a| a.text.clone()).collect()
    }

    #[test]
    fn a_probe_that_does_not_come_back_is_an_alert_after_five_seconds() {
        let mut own = OwnAlerts::default();
        for second in 1..=5 {
            assert_eq!(own.expect_probe(Millis(second * 1_000)), None);
        }
        assert_eq!(own.expect_probe(Millis(6_000)), Some(Condition::AlarmPath));
        assert_eq!(own.expect_probe(Millis(7_000)), None, "told already");
        assert_eq!(open(&own), [NOT_PROVED]);
        for second in 8..12 {
            own.expect_probe(Millis(second * 1_000));
            assert_eq!(own.probe_came_back(3, Millis(second * 1_000)), None);
        }
        assert_eq!(open(&own).len(), 1, "once is no proof that it goes on");
        assert_eq!(own.probe_came_back(3, Millis(12_000)), Some(Condition::AlarmPath));
        assert_eq!(open(&own), [""; 0]);
    }

    #[test]
    fn a_probe_that_comes_back_late_is_an_alert_at_once_and_one_at_the_bound_is_not() {
        let mut own = OwnAlerts::default();
        assert_eq!(own.probe_came_back(LONGEST_TRIP_MS, Millis(1)), None);
        let late = own.probe_came_back(LONGEST_TRIP_MS + 1, Millis(2));
        assert_eq!(late, Some(Condition::AlarmPath));
        assert_eq!(open(&own), [LATE]);
        assert_eq!(own.probe_came_back(LONGEST_TRIP_MS + 1, Millis(3)), None, "told already");
    }
}
