//! What staff ask for: sessions, alerts, devices, rooms, profiles, staff, tokens, the audit. All
//! of it are views of the journal, changed in its own transactions and made to be rebuilt from it.
//!
//! Questions go to a few connections of their own and never wait for the writer. Who may come in is
//! in memory, in the [`Register`], and is answered also by a disk that hangs.

mod alert_log;
#[cfg(test)]
mod alert_log_test;
mod alerts;
mod answers;
mod arrivals;
mod assignments;
mod audit;
pub(crate) mod columns;
mod courses;
mod days;
#[cfg(test)]
mod days_test;
mod deliveries;
mod devices;
mod guessing;
mod keeping;
mod lists;
mod outbound;
mod page;
mod patients;
mod profiles;
mod push;
mod register;
mod rooms;
mod sessions;
mod signatures;
mod staff;
#[cfg(test)]
mod tests;
mod tokens;
mod upsert;

use std::sync::Arc;

use sqlx::Sqlite;
use sqlx::query::Query;
use sqlx::sqlite::{SqliteArguments, SqlitePool, SqliteRow};
use tokio::sync::oneshot;

pub use alert_log::{LogFilter, LogOutcome, OutcomeRow};
pub use alerts::{AlertFilter, AlertRow, AlertStates};
pub(crate) use answers::move_answers;
pub use answers::{ANSWER_KEPT_MS, RecentAnswer};
pub use arrivals::ArrivalRow;
pub use assignments::{AssignmentRow, BreakRow};
pub use audit::AuditRow;
pub use courses::CourseRow;
pub use days::{DayRow, MAX_OF_A_DAY};
pub use deliveries::{ChannelTotals, DeliveryRow, DeliveryState};
pub use devices::{Binding, DeviceRow};
pub use guessing::{BrowserRow, PinTriesRow, WrongTriesRow};
pub use keeping::KeepingRow;
pub use lists::ListRow;
pub(crate) use outbound::erase as erase_outbound;
pub use outbound::{
    MOST_TEXTS_SET_ASIDE, OutboundChange, OutboundCounts, OutboundRow, OutboundState, OutboundText,
};
pub use page::{Cursor, MAX_ROWS, NoSuchPlace, Page};
pub use patients::PatientRow;
pub use profiles::{KeptProfile, ProfileRow};
pub use push::PushRow;
pub use register::{MAX_DEVICE_TOKENS, MAX_PROGRAMS, MAX_STAFF, Register};
pub use rooms::RoomRow;
pub use sessions::{Initials, SessionFilter, SessionRow};
pub use signatures::{AddendumRow, HandOverRow, SignOffRow};
pub use staff::StaffRow;
pub use tokens::{TokenKind, TokenRow};
pub use upsert::Upsert;

use crate::journal::{AppendError, Handle, ReadError};

/// The views. Cheap to clone; made by [`crate::journal::Journal::store`].
#[derive(Clone, Debug)]
pub struct Store {
    handle: Arc<Handle>,
    readers: SqlitePool,
}

impl Store {
    pub(crate) fn new(handle: Arc<Handle>, readers: SqlitePool) -> Self {
        Self { handle, readers }
    }

    /// Changes that belong to no entry, such as a token's last use. They go through the journal's
    /// queue, but wait for no chain; `stored` are notified when they are on disk.
    pub fn put(
        &self,
        changes: Vec<Upsert>,
        stored: Vec<oneshot::Sender<()>>,
    ) -> Result<(), AppendError> {
        self.handle.queue.put(changes, stored)
    }

    /// Everybody who may come in.
    #[must_use]
    pub fn register(&self) -> &Register {
        self.handle.queue.register()
    }

    /// The token with this hash is worth nothing from now on; its connections end with these
    /// words. On disk a moment later.
    pub fn end_token(&self, hash: [u8; 32], why: &'static str) {
        if self.register().end(&hash, why) {
            // What there is no place for is owed to the disk.
            let _ = self.put(vec![Upsert::EndToken { hash }], Vec::new());
        }
    }

    /// The clock was set by so many milliseconds since logins were given out: they live as long as
    /// they were to live, and none lives for years because a clock ran ahead.
    pub fn move_logins(&self, by_ms: i64) {
        let moved = if by_ms == 0 { Vec::new() } else { self.register().moved_logins(by_ms) };
        if !moved.is_empty() {
            // What there is no place for is owed to the disk.
            let _ = self.put(moved.into_iter().map(Upsert::Token).collect(), Vec::new());
        }
    }

    async fn one<T>(
        &self,
        query: Query<'_, Sqlite, SqliteArguments>,
        read: impl Fn(&SqliteRow) -> sqlx::Result<T>,
    ) -> Result<Option<T>, ReadError> {
        let row = query.fetch_optional(&self.readers).await.map_err(ReadError::new)?;
        row.as_ref().map(read).transpose().map_err(ReadError::new)
    }

    async fn all<T>(
        &self,
        query: Query<'_, Sqlite, SqliteArguments>,
        read: impl Fn(&SqliteRow) -> sqlx::Result<T>,
    ) -> Result<Vec<T>, ReadError> {
        let rows = query.fetch_all(&self.readers).await.map_err(ReadError::new)?;
        rows.iter().map(read).collect::<sqlx::Result<_>>().map_err(ReadError::new)
    }
}
