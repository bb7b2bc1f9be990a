//! Moves a time base: the machine's clock was set while nobody was counting, and everything that is
//! known by our clock moves with it, so that ages, waits and silences stay as long as they were.
//! What a device gave as its own time does not move.

use std::collections::VecDeque;

use super::Millis;

/// Has times by our clock.
pub(crate) trait Moved {
    /// Makes every one of them `ms` later, or earlier when negative.
    fn move_by(&mut self, ms: i64);
}

impl Moved for Millis {
    fn move_by(&mut self, ms: i64) {
        *self = self.plus(ms);
    }
}

impl<T: Moved> Moved for Option<T> {
    fn move_by(&mut self, ms: i64) {
        self.iter_mut().for_each(|inner| inner.move_by(ms));
    }
}

impl<T: Moved> Moved for Vec<T> {
    fn move_by(&mut self, ms: i64) {
        self.iter_mut().for_each(|inner| inner.move_by(ms));
    }
}

impl<T: Moved> Moved for VecDeque<T> {
    fn move_by(&mut self, ms: i64) {
        self.iter_mut().for_each(|inner| inner.move_by(ms));
    }
}

impl<T: Moved, const N: usize> Moved for [T; N] {
    fn move_by(&mut self, ms: i64) {
        self.iter_mut().for_each(|inner| inner.move_by(ms));
    }
}

/// A time, with what happened at that time.
impl Moved for (Millis, f64) {
    fn move_by(&mut self, ms: i64) {
        self.0.move_by(ms);
    }
}

/// A start and an end.
impl Moved for (Millis, Millis) {
    fn move_by(&mut self, ms: i64) {
        self.0.move_by(ms);
        self.1.move_by(ms);
    }
}

/// Implements [`Moved`] for a struct. Every field is named, in one list or the other: a new field
/// does not compile before somebody has decided which.
macro_rules! moved {
    ($name:ident { moves: $($moves:ident),+; stays: $($stays:ident),* }) => {
        impl $crate::vitals::Moved for $name {
            fn move_by(&mut self, ms: i64) {
                let Self { $($moves,)+ $($stays: _,)* } = self;
                $($crate::vitals::Moved::move_by($moves, ms);)+
            }
        }
    };
}

pub(crate) use moved;
