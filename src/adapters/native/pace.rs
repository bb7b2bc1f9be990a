use std::time::Duration;

use crate::vitals::Millis;

/// How long frames may come faster than their rate.
const BURST_MS: i64 = 1_000;

/// How fast a socket is read: what is above the rate waits, and nothing is dropped.
#[derive(Debug)]
pub struct Pace {
    per_second: u32,
    /// When the frames so far would have been read at that rate, microseconds.
    due_us: i64,
}

impl Pace {
    /// At most this many frames a second; 0 counts as 1.
    #[must_use]
    pub fn new(per_second: u32) -> Self {
        Self { per_second: per_second.max(1), due_us: 0 }
    }

    /// How long to wait after this many frames, before more are read.
    #[must_use]
    pub fn took(&mut self, frames: usize, now: Millis) -> Duration {
        let now_us = now.0.saturating_mul(1_000);
        let frames = i64::try_from(frames).unwrap_or(i64::MAX);
        let cost_us = frames.saturating_mul(1_000_000) / i64::from(self.per_second);
        self.due_us = self.due_us.max(now_us).saturating_add(cost_us);
        let ahead_us = self.due_us - now_us - BURST_MS * 1_000;
        Duration::from_micros(u64::try_from(ahead_us).unwrap_or(0))
    }

    /// Accepts one more frame of a sender that cannot be made to wait.
    ///
    /// # Errors
    /// It comes too soon: the next one is accepted in this many milliseconds.
    pub fn may_take(&mut self, now: Millis) -> Result<(), u64> {
        let now_us = now.0.saturating_mul(1_000);
        let due_us = self.due_us.max(now_us);
        let after_us = due_us.saturating_add(1_000_000 / i64::from(self.per_second));
        let ahead_us = after_us - now_us - BURST_MS * 1_000;
        if ahead_us > 0 {
            return Err(u64::try_from(ahead_us).unwrap_or(0).div_ceil(1_000));
        }
        self.due_us = after_us;
        Ok(())
    }

    /// Whether frames came faster than their rate, or just now.
    #[must_use]
    pub fn is_ahead(&self, now: Millis) -> bool {
        self.due_us > now.0.saturating_mul(1_000)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_passes_and_what_is_sustained_is_slowed_to_the_rate() {
        let mut pace = Pace::new(1_000);
        assert_eq!(pace.took(1_000, Millis(0)), Duration::ZERO);
        assert_eq!(pace.took(500, Millis(0)), Duration::from_millis(500));
        assert_eq!(pace.took(1, Millis(500)), Duration::from_millis(1));
        assert_eq!(pace.took(1, Millis(5_000)), Duration::ZERO);
    }

    #[test]
    fn the_rate_itself_never_waits() {
        let mut pace = Pace::new(1_000);
        for ms in 0..10_000 {
            assert_eq!(pace.took(1, Millis(ms)), Duration::ZERO);
        }
    }
}
