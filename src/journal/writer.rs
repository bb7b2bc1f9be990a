use std::collections::BTreeMap;
use std::fs::File;
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqlitePool};
use sqlx::{ConnectOptions, Connection, QueryBuilder, Sqlite};

use super::hash::random_salt;
use super::queue::{Item, Queue, Write};
use super::{Chain, ChainHash, Entry, NO_PRIVATE, Salt, entry_hash, private_digest};
use crate::clock::Mark;
use crate::store::columns::to_i64;

/// Between a failed commit and the next try; doubles from the first to the last.
const FIRST_WAIT: Duration = Duration::from_millis(100);
const LAST_WAIT: Duration = Duration::from_secs(1);

/// Rows of one statement. Few sizes, so that each stays prepared.
const ROWS_OF_A_STATEMENT: [usize; 3] = [64, 8, 1];

/// The only one who writes. Takes what waits, commits it in one transaction, tells, and again:
/// the slower the disk, the larger the batches.
pub(super) struct Writer {
    pub(super) queue: Arc<Queue>,
    pub(super) options: SqliteConnectOptions,
    /// `None` after a failure, until the next try.
    pub(super) connection: Option<SqliteConnection>,
    /// The readers' connections, closed before ours so that ours tidies up last.
    pub(super) readers: [SqlitePool; 2],
    /// The hash of the last entry taken, by chain.
    pub(super) last: BTreeMap<Chain, ChainHash>,
    /// Keeps other processes out; goes last.
    pub(super) lock: File,
}

/// What binds an entry to its chain. Made once, so that every try writes the same bytes.
struct Seal {
    hash: ChainHash,
    private: Option<(Salt, [u8; 32])>,
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
        while let Some(batch) = self.queue.next_batch().await {
            let seals = batch.iter().map(|item| self.seal(item)).collect::<Vec<_>>();
            self.commit_at_last(&batch, &seals).await;
            self.queue.committed(batch);
        }
        for readers in &self.readers {
            readers.close().await;
        }
        if let Some(connection) = self.connection.take() {
            // All is committed; at worst the next opening has to tidy up.
            let _ = connection.close().await;
        }
        drop(self.lock);
    }

    fn seal(&mut self, item: &Item) -> Vec<Seal> {
        let Write::Entries { chain, first_seq, entries, .. } = &item.write else {
            return Vec::new();
        };
        let mut last = self.last.get(chain).copied().unwrap_or_else(|| ChainHash::root(chain));
        let seals = (*first_seq..)
            .zip(entries)
            .map(|(seq, entry)| {
                let private = entry.private.as_deref().map(|text| {
                    let salt = random_salt();
                    (salt, private_digest(&salt, text))
                });
                let digest = private.as_ref().map_or(NO_PRIVATE, |(_, digest)| *digest);
                last = entry_hash(last, seq, entry.at, &entry.body, &digest);
                Seal { hash: last, private }
            })
            .collect();
        self.last.insert(chain.clone(), last);
        seals
    }

    /// Tries until it is on disk. A full disk, say, is not a reason to lose anything: the queue
    /// behind it is bounded, and its age is what raises `recording_stopped`.
    async fn commit_at_last(&mut self, batch: &[Item], seals: &[Vec<Seal>]) {
        let mut wait = FIRST_WAIT;
        let mut failures = 0_u32;
        while let Err(cause) = self.commit(batch, seals, failures > 0).await {
            self.queue.failed();
            if failures == 0 {
                tracing::error!(%cause, "cannot record; trying again until it succeeds");
            }
            failures = failures.saturating_add(1);
            if let Some(connection) = self.connection.take() {
                // Whatever state it is in, a new one starts from what is really on disk.
                let _ = connection.close().await;
            }
            tokio::time::sleep(wait).await;
            wait = LAST_WAIT.min(wait * 2);
        }
        if failures > 0 {
            tracing::info!(failures, "recording again; nothing was lost");
        }
    }

    async fn commit(
        &mut self,
        batch: &[Item],
        seals: &[Vec<Seal>],
        again: bool,
    ) -> sqlx::Result<()> {
        let connection = match &mut self.connection {
            Some(connection) => connection,
            none => none.insert(self.options.connect().await?),
        };
        let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
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
            Write::ErasePrivate(session) => {
                // Concerns the entries before it, which may be in this batch.
                insert(connection, &rows, again).await?;
                rows.clear();
                sqlx::query(
                    "UPDATE entries SET private = NULL, salt = NULL \
                     WHERE session = ?1 AND private IS NOT NULL",
                )
                .bind(session.as_str())
                .execute(&mut *connection)
                .await?;
            }
            Write::Views(_) | Write::Alive(_) | Write::Barrier => {}
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
        "INSERT INTO entries (chain, seq, at, body, private, salt, private_digest, hash, device, \
         frame_key, session, is_checkpoint) ",
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
            Write::ErasePrivate(_) | Write::Barrier => {}
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
    use super::super::open::writer;
    use super::*;

    async fn rows(writer: &Writer) -> i64 {
        let count = sqlx::query_scalar("SELECT count(*) FROM entries");
        count.fetch_one(&writer.readers[0]).await.unwrap()
    }

    async fn batch(writer: &Writer) -> Vec<Item> {
        let entries = vec![Entry { body: "{}".to_owned(), ..Entry::default() }; 3];
        writer.queue.append(&Chain::Clinic, 1, entries, vec![], vec![]).unwrap();
        writer.queue.next_batch().await.unwrap()
    }

    #[tokio::test]
    async fn a_commit_that_reported_failure_but_happened_is_not_written_twice() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = writer(folder.path()).await.unwrap();
        let batch = batch(&writer).await;
        let seals = vec![writer.seal(&batch[0])];
        writer.commit(&batch, &seals, false).await.unwrap();
        assert!(writer.commit(&batch, &seals, false).await.is_err());
        writer.commit(&batch, &seals, true).await.unwrap();
        assert_eq!(rows(&writer).await, 3);
    }

    #[tokio::test]
    async fn what_another_program_wrote_is_not_taken_for_ours() {
        let folder = tempfile::tempdir().unwrap();
        let mut writer = writer(folder.path()).await.unwrap();
        let batch = batch(&writer).await;
        let mut seals = vec![writer.seal(&batch[0])];
        writer.commit(&batch, &seals, false).await.unwrap();
        seals[0][2].hash = ChainHash([0; 32]);
        assert!(writer.commit(&batch, &seals, true).await.is_err());
    }
}
