//! After a restart: every room as it stood, its devices, and what they sent already.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;
use tokio::sync::oneshot;

use super::bed::{Bed, Beside};
use super::core::Core;
use super::devices::{Device, MAX_DEVICES};
use super::old_ids::OldIds;
use super::own_alerts::{OwnAlerts, Set};
use super::render::SessionCard;
use super::screens::Screens;
use super::shelf::Shelf;
use crate::clock::{Mark, STEP_MS};
use crate::journal::{Chain, Journal, MAX_WAITING_BYTES, ReadError, StoredEntry};
use crate::profile::DEFAULT_PROFILE;
use crate::replay::{Line, Patient, merge_private};
use crate::room::{Input, Output, Room};
use crate::store::SessionFilter;
use crate::vitals::{DeviceId, Millis, RoomId, Source};

/// What the record says of a time that cannot be read.
const UNREAD: &str = "what was recorded cannot be read by this version";

/// What the configuration says of rooms and devices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Floor {
    /// Id and name, in order.
    pub rooms: Vec<(RoomId, String)>,
    /// Devices that belong to a room.
    pub devices: Vec<(DeviceId, RoomId)>,
    /// What a monitor's readings are marked as: `simulator` in a demo.
    pub source: Source,
}

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

impl Core {
    /// The ward as it stood, with the time since then as a blind window.
    pub(super) async fn restore(
        journal: Journal,
        floor: &Floor,
        epoch: String,
        now: Mark,
    ) -> Result<Self, RestoreError> {
        let at = now.at;
        let profiles = Shelf::of(&journal.store()).await?;
        let clinic_profile = profiles.get(DEFAULT_PROFILE).cloned();
        let clinic_profile = clinic_profile.ok_or(RestoreError::NoProfile)?;
        let mut core = Self {
            epoch,
            beds: BTreeMap::new(),
            devices: BTreeMap::new(),
            old_ids: OldIds::default(),
            floor: floor.clone(),
            screens: Screens::default(),
            journal,
            profiles,
            clinic_profile,
            probed: None,
            own_alerts: OwnAlerts::default(),
            source: floor.source,
        };
        let last_alive = core.journal.last_alive().await?;
        let set_by_ms = clock_set_by_ms(&core.journal, &now).await?;
        core.restore_devices(floor, at, set_by_ms).await?;
        core.recall_frames(last_alive.map(|mark| mark.at), at).await?;
        core.close_own_alerts_of_the_run_before(at).await?;
        let mut restored = Vec::new();
        for (id, name, order) in core.rooms(floor).await? {
            let empty = Room::new(id.clone(), Arc::clone(&core.clinic_profile));
            let Restored { room, card, last_entry, unread_from } =
                restore_room(&core.journal, empty, MOST_REPLAYED).await?;
            let mut bed = Bed::new(room, name, order);
            bed.card = card;
            bed.unread_since = unread_from;
            restored.push(ReadBed { bed, last_entry, moved_by_ms: 0 });
        }
        core.move_times(&mut restored, last_alive, set_by_ms, at);
        for read in restored {
            core.go_on(read, last_alive, at);
            core.drained().await;
        }
        core.judge_clock(set_by_ms, Set::BetweenRuns, at);
        Ok(core)
    }

    /// Everything that is known by our clock moves with it, in one transaction with the mark of the
    /// last moment alive: a start that dies before its first heartbeat moves nothing twice.
    fn move_times(
        &mut self,
        beds: &mut [ReadBed],
        last_alive: Option<Mark>,
        set_by_ms: i64,
        at: Millis,
    ) {
        let unit = self.journal.unit();
        for ReadBed { bed, last_entry, moved_by_ms } in beds {
            let ahead_ms = bed.room.now().plus(set_by_ms).since(at);
            // One that was not here when the clock was put right is still ahead of it.
            let ms = if ahead_ms > STEP_MS { set_by_ms - ahead_ms } else { set_by_ms };
            if ms == 0 || last_entry.is_none() {
                continue;
            }
            *moved_by_ms = ms;
            let step = Input::ClockStep { ms, moves_at: true };
            let moved_at = bed.room.now().plus(ms);
            let (screens, journal) = (&self.screens, &self.journal);
            if let Err(error) = bed.take(&step, moved_at, Beside::default(), screens, journal) {
                tracing::error!(room = %bed.id(), %error, "the step of the clock is not recorded");
            }
        }
        if set_by_ms != 0 {
            self.journal.store().move_logins(set_by_ms);
            if let Some(Mark { at, since_boot }) = last_alive {
                self.journal.move_alive(at, Mark { at: at.plus(set_by_ms), since_boot });
            }
        }
        unit.close(Vec::new());
    }

