use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::rhythm::{NOMINAL_MS, Rhythm, SPACING_MS};
use crate::profile::{Compare, DeficitStage, Steady};
use crate::vitals::{Decimal, Millis, Moved, moved};

/// The longest time that a rule looks back (heart rate ≥ 120 in 80 % of 300 s), and some more.
const KEPT_MS: i64 = 310_000;
/// A gap is no shorter than this many usual distances of a monitor's values.
const GAP_DISTANCES: i64 = 3;
/// What stands for a baseline that was not accepted: the median of this time, seconds.
const UNKNOWN_BASELINE_S: i64 = 300;

/// A good value, and how long before it the signal was bad.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Sample(Millis, Decimal, u32);

impl Moved for Sample {
    fn move_by(&mut self, ms: i64) {
        self.0.move_by(ms);
    }
}

impl Sample {
    fn at(&self) -> Millis {
        self.0
    }

    fn value(&self) -> f64 {
        self.1.as_f64()
    }

    fn is_settled(&self, after_bad_s: u32) -> bool {
        u64::from(self.2) >= u64::from(after_bad_s) * 1_000
    }
}

/// The good values of one continuous vital.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct History {
    samples: VecDeque<Sample>,
    bad_at: Option<Millis>,
    rhythm: Rhythm,
    /// Runs begin after it.
    broken_at: Option<Millis>,
}

moved!(History { moves: samples, bad_at, rhythm, broken_at; stays: });

/// What "for n s" means for a rule.
#[derive(Clone, Copy)]
pub(super) struct Window {
    pub(super) for_s: u32,
    pub(super) gap_s: u32,
    pub(super) share: f64,
    /// Of a spot value a second one is wanted.
    pub(super) is_confirmed: bool,
}

/// What "falls by this within that time" means for a rule.
#[derive(Clone, Copy)]
pub(super) struct Fall {
    pub(super) by: f64,
    pub(super) within_s: u32,
    pub(super) gap_s: u32,
    pub(super) held_s: u32,
    pub(super) after_bad_s: u32,
}

impl History {
    pub(super) fn push(&mut self, at: Millis, value: Decimal) {
        let at = self.samples.back().map_or(at, |last| at.max(last.at()));
        let since_bad = self.bad_at.map_or(i64::MAX, |bad| at.since(bad).max(0));
        let sample = Sample(at, value, u32::try_from(since_bad).unwrap_or(u32::MAX));
        match self.samples.back_mut() {
            Some(last) if at.since(last.at()) < SPACING_MS => {
                *last = Sample(last.at(), value, sample.2)
            }
            _ => self.samples.push_back(sample),
        }
        while self.samples.front().is_some_and(|first| at.since(first.at()) > KEPT_MS) {
            self.samples.pop_front();
        }
    }

    /// The monitor spoke of the vital, well or badly.
    pub(super) fn note_heard(&mut self, at: Millis) {
        self.rhythm.note(at);
    }

    /// How often the monitor gives it.
    pub(super) fn rhythm(&self) -> &Rhythm {
        &self.rhythm
    }

    /// What comes now is doubted: it counts for no rule, and runs begin anew after it.
    pub(super) fn doubt(&mut self, at: Millis) {
        self.note_bad(at);
        self.broken_at = Some(self.broken_at.map_or(at, |known| known.max(at)));
    }

    /// Takes back the value of this time. Returns whether there was one.
    pub(super) fn withdraw(&mut self, at: Millis) -> bool {
        let known = self.samples.iter().rposition(|s| s.at().since(at).abs() < SPACING_MS);
        known.and_then(|index| self.samples.remove(index)).is_some()
    }

    /// Puts another value in the place of that of this time.
    pub(super) fn replace(&mut self, at: Millis, value: Decimal) -> bool {
        let is_it = |sample: &&mut Sample| sample.at().since(at).abs() < SPACING_MS;
        let known = self.samples.iter_mut().rev().find(is_it);
        known.map(|sample| sample.1 = value).is_some()
    }

    /// A silence this long or longer is a gap: as the rule says, or three values of a slow
    /// monitor.
    fn gap_ms(&self, gap_s: u32) -> i64 {
        (i64::from(gap_s) * 1_000).max(self.rhythm.usual_ms() * GAP_DISTANCES)
    }

