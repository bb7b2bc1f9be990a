use std::collections::BTreeSet;
use std::fs::File;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, Row as _};

use super::commit::{Commit, Seal};
use super::head_file::HeadKeeper;
use super::looker::Looker;
use super::packer::{Packed, Packer};
use super::place::{Place, Trouble};
use super::queue::{Item, Queue, Write};
use super::readers::Readers;
use super::salt::random_salt;
use crate::record::{
    Chain, ChainHash, Entry, HashVersion, Head, Heads, NO_PRIVATE, entry_hash, note_of_heads,
    private_digest,
};
use crate::vitals::Millis;

/// Between a failed commit and the next try; doubles from the first to the last.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LAST_WAIT: Duration = Duration::from_secs(1);

/// The only one who writes. Takes what waits, commits it in one transaction, wakes who asked, and again:
/// the slower the disk, the larger the batches.
pub(super) struct Writer {
    pub(super) queue: Arc<Queue>,
    pub(super) options: SqliteConnectOptions,
    /// Where all this is expected.
    pub(super) place: Arc<Place>,
    /// Looks whether it is there.
    pub(super) looker: Looker,
    /// `None` after a failure, until the next try.
    pub(super) connection: Option<SqliteConnection>,
    /// The readers' connections, closed before ours so that ours tidies up last.
    pub(super) readers: Readers,
    /// The last entry taken, by chain.
    pub(super) last: Heads,
    /// Its number in the order of commit over all chains.
    pub(super) last_entry: i64,
    /// Packs what waits in batches.
    pub(super) packer: Packer,
    /// The last entry that a note of this run tells of, by chain.
    pub(super) noted: Heads,
    /// The files that say how far the chains reach.
    pub(super) head_files: Vec<HeadKeeper>,
    /// Keeps other processes out; goes last.
    pub(super) lock: File,
}

/// Why a batch is not stored.
enum NotStored {
    /// Where it would be, or is, nobody will look for it.
    Misplaced(Trouble),
    /// The engine did not take it.
    Refused(sqlx::Error),
}

impl NotStored {
    fn trouble(&self) -> Trouble {
        match self {
            Self::Misplaced(trouble) => *trouble,
            Self::Refused(cause) => Trouble::of(cause),
        }
    }
}

impl Writer {
    /// Until the queue is closed and empty.
    pub(super) async fn run(mut self) {
        let queue = Arc::clone(&self.queue);
        loop {
            let items = tokio::select! {
                items = queue.next_batch() => items,
                packed = self.packer.packed() => {
                    if let Some(packed) = packed {
                        self.write_packed(&packed).await;
                    }
                    queue.packs(false);
                    continue;
                }
            };
            let Some(items) = items else { break };
            let commit = self.sealed(items);
            self.commit_at_last(&commit).await;
            if let Some(span) = commit.span {
                self.packer.committed(commit.batch_bytes(), span);
            }
            let reached = self.reached(&commit.items);
            queue.committed(commit.items);
            self.head_files.iter().for_each(|file| file.reached(&reached));
            queue.packs(self.packer.begin(&self.readers.packer));
        }
        self.packer.forget();
        for file in mem::take(&mut self.head_files) {
            file.close().await;
        }
        self.readers.close().await;
        if let Some(connection) = self.connection.take() {
            // All is committed; at worst the next opening has to tidy up.
            let _ = connection.close().await;
        }
        drop(self.lock);
    }

    /// Writes an entry of the clinic's chain before anything is taken in.
    pub(super) async fn write_first(&mut self, entry: Entry) -> sqlx::Result<()> {
        let (queue, chain) = (Arc::clone(&self.queue), Chain::Clinic);
        let seq = queue.next_seq(&chain);
        let appended = queue.append(&chain, seq, vec![entry], Vec::new(), Vec::new());
        appended.map_err(|error| sqlx::Error::Protocol(error.to_string()))?;
        let Some(items) = queue.next_batch().await else { return Ok(()) };
        let commit = self.sealed(items);
        self.commit(&commit, false).await?;
        queue.committed(commit.items);
        Ok(())
    }

    fn sealed(&mut self, mut items: Vec<Item>) -> Commit {
        let seals = items.iter_mut().map(|item| self.seal(item)).collect();
        let commit = Commit::of(items, seals, self.last_entry);
        self.last_entry = commit.last_entry;
        commit
    }

