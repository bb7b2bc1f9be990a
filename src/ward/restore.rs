//! After a restart: brings back every room as it was, its devices, and what they had already sent.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use tokio::sync::oneshot;

use super::away::Away;
use super::config::WardConfig;
use super::core::Core;
use super::device::{Device, MAX_DEVICES};
use super::old_ids::OldIds;
use super::own_alerts::{OwnAlerts, Set};
use super::profile_registry::ProfileRegistry;
use super::read_room::{MOST_REPLAYED, RestoreError, Restored, restore_room};
use super::removals::Removals;
use super::room_actor::{EntryExtras, RoomActor};
use super::screens::Screens;
use super::step_queue::Steps;
use super::ward_rooms::WardRooms;
use crate::clock::{Mark, STEP_MS};
use crate::journal::{Journal, MAX_WAITING_BYTES, ReadError};
use crate::people::{Arrivals, Patients};
use crate::profile::DEFAULT_PROFILE;
use crate::room::{Alert, Input, Room};
use crate::shift::Shift;
use crate::store::AlertFilter;
use crate::vitals::{Millis, RoomId};

/// What the record says about a time that cannot be read.
const UNREAD: &str = "what was recorded cannot be read by this version";

impl Core {
    /// The ward as it was. Its first entries may carry the time of the previous run, so the journal
    /// is given the time first.
    pub(super) async fn begin(
        journal: Journal,
        config: &WardConfig,
        epoch: String,
        now: Mark,
    ) -> Result<Self, RestoreError> {
        journal.time_is(now.at);
        Self::restore(journal, config, epoch, now).await
    }

    /// The ward as it was, with the time since then as a blind window.
    pub(super) async fn restore(
        journal: Journal,
        config: &WardConfig,
        epoch: String,
        now: Mark,
    ) -> Result<Self, RestoreError> {
        let at = now.at;
        let profiles = ProfileRegistry::of(&journal.store()).await?;
        let clinic_profile = profiles.get(DEFAULT_PROFILE).cloned();
        let clinic_profile = clinic_profile.ok_or(RestoreError::NoProfile)?;
        let mut core = Self {
            epoch,
            rooms: WardRooms::default(),
            devices: BTreeMap::new(),
            old_ids: OldIds::default(),
            config: config.clone(),
            screens: Screens::default(),
            journal,
            profiles,
            arrivals: Arrivals::default(),
            patients: Patients::default(),
            lists: BTreeMap::new(),
            late_sign_offs: VecDeque::new(),
            removals: Removals::default(),
            clinic_profile,
            probed: None,
            own_alerts: OwnAlerts::default(),
            away: Away::new(config.outlet.clone()),
            steps: Steps::default(),
            shift: Shift::default(),
            source: config.source,
            heads_noted_at: at,
            has_stopped: false,
        };
        let last_alive = core.journal.last_alive().await?;
        let set_by_ms = clock_set_by_ms(&core.journal, &now).await?;
        core.restore_devices(config, at, set_by_ms).await?;
        core.restore_people_and_lists(at, set_by_ms).await?;
        core.restore_frames(last_alive.map(|mark| mark.at), at).await?;
        let told = match config.outlet.has_routes() {
            true => core.journal.store().deliveries_of_open_alerts().await?,
            false => Vec::new(),
        };
        core.close_own_alerts_of_the_run_before(&told, at).await?;
        let mut restored = Vec::new();
        for (id, name, order) in core.rooms(config).await? {
            let empty = Room::new(id.clone(), Arc::clone(&core.clinic_profile));
            let Restored { room, card, last_entry, unread_from } =
                restore_room(&core.journal, empty, MOST_REPLAYED).await?;
            let mut room_actor = RoomActor::new(room, name, order, core.steps.clone());
            room_actor.card = card;
            room_actor.follow_for_those_away(config.outlet.clone(), &told);
            room_actor.unread_since = unread_from;
            core.recall_alerts(&mut room_actor).await?;
            restored.push(ReadRoom { room_actor, last_entry, moved_by_ms: 0 });
        }
        core.move_times(&mut restored, last_alive, set_by_ms, at);
        for read in restored {
            core.go_on(read, last_alive, at);
            core.drained().await;
        }
        core.note_staff();
        core.judge_clock(set_by_ms, Set::BetweenRuns, at);
        Ok(core)
    }

