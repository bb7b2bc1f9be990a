//! What the room knows of the cuff's inflations: when they hide a finger clip on the same arm, and
//! whether they fail.

use serde::{Deserialize, Serialize};

use crate::vitals::{Millis, moved};

/// A missing value is put down to the cuff for at most this long from the start of an inflation.
const GATE_MS: i64 = 60_000;
/// The same, for this long after the inflation ends.
const RECOVERY_MS: i64 = 20_000;
/// A value that went missing this long before the inflation went because of it: monitors report the
/// inflation a moment late.
const BEFORE_MS: i64 = 2_000;
/// A spell of bad signal may be due to an unreported inflation when it is at most this long.
const LONGEST_SPELL_MS: i64 = 60_000;
/// A monitor that goes on reporting "measuring" after its result does so within this time.
const SAYS_ON_MS: i64 = 10_000;
/// A failure that is reported again within this time is the same failure.
const SAME_FAILURE_MS: i64 = 20_000;
/// The clip is on the cuff's arm after this many cycles in a row
/// (clinical.md#the-cuff-and-the-finger-clip).
const SAME_ARM_CYCLES: u8 = 3;

/// The inflations of the room's cuff.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Inflation {
    /// When the cuff began to measure, while it does.
    measuring_since: Option<Millis>,
    /// When that was last reported, and how long after the report before.
    measuring_told_at: Option<Millis>,
    told_each_ms: i64,
    /// When an impossible value was refused.
    refused_at: Option<Millis>,
    /// Start and end of the last inflation whose start was reported.
    last: Option<(Millis, Millis)>,
    last_reading_at: Option<Millis>,
    failures: u8,
    failed_at: Option<Millis>,
    /// Bad signal of the finger clip since then.
    bad_since: Option<Millis>,
    last_spell: Option<(Millis, Millis)>,
    cycle_is_hidden: bool,
    hidden_cycles: u8,
}

moved!(Inflation {
    moves: measuring_since, measuring_told_at, refused_at, last, last_reading_at, failed_at,
        bad_since, last_spell;
    stays: told_each_ms, failures, cycle_is_hidden, hidden_cycles
});

impl Inflation {
    /// The monitor reports that it measures. `interval_ms` is how often the monitor speaks.
    pub(super) fn begin(&mut self, at: Millis, interval_ms: i64) {
        // A monitor may report it in every frame. If it reports it again after a pause, without
        // having reported the end, it has begun again; if it merely goes on after its result, it
        // has not.
        let pause_ms = self.measuring_told_at.map(|told| at.since(told));
        self.measuring_told_at = Some(at);
        let is_anew = match (self.measuring_since, pause_ms) {
            (_, None) => true,
            // A slow monitor reports it with each message, and no sooner.
            (Some(_), Some(pause_ms)) => pause_ms > GATE_MS.max(interval_ms * 3 / 2),
            (None, Some(pause_ms)) => pause_ms > SAYS_ON_MS.max(self.told_each_ms * 3 / 2),
        };
        if let Some(pause_ms) = pause_ms.filter(|_| !is_anew) {
            self.told_each_ms = pause_ms;
        }
        if is_anew {
            self.measuring_since = Some(at);
            self.told_each_ms = 0;
        }
    }

    /// Since when the cuff has been inflated, as far as the monitor has reported. A result that was
    /// refused as impossible is a result all the same: the refused value may have been the cuff's.
    pub(super) fn inflated_since(&self) -> Option<Millis> {
        let told_at = self.measuring_told_at;
        self.measuring_since
            .filter(|_| self.refused_at.is_none_or(|refused| told_at > Some(refused)))
    }

    /// A value was refused as impossible.
    pub(super) fn value_was_refused(&mut self, at: Millis) {
        self.refused_at = Some(at);
    }

    /// Since when the cuff inflates, while that may still hide something.
    pub(super) fn measuring_since(&self, now: Millis) -> Option<Millis> {
        self.measuring_since.filter(|since| now.since(*since) < GATE_MS)
    }

