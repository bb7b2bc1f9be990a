//! The journal is the truth: what came in and what was shown, in the order in which it was
//! applied, in chains of hashes. Everything else that is stored is a view of it.
//!
//! Appending never waits. Entries go into a bounded queue, and one writer commits all that waits
//! in one transaction, together with the views that they change; then it wakes those who asked.
//! So a crash loses only a tail that was never acknowledged, and a slow disk never delays an alarm.
//!
//! Nothing outside this module and [`crate::store`] knows which engine is underneath.

mod clock_moves;
mod commit;
mod error;
pub mod export;
mod frames;
mod head_file;
mod leaving;
mod looker;
mod noted;
mod open;
mod packer;
mod packing;
mod pieces;
mod place;
mod proof;
mod queue;
mod reach;
mod read;
mod readable;
mod readers;
pub mod report;
mod runs;
mod salt;
#[cfg(test)]
mod stall;
mod stretches;
mod tail;
#[cfg(test)]
mod tests;
mod verify;
mod views;
mod writer;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use sqlx::sqlite::SqlitePool;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

pub use clock_moves::{ClockMove, StoredClockMove};
pub use error::{AppendError, CloseError, OpenError, ReadError};
pub(crate) use open::DATABASE;
pub use open::Opening;
pub use packing::{PackedRun, Whose, note_of_dropped};
pub use pieces::Part;
pub use place::Trouble;
pub use proof::Proof;
pub(crate) use queue::Queue;
pub use queue::{Counters, MAX_WAITING, MAX_WAITING_BYTES};
pub use read::{
    FRAME_KEYS_OF_A_DEVICE, MAX_PAGE, Pages, ReadingsCursor, ReadingsOf, ReadingsPage, RecentFrame,
};
pub(crate) use readable::Found;
pub use runs::Run;
pub use verify::{Break, Fault, Verdict};
pub use views::{ToldOf, ViewState};

use crate::clock::Mark;
use crate::record::{Chain, Entry};
use crate::store::{Store, Upsert};
use crate::vitals::Millis;
use head_file::HeadFiles;
use queue::Write;

/// The way in and out of the journal. Cheap to clone; when the last clone is gone, what waits is
/// still written.
#[derive(Clone, Debug)]
pub struct Journal {
    handle: Arc<Handle>,
    /// For the questions that staff wait for.
    readers: SqlitePool,
    /// For what is long.
    long_readers: SqlitePool,
    /// What says how far the record reaches.
    head_files: Arc<HeadFiles>,
}

/// The queue and who empties it. Dropping the last one closes the queue.
#[derive(Debug)]
pub(crate) struct Handle {
    pub(crate) queue: Arc<Queue>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Handle {
    fn new(queue: Arc<Queue>, writer: JoinHandle<()>) -> Self {
        Self { queue, writer: Mutex::new(Some(writer)) }
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.queue.close();
    }
}

/// A run of appends that goes to disk as one. Dropped, it is closed.
#[derive(Debug)]
pub struct Unit {
    queue: Arc<Queue>,
    is_open: bool,
}

impl Unit {
    /// The unit is whole, with these views at its end, which even a full journal takes in: what
    /// they are about has been appended already.
    pub fn close(mut self, views: Vec<Upsert>) {
        self.is_open = false;
        self.queue.close_unit(views);
    }
}

impl Drop for Unit {
    fn drop(&mut self) {
        if self.is_open {
            self.queue.close_unit(Vec::new());
        }
    }
}

impl Journal {
    /// Opens the data in `folder`, makes it when the folder is not there or empty, brings an older
    /// layout up to date, and keeps every other process out until it is closed.
    pub async fn open(folder: &Path) -> Result<Self, OpenError> {
        Self::open_with(folder, &Opening::default()).await
    }

    /// The same, as `opening` says.
    pub async fn open_with(folder: &Path, opening: &Opening) -> Result<Self, OpenError> {
        open::open(folder, opening).await
    }

    /// The views of the same data.
    #[must_use]
    pub fn store(&self) -> Store {
        Store::new(Arc::clone(&self.handle), self.readers.clone())
    }

    /// Records `entries` at the end of `chain`, whose next number must be `expected_seq`, and with
    /// them, in the same transaction, `views`. Returns at once; `stored` are notified when it is on
    /// disk. What is appended first is committed first, over all chains.
    pub fn append(
        &self,
        chain: &Chain,
        expected_seq: u64,
        mut entries: Vec<Entry>,
        views: Vec<Upsert>,
        stored: Vec<oneshot::Sender<()>>,
    ) -> Result<(), AppendError> {
        if *chain == Chain::Clinic {
            views::tell_audit(&mut entries, &views);
        }
        self.handle.queue.append(chain, expected_seq, entries, views, stored)
    }

