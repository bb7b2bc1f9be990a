//! The record of a session, out of the chains of the rooms that it was in.
//!
//! What was changed or lost in the store does not keep anybody from the rest: the record is made of
//! what there is, and says what is missing.

mod damage;

use serde::Deserialize;

use super::export::{ExportError, whole_line};
use super::readable::Found;
use super::stretches::{Stretch, Stretches, stretches};
use super::{Journal, ReadError};
use crate::contract::{Addendum, SignedOff};
use crate::profile::{DEFAULT_PROFILE, builtin};
use crate::record::{
    Chain, ChainHash, Header, Line, Patient, StoredEntry, entry_hash, patient_of, private_digest,
};
use crate::report::{About, Assembly, SessionRecord};
use crate::room::Input;
use crate::store::{KeepingRow, SessionRow};
use crate::vitals::{Millis, RoomId, SessionId};
use damage::Damage;

/// Entries after the end of a session that are looked through for what came of its alerts: more
/// than an hour of a monitor that sends each second.
const AFTER_END_ENTRIES: u64 = 5_000;

/// A record that is being read.
struct Reading {
    assembly: Assembly,
    session: SessionId,
    /// The chain that is being read, and how far.
    chain: Place,
    damage: Damage,
    last_hash: Option<ChainHash>,
}

/// How far one chain has been read.
struct Place {
    room: RoomId,
    /// `None` when the entry before cannot be read.
    previous: Option<ChainHash>,
    next_seq: u64,
    /// When the session came here, as long as nothing but that has been read: what it did to alerts
    /// is in the state with which it begins.
    opening: Option<Opening>,
}

/// How far the beginning in a room has been read.
#[derive(Clone, Copy)]
enum Opening {
    Expected,
    At(Millis),
}

/// Who a session is about, as its first entry says.
///
/// # Errors
/// There is no such session, or the database does not answer.
pub async fn patient(journal: &Journal, session: &SessionId) -> Result<Patient, ExportError> {
    let row = row(journal, session).await?;
    let chain = Chain::Room(row.room.clone());
    let first = journal.readable_entry(&chain, row.opened_seq).await?;
    let private = first.and_then(|open| open.entry.private);
    Ok(patient_of(private.as_deref()).unwrap_or_default())
}

/// The record of a session; of a running one, what there is. `about` says what its lines do not.
///
/// # Errors
/// There is no such session, or the database does not answer.
pub async fn session_record(
    journal: &Journal,
    session: &SessionId,
    about: About,
) -> Result<SessionRecord, ExportError> {
    let row = row(journal, session).await?;
    let Stretches { all: stretches, is_cut } = stretches(journal, &row).await?;
    let mut damage = Damage { is_cut, ..Damage::default() };
    let after = AfterEnd::read(&row.json).unwrap_or_else(|| {
        damage.is_unreadable_after = true;
        AfterEnd::default()
    });
    let about = About {
        session: Some(session.clone()),
        signed_off: after.signed_off,
        addenda: after.addenda,
        removed: keeping(journal, session).await?.removed,
        ..about
    };
    let Stretch { room, first_seq, .. } = &stretches[0];
    let begun = journal.readable_entry(&Chain::Room(room.clone()), *first_seq).await?;
    let header = begun.and_then(|open| header(room, &open));
    damage.has_lost_opening = header.is_none();
    let header = header.or_else(|| lost(&row));
    let header = header.ok_or_else(|| ExportError::Entry {
        room: row.room.clone(),
        seq: row.opened_seq,
        what: "the opening is missing".to_owned(),
    })?;
    let mut reading = Reading {
        assembly: Assembly::new(header, about),
        session: session.clone(),
        chain: Place::before(journal, &stretches[0]).await?,
        damage,
        last_hash: None,
    };
    let last = stretches.len() - 1;
    for (index, stretch) in stretches.iter().enumerate() {
        reading.chain = Place::before(journal, stretch).await?;
        let chain = Chain::Room(stretch.room.clone());
        let committed = journal.committed_seq(&chain);
        let to = match row.ended_seq {
            Some(ended) if index == last => ended + AFTER_END_ENTRIES,
            _ => stretch.last_seq,
        };
        let mut pages = journal.readable(&chain, stretch.first_seq, to.min(committed));
        loop {
            let page = pages.next().await?;
            if page.is_empty() {
                break;
            }
            // A page is thousands of lines: nobody else waits for them to be played.
            let take = move || reading.take(page);
            reading = tokio::task::spawn_blocking(take).await.map_err(broken(&row))?;
        }
    }
    let made = tokio::task::spawn_blocking(move || reading.finish());
    made.await.map_err(broken(&row))
}

async fn row(journal: &Journal, session: &SessionId) -> Result<SessionRow, ExportError> {
    let no_such = || ExportError::NoSuchSession(session.clone());
    let row = match journal.store().session(session).await {
        Ok(row) => row.ok_or_else(no_such)?,
        // The list is a view: the chains know it, too.
        Err(error) if error.is_damage() => {
            journal.session_in_chains(session).await?.ok_or(ExportError::Read(error))?
        }
        Err(error) => return Err(error.into()),
    };
    match keeping(journal, session).await?.deleted {
        Some(removal) => Err(ExportError::Deleted(removal)),
        None => Ok(row),
    }
}

/// What became of it; where that cannot be read, the entries are there or are not.
async fn keeping(journal: &Journal, session: &SessionId) -> Result<KeepingRow, ReadError> {
    match journal.store().keeping(session).await {
        Err(error) if error.is_damage() => Ok(KeepingRow::default()),
        read => read,
    }
}

