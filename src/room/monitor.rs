use serde::{Deserialize, Serialize};

use crate::vitals::{ClockOffset, DeviceId, Millis, Pressure};

/// A monitor that was heard [`CONTINUOUS_AFTER`] times running at this distance speaks
/// continuously: its silence means something.
const CONTINUOUS_WITHIN_MS: i64 = 10_000;
/// A cuff that says "measuring" and then a value is not continuous yet.
const CONTINUOUS_AFTER: u8 = 4;
/// A stream that stands still this long, and much longer than usual, has dropped.
const DROP_MS: i64 = 2_500;
/// No cuff measures twice within this time: the same numbers again are a repetition.
const CUFF_PAUSE_MS: i64 = 20_000;

/// What the room knows of one monitor.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Monitor {
    /// Its id.
    pub device: DeviceId,
    /// When it was last heard.
    pub last_heard: Millis,
    /// Its link, where the adapter knows it.
    pub link_is_down: bool,
    /// Whether it has said anything yet, beside connecting.
    pub is_heard: bool,
    /// Whether it says so often enough that silence means it is gone.
    pub is_continuous: bool,
    /// Its clock.
    pub clock: ClockOffset,
    heard_running: u8,
    /// In this room since then.
    since: Millis,
    /// When it was heard again after it had been silent.
    #[serde(default)]
    pub(super) back_at: Option<Millis>,
    /// Its loss was told.
    pub(super) is_known_lost: bool,
    /// The number that it shows was there before the session.
    cuff_is_of_before: bool,
    /// Usual time between two frames, milliseconds.
    interval_ms: i64,
    /// Since when its clock differs from ours by more than the profile allows.
    pub(super) clock_differs_since: Option<Millis>,
    pub(super) is_in_conflict: bool,
    last_cuff: Option<CuffSeen>,
    repeats_cuff: bool,
}

/// When a cuff reading was taken, as far as the device says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct CuffTime {
    /// Of the inflation itself.
    pub(super) own: Option<Millis>,
    /// Of the frame that holds it.
    pub(super) frame: Option<Millis>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct CuffSeen {
    taken_at: CuffTime,
    pressure: Pressure,
    measured_at: Millis,
    seen_at: Millis,
}

impl Monitor {
    pub(super) fn new(device: DeviceId, at: Millis) -> Self {
        Self {
            device,
            last_heard: at,
            link_is_down: false,
            is_heard: false,
            is_continuous: false,
            since: at,
            back_at: None,
            is_known_lost: false,
            cuff_is_of_before: false,
            clock: ClockOffset::default(),
            heard_running: 0,
            interval_ms: 0,
            clock_differs_since: None,
            is_in_conflict: false,
            last_cuff: None,
            repeats_cuff: false,
        }
    }

    /// Notes a frame; one that speaks of the cuff alone does not make it continuous. Returns
    /// whether the stream had stood still.
    pub(super) fn hear(&mut self, at: Millis, is_of_cuff_alone: bool) -> bool {
        if self.is_heard && self.is_continuous && self.is_silent(at) {
            self.back_at = Some(at);
        }
        self.is_heard = true;
        let silent_ms = at.since(self.last_heard);
        let has_dropped = self.is_continuous
            && (self.link_is_down
                || (silent_ms >= DROP_MS && silent_ms * 2 >= self.interval_ms * 5));
        let is_soon = silent_ms <= CONTINUOUS_WITHIN_MS;
        if is_soon && !has_dropped {
            let usual_ms = if self.interval_ms == 0 { silent_ms } else { self.interval_ms };
            self.interval_ms = usual_ms + (silent_ms - usual_ms) / 8;
        }
        if !is_of_cuff_alone {
            self.heard_running = if is_soon { self.heard_running.saturating_add(1) } else { 1 };
        }
        self.is_continuous |= self.heard_running >= CONTINUOUS_AFTER;
        self.last_heard = at;
        self.link_is_down = false;
        has_dropped
    }

    /// Notes whether its clock differs from ours by more than `by_ms`.
    pub(super) fn compare_clocks(&mut self, by_ms: i64, at: Millis) {
        let differs = self.clock.offset_ms().is_some_and(|offset| offset.abs() > by_ms);
        let since = self.clock_differs_since.unwrap_or(at);
        self.clock_differs_since = differs.then_some(since);
    }

    /// Whether it is gone, or about to be: nothing was heard for longer than its beat.
    pub(super) fn is_silent(&self, now: Millis) -> bool {
        self.link_is_down || now.since(self.last_heard) > CONTINUOUS_WITHIN_MS
    }

    /// A patient comes: the number that it shows is not theirs.
    pub(super) fn begin_session(&mut self) {
        self.cuff_is_of_before = self.last_cuff.is_some();
    }

    /// Whether a cuff reading of this time was measured before the monitor came into the room.
    pub(super) fn is_of_before(&self, measured_at: Millis) -> bool {
        measured_at < self.since
    }

