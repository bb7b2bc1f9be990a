//! What a power cut leaves.

use std::fs;
use std::io;
use std::path::Path;

use super::chance::Chance;

const DATABASE: &str = "dripwatch.db";
const LOG: &str = "dripwatch.db-wal";
/// Written after what it tells is in those.
const HEADS: &str = "dripwatch.heads";
/// A disk writes whole sectors; of the last one anything may be there.
const SECTOR: u64 = 512;

/// The files as they were at a moment.
pub(crate) struct Image {
    database: Vec<u8>,
    log: Vec<u8>,
    heads: Vec<u8>,
}

impl Image {
    /// What is in the folder now.
    pub(crate) fn of(folder: &Path) -> io::Result<Self> {
        // First, as it is never ahead of the others.
        let heads = fs::read(folder.join(HEADS))?;
        let log = match fs::read(folder.join(LOG)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            log => log?,
        };
        Ok(Self { database: fs::read(folder.join(DATABASE))?, log, heads })
    }

    /// The power goes while what lies between the two is written: a part of it is there, and then
    /// rubbish. When the engine has meanwhile begun its log anew, all of `after` is there.
    pub(crate) fn torn(before: &Self, after: Self, chance: &mut Chance) -> Self {
        let after = Self { heads: before.heads.clone(), ..after };
        let goes_on = after.database == before.database && after.log.starts_with(&before.log);
        let new = after.log.len() as u64 - if goes_on { before.log.len() as u64 } else { 0 };
        if !goes_on || new == 0 {
            return after;
        }
        let kept = before.log.len() + chance.below(new + 1) as usize;
        let mut log = after.log[..kept].to_vec();
        log.extend((0..chance.below(SECTOR)).map(|_| chance.below(256) as u8));
        Self { log, ..after }
    }

    /// Puts the files into an empty folder.
    pub(crate) fn write_to(&self, folder: &Path) -> io::Result<()> {
        fs::write(folder.join(DATABASE), &self.database)?;
        fs::write(folder.join(HEADS), &self.heads)?;
        fs::write(folder.join(LOG), &self.log)
    }
}
