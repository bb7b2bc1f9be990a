//! Sessions: packed after their end, and emptied once they are deleted.

use super::{DAY_MS, HOUR_MS, NotDone, Sealing};
use crate::journal::{PackedRun, Part};
use crate::record::{MAX_PIECE_ENTRIES, fitting};
use crate::store::SessionRow;
use crate::vitals::Millis;
use crate::ward::{CountRemovals, Expire, Kept, NoteKept, Pack};

impl Sealing {
    /// Does the next thing that is due with a session; `false` when nothing is.
    pub(super) async fn sessions(&mut self, now: Millis) -> Result<bool, NotDone> {
        let store = self.journal.store();
        if let Some(session) = store.session_to_empty().await? {
            self.empty(&session).await?;
            return Ok(true);
        }
        if let Some(days) = self.retention.sessions_days {
            let before = now.plus(-i64::from(days) * DAY_MS);
            if let Some(row) = store.session_to_delete(before, &self.deleted_to).await? {
                self.deleted_to = place(&row);
                self.ward.ask(Expire { session: row.id, days }).await??.await?;
                return Ok(true);
            }
        }
        let before = now.plus(-i64::from(self.retention.seal_after_hours) * HOUR_MS);
        let Some(row) = store.session_to_seal(before, &self.sealed_to).await? else {
            return Ok(false);
        };
        match self.pack_some(&row).await {
            Ok(true) => {}
            Ok(false) => {
                self.sealed_to = place(&row);
                self.note(&row, Kept::Sealed).await?;
            }
            Err(error @ (NotDone::Unreadable(_) | NotDone::BadPiece(_))) => {
                let session = &row.id;
                tracing::warn!(%session, %error, "a session cannot be packed, and stays as it is");
                self.sealed_to = place(&row);
            }
            Err(error) => return Err(error),
        }
        Ok(true)
    }

    /// Takes away some of what is left of a deleted session.
    async fn empty(&self, row: &SessionRow) -> Result<(), NotDone> {
        let keeping = self.journal.store().keeping(&row.id).await?;
        let Some(left_seq) = keeping.deleted_seq else { return Ok(()) };
        // What was not packed is packed first: its hash is in the clinic's chain before it leaves.
        if self.pack_some(row).await? {
            return Ok(());
        }
        if self.journal.has_packed(&row.id).await? {
            let (stored, told) = tokio::sync::oneshot::channel();
            let taken = self.journal.empty_some(&row.id, left_seq, stored);
            taken.map_err(|_| NotDone::NotTaken)?;
            return Ok(told.await?);
        }
        self.note(row, Kept::Emptied).await
    }

    /// Packs the next entries of a session; `false` when there are none.
    async fn pack_some(&self, row: &SessionRow) -> Result<bool, NotDone> {
        let removals = self.ward.ask(CountRemovals).await?;
        // What was removed until then must not be read any more.
        self.all_stored().await?;
        for Part { chain, first_seq, last_seq } in self.journal.parts_of(row).await? {
            let found =
                self.journal.unpacked(&chain, first_seq, last_seq, MAX_PIECE_ENTRIES).await?;
            let Some(last) = found.last().map(|last| last.stored.seq) else { continue };
            if !self.restarts_behind(&chain, last).await? {
                tracing::debug!(%chain, "the room has no later state than the session's");
            }
            let session = row.id.clone();
            // A piece is some milliseconds of work, for which no other task should wait.
            let packed = tokio::task::spawn_blocking(move || {
                PackedRun::of(&session, &found[..fitting(&found)])
            });
            let packed = packed.await.map_err(|_| NotDone::Stopping)??;
            let Some(packed) = packed else { continue };
            self.ward.ask(Pack { packed, removals }).await??.await?;
            return Ok(true);
        }
        Ok(false)
    }

    async fn note(&self, row: &SessionRow, kept: Kept) -> Result<(), NotDone> {
        let noted = self.ward.ask(NoteKept { session: row.id.clone(), kept }).await?;
        Ok(noted.stored.await?)
    }
}

fn place(row: &SessionRow) -> (Millis, String) {
    (row.ended_at.unwrap_or(row.opened_at), row.id.as_str().to_owned())
}