    /// Whether it has told of this very inflation.
    pub(super) fn has_told(&self, own: Millis, pressure: Pressure) -> bool {
        let same = |last: &CuffSeen| last.taken_at.own == Some(own) && last.pressure == pressure;
        self.last_cuff.as_ref().is_some_and(same)
    }

    /// Whether it has shown no cuff reading yet.
    pub(super) fn has_shown_no_cuff(&self) -> bool {
        self.last_cuff.is_none()
    }

    /// Since when it is gone, if silence or a lost link says so. One that speaks now and then
    /// over a standing link is not.
    pub(super) fn silent_since(&self) -> Option<Millis> {
        (self.is_continuous || self.link_is_down).then_some(self.last_heard)
    }

    /// Whether a cuff reading is a new measurement: not the same inflation time as the last one,
    /// nor, from a device that repeats its last value, the same numbers within a cadence.
    pub(super) fn is_new_cuff_reading(
        &mut self,
        pressure: Pressure,
        taken_at: CuffTime,
        cadence_ms: i64,
        at: Millis,
    ) -> bool {
        let mut measured_at = at;
        let is_new = match &self.last_cuff {
            None => true,
            Some(last) => {
                let are_same = pressure == last.pressure;
                let is_repetition = match (taken_at.own, last.taken_at.own) {
                    // Some stamp the number anew as often as they say it.
                    (Some(time), Some(last_time)) => {
                        time == last_time
                            || (are_same && time.since(last_time).abs() < CUFF_PAUSE_MS)
                    }
                    _ => {
                        self.repeats_cuff |= are_same && at.since(last.seen_at) < CUFF_PAUSE_MS;
                        let is_same_frame =
                            taken_at.frame.is_some() && taken_at.frame == last.taken_at.frame;
                        let is_uninterrupted = at.since(last.seen_at) < CUFF_PAUSE_MS;
                        let is_of_before = self.cuff_is_of_before && is_uninterrupted;
                        let is_recent = is_of_before || at.since(last.measured_at) < cadence_ms;
                        is_same_frame || (self.repeats_cuff && are_same && is_recent)
                    }
                };
                if is_repetition {
                    measured_at = last.measured_at;
                } else {
                    self.cuff_is_of_before = false;
                }
                !is_repetition
            }
        };
        self.last_cuff = Some(CuffSeen { taken_at, pressure, measured_at, seen_at: at });
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::vitals::Decimal;

    fn pressure(systolic: i32) -> Pressure {
        let systolic = Some(Decimal::whole(systolic));
        Pressure { systolic, diastolic: Some(Decimal::whole(80)), mean: None }
    }

    #[test]
    fn one_inflation_is_one_reading_however_often_it_is_sent() {
        let mut monitor = Monitor::new(DeviceId::new("m").unwrap(), Millis(0));
        let mut is_new = |systolic, taken_at: Option<i64>, at| {
            let taken_at = CuffTime { own: taken_at.map(Millis), frame: Some(Millis(at)) };
            monitor.is_new_cuff_reading(pressure(systolic), taken_at, 300_000, Millis(at))
        };
        assert!(is_new(184, Some(500), 1_000));
        assert!(!is_new(184, Some(500), 2_000));
        assert!(is_new(184, Some(60_500), 61_000), "another inflation time is another reading");
    }

    #[test]
    fn numbers_repeated_each_second_without_a_time_are_one_reading() {
        let mut monitor = Monitor::new(DeviceId::new("m").unwrap(), Millis(0));
        let mut is_new = |systolic, at| {
            let taken_at = CuffTime { own: None, frame: Some(Millis(at)) };
            monitor.is_new_cuff_reading(pressure(systolic), taken_at, 300_000, Millis(at))
        };
        assert!(is_new(184, 0));
        for second in 1..299 {
            assert!(!is_new(184, second * 1_000));
        }
        assert!(is_new(184, 301_000), "after a cadence the same numbers are a new reading");
        assert!(is_new(150, 302_000));
    }

    #[test]
    fn a_frame_that_is_sent_again_later_holds_the_same_reading() {
        let mut monitor = Monitor::new(DeviceId::new("m").unwrap(), Millis(0));
        let taken_at = CuffTime { own: None, frame: Some(Millis(500)) };
        assert!(monitor.is_new_cuff_reading(pressure(184), taken_at, 300_000, Millis(1_000)));
        assert!(!monitor.is_new_cuff_reading(pressure(184), taken_at, 300_000, Millis(61_000)));
    }

    #[test]
    fn equal_readings_a_minute_apart_are_two_readings() {
        let mut monitor = Monitor::new(DeviceId::new("m").unwrap(), Millis(0));
        let untimed = CuffTime { own: None, frame: None };
        assert!(monitor.is_new_cuff_reading(pressure(184), untimed, 300_000, Millis(0)));
        assert!(monitor.is_new_cuff_reading(pressure(184), untimed, 300_000, Millis(60_000)));
    }
}
