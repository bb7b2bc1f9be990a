//! Rebuilds a room from its chain.

use std::sync::Arc;

use super::peak::PeakSoFar;
use super::profile_registry::ProfileRegistry;
use super::render::SessionCard;
use crate::contract::Peak;
use crate::journal::{Found, Journal, ReadError};
use crate::profile::DEFAULT_PROFILE;
use crate::record::{Chain, Line, Patient, StoredEntry, merge_private, patient_of};
use crate::room::{Input, Output, Room};
use crate::store::SessionFilter;
use crate::vitals::{Millis, PatientId, RoomId};

/// Why the ward cannot begin.
#[derive(Debug, thiserror::Error)]
pub enum RestoreError {
    /// The database did not answer.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The default profile is missing from the program.
    #[error("the default profile {DEFAULT_PROFILE} is not built in")]
    NoProfile,
}

/// A room that was removed, as its record leaves it: if it is added again, it continues from there.
#[derive(Debug)]
pub struct EarlierRoom {
    pub(super) room: Box<Room>,
    pub(super) last_entry: Option<Millis>,
    pub(super) unread_from: Option<Millis>,
    /// The number of the next entry of its chain.
    pub(super) next_seq: u64,
}

impl EarlierRoom {
    /// The room of this id, when there is a record of one.
    ///
    /// # Errors
    /// The database does not answer.
    pub async fn of(journal: &Journal, id: &RoomId) -> Result<Option<Self>, RestoreError> {
        let next_seq = journal.next_seq(&Chain::Room(id.clone()));
        // If a room's last entries are still on their way to the disk, not all of them can be read.
        if next_seq == 1 || journal.committed_seq(&Chain::Room(id.clone())) + 1 != next_seq {
            return Ok(None);
        }
        let profile = ProfileRegistry::of(&journal.store()).await?.get(DEFAULT_PROFILE).cloned();
        let profile = profile.ok_or(RestoreError::NoProfile)?;
        let Restored { room, last_entry, unread_from, .. } =
            restore_room(journal, Room::new(id.clone(), profile), MOST_REPLAYED).await?;
        Ok(Some(Self { room: Box::new(room), last_entry, unread_from, next_seq }))
    }
}

pub(super) struct Restored {
    pub(super) room: Room,
    pub(super) card: Option<SessionCard>,
    pub(super) last_entry: Option<Millis>,
    /// Since when something that was recorded could not be read.
    pub(super) unread_from: Option<Millis>,
}

/// Rebuilds the room from its chain, with the same room code: from the last checkpoint on; if that
/// cannot be read, from the one before it, and so on; then from the opening of the running session,
/// or the start of the chain. Anything that cannot be read is reported; a room is never silently
/// empty. At most so many entries are read; anything earlier counts as unread.
pub(super) async fn restore_room(
    journal: &Journal,
    mut room: Room,
    most: u64,
) -> Result<Restored, RestoreError> {
    let id = room.id().clone();
    let chain = Chain::Room(id.clone());
    let committed = journal.committed_seq(&chain);
    let (from, is_cut) = match readable_checkpoint(journal, &chain).await? {
        Some(seq) => (seq, false),
        None => {
            // Falls and averages also look at the minutes before the opening.
            let opened = opening(journal, &id).await?.map_or(1, |(seq, _)| seq);
            let from = opened.saturating_sub(BEFORE_OPENING).max(1);
            let earliest = (committed + 1).saturating_sub(most);
            (from.max(earliest), from < earliest)
        }
    };
    let mut pages = journal.readable(&chain, from, committed);
    // What is lost before anything that can be read is lost until then.
    let mut is_lost = is_cut;
    let mut last_entry: Option<Millis> = None;
    let mut unread_from: Option<Millis> = None;
    // After a gap only the checkpoint that follows it knows what went on.
    let mut gap_since: Option<Millis> = None;
    loop {
        let page = pages.next().await?;
        if page.is_empty() {
            break;
        }
        for found in page {
            let stored = match found {
                Found::Entry(stored) => stored,
                Found::Unreadable(seq) | Found::End(seq) => {
                    tracing::error!(room = %id, seq, "an entry is damaged, and what it said is lost");
                    is_lost |= last_entry.is_none();
                    unread_from = unread_from.or(last_entry);
                    continue;
                }
                Found::Left(..) => continue,
            };
            if is_lost && last_entry.is_none() {
                unread_from = Some(stored.entry.at);
            }
            last_entry = Some(stored.entry.at);
            let (at, line) = match line_of(&stored) {
                Ok(line) => line,
                // Instead, what led to this state is replayed.
                Err(what) if stored.entry.is_checkpoint => {
                    tracing::warn!(room = %id, seq = stored.seq, what, "a checkpoint cannot be read; what led to it is replayed");
                    if let Some(since) = gap_since {
                        unread_from.get_or_insert(since);
                    }
                    continue;
                }
                Err(what) => {
                    tracing::error!(room = %id, seq = stored.seq, what, "an entry cannot be read");
                    unread_from.get_or_insert(stored.entry.at);
                    continue;
                }
            };
            match line {
                Line::Checkpoint(state) => {
                    room = *state;
                    gap_since = None;
                }
                Line::Input(input) => {
                    if let Input::Gap { from, .. } = &input {
                        gap_since = Some(*from);
                    }
                    room.handle(&input, at);
                }
                Line::Alert(_) | Line::End => room.advance(at),
            }
            while !matches!(room.poll_output(), Output::Wait(_)) {}
        }
    }
    if is_lost && last_entry.is_none() {
        unread_from = match opening(journal, &id).await? {
            Some((_, opened_at)) => Some(opened_at),
            None => journal.latest().await?,
        };
    }
    let card = session_card(journal, &room).await?;
    Ok(Restored { room, card, last_entry, unread_from })
}

