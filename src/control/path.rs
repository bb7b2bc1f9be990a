use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

/// What the system takes as a socket's address, its end mark included, is 108 bytes.
pub(super) const LONGEST_ADDRESS: usize = 107;

/// A socket in a folder, by a path that is short enough for the system.
#[derive(Debug)]
pub(super) struct SocketPath {
    path: PathBuf,
    /// Open as long as the path leads through it.
    _folder: Option<File>,
}

impl SocketPath {
    /// The path itself when it is short, else one through the opened folder.
    pub(super) fn new(folder: &Path, name: &str) -> io::Result<Self> {
        let path = folder.join(name);
        if path.as_os_str().len() <= LONGEST_ADDRESS {
            return Ok(Self { path, _folder: None });
        }
        let folder = File::open(folder)?;
        let path = Path::new("/proc/self/fd").join(folder.as_raw_fd().to_string()).join(name);
        Ok(Self { path, _folder: Some(folder) })
    }

    pub(super) fn as_path(&self) -> &Path {
        &self.path
    }
}
