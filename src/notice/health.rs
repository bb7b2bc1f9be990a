use crate::vitals::Millis;

/// A channel that fails this many times running is down.
pub const MOST_FAILURES: u32 = 5;
/// So is one that has failed for this long, however seldom it was tried.
pub const LONGEST_FAILING_MS: i64 = 120_000;

/// Whether a channel works, by what was last tried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Health {
    failures: u32,
    failing_since: Option<Millis>,
    worked_at: Option<Millis>,
}

impl Health {
    /// Something was said over it.
    pub fn worked(&mut self, at: Millis) {
        *self = Self { worked_at: Some(at), ..Self::default() };
    }

    /// It could not be said.
    pub fn failed(&mut self, at: Millis) {
        self.failures = self.failures.saturating_add(1);
        self.failing_since.get_or_insert(at);
    }

    /// Since when nothing could be said over it.
    #[must_use]
    pub fn failing_since(&self) -> Option<Millis> {
        self.failing_since
    }

    /// When it last worked in this run.
    #[must_use]
    pub fn worked_at(&self) -> Option<Millis> {
        self.worked_at
    }

    /// Whether staff must know that nobody is reached over it.
    #[must_use]
    pub fn is_down(&self, now: Millis) -> bool {
        let is_long = |since: Millis| now.since(since) >= LONGEST_FAILING_MS;
        self.failures >= MOST_FAILURES || self.failing_since.is_some_and(is_long)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_channel_is_down_after_five_failures_or_two_minutes_and_up_when_it_works_once() {
        let mut health = Health::default();
        (1..MOST_FAILURES).for_each(|n| health.failed(Millis(n.into())));
        assert!(!health.is_down(Millis(10)));
        health.failed(Millis(10));
        assert!(health.is_down(Millis(10)));
        health.worked(Millis(11));
        assert!(!health.is_down(Millis(11)));
        assert_eq!((health.failing_since(), health.worked_at()), (None, Some(Millis(11))));
        health.failed(Millis(20));
        assert!(!health.is_down(Millis(20 + LONGEST_FAILING_MS - 1)));
        assert!(health.is_down(Millis(20 + LONGEST_FAILING_MS)));
    }
}
