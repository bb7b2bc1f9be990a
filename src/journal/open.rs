use std::fs::{self, File, TryLockError};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::MigrateError;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Row};

use super::head_file::{HEADS, HeadFiles, HeadKeeper};
use super::looker::Looker;
use super::packer;
use super::place::Place;
use super::queue::Queue;
use super::reach;
use super::readers::Readers;
use super::tail::tail;
use super::writer::Writer;
use super::{Handle, Journal, OpenError};
use crate::record::{ChainHash, Head, Heads};
use crate::store::Register;
use crate::store::columns::{bytes, decoded, unsigned};

/// The database's file, whose absence means that nothing was ever recorded.
pub(crate) const DATABASE: &str = "dripwatch.db";
const LOCK: &str = "dripwatch.lock";
/// What the lock says once there is a record: from then on a missing database is a loss, and not
/// a beginning.
const HAS_A_RECORD: &[u8] = b"This folder holds dripwatch's record: dripwatch.db\n";
/// What it says after that once the heads of the chains are kept.
const HAS_HEADS: &[u8] = b"How far it reaches is in dripwatch.heads\n";
/// What may be in a folder in which a record begins: a new disk's own folder, and what is kept
/// beside the data, such as configuration, keys and logs.
const BESIDE: &[&str] = &["toml", "log", "key", "pem", "crt"];
const OF_A_DISK: &str = "lost+found";
/// How long a statement waits for a lock, which only a tool beside us could hold.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);
/// The write-ahead log is cut back to this after a checkpoint.
pub(super) const LOG_BYTES: u32 = 64 * 1024 * 1024;

/// How a data folder is opened.
#[derive(Clone, Debug)]
pub struct Opening {
    /// A second file that says how far the chains reach, on another disk.
    heads_file: Option<PathBuf>,
    /// Whether somebody goes on without the file in the folder, or with an empty database where
    /// there was a record.
    accepts_loss: bool,
    /// The write-ahead log is cut back to so many bytes.
    pub(super) log_bytes: u32,
}

impl Default for Opening {
    fn default() -> Self {
        Self { heads_file: None, accepts_loss: false, log_bytes: LOG_BYTES }
    }
}

impl Opening {
    /// As it is usual, with a second file there.
    #[must_use]
    pub fn beside(heads_file: Option<PathBuf>) -> Self {
        Self { heads_file, ..Self::default() }
    }

    /// The same by somebody who goes on with what is left.
    #[must_use]
    pub fn accepting_loss(self) -> Self {
        Self { accepts_loss: true, ..self }
    }
}

pub(super) async fn open(folder: &Path, opening: &Opening) -> Result<Journal, OpenError> {
    let writer = writer(folder, opening).await?;
    let head_files = HeadFiles::of(folder, opening.heads_file.as_deref());
    let Readers { short, long, .. } = writer.readers.clone();
    let queue = Arc::clone(&writer.queue);
    let handle = Arc::new(Handle::new(queue, tokio::spawn(writer.run())));
    Ok(Journal { handle, readers: short, long_readers: long, head_files: head_files.into() })
}

/// A writer at the end of what is in `folder`, not yet running.
pub(super) async fn writer(folder: &Path, opening: &Opening) -> Result<Writer, OpenError> {
    let file = folder.join(DATABASE);
    let mut lock = lock(folder, &file)?;
    let files = HeadFiles::of(folder, opening.heads_file.as_deref());
    if !opening.accepts_loss && reach::is_emptied(&files, &file) {
        return Err(OpenError::Emptied { file });
    }

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
        .pragma("journal_size_limit", opening.log_bytes.to_string())
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
    let last_entry = last_entry(&mut connection).await.map_err(refused)?;
    let waiting = packer::Waiting::of(&mut connection).await.map_err(refused)?;
    let register = Register::load(&mut connection).await.map_err(refused)?;
    let unusable = |cause| OpenError::Folder { folder: folder.to_owned(), cause };
    let place = Place::of(folder, &file).map_err(unusable)?;
    let was_kept = has_heads(&lock).map_err(unusable)?;
    let reach = reach::Reach { files: &files, tails: &tails, database: &file };
    let compared = reach.compared(&mut connection, was_kept, opening.accepts_loss).await;
    let (is_first, missed) = match compared {
        Ok(found) => found,
        Err(refused) => {
            // The engine's own files must not stay beside a database that is put back here.
            let _ = connection.close().await;
            return Err(refused);
        }
    };
    note_record(&mut lock).map_err(unusable)?;
    let looker = Looker::start().map_err(unusable)?;
    let place = Arc::new(place);
    let options = options.pragma("query_only", "on");
    let readers = Readers::connected(&options, &place).await.map_err(refused)?;

    let lengths = tails.iter().map(|(chain, head)| (chain.clone(), head.seq));
    let mut writer = Writer {
        queue: Arc::new(Queue::new(lengths, register)),
        // From now on a database that is not there is not made anew.
        options: writing.create_if_missing(false),
        place: Arc::new(place.with_log()),
        looker,
        connection: Some(connection),
        readers,
        last: tails,
        last_entry,
        packer: packer::Packer::new(waiting),
        noted: Heads::new(),
        head_files: Vec::new(),
        lock,
    };
    if !missed.is_empty() {
        reach::note_missed(&mut writer, missed).await.map_err(refused)?;
    }
    if is_first {
        files.begin(&writer.last).map_err(unusable)?;
    }
    reach::note_kept(&mut writer).await.map_err(refused)?;
    note_heads(&mut writer.lock).map_err(unusable)?;
    let keep = |file: &PathBuf| HeadKeeper::start(file.clone(), writer.last.clone());
    writer.head_files = files.all().map(keep).collect::<io::Result<_>>().map_err(unusable)?;
    Ok(writer)
}

