//! The only reader of time. Everything else receives time as a value.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use tokio::time::Instant;
use uuid::Uuid;

use crate::vitals::Millis;

/// A step of the wall clock that is reported.
pub const STEP_MS: i64 = 1_000;
/// A gap in the record longer than this means that the clock was set, not that the server was off:
/// no server of a clinic is off for so long.
const LONGEST_OFF_MS: i64 = 30 * 86_400_000;

/// How long the machine has run since it was last started, and which start that was. Nobody can set
/// this count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SinceBoot {
    /// Differs from one start of the machine to the next.
    pub boot: Uuid,
    /// Milliseconds, those in which it slept included.
    pub ms: i64,
}

/// A moment by our clock and, where available, by the machine's own count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its time by our clock.
    pub at: Millis,
    /// Its time by the machine's count.
    pub since_boot: Option<SinceBoot>,
}

impl Mark {
    /// A moment of which only our time is known.
    #[must_use]
    pub fn by_our_clock_alone(at: Millis) -> Self {
        Self { at, since_boot: None }
    }

    /// By how many milliseconds the clock was set between `last`, the last moment of the previous
    /// run, and this one; 0 if it was not set. `latest` is the newest time that was recorded.
    ///
    /// Exact while the machine was not restarted. Otherwise a clock that is behind the record was
    /// set back by at least that much, and one that is a month ahead of it was set ahead.
    #[must_use]
    pub fn set_by_ms(&self, last: &Self, latest: Millis) -> i64 {
        let counted = last.since_boot.zip(self.since_boot).and_then(|(then, now)| {
            let is_same = then.boot == now.boot && now.ms >= then.ms;
            is_same.then(|| now.ms - then.ms)
        });
        let step_ms = match counted {
            Some(away_ms) => self.at.since(last.at.plus(away_ms)),
            None => match self.at.since(latest) {
                gap_ms if (0..=LONGEST_OFF_MS).contains(&gap_ms) => 0,
                gap_ms => gap_ms,
            },
        };
        if step_ms.abs() > STEP_MS { step_ms } else { 0 }
    }
}

/// Wall clock at the start of the process plus monotonic time: it never goes back, and a step of
/// the wall clock does not move it. What was recorded before the start may carry a later time: the
/// order of the record is that of its numbers.
///
/// It follows the runtime's timers: where those stop until somebody moves them, as in a simulation,
/// so does this clock.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    wall_at_start: Millis,
    start: Instant,
}

impl Clock {
    /// A clock that starts now.
    #[must_use]
    pub fn start() -> Self {
        Self::reading(wall())
    }

    /// A clock that starts now, and calls this moment `at`.
    #[must_use]
    pub fn reading(at: Millis) -> Self {
        Self { wall_at_start: at, start: monotonic() }
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

    /// Now, by this clock and by the machine's count.
    #[must_use]
    pub fn mark(&self) -> Mark {
        Mark { at: self.now(), since_boot: since_boot() }
    }

    /// How long from now to `at`; zero when it is past.
    #[must_use]
    pub fn until(&self, at: Millis) -> Duration {
        Duration::from_millis(u64::try_from(at.since(self.now())).unwrap_or(0))
    }
}

/// Moves the runtime's time forward by this much at once, so that a test need not wait for it.
#[cfg(test)]
pub(crate) async fn pass(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
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

#[cfg(target_os = "linux")]
fn since_boot() -> Option<SinceBoot> {
    use std::sync::OnceLock;

    static BOOT: OnceLock<Option<Uuid>> = OnceLock::new();
    let boot = *BOOT.get_or_init(|| {
        let text = std::fs::read_to_string("/proc/sys/kernel/random/boot_id").ok()?;
        text.trim().parse().ok()
    });
    let counted = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let ms = counted.tv_sec.saturating_mul(1_000).saturating_add(counted.tv_nsec / 1_000_000);
    Some(SinceBoot { boot: boot?, ms })
}

#[cfg(not(target_os = "linux"))]
fn since_boot() -> Option<SinceBoot> {
    None
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::{Clock, Mark, SinceBoot};
    use crate::vitals::Millis;

    const NOON: Millis = Millis(1_795_262_400_000);
    const HOUR_MS: i64 = 3_600_000;
    const YEARS_MS: i64 = 3_652 * 86_400_000;

    fn mark(at: Millis, boot: u128, ms: i64) -> Mark {
        Mark { at, since_boot: Some(SinceBoot { boot: Uuid::from_u128(boot), ms }) }
    }

    #[test]
    fn while_the_machine_runs_on_a_step_is_known_whatever_the_clock_says() {
        let last = mark(NOON, 1, 500_000);
        for step_ms in [-YEARS_MS, -HOUR_MS, -2_000, 2_000, HOUR_MS, YEARS_MS] {
            let now = mark(NOON.plus(60_000 + step_ms), 1, 560_000);
            assert_eq!(now.set_by_ms(&last, NOON), step_ms);
        }
        // Corrected by what a time server adjusts in a day, or off over a weekend.
        assert_eq!(mark(NOON.plus(60_900), 1, 560_000).set_by_ms(&last, NOON), 0);
        let monday = 63 * HOUR_MS;
        assert_eq!(mark(NOON.plus(monday), 1, 500_000 + monday).set_by_ms(&last, NOON), 0);
    }

    #[test]
    fn after_a_new_start_of_the_machine_only_what_cannot_be_is_a_step() {
        let last = mark(NOON, 1, 500_000);
        let latest = NOON.plus(700);
        for (gap_ms, step_ms) in [
            (63 * HOUR_MS, 0),
            (700, 0),
            (-HOUR_MS, -HOUR_MS - 700),
            (-YEARS_MS, -YEARS_MS - 700),
            (YEARS_MS, YEARS_MS - 700),
        ] {
            for now in [mark(NOON.plus(gap_ms), 2, 40_000), mark(NOON.plus(gap_ms), 1, 40_000)] {
                assert_eq!(now.set_by_ms(&last, latest), step_ms);
            }
            let unknown = Mark::by_our_clock_alone(NOON.plus(gap_ms));
            assert_eq!(unknown.set_by_ms(&last, latest), step_ms);
        }
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn the_machine_counts_on() {
        let clock = Clock::start();
        let (one, other) = (clock.mark(), clock.mark());
        let (one, other) = (one.since_boot.unwrap(), other.since_boot.unwrap());
        assert!(one.boot == other.boot && other.ms >= one.ms && one.ms > 0);
    }

    #[test]
    fn time_never_goes_back() {
        let clock = Clock::start();
        let times: Vec<_> = (0..1_000).map(|_| clock.now()).collect();
        assert!(times.is_sorted());
        assert!(clock.wall_step_ms().abs() < 1_000);
    }
}
