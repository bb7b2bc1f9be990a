//! The whole ward, applied synchronously: no clock, no waiting.

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;

use super::away::Away;
use super::config::WardConfig;
use super::device::{Device, MAX_DEVICES};
use super::old_ids::OldIds;
use super::own_alerts::{OwnAlerts, Set};
use super::profile_registry::ProfileRegistry;
use super::removals::Removals;
use super::room_actor::EntryExtras;
use super::screens::Screens;
use super::step_queue::Steps;
use super::ward_rooms::WardRooms;
use super::written::written;
use crate::clock::Mark;
use crate::contract::{SignedOff, StreamFrame};
use crate::hub::{self, Class};
use crate::journal::Journal;
use crate::lists::ListName;
use crate::people::{Arrivals, Patients};
use crate::profile::Profile;
use crate::room::Input;
use crate::shift::Shift;
use crate::store::ListRow;
use crate::vitals::{DeviceId, Millis, RoomId, SessionId, Source};

/// How often the clinic's chain notes how far the others reach, while they grow, ms. Besides it does
/// so at every seal and at the end of a run.
pub(super) const NOTE_HEADS_EVERY_MS: i64 = 15 * 60_000;

/// The whole ward's state.
#[derive(Debug)]
pub struct Core {
    pub(super) epoch: String,
    pub(super) rooms: WardRooms,
    pub(super) devices: BTreeMap<DeviceId, Device>,
    /// Ids under which more than one device may have been bound; see [`super::old_ids`].
    pub(super) old_ids: OldIds,
    /// What the configuration says of rooms and devices.
    pub(super) config: WardConfig,
    pub(super) screens: Screens,
    pub(super) journal: Journal,
    pub(super) profiles: ProfileRegistry,
    /// Who is expected or here, as the hospital's system reports it.
    pub(super) arrivals: Arrivals,
    /// Who was here before.
    pub(super) patients: Patients,
    /// The lists that the clinic has changed.
    pub(super) lists: BTreeMap<ListName, ListRow>,
    /// Sign-offs of this run, the newest last.
    pub(super) late_sign_offs: VecDeque<(SessionId, SignedOff)>,
    /// What was removed from records by this run.
    pub(super) removals: Removals,
    /// The clinic's default, which watches rooms without a session.
    pub(super) clinic_profile: Arc<Profile>,
    /// When the last probe had passed every room, and how long it took.
    pub(super) probed: Option<(Millis, i64)>,
    pub(super) own_alerts: OwnAlerts,
    /// Follows them for people away from the screens.
    pub(super) away: Away,
    /// What people are told of alerts.
    pub(super) steps: Steps,
    /// Who has which rooms.
    pub(super) shift: Shift,
    /// What a monitor's readings are marked as when they name no other source.
    pub(super) source: Source,
    /// When the clinic's chain last noted how far the others reach.
    pub(super) heads_noted_at: Millis,
    /// The loop is to end.
    pub(super) has_stopped: bool,
}

impl Core {
    /// Runs a command outside the loop, and returns its answer.
    #[cfg(any(test, fuzzing))]
    pub(super) fn ask<C: super::Command>(&mut self, command: C, at: Millis) -> C::Answer {
        command.run(self, at)
    }

    /// The device, which is registered if it is new; the oldest devices that nobody needs make way
    /// for it.
    pub(super) fn device(&mut self, id: &DeviceId, at: Millis) -> Option<&mut Device> {
        if !self.devices.contains_key(id) {
            if self.devices.len() >= MAX_DEVICES {
                self.forget_oldest(at);
            }
            if self.devices.len() >= MAX_DEVICES {
                return None;
            }
            self.devices.insert(id.clone(), Device::new(None));
        }
        self.devices.get_mut(id)
    }

    /// Gives a room an input. `false` when the journal had no room for it.
    pub(super) fn input(
        &mut self,
        room: &RoomId,
        input: &Input,
        at: Millis,
        extras: EntryExtras,
    ) -> bool {
        let Some(mut room_actor) = self.rooms.get_mut(room) else { return false };
        let taken = room_actor.take(input, at, extras, &self.screens, &self.journal);
        if let Err(error) = &taken {
            tracing::error!(%room, %error, "not recorded; monitoring goes on");
        }
        taken.is_ok()
    }

