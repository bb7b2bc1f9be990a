//! Which device belongs to which room.

use serde_json::json;

use super::act::Act;
use super::command::Command;
use super::core::Core;
use super::device::{MAX_BOUND_DEVICES, devices_json};
use super::room_actor::{EntryExtras, RoomActor};
use super::written::written;
use super::{Actor, Pending, Refusal};
use crate::contract::Bound;
use crate::room::{Input, Link, Monitor, Phase};
use crate::store::Upsert;
use crate::vitals::{DeviceId, Millis, RoomId};

/// A monitor that was heard within this time still watches its patient.
const STILL_SPEAKS_MS: i64 = 60_000;

/// `{"devices":[…]}`: every device that was ever heard, bound or not, with its latest readings.
#[derive(Debug)]
pub struct ListDevices;

impl Command for ListDevices {
    type Answer = String;

    fn run(self, core: &mut Core, at: Millis) -> String {
        devices_json(&core.devices, at)
    }
}

/// Binds a device to a room, or takes it out of its room. If that leaves a session without a
/// monitor, or takes one from a running infusion, only an identified person who has confirmed it
/// may do it.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct Bind {
    pub device: DeviceId,
    pub room: Option<RoomId>,
    pub is_confirmed: bool,
}

impl Act for Bind {
    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { device: id, room, is_confirmed } = self;
        if let Some(room) = &room {
            core.room_actor(room)?;
        }
        core.may_take_away(actor, &id, room.as_ref(), is_confirmed, at)?;
        let too_many = || {
            Refusal::NotNow(format!(
                "{MAX_BOUND_DEVICES} devices already belong to rooms: first take out one that is not used."
            ))
        };
        if room.is_some() && !core.may_be_bound(&id) {
            return Err(too_many());
        }
        let claims = core.settle_binding(&id);
        let device = core.device(&id, at).ok_or_else(too_many)?;
        let was_in_conflict = device.is_in_conflict;
        device.settle(room.clone());
        let knows = |room_actor: &&RoomActor| {
            let is_here = room_actor.room.monitors().iter().any(|monitor| monitor.device == id);
            is_here && (was_in_conflict || Some(room_actor.id()) != room.as_ref())
        };
        let left: Vec<RoomId> = core.rooms.values().filter(knows).map(|b| b.id().clone()).collect();
        let has_left = !left.is_empty();
        for room in left {
            let unbound = Input::Link { device: id.clone(), link: Link::Unbound };
            core.input(&room, &unbound, at, EntryExtras::default());
        }
        if let Some(device) = core.devices.get_mut(&id) {
            let was_elsewhere = device.was_elsewhere || has_left;
            device.was_elsewhere = was_elsewhere && room.is_none();
            if let Some(room) = room.as_ref().filter(|_| was_elsewhere) {
                // The number that it still shows belongs to the patient it comes from.
                let bound = Input::Link { device: id.clone(), link: Link::Bound };
                core.input(room, &bound, at, EntryExtras::default());
            }
        }
        let what = json!({"staff": actor.initials, "binding": {"device": id, "room": room}});
        let mut views = vec![Upsert::Binding { device: id.clone(), room: room.clone() }];
        views.extend(claims);
        let mut pending = core.record(what, views, at);
        pending.json = written(&Bound { id: &id, room: room.as_ref() });
        Ok(pending)
    }
}

impl Core {
    /// Checks whether a session would be left without a monitor, or an infusion would lose one:
    /// only an identified person who has read that may take it away.
    fn may_take_away(
        &self,
        actor: &Actor,
        id: &DeviceId,
        to: Option<&RoomId>,
        is_confirmed: bool,
        at: Millis,
    ) -> Result<(), Refusal> {
        let taken = |room_actor: &RoomActor| what_is_taken(room_actor, id, at);
        let left = self.rooms.values().filter(|room_actor| Some(room_actor.id()) != to);
        let Some(what) = left.filter_map(taken).next() else { return Ok(()) };
        if !actor.is_identified {
            return Err(Refusal::NeedsIdentity(format!(
                "{what} Say who you are with your PIN, or bind another monitor to the room first."
            )));
        }
        // The author of a program knew what it does.
        if !is_confirmed && !actor.is_program {
            return Err(Refusal::NeedsConfirmation(format!(
                "{what} Confirm it, or bind another monitor to the room first."
            )));
        }
        Ok(())
    }
}

/// What a session loses with this monitor; `None` if it can spare it.
fn what_is_taken(room_actor: &RoomActor, id: &DeviceId, at: Millis) -> Option<String> {
    let session = room_actor.room.session()?;
    let monitors = room_actor.room.monitors();
    monitors.iter().find(|monitor| monitor.device == *id)?;
    let still_speaks = |other: &Monitor| {
        other.device != *id && !other.link_is_down && at.since(other.last_heard) <= STILL_SPEAKS_MS
    };
    let is_infused = matches!(session.phase, Phase::Infusing | Phase::Paused);
    let (name, phase) = (&room_actor.name, session.phase.words());
    let whom = room_actor.card.as_ref().map_or("", |card| card.patient.initials.as_str());
    match (monitors.iter().any(still_speaks), is_infused) {
        (true, false) => None,
        (true, true) => Some(format!("{name} will lose {id} ({phase}: {whom}).")),
        (false, true) => Some(format!("{name} will have no monitor ({phase}: {whom}).")),
        (false, false) => Some(format!("{name} will have no monitor ({phase}).")),
    }
}