    /// Whether a run that reaches back to `later` may go on to a sample of this time.
    fn goes_on(&self, later: Millis, at: Millis, gap_ms: i64) -> bool {
        later.since(at) < gap_ms && self.broken_at.is_none_or(|broken| at > broken)
    }

    /// The monitor gave no value, or one that it does not trust.
    pub(super) fn note_bad(&mut self, at: Millis) {
        self.bad_at = Some(self.bad_at.map_or(at, |known| known.max(at)));
    }

    pub(super) fn newest(&self) -> Option<Decimal> {
        self.samples.back().map(|sample| sample.1)
    }

    pub(super) fn newest_at(&self) -> Option<Millis> {
        self.samples.back().map(Sample::at)
    }

    /// Whether the window's condition is true at the newest sample: an unbroken run of samples that
    /// satisfy `is_beyond`, the first at least n − interval old, at least max(2, n/(3 × interval))
    /// of them (CLINICAL 2.2); or a share of those in the window. Of a vital that comes less than
    /// every 45 s each value counts: one, or with `is_confirmed` two running.
    pub(super) fn holds(&self, window: Window, is_beyond: impl Fn(f64) -> bool) -> bool {
        if window.share < 1.0 && !self.rhythm.is_spot() {
            return self.holds_mostly(window, is_beyond);
        }
        let Some(newest) = self.newest_at() else {
            return false;
        };
        let interval_ms = self.rhythm.usual_ms();
        let for_ms = i64::from(window.for_s) * 1_000;
        // One value is no run, unless the rule asks for none.
        let (wanted_ms, at_least) = match (self.rhythm.is_spot(), window.for_s) {
            (_, 0 | 1) => (0, 1),
            (true, _) => (0, if window.is_confirmed { 2 } else { 1 }),
            (false, _) => {
                let third = (for_ms as u64).div_ceil(3 * interval_ms as u64);
                (for_ms - interval_ms, third.max(2))
            }
        };
        let gap_ms = self.gap_ms(window.gap_s);
        let (mut earliest, mut seen) = (newest, 0);
        for sample in self.samples.iter().rev() {
            if !self.goes_on(earliest, sample.at(), gap_ms) || !is_beyond(sample.value()) {
                return false;
            }
            earliest = sample.at();
            seen += 1;
            if seen >= at_least && newest.since(earliest) >= wanted_ms {
                return true;
            }
        }
        false
    }

    /// Whether a share of the samples in the window satisfies `is_beyond`.
    fn holds_mostly(&self, window: Window, is_beyond: impl Fn(f64) -> bool) -> bool {
        let Some(newest) = self.newest_at() else {
            return false;
        };
        let interval_ms = self.rhythm.usual_ms();
        let for_ms = (i64::from(window.for_s) * 1_000).max(interval_ms * 3 / 2);
        let from = newest.plus(-for_ms);
        let may_miss = ((1.0 - window.share) * self.samples.len() as f64).ceil() as usize;
        let (mut seen, mut missed) = (0usize, 0usize);
        let gap_ms = self.gap_ms(window.gap_s);
        let mut earliest = newest;
        let mut covered = false;
        for sample in self.samples.iter().rev() {
            if !self.goes_on(earliest, sample.at(), gap_ms) {
                break;
            }
            if sample.at() <= from {
                covered = true;
                break;
            }
            seen += 1;
            earliest = sample.at();
            if !is_beyond(sample.value()) {
                missed += 1;
                if missed > may_miss {
                    return false;
                }
            }
        }
        covered |= earliest.since(from) <= interval_ms;
        let enough = seen as i64 * 3 * interval_ms >= for_ms && seen >= 2;
        covered && enough && (seen - missed) as f64 >= window.share * seen as f64
    }

    /// Whether every sample of the last time lies near the newest one (CLINICAL 2.2, rule 3a).
    pub(super) fn is_steady(&self, steady: Steady, gap_s: u32) -> bool {
        let Some(newest) = self.newest() else { return false };
        let newest = newest.as_f64();
        let window = Window { for_s: steady.for_s, gap_s, share: 1.0, is_confirmed: true };
        self.holds(window, |value| (value - newest).abs() <= steady.within)
    }

