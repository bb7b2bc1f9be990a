//! How many files and connections the system lets us have open.

use rustix::process::{Resource, getrlimit, setrlimit};

/// Files that are no connections of callers or monitors: the database, its readers, the log, the
/// control socket and its commands.
const KEPT: u64 = 256;

/// Takes as many as the system allows; gives how many connections that leaves room for.
pub(super) fn connections() -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        let most = rustix::process::Rlimit { current: limit.maximum, maximum: limit.maximum };
        match setrlimit(Resource::Nofile, most) {
            Ok(()) => limit = most,
            Err(error) => {
                tracing::warn!(%error, "the limit of open files cannot be raised");
            }
        }
    }
    let files = limit.current.unwrap_or(u64::MAX);
    usize::try_from(files.saturating_sub(KEPT)).unwrap_or(usize::MAX)
}
