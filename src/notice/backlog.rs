use std::collections::{BTreeSet, VecDeque};

use super::Delivery;
use crate::vitals::Millis;

/// Deliveries of one channel that may wait; beyond it the oldest is given up.
pub const MAX_WAITING: usize = 1_000;
/// A delivery is tried so many times, which takes a little more than an hour.
pub const MAX_TRIES: u32 = 66;
/// Deliveries that are remembered after they were said.
const MAX_SAID: usize = 1_000;
/// Between the first failure and the next try; doubles from the first to the last.
const FIRST_WAIT_MS: i64 = 1_000;
/// The longest time between two tries.
const LONGEST_WAIT_MS: i64 = 60_000;

/// What one channel still has to say. What is new goes before what has failed already; of one alert
/// everything goes in order.
#[derive(Debug, Default)]
pub struct Backlog {
    waiting: VecDeque<Waiting>,
    /// Ids of what was said lately: the disk may still have it as waiting.
    said: VecDeque<String>,
}

#[derive(Debug)]
struct Waiting {
    delivery: Delivery,
    tries: u32,
    next_at: Millis,
    is_out: bool,
}

/// What follows from a try that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It is tried again.
    Again,
    /// It has been tried often enough.
    GivenUp(Delivery),
    /// It was given up before.
    Gone,
}

impl Backlog {
    /// One more to say, unless it is known. Gives back the one that is given up for it, if there is
    /// no room: the oldest that is not on its way.
    pub fn push(&mut self, delivery: Delivery, at: Millis) -> Option<Delivery> {
        let is_known = self.waiting.iter().any(|one| one.delivery.id == delivery.id);
        if is_known || self.said.contains(&delivery.id) {
            return None;
        }
        let is_full = self.waiting.len() >= MAX_WAITING;
        let oldest = self.waiting.iter().position(|one| !one.is_out).filter(|_| is_full);
        let given_up = oldest.and_then(|index| self.waiting.remove(index));
        self.waiting.push_back(Waiting { delivery, tries: 0, next_at: at, is_out: false });
        given_up.map(|one| one.delivery)
    }

    /// The next to be tried now, which then is on its way.
    pub fn take(&mut self, now: Millis) -> Option<Delivery> {
        let mut first: Option<usize> = None;
        for index in self.tryable() {
            let one = &self.waiting[index];
            let is_fresher = first.is_none_or(|best| one.tries < self.waiting[best].tries);
            if one.next_at <= now && is_fresher {
                first = Some(index);
            }
        }
        let one = &mut self.waiting[first?];
        one.is_out = true;
        Some(one.delivery.clone())
    }

    /// When the next one is to be tried.
    #[must_use]
    pub fn next_at(&self) -> Option<Millis> {
        self.tryable().into_iter().map(|index| self.waiting[index].next_at).min()
    }

    /// Those that are not on their way and come first of their alert.
    fn tryable(&self) -> Vec<usize> {
        let mut alerts = BTreeSet::new();
        let mut found = Vec::new();
        for (index, one) in self.waiting.iter().enumerate() {
            if alerts.insert(one.delivery.alert.as_str()) && !one.is_out {
                found.push(index);
            }
        }
        found
    }

    /// It was said.
    pub fn delivered(&mut self, id: &str) {
        self.waiting.retain(|one| one.delivery.id != id);
        if self.said.len() >= MAX_SAID {
            self.said.pop_front();
        }
        self.said.push_back(id.to_owned());
    }

    /// It could not be said.
    pub fn failed(&mut self, id: &str, now: Millis) -> Tried {
        let Some(index) = self.waiting.iter().position(|one| one.delivery.id == id) else {
            return Tried::Gone;
        };
        let one = &mut self.waiting[index];
        one.is_out = false;
        one.tries += 1;
        one.next_at = now.plus(wait_ms(one.tries));
        if one.tries < MAX_TRIES {
            return Tried::Again;
        }
        self.waiting.remove(index).map_or(Tried::Gone, |one| Tried::GivenUp(one.delivery))
    }

    /// The channel works again: what waits is tried without further delay.
    pub fn hurry(&mut self, now: Millis) {
        for one in &mut self.waiting {
            one.next_at = one.next_at.min(now);
        }
    }

    /// How many wait.
    #[must_use]
    pub fn len(&self) -> usize {
        self.waiting.len()
    }

    /// Whether nothing waits.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.waiting.is_empty()
    }
}

