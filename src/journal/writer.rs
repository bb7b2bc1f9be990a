use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection, QueryBuilder, Row as _, Sqlite};

use super::head_file::HeadKeeper;
use super::looker::Looker;
use super::place::{Place, Trouble};
use super::queue::{Item, Queue, Write};
use super::readers::Readers;
use super::salt::random_salt;
use crate::clock::Mark;
use crate::record::{
    Chain, ChainHash, Entry, HashVersion, Head, Heads, NO_PRIVATE, Salt, entry_hash, note_of_heads,
    private_digest,
};
use crate::store::columns::to_i64;
use crate::vitals::Millis;

/// Between a failed commit and the next try; doubles from the first to the last.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LAST_WAIT: Duration = Duration::from_secs(1);

/// Rows of one statement. Few sizes, so that each stays prepared.
const ROWS_OF_A_STATEMENT: [usize; 3] = [64, 8, 1];

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
    /// The last entry that a note of this run tells of, by chain.
    pub(super) noted: Heads,
    /// The files that say how far the chains reach.
    pub(super) head_files: Vec<HeadKeeper>,
    /// Keeps other processes out; goes last.
    pub(super) lock: File,
}

/// What binds an entry to its chain. Made once, so that every try writes the same bytes.
struct Seal {
    hash: ChainHash,
    private: Option<(Salt, [u8; 32])>,
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

struct Row<'a> {
    chain: Arc<str>,
    seq: u64,
    entry: &'a Entry,
    seal: &'a Seal,
}

