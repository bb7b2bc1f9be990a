use super::{Journal, ReadError};
use crate::record::{Chain, ChainHash, StoredEntry, entry_hash, private_digest};

/// Entries that are checked at once.
const PAGE: u32 = 1_000;

/// What a walk along a chain showed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every entry is as it was written.
    Whole {
        /// The number of the last entry, 0 for an empty chain.
        last_seq: u64,
        /// Its hash. Whoever keeps it elsewhere can later prove that nothing before it has changed.
        hash: ChainHash,
    },
    /// The first entry that is not.
    Broken {
        /// Its number.
        seq: u64,
        /// What is wrong with it.
        fault: Fault,
    },
}

/// What is wrong with an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// It is missing.
    Missing,
    /// It, or its link to the one before, is not what was written.
    Changed,
    /// Its private part is not what was written. (A removed one is no fault.)
    PrivateChanged,
}

impl Journal {
    /// Walks the hashes of what is on disk.
    pub async fn verify(&self, chain: &Chain) -> Result<Verdict, ReadError> {
        self.walk(chain).await.map_err(ReadError::new)
    }

    async fn walk(&self, chain: &Chain) -> sqlx::Result<Verdict> {
        let until = self.committed_seq(chain);
        let mut hash = ChainHash::root(chain);
        let mut seq = 0;
        while seq < until {
            let page = self.read_between(chain, seq + 1, until, PAGE).await?;
            if page.is_empty() {
                return Ok(Verdict::Broken { seq: seq + 1, fault: Fault::Missing });
            }
            for stored in page {
                seq += 1;
                if let Some(fault) = fault_of(&stored, seq, hash) {
                    return Ok(Verdict::Broken { seq, fault });
                }
                hash = stored.hash;
            }
        }
        Ok(Verdict::Whole { last_seq: seq, hash })
    }
}

/// What is wrong with `stored`, which should have number `seq` and follow `previous`.
fn fault_of(stored: &StoredEntry, seq: u64, previous: ChainHash) -> Option<Fault> {
    let StoredEntry { entry, private_digest: digest, .. } = stored;
    if stored.seq != seq {
        return Some(Fault::Missing);
    }
    if entry_hash(previous, seq, entry.at, &entry.body, digest) != stored.hash {
        return Some(Fault::Changed);
    }
    let private = entry.private.as_ref()?;
    let whole = stored.salt.is_some_and(|salt| private_digest(&salt, private) == *digest);
    (!whole).then_some(Fault::PrivateChanged)
}
