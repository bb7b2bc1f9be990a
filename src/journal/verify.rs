//! Walks a chain, over rows, pieces and the places of what left on purpose, and compares each with
//! its hash. What is packed, and what left, is named with its hash by an entry of the chain
//! `clinic`: a piece that says otherwise was changed.

use serde::Deserialize;

use super::pieces::Place;
use super::{Journal, ReadError};
use crate::record::{
    Chain, ChainHash, HashVersion, StoredEntry, entry_hash, private_digest, unpack,
};
use crate::vitals::{Millis, SessionId};

/// Entries that are checked at once.
const PAGE: usize = 1_000;

/// What a walk along a chain showed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Every entry is as it was written.
    Whole {
        /// The number of the last entry, 0 for an empty chain.
        last_seq: u64,
        /// Its hash. Whoever keeps it elsewhere can later prove that nothing before it has changed.
        hash: ChainHash,
        /// Entries that left on purpose, as the record says.
        left: u64,
    },
    /// Something is not.
    Broken(Break),
}

/// The first entries that are not as they were written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Break {
    /// The first one's number.
    pub seq: u64,
    /// The last one's: a piece is damaged as a whole.
    pub last_seq: u64,
    /// What is wrong with them.
    pub fault: Fault,
    /// The session that they belong to, if that is known.
    pub session: Option<SessionId>,
    /// When the first of them was taken, or the last one that is as it was written.
    pub from: Option<Millis>,
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
    /// It is packed in a piece that cannot be read.
    Unreadable,
}

/// How far a walk has come.
struct Walk {
    seq: u64,
    hash: ChainHash,
    at: Option<Millis>,
    /// Of the hash of the last entry.
    version: HashVersion,
    left: u64,
}

/// What an entry of the chain `clinic` says about runs that are no rows any more.
#[derive(Deserialize)]
struct Note {
    packed: Option<NotedRun>,
    dropped: Option<NotedRuns>,
    delete: Option<Deleted>,
}

#[derive(Deserialize)]
struct NotedRuns {
    chain: String,
    runs: Vec<NotedLast>,
}

#[derive(Deserialize)]
struct NotedLast {
    first_seq: u64,
    last_seq: u64,
    last_hash: String,
}

#[derive(Deserialize)]
struct NotedRun {
    chain: String,
    session: SessionId,
    hash: String,
    #[serde(flatten)]
    last: NotedLast,
}

#[derive(Deserialize)]
struct Deleted {
    session: SessionId,
}

impl NotedLast {
    fn is_of(&self, place: &Place) -> bool {
        (self.first_seq, self.last_seq) == (place.first_seq, place.last_seq)
            && self.last_hash == place.last_hash.to_string()
    }
}

impl Journal {
    /// Walks the hashes of what is on disk.
    pub async fn verify(&self, chain: &Chain) -> Result<Verdict, ReadError> {
        let walked = self.walk(chain).await.map_err(ReadError::new)?;
        Ok(walked.map_or_else(Verdict::Broken, |Walk { seq: last_seq, hash, left, .. }| {
            Verdict::Whole { last_seq, hash, left }
        }))
    }

    async fn walk(&self, chain: &Chain) -> sqlx::Result<Result<Walk, Break>> {
        let until = self.committed_seq(chain);
        let mut walk = Walk::before(chain);
        while walk.seq < until {
            let mut snapshot = self.long_readers.begin().await?;
            let place = Place::next(&mut snapshot, chain, walk.seq + 1, until).await?;
            let rows_until = match place {
                Some(place) if place.first_seq <= walk.seq + 1 => {
                    drop(snapshot);
                    if let Err(fault) = self.over(chain, &place, &mut walk).await? {
                        return Ok(Err(broken_place(&place, fault)));
                    }
                    continue;
                }
                Some(ahead) => ahead.first_seq - 1,
                None => until,
            };
            drop(snapshot);
            let page = self.entries_between(chain, walk.seq + 1, rows_until, PAGE).await?;
            if page.is_empty() {
                return Ok(Err(walk.broken(Fault::Missing, None)));
            }
            for stored in &page {
                if let Some(fault) = walk.step(stored) {
                    let at = (fault != Fault::Missing).then_some(stored);
                    return Ok(Err(walk.broken(fault, at)));
                }
            }
        }
        Ok(Ok(walk))
    }