    /// Until when a value that is missing `since` then counts as hidden by the cuff.
    pub(super) fn hides_until(&self, since: Millis) -> Option<Millis> {
        let (begun, ended) = match (self.measuring_since, self.last) {
            (Some(begun), _) => (begun, None),
            (None, Some((begun, ended))) => (begun, Some(ended)),
            (None, None) => return None,
        };
        let latest = begun.plus(GATE_MS);
        let until = ended.map_or(latest, |ended| ended.plus(RECOVERY_MS).min(latest));
        (since >= begun.plus(-BEFORE_MS) && since <= until).then_some(until)
    }

    /// A valid reading ends the inflation, and a run of failures.
    pub(super) fn read(&mut self, at: Millis) {
        if !self.cycle_is_hidden {
            self.hidden_cycles = 0;
        }
        self.cycle_is_hidden = false;
        self.failures = 0;
        self.failed_at = None;
        self.last_reading_at = Some(at);
        let begun = self.end(at);
        let spell_end = self.last_spell.map(|(_, end)| end);
        let is_hidden = match begun {
            Some(begun) => {
                self.bad_since.is_some()
                    || spell_end.is_some_and(|end| end >= begun.plus(-BEFORE_MS))
            }
            None => spell_end.is_some_and(|end| at.since(end) <= RECOVERY_MS),
        };
        if is_hidden {
            self.count_hidden_cycle();
        }
    }

    /// A failure ends the inflation. Returns whether it is a further failure. `interval_ms` is how
    /// often the monitor speaks: a slow one reports it again with each message.
    pub(super) fn fail(&mut self, at: Millis, interval_ms: i64) -> bool {
        let begun = self.end(at);
        // Monitors retry at once.
        self.measuring_told_at = None;
        let same_ms = SAME_FAILURE_MS.max(interval_ms * 3 / 2);
        let is_same = self.failed_at.is_some_and(|last| at.since(last) < same_ms);
        self.failed_at = Some(at);
        let is_further = begun.is_some() || !is_same;
        if is_further {
            self.failures = self.failures.saturating_add(1);
        }
        is_further
    }

    /// The inflation is over. Returns its start, if that was reported.
    pub(super) fn end(&mut self, at: Millis) -> Option<Millis> {
        let begun = self.measuring_since.take().filter(|begun| at.since(*begun) <= 3 * GATE_MS)?;
        self.last = Some((begun, at));
        Some(begun)
    }

    /// How many failures in a row.
    pub(super) fn failures(&self) -> u8 {
        self.failures
    }

    /// The finger clip has no good value.
    pub(super) fn signal_is_bad(&mut self, at: Millis) {
        self.bad_since.get_or_insert(at);
    }

    /// The finger clip has a good value again.
    pub(super) fn signal_is_good(&mut self, at: Millis) {
        let Some(since) = self.bad_since.take() else { return };
        if at.since(since) > LONGEST_SPELL_MS {
            return;
        }
        self.last_spell = Some((since, at));
        let after_reading = self.last_reading_at.is_some_and(|read| {
            at.since(read) <= RECOVERY_MS && since <= read && !self.cycle_is_hidden
        });
        if after_reading && self.measuring_since.is_none() {
            self.count_hidden_cycle();
        }
    }

    fn count_hidden_cycle(&mut self) {
        self.cycle_is_hidden = true;
        self.hidden_cycles = self.hidden_cycles.saturating_add(1);
    }

