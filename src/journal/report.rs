//! The record of a session, out of its room's chain.
//!
//! What was changed or lost in the store does not keep anybody from the rest: the record is made of
//! what there is, and says what is missing.

use super::Journal;
use super::export::{ExportError, whole_line};
use crate::profile::{DEFAULT_PROFILE, builtin};
use crate::record::{
    Chain, ChainHash, Header, Line, Patient, StoredEntry, entry_hash, patient_of, private_digest,
};
use crate::report::{About, Assembly, Lack, LackKind, SessionRecord};
use crate::room::Input;
use crate::store::SessionRow;
use crate::vitals::SessionId;

/// Entries after the end of a session that are looked through for what came of its alerts: more
/// than an hour of a monitor that sends each second.
const AFTER_END_ENTRIES: u64 = 5_000;
/// Numbers of damaged entries that a record names.
const NAMED_ENTRIES: usize = 2_000;

/// A record that is being read.
struct Reading {
    assembly: Assembly,
    previous: Option<ChainHash>,
    next_seq: u64,
    changed: Vec<u64>,
    lost: u64,
    last_hash: Option<ChainHash>,
}

/// Who a session is about, as its first entry says.
///
/// # Errors
/// There is no such session, or the database does not answer.
pub async fn patient(journal: &Journal, session: &SessionId) -> Result<Patient, ExportError> {
    let row = row(journal, session).await?;
    let chain = Chain::Room(row.room.clone());
    let first = journal.read_range(&chain, row.opened_seq, row.opened_seq).next().await?;
    let private = first.first().and_then(|open| open.entry.private.clone());
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
    let chain = Chain::Room(row.room.clone());
    let committed = journal.committed_seq(&chain);
    let to = row.ended_seq.map_or(committed, |last| committed.min(last + AFTER_END_ENTRIES));
    let before = match row.opened_seq {
        0 | 1 => Some(ChainHash::root(&chain)),
        seq => journal.read_range(&chain, seq - 1, seq - 1).next().await?.first().map(|e| e.hash),
    };
    let mut pages = journal.read_range(&chain, row.opened_seq, to);
    let mut page = pages.next().await?;
    let first = page.first().filter(|first| first.seq == row.opened_seq);
    let header = first.and_then(|open| header(&row, open)).or_else(|| lost(&row));
    let header = header.ok_or_else(|| ExportError::Entry {
        room: row.room.clone(),
        seq: row.opened_seq,
        what: "the opening is missing".to_owned(),
    })?;
    let about = About { session: Some(session.clone()), ..about };
    let mut reading = Reading {
        assembly: Assembly::new(header, about),
        previous: before,
        next_seq: row.opened_seq,
        changed: Vec::new(),
        lost: 0,
        last_hash: None,
    };
    while !page.is_empty() {
        let session = session.clone();
        // A page is thousands of lines: nobody else waits for them to be played.
        let take = move || reading.take(&page, &session);
        reading = tokio::task::spawn_blocking(take).await.map_err(broken(&row))?;
        page = pages.next().await?;
    }
    let made = tokio::task::spawn_blocking(move || reading.finish());
    made.await.map_err(broken(&row))
}

async fn row(journal: &Journal, session: &SessionId) -> Result<SessionRow, ExportError> {
    let row = journal.store().session(session).await?;
    row.ok_or_else(|| ExportError::NoSuchSession(session.clone()))
}

impl Reading {
    fn take(mut self, page: &[StoredEntry], session: &SessionId) -> Self {
        for stored in page {
            self.lost += stored.seq.saturating_sub(self.next_seq);
            if !self.is_as_written(stored) && self.changed.len() < NAMED_ENTRIES {
                self.changed.push(stored.seq);
            }
            self.previous = Some(stored.hash);
            self.next_seq = stored.seq + 1;
            self.last_hash = Some(stored.hash);
            // The opening is in the header and in the checkpoint after it.
            let is_opening = stored.entry.body.contains("\"open\":");
            let line = whole_line(stored, session).unwrap_or_else(|_| stored.entry.body.clone());
            if !is_opening || !is_open_of(&line, session) {
                // What cannot be read is counted, and the record says so.
                let _ = self.assembly.line(stored.seq, &line);
            }
        }
        self
    }

    /// Whether the entry has the hash that was written with it, on top of the one before.
    fn is_as_written(&self, stored: &StoredEntry) -> bool {
        let entry = &stored.entry;
        let is_private_right = match (&entry.private, &stored.salt) {
            (Some(private), Some(salt)) => private_digest(salt, private) == stored.private_digest,
            (Some(_), None) => false,
            (None, _) => true,
        };
        let is_linked = self.previous.is_none_or(|previous| {
            let gap = stored.seq != self.next_seq;
            gap || entry_hash(previous, stored.seq, entry.at, &entry.body, &stored.private_digest)
                == stored.hash
        });
        is_private_right && is_linked
    }

    fn finish(self) -> SessionRecord {
        let Self { assembly, changed, lost, last_hash, .. } = self;
        let mut lacks = Vec::new();
        let mut add = |text: String| {
            lacks.push(Lack { kind: LackKind::Damaged, text, from: None, to: None });
        };
        if !changed.is_empty() {
            add(format!(
                "{} of the stored entries are not as they were written (the first is number {}): \
                 what they say cannot be trusted.",
                changed.len(),
                changed[0]
            ));
        }
        if lost > 0 {
            add(format!("{lost} stored entries are missing: what they said is not here."));
        }
        assembly.with(lacks, last_hash.map(|hash| hash.to_string())).finish()
    }
}

fn is_open_of(line: &str, session: &SessionId) -> bool {
    match Line::read(line) {
        Ok((_, Line::Input(Input::Open(opening)))) => opening.session == *session,
        _ => false,
    }
}

fn header(row: &SessionRow, open: &StoredEntry) -> Option<Header> {
    let (_, line) = Line::read(&open.entry.body).ok()?;
    let Line::Input(Input::Open(opening)) = line else { return None };
    let patient = patient_of(open.entry.private.as_deref()).unwrap_or_default();
    Some(Header { room: row.room.clone(), profile: opening.profile, patient })
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
