//! How high each alert has been: once somebody has it, its priority follows the condition down, and
//! screens say so.

use std::collections::BTreeMap;

use crate::contract::CameDown;
use crate::profile::Priority;
use crate::vitals::Millis;

#[derive(Debug, Default)]
pub(super) struct Priorities(BTreeMap<String, Reached>);

#[derive(Debug)]
struct Reached {
    now: Priority,
    highest: Priority,
    came_down_at: Millis,
}

impl Priorities {
    /// The alert has this priority from now on.
    pub(super) fn note(&mut self, id: &str, priority: Priority, at: Millis) {
        let Some(reached) = self.0.get_mut(id) else {
            let new = Reached { now: priority, highest: priority, came_down_at: at };
            self.0.insert(id.to_owned(), new);
            return;
        };
        if priority < reached.now {
            reached.came_down_at = at;
        }
        reached.now = priority;
        reached.highest = reached.highest.max(priority);
    }

    /// From where it has come down, if it has.
    pub(super) fn came_down(&self, id: &str) -> Option<CameDown> {
        let reached = self.0.get(id).filter(|reached| reached.now < reached.highest)?;
        Some(CameDown { from: reached.highest, at: reached.came_down_at })
    }

    /// What was stored of an alert before a restart.
    pub(super) fn restore(&mut self, id: String, now: Priority, came_down: Option<&CameDown>) {
        let highest = came_down.map_or(now, |down| down.from);
        let came_down_at = came_down.map_or(Millis(0), |down| down.at);
        self.0.insert(id, Reached { now, highest, came_down_at });
    }

    /// The clock was set while the program was off: times move with it.
    pub(super) fn move_by(&mut self, ms: i64) {
        self.0.values_mut().for_each(|reached| {
            reached.came_down_at = reached.came_down_at.plus(ms);
        });
    }

    /// Forgets the alerts that nobody knows any more.
    pub(super) fn retain(&mut self, known: usize, is_known: impl Fn(&str) -> bool) {
        if self.0.len() > known {
            self.0.retain(|id, _| is_known(id));
        }
    }

    /// That of an alert that leaves.
    pub(super) fn part(&mut self, id: &str, to: &mut Self) {
        to.0.extend(self.0.remove_entry(id));
    }

    /// Those of alerts that have come.
    pub(super) fn join(&mut self, others: Self) {
        self.0.extend(others.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_from_where_and_when_until_it_is_as_high_again() {
        let mut priorities = Priorities::default();
        let mut note = |priority, at| {
            priorities.note("a1", priority, Millis(at));
            priorities.came_down("a1").map(|down| (down.from, down.at.0))
        };
        assert_eq!(note(Priority::Medium, 1), None);
        assert_eq!(note(Priority::High, 2), None);
        assert_eq!(note(Priority::Medium, 3), Some((Priority::High, 3)));
        assert_eq!(note(Priority::Medium, 4), Some((Priority::High, 3)));
        assert_eq!(note(Priority::Low, 5), Some((Priority::High, 5)));
        assert_eq!(note(Priority::High, 6), None);
    }
}
