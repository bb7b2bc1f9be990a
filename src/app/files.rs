//! How many files the system lets us have open, and so how many connections.

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::adapters::hl7;
use crate::http;

/// Open files that are not connections of callers or monitors: the database, its readers, the log,
/// the control socket and its commands.
const KEPT: u64 = 256;
/// The fewest connections for screens and programs, and for the monitors of an adapter, however few
/// files the system allows.
const FEWEST_CONNECTIONS: usize = 64;

/// Connections for screens and programs, and for the monitors of each adapter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Connections {
    pub(super) http: usize,
    pub(super) adapter: usize,
}

/// The connections that the system allows, once it allows as many files as it ever will; the log
/// says when that is fewer than it should be.
pub(super) fn allowed_connections(adapters: usize) -> Connections {
    let allowed = connections(files(), adapters);
    let Connections { http, adapter } = allowed;
    if http < http::MAX_CONNECTIONS || adapter < hl7::MAX_CONNECTIONS {
        tracing::warn!(
            "the system lets this program have too few files open: screens and programs get {http} \
             connections, monitors {adapter}. Raise the limit (systemd: LimitNOFILE=16384; \
             shell: ulimit -n 16384)"
        );
    }
    allowed
}

/// At most half of the files are for monitors.
fn connections(files: usize, adapters: usize) -> Connections {
    let half = files / 2 / adapters.max(1);
    let adapter = hl7::MAX_CONNECTIONS.min(half).max(FEWEST_CONNECTIONS);
    let left = files.saturating_sub(adapter * adapters);
    Connections { http: http::MAX_CONNECTIONS.min(left).max(FEWEST_CONNECTIONS), adapter }
}

/// Takes as many as the system allows; returns how many remain for connections.
fn files() -> usize {
    let mut limit = getrlimit(Resource::Nofile);
    if limit.current != limit.maximum {
        let most = Rlimit { current: limit.maximum, maximum: limit.maximum };
        match setrlimit(Resource::Nofile, most) {
            Ok(()) => limit = most,
            Err(error) => tracing::warn!(%error, "the limit of open files cannot be raised"),
        }
    }
    let files = limit.current.unwrap_or(u64::MAX);
    usize::try_from(files.saturating_sub(KEPT)).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_files_are_shared_out_and_nobody_goes_without() {
        assert_eq!(connections(20_000, 1), Connections { http: 4_096, adapter: 576 });
        assert_eq!(connections(768, 1), Connections { http: 384, adapter: 384 });
        assert_eq!(connections(0, 2), Connections { http: 64, adapter: 64 });
    }
}
