//! What is known of the chains from outside of each: what the chain `clinic` says of how far they
//! reach and of what was removed from them, and what the files beside the database say.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;

use serde::Deserialize;
use serde_json::Value as Json;
use sqlx::Row;

use super::error::is_damage;
use super::head_file;
use super::{Journal, ReadError};
use crate::record::{Chain, Entry, Head, Heads, HeadsNote, StoredEntry};
use crate::store::columns::decoded;
use crate::vitals::{Millis, PatientId, SessionId};

/// Entries that are read at once.
const PAGE: usize = 1_000;
/// The most notes of heads that are held while chains are verified, 40 bytes each. Above it every
/// second one of each chain is left out, and the last one never: what is between two is found by
/// the later one.
const MOST_HEADS_HELD: usize = 1_000_000;

/// What is known of the chains.
#[derive(Debug, Default)]
pub(super) struct Noted {
    /// Entries that are known to have been, by chain and number.
    heads: BTreeMap<Chain, Vec<Head>>,
    held: usize,
    /// Ends that were found to be cut off, by chain.
    cuts: BTreeMap<Chain, Vec<Cut>>,
    removed: Removed,
    /// The files, with what is wrong with one that says nothing.
    pub(super) files: Vec<(PathBuf, Option<String>)>,
}

/// The end of a chain that was cut off, as a start found.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cut {
    /// The last entry that was there.
    pub(super) found: u64,
    /// The last one that had been.
    pub(super) head: u64,
}

/// Whose personal fields were removed on purpose.
#[derive(Debug, Default)]
struct Removed {
    sessions: HashSet<SessionId>,
    /// Those that were deleted as a whole.
    deleted: HashSet<SessionId>,
    patients: HashSet<PatientId>,
    /// When.
    patients_at: HashSet<Millis>,
    merged: Vec<Merged>,
}

#[derive(Debug, Default, Deserialize)]
struct RemovalNote {
    at: Option<Millis>,
    redact: Option<Whose>,
    delete: Option<Whose>,
    merged: Option<Merged>,
}

#[derive(Debug, Deserialize)]
struct Whose {
    session: Option<SessionId>,
    patient: Option<PatientId>,
}

#[derive(Debug, Deserialize)]
struct Merged {
    patient: PatientId,
    #[serde(default)]
    others: Vec<PatientId>,
}

impl Noted {
    /// The entries of a chain that are known to have been, by number.
    pub(super) fn heads_of(&self, chain: &Chain) -> &[Head] {
        self.heads.get(chain).map_or(&[], Vec::as_slice)
    }

    /// The ends of a chain that were found to be cut off.
    pub(super) fn cuts_of(&self, chain: &Chain) -> &[Cut] {
        self.cuts.get(chain).map_or(&[], Vec::as_slice)
    }

    /// The chains of which any entry is known to have been.
    pub(super) fn chains(&self) -> impl Iterator<Item = &Chain> {
        self.heads.keys()
    }

    /// Whether the private part of an entry was removed on purpose.
    pub(super) fn is_removed(&self, chain: &Chain, entry: &Entry) -> bool {
        let Removed { sessions, patients, .. } = &self.removed;
        if let Some(session) = &entry.session {
            return sessions.contains(session);
        }
        if *chain != Chain::Clinic || patients.is_empty() {
            return false;
        }
        let Ok(body) = serde_json::from_str::<Json>(&entry.body) else { return false };
        let is_of = |id: &Json| {
            let id = id.as_str().and_then(|id| PatientId::new(id).ok());
            id.is_some_and(|id| patients.contains(&id))
        };
        // Whose an admission was is not said any more once its private part is gone.
        is_of(&body["patient"]["id"])
            || is_of(&body["merged"]["patient"])
            || !body["admission"].is_null()
    }

    /// Whether a session was deleted.
    pub(super) fn is_deleted(&self, session: &SessionId) -> bool {
        self.removed.deleted.contains(session)
    }

    fn add(&mut self, heads: Heads) {
        for (chain, head) in heads {
            self.heads.entry(chain).or_default().push(head);
            self.held += 1;
        }
        if self.held > MOST_HEADS_HELD {
            self.thin_out();
        }
    }

    fn thin_out(&mut self) {
        self.held = 0;
        for heads in self.heads.values_mut() {
            let mut is_kept = heads.len() % 2 == 0;
            heads.retain(|_| {
                is_kept = !is_kept;
                is_kept
            });
            self.held += heads.len();
        }
    }