    /// Which screens had shown the room's alerts, and how high those were, is in the store alone.
    async fn recall_alerts(&self, room_actor: &mut RoomActor) -> Result<(), RestoreError> {
        // None was shown on a screen, and none has come down.
        let has_more = |alert: &Alert| alert.received || alert.acknowledged.is_some();
        if !room_actor.room.alerts().iter().any(has_more) {
            return Ok(());
        }
        let room = Some(room_actor.id().clone());
        let of_the_room = AlertFilter { room, ..AlertFilter::default() };
        let known = u32::try_from(room_actor.room.alerts().len()).unwrap_or(u32::MAX);
        let rows = self.journal.store().alerts(&of_the_room, known).await?.rows;
        let alerts = rows.iter().filter_map(|row| serde_json::from_str(&row.json).ok());
        room_actor.recall(alerts.collect());
        Ok(())
    }

    /// Everything that is known by our clock moves with it, in one transaction with the mark of the
    /// last moment alive: a start that dies before its first heartbeat moves nothing twice.
    fn move_times(
        &mut self,
        rooms: &mut [ReadRoom],
        last_alive: Option<Mark>,
        set_by_ms: i64,
        at: Millis,
    ) {
        let unit = self.journal.unit();
        for ReadRoom { room_actor, last_entry, moved_by_ms } in rooms {
            let ahead_ms = room_actor.room.now().plus(set_by_ms).since(at);
            // What was not here when the clock was corrected is still ahead of it.
            let ms = if ahead_ms > STEP_MS { set_by_ms - ahead_ms } else { set_by_ms };
            if ms == 0 || last_entry.is_none() {
                continue;
            }
            *moved_by_ms = ms;
            let step = Input::ClockStep { ms, moves_at: true };
            let moved_at = room_actor.room.now().plus(ms);
            let (screens, journal) = (&self.screens, &self.journal);
            if let Err(error) =
                room_actor.take(&step, moved_at, EntryExtras::default(), screens, journal)
            {
                tracing::error!(room = %room_actor.id(), %error, "the step of the clock is not recorded");
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

    /// A room continues, with the time since the last moment alive as a blind window.
    fn go_on(&mut self, read: ReadRoom, last_alive: Option<Mark>, at: Millis) {
        let ReadRoom { mut room_actor, last_entry, moved_by_ms } = read;
        let id = room_actor.id().clone();
        let moved = |then: Millis| then.plus(moved_by_ms);
        let (screens, journal) = (&self.screens, &self.journal);
        if let Some(from) = room_actor.unread_since.map(moved) {
            room_actor.unread_since = Some(from);
            let gap = Input::Gap { from, to: at, reason: UNREAD.to_owned() };
            let now = room_actor.room.now();
            if let Err(error) = room_actor.take(&gap, now, EntryExtras::default(), screens, journal)
            {
                tracing::error!(room = %id, %error, "the gap is not recorded");
            }
        }
        if let Some(last_entry) = last_entry {
            let last = last_alive.map_or(last_entry, |alive| alive.at.max(last_entry));
            let restart = Input::Restart { blind_from: moved(last).min(at), blind_to: at };
            if let Err(error) =
                room_actor.take(&restart, at, EntryExtras::default(), screens, journal)
            {
                tracing::error!(room = %id, %error, "the restart is not recorded");
            }
        }
        self.rooms.insert(id.clone(), room_actor);
        self.renew_clinic_profile(&id, at);
    }

    /// Waits until what a thousand rooms write at a start is on disk.
    async fn drained(&self) {
        if self.journal.counters().waiting_bytes > MAX_WAITING_BYTES / 4 {
            let (stored, told) = oneshot::channel();
            self.journal.barrier(stored);
            // It is dropped without a word when the journal no longer accepts anything; the rooms
            // find that out.
            let _ = told.await;
        }
    }

    /// The limits of a newer version reach rooms that existed before it. A session keeps the
    /// version with which it was opened.
    pub(super) fn renew_clinic_profile(&mut self, id: &RoomId, at: Millis) {
        let current = Arc::clone(&self.clinic_profile);
        let Some(mut room_actor) = self.rooms.get_mut(id) else { return };
        if room_actor.room.session().is_none() && *room_actor.room.profile() != *current {
            let renewed = Input::Profile(current);
            if let Err(error) =
                room_actor.take(&renewed, at, EntryExtras::default(), &self.screens, &self.journal)
            {
                tracing::error!(room = %id, %error, "the profile's change is not recorded");
            }
        }
    }

    /// The rooms of the configuration, under the names that staff gave them, and those that staff
    /// added.
    async fn rooms(&self, config: &WardConfig) -> Result<Vec<(RoomId, String, i64)>, RestoreError> {
        let known = self.journal.store().rooms().await?;
        let mut rooms: Vec<(RoomId, String, i64)> =
            known.into_iter().map(|row| (row.id, row.name, row.order)).collect();
        for (index, (id, name)) in config.rooms.iter().enumerate() {
            if !rooms.iter().any(|(known, ..)| known == id) {
                let order = i64::try_from(index).unwrap_or(i64::MAX);
                rooms.push((id.clone(), name.clone(), order));
            }
        }
        Ok(rooms)
    }

    async fn restore_people_and_lists(
        &mut self,
        at: Millis,
        set_by_ms: i64,
    ) -> Result<(), RestoreError> {
        // As with devices: who was named before the clock ran ahead keeps the time of that.
        let moved = |then: Millis| if then > at { then.plus(set_by_ms).min(at) } else { then };
        let store = self.journal.store();
        let mut arrivals = store.arrivals().await?;
        for arrival in &mut arrivals {
            arrival.heard_at = moved(arrival.heard_at);
            arrival.told_at = moved(arrival.told_at);
        }
        self.arrivals = Arrivals::restored(arrivals);
        self.shift = store.shift().await?;
        let lists = store.newest_lists().await?;
        self.lists = lists.into_iter().map(|row| (row.name, row)).collect();
        for mut patient in store.patients().await? {
            patient.seen_at = moved(patient.seen_at);
            self.patients.put(patient);
        }
        Ok(())
    }

    async fn restore_devices(
        &mut self,
        config: &WardConfig,
        at: Millis,
        set_by_ms: i64,
    ) -> Result<(), RestoreError> {
        // A device that was heard before the clock ran ahead keeps the time of that.
        let moved = |then: Millis| if then > at { then.plus(set_by_ms).min(at) } else { then };
        let store = self.journal.store();
        for row in store.devices().await? {
            let mut device = Device::new(row.room);
            device.adapter = row.adapter;
            device.first_heard = row.first_heard.map(moved);
            device.last_heard = row.last_heard.map(moved);
            device.original = row.original;
            self.old_ids.restore(&row.id, row.binding);
            self.devices.insert(row.id, device);
        }
        for (id, room) in &config.devices {
            if self.old_ids.is_claimed_by_another(id) {
                continue;
            }
            if !self.devices.contains_key(id) {
                self.old_ids.note_configured(id);
            }
            // What staff have since decided on screen takes precedence.
            let device = self.devices.entry(id.clone()).or_insert_with(|| Device::new(None));
            device.room.get_or_insert_with(|| room.clone());
        }
        // An earlier version kept every made-up id.
        while self.devices.len() > MAX_DEVICES && self.forget_oldest(at) {}
        Ok(())
    }
}

/// By how much the clock was set since the previous run, ms; 0 if it was not set. To be read before
/// the ward begins, as that changes the record's clock.
///
/// # Errors
/// The record cannot be read.
pub async fn clock_set_by_ms(journal: &Journal, now: &Mark) -> Result<i64, ReadError> {
    let Some(latest) = journal.latest().await? else { return Ok(0) };
    let last = journal.last_alive().await?.unwrap_or(Mark::by_our_clock_alone(latest));
    Ok(now.set_by_ms(&last, latest))
}

/// A room as it was read, before it continues.
struct ReadRoom {
    room_actor: RoomActor,
    last_entry: Option<Millis>,
    /// How far its times were moved, milliseconds.
    moved_by_ms: i64,
}