    /// What is appended until [`Unit::close`] goes to disk in one transaction, whole or not at
    /// all. For the owner of the chains alone, who waits for nothing meanwhile.
    #[must_use]
    pub fn unit(&self) -> Unit {
        self.handle.queue.open_unit();
        Unit { queue: Arc::clone(&self.handle.queue), is_open: true }
    }

    /// Sets the time, as [`Self::mark_alive`] does from then on. What is appended may be about an
    /// earlier time, and is late only from the moment at which it was appended.
    pub(crate) fn time_is(&self, now: Millis) {
        self.handle.queue.time_is(now);
    }

    /// Notifies `stored` when all that was appended so far is on disk. It is dropped instead when
    /// the journal is closed or its queue is full.
    pub fn barrier(&self, stored: oneshot::Sender<()>) {
        // The refusal reaches whoever waits, as the sender is dropped.
        let _ = self.handle.queue.push(Write::Barrier, vec![stored]);
    }

    /// Moves the mark of the last moment at which we were alive. Left out when the queue is full.
    pub fn mark_alive(&self, mark: Mark) {
        // Without it the next start believes in a longer blindness, which is the safe side.
        let _ = self.handle.queue.push(Write::Alive(mark), Vec::new());
    }

    /// The mark of the last moment alive was at `from`, and is now `mark`, because the clock was set.
    pub fn move_alive(&self, from: Millis, mark: Mark) {
        self.mark_alive(mark);
        let moved = ClockMove { from, to: mark.at };
        // Without it a frame that is sent again may be kept twice, and nothing else is wrong.
        let _ = self.handle.queue.push(Write::ClockMove(moved), Vec::new());
    }

    /// Notes in the chain `clinic` how far the others reach behind all that was appended so far; does
    /// nothing when they reach no further than at the last time.
    pub fn note_heads(&self, at: Millis) -> Result<(), AppendError> {
        self.handle.queue.note_heads(at)
    }

    /// How many entries of each chain are on disk.
    #[must_use]
    pub fn lengths(&self) -> Vec<(Chain, u64)> {
        self.handle.queue.lengths()
    }

    /// The number that the next entry of `chain` gets.
    #[must_use]
    pub fn next_seq(&self, chain: &Chain) -> u64 {
        self.handle.queue.next_seq(chain)
    }

    /// The number of the last entry of `chain` that is on disk, 0 when there is none.
    #[must_use]
    pub fn committed_seq(&self, chain: &Chain) -> u64 {
        self.handle.queue.committed_seq(chain)
    }

    /// The chains that have an entry on disk, in order.
    #[must_use]
    pub fn chains(&self) -> Vec<Chain> {
        self.handle.queue.chains()
    }

    /// Since when the oldest append that is not yet on disk has waited: since its `at`, or since
    /// the time that the journal knew at that moment, whichever is later. Its age is the commit
    /// lag.
    #[must_use]
    pub fn oldest_uncommitted(&self) -> Option<Millis> {
        self.handle.queue.oldest_uncommitted()
    }

    /// How far the disk is behind, in ms; 0 when nothing waits.
    #[must_use]
    pub fn lag(&self, now: Millis) -> i64 {
        self.oldest_uncommitted().map_or(0, |at| now.since(at).max(0))
    }

    /// Why nothing is recorded, when it is known: the last try to commit failed, or what it wrote
    /// is not where it will be looked for.
    #[must_use]
    pub fn trouble(&self) -> Option<Trouble> {
        self.handle.queue.trouble()
    }

    /// Questions that the disk has not answered yet, or whose answers are still being taken.
    #[must_use]
    pub fn open_questions(&self) -> usize {
        let pools = [&self.readers, &self.long_readers];
        pools.iter().map(|pool| (pool.size() as usize).saturating_sub(pool.num_idle())).sum()
    }

    /// Whether batches are being packed into pieces, beside the commits.
    #[must_use]
    pub fn is_packing(&self) -> bool {
        self.handle.queue.is_packing()
    }

    /// Figures for the metrics.
    #[must_use]
    pub fn counters(&self) -> Counters {
        self.handle.queue.counters()
    }

    /// Takes in nothing more, writes what waits and releases the folder. After `deadline` it gives
    /// up and says what is lost.
    pub async fn close(&self, deadline: Duration) -> Result<(), CloseError> {
        let queue = &self.handle.queue;
        queue.close();
        let writer = self.handle.writer.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(mut writer) = writer
            && tokio::time::timeout(deadline, &mut writer).await.is_err()
        {
            writer.abort();
            // Its end, by abortion, frees the folder.
            let _ = writer.await;
        }
        match queue.counters().waiting {
            0 => Ok(()),
            left => Err(CloseError { left }),
        }
    }
}
