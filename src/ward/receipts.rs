//! Which screens have shown which alerts: those of a room, or the ward's own. They are counted at
//! once, and recorded and published together, once a second: a hundred screens that show an alert
//! are one entry and one frame.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use crate::contract;
use crate::room::{Receipt, ScreenKind};
use crate::vitals::{Millis, ScreenName};

/// The most screens, each with the person signed in there, that are kept of one alert: more than a
/// clinic has.
pub(super) const MAX_RECEIPTS: usize = 256;
/// The most receipts that are recorded at a time; the others follow a second later.
pub(super) const MOST_AT_ONCE: usize = 512;

/// A screen as it is used, with who is signed in there.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct ShownOn {
    pub(super) screen: ScreenName,
    pub(super) kind: ScreenKind,
    /// By initials.
    pub(super) by: String,
}

/// What became of a receipt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Noted {
    /// No screen had shown the alert before.
    First,
    /// Another screen had.
    Further,
    /// It is known already, or there are too many.
    Nothing,
}

#[derive(Debug, Default)]
pub(super) struct Receipts {
    of: BTreeMap<String, Vec<(Arc<ShownOn>, Millis)>>,
    /// What is still to be recorded and published.
    news: VecDeque<Receipt>,
}

impl Receipts {
    /// A screen shows the alert of this id.
    pub(super) fn note(&mut self, id: String, on: &Arc<ShownOn>, at: Millis) -> Noted {
        let known = self.of.entry(id.clone()).or_default();
        let is_same = |known: &ShownOn| known.screen == on.screen && known.by == on.by;
        if known.len() >= MAX_RECEIPTS || known.iter().any(|(known, _)| is_same(known)) {
            return Noted::Nothing;
        }
        known.push((Arc::clone(on), at));
        let noted = if known.len() == 1 { Noted::First } else { Noted::Further };
        let (screen, by) = (on.screen.clone(), on.by.clone());
        self.news.push_back(Receipt { alert: id, screen, kind: on.kind, by, at });
        noted
    }

    pub(super) fn count(&self, id: &str) -> usize {
        self.of.get(id).map_or(0, Vec::len)
    }

    /// As staff are answered.
    pub(super) fn list(&self, id: &str) -> Vec<contract::Receipt> {
        let shown = |(on, at): &(Arc<ShownOn>, Millis)| contract::Receipt {
            screen: on.screen.clone(),
            kind: on.kind,
            by: on.by.clone(),
            at: *at,
        };
        self.of.get(id).into_iter().flatten().map(shown).collect()
    }

    /// What was noted since the last time, at most [`MOST_AT_ONCE`].
    pub(super) fn take_news(&mut self) -> Vec<Receipt> {
        let count = self.news.len().min(MOST_AT_ONCE);
        self.news.drain(..count).collect()
    }

    pub(super) fn has_news(&self) -> bool {
        !self.news.is_empty()
    }

    /// What was stored of an alert before a restart; it is recorded already.
    pub(super) fn restore(&mut self, id: String, receipts: Vec<contract::Receipt>) {
        let known = receipts.into_iter().take(MAX_RECEIPTS).map(|receipt| {
            let contract::Receipt { screen, kind, by, at } = receipt;
            (Arc::new(ShownOn { screen, kind, by }), at)
        });
        self.of.insert(id, known.collect());
    }

    /// The clock was set while the program was off: times move with it.
    pub(super) fn move_by(&mut self, ms: i64) {
        self.of.values_mut().flatten().for_each(|(_, at)| *at = at.plus(ms));
    }

    /// Forgets the alerts that nobody knows any more.
    pub(super) fn retain(&mut self, known: usize, is_known: impl Fn(&str) -> bool) {
        if self.of.len() > known {
            self.of.retain(|id, _| is_known(id));
        }
    }

    /// Those of an alert that leaves.
    pub(super) fn part(&mut self, id: &str, to: &mut Self) {
        to.of.extend(self.of.remove_entry(id));
    }

    /// Those of alerts that have come.
    pub(super) fn join(&mut self, others: Self) {
        self.of.extend(others.of);
        self.news.extend(others.news);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(screen: usize, by: &str) -> Arc<ShownOn> {
        let screen = ScreenName::new(&format!("screen-{screen}")).unwrap();
        Arc::new(ShownOn { screen, kind: ScreenKind::Phone, by: by.to_owned() })
    }

    #[test]
    fn a_screen_counts_once_however_often_it_connects_and_again_with_another_person() {
        let mut receipts = Receipts::default();
        let mut note = |screen, by| receipts.note("a1".to_owned(), &on(screen, by), Millis(7));
        assert_eq!(note(1, "KM"), Noted::First);
        assert_eq!(note(1, "KM"), Noted::Nothing);
        assert_eq!(note(1, "TJ"), Noted::Further);
        assert_eq!(note(2, "KM"), Noted::Further);
        assert_eq!((receipts.count("a1"), receipts.count("a2")), (3, 0));
        let by: Vec<String> = receipts.list("a1").into_iter().map(|receipt| receipt.by).collect();
        assert_eq!(by, ["KM", "TJ", "KM"]);
        assert_eq!(receipts.take_news().len(), 3);
        assert!(!receipts.has_news());
    }

    #[test]
    fn a_thousand_screens_are_counted_to_the_bound_and_recorded_a_few_hundred_at_a_time() {
        let mut receipts = Receipts::default();
        for alert in ["a1", "a2", "a3"] {
            for screen in 0..1_000 {
                receipts.note(alert.to_owned(), &on(screen, "KM"), Millis(7));
            }
            assert_eq!(receipts.count(alert), MAX_RECEIPTS);
        }
        let lengths: Vec<usize> = (0..3).map(|_| receipts.take_news().len()).collect();
        assert_eq!(lengths, [MOST_AT_ONCE, 3 * MAX_RECEIPTS - MOST_AT_ONCE, 0]);
    }

    #[test]
    fn what_is_forgotten_leaves_nothing() {
        let mut receipts = Receipts::default();
        receipts.note("a1".to_owned(), &on(1, "KM"), Millis(7));
        receipts.note("a2".to_owned(), &on(1, "KM"), Millis(7));
        receipts.retain(1, |id| id == "a2");
        assert_eq!((receipts.count("a1"), receipts.count("a2")), (0, 1));
    }
}
