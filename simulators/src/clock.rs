//! The only reader of time. Everything else receives time as a value.
#![expect(clippy::disallowed_methods, reason = "this is where the simulator reads time")]

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;

/// How simulated seconds map to the wall clock: simulated second 0 is now, and `speed` simulated
/// seconds pass in one second of real time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Pace {
    started: Instant,
    started_ms: i64,
    speed: f64,
}

impl Pace {
    /// Starts now. `speed` is kept within 0.25..=1000.
    pub(crate) fn start(speed: f64) -> Self {
        let since_1970 = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            started: Instant::now(),
            started_ms: i64::try_from(since_1970.as_millis()).unwrap_or(i64::MAX),
            speed: speed.clamp(0.25, 1000.0),
        }
    }

    /// Simulated second 0 was at `started_ms` (ms since 1970), a short time ago.
    pub(crate) fn since(started_ms: i64, speed: f64) -> Self {
        let now = Self::start(speed);
        let ago_ms = u64::try_from(now.started_ms - started_ms).unwrap_or(0);
        let started = now.started.checked_sub(Duration::from_millis(ago_ms));
        match started {
            Some(started) => Self { started, started_ms, ..now },
            None => now,
        }
    }

    /// Why the server may see a gate as not met because of the simulation: the server has not seen
    /// what happened before, and counts its own minutes.
    pub(crate) fn excuse(&self, at_ms: i64) -> Option<String> {
        if at_ms < self.started_ms {
            return Some("simulated: this was before the monitor was connected".to_owned());
        }
        let is_real = (self.speed - 1.0).abs() < f64::EPSILON;
        (!is_real).then(|| format!("simulated: {} s of this clinic pass in one second", self.speed))
    }

    /// The wall clock at the start, ms since 1970.
    pub(crate) fn started_ms(&self) -> i64 {
        self.started_ms
    }

    /// The wall clock now, ms since 1970; it never goes back.
    pub(crate) fn now_ms(&self) -> i64 {
        let elapsed_ms = self.started.elapsed().as_millis();
        self.started_ms + i64::try_from(elapsed_ms).unwrap_or(0)
    }

    /// The wall clock at a simulated second, which may be before the start, ms since 1970.
    pub(crate) fn wall_ms(&self, simulated_s: i64) -> i64 {
        self.started_ms + (simulated_s as f64 * 1000.0 / self.speed) as i64
    }

    /// Waits until a simulated second has come.
    pub(crate) async fn until(&self, simulated_s: i64) {
        self.until_ms(simulated_s * 1000).await;
    }

    /// Waits until a simulated millisecond has come.
    pub(crate) async fn until_ms(&self, simulated_ms: i64) {
        let after_s = simulated_ms.max(0) as f64 / 1000.0 / self.speed;
        tokio::time::sleep_until(self.started + Duration::from_secs_f64(after_s)).await;
    }
}

/// The growing pause before each new attempt: none, 0.25 s, then doubling up to 5 s.
#[derive(Debug, Default)]
pub(crate) struct Backoff {
    pause: Duration,
}

impl Backoff {
    /// Waits out the pause and makes the next one longer.
    pub(crate) async fn wait(&mut self) {
        tokio::time::sleep(self.pause).await;
        self.pause = (self.pause * 2).clamp(Duration::from_millis(250), Duration::from_secs(5));
    }

    /// It worked: the next attempt need not wait.
    pub(crate) fn reset(&mut self) {
        self.pause = Duration::ZERO;
    }
}

/// A time by which something must happen; each time it does, the time is put off.
#[derive(Debug)]
pub(crate) struct Deadline {
    within: Duration,
    at: Instant,
}

impl Deadline {
    /// The first time, counted from now.
    pub(crate) fn within(within: Duration) -> Self {
        Self { within, at: Instant::now() + within }
    }

    /// It happened: counted from now again.
    pub(crate) fn renew(&mut self) {
        self.at = Instant::now() + self.within;
    }

    /// Waits until it should have happened.
    pub(crate) async fn passes(&self) {
        tokio::time::sleep_until(self.at).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn at_speed_2_ten_simulated_seconds_take_five_of_the_wall() {
        let pace = Pace::start(2.0);
        pace.until(10).await;
        assert_eq!(pace.now_ms() - pace.started_ms(), 5000);
        assert_eq!(pace.wall_ms(10), pace.now_ms());
        assert_eq!(pace.wall_ms(-10), pace.started_ms() - 5000);
    }

    #[tokio::test(start_paused = true)]
    async fn only_the_simulation_itself_is_an_excuse() {
        let pace = Pace::start(1.0);
        assert_eq!(pace.excuse(pace.started_ms()), None);
        assert_eq!(pace.excuse(i64::MAX), None);
        assert!(pace.excuse(pace.started_ms() - 1).is_some());
        assert!(Pace::start(10.0).excuse(i64::MAX).is_some());
    }
}
