use serde::{Deserialize, Serialize};

use super::Millis;

/// A delay that is longer than this is either a late frame or a device clock that was set.
const JUMP_MS: i64 = 2_000;
/// A larger offset that lasts this long is a clock that was set, not a back-fill.
const SETTLE_MS: i64 = 10_000;
/// Frames that arrive at least this far apart arrive as they are sent.
const PACE_MS: i64 = 400;

/// How far a device's clock is behind ours, and so how long each frame was on its way.
///
/// The offset is the smallest `arrival − sender time` heard: transport only ever adds to it.
/// One that jumps is believed only when it stays for 10 s: a monitor that empties its buffer after
/// an outage looks, frame by frame, like a clock that was set back, and a single wrong stamp must
/// not make what follows it look late.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClockOffset {
    offset_ms: Option<i64>,
    /// Another offset, heard in a row since then.
    other: Option<(i64, Millis)>,
    /// The stamp of the frame before, and its arrival.
    last: Option<(Millis, Millis)>,
}

impl ClockOffset {
    /// The device's clock plus this is our clock; `None` before any frame with a time.
    #[must_use]
    pub fn offset_ms(&self) -> Option<i64> {
        self.offset_ms
    }

    /// Takes a frame's sender time and arrival; returns how many milliseconds the frame was
    /// delayed beyond the device's offset, never negative.
    pub fn delay_ms(&mut self, sender_time: Millis, arrived_at: Millis) -> i64 {
        // A clock that stands, or tells whole minutes, tells nothing of what comes between. Equal
        // stamps at once are a buffer that is emptied.
        let before = self.last.replace((sender_time, arrived_at));
        let stands = |(stamp, arrived): (Millis, Millis)| {
            stamp == sender_time && arrived_at.since(arrived) >= PACE_MS
        };
        if before.is_some_and(stands) {
            return 0;
        }
        let heard_ms = arrived_at.since(sender_time);
        let last = self.last;
        let Some(offset_ms) = self.offset_ms else {
            *self = Self { offset_ms: Some(heard_ms), other: None, last };
            return 0;
        };
        let delay_ms = heard_ms - offset_ms;
        if delay_ms.abs() <= JUMP_MS {
            *self = Self { offset_ms: Some(offset_ms.min(heard_ms)), other: None, last };
            return delay_ms.max(0);
        }
        let (smallest_ms, since) = match self.other {
            // While a buffer is emptied the offset shrinks from frame to frame: not settled.
            Some((smallest_ms, since)) if (heard_ms - smallest_ms).abs() <= JUMP_MS => {
                (smallest_ms.min(heard_ms), since)
            }
            _ => (heard_ms, arrived_at),
        };
        if arrived_at.since(since) >= SETTLE_MS {
            *self = Self { offset_ms: Some(smallest_ms), other: None, last };
            return heard_ms - smallest_ms;
        }
        self.other = Some((smallest_ms, since));
        delay_ms.max(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_clock_is_an_offset_and_no_delay() {
        let mut clock = ClockOffset::default();
        for second in 0..5 {
            let at = Millis(1_000_000 + second * 1_000);
            assert_eq!(clock.delay_ms(at.plus(-420_000), at), 0);
        }
        assert_eq!(clock.offset_ms(), Some(420_000));
    }

    #[test]
    fn frames_kept_back_during_an_outage_are_delayed_by_their_age() {
        let mut clock = ClockOffset::default();
        clock.delay_ms(Millis(0), Millis(50));
        let back = Millis(90_050);
        assert_eq!(clock.delay_ms(Millis(1_000), back), 89_000);
        assert_eq!(clock.delay_ms(Millis(80_000), back), 10_000);
        assert_eq!(clock.delay_ms(Millis(90_000), back), 0);
        assert_eq!(clock.offset_ms(), Some(50));
    }

    #[test]
    fn a_clock_set_back_is_believed_after_ten_seconds() {
        let mut clock = ClockOffset::default();
        clock.delay_ms(Millis(0), Millis(0));
        let hour = 3_600_000;
        let mut delays =
            (1..=12).map(|s| clock.delay_ms(Millis(s * 1_000 - hour), Millis(s * 1_000)));
        assert_eq!(delays.next(), Some(hour));
        assert_eq!(delays.last(), Some(0));
        assert_eq!(clock.offset_ms(), Some(hour));
    }

    #[test]
    fn one_wrong_stamp_makes_nothing_late() {
        let mut clock = ClockOffset::default();
        clock.delay_ms(Millis(0), Millis(0));
        assert_eq!(clock.delay_ms(Millis(3_601_000), Millis(1_000)), 0);
        assert_eq!(clock.delay_ms(Millis(2_000), Millis(2_000)), 0);
        assert_eq!(clock.offset_ms(), Some(0));
    }

    #[test]
    fn a_clock_set_forward_is_believed_after_ten_seconds_and_late_in_none_of_them() {
        let mut clock = ClockOffset::default();
        clock.delay_ms(Millis(0), Millis(0));
        let hour = 3_600_000;
        let delays = (1..=12).map(|s| clock.delay_ms(Millis(s * 1_000 + hour), Millis(s * 1_000)));
        assert!(delays.collect::<Vec<_>>().iter().all(|delay| *delay == 0));
        assert_eq!(clock.offset_ms(), Some(-hour));
    }
}