    /// Since when every good sample is inside, without a gap up to `now`, and with at least a
    /// third of those there that the monitor usually gives; as far back as samples are kept.
    pub(super) fn runs_since(
        &self,
        gap_s: u32,
        now: Millis,
        is_inside: impl Fn(f64) -> bool,
    ) -> Option<Millis> {
        let newest = self.newest_at().filter(|_| self.breaks_at(gap_s) > Some(now))?;
        let gap_ms = self.gap_ms(gap_s);
        let (mut earliest, mut seen) = (newest, 0i64);
        for sample in self.samples.iter().rev() {
            if !self.goes_on(earliest, sample.at(), gap_ms) || !is_inside(sample.value()) {
                break;
            }
            earliest = sample.at();
            seen += 1;
        }
        let interval_ms = self.rhythm.usual_ms();
        let is_enough = seen > 0 && seen * 3 * interval_ms >= newest.since(earliest) + interval_ms;
        is_enough.then_some(earliest)
    }

    /// When the newest sample is so old that a run starts anew.
    pub(super) fn breaks_at(&self, gap_s: u32) -> Option<Millis> {
        self.newest_at().map(|newest| newest.plus(self.gap_ms(gap_s)))
    }

    /// Whether the newest values have fallen, for as long as the rule asks, to a limit at or
    /// below which `limit` puts them. The limit is asked for only when something fell.
    pub(super) fn falls(&self, fall: Fall, limit: impl FnOnce() -> Option<f64>) -> Option<f64> {
        let newest = self.samples.back()?;
        if !newest.is_settled(fall.after_bad_s) || !self.has_fallen(self.samples.len() - 1, fall) {
            return None;
        }
        let limit = limit()?;
        // As everywhere: at 1 Hz three seconds are three samples, and one is no run.
        let long_enough = i64::from(fall.held_s) * 1_000 - self.rhythm.usual_ms();
        let gap_ms = self.gap_ms(fall.gap_s);
        let mut later = newest.at();
        for (seen, (index, sample)) in self.samples.iter().enumerate().rev().enumerate() {
            let is_in_run = self.goes_on(later, sample.at(), gap_ms)
                && sample.value() <= limit
                && self.has_fallen(index, fall);
            if !is_in_run {
                return None;
            }
            if seen > 0 && newest.at().since(sample.at()) >= long_enough {
                return Some(limit);
            }
            later = sample.at();
        }
        None
    }

    /// Whether the sample lies so much below one of the time before it, without a gap between.
    fn has_fallen(&self, index: usize, fall: Fall) -> bool {
        let Some(sample) = self.samples.get(index) else { return false };
        let from = sample.at().plus(-i64::from(fall.within_s) * 1_000);
        let gap_ms = self.gap_ms(fall.gap_s);
        let wanted = sample.value() + fall.by;
        let mut later = sample.at();
        for before in self.samples.range(..index).rev() {
            if before.at() < from || later.since(before.at()) >= gap_ms {
                return false;
            }
            if before.value() >= wanted {
                return true;
            }
            later = before.at();
        }
        false
    }

    /// Whether the area below `limit` is as large as the stage says.
    pub(super) fn lacks(&self, stage: &DeficitStage, limit: f64, gap_s: u32) -> bool {
        let Some(newest) = self.samples.back().filter(|newest| newest.value() < limit) else {
            return false;
        };
        let from = newest.at().plus(-i64::from(stage.over_s) * 1_000);
        let (mut area, mut count) = (0.0, 0);
        let mut samples = self.samples.iter().rev().peekable();
        while let Some(sample) = samples.next() {
            if sample.at() <= from {
                return false;
            }
            // A sample stands for the time since the one before, and never for much.
            let before_ms = samples.peek().map_or(NOMINAL_MS, |b| sample.at().since(b.at()));
            let is_gap = before_ms >= self.gap_ms(gap_s);
            let longest_ms = self.rhythm.usual_ms().max(2 * NOMINAL_MS);
            let stands_ms = if is_gap { NOMINAL_MS } else { before_ms.min(longest_ms) };
            let stands_for_s = stands_ms as f64 / 1_000.0;
            let below = (limit - sample.value()).max(0.0).min(stage.most);
            if below > 0.0 && sample.is_settled(stage.after_bad_s) {
                area += below * stands_for_s;
                count += 1;
            }
            if area >= stage.area && count >= 2 {
                return true;
            }
        }
        false
    }

    /// What stands for a baseline that was not accepted.
    pub(super) fn usual(&self) -> Option<f64> {
        let from = self.newest_at()?.plus(-UNKNOWN_BASELINE_S * 1_000 + 1);
        self.median_since(from).map(Decimal::as_f64)
    }