    /// A room goes on, with the time since the last moment alive as a blind window.
    fn go_on(&mut self, read: ReadBed, last_alive: Option<Mark>, at: Millis) {
        let ReadBed { mut bed, last_entry, moved_by_ms } = read;
        let id = bed.id().clone();
        let moved = |then: Millis| then.plus(moved_by_ms);
        let (screens, journal) = (&self.screens, &self.journal);
        if let Some(from) = bed.unread_since.map(moved) {
            bed.unread_since = Some(from);
            let gap = Input::Gap { from, to: at, reason: UNREAD.to_owned() };
            let now = bed.room.now();
            if let Err(error) = bed.take(&gap, now, Beside::default(), screens, journal) {
                tracing::error!(room = %id, %error, "the gap is not recorded");
            }
        }
        if let Some(last_entry) = last_entry {
            let last = last_alive.map_or(last_entry, |alive| alive.at.max(last_entry));
            let restart = Input::Restart { blind_from: moved(last).min(at), blind_to: at };
            if let Err(error) = bed.take(&restart, at, Beside::default(), screens, journal) {
                tracing::error!(room = %id, %error, "the restart is not recorded");
            }
        }
        self.beds.insert(id.clone(), bed);
        self.renew_clinic_profile(&id, at);
    }

    /// Waits until the disk has what a thousand rooms write at a start.
    async fn drained(&self) {
        if self.journal.counters().waiting_bytes > MAX_WAITING_BYTES / 4 {
            let (stored, told) = oneshot::channel();
            self.journal.barrier(stored);
            // Dropped untold when the journal takes nothing more, which the rooms find out.
            let _ = told.await;
        }
    }

    /// A newer version's limits reach rooms that stood before it. A session keeps the version
    /// with which it was opened.
    pub(super) fn renew_clinic_profile(&mut self, id: &RoomId, at: Millis) {
        let current = Arc::clone(&self.clinic_profile);
        let Some(bed) = self.beds.get_mut(id) else { return };
        if bed.room.session().is_none() && *bed.room.profile() != *current {
            let renewed = Input::Profile(current);
            if let Err(error) =
                bed.take(&renewed, at, Beside::default(), &self.screens, &self.journal)
            {
                tracing::error!(room = %id, %error, "the profile's change is not recorded");
            }
        }
    }

    /// The rooms of the configuration, under the names that staff gave them, and those that staff
    /// added.
    async fn rooms(&self, floor: &Floor) -> Result<Vec<(RoomId, String, i64)>, RestoreError> {
        let known = self.journal.store().rooms().await?;
        let mut rooms: Vec<(RoomId, String, i64)> =
            known.into_iter().map(|row| (row.id, row.name, row.order)).collect();
        for (index, (id, name)) in floor.rooms.iter().enumerate() {
            if !rooms.iter().any(|(known, ..)| known == id) {
                let order = i64::try_from(index).unwrap_or(i64::MAX);
                rooms.push((id.clone(), name.clone(), order));
            }
        }
        Ok(rooms)
    }

    async fn restore_devices(
        &mut self,
        floor: &Floor,
        at: Millis,
        set_by_ms: i64,
    ) -> Result<(), RestoreError> {
        // A device that was heard before the clock ran ahead keeps the time at which it was.
        let moved = |then: Millis| if then > at { then.plus(set_by_ms).min(at) } else { then };
        let store = self.journal.store();
        for row in store.devices().await? {
            let mut device = Device::new(row.room);
            device.adapter = row.adapter;
            device.first_heard = row.first_heard.map(moved);
            device.last_heard = row.last_heard.map(moved);
            device.original = row.original;
            self.old_ids.recall(&row.id, row.binding);
            self.devices.insert(row.id, device);
        }
        for (id, room) in &floor.devices {
            if self.old_ids.is_claimed_by_another(id) {
                continue;
            }
            if !self.devices.contains_key(id) {
                self.old_ids.note_configured(id);
            }
            // What staff decided on screen since then stands.
            let device = self.devices.entry(id.clone()).or_insert_with(|| Device::new(None));
            device.room.get_or_insert_with(|| room.clone());
        }
        // An earlier version kept every id that was ever made up.
        while self.devices.len() > MAX_DEVICES && self.forget_oldest(at) {}
        Ok(())
    }
}

