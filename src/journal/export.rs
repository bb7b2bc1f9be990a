//! A session out of its room's chain, as a recording.
//!
//! The chain holds the `open` line, whose private part names the patient, and right after it a
//! checkpoint. The header takes profile and patient from the former; the lines begin with the
//! latter, so that a replay starts from the very state in which the session did.

use std::collections::BTreeMap;
use std::io::Write;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Value, json};

use super::stretches::{Stretch, Stretches, stretches};
use super::{Journal, ReadError};
use crate::record::{
    Chain, Header, Line, Removal, StoredEntry, merge_private, patient_of, write_header,
};
use crate::room::Input;
use crate::store::SessionRow;
use crate::vitals::{Millis, RoomId, SessionId};

/// Why a session cannot be exported.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// Nothing of that name was recorded.
    #[error("there is no session {0:?}: `dripwatch sessions` lists them")]
    NoSuchSession(SessionId),
    /// It was deleted on purpose.
    #[error("this session was deleted: {}", .0.reason)]
    Deleted(Removal),
    /// An entry of the chain is not what a session is made of.
    #[error("entry {seq} of room {room}: {what}")]
    Entry {
        /// The room whose chain it is.
        room: RoomId,
        /// Its number in the chain.
        seq: u64,
        /// What is wrong.
        what: String,
    },
    /// The database did not answer.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The recording could not be written.
    #[error("cannot be written: {0}")]
    Write(#[from] std::io::Error),
}

/// How far an export has come: who asks for the next part hands it back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    next_seq: u64,
    at: Millis,
    /// The room in whose chain it is, and those to which the session moved from there.
    stretches: Vec<Stretch>,
}

/// A part of a recording.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    /// Whole lines.
    pub text: String,
    /// Where to go on; `None` at the end.
    pub next: Option<Place>,
}

/// Writes the whole recording of a session; of a running one, what there is.
///
/// # Errors
/// There is no such session, its chain does not hold what it should, or reading or writing fails.
/// What was written until then is no whole recording: it lacks its last line.
pub async fn whole(
    journal: &Journal,
    session: &SessionId,
    out: &mut impl Write,
) -> Result<(), ExportError> {
    let mut place = None;
    loop {
        let part = part(journal, session, place).await?;
        out.write_all(part.text.as_bytes())?;
        if part.next.is_none() {
            return Ok(out.flush()?);
        }
        place = part.next;
    }
}

/// The part of the recording that begins at `place`: the first without one. As much of the chain
/// is held in memory as [`crate::journal::Pages`] gives at once.
///
/// # Errors
/// As [`whole`], writing apart.
pub async fn part(
    journal: &Journal,
    session: &SessionId,
    place: Option<Place>,
) -> Result<Part, ExportError> {
    let row = journal.store().session(session).await?;
    let row = row.ok_or_else(|| ExportError::NoSuchSession(session.clone()))?;
    if let Some(removal) = journal.store().keeping(session).await?.deleted {
        return Err(ExportError::Deleted(removal));
    }
    let mut text = String::new();
    let Place { mut next_seq, mut at, mut stretches } = match place {
        Some(place) => place,
        None => begin(journal, &row, &mut text).await?,
    };
    let Some(Stretch { room, last_seq, .. }) = stretches.first().cloned() else {
        return Ok(Part { text: text + &end(at), next: None });
    };
    let has_moved_on = stretches.len() > 1;
    let chain = Chain::Room(room.clone());
    let page = journal.read_range(&chain, next_seq, journal.committed_seq(&chain)).next().await?;
    let mut is_over = page.is_empty();
    for stored in &page {
        // Readings outside sessions leave after a time: what is behind them is not of the session.
        let is_behind_others = stored.seq != next_seq;
        next_seq = stored.seq + 1;
        let bad = |error| bad_entry(&room, stored.seq, error);
        let mut line = whole_line(stored, session).map_err(bad)?;
        let keys = Keys::of(&line).map_err(bad)?;
        if stored.seq > last_seq && (has_moved_on || is_behind_others || !keys.is_alert) {
            is_over = true;
            break;
        }
        if keys.is_open {
            continue;
        }
        if keys.is_alert && stored.entry.at < at {
            // After a crash, the restart comes before what fell due while nobody was there. In a
            // recording time never goes back; the alert itself keeps its own.
            line = merge_private(&line, &json!({ "at": at }).to_string()).map_err(bad)?;
        }
        at = if keys.moves_at { stored.entry.at } else { at.max(stored.entry.at) };
        text += &line;
        text.push('\n');
    }
    if !is_over {
        return Ok(Part { text, next: Some(Place { next_seq, at, stretches }) });
    }
    stretches.remove(0);
    let Some(moved_to) = stretches.first() else {
        return Ok(Part { text: text + &end(at), next: None });
    };
    let Begun { checkpoint, next_seq, at: begun_at, .. } =
        opening_of(journal, moved_to, session).await?;
    text += &format!("{checkpoint}\n");
    Ok(Part { text, next: Some(Place { next_seq, at: at.max(begun_at), stretches }) })
}