/// What was signed and added when the session was over.
#[derive(Default, Deserialize)]
struct AfterEnd {
    signed_off: Option<SignedOff>,
    #[serde(default)]
    addenda: Vec<Addendum>,
}

impl AfterEnd {
    /// Out of what `GET sessions/{id}` shows.
    fn read(json: &str) -> Option<Self> {
        serde_json::from_str(json).ok()
    }
}

impl Place {
    async fn before(
        journal: &Journal,
        Stretch { room, first_seq, .. }: &Stretch,
    ) -> Result<Self, ExportError> {
        let chain = Chain::Room(room.clone());
        let previous = match first_seq {
            0 | 1 => Some(ChainHash::root(&chain)),
            seq => journal.readable_entry(&chain, seq - 1).await?.map(|before| before.hash),
        };
        let opening = Some(Opening::Expected);
        Ok(Self { room: room.clone(), previous, next_seq: *first_seq, opening })
    }

    /// Whether this is still the beginning in this room: the opening, and alerts as it left them.
    fn is_beginning(
        &mut self,
        stored: &StoredEntry,
        line: Option<&Line>,
        session: &SessionId,
    ) -> bool {
        let is_it = match (self.opening, line) {
            (
                Some(Opening::Expected),
                Some(Line::Input(Input::Open(opening) | Input::MoveIn { opening, .. })),
            ) => opening.session == *session,
            (Some(Opening::At(at)), Some(Line::Alert(_))) => stored.entry.at <= at,
            // The state is taken, and what follows it may still be of the beginning.
            (Some(Opening::At(_)), Some(Line::Checkpoint(_))) => return false,
            _ => false,
        };
        self.opening = match self.opening {
            Some(Opening::Expected) if is_it => Some(Opening::At(stored.entry.at)),
            still if is_it => still,
            _ => None,
        };
        is_it
    }
}

impl Reading {
    fn take(mut self, page: Vec<Found>) -> Self {
        for found in page {
            match found {
                Found::Entry(stored) => self.take_entry(&stored),
                Found::Unreadable(seq) => {
                    self.damage.lost += seq.saturating_sub(self.chain.next_seq);
                    self.damage.unreadable.add(&self.chain.room, seq);
                    // What follows it cannot be compared with its hash.
                    self.chain.previous = None;
                    self.chain.next_seq = seq + 1;
                    self.chain.opening = None;
                }
                Found::Left(seq, hash) => {
                    self.chain.previous = Some(hash);
                    self.chain.next_seq = seq + 1;
                    self.chain.opening = None;
                }
                Found::End(seq) => {
                    self.damage.ends.get_or_insert((self.chain.room.clone(), seq));
                }
            }
        }
        self
    }

    fn take_entry(&mut self, stored: &StoredEntry) {
        self.damage.lost += stored.seq.saturating_sub(self.chain.next_seq);
        if !self.is_as_written(stored) {
            self.damage.changed.add(&self.chain.room, stored.seq);
        }
        self.chain.previous = Some(stored.hash);
        self.chain.next_seq = stored.seq + 1;
        // The state that a room writes later, as before its sealing, adds nothing to a session.
        if stored.entry.is_checkpoint && self.assembly.is_over() {
            return;
        }
        self.last_hash = Some(stored.hash);
        let line = whole_line(stored, &self.session);
        let line = line.unwrap_or_else(|_| stored.entry.body.clone());
        if self.chain.opening.is_some() {
            let read = Line::read(&line).ok().map(|(_, line)| line);
            if self.chain.is_beginning(stored, read.as_ref(), &self.session) {
                return;
            }
        }
        // What cannot be read is counted, and the record says so.
        let _ = self.assembly.line(stored.seq, &line);
    }

    /// Whether the entry has the hash that was written with it, on top of the one before.
    fn is_as_written(&self, stored: &StoredEntry) -> bool {
        let entry = &stored.entry;
        let is_private_right = match (&entry.private, &stored.salt) {
            (Some(private), Some(salt)) => private_digest(salt, private) == stored.private_digest,
            (Some(_), None) => false,
            (None, _) => true,
        };
        let is_linked = self.chain.previous.is_none_or(|previous| {
            let gap = stored.seq != self.chain.next_seq;
            gap || {
                let (version, digest) = (stored.hash_version, &stored.private_digest);
                entry_hash(version, previous, stored.seq, entry, digest) == stored.hash
            }
        });
        is_private_right && is_linked
    }

    fn finish(self) -> SessionRecord {
        let Self { assembly, damage, last_hash, .. } = self;
        assembly.with(damage.lacks(), last_hash.map(|hash| hash.to_string())).finish()
    }
}

fn header(room: &RoomId, open: &StoredEntry) -> Option<Header> {
    let (_, line) = Line::read(&open.entry.body).ok()?;
    let Line::Input(Input::Open(opening) | Input::MoveIn { opening, .. }) = line else {
        return None;
    };
    let patient = patient_of(open.entry.private.as_deref()).unwrap_or_default();
    Some(Header { room: room.clone(), profile: opening.profile, patient })
}

/// The opening cannot be read: what the list of sessions knows of it.
fn lost(row: &SessionRow) -> Option<Header> {
    let profile = builtin(&row.profile).or_else(|| builtin(DEFAULT_PROFILE))?;
    Some(Header { room: row.room.clone(), profile, patient: Patient::default() })
}

fn broken(row: &SessionRow) -> impl Fn(tokio::task::JoinError) -> ExportError {
    let room = row.room.clone();
    move |error| ExportError::Entry { room: room.clone(), seq: 0, what: error.to_string() }
}
