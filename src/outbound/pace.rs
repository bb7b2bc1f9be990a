//! How often, and how long after.

use std::time::Duration;

/// How often a system may refuse a message before it is set aside.
pub const MOST_TRIES: u32 = 5;
/// A system that was not reached for so long is reported to people.
pub const LOST_AFTER_MS: i64 = 600_000;

/// How long is waited for what.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// Between two looks at what is there to do.
    pub look: Duration,
    /// For further changes of a session, before it is sent.
    pub settle: Duration,
    /// After the first failure to reach a system; doubles with each further one.
    pub first: Duration,
    /// At most, after any failure.
    pub longest: Duration,
    /// For a connection.
    pub connect: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            look: Duration::from_secs(1),
            settle: Duration::from_secs(2),
            first: Duration::from_secs(1),
            longest: Duration::from_secs(300),
            connect: Duration::from_secs(10),
        }
    }
}

impl Pace {
    /// After so many failures in a row to reach a system, from 1.
    pub(super) fn after_failure(&self, count: u32) -> Duration {
        self.after(2_u32.saturating_pow(count.saturating_sub(1)))
    }

    /// After so many refusals of a message, from 1: what a person at the other end has to put right
    /// takes longer.
    pub(super) fn after_refusal(&self, count: u32) -> Duration {
        self.after(4_u32.saturating_pow(count.saturating_sub(1)))
    }

    fn after(&self, factor: u32) -> Duration {
        self.first.saturating_mul(factor).min(self.longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_system_that_is_gone_is_asked_less_and_less_often_but_for_ever() {
        let pace = Pace::default();
        let waits = |wait: fn(&Pace, u32) -> Duration, counts: &[u32]| -> Vec<u64> {
            counts.iter().map(|count| wait(&pace, *count).as_secs()).collect()
        };
        let counts = [1, 2, 3, 8, 9, 10, 1_000, u32::MAX];
        let expected = [1, 2, 4, 128, 256, 300, 300, 300];
        assert_eq!(waits(Pace::after_failure, &counts), expected);
        assert_eq!(waits(Pace::after_refusal, &[1, 2, 3, 4, 5]), [1, 4, 16, 64, 256]);
    }
}