/// Writes the header, and finds where the lines begin: in the room where the session was opened.
async fn begin(
    journal: &Journal,
    row: &SessionRow,
    text: &mut String,
) -> Result<Place, ExportError> {
    let Stretches { all: stretches, .. } = stretches(journal, row).await?;
    let Begun { header, checkpoint, next_seq, at } =
        opening_of(journal, &stretches[0], &row.id).await?;
    *text += &format!("{}\n{checkpoint}\n", write_header(&header));
    Ok(Place { next_seq, at, stretches })
}

/// How a session begins in a room.
struct Begun {
    header: Header,
    /// The line of the state in which it begins.
    checkpoint: String,
    /// The entry after those of the beginning.
    next_seq: u64,
    at: Millis,
}

async fn opening_of(
    journal: &Journal,
    Stretch { room, first_seq, .. }: &Stretch,
    session: &SessionId,
) -> Result<Begun, ExportError> {
    let chain = Chain::Room(room.clone());
    let committed = journal.committed_seq(&chain);
    let page = journal.read_range(&chain, *first_seq, committed).next().await?;
    let [open, checkpoint, after @ ..] = page.as_slice() else {
        return Err(bad_entry(room, *first_seq, "the session's first two entries are missing"));
    };
    if !checkpoint.entry.is_checkpoint {
        return Err(bad_entry(room, checkpoint.seq, "the checkpoint of the opening is missing"));
    }
    let header = header(room.clone(), open).map_err(|e| bad_entry(room, open.seq, e))?;
    let line = whole_line(checkpoint, session).map_err(|e| bad_entry(room, checkpoint.seq, e))?;
    // What the opening itself did to alerts is in the checkpoint: it is not shown a second time.
    let at = open.entry.at;
    let is_of_opening = |stored: &&StoredEntry| {
        stored.entry.at <= at && Keys::of(&stored.entry.body).is_ok_and(|keys| keys.is_alert)
    };
    let of_opening = after.iter().take_while(is_of_opening).last();
    let next_seq = of_opening.unwrap_or(checkpoint).seq + 1;
    Ok(Begun { header, checkpoint: line, next_seq, at })
}

/// What of a line decides whether it is written.
struct Keys {
    is_open: bool,
    is_alert: bool,
    /// The clock was set, and the times of what follows with it.
    moves_at: bool,
}

impl Keys {
    fn of(line: &str) -> serde_json::Result<Self> {
        #[derive(Deserialize)]
        struct Known<'a> {
            #[serde(borrow)]
            open: Option<&'a RawValue>,
            #[serde(borrow)]
            alert: Option<&'a RawValue>,
            #[serde(default)]
            moves_at: bool,
        }
        let Known { open, alert, moves_at } = serde_json::from_str(line)?;
        Ok(Self { is_open: open.is_some(), is_alert: alert.is_some(), moves_at })
    }
}

fn header(room: RoomId, open: &StoredEntry) -> Result<Header, Box<dyn std::error::Error>> {
    let (_, line) = Line::read(&open.entry.body)?;
    let Line::Input(Input::Open(opening) | Input::MoveIn { opening, .. }) = line else {
        return Err("does not open a session".into());
    };
    let patient = patient_of(open.entry.private.as_deref())?.unnamed();
    Ok(Header { room, profile: opening.profile, patient })
}

fn end(at: Millis) -> String {
    format!("{}\n", json!({ "at": at, "end": true }))
}

fn bad_entry(room: &RoomId, seq: u64, what: impl ToString) -> ExportError {
    ExportError::Entry { room: room.clone(), seq, what: what.to_string() }
}

/// An entry as a line: the body byte for byte, unless there is something private to put back.
pub(super) fn whole_line(stored: &StoredEntry, session: &SessionId) -> serde_json::Result<String> {
    let entry = &stored.entry;
    match &entry.private {
        None => Ok(entry.body.clone()),
        Some(private) if entry.is_checkpoint => {
            merge_private(&entry.body, &words_of(session, &entry.body, private)?)
        }
        Some(private) => merge_private(&entry.body, private),
    }
}

/// The private part of a checkpoint without what staff wrote about the patient before: up to
/// format 3 a room remembered its last session, but a recording is about one.
fn words_of(session: &SessionId, body: &str, private: &str) -> serde_json::Result<String> {
    #[derive(Serialize, Deserialize)]
    struct Line<S> {
        checkpoint: Checkpoint<S>,
    }
    #[derive(Serialize, Deserialize)]
    struct Checkpoint<S> {
        state: S,
    }
    #[derive(Deserialize)]
    struct Public {
        ended_session: Option<Ended>,
    }
    #[derive(Deserialize)]
    struct Ended {
        id: SessionId,
    }
    #[derive(Serialize, Deserialize)]
    struct Private {
        #[serde(skip_serializing_if = "Option::is_none")]
        ended_session: Option<Box<RawValue>>,
        #[serde(flatten)]
        others: BTreeMap<String, Value>,
    }
    let public: Line<Public> = serde_json::from_str(body)?;
    let mut private: Line<Private> = serde_json::from_str(private)?;
    if public.checkpoint.state.ended_session.is_none_or(|ended| ended.id != *session) {
        private.checkpoint.state.ended_session = None;
    }
    serde_json::to_string(&private)
}

#[cfg(test)]
mod tests;