    /// Whether the clip seems to be on the arm of the cuff.
    pub(super) fn is_on_same_arm(&self) -> bool {
        self.hidden_cycles >= SAME_ARM_CYCLES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(second: i64) -> Millis {
        Millis(second * 1_000)
    }

    #[test]
    fn what_goes_missing_under_the_cuff_is_its_doing_until_20_s_after_its_end() {
        let mut inflation = Inflation::default();
        inflation.begin(second(100), 1_000);
        assert_eq!(inflation.hides_until(second(108)), Some(second(160)));
        assert_eq!(inflation.hides_until(second(98)), Some(second(160)), "told a moment late");
        assert_eq!(inflation.hides_until(second(97)), None, "it was missing before");
        inflation.read(second(133));
        assert_eq!(inflation.hides_until(second(108)), Some(second(153)));
        assert_eq!(inflation.hides_until(second(154)), None);
    }

    #[test]
    fn it_hides_nothing_for_longer_than_60_s() {
        let mut inflation = Inflation::default();
        for at in 100..200 {
            inflation.begin(second(at), 1_000);
            if at < 161 {
                assert_eq!(inflation.hides_until(second(108)), Some(second(160)));
            }
        }
        inflation.read(second(158));
        let mut slow = Inflation::default();
        slow.begin(second(100), 1_000);
        slow.read(second(155));
        assert_eq!(slow.hides_until(second(108)), Some(second(160)));
    }

    #[test]
    fn three_cycles_with_a_spell_under_each_are_the_same_arm() {
        let mut inflation = Inflation::default();
        for cycle in 0..3 {
            assert!(!inflation.is_on_same_arm());
            let start = cycle * 300;
            inflation.begin(second(start), 1_000);
            inflation.signal_is_bad(second(start + 8));
            inflation.read(second(start + 33));
            inflation.signal_is_good(second(start + 38));
        }
        assert!(inflation.is_on_same_arm());
        inflation.begin(second(900), 1_000);
        inflation.read(second(933));
        assert!(inflation.is_on_same_arm(), "until one cycle is over without");
        inflation.read(second(1_200));
        assert!(!inflation.is_on_same_arm());
    }

    #[test]
    fn without_a_word_of_measuring_it_is_inferred_from_short_spells_beside_a_reading() {
        let mut inflation = Inflation::default();
        for cycle in 0..3 {
            let start = cycle * 300;
            inflation.signal_is_bad(second(start + 8));
            inflation.read(second(start + 33));
            inflation.signal_is_good(second(start + 43));
        }
        assert!(inflation.is_on_same_arm());
        let mut long = Inflation::default();
        for cycle in 0..3 {
            let start = cycle * 300;
            long.signal_is_bad(second(start));
            long.read(second(start + 70));
            long.signal_is_good(second(start + 75));
        }
        assert!(!long.is_on_same_arm());
    }

    #[test]
    fn a_monitor_that_goes_on_saying_that_it_measures_after_its_result_has_not_begun_anew() {
        let mut inflation = Inflation::default();
        for at in (60..=135).step_by(5) {
            inflation.begin(second(at), 1_000);
        }
        assert_eq!(inflation.inflated_since(), Some(second(60)));
        inflation.read(second(140));
        for at in (140..300).step_by(5) {
            inflation.begin(second(at), 1_000);
            assert_eq!(inflation.inflated_since(), None);
        }
        inflation.begin(second(330), 1_000);
        assert_eq!(inflation.inflated_since(), Some(second(330)), "after a pause it has");
    }

    #[test]
    fn a_failure_that_is_repeated_is_one() {
        let mut inflation = Inflation::default();
        inflation.begin(second(0), 1_000);
        assert!(inflation.fail(second(33), 1_000));
        assert!(!inflation.fail(second(34), 1_000));
        inflation.begin(second(40), 1_000);
        assert!(inflation.fail(second(50), 1_000), "it measured again in between");
        assert_eq!(inflation.failures(), 2);
        inflation.read(second(100));
        assert_eq!(inflation.failures(), 0);
    }

    #[test]
    fn a_slow_monitor_that_says_it_with_each_message_speaks_of_one_inflation_or_failure() {
        for interval_s in [30, 61, 85, 120] {
            let mut stuck = Inflation::default();
            let mut failed = Inflation::default();
            for n in 0..6 {
                let at = second(100 + n * interval_s);
                stuck.begin(at, interval_s * 1_000);
                failed.fail(at.plus(n % 2 * 700), interval_s * 1_000);
            }
            assert_eq!(stuck.inflated_since(), Some(second(100)), "{interval_s}");
            assert_eq!(failed.failures(), 1, "{interval_s}");
        }
        // A monitor that speaks each second has begun again if it was silent about it for a minute.
        let mut quick = Inflation::default();
        quick.begin(second(100), 1_000);
        quick.begin(second(185), 1_000);
        assert_eq!(quick.inflated_since(), Some(second(185)));
    }
}
