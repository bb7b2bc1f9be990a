//! How often a monitor gives a vital. A slow monitor is not a silent one (design.md#slow-monitors).

use serde::{Deserialize, Serialize};

use crate::vitals::{Millis, moved};

/// The distances whose median is the usual one.
const REMEMBERED: usize = 20;
/// Values closer than this came at once: a buffer that is emptied, two sensors in one frame.
pub(crate) const SPACING_MS: i64 = 200;
/// For how long a value counts when there is none before it, and at least: monitors send once a second.
pub(crate) const NOMINAL_MS: i64 = 1_000;
/// No distance counts for more: an outage is not a rhythm.
const LONGEST_MS: i64 = 600_000;
/// A vital that comes less often is a spot value: too slow for alarms within seconds.
const SPOT_MS: i64 = 45_000;
/// A number is stale, and a link is lost, after so many usual distances.
const STALE_DISTANCES: f64 = 2.5;
/// And after this at the latest.
const STALE_AT_MOST_MS: i64 = 90_000;
/// A stream has dropped when it pauses for longer than usual by so many of its usual deviations:
/// one that follows the heart's beats varies as they do.
const DROP_DEVIATIONS: i64 = 6;

/// The usual distance of values: the median of the last 20.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Rhythm {
    last_at: Option<Millis>,
    /// Milliseconds, in a ring.
    ring: [u32; REMEMBERED],
    /// The same, sorted, as far as they are known.
    sorted: [u32; REMEMBERED],
    next: u8,
    known: u8,
}

moved!(Rhythm { moves: last_at; stays: ring, sorted, next, known });

impl Rhythm {
    /// A value came, whatever it says.
    pub(crate) fn note(&mut self, at: Millis) {
        let Some(last) = self.last_at else {
            self.last_at = Some(at);
            return;
        };
        let distance_ms = at.since(last).min(LONGEST_MS);
        if distance_ms < SPACING_MS {
            return;
        }
        self.last_at = Some(at);
        let distance_ms = u32::try_from(distance_ms).unwrap_or(u32::MAX);
        let known = usize::from(self.known);
        let place = usize::from(self.next);
        if known == REMEMBERED {
            let gone = self.sorted.partition_point(|ms| *ms < self.ring[place]);
            self.sorted.copy_within(gone + 1.., gone);
            self.insert(distance_ms, REMEMBERED - 1);
        } else {
            self.insert(distance_ms, known);
            self.known += 1;
        }
        self.ring[place] = distance_ms;
        self.next = ((place + 1) % REMEMBERED) as u8;
    }

    fn insert(&mut self, distance_ms: u32, known: usize) {
        let place = self.sorted[..known].partition_point(|ms| *ms < distance_ms);
        self.sorted.copy_within(place..known, place + 1);
        self.sorted[place] = distance_ms;
    }

    /// The usual distance, milliseconds; never less than a monitor's second. One distance alone is
    /// a pause as well as a rhythm.
    pub(crate) fn usual_ms(&self) -> i64 {
        if self.known < 2 { NOMINAL_MS } else { self.median_ms() }
    }

    fn median_ms(&self) -> i64 {
        let known = usize::from(self.known);
        let median = known.checked_sub(1).map_or(0, |last| self.sorted[last / 2]);
        i64::from(median).max(NOMINAL_MS)
    }

    /// How often it comes now: one that has slowed down is waited for after two of its distances,
    /// not after ten.
    fn lately_ms(&self) -> i64 {
        let back = |n: usize| self.ring[(usize::from(self.next) + REMEMBERED - n) % REMEMBERED];
        let last_two = if self.known < 2 { 0 } else { back(1).min(back(2)) };
        self.median_ms().max(i64::from(last_two))
    }

    /// How often it seems to come when that is too seldom for alarms of seconds, milliseconds.
    /// The first distance shows it already.
    pub(crate) fn seems_spot_ms(&self) -> Option<i64> {
        Some(self.median_ms()).filter(|ms| *ms > SPOT_MS)
    }

    /// Whether its values are too far apart for alarms of seconds.
    pub(crate) fn is_spot(&self) -> bool {
        self.usual_ms() > SPOT_MS
    }

    /// Whether it is known to come as often as that.
    pub(crate) fn is_known(&self, distances: u8) -> bool {
        self.known >= distances
    }

    /// `own_ms`, or 2.5 usual distances if that is longer, at most 90 s.
    pub(crate) fn patience_ms(&self, own_ms: i64) -> i64 {
        let by_rhythm_ms = (self.lately_ms() as f64 * STALE_DISTANCES) as i64;
        own_ms.max(by_rhythm_ms.min(STALE_AT_MOST_MS))
    }

    /// How long a pause must at least be to be one that is not usual.
    pub(crate) fn drop_ms(&self, own_ms: i64) -> i64 {
        let known = &self.sorted[..usize::from(self.known)];
        let usual_ms = self.lately_ms();
        let mut deviations = [0; REMEMBERED];
        for (deviation, ms) in deviations.iter_mut().zip(known) {
            *deviation = (i64::from(*ms) - usual_ms).abs();
        }
        let deviations = &mut deviations[..known.len()];
        deviations.sort_unstable();
        let usual_deviation_ms = deviations.get(known.len() / 2).copied().unwrap_or(0);
        let longest_ms = (usual_ms as f64 * STALE_DISTANCES) as i64;
        own_ms.max(longest_ms + DROP_DEVIATIONS * usual_deviation_ms)
    }
}

#[cfg(test)]
mod tests;
