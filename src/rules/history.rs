//! The good values of one continuous vital, and what they say.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::clearing::Steady;
use super::limit::Compare;
use super::rhythm::{Rhythm, SPACING_MS};
use crate::vitals::{Decimal, Millis, Moved, moved};

/// The longest time that a rule looks back (heart rate ≥ 120 in 80 % of 300 s), and some more.
const KEPT_MS: i64 = 310_000;
/// A gap is no shorter than this many usual distances of a monitor's values.
const GAP_DISTANCES: i64 = 3;
/// What takes the place of a baseline that was not accepted: the median of this time, seconds.
const UNKNOWN_BASELINE_S: i64 = 300;

/// A good value, and how long before it the signal was bad.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Sample(Millis, Decimal, u32);

impl Moved for Sample {
    fn move_by(&mut self, ms: i64) {
        self.0.move_by(ms);
    }
}

impl Sample {
    pub(super) fn at(&self) -> Millis {
        self.0
    }

    pub(super) fn value(&self) -> f64 {
        self.1.as_f64()
    }

    pub(super) fn is_settled(&self, after_bad_s: u32) -> bool {
        u64::from(self.2) >= u64::from(after_bad_s) * 1_000
    }
}

/// The good values of one continuous vital.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct History {
    samples: VecDeque<Sample>,
    bad_at: Option<Millis>,
    rhythm: Rhythm,
    /// Runs begin after it.
    broken_at: Option<Millis>,
}

moved!(History { moves: samples, bad_at, rhythm, broken_at; stays: });

/// What "for n s" means for a rule.
#[derive(Clone, Copy)]
pub(crate) struct Window {
    pub(crate) for_s: u32,
    pub(crate) gap_s: u32,
    pub(crate) share: f64,
    /// Of a spot value a second one is wanted.
    pub(crate) is_confirmed: bool,
}

impl History {
    pub(crate) fn push(&mut self, at: Millis, value: Decimal) {
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
    pub(crate) fn note_heard(&mut self, at: Millis) {
        self.rhythm.note(at);
    }

    /// How often the monitor gives it.
    pub(crate) fn rhythm(&self) -> &Rhythm {
        &self.rhythm
    }

    /// What comes now is doubted: it counts for no rule, and runs begin anew after it.
    pub(crate) fn doubt(&mut self, at: Millis) {
        self.note_bad(at);
        self.broken_at = Some(self.broken_at.map_or(at, |known| known.max(at)));
    }

    /// Takes back the value of this time. Returns whether there was one.
    pub(crate) fn withdraw(&mut self, at: Millis) -> bool {
        let known = self.samples.iter().rposition(|s| s.at().since(at).abs() < SPACING_MS);
        known.and_then(|index| self.samples.remove(index)).is_some()
    }

    /// Puts another value in the place of that of this time.
    pub(crate) fn replace(&mut self, at: Millis, value: Decimal) -> bool {
        let is_it = |sample: &&mut Sample| sample.at().since(at).abs() < SPACING_MS;
        let known = self.samples.iter_mut().rev().find(is_it);
        known.map(|sample| sample.1 = value).is_some()
    }

    /// A silence this long or longer is a gap: as the rule says, or three values of a slow
    /// monitor.
    pub(super) fn gap_ms(&self, gap_s: u32) -> i64 {
        (i64::from(gap_s) * 1_000).max(self.rhythm.usual_ms() * GAP_DISTANCES)
    }

    /// Whether a run that reaches back to `later` may go on to a sample of this time.
    pub(super) fn goes_on(&self, later: Millis, at: Millis, gap_ms: i64) -> bool {
        later.since(at) < gap_ms && self.broken_at.is_none_or(|broken| at > broken)
    }

    /// The monitor gave no value, or one that it does not trust.
    pub(crate) fn note_bad(&mut self, at: Millis) {
        self.bad_at = Some(self.bad_at.map_or(at, |known| known.max(at)));
    }

    pub(super) fn samples(&self) -> &VecDeque<Sample> {
        &self.samples
    }

    pub(crate) fn newest(&self) -> Option<Decimal> {
        self.samples.back().map(|sample| sample.1)
    }

    pub(crate) fn newest_at(&self) -> Option<Millis> {
        self.samples.back().map(Sample::at)
    }

    /// Whether the window's condition is true at the newest sample: an unbroken run of samples that
    /// satisfy `is_beyond`, the first at least n − interval old, at least max(2, n/(3 × interval))
    /// of them (clinical.md#for-n-seconds); or a share of those in the window. Of a vital that comes less than
    /// every 45 s each value counts: one, or with `is_confirmed` two running.
    pub(crate) fn holds(&self, window: Window, is_beyond: impl Fn(f64) -> bool) -> bool {
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

    /// Whether every sample of the last time lies near the newest one (clinical.md#falls-are-events).
    pub(crate) fn is_steady(&self, steady: Steady, gap_s: u32) -> bool {
        let Some(newest) = self.newest() else { return false };
        let newest = newest.as_f64();
        let window = Window { for_s: steady.for_s, gap_s, share: 1.0, is_confirmed: true };
        self.holds(window, |value| (value - newest).abs() <= steady.within)
    }

    /// Since when every good sample is inside, without a gap up to `now`, and with at least a
    /// third of those there that the monitor usually gives; as far back as samples are kept.
    pub(crate) fn runs_since(
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
    pub(crate) fn breaks_at(&self, gap_s: u32) -> Option<Millis> {
        self.newest_at().map(|newest| newest.plus(self.gap_ms(gap_s)))
    }

    /// What takes the place of a baseline that was not accepted.
    pub(crate) fn usual(&self) -> Option<f64> {
        let from = self.newest_at()?.plus(-UNKNOWN_BASELINE_S * 1_000 + 1);
        self.median_since(from).map(Decimal::as_f64)
    }

    /// The median of the samples from this time on.
    pub(crate) fn median_since(&self, from: Millis) -> Option<Decimal> {
        let recent = self.samples.iter().rev().take_while(|sample| sample.at() >= from);
        median(recent.map(|sample| sample.1).collect())
    }

    /// Back inside a limit by a margin for the clearing time.
    pub(crate) fn is_back_inside(
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
pub(crate) fn median(mut values: Vec<Decimal>) -> Option<Decimal> {
    values.sort_unstable();
    values.get(values.len().checked_sub(1)? / 2).copied()
}

#[cfg(test)]
pub(super) mod tests;
