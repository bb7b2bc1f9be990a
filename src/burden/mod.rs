//! How often a profile alarms, how often rightly, and what it misses: drawn sessions of the
//! simulator through the very room that watches patients (clinical.md#alarm-burden).
//!
//! ```text
//!  order (seed, index) ─► session ──seconds──► room ──alert lines──► judge ──► tally ─► table
//!                            ▲                  │                      ▲
//!                            └── a nurse acts ──┘      the truth ──────┘
//! ```

mod judge;
mod play;
mod table;
mod tally;

use std::num::NonZero;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use simulators::session::{Order, Severe};

pub use table::table;
pub use tally::{Missed, Tally};

use crate::profile::Profile;

/// What is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Burden {
    /// Sessions as a clinic has them, at the rates of clinical.md#rates.
    pub sessions: u64,
    /// Sessions of each severe event, to see whether it is caught.
    pub of_each_severe: u64,
    /// The same seed gives the same sessions.
    pub seed: u64,
    /// Of 100 bursts of motion the monitor does not notice so many, and trusts the numbers.
    pub unflagged_motion_percent: u32,
}

impl Burden {
    /// Plays everything by a profile, on as many threads as there are cores. What is kept does not
    /// grow with the number of sessions.
    #[must_use]
    pub fn of(self, profile: &Arc<Profile>) -> Tally {
        let kinds = Severe::ALL.len() as u64;
        let all = self.sessions + self.of_each_severe * kinds;
        let next = AtomicU64::new(0);
        let work = || {
            let mut tally = Tally::default();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= all {
                    return tally;
                }
                tally.add(play::session(self.order(number), profile));
            }
        };
        let threads = thread::available_parallelism().map_or(1, NonZero::get);
        let mut tally = thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let done = running.into_iter().map(|thread| {
                thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            });
            done.fold(Tally::default(), Tally::and)
        });
        // Threads end in any order; the table is the same every time.
        tally.missed.sort();
        tally
    }

    fn order(&self, number: u64) -> Order {
        let order = match number.checked_sub(self.sessions) {
            None => Order::new(self.seed, number),
            Some(severe) => {
                let kind = (severe / self.of_each_severe) as usize % Severe::ALL.len();
                let index = severe % self.of_each_severe;
                Order::new(self.seed, index).with_severe(Severe::ALL[kind])
            }
        };
        Order { unflagged_motion_percent: self.unflagged_motion_percent, ..order }
    }
}

#[cfg(test)]
mod tests {

    use super::*;
    use crate::profile::{DEFAULT_PROFILE, Kind, builtin};

    #[test]
    fn the_same_seed_gives_the_same_tally_on_any_number_of_threads() {
        let profile = builtin(DEFAULT_PROFILE).unwrap();
        let burden =
            Burden { sessions: 6, of_each_severe: 1, seed: 3, unflagged_motion_percent: 0 };
        let once = burden.of(&profile);
        assert_eq!(once, burden.of(&profile));
        assert_eq!(once.sessions, 6);
    }

    #[test]
    fn motion_that_the_monitor_does_not_notice_alarms_for_nothing_and_the_pulse_gate_sees_it() {
        let profile = builtin(DEFAULT_PROFILE).unwrap();
        let mut ungated = Profile::clone(&profile);
        ungated.pulse_gate.enabled = false;
        let ungated = Arc::new(ungated);
        let false_urgents = |profile, unflagged_motion_percent| {
            let burden =
                Burden { sessions: 10, of_each_severe: 0, seed: 1, unflagged_motion_percent };
            burden.of(profile).sum(Some(Kind::Physiological), |of| of.false_high)
        };
        assert_eq!(false_urgents(&ungated, 0), 0);
        let (without, with) = (false_urgents(&ungated, 100), false_urgents(&profile, 100));
        assert!(without >= 5, "{without} in ten sessions");
        assert!(with * 2 <= without, "{with} of {without}");
    }
}
