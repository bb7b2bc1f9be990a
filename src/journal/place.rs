//! Whether what is committed is where it will be looked for.
//!
//! A database that was deleted or moved while it is open can still be written, by everybody who has
//! it open, and what is written is lost with the last of them. So before anything counts as stored,
//! the paths are compared with what was opened. Only by `stat`: opening and closing one of these
//! files would take the engine's own locks away.

use std::io::{self, ErrorKind};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, StatVfs, access};
use rustix::process::geteuid;

/// With less than this left on the disk the next transaction may fail in its middle.
const LEAST_FREE_BYTES: u64 = 1024 * 1024;

/// Why nothing is recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The data folder is not where it was.
    FolderGone,
    /// The folder is there, its database is not.
    DatabaseGone,
    /// Another file or folder has taken the place of the one that was opened.
    Replaced,
    /// The engine's write-ahead log is gone: what it holds is being saved, and it is made anew.
    LogGone,
    /// The folder or the database may no longer be written.
    NotWritable,
    /// There is no space left.
    DiskFull,
    /// The folder cannot be looked at.
    NotSeen,
    /// Another program holds the database.
    Locked,
    /// The disk did not take a transaction, for another reason.
    Refused,
}

impl Trouble {
    /// What is wrong, in words for staff, to follow a colon.
    #[must_use]
    pub fn what(self) -> &'static str {
        match self {
            Self::FolderGone => "the data folder was deleted or moved",
            Self::DatabaseGone => "the database in the data folder was deleted or moved",
            Self::Replaced => "another database is where the record was",
            Self::LogGone => "a file of the database was deleted",
            Self::NotWritable => "the data folder may not be written",
            Self::DiskFull => "the disk is full",
            Self::NotSeen => "the data folder cannot be reached",
            Self::Locked => "another program holds the database",
            Self::Refused => "the disk refuses what is written",
        }
    }

    /// What to do about it, a sentence.
    #[must_use]
    pub fn remedy(self) -> &'static str {
        match self {
            Self::FolderGone | Self::DatabaseGone => {
                "Put it back where it was, or restore a backup and restart the server."
            }
            Self::Replaced => "Put the first one back, or restart the server with this one.",
            Self::LogGone => "The server makes it anew; leave the data folder alone.",
            Self::NotWritable => "Give the server the right to write it again.",
            Self::DiskFull => "Make space.",
            Self::NotSeen => "Check the disk, and look into the server's log.",
            Self::Locked => "End that program.",
            Self::Refused => "Look into the server's log.",
        }
    }

    /// Whether it is seen from the files, and not from a transaction that may succeed a moment
    /// later.
    #[must_use]
    pub fn is_certain(self) -> bool {
        !matches!(self, Self::Locked | Self::Refused | Self::LogGone)
    }

    /// What a transaction's failure means.
    pub(super) fn of(cause: &sqlx::Error) -> Self {
        let code = cause.as_database_error().and_then(|error| error.code()?.parse::<u32>().ok());
        // The primary codes of SQLite; the higher bits say more than we need.
        match code.map(|code| code & 0xff) {
            Some(5 | 6) => Self::Locked,
            Some(8) => Self::NotWritable,
            Some(13) => Self::DiskFull,
            _ => Self::Refused,
        }
    }
}

/// A file, whatever it is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct FileId {
    device: u64,
    inode: u64,
}

impl FileId {
    fn of(path: &Path) -> io::Result<Self> {
        let found = std::fs::metadata(path)?;
        Ok(Self { device: found.dev(), inode: found.ino() })
    }
}

/// The files that are open, by path.
#[derive(Clone, Debug)]
pub(super) struct Place {
    folder: PathBuf,
    database: PathBuf,
    log: PathBuf,
    opened: FileId,
    /// Once a transaction has begun on this connection.
    opened_log: Option<FileId>,
}

impl Place {
    /// Of the database that has just been opened in `folder`.
    pub(super) fn of(folder: &Path, database: &Path) -> io::Result<Self> {
        let mut log = database.as_os_str().to_owned();
        log.push("-wal");
        let opened = FileId::of(database)?;
        let (folder, database, log) = (folder.to_owned(), database.to_owned(), log.into());
        Ok(Self { folder, database, log, opened, opened_log: None })
    }

    pub(super) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The same with the log that the engine now writes; without one when there is none.
    pub(super) fn with_log(&self) -> Self {
        Self { opened_log: FileId::of(&self.log).ok(), ..self.clone() }
    }

    /// The same before the engine has opened its log again.
    pub(super) fn without_log(&self) -> Self {
        Self { opened_log: None, ..self.clone() }
    }

    /// Looks. The disk may take its time, so never on a thread that others need.
    pub(super) fn look(&self) -> Result<(), Trouble> {
        self.look_at_database()?;
        if self.opened_log.is_some() && FileId::of(&self.log).ok() != self.opened_log {
            return Err(Trouble::LogGone);
        }
        let is_writable = access(&self.folder, Access::WRITE_OK | Access::EXEC_OK)
            .and_then(|()| access(&self.database, Access::WRITE_OK));
        is_writable.map_err(|_| Trouble::NotWritable)?;
        let disk = rustix::fs::statvfs(&self.folder).map_err(|_| Trouble::NotSeen)?;
        if is_full(&disk) { Err(Trouble::DiskFull) } else { Ok(()) }
    }

