//! After a restart: every room as it stood, its devices, and what they sent already.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Deserialize;

use super::bed::{Bed, Beside};
use super::core::Core;
use super::devices::Device;
use super::own_alerts::OwnAlerts;
use super::render::SessionCard;
use super::screens::Screens;
use super::shelf::Shelf;
use crate::journal::{Chain, Journal, ReadError, StoredEntry};
use crate::profile::DEFAULT_PROFILE;
use crate::replay::{Line, Patient, merge_private};
use crate::room::{Input, Output, Room};
use crate::vitals::{DeviceId, Millis, RoomId, Source};

/// Frames are known as duplicates for this long (DESIGN 2).
const SEEN_FOR_MS: i64 = 600_000;

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
        at: Millis,
    ) -> Result<Self, RestoreError> {
        let profiles = Shelf::of(&journal.store()).await?;
        let clinic_profile = profiles.get(DEFAULT_PROFILE).cloned();
        let clinic_profile = clinic_profile.ok_or(RestoreError::NoProfile)?;
        let mut core = Self {
            epoch,
            beds: BTreeMap::new(),
            devices: BTreeMap::new(),
            screens: Screens::default(),
            journal,
            profiles,
            clinic_profile,
            probed: None,
            own_alerts: OwnAlerts::default(),
            source: floor.source,
        };
        let last_alive = core.journal.last_alive().await?;
        core.restore_devices(floor, at).await?;
        core.close_own_alerts_of_the_run_before(at).await?;
        for (id, name, order) in core.rooms(floor).await? {
            let empty = Room::new(id.clone(), Arc::clone(&core.clinic_profile));
            let restored = restore_room(&core.journal, empty).await?;
            let mut bed = Bed::new(restored.room, name, order);
            bed.card = restored.card;
            if let Some(last_entry) = restored.last_entry {
                let blind_from =
                    last_alive.map_or(last_entry, |alive| alive.max(last_entry)).min(at);
                let restart = Input::Restart { blind_from, blind_to: at };
                let beside = Beside::default();
                if let Err(error) = bed.take(&restart, at, beside, &core.screens, &core.journal) {
                    tracing::error!(room = %id, %error, "the restart is not recorded");
                }
            }
            core.beds.insert(id.clone(), bed);
            core.renew_clinic_profile(&id, at);
        }
        Ok(core)
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

    async fn restore_devices(&mut self, floor: &Floor, at: Millis) -> Result<(), RestoreError> {
        for row in self.journal.store().devices().await? {
            let mut device = Device::new(row.room);
            device.adapter = row.adapter;
            device.first_heard = row.first_heard;
            device.last_heard = row.last_heard;
            self.devices.insert(row.id, device);
        }
        for (id, room) in &floor.devices {
            // What staff decided on screen since then stands.
            let device = self.devices.entry(id.clone()).or_insert_with(|| Device::new(None));
            device.room.get_or_insert_with(|| room.clone());
        }
        for (id, key, heard_at) in self.journal.recent_frame_keys(at.plus(-SEEN_FOR_MS)).await? {
            if let Some(device) = self.devices.get_mut(&id) {
                device.seen.is_known(key, SEEN_FOR_MS, heard_at);
            }
        }
        Ok(())
    }
}

struct Restored {
    room: Room,
    card: Option<SessionCard>,
    last_entry: Option<Millis>,
}

/// The latest checkpoint of the chain and the inputs since, through the same room code.
async fn restore_room(journal: &Journal, mut room: Room) -> Result<Restored, RestoreError> {
    let id = room.id().clone();
    let chain = Chain::Room(id.clone());
    let checkpoint = journal.latest_checkpoint(&chain).await?;
    let from = checkpoint.as_ref().map_or(1, |checkpoint| checkpoint.seq);
    let mut pages = journal.read_range(&chain, from, journal.committed_seq(&chain));
    let mut last_entry = None;
    loop {
        let page = pages.next().await?;
        if page.is_empty() {
            break;
        }
        for stored in page {
            last_entry = Some(stored.entry.at);
            let line = whole_line(&stored)
                .and_then(|line| Line::read(&line).map_err(|error| error.to_string()));
            let (at, line) = match line {
                Ok(line) => line,
                Err(what) => {
                    // Better a room that lacks one line than a clinic that is not watched.
                    tracing::error!(room = %id, seq = stored.seq, what, "an entry cannot be read; left out");
                    continue;
                }
            };
            match line {
                Line::Checkpoint(state) => room = *state,
                Line::Input(input) => room.handle(&input, at),
                Line::Alert(_) | Line::End => room.advance(at),
            }
            while !matches!(room.poll_output(), Output::Wait(_)) {}
        }
    }
    let card = session_card(journal, &room).await?;
    Ok(Restored { room, card, last_entry })
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
