//! A batch: what one commit records of rooms, entry after entry in the order in which they were
//! applied, as one row. It is read until its entries are packed into pieces, each of one chain.

use serde::{Deserialize, Serialize};

use super::{Chain, ChainHash, Entry, FrameKey, HashVersion, Numbered, Salt, StoredEntry};
use crate::vitals::{DeviceId, Millis, SessionId};

/// How a batch is written: its first byte.
const FORMAT: u8 = 1;

/// What is no batch.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a batch is not as it was written: {0}")]
pub struct BadBatch(String);

impl BadBatch {
    fn new(what: impl ToString) -> Self {
        Self(what.to_string())
    }
}

/// An entry that is to be recorded, with its place and what binds it to its chain.
#[derive(Clone, Copy, Debug)]
pub struct Sealed<'a> {
    /// The chain's name.
    pub chain: &'a str,
    /// The number in the chain.
    pub seq: u64,
    /// What is recorded.
    pub entry: &'a Entry,
    /// The hash on top of the entry before; of [`HashVersion::Whole`].
    pub hash: ChainHash,
    /// The salt and the digest of the private part, if it has one.
    pub private: Option<(&'a Salt, &'a [u8; 32])>,
}

/// An entry of a batch, as it stands there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Batched<'a> {
    /// The numbers of a batch follow each other: only the last one is known beside it.
    #[serde(skip)]
    id: i64,
    chain: &'a str,
    seq: u64,
    at: i64,
    body: &'a str,
    private: Option<&'a str>,
    salt: Option<Salt>,
    private_digest: Option<[u8; 32]>,
    hash: [u8; 32],
    device: Option<&'a str>,
    frame_key: Option<[u8; 16]>,
    session: Option<&'a str>,
    is_checkpoint: bool,
}

impl<'a> Batched<'a> {
    fn of(sealed: &Sealed<'a>) -> Self {
        let Sealed { chain, seq, entry, hash, private } = *sealed;
        Self {
            id: 0,
            chain,
            seq,
            at: entry.at.0,
            body: &entry.body,
            private: entry.private.as_deref(),
            salt: private.map(|(salt, _)| *salt),
            private_digest: private.map(|(_, digest)| *digest),
            hash: hash.0,
            device: entry.device.as_ref().map(DeviceId::as_str),
            frame_key: entry.frame_key.map(|key| key.0),
            session: entry.session.as_ref().map(SessionId::as_str),
            is_checkpoint: entry.is_checkpoint,
        }
    }

    /// The chain's name.
    #[must_use]
    pub fn chain(&self) -> &'a str {
        self.chain
    }

    /// The number in the chain.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.seq
    }

    /// The session that it belongs to.
    #[must_use]
    pub fn session(&self) -> Option<&'a str> {
        self.session
    }

    /// Whether its body is a checkpoint.
    #[must_use]
    pub fn is_checkpoint(&self) -> bool {
        self.is_checkpoint
    }

    /// Whether it has a private part.
    #[must_use]
    pub fn has_private(&self) -> bool {
        self.private.is_some()
    }

    /// When it was taken.
    #[must_use]
    pub fn at(&self) -> Millis {
        Millis(self.at)
    }

    /// The device that sent it, if it is a frame.
    #[must_use]
    pub fn frame_of(&self) -> Option<&'a str> {
        self.frame_key.and(self.device)
    }

    /// The entry.
    ///
    /// # Errors
    /// A name in it is none.
    pub fn numbered(&self) -> Result<Numbered, BadBatch> {
        let entry = Entry {
            at: Millis(self.at),
            body: self.body.to_owned(),
            private: self.private.map(ToOwned::to_owned),
            device: self.device.map(DeviceId::new).transpose().map_err(BadBatch::new)?,
            frame_key: self.frame_key.map(FrameKey),
            session: self.session.map(SessionId::new).transpose().map_err(BadBatch::new)?,
            is_checkpoint: self.is_checkpoint,
        };
        let stored = StoredEntry {
            chain: self.chain.parse::<Chain>().map_err(BadBatch::new)?,
            seq: self.seq,
            entry,
            private_digest: self.private_digest.unwrap_or(super::NO_PRIVATE),
            salt: self.salt,
            hash: ChainHash(self.hash),
            hash_version: HashVersion::Whole,
        };
        Ok(Numbered { id: self.id, stored })
    }
}

/// Writes a batch of about so many bytes.
pub fn write_batch<'a>(entries: impl Iterator<Item = Sealed<'a>>, bytes: usize) -> Vec<u8> {
    let mut batch = Vec::with_capacity(bytes);
    batch.push(FORMAT);
    for sealed in entries {
        let written = postcard::to_extend(&Batched::of(&sealed), batch);
        batch = written.expect("numbers and texts can be written into memory");
    }
    batch
}

/// The entries of a batch, in order; `last_id` is the number of the last one in the order of commit.
///
/// # Errors
/// What is there is not what was written.
pub fn read_batch(bytes: &[u8], last_id: i64) -> Result<Vec<Batched<'_>>, BadBatch> {
    let Some((&FORMAT, mut rest)) = bytes.split_first() else {
        return Err(BadBatch::new("it begins with no format that this version knows"));
    };
    let mut all: Vec<Batched<'_>> = Vec::new();
    while !rest.is_empty() {
        let (entry, further) = postcard::take_from_bytes(rest).map_err(BadBatch::new)?;
        all.push(entry);
        rest = further;
    }
    for (back, batched) in (0..).zip(all.iter_mut().rev()) {
        batched.id = last_id.saturating_sub(back);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::record::piece::tests::entry;

    fn written(entries: &[Numbered]) -> Vec<u8> {
        let chains: Vec<String> = entries.iter().map(|one| one.stored.chain.to_string()).collect();
        let sealed = entries.iter().zip(&chains).map(|(Numbered { stored, .. }, chain)| Sealed {
            chain,
            seq: stored.seq,
            entry: &stored.entry,
            hash: stored.hash,
            private: stored.salt.as_ref().map(|salt| (salt, &stored.private_digest)),
        });
        write_batch(sealed, 0)
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_byte_for_byte(mut entries in vec(entry(), 0..20)) {
            for (id, one) in (101..).zip(&mut entries) {
                one.id = id;
                one.stored.hash_version = HashVersion::Whole;
                // They come together.
                if one.stored.salt.is_none() {
                    one.stored.private_digest = crate::record::NO_PRIVATE;
                }
            }
            let bytes = written(&entries);
            let last_id = 100 + i64::try_from(entries.len()).unwrap();
            let read = read_batch(&bytes, last_id).unwrap();
            let read: Vec<_> = read.iter().map(|one| one.numbered().unwrap()).collect();
            prop_assert_eq!(read, entries);
        }

        #[test]
        fn no_bytes_at_all_are_a_panic(bytes in vec(any::<u8>(), 0..200)) {
            let with_format: Vec<u8> = [&[FORMAT], bytes.as_slice()].concat();
            for bytes in [bytes, with_format] {
                if let Ok(read) = read_batch(&bytes, 7) {
                    read.iter().for_each(|one| drop(one.numbered()));
                }
            }
        }

        #[test]
        fn a_batch_that_was_cut_is_none(entries in vec(entry(), 1..4), cut in 1_usize..40) {
            let bytes = written(&entries);
            let last = entries.last().unwrap().stored.entry.body.len();
            prop_assume!(cut < last + 40);
            prop_assert!(read_batch(&bytes[..bytes.len() - cut], 7).is_err());
        }
    }
}