    fn seal(&mut self, item: &mut Item) -> Vec<Seal> {
        if let Write::Heads { seq, at } = item.write {
            let entries = vec![self.heads_since_the_last_note(at)];
            let (chain, views) = (Chain::Clinic, Vec::new());
            item.write = Write::Entries { chain, first_seq: seq, entries, views };
        }
        let Write::Entries { chain, first_seq, entries, .. } = &item.write else {
            return Vec::new();
        };
        let mut last =
            self.last.get(chain).map_or_else(|| ChainHash::root(chain), |head| head.hash);
        let seals = (*first_seq..)
            .zip(entries)
            .map(|(seq, entry)| {
                let private = entry.private.as_deref().map(|text| {
                    let salt = random_salt();
                    (salt, private_digest(&salt, text))
                });
                let digest = private.as_ref().map_or(NO_PRIVATE, |(_, digest)| *digest);
                last = entry_hash(HashVersion::Whole, last, seq, entry, &digest);
                Seal { hash: last, private }
            })
            .collect();
        if !entries.is_empty() {
            let seq = first_seq + entries.len() as u64 - 1;
            self.last.insert(chain.clone(), Head { seq, hash: last });
        }
        seals
    }

    /// How far the other chains reach that have grown since the last note of this run: in the first
    /// one, all.
    fn heads_since_the_last_note(&mut self, at: Millis) -> Entry {
        let has_grown = |(chain, head): &(&Chain, &Head)| {
            **chain != Chain::Clinic && self.noted.get(chain) != Some(head)
        };
        let grown: Heads = self
            .last
            .iter()
            .filter(has_grown)
            .map(|(chain, head)| (chain.clone(), *head))
            .collect();
        let note = note_of_heads(at, &grown);
        self.noted.extend(grown);
        note
    }

    /// The chains of a batch, and how far they reach behind it.
    fn reached(&self, batch: &[Item]) -> Vec<(Chain, Head)> {
        let chains: BTreeSet<&Chain> = (batch.iter())
            .filter_map(|item| match &item.write {
                Write::Entries { chain, .. } => Some(chain),
                _ => None,
            })
            .collect();
        let head = |chain: &Chain| Some((chain.clone(), *self.last.get(chain)?));
        chains.into_iter().filter_map(head).collect()
    }

    /// Tries until it is on disk. A full disk, say, is not a reason to lose anything: the queue
    /// behind it is bounded, and its age and the trouble are what raises `recording_stopped`.
    async fn commit_at_last(&mut self, commit: &Commit) {
        if commit.has_repack() {
            // What was read to be packed is about to change.
            self.packer.forget();
        }
        let mut wait = FIRST_WAIT;
        let mut failures = 0_u32;
        let mut told = None;
        while let Err(why) = self.store(commit, failures > 0).await {
            let trouble = why.trouble();
            self.queue.failed(trouble);
            if told.replace(trouble) != Some(trouble) {
                self.tell(&why);
            }
            failures = failures.saturating_add(1);
            match why {
                NotStored::Misplaced(Trouble::LogGone) => self.save_log().await,
                // What is open is still the record, should its folder come back.
                NotStored::Misplaced(_) => {}
                // Whatever state it is in, a new one starts from what is really on disk.
                NotStored::Refused(_) => self.disconnect().await,
            }
            tokio::time::sleep(wait).await;
            wait = LAST_WAIT.min(wait * 2);
        }
        if failures > 0 {
            tracing::info!(failures, "recording again; nothing was lost");
        }
    }

    fn tell(&self, why: &NotStored) {
        let folder = self.place.folder().display();
        match why {
            NotStored::Misplaced(trouble) => {
                let (what, remedy) = (trouble.what(), trouble.remedy());
                tracing::error!(%folder, "cannot record: {what}; trying again until it succeeds. {remedy}");
            }
            NotStored::Refused(cause) => {
                tracing::error!(%folder, %cause, "cannot record; trying again until it succeeds");
            }
        }
    }

    /// Commits, and counts it only if the files that were written are those that the next start
    /// will open: looked at after it, because it may have happened in between. Once they were not,
    /// also before it, so that nothing is written into wrong ones.
    async fn store(&mut self, commit: &Commit, again: bool) -> Result<(), NotStored> {
        if again || self.connection.is_none() {
            self.look().await.map_err(NotStored::Misplaced)?;
        }
        self.commit(commit, again).await.map_err(NotStored::Refused)?;
        self.look().await.map_err(NotStored::Misplaced)
    }

    /// What was packed takes the place of batches. When that fails, they stay, and are packed later.
    async fn write_packed(&mut self, packed: &Packed) {
        if self.look().await.is_err() {
            return;
        }
        let Some(connection) = &mut self.connection else { return };
        let written = async {
            let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
            packed.write(&mut transaction).await?;
            transaction.commit().await
        };
        match written.await {
            Ok(()) => self.packer.written(packed),
            Err(cause) => {
                tracing::warn!(%cause, "what was recorded is not packed; trying again later");
                self.disconnect().await;
            }
        }
    }

    async fn look(&self) -> Result<(), Trouble> {
        let place = Arc::clone(&self.place);
        self.looker.ask(move || place.look()).await.unwrap_or(Err(Trouble::NotSeen))
    }

