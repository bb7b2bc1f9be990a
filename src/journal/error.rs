use std::io;
use std::path::PathBuf;

type Cause = Box<dyn std::error::Error + Send + Sync>;

/// Why the data folder could not be opened. Each is one sentence for the person who started us.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It cannot be created, or nothing can be written in it.
    #[error("the data folder {} cannot be written: {cause}", folder.display())]
    Folder {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        #[source]
        cause: io::Error,
    },
    /// Another process has it open.
    #[error(
        "the data folder {} is in use by another dripwatch: stop that one, or name another folder",
        folder.display()
    )]
    InUse {
        /// The folder.
        folder: PathBuf,
    },
    /// It is to hold a new record, but holds something else already.
    #[error(
        "the data folder {} holds no record, but holds {found}: name the right folder, or one \
         that is empty",
        folder.display()
    )]
    NotEmpty {
        /// The folder.
        folder: PathBuf,
        /// Something that is in it.
        found: String,
    },
    /// It held a record, which is gone.
    #[error(
        "{} is gone: put it back or restore a backup; to begin a new record, name an empty folder",
        file.display()
    )]
    Lost {
        /// The database.
        file: PathBuf,
    },
    /// It has a record, and what says how far that reaches is gone.
    #[error(
        "{} is gone, which says how far the record beside it reaches: put it back, from the backup or \
         from the copy that [server] heads_file names; if there is none, `dripwatch verify --accept` \
         notes in the record that it was lost, and makes it anew",
        file.display()
    )]
    HeadsGone {
        /// The file.
        file: PathBuf,
    },
    /// The same, which is there and says nothing.
    #[error(
        "{} is damaged, which says how far the record beside it reaches: put it back, from the backup \
         or from the copy that [server] heads_file names; if there is none, `dripwatch verify \
         --accept` notes in the record that it was lost, and makes it anew",
        file.display()
    )]
    HeadsDamaged {
        /// The file.
        file: PathBuf,
    },
    /// The database is empty, or cannot be read, where there was a record.
    #[error(
        "{} holds nothing of the record that was in it: put that back or restore a backup; if there \
         is none, name an empty folder, or go on in this one with `dripwatch verify --accept`",
        file.display()
    )]
    Emptied {
        /// The database.
        file: PathBuf,
    },
    /// Its layout is one that this version does not know.
    #[error(
        "{} was written by a newer dripwatch (layout {layout}): run that version, or restore a backup from before it",
        file.display()
    )]
    Newer {
        /// The database.
        file: PathBuf,
        /// The layout's number.
        layout: i64,
    },
    /// It holds something else, or is damaged.
    #[error(
        "{} is not a dripwatch database, or is damaged: move it away, or restore a backup",
        file.display()
    )]
    NotADatabase {
        /// The file.
        file: PathBuf,
    },
    /// Anything else.
    #[error("{} cannot be opened: {cause}", file.display())]
    Unusable {
        /// The database.
        file: PathBuf,
        /// What the engine said.
        #[source]
        cause: Cause,
    },
}

/// Why entries were not taken. None of them was kept, and their `stored` are dropped without a
/// word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AppendError {
    /// The caller's idea of the chain is not ours: two owners, or a lost append.
    #[error("the chain continues at {found}, not at {expected}")]
    WrongSeq {
        /// The number that the caller gave.
        expected: u64,
        /// The number that the next entry of the chain gets.
        found: u64,
    },
    /// The disk has not kept up; the queue holds as much as it may.
    #[error("too much waits for the disk already")]
    Full,
    /// The journal is closing.
    #[error("the journal is closed")]
    Closed,
}

/// The engine could not answer a question.
#[derive(Debug, thiserror::Error)]
#[error("the database could not be read: {0}")]
pub struct ReadError(#[source] Cause);

impl ReadError {
    // Not `From`: the engine's error type must not show in the public interface.
    pub(crate) fn new(cause: sqlx::Error) -> Self {
        Self(cause.into())
    }

    /// What is on disk is not what was written, or cannot be read, rather than that the engine
    /// cannot answer now.
    pub(super) fn is_damage(&self) -> bool {
        self.0.downcast_ref().is_some_and(is_damage)
    }
}

/// Whether the engine says that what is on disk is damaged, rather than that it cannot answer now.
pub(super) fn is_damage(error: &sqlx::Error) -> bool {
    /// `SQLITE_CORRUPT` and `SQLITE_NOTADB`, in the last byte of a result code.
    const DAMAGED: [u32; 2] = [11, 26];
    /// `SQLITE_IOERR_READ`, `_SHORT_READ`, `_DATA` and `_CORRUPTFS`: a place of the disk is lost.
    const UNREADABLE: [u32; 4] = [266, 522, 8_202, 8_458];
    if matches!(error, sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. }) {
        return true;
    }
    let code = error.as_database_error().and_then(|error| error.code());
    let code = code.and_then(|code| code.parse::<u32>().ok());
    code.is_some_and(|code| DAMAGED.contains(&(code & 0xff)) || UNREADABLE.contains(&code))
}

/// The deadline passed before everything was on disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{left} entries and changes could not be stored before the journal closed")]
pub struct CloseError {
    /// How many were lost.
    pub left: usize,
}
