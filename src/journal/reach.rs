//! Whether the database reaches as far as the files beside it say, before anything is added to it.

use std::io::ErrorKind;
use std::path::Path;

use sqlx::sqlite::SqliteConnection;

use super::OpenError;
use super::error::is_damage;
use super::head_file::{HeadFiles, read};
use super::pieces::hash_of;
use super::writer::Writer;
use crate::record::{Chain, Head, Heads, note_of_missed};
use crate::vitals::Millis;

/// What is compared.
pub(super) struct Reach<'a> {
    pub(super) files: &'a HeadFiles,
    /// How far the chains reach in the database.
    pub(super) tails: &'a Heads,
    pub(super) database: &'a Path,
}

impl Reach<'_> {
    /// Whether the file in the folder is to be made, and what the files tell of that the database
    /// does not hold.
    ///
    /// The file may be missing only where none was ever kept, which the lock and the database know;
    /// and the database may be empty only where it always was. Otherwise somebody has to decide.
    pub(super) async fn compared(
        &self,
        connection: &mut SqliteConnection,
        is_known_to_lock: bool,
        accepts_loss: bool,
    ) -> Result<(bool, Heads), OpenError> {
        let Self { files, tails, database } = self;
        let refused =
            |cause| OpenError::Unusable { file: (*database).to_owned(), cause: Box::new(cause) };
        let was_kept = is_known_to_lock || is_kept(connection).await.map_err(refused)?;
        let own = match read(&files.own) {
            Ok(heads) => heads,
            Err(error) if error.kind() == ErrorKind::InvalidData && accepts_loss => None,
            Err(error) if error.kind() == ErrorKind::InvalidData => {
                return Err(OpenError::HeadsDamaged { file: files.own.clone() });
            }
            Err(cause) => {
                return Err(OpenError::Unusable { file: files.own.clone(), cause: cause.into() });
            }
        };
        let is_first = own.is_none();
        if is_first && was_kept && !accepts_loss {
            return Err(OpenError::HeadsGone { file: files.own.clone() });
        }
        let mut known = own.unwrap_or_default();
        for (chain, head) in self.elsewhere() {
            let further = known.get(&chain).is_none_or(|known| known.seq < head.seq);
            if further {
                known.insert(chain, head);
            }
        }
        if tails.is_empty() && !known.is_empty() && !accepts_loss {
            return Err(OpenError::Emptied { file: (*database).to_owned() });
        }
        let mut missed = Heads::new();
        for (chain, head) in known {
            if !self.has(connection, &chain, head).await.map_err(refused)? {
                missed.insert(chain, head);
            }
        }
        Ok((is_first, missed))
    }

    /// What the file on another disk says. That disk may be away: the server starts without it.
    fn elsewhere(&self) -> Heads {
        let Some(file) = &self.files.elsewhere else { return Heads::new() };
        match read(file) {
            Ok(heads) => heads.unwrap_or_default(),
            Err(cause) => {
                tracing::warn!(%cause, "{} cannot be read, and is not compared", file.display());
                Heads::new()
            }
        }
    }

    async fn has(
        &self,
        connection: &mut SqliteConnection,
        chain: &Chain,
        head: Head,
    ) -> sqlx::Result<bool> {
        let Some(tail) = self.tails.get(chain).filter(|tail| tail.seq >= head.seq) else {
            return Ok(false);
        };
        if tail.seq == head.seq {
            return Ok(tail.hash == head.hash);
        }
        let found = match hash_of(connection, chain, head.seq).await {
            // What cannot be read, or is not there, verifying tells.
            Err(error) if is_damage(&error) => None,
            found => found?,
        };
        Ok(found.is_none_or(|hash| hash == head.hash))
    }
}

/// Whether an empty file has taken the place of a database: seen before the engine makes it one, and
/// files of its own beside it.
pub(super) fn is_emptied(files: &HeadFiles, database: &Path) -> bool {
    let mut log = database.as_os_str().to_owned();
    log.push("-wal");
    let is_empty = |path: &Path| path.metadata().map_or(0, |found| found.len()) == 0;
    database.exists()
        && is_empty(database)
        && is_empty(Path::new(&log))
        && files.all().any(|file| matches!(read(file), Ok(Some(heads)) if !heads.is_empty()))
}

/// Whether the database knows of a file that says how far it reaches.
async fn is_kept(connection: &mut SqliteConnection) -> sqlx::Result<bool> {
    let kept = sqlx::query_scalar("SELECT EXISTS (SELECT 1 FROM head_file)");
    kept.fetch_one(connection).await
}

/// From now on there is such a file.
pub(super) async fn note_kept(writer: &mut Writer) -> sqlx::Result<()> {
    let Some(connection) = &mut writer.connection else { return Ok(()) };
    if !is_kept(connection).await? {
        let kept = sqlx::query("INSERT OR IGNORE INTO head_file (id) VALUES (1)");
        kept.execute(connection).await?;
    }
    Ok(())
}

/// Notes in the chain of the clinic that noted entries are not there, before the files that told so
/// are written again.
pub(super) async fn note_missed(writer: &mut Writer, missed: Heads) -> sqlx::Result<()> {
    let chains: Vec<String> = missed.keys().map(ToString::to_string).collect();
    tracing::error!(
        chains = chains.join(", "),
        "the record ends earlier than it did, or with other entries: they were removed, or an older \
         copy of the database was put here; `dripwatch verify` says what is missing"
    );
    let Some(connection) = &mut writer.connection else { return Ok(()) };
    // Nobody has told us the time yet: the last time at which the record was written.
    let at: Option<i64> =
        sqlx::query_scalar("SELECT max(at) FROM alive").fetch_one(connection).await?;
    let reached = |chain: &Chain| Some((chain.clone(), writer.last.get(chain)?.seq));
    let found = missed.keys().filter_map(reached).collect();
    let note = note_of_missed(Millis(at.unwrap_or(0)), &missed, &found);
    writer.write_first(note).await
}