    async fn disconnect(&mut self) {
        if let Some(connection) = self.connection.take() {
            let _ = connection.close().await;
        }
        self.place = Arc::new(self.place.without_log());
    }

    /// The write-ahead log has no name any more, but is still open here: brings what is in it to
    /// the database, and has the engine make a new one.
    async fn save_log(&mut self) {
        let Some(connection) = &mut self.connection else {
            return self.disconnect().await;
        };
        let checkpoint = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)");
        let is_busy = async { checkpoint.fetch_one(connection).await?.try_get::<i64, _>(0) };
        match is_busy.await {
            Ok(0) => {
                self.readers.renew();
                self.disconnect().await;
                tracing::warn!("the database's write-ahead log was deleted; its content is saved");
            }
            // A question is being answered from it; the next try comes soon.
            Ok(_) => {}
            Err(cause) => tracing::error!(%cause, "the database's write-ahead log is not saved"),
        }
    }

    async fn commit(&mut self, commit: &Commit, again: bool) -> sqlx::Result<()> {
        let is_new = self.connection.is_none();
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(self.options.connect().await?),
        };
        if !is_new
            && !again
            && let Some((id, entries)) = commit.only_batch()
        {
            // One way to the engine and back.
            let all = "BEGIN IMMEDIATE; INSERT INTO batches (id, entries) VALUES (?, ?); COMMIT";
            sqlx::query(all).bind(id).bind(entries).execute(connection).await?;
            return Ok(());
        }
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        if is_new {
            let place = Arc::clone(&self.place);
            let found = self.looker.ask(move || place.with_log()).await;
            self.place = Arc::new(found.ok_or(sqlx::Error::WorkerCrashed)?);
        }
        commit.write(&mut transaction, again).await?;
        transaction.commit().await
    }
}

#[cfg(test)]
mod tests {
    use super::super::open::{Opening, writer};
    use super::super::packer::pack_now;
    use super::*;

    async fn rows(writer: &Writer) -> i64 {
        let count = sqlx::query_scalar("SELECT count(*) FROM entries");
        count.fetch_one(&writer.readers.short).await.unwrap()
    }

    async fn batches(writer: &Writer) -> i64 {
        let count = sqlx::query_scalar("SELECT count(*) FROM batches");
        count.fetch_one(&writer.readers.short).await.unwrap()
    }

    /// Three entries of the clinic, and three of a room.
    async fn commit(writer: &mut Writer) -> Commit {
        let entries = vec![Entry { body: "{}".to_owned(), ..Entry::default() }; 3];
        for chain in [Chain::Clinic, "room/1".parse().unwrap()] {
            writer.queue.append(&chain, 1, entries.clone(), vec![], vec![]).unwrap();
        }
        let items = writer.queue.next_batch().await.unwrap();
        writer.sealed(items)
    }

    #[tokio::test]
    async fn a_commit_that_reported_failure_but_happened_is_not_written_twice() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = writer(folder.path(), &Opening::default()).await.unwrap();
        let commit = commit(&mut writer).await;
        writer.commit(&commit, false).await.unwrap();
        assert!(writer.commit(&commit, false).await.is_err());
        writer.commit(&commit, true).await.unwrap();
        assert_eq!((rows(&writer).await, batches(&writer).await), (3, 1));
        // It was even packed meanwhile.
        pack_now(writer.connection.as_mut().unwrap()).await.unwrap();
        writer.commit(&commit, true).await.unwrap();
        assert_eq!((rows(&writer).await, batches(&writer).await), (3, 0));
    }

    #[tokio::test]
    async fn what_another_program_wrote_is_not_taken_for_ours() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = writer(folder.path(), &Opening::default()).await.unwrap();
        let mut commit = commit(&mut writer).await;
        writer.commit(&commit, false).await.unwrap();
        for item in 0..2 {
            let before = commit.seals[item][2].hash;
            commit.seals[item][2].hash = ChainHash([0; 32]);
            assert!(writer.commit(&commit, true).await.is_err());
            commit.seals[item][2].hash = before;
        }
        writer.commit(&commit, true).await.unwrap();
    }

    #[test]
    fn a_commit_does_not_wait_for_what_the_shared_threads_do() {
        const NEVER: Duration = Duration::from_secs(60);
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().max_blocking_threads(1).build().unwrap();
        let (done, until_done) = std::sync::mpsc::channel::<()>();
        let stored = runtime.block_on(async move {
            let folder = tempfile::tempdir().unwrap();
            let mut writer = writer(folder.path(), &Opening::default()).await.unwrap();
            let commit = commit(&mut writer).await;
            // Such as those who check passwords: there is no thread left for anything else.
            tokio::task::spawn_blocking(move || until_done.recv().is_err());
            let stored = tokio::time::timeout(NEVER, writer.store(&commit, false)).await;
            drop(done);
            stored.is_ok_and(|stored| stored.is_ok())
        });
        assert!(stored);
    }
}
