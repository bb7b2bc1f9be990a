//! Readings outside sessions: kept for some hours, so that staff can look back at a monitor.

use super::{HOUR_MS, NotDone, Sealing};
use crate::journal::Run;
use crate::record::Numbered;
use crate::vitals::Millis;
use crate::ward::DropRuns;

/// Entries of a chain that one step looks at.
const MAX_LOOKED_AT: usize = 500;

impl Sealing {
    /// Drops what is due among the next entries of a chain; `false` when all were looked through.
    pub(super) async fn raw_readings(&mut self, now: Millis) -> Result<bool, NotDone> {
        if !self.raw.has_begun {
            self.raw.has_begun = true;
            self.raw.waiting = self.journal.chains();
        }
        let Some(chain) = self.raw.waiting.last().cloned() else { return Ok(false) };
        let before = now.plus(-i64::from(self.retention.raw_hours) * HOUR_MS);
        let from = self.raw.next.get(&chain).copied().unwrap_or(1);
        let found = match self.journal.unpacked(&chain, from, u64::MAX, MAX_LOOKED_AT).await {
            Ok(found) => found,
            Err(error) => {
                // Nothing of a damaged chain is dropped: somebody may be able to repair it.
                self.raw.waiting.pop();
                return Err(error.into());
            }
        };
        let is_last = found.len() < MAX_LOOKED_AT;
        let due = found.iter().take_while(|one| one.stored.entry.at < before).count();
        let runs = runs(&found[..due]);
        let last_seq = runs.last().map_or(0, |run| run.last_seq);
        if !runs.is_empty() {
            if !self.restarts_behind(&chain, last_seq).await? {
                self.raw.waiting.pop();
                return Ok(true);
            }
            let raw_hours = self.retention.raw_hours;
            let dropped = DropRuns { chain: chain.clone(), runs, raw_hours };
            self.ward.ask(dropped).await??.await?;
        }
        if let Some(last) = found[..due].last() {
            self.raw.next.insert(chain, last.stored.seq + 1);
        }
        if is_last || due < found.len() {
            self.raw.waiting.pop();
        }
        Ok(true)
    }
}

/// The runs of entries, one after the other in their chain, that are frames outside sessions.
fn runs(entries: &[Numbered]) -> Vec<Run> {
    let is_raw =
        |one: &Numbered| one.stored.entry.frame_key.is_some() && one.stored.entry.session.is_none();
    let belong = |one: &Numbered, next: &Numbered| {
        is_raw(one) == is_raw(next) && one.stored.seq + 1 == next.stored.seq
    };
    let groups = entries.chunk_by(belong).filter(|group| group.first().is_some_and(is_raw));
    groups.filter_map(Run::of).collect()
}