impl Writer {
    /// Until the queue is closed and empty.
    pub(super) async fn run(mut self) {
        while let Some(mut batch) = self.queue.next_batch().await {
            let seals = batch.iter_mut().map(|item| self.seal(item)).collect::<Vec<_>>();
            self.commit_at_last(&batch, &seals).await;
            let reached = self.reached(&batch);
            self.queue.committed(batch);
            self.head_files.iter().for_each(|file| file.reached(&reached));
        }
        for file in std::mem::take(&mut self.head_files) {
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
        let Some(mut batch) = queue.next_batch().await else { return Ok(()) };
        let seals = batch.iter_mut().map(|item| self.seal(item)).collect::<Vec<_>>();
        self.commit(&batch, &seals, false).await?;
        queue.committed(batch);
        Ok(())
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
    async fn commit_at_last(&mut self, batch: &[Item], seals: &[Vec<Seal>]) {
        let mut wait = FIRST_WAIT;
        let mut failures = 0_u32;
        let mut told = None;
        while let Err(why) = self.store(batch, seals, failures > 0).await {
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
    /// will open. Looked at before, so that nothing is written into a wrong one, and after, because
    /// it may have happened in between.
    async fn store(
        &mut self,
        batch: &[Item],
        seals: &[Vec<Seal>],
        again: bool,
    ) -> Result<(), NotStored> {
        self.look().await.map_err(NotStored::Misplaced)?;
        self.commit(batch, seals, again).await.map_err(NotStored::Refused)?;
        self.look().await.map_err(NotStored::Misplaced)
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

    async fn commit(
        &mut self,
        batch: &[Item],
        seals: &[Vec<Seal>],
        again: bool,
    ) -> sqlx::Result<()> {
        let is_new = self.connection.is_none();
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(self.options.connect().await?),
        };
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
        if is_new {
            let place = Arc::clone(&self.place);
            let found = self.looker.ask(move || place.with_log()).await;
            self.place = Arc::new(found.ok_or(sqlx::Error::WorkerCrashed)?);
        }
        write_entries(&mut transaction, batch, seals, again).await?;
        write_views(&mut transaction, batch).await?;
        transaction.commit().await
    }
}

async fn write_entries(
    connection: &mut SqliteConnection,
    batch: &[Item],
    seals: &[Vec<Seal>],
    again: bool,
) -> sqlx::Result<()> {
    let mut rows = Vec::new();
    for (item, seals) in batch.iter().zip(seals) {
        match &item.write {
            Write::Entries { chain, first_seq, entries, .. } => {
                let chain: Arc<str> = chain.to_string().into();
                let sealed = (*first_seq..).zip(entries).zip(seals);
                rows.extend(sealed.map(|((seq, entry), seal)| Row {
                    chain: Arc::clone(&chain),
                    seq,
                    entry,
                    seal,
                }));
            }
            Write::Repack(repack) => {
                // Concerns the entries before it, which may be in this batch.
                insert(connection, &rows, again).await?;
                rows.clear();
                repack.write(connection).await?;
            }
            // Notes of the heads are entries by now.
            Write::Views(_)
            | Write::Alive(_)
            | Write::ClockMove(_)
            | Write::Heads { .. }
            | Write::Barrier => {}
        }
    }
    insert(connection, &rows, again).await
}

async fn insert(
    connection: &mut SqliteConnection,
    rows: &[Row<'_>],
    again: bool,
) -> sqlx::Result<()> {
    let mut rest = rows;
    for size in ROWS_OF_A_STATEMENT {
        while let Some((now, later)) = rest.split_at_checked(size) {
            insert_rows(connection, now, again).await?;
            rest = later;
        }
    }
    if again { all_ours(connection, rows).await } else { Ok(()) }
}

async fn insert_rows(
    connection: &mut SqliteConnection,
    rows: &[Row<'_>],
    again: bool,
) -> sqlx::Result<()> {
    let mut insert = QueryBuilder::<Sqlite>::new(
        "INSERT INTO entries (chain, seq, at, body, private, salt, private_digest, hash, hash_version, \
         device, frame_key, session, is_checkpoint) ",
    );
    insert.push_values(rows, |mut values, row| {
        let Row { chain, seq, entry, seal } = row;
        let private = seal.private.as_ref();
        values
            .push_bind(Arc::clone(chain))
            .push_bind(to_i64(*seq))
            .push_bind(entry.at.0)
            .push_bind(entry.body.as_str())
            .push_bind(entry.private.as_deref())
            .push_bind(private.map(|(salt, _)| salt.as_slice()))
            .push_bind(private.map(|(_, digest)| digest.as_slice()))
            .push_bind(seal.hash.0.as_slice())
            .push_bind(HashVersion::Whole.number())
            .push_bind(entry.device.as_ref().map(|id| id.as_str()))
            .push_bind(entry.frame_key.as_ref().map(|key| key.0.as_slice()))
            .push_bind(entry.session.as_ref().map(|id| id.as_str()))
            .push_bind(entry.is_checkpoint);
    });
    if again {
        // A commit can report failure and yet be found on disk later.
        insert.push(" ON CONFLICT (chain, seq) DO NOTHING");
    }
    insert.build().execute(connection).await?;
    Ok(())
}

/// After a doubtful commit: what is on disk is what we wrote, and not someone else's.
async fn all_ours(connection: &mut SqliteConnection, rows: &[Row<'_>]) -> sqlx::Result<()> {
    let last_of_chains: BTreeMap<&str, &Row<'_>> =
        rows.iter().map(|row| (&*row.chain, row)).collect();
    for (chain, row) in last_of_chains {
        let hash: Vec<u8> =
            sqlx::query_scalar("SELECT hash FROM entries WHERE chain = ?1 AND seq = ?2")
                .bind(chain)
                .bind(to_i64(row.seq))
                .fetch_one(&mut *connection)
                .await?;
        if hash != row.seal.hash.0 {
            let what = format!("another program wrote entry {} of chain {chain}", row.seq);
            return Err(sqlx::Error::Protocol(what));
        }
    }
    Ok(())
}

async fn write_views(connection: &mut SqliteConnection, batch: &[Item]) -> sqlx::Result<()> {
    let mut alive = None;
    for item in batch {
        match &item.write {
            Write::Entries { views, .. } | Write::Views(views) => {
                for view in views {
                    view.apply(connection).await?;
                }
            }
            Write::Alive(mark) => alive = Some(*mark),
            Write::ClockMove(moved) => moved.write(connection).await?,
            Write::Repack(_) | Write::Heads { .. } | Write::Barrier => {}
        }
    }
    if let Some(Mark { at, since_boot }) = alive {
        sqlx::query(
            "INSERT INTO alive (id, at, boot, boot_ms) VALUES (1, ?1, ?2, ?3) \
             ON CONFLICT (id) DO UPDATE SET at = excluded.at, boot = excluded.boot, \
             boot_ms = excluded.boot_ms",
        )
        .bind(at.0)
        .bind(since_boot.map(|count| count.boot.as_bytes().to_vec()))
        .bind(since_boot.map(|count| count.ms))
        .execute(&mut *connection)
        .await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::super::open::{Opening, writer};
    use super::*;

    async fn rows(writer: &Writer) -> i64 {
        let count = sqlx::query_scalar("SELECT count(*) FROM entries");
        count.fetch_one(&writer.readers.short).await.unwrap()
    }

    async fn batch(writer: &Writer) -> Vec<Item> {
        let entries = vec![Entry { body: "{}".to_owned(), ..Entry::default() }; 3];
        writer.queue.append(&Chain::Clinic, 1, entries, vec![], vec![]).unwrap();
        writer.queue.next_batch().await.unwrap()
    }

    #[tokio::test]
    async fn a_commit_that_reported_failure_but_happened_is_not_written_twice() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = writer(folder.path(), &Opening::default()).await.unwrap();
        let mut batch = batch(&writer).await;
        let seals = vec![writer.seal(&mut batch[0])];
        writer.commit(&batch, &seals, false).await.unwrap();
        assert!(writer.commit(&batch, &seals, false).await.is_err());
        writer.commit(&batch, &seals, true).await.unwrap();
        assert_eq!(rows(&writer).await, 3);
    }

    #[tokio::test]
    async fn what_another_program_wrote_is_not_taken_for_ours() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = writer(folder.path(), &Opening::default()).await.unwrap();
        let mut batch = batch(&writer).await;
        let mut seals = vec![writer.seal(&mut batch[0])];
        writer.commit(&batch, &seals, false).await.unwrap();
        seals[0][2].hash = ChainHash([0; 32]);
        assert!(writer.commit(&batch, &seals, true).await.is_err());
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
            let mut batch = batch(&writer).await;
            let seals = vec![writer.seal(&mut batch[0])];
            // Such as those who check passwords: there is no thread left for anything else.
            tokio::task::spawn_blocking(move || until_done.recv().is_err());
            let stored = tokio::time::timeout(NEVER, writer.store(&batch, &seals, false)).await;
            drop(done);
            stored.is_ok_and(|stored| stored.is_ok())
        });
        assert!(stored);
    }
}
