use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Chain, Entry};

/// The private digest of an entry without a private part.
pub const NO_PRIVATE: [u8; 32] = [0; 32];

/// The hash of an entry, or what the first entry of a chain builds on. As JSON, 64 hexadecimal
/// digits.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ChainHash(pub [u8; 32]);

/// A text that is no hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hash has 64 hexadecimal digits")]
pub struct NotAHash;

impl TryFrom<String> for ChainHash {
    type Error = NotAHash;

    fn try_from(text: String) -> Result<Self, NotAHash> {
        blake3::Hash::from_hex(text).map(|hash| Self(hash.into())).map_err(|_| NotAHash)
    }
}

impl From<ChainHash> for String {
    fn from(hash: ChainHash) -> Self {
        hash.to_string()
    }
}

impl ChainHash {
    /// What the first entry of `chain` builds on: the digest of the chain's name, so that a chain
    /// cannot be passed off as another room's.
    #[must_use]
    pub fn root(chain: &Chain) -> Self {
        Self(blake3::hash(chain.to_string().as_bytes()).into())
    }
}

impl fmt::Display for ChainHash {
    /// 64 hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        blake3::Hash::from(self.0).fmt(f)
    }
}

impl fmt::Debug for ChainHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// What an entry's hash is made of. Stored with each entry, and in a chain it never falls: an entry
/// whose version was changed has a hash that fits neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum HashVersion {
    /// Number, time, body and private part: entries of layouts before 19.
    WithoutAddress,
    /// Every field.
    #[default]
    Whole,
}

impl HashVersion {
    /// As it is stored.
    #[must_use]
    pub fn number(self) -> u8 {
        match self {
            Self::WithoutAddress => 1,
            Self::Whole => 2,
        }
    }
}

/// A version that this program does not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a hash of version {0} is unknown")]
pub struct UnknownHash(pub i64);

impl TryFrom<i64> for HashVersion {
    type Error = UnknownHash;

    fn try_from(number: i64) -> Result<Self, UnknownHash> {
        match number {
            1 => Ok(Self::WithoutAddress),
            2 => Ok(Self::Whole),
            other => Err(UnknownHash(other)),
        }
    }
}

/// Begins what [`HashVersion::Whole`] hashes, so that no entry has a hash of both versions.
const WHOLE: &str = "dripwatch entry, version 2";

/// The hash of an entry on top of the one before.
///
/// Numbers are 8 bytes, lowest first; in [`HashVersion::Whole`] every text has its length before it,
/// and what may be absent a byte that says whether it is there. So no two different entries have the
/// same bytes.
#[must_use]
pub fn entry_hash(
    version: HashVersion,
    previous: ChainHash,
    seq: u64,
    entry: &Entry,
    private_digest: &[u8; 32],
) -> ChainHash {
    // The private part is hashed by its digest alone.
    let Entry { at, body, private: _, device, frame_key, session, is_checkpoint } = entry;
    let mut hasher = blake3::Hasher::new();
    if version == HashVersion::WithoutAddress {
        hasher.update(&previous.0);
        hasher.update(&seq.to_le_bytes());
        hasher.update(&at.0.to_le_bytes());
        hasher.update(body.as_bytes());
        hasher.update(private_digest);
        return ChainHash(hasher.finalize().into());
    }
    let mut text = |bytes: Option<&[u8]>| {
        hasher.update(&[u8::from(bytes.is_some())]);
        let bytes = bytes.unwrap_or_default();
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    text(Some(WHOLE.as_bytes()));
    text(Some(body.as_bytes()));
    text(device.as_ref().map(|id| id.as_str().as_bytes()));
    text(frame_key.as_ref().map(|key| key.0.as_slice()));
    text(session.as_ref().map(|id| id.as_str().as_bytes()));
    hasher.update(&[u8::from(*is_checkpoint)]);
    hasher.update(&previous.0);
    hasher.update(&seq.to_le_bytes());
    hasher.update(&at.0.to_le_bytes());
    hasher.update(private_digest);
    ChainHash(hasher.finalize().into())
}

/// Makes a private part's digest useless for guessing it back; removed together with it.
pub type Salt = [u8; 16];

/// `BLAKE3(salt ‖ private)`; the salt has a fixed length.
#[must_use]
pub fn private_digest(salt: &Salt, private: &str) -> [u8; 32] {
    blake3::Hasher::new().update(salt).update(private.as_bytes()).finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::FrameKey;
    use crate::vitals::{DeviceId, Millis, SessionId};

    fn plain() -> Entry {
        Entry {
            at: Millis(5),
            body: "{}".to_owned(),
            device: DeviceId::new("ab").ok(),
            session: SessionId::new("c").ok(),
            ..Entry::default()
        }
    }

    fn hash(seq: u64, entry: &Entry, digest: [u8; 32]) -> ChainHash {
        entry_hash(HashVersion::Whole, ChainHash::root(&Chain::Clinic), seq, entry, &digest)
    }

    #[test]
    fn every_field_changes_the_hash() {
        let with = |change: fn(&mut Entry)| {
            let mut entry = plain();
            change(&mut entry);
            hash(1, &entry, NO_PRIVATE)
        };
        let all = [
            hash(1, &plain(), NO_PRIVATE),
            hash(2, &plain(), NO_PRIVATE),
            hash(1, &plain(), [1; 32]),
            with(|entry| entry.at = Millis(6)),
            with(|entry| entry.body = "{ }".to_owned()),
            with(|entry| entry.device = None),
            with(|entry| entry.session = None),
            with(|entry| entry.frame_key = Some(FrameKey([0; 16]))),
            with(|entry| entry.is_checkpoint = true),
            // The same letters, divided in another way.
            with(|entry| {
                entry.device = DeviceId::new("a").ok();
                entry.session = SessionId::new("bc").ok();
            }),
        ];
        let different: std::collections::HashSet<_> = all.iter().collect();
        assert_eq!(different.len(), all.len());
    }

    #[test]
    fn an_entry_of_before_has_the_hash_that_it_was_given() {
        let old = |entry: &Entry| {
            let root = ChainHash::root(&Chain::Clinic);
            entry_hash(HashVersion::WithoutAddress, root, 1, entry, &NO_PRIVATE)
        };
        let mut hasher = blake3::Hasher::new();
        for part in [&ChainHash::root(&Chain::Clinic).0[..], &[1, 0, 0, 0, 0, 0, 0, 0]] {
            hasher.update(part);
        }
        hasher.update(&[5, 0, 0, 0, 0, 0, 0, 0, b'{', b'}']).update(&NO_PRIVATE);
        assert_eq!(old(&plain()).0, *hasher.finalize().as_bytes());
        assert_eq!(old(&plain()), old(&Entry { session: None, ..plain() }));
        assert_ne!(old(&plain()), hash(1, &plain(), NO_PRIVATE));
    }

    #[test]
    fn a_version_is_read_as_it_is_stored_and_no_other() {
        for version in [HashVersion::WithoutAddress, HashVersion::Whole] {
            assert_eq!(HashVersion::try_from(i64::from(version.number())), Ok(version));
        }
        assert_eq!(HashVersion::try_from(3), Err(UnknownHash(3)));
    }

    #[test]
    fn the_same_private_text_has_another_digest_under_another_salt() {
        assert_ne!(private_digest(&[1; 16], "{}"), private_digest(&[2; 16], "{}"));
        assert_eq!(private_digest(&[1; 16], "{}"), private_digest(&[1; 16], "{}"));
    }
}