    /// Whether the path leads to the database that was opened.
    pub(super) fn look_at_database(&self) -> Result<(), Trouble> {
        match FileId::of(&self.database) {
            Ok(found) if found == self.opened => Ok(()),
            Ok(_) => Err(Trouble::Replaced),
            Err(error) => Err(match error.kind() {
                ErrorKind::NotFound if self.folder.is_dir() => Trouble::DatabaseGone,
                ErrorKind::NotFound | ErrorKind::NotADirectory => Trouble::FolderGone,
                ErrorKind::PermissionDenied => Trouble::NotWritable,
                _ => Trouble::NotSeen,
            }),
        }
    }
}

fn is_full(disk: &StatVfs) -> bool {
    // The administrator may use what is kept back from others.
    let free = if geteuid().is_root() { disk.f_bfree } else { disk.f_bavail };
    // A file system that states no size states nothing of what is free either.
    disk.f_blocks > 0 && free.saturating_mul(disk.f_frsize) < LEAST_FREE_BYTES
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    struct Bench {
        parent: tempfile::TempDir,
        place: Place,
    }

    impl Bench {
        fn new() -> Self {
            let parent = tempfile::tempdir().unwrap();
            let folder = parent.path().join("data");
            let database = folder.join("db");
            fs::create_dir(&folder).unwrap();
            fs::write(&database, "").unwrap();
            fs::write(folder.join("db-wal"), "").unwrap();
            let place = Place::of(&folder, &database).unwrap().with_log();
            assert_eq!(place.look(), Ok(()));
            Self { parent, place }
        }

        fn path(&self, name: &str) -> PathBuf {
            self.parent.path().join(name)
        }

        fn moved(&self, from: &str, to: &str) -> Result<(), Trouble> {
            fs::rename(self.path(from), self.path(to)).unwrap();
            self.place.look()
        }
    }

    #[test]
    fn a_folder_that_was_moved_is_gone_until_it_is_back() {
        let bench = Bench::new();
        assert_eq!(bench.moved("data", "elsewhere"), Err(Trouble::FolderGone));
        assert_eq!(bench.moved("elsewhere", "data"), Ok(()));
        fs::remove_dir_all(bench.path("data")).unwrap();
        fs::write(bench.path("data"), "").unwrap();
        assert_eq!(bench.place.look(), Err(Trouble::FolderGone));
    }

    #[test]
    fn a_copy_is_another_whatever_it_is_called() {
        let bench = Bench::new();
        assert_eq!(bench.moved("data/db", "data/db.old"), Err(Trouble::DatabaseGone));
        fs::copy(bench.path("data/db.old"), bench.path("data/db")).unwrap();
        assert_eq!(bench.place.look(), Err(Trouble::Replaced));
        assert_eq!(bench.moved("data/db.old", "data/db"), Ok(()));
    }

    #[test]
    fn a_log_that_was_deleted_or_replaced_is_gone() {
        let bench = Bench::new();
        assert_eq!(bench.moved("data/db-wal", "data/kept"), Err(Trouble::LogGone));
        fs::write(bench.path("data/db-wal"), "").unwrap();
        assert_eq!(bench.place.look(), Err(Trouble::LogGone));
        assert_eq!(bench.place.without_log().look(), Ok(()));
        assert_eq!(bench.moved("data/kept", "data/db-wal"), Ok(()));
    }

    #[test]
    fn a_disk_without_space_is_full_and_one_that_states_no_size_is_not() {
        let folder = tempfile::tempdir().unwrap();
        let disk = |blocks: u64, free: u64| {
            let mut disk = rustix::fs::statvfs(folder.path()).unwrap();
            (disk.f_frsize, disk.f_blocks) = (4_096, blocks);
            (disk.f_bfree, disk.f_bavail) = (free, free);
            disk
        };
        let least = LEAST_FREE_BYTES.div_ceil(4_096);
        assert!(!is_full(&disk(1_000_000, least)));
        assert!(is_full(&disk(1_000_000, least - 1)));
        assert!(is_full(&disk(1_000_000, 0)));
        assert!(!is_full(&disk(0, 0)), "as some file systems of networks and of users' programs");
    }

    #[test]
    fn what_may_not_be_written_is_trouble() {
        use std::os::unix::fs::PermissionsExt;
        let bench = Bench::new();
        for (name, usual) in [("data", 0o700), ("data/db", 0o600)] {
            let mode = |mode| {
                let mode = fs::Permissions::from_mode(mode);
                fs::set_permissions(bench.path(name), mode).unwrap();
            };
            mode(0o500);
            // The system's administrator may write everything.
            let is_root = fs::write(bench.path("data/try"), "").is_ok()
                && fs::OpenOptions::new().append(true).open(bench.path("data/db")).is_ok();
            let expected = if is_root { Ok(()) } else { Err(Trouble::NotWritable) };
            assert_eq!(bench.place.look(), expected, "{name}");
            mode(usual);
        }
    }
}
