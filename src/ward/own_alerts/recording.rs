//! Nothing is being recorded, or what was recorded cannot be read.

use super::OwnAlerts;
use crate::journal::Trouble;
use crate::profile::{Condition, Priority};
use crate::room::Finding;
use crate::vitals::{Millis, RoomId};

/// The journal is behind by more than this: `recording_stopped` (design.md#the-disk).
const STOPPED_AFTER_MS: i64 = 2_000;
/// It has caught up when it is behind by no more than this.
const RESUMED_WITHIN_MS: i64 = 1_000;

const STOPPED: &str = "Recording has stopped: the disk cannot keep up. Monitoring goes on.";

impl OwnAlerts {
    /// The journal is this far behind or in this trouble, and the past of these rooms could not be
    /// read. Returns what changed, if anything.
    pub(super) fn judge_recording(
        &mut self,
        (lag_ms, trouble): (i64, Option<Trouble>),
        unread: Vec<RoomId>,
        at: Millis,
    ) -> Option<Condition> {
        let condition = Condition::RecordingStopped;
        let has_one_more = unread.iter().any(|room| !self.unread.contains(room));
        let is_unread = !unread.is_empty();
        self.unread = unread;
        let has_stopped = lag_ms > STOPPED_AFTER_MS || trouble.is_some_and(Trouble::is_certain);
        let has_resumed = lag_ms < RESUMED_WITHIN_MS && trouble.is_none();
        let words = match trouble {
            Some(trouble) => stopped_words(trouble),
            None if is_unread => unread_words(&self.unread),
            None => STOPPED.to_owned(),
        };
        let finding = Finding::technical(Priority::Medium, &words);
        let active = self.active(condition).map(|alert| alert.text.clone());
        let Some(text) = active else {
            if !is_unread && !has_stopped {
                return None;
            }
            self.raise(condition, finding, at);
            return Some(condition);
        };
        if has_one_more {
            self.raise(condition, finding, at);
        } else if has_resumed && !is_unread {
            self.alarms.end(condition, at);
        } else if (trouble.is_some() || is_unread) && text != words {
            // The same alert, for another reason: whoever has taken it sees why.
            self.active(condition)?.text = words;
        } else {
            return None;
        }
        Some(condition)
    }
}

fn stopped_words(trouble: Trouble) -> String {
    let (what, remedy) = (trouble.what(), trouble.remedy());
    format!("Recording has stopped: {what}. Monitoring goes on. {remedy}")
}

fn unread_words(rooms: &[RoomId]) -> String {
    let names: Vec<_> = rooms.iter().map(|room| format!("room {room}")).collect();
    format!(
        "After a restart the record of {} could not be read whole. Check its session, limits and \
         alerts.",
        names.join(", ")
    )
}
