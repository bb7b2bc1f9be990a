//! The room's time base moves: see [`crate::vitals::Moved`].

use super::Room;
use crate::profile::Condition;
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
    /// Our clock was set by `ms` while the room was away: it comes to be `at`, and all that it
    /// knows by our clock is as old as it was.
    pub(super) fn move_time(&mut self, ms: i64, at: Millis) {
        self.advance(at.plus(ms.saturating_neg()));
        let Self {
            id: _,
            now,
            profile: _,
            clinic_profile: _,
            session,
            ended_session,
            last_session: _,
            monitors,
            latest,
            histories,
            cuff,
            inflation,
            pulse_gate,
            by_hand,
            recurring,
            wanted,
            rate_reading_due,
            watch_until_two_inside: _,
            rise,
            probe_task_since,
            shown_tasks,
            falls,
            drops,
            refusals,
            alerts,
            alerts_of_session: _,
            alerts_of_day: _,
            unwatched_since,
            ages_from,
            unbound_at,
            outputs: _,
        } = self;
        let parts: [&mut dyn Moved; 22] = [
            now,
            session,
            ended_session,
            monitors,
            latest,
            histories,
            cuff,
            inflation,
            pulse_gate,
            by_hand,
            recurring,
            wanted,
            rate_reading_due,
            rise,
            probe_task_since,
            shown_tasks,
            falls,
            drops,
            refusals,
            alerts,
            unwatched_since,
            ages_from,
        ];
        parts.into_iter().for_each(|part| part.move_by(ms));
        unbound_at.move_by(ms);
    }
}
