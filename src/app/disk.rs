//! Watches the space that is left for the data, so that staff learn of it before it is gone.

use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use metrics::gauge;
use rustix::fs::StatVfs;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::ward::{NoteDisk, Ward};

const LOOK_EVERY: Duration = Duration::from_secs(10);
const MIB: u64 = 1024 * 1024;

/// What is watched, and the ward that is notified.
#[derive(Debug)]
pub(super) struct Watch {
    /// The data directory.
    pub(super) folder: PathBuf,
    /// Below this many MiB it is low.
    pub(super) low_mib: u64,
    /// Who raises the alert.
    pub(super) ward: Ward,
}

impl Watch {
    /// Looks every 10 s until `stop`. A disk that does not answer delays only this.
    pub(super) async fn run(self, stop: CancellationToken) {
        let mut look = tokio::time::interval(LOOK_EVERY);
        look.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut is_known_to_fail = false;
        loop {
            tokio::select! {
                () = stop.cancelled() => return,
                _ = look.tick() => {}
            }
            let folder = self.folder.clone();
            let asked = tokio::task::spawn_blocking(move || free_mib(&folder));
            let answer = tokio::select! {
                () = stop.cancelled() => return,
                answer = asked => answer.unwrap_or_else(|error| Err(io::Error::other(error))),
            };
            match answer {
                Ok(free_mib) => {
                    is_known_to_fail = false;
                    gauge!("dripwatch_disk_free_mib").set(free_mib as f64);
                    self.ward.tell(NoteDisk { free_mib, low_mib: self.low_mib }).await;
                }
                Err(error) if !is_known_to_fail => {
                    is_known_to_fail = true;
                    let folder = self.folder.display();
                    warn!(%folder, %error, "the free space of the data's disk is not known");
                }
                Err(_) => {}
            }
        }
    }
}

/// How much this process may still write there, MiB.
fn free_mib(folder: &Path) -> io::Result<u64> {
    free_mib_of(&rustix::fs::statvfs(folder)?)
}

fn free_mib_of(disk: &StatVfs) -> io::Result<u64> {
    if disk.f_blocks == 0 {
        return Err(io::Error::new(io::ErrorKind::Unsupported, "its file system reports no size"));
    }
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize) / MIB)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_has_free_space_and_one_that_is_not_there_is_an_error() {
        let folder = tempfile::tempdir().unwrap();
        assert!(free_mib(folder.path()).unwrap() > 0);
        assert!(free_mib(&folder.path().join("gone")).is_err());
        let mut disk = rustix::fs::statvfs(folder.path()).unwrap();
        disk.f_bavail = 0;
        assert_eq!(free_mib_of(&disk).unwrap(), 0);
        disk.f_blocks = 0;
        assert!(free_mib_of(&disk).is_err(), "a disk that states no size states no free space");
    }
}
