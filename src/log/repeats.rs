use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

use tracing::Level;

use crate::vitals::Millis;

/// The same line is written at most this often …
const TIMES: u64 = 20;
/// … in this time, which begins with the first.
const WITHIN_MS: i64 = 10_000;
/// How many different lines are counted. A further one replaces the oldest.
const MAX_LINES: usize = 256;

/// A line that came too often: what it said, and how often it was left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Repeated {
    pub(super) line: Line,
    pub(super) times: u64,
}

/// What is written about a line that is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) level: Level,
    pub(super) message: String,
}

/// How often each line came recently.
#[derive(Debug, Default)]
pub(super) struct Repeats {
    table: Mutex<Table>,
    left_out: AtomicU64,
}

#[derive(Debug, Default)]
struct Table {
    lines: BTreeMap<u64, Known>,
    /// Counts of lines that made way for others.
    over: Vec<Repeated>,
}

#[derive(Debug)]
struct Known {
    since: Millis,
    times: u64,
    /// Kept once the line is left out.
    line: Option<Line>,
}

impl Known {
    fn repeated(self) -> Option<Repeated> {
        let times = self.times.saturating_sub(TIMES);
        self.line.map(|line| Repeated { line, times })
    }

    fn is_over(&self, at: Millis) -> bool {
        at.since(self.since) >= WITHIN_MS
    }
}

impl Repeats {
    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether the line with this key is to be written; `line` gives its text.
    pub(super) fn is_news(&self, key: u64, at: Millis, line: impl FnOnce() -> Line) -> bool {
        let is_news = self.lock().note(key, at, line);
        if !is_news {
            self.left_out.fetch_add(1, Ordering::Relaxed);
        }
        is_news
    }

    /// The lines that were left out and whose time is over: each is reported once.
    pub(super) fn due(&self, at: Millis) -> Vec<Repeated> {
        self.lock().due(at)
    }

    pub(super) fn left_out(&self) -> u64 {
        self.left_out.load(Ordering::Relaxed)
    }
}

impl Table {
    fn note(&mut self, key: u64, at: Millis, line: impl FnOnce() -> Line) -> bool {
        if self.lines.get(&key).is_some_and(|known| known.is_over(at)) {
            self.forget(key);
        }
        if !self.lines.contains_key(&key) && self.lines.len() >= MAX_LINES {
            let oldest = self.lines.iter().min_by_key(|(_, known)| known.since);
            if let Some(oldest) = oldest.map(|(key, _)| *key) {
                self.forget(oldest);
            }
        }
        let known = self.lines.entry(key).or_insert(Known { since: at, times: 0, line: None });
        known.times += 1;
        if known.times <= TIMES {
            return true;
        }
        known.line.get_or_insert_with(line);
        false
    }

    fn forget(&mut self, key: u64) {
        let repeated = self.lines.remove(&key).and_then(Known::repeated);
        if self.over.len() < MAX_LINES {
            self.over.extend(repeated);
        }
    }

    fn due(&mut self, at: Millis) -> Vec<Repeated> {
        let mut due = std::mem::take(&mut self.over);
        let over = self.lines.extract_if(.., |_, known| known.is_over(at));
        due.extend(over.filter_map(|(_, known)| known.repeated()));
        due
    }
}

#[cfg(test)]
mod tests;
