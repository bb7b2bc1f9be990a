//! Whether a server runs whose data folder this is, or was.
//!
//! The lock and the socket of a data folder go with the folder when it is deleted or moved, and a
//! command that comes then would make new data beside a server that runs. So a server also holds a
//! name that is in no folder: one in the system's abstract namespace of sockets, made of the
//! folder's path, which the system takes back when the process ends, however it ends.
//!
//! The name says less than the lock: whoever shares our network may hold it, such as a server in
//! another container whose folder has the same path. So it keeps no server from a record that is
//! there, only from beginning one. A command that finds it held, and no server that answers, does
//! nothing.

use std::collections::BTreeSet;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::net::{SocketAddr, UnixDatagram};
use std::path::{Path, PathBuf};

/// The names that a running server holds, as far as nobody else does. Given back when dropped.
#[derive(Debug)]
pub struct Presence {
    _names: Vec<UnixDatagram>,
    is_held_by_another: bool,
}

impl Presence {
    /// Takes the name of `folder`, there or not. One that another process holds stays with that.
    #[must_use]
    pub fn claim(folder: &Path) -> Self {
        let (mut names, mut is_held_by_another) = (Vec::new(), false);
        for address in addresses(folder) {
            match UnixDatagram::bind_addr(&address) {
                Ok(name) => names.push(name),
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => is_held_by_another = true,
                // Where the system has no such names, the lock in the folder has to do.
                Err(error) => tracing::debug!(%error, "the data folder's name is not held"),
            }
        }
        Self { _names: names, is_held_by_another }
    }

    /// Whether another process had taken a name of the folder before.
    #[must_use]
    pub fn is_held_by_another(&self) -> bool {
        self.is_held_by_another
    }

    /// Whether a server holds the name of `folder`.
    #[must_use]
    pub fn is_claimed(folder: &Path) -> bool {
        let is_held = |address| UnixDatagram::unbound()?.connect_addr(&address);
        addresses(folder).any(|address| is_held(address).is_ok())
    }
}

fn addresses(folder: &Path) -> impl Iterator<Item = SocketAddr> {
    paths(folder).into_iter().filter_map(|path| address(&path))
}

#[cfg(target_os = "linux")]
fn address(path: &Path) -> Option<SocketAddr> {
    use std::os::linux::net::SocketAddrExt;
    let digest = blake3::hash(path.as_os_str().as_bytes()).to_hex();
    // A digest is no longer than the system takes.
    SocketAddr::from_abstract_name(format!("dripwatch/{digest}")).ok()
}

/// No other system has such names.
#[cfg(not(target_os = "linux"))]
fn address(_: &Path) -> Option<SocketAddr> {
    None
}

/// The folder's path as it was given and as it really is, which differ where links lead to it: of a
/// link whose folder is gone only the first is known.
fn paths(folder: &Path) -> BTreeSet<PathBuf> {
    let given = std::path::absolute(folder).unwrap_or_else(|_| folder.to_owned());
    let real = given.canonicalize().or_else(|error| match (given.parent(), given.file_name()) {
        (Some(parent), Some(name)) => Ok(parent.canonicalize()?.join(name)),
        _ => Err(error),
    });
    std::iter::once(given).chain(real.ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_held_whatever_becomes_of_the_folder() {
        let parent = tempfile::tempdir().unwrap();
        let folder = parent.path().join("data");
        assert!(!Presence::is_claimed(&folder));
        let presence = Presence::claim(&folder);
        assert!(Presence::is_claimed(&folder));
        assert!(!presence.is_held_by_another());
        let second = Presence::claim(&folder);
        assert!(second.is_held_by_another());
        std::fs::create_dir(&folder).unwrap();
        assert!(Presence::is_claimed(&folder));
        std::fs::rename(&folder, parent.path().join("moved")).unwrap();
        assert!(Presence::is_claimed(&folder));
        assert!(!Presence::is_claimed(&parent.path().join("moved")));
        drop(presence);
        assert!(!Presence::is_claimed(&folder), "the second has none");
        drop(second);
    }

    #[test]
    fn a_link_and_what_it_leads_to_are_one_folder() {
        let parent = tempfile::tempdir().unwrap();
        let (folder, link) = (parent.path().join("data"), parent.path().join("link"));
        std::fs::create_dir(&folder).unwrap();
        std::os::unix::fs::symlink(&folder, &link).unwrap();
        let _presence = Presence::claim(&link);
        assert!(Presence::is_claimed(&folder));
        std::fs::remove_dir(&folder).unwrap();
        assert!(Presence::is_claimed(&link));
    }
}