/// Keeps other processes out. A record begins only where there was none.
fn lock(folder: &Path, database: &Path) -> Result<File, OpenError> {
    let refused = |cause| OpenError::Folder { folder: folder.to_owned(), cause };
    create(folder).map_err(refused)?;
    if !database.try_exists().map_err(refused)? {
        may_begin(folder, database)?;
    }
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

/// Whether a record may begin in a folder that holds no database.
fn may_begin(folder: &Path, database: &Path) -> Result<(), OpenError> {
    let refused = |cause| OpenError::Folder { folder: folder.to_owned(), cause };
    for found in fs::read_dir(folder).map_err(refused)? {
        let found = found.map_err(refused)?;
        let name = found.file_name();
        let name = name.to_string_lossy();
        if name == LOCK {
            // Empty as long as no record was made: the first start ended in its middle.
            if found.metadata().map_err(refused)?.len() > 0 {
                return Err(OpenError::Lost { file: database.to_owned() });
            }
        } else if name.starts_with(DATABASE) || name.starts_with(HEADS) {
            // The engine's own files, or what says how far the record reached, without the record.
            return Err(OpenError::Lost { file: database.to_owned() });
        } else if !is_beside(&name) {
            let (folder, found) = (folder.to_owned(), name.into_owned());
            return Err(OpenError::NotEmpty { folder, found });
        }
    }
    Ok(())
}

fn is_beside(name: &str) -> bool {
    let extension = Path::new(name).extension().and_then(|extension| extension.to_str());
    name.starts_with('.')
        || name == OF_A_DISK
        || extension.is_some_and(|extension| BESIDE.contains(&extension))
}

/// Notes in the lock that the folder has a record from now on.
fn note_record(lock: &mut File) -> io::Result<()> {
    if lock.metadata()?.len() == 0 {
        lock.write_all(HAS_A_RECORD)?;
    }
    Ok(())
}

/// Whether the lock says that the heads of the chains were kept.
fn has_heads(lock: &File) -> io::Result<bool> {
    Ok(lock.metadata()?.len() > HAS_A_RECORD.len() as u64)
}

/// Notes in the lock that the heads of the chains are kept from now on.
fn note_heads(lock: &mut File) -> io::Result<()> {
    if !has_heads(lock)? {
        lock.seek(SeekFrom::End(0))?;
        lock.write_all(HAS_HEADS)?;
    }
    Ok(())
}

/// The folder, for its owner's eyes where the system can say so: it will hold patients' data.
fn create(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(folder)
}

/// Number and hash of the last entry of each chain.
async fn tails(connection: &mut SqliteConnection) -> sqlx::Result<Heads> {
    // Steps from name to name through the index; `DISTINCT` would walk every entry. The last entries
    // of a chain may be rows or packed.
    let rows = sqlx::query(
        "WITH RECURSIVE names (name) AS ( \
             SELECT min(chain) FROM entries \
             UNION ALL \
             SELECT (SELECT min(chain) FROM entries WHERE chain > name) FROM names \
             WHERE name IS NOT NULL \
         ), packed (name) AS ( \
             SELECT min(chain) FROM pieces \
             UNION ALL \
             SELECT (SELECT min(chain) FROM pieces WHERE chain > name) FROM packed \
             WHERE name IS NOT NULL \
         ) \
         SELECT name, last.seq, last.hash FROM names JOIN entries AS last \
             ON last.chain = name \
             AND last.seq = (SELECT max(seq) FROM entries WHERE chain = name) \
         UNION ALL \
         SELECT name, last.last_seq, last.last_hash FROM packed JOIN pieces AS last \
             ON last.chain = name \
             AND last.last_seq = (SELECT max(last_seq) FROM pieces WHERE chain = name) \
         ORDER BY 2",
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut tails = rows
        .iter()
        .map(|row| {
            let chain = decoded(row.try_get::<&str, _>(0)?.parse())?;
            let hash = ChainHash(bytes(row.try_get(2)?)?);
            Ok((chain, Head { seq: unsigned(row, 1)?, hash }))
        })
        .collect::<sqlx::Result<Heads>>()?;
    // In batches are the last ones.
    let tail = tail(connection, |_| true).await?;
    for one in tail.entries.iter().map(|numbered| &numbered.stored) {
        tails.insert(one.chain.clone(), Head { seq: one.seq, hash: one.hash });
    }
    if tail.has_damage() {
        tracing::error!(
            batches = tail.damaged.len(),
            "entries that were recorded last cannot be read; `dripwatch verify` says which"
        );
    }
    Ok(tails)
}

/// The number of the last entry, in the order of commit over all chains.
async fn last_entry(connection: &mut SqliteConnection) -> sqlx::Result<i64> {
    let last = sqlx::query_scalar(
        "SELECT max((SELECT coalesce(max(id), 0) FROM entries), \
             (SELECT coalesce(max(id), 0) FROM batches), \
             (SELECT coalesce(max(to_entry), 0) FROM batches_packed))",
    );
    last.fetch_one(connection).await
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
