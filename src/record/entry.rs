use super::{Chain, ChainHash, FrameKey, HashVersion, Salt};

use crate::vitals::{DeviceId, Millis, SessionId};

/// What is to be recorded.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// When the chain's owner took it, in its own time.
    pub at: Millis,
    /// A JSON object. Stored and hashed byte for byte.
    pub body: String,
    /// The personal fields, as JSON. They can be removed later without breaking the chain.
    pub private: Option<String>,
    /// The device that sent it.
    pub device: Option<DeviceId>,
    /// What makes the frame recognisable when it comes again. Set exactly for frames:
    /// [`crate::journal::Journal::readings`] and [`crate::journal::Journal::recent_frame_keys`]
    /// find entries by it.
    pub frame_key: Option<FrameKey>,
    /// The session that it belongs to.
    pub session: Option<SessionId>,
    /// Whether the body is a `checkpoint`.
    pub is_checkpoint: bool,
}

impl Entry {
    /// Bytes that the entry holds in memory, roughly.
    pub(crate) fn bytes(&self) -> usize {
        let private = self.private.as_ref().map_or(0, String::len);
        size_of::<Self>() + self.body.len() + private
    }
}

/// An entry of a chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredEntry {
    /// Which chain it is in.
    pub chain: Chain,
    /// Its number there; the first is 1.
    pub seq: u64,
    /// What was recorded; `private` is `None` once it was removed.
    pub entry: Entry,
    /// Salted digest of the private part, zeros when there never was one.
    pub private_digest: [u8; 32],
    /// The salt, which goes when the private part goes: see [`super::private_digest`].
    pub salt: Option<Salt>,
    /// Binds this entry to all before it; see [`super::entry_hash`].
    pub hash: ChainHash,
    /// What the hash is made of.
    pub hash_version: HashVersion,
}