/// The most entries that are replayed when no checkpoint can be read: two days of a room at 1 Hz.
pub(super) const MOST_REPLAYED: u64 = 200_000;
/// The entries before the opening of a session that its rules may look back at.
const BEFORE_OPENING: u64 = 600;
/// The most checkpoints that are tried: one is written every few hundred entries.
const MOST_CHECKPOINTS: usize = 64;

/// The number of the newest checkpoint that this version can read.
async fn readable_checkpoint(
    journal: &Journal,
    chain: &Chain,
) -> Result<Option<u64>, RestoreError> {
    let mut before = u64::MAX;
    for _ in 0..MOST_CHECKPOINTS {
        let Some(stored) = journal.checkpoint_before(chain, before).await? else { break };
        if matches!(line_of(&stored), Ok((_, Line::Checkpoint(_)))) {
            return Ok(Some(stored.seq));
        }
        before = stored.seq;
    }
    Ok(None)
}

/// Where, and when, the session that runs in the room was opened.
async fn opening(journal: &Journal, room: &RoomId) -> Result<Option<(u64, Millis)>, RestoreError> {
    let running =
        SessionFilter { room: Some(room.clone()), open: Some(true), ..Default::default() };
    let rows = journal.store().sessions(&running, 1).await?.rows;
    Ok(rows.first().map(|row| (row.opened_seq, row.opened_at)))
}

fn line_of(stored: &StoredEntry) -> Result<(Millis, Line), String> {
    let line = whole_line(stored)?;
    Line::read(&line).map_err(|error| error.to_string())
}

fn whole_line(stored: &StoredEntry) -> Result<String, String> {
    match &stored.entry.private {
        None => Ok(stored.entry.body.clone()),
        Some(private) => merge_private(&stored.entry.body, private).map_err(|e| e.to_string()),
    }
}

/// Who is in the room, from the entry that opened the session.
async fn session_card(journal: &Journal, room: &Room) -> Result<Option<SessionCard>, RestoreError> {
    let Some(session) = room.session() else { return Ok(None) };
    let Some(row) = journal.store().session(&session.id).await? else { return Ok(None) };
    let chain = Chain::Room(room.id().clone());
    let opened = journal.readable_entry(&chain, row.opened_seq).await?;
    let private = opened.as_ref().and_then(|stored| stored.entry.private.as_deref());
    let patient = patient_of(private).unwrap_or_default();
    // Two people who turned out to be one are one in the view, which was merged since.
    let id = patient_id_of(&row.json).or(patient.id);
    Ok(Some(SessionCard {
        patient: Patient { id, ..patient },
        profile: Arc::new(room.profile().clone()),
        opened_seq: row.opened_seq,
        peak: PeakSoFar::of(Peak::read(&row.json)),
    }))
}

fn patient_id_of(json: &str) -> Option<PatientId> {
    #[derive(serde::Deserialize)]
    struct Shown {
        patient: Named,
    }
    #[derive(serde::Deserialize)]
    struct Named {
        id: Option<PatientId>,
    }
    serde_json::from_str::<Shown>(json).ok().and_then(|shown| shown.patient.id)
}
