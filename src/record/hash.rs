use std::fmt;

use super::Chain;
use crate::vitals::Millis;

/// The private digest of an entry without a private part.
pub const NO_PRIVATE: [u8; 32] = [0; 32];

/// The hash of an entry, or what the first entry of a chain builds on.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ChainHash(pub [u8; 32]);

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

/// `BLAKE3(previous ‖ seq ‖ at ‖ body ‖ private_digest)`, the numbers as 8 bytes, lowest first.
/// Only the body varies in length, so no two different entries have the same bytes.
#[must_use]
pub fn entry_hash(
    previous: ChainHash,
    seq: u64,
    at: Millis,
    body: &str,
    private_digest: &[u8; 32],
) -> ChainHash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&previous.0);
    hasher.update(&seq.to_le_bytes());
    hasher.update(&at.0.to_le_bytes());
    hasher.update(body.as_bytes());
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

    #[test]
    fn every_field_changes_the_hash() {
        let hash = |seq, at, body, private: [u8; 32]| {
            entry_hash(ChainHash::root(&Chain::Clinic), seq, Millis(at), body, &private)
        };
        let plain = hash(1, 5, "{}", NO_PRIVATE);
        let others = [
            hash(2, 5, "{}", NO_PRIVATE),
            hash(1, 6, "{}", NO_PRIVATE),
            hash(1, 5, "{ }", NO_PRIVATE),
            hash(1, 5, "{}", [1; 32]),
        ];
        assert!(others.iter().all(|other| *other != plain));
    }

    #[test]
    fn the_same_private_text_has_another_digest_under_another_salt() {
        assert_ne!(private_digest(&[1; 16], "{}"), private_digest(&[2; 16], "{}"));
        assert_eq!(private_digest(&[1; 16], "{}"), private_digest(&[1; 16], "{}"));
    }
}
