//! Where the records of sessions come from.

use tokio::sync::Semaphore;

use crate::clock::Clock;
use crate::journal::export::ExportError;
use crate::journal::{Journal, report};
use crate::report::SessionRecord;
use crate::vitals::SessionId;
use crate::ward::{Made, Refusal, Ward};

/// A record cannot be read now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the session's record cannot be read")]
pub struct Unreadable;

/// Where the records of sessions come from.
pub trait Records: Send + Sync + 'static {
    /// The record of a session as it is now; `None` when there is no such session any more.
    ///
    /// # Errors
    /// It cannot be read now.
    fn record(
        &self,
        session: &SessionId,
    ) -> impl Future<Output = Result<Option<SessionRecord>, Unreadable>> + Send;
}

/// Records as the pages of the clinic show them.
#[derive(Debug)]
pub struct RecordsOfWard {
    ward: Ward,
    journal: Journal,
    clock: Clock,
    clinic: String,
    time_zone: Option<String>,
    /// One record at a time: a long one takes memory.
    turn: Semaphore,
}

impl RecordsOfWard {
    /// Records of a clinic of this name and zone.
    #[must_use]
    pub fn new(
        ward: Ward,
        journal: Journal,
        clock: Clock,
        (clinic, time_zone): (String, Option<String>),
    ) -> Self {
        Self { ward, journal, clock, clinic, time_zone, turn: Semaphore::new(1) }
    }

    async fn read(&self, session: &SessionId) -> Result<SessionRecord, NotRead> {
        let patient = report::patient(&self.journal, session).await?;
        let made = Made {
            clinic: Some(self.clinic.clone()),
            time_zone: self.time_zone.clone(),
            at: self.clock.now(),
            whom_for: None,
        };
        let about = self.ward.about(patient, made).await?;
        Ok(report::session_record(&self.journal, session, about).await?)
    }
}

/// Why a record is not read.
#[derive(Debug, thiserror::Error)]
enum NotRead {
    #[error(transparent)]
    Record(#[from] ExportError),
    #[error("the server is stopping")]
    Stopping(#[from] Refusal),
}

impl Records for RecordsOfWard {
    async fn record(&self, session: &SessionId) -> Result<Option<SessionRecord>, Unreadable> {
        // The semaphore is never closed.
        let _turn = self.turn.acquire().await;
        match self.read(session).await {
            Ok(record) => Ok(Some(record)),
            Err(NotRead::Record(ExportError::NoSuchSession(_))) => Ok(None),
            Err(error) => {
                tracing::warn!(%error, "a session that is to be sent cannot be read");
                Err(Unreadable)
            }
        }
    }
}
