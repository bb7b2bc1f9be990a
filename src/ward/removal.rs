//! Removes devices and rooms: when staff do it, and, by itself, devices that nobody needs.

use serde_json::json;

use super::act::Act;
use super::core::{Core, room_removed};
use super::device::{FORGOTTEN_AT_ONCE, MAX_BOUND_DEVICES};
use super::written::written;
use super::{Actor, Pending, Refusal};
use crate::contract::Removed;
use crate::room::Alert;
use crate::store::{AuditRow, TokenKind, Upsert};
use crate::vitals::{DeviceId, Millis, RoomId};

/// Forgets a device that belongs to no room, and ends its token. A device that still speaks without
/// a token comes back, without a room.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct RemoveDevice {
    pub device: DeviceId,
}

impl Act for RemoveDevice {
    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let id = &self.device;
        let known = core.devices.get(id);
        if known.is_none() && !core.has_token(id) {
            return Err(Refusal::NotFound { kind: "device", id: id.to_string() });
        }
        if let Some(room) = known.and_then(|device| device.room.as_ref()) {
            let name = core.rooms.get(room).map_or(room.as_str(), |room_actor| &room_actor.name);
            return Err(Refusal::NotNow(format!(
                "{id} belongs to {name}: take it out of its room first."
            )));
        }
        if core.config.devices.iter().any(|(configured, _)| configured == id) {
            return Err(Refusal::NotNow(format!(
                "{id} is in the configuration: remove it from [[devices]] there and restart first."
            )));
        }
        let mut views = core.settle_binding(id);
        views.extend([
            Upsert::EndTokens { kind: TokenKind::Device, subject: id.to_string() },
            Upsert::DeviceRemoved { device: id.clone() },
            audit(actor, "remove device", id.as_str(), at),
        ]);
        core.devices.remove(id);
        let what = json!({"staff": actor.initials, "device_removed": {"device": id}});
        let mut pending = core.record(what, views, at);
        pending.json = written(&Removed { id: id.as_str() });
        Ok(pending)
    }
}

/// Removes a room that has nothing in it. Its record stays: if the room is added again, it
/// continues from there.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct RemoveRoom {
    pub room: RoomId,
}

impl Act for RemoveRoom {
    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let id = &self.room;
        if let Some(mut room_actor) = core.rooms.get_mut(id) {
            room_actor.on_time(at, &core.screens, &core.journal);
        }
        let room_actor = core.room_actor(id)?;
        let name = room_actor.name.clone();
        let refused = |why: String| Err(Refusal::NotNow(why));
        if room_actor.room.session().is_some() {
            return refused(format!("{name} has a session: discharge or abort it first."));
        }
        let bound = core.devices.iter().find(|(_, device)| device.room.as_ref() == Some(id));
        if let Some((device, _)) = bound {
            return refused(format!("{device} belongs to {name}: take it out first."));
        }
        if core.config.rooms.iter().any(|(configured, _)| configured == id) {
            return refused(format!(
                "{name} is in the configuration: remove it from [[rooms]] there and restart."
            ));
        }
        if room_actor.room.alerts().iter().any(Alert::is_open) {
            return refused(format!("{name} has an open alert: take it first."));
        }
        if room_actor.is_unrecorded() {
            return refused(format!("{name} cannot be recorded now: the disk does not answer."));
        }
        if let Some(mut room_actor) = core.rooms.get_mut(id)
            && let Err(error) = room_actor.note_state(at, &core.journal)
        {
            return refused(format!("{name} cannot be recorded now: {error}."));
        }
        core.rooms.remove(id);
        core.screens.publish_to_all(|_| room_removed(id));
        let views = vec![
            Upsert::RoomRemoved { room: id.clone() },
            audit(actor, "remove room", id.as_str(), at),
        ];
        let what = json!({"staff": actor.initials, "room_removed": {"id": id, "name": name}});
        let mut pending = core.record(what, views, at);
        pending.json = written(&Removed { id: id.as_str() });
        Ok(pending)
    }
}

impl Core {
    fn has_token(&self, id: &DeviceId) -> bool {
        self.journal.store().register().has_token(TokenKind::Device, id.as_str())
    }

    /// Forgets the devices without a room that were heard longest ago, in memory and on disk: those
    /// without a token first, then those whose connection is down. Returns whether there was one.
    pub(super) fn forget_oldest(&mut self, at: Millis) -> bool {
        let mut oldest: Vec<_> = (self.devices.iter())
            .filter(|(_, device)| device.room.is_none() && device.connection.is_none())
            .map(|(id, device)| (self.has_token(id), device.last_heard, id.clone()))
            .collect();
        oldest.sort_unstable();
        // A device with a token is only forgotten to make room for another, and comes back when it
        // speaks.
        let are_strangers = oldest.first().is_some_and(|(has_token, ..)| !has_token);
        oldest.retain(|(has_token, ..)| *has_token != are_strangers);
        oldest.truncate(FORGOTTEN_AT_ONCE);
        let ids: Vec<DeviceId> = oldest.into_iter().map(|(.., id)| id).collect();
        if ids.is_empty() {
            return false;
        }
        for id in &ids {
            self.devices.remove(id);
        }
        let views = ids.iter().map(|id| Upsert::DeviceRemoved { device: id.clone() }).collect();
        self.record(json!({"forgotten": {"devices": ids}}), views, at);
        true
    }

    /// Whether one more device may belong to a room.
    pub(super) fn may_be_bound(&self, id: &DeviceId) -> bool {
        let bound = || self.devices.iter().filter(|(_, device)| device.room.is_some());
        bound().any(|(known, _)| known == id) || bound().count() < MAX_BOUND_DEVICES
    }
}

fn audit(actor: &Actor, what: &str, id: &str, at: Millis) -> Upsert {
    let (who, what, detail) = (actor.name.clone(), what.to_owned(), id.to_owned());
    Upsert::Audit(AuditRow { at, who, what, detail })
}