/// How long to wait after this many failures.
fn wait_ms(tries: u32) -> i64 {
    let doubled = FIRST_WAIT_MS << tries.saturating_sub(1).min(16);
    doubled.min(LONGEST_WAIT_MS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::notice::{Audience, Step, delivery_id};
    use crate::room::AlertState;
    use crate::rules::{Condition, Priority};

    fn delivery(alert: &str, n: u32) -> Delivery {
        Delivery {
            id: delivery_id(alert, Step::Repeat, "pager", n),
            channel: "pager".to_owned(),
            alert: alert.to_owned(),
            room: None,
            priority: Priority::High,
            condition: Condition::Spo2Low,
            state: AlertState::Active,
            step: Step::Repeat,
            audience: Audience::All,
            to: Vec::new(),
            at: Millis(0),
            n,
            initials: None,
        }
    }

    #[test]
    fn a_new_alert_does_not_wait_behind_one_that_fails() {
        let mut backlog = Backlog::default();
        backlog.push(delivery("a1", 1), Millis(0));
        let first = backlog.take(Millis(0)).unwrap();
        assert_eq!(backlog.failed(&first.id, Millis(0)), Tried::Again);
        backlog.push(delivery("a2", 1), Millis(1_000));
        assert_eq!(backlog.take(Millis(1_000)).unwrap().alert, "a2");
        assert_eq!(backlog.take(Millis(1_000)).unwrap().alert, "a1");
        assert_eq!(backlog.take(Millis(1_000)), None);
    }

    #[test]
    fn of_one_alert_nothing_overtakes_what_came_before_it() {
        let mut backlog = Backlog::default();
        backlog.push(delivery("a1", 1), Millis(0));
        backlog.push(delivery("a1", 2), Millis(0));
        let first = backlog.take(Millis(0)).unwrap();
        assert_eq!(backlog.take(Millis(0)), None, "the first is on its way");
        backlog.failed(&first.id, Millis(0));
        assert_eq!(backlog.take(Millis(500)), None, "the first waits");
        assert_eq!(backlog.take(Millis(1_000)).unwrap().n, 1);
        backlog.delivered(&first.id);
        assert_eq!(backlog.take(Millis(1_000)).unwrap().n, 2);
    }

    #[test]
    fn what_was_said_is_not_said_again_though_the_disk_does_not_know_it_yet() {
        let mut backlog = Backlog::default();
        for n in 0..=MAX_SAID {
            let one = delivery(&format!("a{n}"), 1);
            backlog.push(one.clone(), Millis(0));
            backlog.delivered(&one.id);
        }
        backlog.push(delivery(&format!("a{MAX_SAID}"), 1), Millis(0));
        backlog.push(delivery("a1", 1), Millis(0));
        assert!(backlog.is_empty());
        assert_eq!(backlog.said.len(), MAX_SAID);
    }

    #[test]
    fn tries_are_spread_and_end() {
        let mut backlog = Backlog::default();
        backlog.push(delivery("a1", 1), Millis(0));
        let mut now = Millis(0);
        let mut waits = Vec::new();
        loop {
            let next = backlog.next_at().unwrap();
            waits.push(next.since(now) / 1_000);
            now = next;
            let one = backlog.take(now).unwrap();
            if let Tried::GivenUp(given_up) = backlog.failed(&one.id, now) {
                assert_eq!(given_up, one);
                break;
            }
        }
        assert_eq!(waits[..9], [0, 1, 2, 4, 8, 16, 32, 60, 60]);
        assert_eq!(waits.len(), MAX_TRIES as usize);
        assert!((3_600_000..4_000_000).contains(&now.0), "{now:?}");
        assert!(backlog.is_empty());
    }

    #[test]
    fn a_full_backlog_gives_up_the_oldest_and_never_one_that_is_on_its_way() {
        let mut backlog = Backlog::default();
        for n in 0..MAX_WAITING {
            assert_eq!(backlog.push(delivery(&format!("a{n}"), 1), Millis(0)), None);
        }
        assert_eq!(backlog.take(Millis(0)).unwrap().alert, "a0");
        let given_up = backlog.push(delivery("new", 1), Millis(0)).unwrap();
        assert_eq!(given_up.alert, "a1");
        assert_eq!(backlog.len(), MAX_WAITING);
    }

    proptest! {
        /// Whatever fails and in whatever order things come, nothing is lost or said twice.
        #[test]
        fn everything_is_said_once_or_given_up_once(
            acts in prop::collection::vec((0..4_u8, 0..3_u32, any::<bool>()), 1..200),
        ) {
            let mut backlog = Backlog::default();
            let (mut pushed, mut ended, mut out) = (0_u32, 0_u32, Vec::new());
            let mut now = Millis(0);
            for (act, alert, works) in acts {
                match act {
                    0 | 1 => {
                        pushed += 1;
                        let one = delivery(&format!("a{alert}"), pushed);
                        ended += u32::from(backlog.push(one, now).is_some());
                    }
                    2 => out.extend(backlog.take(now)),
                    _ => {
                        now = now.plus(700);
                        if let Some(one) = out.pop() {
                            if works {
                                backlog.delivered(&one.id);
                                ended += 1;
                            } else if let Tried::GivenUp(_) = backlog.failed(&one.id, now) {
                                ended += 1;
                            }
                        }
                    }
                }
                prop_assert_eq!(backlog.len() as u32 + ended, pushed);
            }
        }
    }
}