    /// The median of the samples from this time on.
    pub(super) fn median_since(&self, from: Millis) -> Option<Decimal> {
        let recent = self.samples.iter().rev().take_while(|sample| sample.at() >= from);
        median(recent.map(|sample| sample.1).collect())
    }

    /// Back inside a limit by a margin for the clearing time.
    pub(super) fn is_back_inside(
        &self,
        window: Window,
        (compare, limit): (Compare, f64),
        margin: f64,
    ) -> bool {
        self.holds(window, |value| compare.back_inside(value, limit, margin))
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

    const THIRTY: Window = Window { for_s: 30, gap_s: 10, share: 1.0, is_confirmed: true };
    const FALL: Fall = Fall { by: 5.0, within_s: 20, gap_s: 10, held_s: 3, after_bad_s: 0 };

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
        assert!(with_gap(9_999));
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
        let window = Window { for_s: 300, gap_s: 60, share: 0.8, is_confirmed: true };
        let with_dips = |every: usize| {
            at_1_hz((0..300).map(|n| if n % every == 0 { 115 } else { 125 }))
                .holds(window, |value| value >= 120.0)
        };
        assert!(with_dips(10));
        assert!(!with_dips(4));
        let exactly = at_1_hz((0..300).map(|n| if n < 60 { 115 } else { 125 }));
        assert!(exactly.holds(window, |value| value >= 120.0));
    }

    #[test]
    fn a_fall_must_be_far_and_fast_and_last() {
        let falls = |values: Vec<i32>| at_1_hz(values).falls(FALL, || Some(93.0)).is_some();
        let fallen = |to: i32, n: usize| [vec![97; 30], vec![to; n]].concat();
        assert!(!falls(fallen(92, 2)));
        assert!(falls(fallen(92, 3)), "it holds for 3 s on the third sample");
        assert!(!falls(fallen(93, 10)), "4 is not 5");
        let slowly: Vec<i32> = (0..30).map(|n| 97 - n / 6).chain([92; 4]).collect();
        assert!(!falls(slowly));
        assert!(at_1_hz(fallen(92, 4)).falls(FALL, || Some(91.0)).is_none(), "not to the limit");
    }

    #[test]
    fn a_fall_across_a_gap_or_just_after_bad_signal_is_none() {
        let after = |gap_s: i64| {
            let mut history = at_1_hz(vec![97; 10]);
            for n in 0..5 {
                history.push(Millis((9 + gap_s + n) * 1_000), Decimal::whole(90));
            }
            history.falls(FALL, || Some(93.0)).is_some()
        };
        assert!(after(9));
        assert!(!after(11));
        let mut history = at_1_hz(vec![97; 10]);
        history.note_bad(Millis(10_000));
        let careful = Fall { after_bad_s: 5, ..FALL };
        let mut first = None;
        for second in 11..20 {
            history.push(Millis(second * 1_000), Decimal::whole(90));
            if history.falls(careful, || Some(93.0)).is_some() {
                first = first.or(Some(second));
            }
        }
        assert_eq!(first, Some(15));
    }

    fn deficit_of_30() -> DeficitStage {
        DeficitStage {
            level: 2,
            priority: crate::profile::Priority::High,
            limit: crate::profile::Limit {
                absolute: Some(90.0),
                offset: None,
                percent: None,
                at_least: None,
            },
            most: 8.0,
            over_s: 60,
            area: 30.0,
            after_bad_s: 8,
        }
    }

    #[test]
    fn the_area_below_a_limit_adds_up_without_what_follows_bad_signal() {
        let stage = deficit_of_30();
        let lacks = |history: &History| history.lacks(&stage, 90.0, 10);
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
            history.lacks(&stage, 90.0, 10)
        };
        assert!(!after(9), "one sample stands for 2 s at most");
        assert!(!after(11), "8 % for the second that it was seen");
    }

    #[test]
    fn five_samples_a_second_are_all_kept_and_closer_ones_are_one() {
        let kept = |spacing_ms: i64| {
            let mut history = History::default();
            (0..10).for_each(|n| history.push(Millis(n * spacing_ms), Decimal::whole(90)));
            history.samples.len()
        };
        assert_eq!((kept(200), kept(100)), (10, 5));
    }

    #[test]
    fn memory_is_bounded_at_any_rate() {
        let mut history = History::default();
        for n in 0..1_000_000 {
            history.push(Millis(n), Decimal::whole(90));
        }
        assert!(history.samples.len() <= 1_552);
    }
}