    /// Over what is packed, or left.
    async fn over(
        &self,
        chain: &Chain,
        place: &Place,
        walk: &mut Walk,
    ) -> sqlx::Result<Result<(), Fault>> {
        if place.first_seq != walk.seq + 1 || !self.is_as_noted(chain, place).await? {
            return Ok(Err(Fault::Changed));
        }
        let packed = {
            let mut reader = self.long_readers.acquire().await?;
            place.packed(&mut reader).await?
        };
        let Some(piece) = packed else {
            let is_right = self.has_left_rightly(place).await?;
            walk.left += place.last_seq - walk.seq;
            (walk.seq, walk.hash) = (place.last_seq, place.last_hash);
            return Ok(if is_right { Ok(()) } else { Err(Fault::Missing) });
        };
        if !place.is_as_packed(&piece) {
            return Ok(Err(Fault::Changed));
        }
        let Ok(entries) = unpack(chain, &piece) else { return Ok(Err(Fault::Unreadable)) };
        for numbered in &entries {
            if let Some(fault) = walk.step(&numbered.stored) {
                return Ok(Err(fault));
            }
        }
        let is_all = walk.seq == place.last_seq && walk.hash == place.last_hash;
        Ok(if is_all { Ok(()) } else { Err(Fault::Missing) })
    }

    async fn note(&self, seq: u64) -> sqlx::Result<Option<Note>> {
        let found = self.entries_between(&Chain::Clinic, seq, seq, 1).await?;
        let body = found.first().map(|stored| stored.entry.body.as_str());
        Ok(body.and_then(|body| serde_json::from_str(body).ok()))
    }

    /// Whether the chain of the clinic says the same of what is packed, or was.
    async fn is_as_noted(&self, chain: &Chain, place: &Place) -> sqlx::Result<bool> {
        let Some(note) = self.note(place.noted_seq).await? else { return Ok(false) };
        let is_of = |name: &str| name == chain.to_string();
        Ok(match (note.packed, note.dropped) {
            (Some(NotedRun { chain, session, hash, last }), None) => {
                let packed = place.hash.map(|hash| ChainHash(hash).to_string());
                is_of(&chain)
                    && last.is_of(place)
                    && Some(&session) == place.session.as_ref()
                    && Some(hash) == packed
            }
            (None, Some(NotedRuns { chain, runs })) => {
                is_of(&chain)
                    && place.session.is_none()
                    && place.left_seq == Some(place.noted_seq)
                    && runs.iter().any(|last| last.is_of(place))
            }
            _ => false,
        })
    }

    /// Whether the chain of the clinic says why the entries are gone.
    async fn has_left_rightly(&self, place: &Place) -> sqlx::Result<bool> {
        let (Some(left_seq), session) = (place.left_seq, &place.session) else { return Ok(false) };
        let Some(session) = session else { return Ok(true) };
        let note = self.note(left_seq).await?.and_then(|note| note.delete);
        Ok(note.is_some_and(|deleted| deleted.session == *session))
    }
}

impl Walk {
    fn before(chain: &Chain) -> Self {
        let version = HashVersion::WithoutAddress;
        Self { seq: 0, hash: ChainHash::root(chain), at: None, version, left: 0 }
    }

    fn step(&mut self, stored: &StoredEntry) -> Option<Fault> {
        if stored.hash_version < self.version {
            return Some(Fault::Changed);
        }
        let fault = fault_of(stored, self.seq + 1, self.hash);
        if fault.is_none() {
            (self.seq, self.hash, self.at) = (stored.seq, stored.hash, Some(stored.entry.at));
            self.version = stored.hash_version;
        }
        fault
    }

    fn broken(&self, fault: Fault, stored: Option<&StoredEntry>) -> Break {
        let session = stored.and_then(|stored| stored.entry.session.clone());
        let seq = self.seq + 1;
        Break { seq, last_seq: seq, fault, session, from: self.at }
    }
}

fn broken_place(place: &Place, fault: Fault) -> Break {
    Break {
        seq: place.first_seq,
        last_seq: place.last_seq,
        fault,
        session: place.session.clone(),
        from: Some(Millis(place.from_at)),
    }
}

/// What is wrong with `stored`, which should have number `seq` and follow `previous`.
fn fault_of(stored: &StoredEntry, seq: u64, previous: ChainHash) -> Option<Fault> {
    let StoredEntry { entry, private_digest: digest, .. } = stored;
    if stored.seq != seq {
        return Some(Fault::Missing);
    }
    if entry_hash(stored.hash_version, previous, seq, entry, digest) != stored.hash {
        return Some(Fault::Changed);
    }
    let private = entry.private.as_ref()?;
    let whole = stored.salt.is_some_and(|salt| private_digest(&salt, private) == *digest);
    (!whole).then_some(Fault::PrivateChanged)
}
