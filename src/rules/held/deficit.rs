//! The area below a limit: deep and short, or shallow and long.

use serde::{Deserialize, Serialize};

use super::super::condition::Priority;
use super::super::found::Found;
use super::super::history::History;
use super::super::limit::{Compare, Limit, limit_makes_sense};
use super::super::phrases::{Named, seconds, settled};
use super::super::rhythm::NOMINAL_MS;
use super::super::shape::{AFTER_BAD_S, LONGEST_LOOK_S};

/// The area below a limit: `sum over over_s of min(most, max(0, limit − value))`.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeficitStage {
    /// 1 caution, 2 urgent, 3 extreme.
    pub level: u8,
    /// Priority of the alert at this stage.
    pub priority: Priority,
    /// What the values are below.
    pub limit: Limit,
    /// No sample counts for more than this.
    pub most: f64,
    /// The length of time that is looked at, seconds.
    pub over_s: u32,
    /// The area, in the vital's unit times seconds.
    pub area: f64,
    /// Samples do not count within this time after bad signal, seconds.
    pub after_bad_s: u32,
}

impl DeficitStage {
    pub(super) fn check(&self, place: &str, found: &mut Found) {
        let Self { limit, most, over_s, area, after_bad_s, .. } = self;
        limit_makes_sense(limit, &format!("{place}.limit"), found);
        found.within(format!("{place}.most"), *most, (1.0, 20.0), "");
        found.within(format!("{place}.over_s"), *over_s, (10, LONGEST_LOOK_S), " s");
        found.within(format!("{place}.after_bad_s"), *after_bad_s, AFTER_BAD_S, " s");
        // As deep as counts, for half of the time.
        let largest = (most * f64::from(*over_s) / 2.0).max(1.0);
        found.within(format!("{place}.area"), *area, (1.0, largest), "");
    }

    pub(super) fn words(&self, of: Named) -> String {
        let sum = self.area;
        // Half as deep as counts at most, and the time that this takes.
        let depth = (self.most / 2.0).max(1.0).floor();
        let such_as = seconds((sum / depth).ceil() as u32);
        format!(
            "{}, so far and so long that depth times seconds reach {sum} within {} (such as \
             {depth} below it for {such_as}; a value counts for {} at most{})",
            of.beyond(Compare::Below, &self.limit),
            seconds(self.over_s),
            self.most,
            settled(self.after_bad_s)
        )
    }

    /// Whether the area below `limit` is as large as this, at the newest sample.
    pub(super) fn holds(&self, history: &History, limit: f64, gap_s: u32) -> bool {
        let Some(newest) = history.samples().back().filter(|newest| newest.value() < limit) else {
            return false;
        };
        let from = newest.at().plus(-i64::from(self.over_s) * 1_000);
        let (mut area, mut count) = (0.0, 0);
        let mut samples = history.samples().iter().rev().peekable();
        while let Some(sample) = samples.next() {
            if sample.at() <= from {
                return false;
            }
            // A sample counts for the time since the one before, and never for much.
            let before_ms = samples.peek().map_or(NOMINAL_MS, |b| sample.at().since(b.at()));
            let is_gap = before_ms >= history.gap_ms(gap_s);
            let longest_ms = history.rhythm().usual_ms().max(2 * NOMINAL_MS);
            let counts_ms = if is_gap { NOMINAL_MS } else { before_ms.min(longest_ms) };
            let below = (limit - sample.value()).max(0.0).min(self.most);
            if below > 0.0 && sample.is_settled(self.after_bad_s) {
                area += below * (counts_ms as f64 / 1_000.0);
                count += 1;
            }
            if area >= self.area && count >= 2 {
                return true;
            }
        }
        false
    }

    /// The value that, held, fills the area in its time; `None` when none is low enough.
    pub(crate) fn steady_value(&self, limit: f64) -> Option<f64> {
        let below = self.area / f64::from(self.over_s.max(1));
        (below <= self.most).then_some(limit - below)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::history::tests::at_1_hz;
    use crate::vitals::{Decimal, Millis};

    fn deficit_of_30() -> DeficitStage {
        DeficitStage {
            level: 2,
            priority: Priority::High,
            limit: Limit { absolute: Some(90.0), offset: None, percent: None, at_least: None },
            most: 8.0,
            over_s: 60,
            area: 30.0,
            after_bad_s: 8,
        }
    }

    #[test]
    fn the_area_below_a_limit_adds_up_without_what_follows_bad_signal() {
        let stage = deficit_of_30();
        let lacks = |history: &History| stage.holds(history, 90.0, 10);
        assert!(!lacks(&at_1_hz([vec![97; 5], vec![80; 3]].concat())), "8 %·s a sample at most");
        assert!(lacks(&at_1_hz([vec![97; 5], vec![80; 4]].concat())));
        assert!(!lacks(&at_1_hz([vec![97; 5], vec![89; 29]].concat())));
        assert!(lacks(&at_1_hz([vec![97; 5], vec![89; 30]].concat())));
        let mut after_bad = at_1_hz(vec![97; 5]);
        after_bad.note_bad(Millis(5_000));
        for second in 6..13 {
            after_bad.push(Millis(second * 1_000), Decimal::whole(80));
            assert!(!lacks(&after_bad));
        }
    }

    #[test]
    fn what_was_not_measured_in_a_gap_is_no_area() {
        let stage = deficit_of_30();
        let after = |gap_s: i64| {
            let mut history = at_1_hz([97; 5]);
            history.push(Millis((4 + gap_s) * 1_000), Decimal::whole(80));
            stage.holds(&history, 90.0, 10)
        };
        assert!(!after(9), "one sample counts for 2 s at most");
        assert!(!after(11), "8 % for the second that it was seen");
    }

    #[test]
    fn an_area_that_no_steady_value_fills_has_no_limit() {
        let stage = deficit_of_30();
        assert_eq!(stage.steady_value(90.0), Some(89.5));
        assert_eq!(DeficitStage { area: 600.0, ..stage }.steady_value(90.0), None);
    }
}