    fn take(&mut self, stored: &StoredEntry) {
        let body = &stored.entry.body;
        let HeadsNote { heads, heads_missed, heads_found, heads_accepted } = HeadsNote::read(body);
        for chain in heads_accepted.chains {
            self.heads.remove(&chain);
            self.cuts.remove(&chain);
        }
        for (chain, head) in &heads_missed {
            let found = heads_found.get(chain).copied().unwrap_or(0);
            if found < head.seq {
                let cut = Cut { found, head: head.seq };
                self.cuts.entry(chain.clone()).or_default().push(cut);
            }
        }
        self.add(heads);
        self.add(heads_missed);
        if !["\"redact\"", "\"delete\"", "\"merged\""].iter().any(|word| body.contains(word)) {
            return;
        }
        let note: RemovalNote = serde_json::from_str(body).unwrap_or_default();
        let RemovalNote { at, redact, delete, merged } = note;
        self.removed.deleted.extend(delete.as_ref().and_then(|whose| whose.session.clone()));
        for Whose { session, patient } in redact.into_iter().chain(delete) {
            self.removed.sessions.extend(session);
            if patient.is_some() {
                self.removed.patients_at.extend(at);
            }
            self.removed.patients.extend(patient);
        }
        self.removed.merged.extend(merged);
    }

    fn finish(&mut self) {
        let Removed { patients, merged, .. } = &mut self.removed;
        for Merged { patient, others } in merged.drain(..) {
            if patients.contains(&patient) {
                patients.extend(others);
            }
        }
        for heads in self.heads.values_mut() {
            heads.sort_unstable_by_key(|head| head.seq);
            heads.dedup();
        }
    }
}

impl Journal {
    /// What is known now. Whatever is recorded later is behind it.
    pub(super) async fn noted(&self) -> Result<Noted, ReadError> {
        let mut noted = Noted::default();
        self.read_clinic(&mut noted).await.map_err(ReadError::new)?;
        // After the clinic's chain, which may say that what a file tells of is accepted to be gone;
        // then the file was made anew.
        for file in self.head_files.all() {
            let why = match head_file::read(file) {
                Ok(Some(heads)) => {
                    noted.add(heads);
                    None
                }
                Ok(None) => Some("is not there".to_owned()),
                Err(error) => Some(format!("cannot be read: {error}")),
            };
            noted.files.push((file.clone(), why));
        }
        noted.finish();
        Ok(noted)
    }

    async fn read_clinic(&self, noted: &mut Noted) -> sqlx::Result<()> {
        let until = self.committed_seq(&Chain::Clinic);
        let mut from = 1;
        while from <= until {
            let mut page = self.entries_between(&Chain::Clinic, from, until, PAGE).await;
            if page.as_ref().is_err_and(is_damage) {
                page = self.entries_between(&Chain::Clinic, from, from, 1).await;
            }
            match page {
                // What cannot be read is found when the chain itself is walked.
                Err(error) if is_damage(&error) => from += 1,
                Err(error) => return Err(error),
                Ok(page) if page.is_empty() => from += 1,
                Ok(page) => {
                    page.iter().for_each(|stored| noted.take(stored));
                    from = page.last().map_or(until, |last| last.seq) + 1;
                }
            }
        }
        self.read_redacted(noted).await
    }

    /// The sessions of patients whose personal details were removed.
    async fn read_redacted(&self, noted: &mut Noted) -> sqlx::Result<()> {
        if noted.removed.patients_at.is_empty() {
            return Ok(());
        }
        let rows = sqlx::query(
            "SELECT session, json_extract(removed, '$.at') FROM keeping \
             WHERE removed IS NOT NULL AND json_valid(removed)",
        );
        for row in rows.fetch_all(&self.long_readers).await? {
            let at = row.try_get::<Option<i64>, _>(1)?.map(Millis);
            if at.is_some_and(|at| noted.removed.patients_at.contains(&at)) {
                let session = decoded(SessionId::new(row.try_get::<&str, _>(0)?))?;
                noted.removed.sessions.insert(session);
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::ChainHash;

    #[test]
    fn above_their_bound_every_second_head_of_a_chain_is_left_out_and_never_the_last() {
        let mut noted = Noted::default();
        let head = |seq| Heads::from([(Chain::Clinic, Head { seq, hash: ChainHash([0; 32]) })]);
        for seq in 1..=MOST_HEADS_HELD as u64 + 1 {
            noted.add(head(seq));
        }
        let heads = noted.heads_of(&Chain::Clinic);
        assert_eq!(heads.len(), MOST_HEADS_HELD.div_ceil(2) + 1);
        assert_eq!(heads.last().unwrap().seq, MOST_HEADS_HELD as u64 + 1);
        assert_eq!(noted.held, heads.len());
    }
}