/// A room that was removed, as its record leaves it: added again it goes on from there.
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
        // Of a room whose last entries are on their way to the disk not all can be read.
        if next_seq == 1 || journal.committed_seq(&Chain::Room(id.clone())) + 1 != next_seq {
            return Ok(None);
        }
        let profile = Shelf::of(&journal.store()).await?.get(DEFAULT_PROFILE).cloned();
        let profile = profile.ok_or(RestoreError::NoProfile)?;
        let Restored { room, last_entry, unread_from, .. } =
            restore_room(journal, Room::new(id.clone(), profile), MOST_REPLAYED).await?;
        Ok(Some(Self { room: Box::new(room), last_entry, unread_from, next_seq }))
    }
}

/// By how much the clock was set since the run before, ms; 0 when there was none. To be asked before
/// the ward begins, with which the record's clock changes.
///
/// # Errors
/// The record cannot be read.
pub async fn clock_set_by_ms(journal: &Journal, now: &Mark) -> Result<i64, ReadError> {
    let Some(latest) = journal.latest().await? else { return Ok(0) };
    let last = journal.last_alive().await?.unwrap_or(Mark::by_our_clock_alone(latest));
    Ok(now.set_by_ms(&last, latest))
}

/// A room as it was read, before it goes on.
struct ReadBed {
    bed: Bed,
    last_entry: Option<Millis>,
    /// By how much its times were moved, milliseconds.
    moved_by_ms: i64,
}

pub(super) struct Restored {
    room: Room,
    card: Option<SessionCard>,
    last_entry: Option<Millis>,
    /// From when on something that was recorded could not be read.
    pub(super) unread_from: Option<Millis>,
}

/// The room as its chain leaves it, through the same room code: from the last checkpoint on. When
/// that cannot be read, from the one before it, and so on; then from the opening of the session
/// that runs, or the chain's. What cannot be read at all is said; a room is never silently empty.
/// Of at most so many entries: before that is unread.
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
            // Falls and averages look at the minutes before the opening too.
            let opened = opening(journal, &id).await?.unwrap_or(1);
            let from = opened.saturating_sub(BEFORE_OPENING).max(1);
            let earliest = (committed + 1).saturating_sub(most);
            (from.max(earliest), from < earliest)
        }
    };
    let mut pages = journal.read_range(&chain, from, committed);
    let mut last_entry = None;
    let mut unread_from: Option<Millis> = None;
    // After a gap only the checkpoint behind it knows what went on.
    let mut gap_since: Option<Millis> = None;
    loop {
        let page = pages.next().await?;
        if page.is_empty() {
            break;
        }
        for stored in page {
            if is_cut && last_entry.is_none() {
                unread_from = Some(stored.entry.at);
            }
            last_entry = Some(stored.entry.at);
            let (at, line) = match line_of(&stored) {
                Ok(line) => line,
                // What led to this state is replayed instead.
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
    let card = session_card(journal, &room).await?;
    Ok(Restored { room, card, last_entry, unread_from })
}

/// Entries that are replayed at most when no checkpoint can be read: two days of a room at 1 Hz.
const MOST_REPLAYED: u64 = 200_000;
/// Entries before the opening of a session that its rules may look back on.
const BEFORE_OPENING: u64 = 600;
/// Checkpoints that are tried: one is written each few hundred entries.
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

/// Where the session that runs in the room was opened.
async fn opening(journal: &Journal, room: &RoomId) -> Result<Option<u64>, RestoreError> {
    let running =
        SessionFilter { room: Some(room.clone()), open: Some(true), ..Default::default() };
    let rows = journal.store().sessions(&running, 1).await?.rows;
    Ok(rows.first().map(|row| row.opened_seq))
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
    #[derive(Deserialize)]
    struct Opened {
        open: Open,
    }
    #[derive(Deserialize)]
    struct Open {
        patient: Patient,
    }
    let Some(session) = room.session() else { return Ok(None) };
    let Some(row) = journal.store().session(&session.id).await? else { return Ok(None) };
    let chain = Chain::Room(room.id().clone());
    let opened = journal.read(&chain, row.opened_seq, 1).await?;
    let private = opened.first().and_then(|stored| stored.entry.private.as_deref());
    let opened = private.and_then(|json| serde_json::from_str::<Opened>(json).ok());
    Ok(Some(SessionCard {
        patient: opened.map(|opened| opened.open.patient).unwrap_or_default(),
        profile: Arc::new(room.profile().clone()),
        opened_seq: row.opened_seq,
    }))
}
