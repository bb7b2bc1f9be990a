//! What a jumping pulse means: motion that the monitor did not notice, for a while
//! (clinical.md#the-pulse-gate); and a pulse that never changes (clinical.md#a-frozen-pulse).

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::profile::PulseGate as Limits;
use crate::rules::NOMINAL_MS;
use crate::vitals::{Decimal, Millis, moved};

/// The most pulse values that are kept: one a second for the longest time.
const REMEMBERED: usize = 64;
/// A pulse older than this says nothing about a saturation.
const BESIDE_MS: i64 = 10_000;
/// A real pulse moves by some beats within a minute.
const FROZEN_MS: i64 = 180_000;
/// After a pause longer than this its movement is not known.
const PAUSE_MS: i64 = 30_000;

/// A value, 1/min, and when it came.
type Beat = (Millis, f64);

/// Whether SpO2 and heart rate count beside the pulse.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct PulseGate {
    /// The pulse of the finger clip, at most one a second, oldest first.
    beats: VecDeque<Beat>,
    newest: Option<Beat>,
    /// Whether the newest pulse differs from the median.
    differs: bool,
    differed_at: Option<Millis>,
    /// The first pulse that differed since it was last calm.
    onset: Option<Millis>,
    heart: Jumps,
    still: Option<Still>,
}

moved!(PulseGate { moves: beats, newest, differed_at, onset, heart, still; stays: differs });

/// Jumps of the heart rate.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Jumps {
    /// Those within the time in which a change is a jump, oldest first.
    recent: VecDeque<Beat>,
    jumped_at: Option<Millis>,
    waits_until: Option<Millis>,
}

moved!(Jumps { moves: recent, jumped_at, waits_until; stays: });

/// A pulse that shows the same number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
struct Still {
    pulse: Decimal,
    since: Millis,
    last: Millis,
    /// The lowest and the highest SpO2 during that time.
    spo2: Option<(Decimal, Decimal)>,
}

moved!(Still { moves: since, last; stays: pulse, spo2 });

impl PulseGate {
    /// Takes a good pulse of the finger clip. `interval_ms` is how often it comes.
    pub(super) fn ingest_pulse(
        &mut self,
        (at, pulse): (Millis, Decimal),
        interval_ms: i64,
        limits: &Limits,
    ) {
        let beat = (at, pulse.as_f64());
        self.differs = limits.enabled && self.differs_from_median(beat, interval_ms, limits);
        let calm_ms = seconds_ms(limits.calm_s);
        if self.differed_at.is_some_and(|last| at.since(last) >= calm_ms) {
            self.onset = None;
        }
        if self.differs {
            self.onset = self.onset.or(Some(at));
            self.differed_at = Some(at);
        }
        self.newest = Some(beat);
        if self.beats.back().is_none_or(|(last, _)| at.since(*last) >= NOMINAL_MS) {
            if self.beats.len() == REMEMBERED {
                self.beats.pop_front();
            }
            self.beats.push_back(beat);
        }
        self.still = match self.still {
            Some(still) if still.pulse == pulse && at.since(still.last) <= PAUSE_MS => {
                Some(Still { last: at, ..still })
            }
            _ => Some(Still { pulse, since: at, last: at, spo2: None }),
        };
    }

    fn differs_from_median(&self, (at, pulse): Beat, interval_ms: i64, limits: &Limits) -> bool {
        let ages = -seconds_ms(limits.from_s)..=-seconds_ms(limits.to_s);
        let before = |(when, _): &&Beat| ages.contains(&when.since(at));
        let is_far = |value: f64| (pulse - value).abs() >= limits.differs;
        let mut values = [0.0; REMEMBERED];
        let mut count = 0;
        let mut is_any_far = false;
        for (_, value) in self.beats.iter().filter(before) {
            values[count] = *value;
            count += 1;
            is_any_far |= is_far(*value);
        }
        // A median lies between values that are all near.
        if !is_any_far {
            return false;
        }
        let wanted =
            (i64::from(limits.samples) * NOMINAL_MS).div_euclid(interval_ms.max(NOMINAL_MS));
        if (count as i64) < wanted.max(2) {
            return false;
        }
        let values = &mut values[..count];
        values.sort_unstable_by(f64::total_cmp);
        is_far(values[(count - 1) / 2])
    }

    /// Whether an SpO2 of this time counts as bad signal.
    pub(super) fn doubts_spo2(&self, at: Millis, limits: &Limits) -> bool {
        let is_beside = self.newest.is_some_and(|(last, _)| at.since(last) <= BESIDE_MS);
        let is_in_time =
            self.onset.is_some_and(|onset| at.since(onset) < seconds_ms(limits.longest_s));
        self.differs && is_beside && is_in_time
    }

    /// Takes a good SpO2, whether it counts or not.
    pub(super) fn ingest_spo2(&mut self, value: Decimal) {
        if let Some(still) = &mut self.still {
            still.spo2 = Some(still.spo2.map_or((value, value), |(lowest, highest)| {
                (lowest.min(value), highest.max(value))
            }));
        }
    }

    /// Takes a good heart rate. Returns whether it counts: after a jump it waits.
    pub(super) fn heart_rate_counts(
        &mut self,
        (at, value): (Millis, Decimal),
        limits: &Limits,
    ) -> bool {
        let value = value.as_f64();
        let heart = &mut self.heart;
        let within_ms = seconds_ms(limits.jump_within_s);
        while heart.recent.front().is_some_and(|(then, _)| at.since(*then) > within_ms) {
            heart.recent.pop_front();
        }
        let from = heart.recent.iter().find(|(_, before)| (value - before).abs() >= limits.differs);
        let is_up = from.map(|(_, before)| value > *before);
        if heart.recent.len() == REMEMBERED {
            heart.recent.pop_front();
        }
        heart.recent.push_back((at, value));
        if !limits.enabled {
            return true;
        }
        if let Some(is_up) = is_up {
            let calm_ms = seconds_ms(limits.calm_s);
            if heart.jumped_at.is_none_or(|last| at.since(last) >= calm_ms) {
                let wait_s = if is_up { limits.up_s } else { limits.down_s };
                heart.waits_until = Some(at.plus(seconds_ms(wait_s)));
            }
            heart.jumped_at = Some(at);
        }
        heart.waits_until.is_none_or(|until| at >= until)
    }

    /// Since when the pulse has shown the same number, if that is so long that it may be frozen and
    /// SpO2 has moved in that time.
    pub(super) fn frozen_since(&self) -> Option<Millis> {
        let still = self.still?;
        let has_moved = still.spo2.is_some_and(|(lowest, highest)| lowest != highest);
        (has_moved && still.last.since(still.since) >= FROZEN_MS).then_some(still.since)
    }
}

fn seconds_ms(seconds: u32) -> i64 {
    i64::from(seconds) * 1_000
}
