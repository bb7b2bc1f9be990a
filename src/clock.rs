//! The only reader of time. Everything else gets it as a value.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use crate::vitals::Millis;

/// Wall clock at the start of the process plus monotonic time: it never goes back, and a step of
/// the wall clock does not move it.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    wall_at_start: Millis,
    start: Instant,
}

impl Clock {
    /// A clock that starts now.
    #[must_use]
    pub fn start() -> Self {
        Self { wall_at_start: wall(), start: monotonic() }
    }

    /// The same clock, set forward where it would be before `at`: what was recorded before a
    /// restart stays before what comes after it, though the wall clock was set back in between.
    #[must_use]
    pub fn not_before(mut self, at: Millis) -> Self {
        self.wall_at_start = self.wall_at_start.plus(at.since(self.now()).max(0));
        self
    }

    /// The time of this process.
    #[must_use]
    pub fn now(&self) -> Millis {
        let elapsed = monotonic().duration_since(self.start).as_millis();
        self.wall_at_start.plus(i64::try_from(elapsed).unwrap_or(i64::MAX))
    }

    /// When the process started.
    #[must_use]
    pub fn started_at(&self) -> Millis {
        self.wall_at_start
    }

    /// How far the wall clock was set away from this clock since the start, milliseconds.
    #[must_use]
    pub fn wall_step_ms(&self) -> i64 {
        wall().since(self.now())
    }

    /// How long from now to `at`; zero when it is past.
    #[must_use]
    pub fn until(&self, at: Millis) -> Duration {
        Duration::from_millis(u64::try_from(at.since(self.now())).unwrap_or(0))
    }
}

#[expect(clippy::disallowed_methods, reason = "this is where the wall clock is read")]
fn wall() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

#[expect(clippy::disallowed_methods, reason = "this is where monotonic time is read")]
fn monotonic() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests {
    use super::Clock;

    #[test]
    fn a_clock_begins_after_what_is_recorded() {
        let clock = Clock::start();
        let later = clock.now().plus(3_600_000);
        assert!(clock.not_before(later).now() >= later);
        assert!(clock.not_before(crate::vitals::Millis(0)).now() < later);
    }

    #[test]
    fn time_never_goes_back() {
        let clock = Clock::start();
        let times: Vec<_> = (0..1_000).map(|_| clock.now()).collect();
        assert!(times.is_sorted());
        assert!(clock.wall_step_ms().abs() < 1_000);
    }
}