    /// Lets time pass in every room that has something due.
    pub(super) fn pass_time(&mut self, at: Millis) {
        let (screens, journal) = (&self.screens, &self.journal);
        self.rooms.for_each_due(at, |room_actor| room_actor.on_time(at, screens, journal));
    }

    /// Runs once a second: marks that we are alive, and applies what changes by time alone.
    pub(super) fn beat(&mut self, now: Mark) {
        let at = now.at;
        self.journal.mark_alive(now);
        self.each_second(at, self.journal.lag(at));
    }

    /// What a second changes, with a disk that is this far behind.
    pub(super) fn each_second(&mut self, at: Millis, lag_ms: i64) {
        self.judge_own_alerts(at, lag_ms);
        self.judge_watching(at);
        self.tell_links(at);
        self.tell_receipts(at);
        if at.since(self.heads_noted_at) >= NOTE_HEADS_EVERY_MS {
            self.note_heads(at);
        }
    }

    /// Notes how far the chains reach. When the journal is full, the next second tries again.
    pub(super) fn note_heads(&mut self, at: Millis) {
        match self.journal.note_heads(at) {
            Ok(()) => self.heads_noted_at = at,
            Err(error) => tracing::warn!(%error, "how far the chains reach is not noted"),
        }
    }

    /// Which screens have shown which alerts, together, so that many screens are one entry and one
    /// frame of each alert.
    fn tell_receipts(&mut self, at: Millis) {
        let (screens, journal) = (&self.screens, &self.journal);
        self.rooms.for_each(|room_actor| room_actor.tell_receipts(at, screens, journal));
        self.tell_own_receipts(at);
        self.tell_staff();
    }

    /// Whether somebody watches a room is an input of the room, given when it changes.
    pub(super) fn judge_watching(&mut self, at: Millis) {
        let watched = self.screens.watched(at);
        let edges: Vec<(RoomId, bool)> = (self.rooms.values())
            .map(|room_actor| (room_actor, watched.has(room_actor.id())))
            .filter(|(room_actor, is_watched)| room_actor.room.is_watched() != *is_watched)
            .map(|(room_actor, is_watched)| (room_actor.id().clone(), is_watched))
            .collect();
        for (room, is_watched) in edges {
            self.input(&room, &Input::Watched(is_watched), at, EntryExtras::default());
        }
    }

    /// A monitor that says nothing becomes late, and then down, by time alone.
    pub(super) fn tell_links(&mut self, at: Millis) {
        let screens = &self.screens;
        self.rooms.for_each(|room_actor| room_actor.pass_silence(at, screens));
    }

    /// The wall clock was set: every room records it, and by more than a day it is an alert for
    /// staff too.
    pub(super) fn clock_step(&mut self, ms: i64, at: Millis) {
        self.judge_clock(ms, Set::WhileRunning, at);
        let rooms: Vec<RoomId> = self.rooms.keys().cloned().collect();
        for room in rooms {
            self.input(
                &room,
                &Input::ClockStep { ms, moves_at: false },
                at,
                EntryExtras::default(),
            );
        }
    }

    /// The loop did not run from then until now: a suspended machine, a stopped process. It was
    /// blind for what a restart would be blind for (design.md#blind-times).
    pub(super) fn was_frozen(&mut self, blind_from: Millis, at: Millis) {
        let rooms: Vec<RoomId> = self.rooms.keys().cloned().collect();
        for room in rooms {
            let restart = Input::Restart { blind_from, blind_to: at };
            self.input(&room, &restart, at, EntryExtras::default());
        }
    }

    /// The ward stops in good order: the next run begins where this one ends, and judges nothing
    /// again, whatever its rules are.
    pub(super) fn stop(&mut self, at: Millis) {
        self.has_stopped = true;
        self.screens.close_all();
        let journal = &self.journal;
        self.rooms.for_each(|room_actor| {
            if let Err(error) = room_actor.note_state(at, journal) {
                let id = room_actor.id();
                tracing::warn!(room = %id, %error, "the last state of the room is not recorded");
            }
        });
        self.note_heads(at);
    }
}

/// The frame for screens that show a room that has been removed.
pub(super) fn room_removed(room: &RoomId) -> hub::Frame {
    let json = written(&StreamFrame::RoomRemoved { room }).into();
    hub::Frame { rev: None, room: None, class: Class::Kept, json }
}
