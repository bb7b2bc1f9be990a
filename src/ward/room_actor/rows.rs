//! The rows of the store for a room's sessions.

use super::RoomActor;
use crate::journal::Journal;
use crate::room::Session;
use crate::store::{SessionRow, Upsert};
use crate::vitals::{Millis, SessionId};
use crate::ward::render::staff_session;
use crate::ward::written::written;

impl RoomActor {
    /// The running session, and the previous one while the disk does not know that it is over.
    pub(in crate::ward) fn session_rows(
        &self,
        journal: &Journal,
    ) -> impl Iterator<Item = SessionRow> {
        let lately = self.ended_lately.as_ref();
        let lately = lately.filter(|row| self.is_not_on_disk(row, journal)).cloned();
        self.row_of(self.room.session(), None).into_iter().chain(lately)
    }

    /// One of these.
    pub(in crate::ward) fn known_session(
        &self,
        id: &SessionId,
        journal: &Journal,
    ) -> Option<SessionRow> {
        if self.has_session(id) {
            return self.row_of(self.room.session(), None);
        }
        let lately = self.ended_lately.as_ref().filter(|row| row.id == *id);
        lately.filter(|row| self.is_not_on_disk(row, journal)).cloned()
    }

    /// The session that has just ended, as it is answered to staff.
    pub(in crate::ward) fn ended_lately(&self, id: &SessionId) -> Option<&SessionRow> {
        self.ended_lately.as_ref().filter(|row| row.id == *id)
    }

    pub(super) fn is_not_on_disk(&self, ended: &SessionRow, journal: &Journal) -> bool {
        self.ended_unrecorded.is_some()
            || ended.ended_seq.is_some_and(|last| journal.committed_seq(&self.chain) < last)
    }

    pub(super) fn session_row(
        &self,
        session: Option<&Session>,
        ended: Option<(Millis, u64)>,
    ) -> Option<Upsert> {
        self.row_of(session, ended).map(Upsert::Session)
    }

    fn row_of(
        &self,
        session: Option<&Session>,
        ended: Option<(Millis, u64)>,
    ) -> Option<SessionRow> {
        let (session, card) = session.zip(self.card.as_ref())?;
        let shown = staff_session(&self.room, session, card);
        Some(SessionRow {
            id: session.id.clone(),
            room: self.id().clone(),
            profile: card.profile.name.clone(),
            phase: session.phase.name().to_owned(),
            opened_at: session.opened_at,
            started_at: session.started_at,
            ended_at: ended.map(|(at, _)| at),
            opened_seq: card.opened_seq,
            ended_seq: ended.map(|(_, seq)| seq),
            json: written(&shown),
        })
    }
}
