//! Moves the room's time base: see [`crate::vitals::Moved`].

use super::Room;
use crate::rules::Condition;
use crate::vitals::{Millis, Moved, Pressure};

impl<T: Moved> Moved for (Condition, T) {
    fn move_by(&mut self, ms: i64) {
        self.1.move_by(ms);
    }
}

impl<T: Moved> Moved for (Pressure, T) {
    fn move_by(&mut self, ms: i64) {
        self.1.move_by(ms);
    }
}

impl Room {
    /// Our clock was set by `ms` while the room was away: the time becomes `at`, and everything
    /// that the room knows by our clock keeps its age.
    pub(super) fn move_time(&mut self, ms: i64, at: Millis) {
        self.advance(at.plus(ms.saturating_neg()));
        let Self {
            id: _,
            now,
            clinic_profile: _,
            ended,
            bedside,
            stay,
            alarms,
            outputs: _,
            judged_at,
            found,
        } = self;
        *found = super::Found::default();
        let parts: [&mut dyn Moved; 6] = [now, ended, bedside, stay, alarms, &mut judged_at.0];
        parts.into_iter().for_each(|part| part.move_by(ms));
    }
}
