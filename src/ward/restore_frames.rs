//! After a restart: what devices had already sent, so that a frame that is sent again is kept once.

use std::collections::BTreeMap;

use super::core::Core;
use super::read_room::RestoreError;
use crate::journal::{RecentFrame, StoredClockMove};
use crate::vitals::Millis;

/// How long frames are recognised as duplicates (design.md#the-same-reading).
const SEEN_FOR_MS: i64 = 600_000;

/// A stretch of time in which the clock was not set, up to a last moment alive.
#[derive(Clone, Copy)]
struct Stretch {
    /// That moment, by the clock of the stretch.
    end: Millis,
    /// How long it ended before the very last moment alive, counting only milliseconds in which
    /// somebody listened.
    ended_ago_ms: i64,
    /// Its entries come after this one.
    after_entry: i64,
}

impl Stretch {
    /// From when on its frames are still recognised, and until when; the last ones came after the
    /// last mark.
    fn span(self) -> (Millis, Millis) {
        (self.end.plus(self.ended_ago_ms - SEEN_FOR_MS), self.end.plus(SEEN_FOR_MS))
    }

    fn ago_ms(self, heard_at: Millis) -> i64 {
        self.ended_ago_ms + self.end.since(heard_at).max(0)
    }
}

impl Core {
    /// What devices sent in the last ten minutes in which somebody listened. A monitor that was
    /// waiting for an answer sends the same again, however long the server was away and however its
    /// clock was set.
    pub(super) async fn restore_frames(
        &mut self,
        last_alive: Option<Millis>,
        at: Millis,
    ) -> Result<(), RestoreError> {
        let latest = self.journal.latest().await?;
        let Some(last) = last_alive.or(latest) else { return Ok(()) };
        // In the order in which they came, each once, with its age.
        let mut frames: BTreeMap<i64, (RecentFrame, i64)> = BTreeMap::new();
        for stretch in self.stretches(last).await? {
            let (since, until) = stretch.span();
            let frames_of_it = self.journal.recent_frame_keys(since, until).await?;
            // Another stretch may hold the same times.
            for frame in frames_of_it.into_iter().filter(|frame| frame.entry > stretch.after_entry)
            {
                let ago_ms = stretch.ago_ms(frame.at);
                frames.entry(frame.entry).or_insert((frame, ago_ms));
            }
        }
        for (frame, ago_ms) in frames.into_values() {
            if let Some(device) = self.devices.get_mut(&frame.device) {
                device.known_frames.restore(frame.key, SEEN_FOR_MS, at.plus(-ago_ms));
            }
        }
        Ok(())
    }

    /// Newest first. A start that died after it had moved the times leaves frames that carry the
    /// earlier times.
    async fn stretches(&self, last: Millis) -> Result<Vec<Stretch>, RestoreError> {
        let mut stretches = Vec::new();
        let mut stretch = Stretch { end: last, ended_ago_ms: 0, after_entry: 0 };
        for StoredClockMove { moved, last_entry } in self.journal.clock_moves().await? {
            let ended_ago_ms = stretch.ago_ms(moved.to);
            stretches.push(Stretch { after_entry: last_entry, ..stretch });
            stretch = Stretch { end: moved.from, ended_ago_ms, after_entry: 0 };
        }
        stretches.push(stretch);
        stretches.retain(|stretch| stretch.ended_ago_ms < SEEN_FOR_MS);
        Ok(stretches)
    }
}
