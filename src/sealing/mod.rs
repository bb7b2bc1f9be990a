//! What is done with records when their time has come: a session that is over is packed, one whose
//! time is over or that staff deleted is emptied, and readings outside sessions are dropped. One
//! bounded step after another, each a transaction of its own, and none while the disk is behind:
//! whoever waits for a commit waits for one step at most.
//!
//! Nothing of how far it has come is kept in memory alone: each step looks at what is on disk, so a
//! server that dies in the middle goes on where it was.

mod progress;
mod raw;
mod session;

use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::journal::{Journal, ReadError};
use crate::record::{BadPiece, Chain};
use crate::vitals::Millis;
use crate::ward::{NotPacked, NoteState, Refusal, Ward};
use progress::RawReadings;

/// How often it looks whether something is due, which is three questions to an index.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Between two steps, so that others have most of the disk.
const REST: Duration = Duration::from_millis(50);
/// How far the disk may be behind for a step to be taken, ms.
const REST_ABOVE_LAG_MS: i64 = 100;
/// How often sessions that could not be packed are tried again, and raw readings are looked through,
/// ms.
const AGAIN_AFTER_MS: i64 = 600_000;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;

/// How long what is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Retention {
    /// A session is packed so many hours after its end.
    pub seal_after_hours: u32,
    /// A session is deleted so many days after its end; `None` for never.
    pub sessions_days: Option<u32>,
    /// Readings outside sessions are dropped after so many hours.
    pub raw_hours: u32,
}

impl Retention {
    /// When a session that ended then is packed.
    #[must_use]
    pub fn seals_at(&self, ended_at: Millis) -> Millis {
        ended_at.plus(i64::from(self.seal_after_hours) * HOUR_MS)
    }

    /// When a session that ended then is deleted, if ever.
    #[must_use]
    pub fn deletes_at(&self, ended_at: Millis) -> Option<Millis> {
        self.sessions_days.map(|days| ended_at.plus(i64::from(days) * DAY_MS))
    }
}

impl Default for Retention {
    fn default() -> Self {
        Self { seal_after_hours: 24, sessions_days: None, raw_hours: 72 }
    }
}

/// Why a step was not taken.
#[derive(Debug, thiserror::Error)]
enum NotDone {
    #[error("the ward has ended")]
    Stopping,
    #[error("the journal took nothing")]
    NotTaken,
    #[error(transparent)]
    Unreadable(#[from] ReadError),
    #[error(transparent)]
    BadPiece(#[from] BadPiece),
}

impl From<Refusal> for NotDone {
    fn from(_: Refusal) -> Self {
        Self::Stopping
    }
}

impl From<NotPacked> for NotDone {
    fn from(_: NotPacked) -> Self {
        Self::NotTaken
    }
}

impl From<oneshot::error::RecvError> for NotDone {
    fn from(_: oneshot::error::RecvError) -> Self {
        Self::NotTaken
    }
}

/// Packs, empties and drops what is due.
#[derive(Debug)]
pub struct Sealing {
    ward: Ward,
    journal: Journal,
    clock: Clock,
    retention: Retention,
    /// Up to here, by end and id, every session is packed or could not be.
    sealed_to: (Millis, String),
    /// The same of deletion.
    deleted_to: (Millis, String),
    /// When it began to look from the start.
    began_at: Option<Millis>,
    raw: RawReadings,
}

impl Sealing {
    /// Of these data.
    #[must_use]
    pub fn new(ward: Ward, journal: Journal, clock: Clock, retention: Retention) -> Self {
        Self {
            ward,
            journal,
            clock,
            retention,
            sealed_to: from_the_start(),
            deleted_to: from_the_start(),
            began_at: None,
            raw: RawReadings::default(),
        }
    }

    /// Until `stop`.
    pub async fn run(mut self, stop: CancellationToken) {
        let mut look = tokio::time::interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = look.tick() => {}
            }
            while tokio::select! {
                () = stop.cancelled() => return,
                did_something = self.step() => did_something,
            } {
                tokio::select! {
                    () = stop.cancelled() => return,
                    () = tokio::time::sleep(REST) => {}
                }
            }
        }
    }

    /// One step; `false` when nothing is due, or nothing can be done now.
    pub async fn step(&mut self) -> bool {
        let now = self.clock.now();
        if self.journal.lag(now) > REST_ABOVE_LAG_MS || self.journal.trouble().is_some() {
            return false;
        }
        if self.began_at.is_none_or(|at| now.since(at) > AGAIN_AFTER_MS || now < at) {
            self.began_at = Some(now);
            (self.sealed_to, self.deleted_to) = (from_the_start(), from_the_start());
            self.raw.begin();
        }
        let done = self.sessions(now).await;
        let done = match done {
            Ok(false) => self.raw_readings(now).await,
            done => done,
        };
        done.unwrap_or_else(|error| {
            tracing::warn!(%error, "what is to be packed or removed stays as it is for now");
            false
        })
    }

    /// Waits until all that was appended so far is on disk.
    async fn all_stored(&self) -> Result<(), NotDone> {
        let (stored, told) = oneshot::channel();
        self.journal.barrier(stored);
        Ok(told.await?)
    }

    /// A restart begins at the last checkpoint of a chain: entries up to `seq` leave only if that
    /// is behind them. Whether it is.
    async fn restarts_behind(&self, chain: &Chain, seq: u64) -> Result<bool, NotDone> {
        let Chain::Room(room) = chain else { return Ok(true) };
        if self.checkpoint(chain).await? > seq {
            return Ok(true);
        }
        self.ward.ask(NoteState { room: room.clone() }).await?;
        self.all_stored().await?;
        Ok(self.checkpoint(chain).await? > seq)
    }

    async fn checkpoint(&self, chain: &Chain) -> Result<u64, NotDone> {
        let last = self.journal.latest_checkpoint(chain).await?;
        Ok(last.map_or(0, |checkpoint| checkpoint.seq))
    }
}

fn from_the_start() -> (Millis, String) {
    (Millis(i64::MIN), String::new())
}
