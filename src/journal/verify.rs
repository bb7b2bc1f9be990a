//! Walks a chain, over rows, pieces and the places of what left on purpose, and compares each with
//! its hash. What is packed, and what left, is named with its hash by an entry of the chain
//! `clinic`: a piece that says otherwise was changed. The chain `clinic`, and the files beside the
//! database, also say how far each chain reached: one that ends before was cut.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::error::is_damage;
use super::noted::Noted;
use super::pieces::Place;
use super::{Journal, ReadError};
use crate::record::{
    Chain, ChainHash, HashVersion, Head, NO_PRIVATE, StoredEntry, entry_hash, private_digest,
    unpack,
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
    /// It is whole in itself, but another one had this number when that was noted.
    Replaced,
    /// It, or its link to the one before, is not what was written.
    Changed,
    /// Its private part is not what was written.
    PrivateChanged,
    /// Its private part is gone, and no entry says that it was removed.
    PrivateMissing,
    /// It cannot be read, or is packed in a piece that cannot.
    Unreadable,
}

/// How far a walk has come.
struct Walk<'a> {
    chain: &'a Chain,
    noted: &'a Noted,
    /// Entries further on that are known to have been.
    heads: &'a [Head],
    /// The last of those that is there, and when it was taken.
    proven: (u64, Option<Millis>),
    /// When the last entries before ends that were cut off were taken, by number.
    before_cuts: BTreeMap<u64, Millis>,
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
        self.verify_with(chain, &self.noted().await?).await
    }

    /// The same with what is known of the chains already.
    pub(super) async fn verify_with(
        &self,
        chain: &Chain,
        noted: &Noted,
    ) -> Result<Verdict, ReadError> {
        let walked = self.walk(chain, noted).await.map_err(ReadError::new)?;
        Ok(walked.map_or_else(Verdict::Broken, |Walk { seq: last_seq, hash, left, .. }| {
            Verdict::Whole { last_seq, hash, left }
        }))
    }

    async fn walk<'a>(
        &self,
        chain: &'a Chain,
        noted: &'a Noted,
    ) -> sqlx::Result<Result<Walk<'a>, Break>> {
        let until = self.committed_seq(chain);
        let mut walk = Walk::before(chain, noted);
        while walk.seq < until {
            match self.go_on(&mut walk, until).await {
                Ok(Ok(())) => {}
                Ok(Err(broken)) => return Ok(Err(broken)),
                Err(error) if is_damage(&error) => {
                    return Ok(Err(walk.broken(Fault::Unreadable, None)));
                }
                Err(error) => return Err(error),
            }
        }
        Ok(match walk.heads.last() {
            Some(last) => {
                Err(walk.cut_before(last.seq).unwrap_or_else(|| walk.missing_to(last.seq)))
            }
            None => Ok(walk),
        })
    }

    /// Over the next rows, or the next place of what is packed or left.
    async fn go_on(&self, walk: &mut Walk<'_>, until: u64) -> sqlx::Result<Result<(), Break>> {
        let chain = walk.chain;
        let mut snapshot = self.long_readers.begin().await?;
        let place = Place::next(&mut snapshot, chain, walk.seq + 1, until).await?;
        drop(snapshot);
        let rows_until = match place {
            Some(place) if place.first_seq <= walk.seq + 1 => {
                let over = self.over(&place, walk).await?;
                return Ok(over.map_err(|fault| match fault {
                    // Nobody has said what is in it: what is whole of it is as it was written.
                    Fault::Changed | Fault::PrivateChanged | Fault::PrivateMissing
                        if !place.is_noted() && walk.seq + 1 > place.first_seq =>
                    {
                        Break { last_seq: place.last_seq, ..walk.broken(fault, None) }
                    }
                    fault => broken_place(&place, fault),
                }));
            }
            Some(ahead) => ahead.first_seq - 1,
            None => until,
        };
        let from = walk.seq + 1;
        let mut page = self.entries_between(chain, from, rows_until, PAGE).await;
        if page.as_ref().is_err_and(is_damage) {
            // As far as it can be read.
            page = self.entries_between(chain, from, from, 1).await;
        }
        let page = page?;
        if page.is_empty() {
            return Ok(Err(walk.missing_to(rows_until)));
        }
        for stored in &page {
            if let Some(fault) = walk.step(stored) {
                return Ok(Err(match fault {
                    Fault::Missing => walk.missing_to(stored.seq.max(walk.seq + 2) - 1),
                    fault => walk.broken(fault, Some(stored)),
                }));
            }
        }
        Ok(Ok(()))
    }

    /// Over what is packed, or left.
    async fn over(&self, place: &Place, walk: &mut Walk<'_>) -> sqlx::Result<Result<(), Fault>> {
        let chain = walk.chain;
        let is_told = !place.is_noted() || self.is_as_noted(chain, place).await?;
        if place.first_seq != walk.seq + 1 || !is_told {
            return Ok(Err(Fault::Changed));
        }
        let packed = {
            let mut reader = self.long_readers.acquire().await?;
            place.packed(&mut reader).await?
        };
        let Some(piece) = packed else {
            walk.left += place.last_seq - walk.seq;
            walk.over_what_left(place);
            if !self.has_left_rightly(place).await? {
                return Ok(Err(Fault::Missing));
            }
            return Ok(walk.meet_heads().map_or(Ok(()), Err));
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
        let is_found = {
            let mut reader = self.long_readers.acquire().await?;
            place.is_found_by(&entries, &mut reader).await?
        };
        if !is_found {
            return Ok(Err(Fault::Changed));
        }
        Ok(match (walk.seq == place.last_seq, walk.hash == place.last_hash) {
            (true, true) => Ok(()),
            (true, false) => Err(Fault::Changed),
            (false, _) => Err(Fault::Missing),
        })
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

impl<'a> Walk<'a> {
    fn before(chain: &'a Chain, noted: &'a Noted) -> Self {
        Self {
            chain,
            noted,
            heads: noted.heads_of(chain),
            proven: (0, None),
            before_cuts: BTreeMap::new(),
            seq: 0,
            hash: ChainHash::root(chain),
            at: None,
            version: HashVersion::WithoutAddress,
            left: 0,
        }
    }

    fn step(&mut self, stored: &StoredEntry) -> Option<Fault> {
        if stored.seq == self.seq + 1 && stored.hash_version < self.version {
            return Some(Fault::Changed);
        }
        if let Some(fault) = fault_of(stored, self.seq + 1, self.hash) {
            return Some(fault);
        }
        let StoredEntry { entry, private_digest: digest, .. } = stored;
        let has_lost_private = entry.private.is_none() && *digest != NO_PRIVATE;
        if has_lost_private && !self.noted.is_removed(self.chain, entry) {
            return Some(Fault::PrivateMissing);
        }
        (self.seq, self.hash, self.at) = (stored.seq, stored.hash, Some(entry.at));
        self.version = stored.hash_version;
        if self.noted.cuts_of(self.chain).iter().any(|cut| cut.found == self.seq) {
            self.before_cuts.insert(self.seq, entry.at);
        }
        self.meet_heads()
    }

    /// To the end of what is gone. Its last entry's hash is known, of those before it nothing.
    fn over_what_left(&mut self, place: &Place) {
        (self.seq, self.hash) = (place.last_seq, place.last_hash);
        let known = self.heads.partition_point(|head| head.seq < self.seq);
        self.heads = &self.heads[known..];
    }

    /// Compares the entry at which the walk is with what was noted of it.
    fn meet_heads(&mut self) -> Option<Fault> {
        while let Some((head, further)) = self.heads.split_first()
            && head.seq == self.seq
        {
            if head.hash != self.hash {
                return Some(Fault::Replaced);
            }
            (self.heads, self.proven) = (further, (self.seq, self.at));
        }
        None
    }

    fn broken(&self, fault: Fault, stored: Option<&StoredEntry>) -> Break {
        let session = stored.and_then(|stored| stored.entry.session.clone());
        let seq = self.seq + 1;
        match fault {
            Fault::Replaced => {
                if let Some(cut) = self.cut_before(self.seq) {
                    return cut;
                }
                // Somewhere between what was there then and here.
                let (proven, from) = self.proven;
                Break { seq: proven + 1, last_seq: self.seq, fault, session, from }
            }
            fault => Break { seq, last_seq: seq, fault, session, from: self.at },
        }
    }

    /// What is missing up to a noted entry when that end was known to be cut off: others may have been
    /// written behind it since.
    fn cut_before(&self, head: u64) -> Option<Break> {
        let cuts = self.noted.cuts_of(self.chain).iter();
        let cut = cuts.filter(|cut| cut.head == head).min_by_key(|cut| cut.found)?;
        let from = self.before_cuts.get(&cut.found).copied();
        let (seq, last_seq, fault) = (cut.found + 1, cut.head, Fault::Missing);
        Some(Break { seq, last_seq, fault, session: None, from })
    }

    fn missing_to(&self, last_seq: u64) -> Break {
        Break { last_seq, ..self.broken(Fault::Missing, None) }
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
    let Some(private) = &entry.private else {
        // They go together.
        return stored.salt.is_some().then_some(Fault::PrivateChanged);
    };
    let whole = stored.salt.is_some_and(|salt| private_digest(&salt, private) == *digest);
    (!whole).then_some(Fault::PrivateChanged)
}
