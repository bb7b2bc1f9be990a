//! Conditions of time: how far one is, and when that changes.

use std::borrow::Cow;

use super::condition::Priority;
use crate::vitals::Millis;

/// How far a condition of time is. `next` is when that may change without a word from outside.
pub(crate) enum Course<'a> {
    /// It does not hold.
    Over { next: Option<Millis> },
    /// The priority that its stages give now; while they give none, an alert that is active stays.
    Running { priority: Option<Priority>, next: Option<Millis>, text: Option<Cow<'a, str>> },
}

/// It does not hold, and will not by time alone.
pub(crate) const OVER: Course<'static> = Course::Over { next: None };

/// The stages as times: which hold now, and when the next one will.
pub(crate) fn running<'a>(
    now: Millis,
    stages: impl Iterator<Item = (Priority, Millis)>,
) -> Course<'a> {
    let mut priority: Option<Priority> = None;
    let mut next: Option<Millis> = None;
    for (of_stage, at) in stages {
        if at <= now {
            priority = priority.max(Some(of_stage));
        } else {
            next = Some(next.map_or(at, |known| known.min(at)));
        }
    }
    Course::Running { priority, next, text: None }
}

pub(crate) fn seconds_after(since: Millis, seconds: u32) -> Millis {
    since.plus(i64::from(seconds) * 1_000)
}
