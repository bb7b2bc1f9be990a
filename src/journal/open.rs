use std::collections::BTreeMap;
use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::MigrateError;
use sqlx::sqlite::{
    SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqlitePool, SqlitePoolOptions,
    SqliteSynchronous,
};
use sqlx::{ConnectOptions, Row};

use super::queue::Queue;
use super::writer::Writer;
use super::{Chain, ChainHash, Handle, Journal, OpenError};
use crate::store::Register;
use crate::store::columns::{bytes, decoded, unsigned};

const DATABASE: &str = "dripwatch.db";
const LOCK: &str = "dripwatch.lock";
/// How long a statement waits for a lock, which only a tool beside us could hold.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);
/// The write-ahead log is cut back to this after a checkpoint.
const LOG_BYTES: u32 = 64 * 1024 * 1024;
/// Connections for the questions that staff wait for.
const READERS: u32 = 3;
/// Connections for what is long: histories, recordings, whole chains. They take none of those for
/// which staff wait.
const LONG_READERS: u32 = 2;
/// How long a question waits for one of the readers.
const READER_WAIT: Duration = Duration::from_secs(10);

pub(super) async fn open(folder: &Path) -> Result<Journal, OpenError> {
    let writer = writer(folder).await?;
    let [readers, long_readers] = writer.readers.clone();
    let queue = Arc::clone(&writer.queue);
    let handle = Arc::new(Handle::new(queue, tokio::spawn(writer.run())));
    Ok(Journal { handle, readers, long_readers })
}

/// A writer that stands at the end of what is in `folder`, not yet running.
pub(super) async fn writer(folder: &Path) -> Result<Writer, OpenError> {
    let lock = lock(folder)?;
    let file = folder.join(DATABASE);

    let options = SqliteConnectOptions::new()
        .filename(&file)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
        // Statements would show nothing personal, but fill the log.
        .disable_statement_logging();
    let writing = options
        .clone()
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .pragma("journal_size_limit", LOG_BYTES.to_string())
        // What is removed is overwritten, not only forgotten.
        .pragma("secure_delete", "on");

    let mut connection =
        writing.connect().await.map_err(|cause| engine_refused(file.clone(), cause))?;
    // A new file here is compiled in only when something else in this crate changes as well, or
    // `migrations` is listed in a build script.
    sqlx::migrate!()
        .run(&mut connection)
        .await
        .map_err(|cause| layout_refused(file.clone(), cause))?;
    let refused = |cause| engine_refused(file.clone(), cause);
    let tails = tails(&mut connection).await.map_err(refused)?;
    let register = Register::load(&mut connection).await.map_err(refused)?;
    let options = options.pragma("query_only", "on");
    let readers = [
        connected(&options, READERS).await.map_err(refused)?,
        connected(&options, LONG_READERS).await.map_err(refused)?,
    ];

    let queue = Queue::new(tails.iter().map(|(chain, (seq, _))| (chain.clone(), *seq)), register);
    Ok(Writer {
        queue: Arc::new(queue),
        options: writing,
        connection: Some(connection),
        readers,
        last: tails.into_iter().map(|(chain, (_, hash))| (chain, hash)).collect(),
        lock,
    })
}

/// Readers that are connected from the beginning: one that connected while the disk hangs would
/// hang with a thread of its own, and so would each that is tried after it.
async fn connected(options: &SqliteConnectOptions, count: u32) -> sqlx::Result<SqlitePool> {
    let pool = SqlitePoolOptions::new()
        .max_connections(count)
        .acquire_timeout(READER_WAIT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .connect_lazy_with(options.clone());
    let mut all = Vec::new();
    for _ in 0..count {
        all.push(pool.acquire().await?);
    }
    Ok(pool)
}

fn lock(folder: &Path) -> Result<File, OpenError> {
    let refused = |cause| OpenError::Folder { folder: folder.to_owned(), cause };
    create(folder).map_err(refused)?;
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(folder.join(LOCK))
        .map_err(refused)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { folder: folder.to_owned() }),
        Err(TryLockError::Error(cause)) => Err(refused(cause)),
    }
}

/// The folder, for its owner's eyes where the system can say so: it will hold patients' data.
fn create(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Number and hash of the last entry of each chain.
async fn tails(
    connection: &mut SqliteConnection,
) -> sqlx::Result<BTreeMap<Chain, (u64, ChainHash)>> {
    // Steps from name to name through the index; `DISTINCT` would walk every entry.
    let rows = sqlx::query(
        "WITH RECURSIVE names (name) AS ( \
             SELECT min(chain) FROM entries \
             UNION ALL \
             SELECT (SELECT min(chain) FROM entries WHERE chain > name) FROM names \
             WHERE name IS NOT NULL \
         ) \
         SELECT name, last.seq, last.hash FROM names JOIN entries AS last \
             ON last.chain = name \
             AND last.seq = (SELECT max(seq) FROM entries WHERE chain = name)",
    )
    .fetch_all(connection)
    .await?;
    rows.iter()
        .map(|row| {
            let chain = decoded(row.try_get::<&str, _>(0)?.parse())?;
            Ok((chain, (unsigned(row, 1)?, ChainHash(bytes(row.try_get(2)?)?))))
        })
        .collect()
}

fn engine_refused(file: PathBuf, cause: sqlx::Error) -> OpenError {
    // SQLITE_CORRUPT and SQLITE_NOTADB; the higher bits say more than we need.
    let code = cause.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
    match code.map(|code| code & 0xff) {
        Some(11 | 26) => OpenError::NotADatabase { file },
        _ => OpenError::Unusable { file, cause: cause.into() },
    }
}

fn layout_refused(file: PathBuf, cause: MigrateError) -> OpenError {
    match cause {
        MigrateError::VersionMissing(layout) => OpenError::Newer { file, layout },
        MigrateError::Execute(cause) => engine_refused(file, cause),
        MigrateError::ExecuteMigration(cause, _) => engine_refused(file, cause),
        cause => OpenError::Unusable { file, cause: cause.into() },
    }
}
