use std::fmt;
use std::fs::DirBuilder;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::access::Token;

/// Where the demo's data are: a folder that stays, or one that is removed with the demo.
#[derive(Debug)]
pub(super) enum Folder {
    /// Named by the user.
    Kept(PathBuf),
    /// Made by us.
    Doomed(PathBuf),
}

impl Folder {
    pub(super) fn new(named: Option<PathBuf>) -> anyhow::Result<Self> {
        if let Some(folder) = named {
            return Ok(Self::Kept(folder));
        }
        let random = Token::new()?;
        let name = format!("dripwatch-demo-{}", &random.as_str()[..12]);
        let folder = std::env::temp_dir().join(name);
        let made = DirBuilder::new().mode(0o700).create(&folder);
        made.with_context(|| format!("{} cannot be made", folder.display()))?;
        Ok(Self::Doomed(folder))
    }

    pub(super) fn path(&self) -> PathBuf {
        match self {
            Self::Kept(folder) | Self::Doomed(folder) => folder.clone(),
        }
    }

    /// The folder that has to be removed, if any.
    pub(super) fn doomed(&self) -> Option<PathBuf> {
        match self {
            Self::Kept(_) => None,
            Self::Doomed(folder) => Some(folder.clone()),
        }
    }
}

impl fmt::Display for Folder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Kept(folder) => folder.display().fmt(f),
            Self::Doomed(folder) => write!(f, "{} (removed at the end)", folder.display()),
        }
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        remove(self.doomed().as_deref());
    }
}

/// Removes what the demo made.
pub(super) fn remove(folder: Option<&Path>) {
    if let Some(folder) = folder
        && let Err(error) = std::fs::remove_dir_all(folder)
        && error.kind() != io::ErrorKind::NotFound
    {
        tracing::warn!("{} is left behind: {error}", folder.display());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_our_own_goes_and_a_named_one_stays() {
        let ours = Folder::new(None).unwrap();
        let path = ours.path();
        std::fs::write(path.join("x"), "").unwrap();
        drop(ours);
        assert!(!path.exists());

        let named = tempfile::tempdir().unwrap();
        drop(Folder::new(Some(named.path().to_owned())).unwrap());
        assert!(named.path().exists());
    }
}
