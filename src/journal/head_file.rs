//! The file beside the database that says how far the chains reach. Whoever cuts the end off a chain,
//! or takes the whole database, would have to change it too; a second one may be kept on another
//! disk, where they cannot.
//!
//! It is written after what it tells is on disk, so it may be behind and never ahead.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use tokio::sync::oneshot;

use crate::record::{Chain, Head, Heads};

/// Its name in the data folder.
pub(super) const HEADS: &str = "dripwatch.heads";
/// Between two writes while the server runs: what was recorded since then is in the chains' own notes
/// or nowhere else yet. At the end it is written at once.
const REST: Duration = Duration::from_secs(5);
const FORMAT: u32 = 1;

#[derive(Serialize, Deserialize)]
struct Content {
    format: u32,
    heads: Heads,
}

/// What a file says; `None` when it is not there.
///
/// # Errors
/// [`ErrorKind::InvalidData`] when it is not one of ours, and what the system says otherwise.
pub(super) fn read(file: &Path) -> io::Result<Option<Heads>> {
    let text = match fs::read(file) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error),
    };
    let invalid = |error| io::Error::new(ErrorKind::InvalidData, error);
    let content: Content = serde_json::from_slice(&text).map_err(invalid)?;
    if content.format != FORMAT {
        let error = format!("its format is {}", content.format);
        return Err(io::Error::new(ErrorKind::InvalidData, error));
    }
    Ok(Some(content.heads))
}

/// Writes a file, whole or not at all.
pub(super) fn write(file: &Path, heads: &Heads) -> io::Result<()> {
    let mut new = file.as_os_str().to_owned();
    new.push(".new");
    let new = PathBuf::from(new);
    let content = Content { format: FORMAT, heads: heads.clone() };
    let mut text = serde_json::to_vec(&content)?;
    text.push(b'\n');
    let options = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).clone();
    let mut opened = options.open(&new)?;
    opened.write_all(&text)?;
    opened.sync_all()?;
    fs::rename(&new, file)?;
    match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => File::open(folder)?.sync_all(),
        _ => Ok(()),
    }
}

/// Where the heads of one record are kept.
#[derive(Clone, Debug)]
pub(super) struct HeadFiles {
    /// In the data folder.
    pub(super) own: PathBuf,
    /// On another disk, where one is configured.
    pub(super) elsewhere: Option<PathBuf>,
}

impl HeadFiles {
    pub(super) fn of(folder: &Path, elsewhere: Option<&Path>) -> Self {
        Self { own: folder.join(HEADS), elsewhere: elsewhere.map(Path::to_owned) }
    }

    pub(super) fn all(&self) -> impl Iterator<Item = &PathBuf> {
        std::iter::once(&self.own).chain(&self.elsewhere)
    }

    /// Makes the one in the folder.
    pub(super) fn begin(&self, heads: &Heads) -> io::Result<()> {
        write(&self.own, heads)
    }
}

/// Keeps one file, on a thread of its own: neither a commit nor the other file waits for it.
#[derive(Debug)]
pub(super) struct HeadKeeper {
    shared: Arc<Shared>,
    ended: Option<oneshot::Receiver<()>>,
}

#[derive(Debug, Default)]
struct Shared {
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Debug, Default)]
struct State {
    heads: Heads,
    is_new: bool,
    is_closing: bool,
}

impl Shared {
    // A panic while it is held can only be a bug in this file, and leaves whole heads.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HeadKeeper {
    /// Keeps `file`, which is to tell of `heads` now.
    pub(super) fn start(file: PathBuf, heads: Heads) -> io::Result<Self> {
        let state = State { heads, is_new: true, is_closing: false };
        let shared = Arc::new(Shared { state: Mutex::new(state), wake: Condvar::new() });
        let (end, ended) = oneshot::channel();
        let of_thread = Arc::clone(&shared);
        let run = move || {
            keep(&file, &of_thread);
            // Whoever waited may have gone.
            let _ = end.send(());
        };
        thread::Builder::new().name("record's heads".to_owned()).spawn(run)?;
        Ok(Self { shared, ended: Some(ended) })
    }

    /// A chain reaches this far on disk.
    pub(super) fn reached(&self, reached: &[(Chain, Head)]) {
        let mut state = self.shared.lock();
        for (chain, head) in reached {
            state.heads.insert(chain.clone(), *head);
        }
        state.is_new |= !reached.is_empty();
        self.shared.wake.notify_one();
    }

    /// Writes what is new and ends.
    pub(super) async fn close(mut self) {
        self.end();
        if let Some(ended) = self.ended.take() {
            // The thread has ended either way.
            let _ = ended.await;
        }
    }

    fn end(&self) {
        self.shared.lock().is_closing = true;
        self.shared.wake.notify_one();
    }
}

impl Drop for HeadKeeper {
    fn drop(&mut self) {
        self.end();
    }
}

fn keep(file: &Path, shared: &Shared) {
    let mut has_failed = false;
    loop {
        let mut state = shared.lock();
        while !state.is_new && !state.is_closing {
            state = shared.wake.wait(state).unwrap_or_else(PoisonError::into_inner);
        }
        if !state.is_new {
            return;
        }
        state.is_new = false;
        let heads = state.heads.clone();
        drop(state);
        let written = write(file, &heads);
        if let Err(cause) = &written
            && !has_failed
        {
            let file = file.display();
            tracing::error!(%cause, "how far the record reaches is not kept in {file}; trying again");
        }
        if written.is_ok() && has_failed {
            tracing::info!("how far the record reaches is kept in {} again", file.display());
        }
        has_failed = written.is_err();
        let mut state = shared.lock();
        if state.is_closing && has_failed {
            return;
        }
        state.is_new |= has_failed;
        let rested = shared.wake.wait_timeout_while(state, REST, |state| !state.is_closing);
        drop(rested);
    }
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;
    use crate::record::ChainHash;

    fn head(seq: u64) -> Head {
        Head { seq, hash: ChainHash([7; 32]) }
    }

    #[tokio::test]
    async fn a_file_tells_the_last_heads_when_its_keeper_ends_and_is_for_its_owner_alone() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(HEADS);
        assert_eq!(read(&file).unwrap(), None);
        let keeper = HeadKeeper::start(file.clone(), Heads::new()).unwrap();
        for seq in 1..50 {
            keeper.reached(&[(Chain::Clinic, head(seq))]);
        }
        keeper.close().await;
        assert_eq!(read(&file).unwrap(), Some(Heads::from([(Chain::Clinic, head(49))])));
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_written_keeps_nobody_from_ending() {
        let folder = tempfile::tempdir().unwrap();
        let keeper = HeadKeeper::start(folder.path().join("none").join(HEADS), Heads::new());
        keeper.unwrap().close().await;
    }

    #[test]
    fn what_is_no_file_of_ours_is_said_to_be_none() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(HEADS);
        for text in ["", "{}", r#"{"format":2,"heads":{}}"#, r#"{"format":1,"heads":{"x":1}}"#] {
            fs::write(&file, text).unwrap();
            assert_eq!(read(&file).unwrap_err().kind(), ErrorKind::InvalidData, "{text}");
        }
    }
}
