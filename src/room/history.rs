use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::vitals::{Decimal, Millis};

/// The longest time that a rule looks back (heart rate ≥ 120 in 80 % of 300 s), and some more.
const KEPT_MS: i64 = 310_000;
/// Samples closer than this count as one: 1,550 samples at most, whatever the monitor sends.
const SPACING_MS: i64 = 200;
/// What a sample stands for when there is none before it: monitors send once a second.
const NOMINAL_MS: i64 = 1_000;

/// The good values of one continuous vital.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct History(VecDeque<(Millis, Decimal)>);

/// What "for n s" means for a rule.
#[derive(Clone, Copy)]
pub(super) struct Window {
    pub(super) for_s: u32,
    pub(super) gap_s: u32,
    pub(super) share: f64,
}

impl History {
    pub(super) fn push(&mut self, at: Millis, value: Decimal) {
        let at = self.0.back().map_or(at, |(last, _)| at.max(*last));
        match self.0.back_mut() {
            Some((last, kept)) if at.since(*last) < SPACING_MS => {
                *kept = value;
            }
            _ => self.0.push_back((at, value)),
        }
        while self.0.front().is_some_and(|(first, _)| at.since(*first) > KEPT_MS) {
            self.0.pop_front();
        }
    }

    pub(super) fn newest(&self) -> Option<Decimal> {
        self.0.back().map(|(_, value)| *value)
    }

    /// Whether, at the newest sample `t`, every good sample in `(t − n, t]` satisfies `is_beyond`
    /// (or the window's share of them), with at least n/3 of them there, and the run is as long
    /// as the window: it starts anew after a gap (CLINICAL 2.2).
    pub(super) fn holds(&self, window: Window, is_beyond: impl Fn(f64) -> bool) -> bool {
        let Some((newest, _)) = self.0.back() else {
            return false;
        };
        let from = newest.plus(-i64::from(window.for_s) * 1_000);
        let (mut seen, mut beyond) = (0u32, 0u32);
        let mut earliest = *newest;
        let mut covered = false;
        for (at, value) in self.0.iter().rev() {
            if earliest.since(*at) > i64::from(window.gap_s) * 1_000 {
                break;
            }
            if *at <= from {
                covered = true;
                break;
            }
            seen += 1;
            earliest = *at;
            if is_beyond(value.as_f64()) {
                beyond += 1;
            } else if window.share >= 1.0 {
                return false;
            }
        }
        covered |= earliest.since(from) <= NOMINAL_MS;
        covered && seen * 3 >= window.for_s && f64::from(beyond) >= window.share * f64::from(seen)
    }

    /// The median of the samples of the last `seconds` before `now`.
    pub(super) fn median(&self, now: Millis, seconds: i64) -> Option<Decimal> {
        let recent = self.0.iter().rev().take_while(|(at, _)| now.since(*at) < seconds * 1_000);
        median(recent.map(|(_, value)| *value).collect())
    }
}

/// The median; of an even number of values the lower of the middle two, so that it is one that
/// was measured.
pub(super) fn median(mut values: Vec<Decimal>) -> Option<Decimal> {
    values.sort_unstable();
    values.get(values.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const THIRTY: Window = Window { for_s: 30, gap_s: 10, share: 1.0 };

    fn at_1_hz(values: impl IntoIterator<Item = i32>) -> History {
        let mut history = History::default();
        for (second, value) in values.into_iter().enumerate() {
            history.push(Millis(second as i64 * 1_000), Decimal::whole(value));
        }
        history
    }

    #[test]
    fn thirty_seconds_at_1_hz_hold_on_the_thirtieth_sample() {
        let low = |value: f64| value <= 92.0;
        assert!(!at_1_hz(vec![90; 29]).holds(THIRTY, low));
        assert!(at_1_hz(vec![90; 30]).holds(THIRTY, low));
        let after_normal = |n| at_1_hz([97; 20].into_iter().chain(vec![90; n]));
        assert!(!after_normal(29).holds(THIRTY, low));
        assert!(after_normal(30).holds(THIRTY, low));
    }

    #[test]
    fn one_sample_inside_breaks_the_run() {
        let mut values = vec![90; 60];
        values[45] = 93;
        assert!(!at_1_hz(values).holds(THIRTY, |value| value <= 92.0));
    }

    #[test]
    fn a_gap_starts_the_run_anew_and_a_short_one_does_not() {
        let with_gap = |gap_ms: i64| {
            let mut history = at_1_hz(vec![90; 20]);
            for second in 0..15i64 {
                let at = Millis(19_000 + gap_ms + second * 1_000);
                history.push(at, Decimal::whole(90));
            }
            history.holds(THIRTY, |value| value <= 92.0)
        };
        assert!(with_gap(9_000));
        assert!(!with_gap(11_000));
    }

    #[test]
    fn a_third_of_the_samples_must_be_there() {
        let mut history = History::default();
        for n in 0..9 {
            history.push(Millis(n * 5_000), Decimal::whole(90));
        }
        assert!(!history.holds(THIRTY, |value| value <= 92.0));
    }

    #[test]
    fn a_share_of_the_samples_may_suffice() {
        let window = Window { for_s: 300, gap_s: 60, share: 0.8 };
        let with_dips = |every: usize| {
            at_1_hz((0..300).map(|n| if n % every == 0 { 115 } else { 125 }))
                .holds(window, |value| value >= 120.0)
        };
        assert!(with_dips(10));
        assert!(!with_dips(4));
    }

    #[test]
    fn memory_is_bounded_at_any_rate() {
        let mut history = History::default();
        for n in 0..1_000_000 {
            history.push(Millis(n), Decimal::whole(90));
        }
        assert!(history.0.len() <= 1_552);
    }
}
