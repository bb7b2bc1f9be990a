//! Which device a binding under an old id belongs to, once the devices speak; see
//! [`super::old_ids`].

use serde_json::json;

use super::core::Core;
use super::old_ids::Whose;
use super::room_actor::EntryExtras;
use crate::room::{Input, Link};
use crate::store::Upsert;
use crate::vitals::{DeviceId, Millis};

impl Core {
    /// A device speaks that may be the one that was bound under an old id, or another that earlier
    /// versions also called `old`.
    pub(super) fn claim_binding(&mut self, id: &DeviceId, old: &DeviceId, at: Millis) {
        match self.old_ids.0.get(old).cloned() {
            None => {}
            Some(Whose::Of(first)) if first == *id => {}
            Some(Whose::Of(first)) => {
                let first_of_two = self.devices.get_mut(&first).filter(|d| d.room.is_some());
                if first_of_two.is_some_and(|device| device.begins_conflict(true)) {
                    tracing::warn!(device = %first, other = %id, "both were bound as {old}");
                    self.begin_conflict(&first, at);
                }
            }
            Some(Whose::Unclaimed { is_sure: true }) if old == id => {
                self.old_ids.0.remove(old);
            }
            Some(Whose::Unclaimed { .. }) => self.take_over(id, old, at),
        }
    }

    fn take_over(&mut self, id: &DeviceId, old: &DeviceId, at: Millis) {
        let bound = self.devices.get(old).filter(|device| !device.is_in_conflict);
        let Some(room) = bound.and_then(|device| device.room.clone()) else { return };
        let claimed = Upsert::Claimed { device: id.clone(), from: Some(old.clone()) };
        if id == old {
            self.old_ids.0.insert(old.clone(), Whose::Of(id.clone()));
            self.record(json!({"claimed": {"device": id}}), vec![claimed], at);
            return;
        }
        match self.device(id, at) {
            Some(device) if device.room.is_none() => device.settle(Some(room.clone())),
            // Staff have already bound it.
            _ => return,
        }
        tracing::info!(device = %id, %room, "has an id of its own now, and is in the room of {old}");
        self.old_ids.0.insert(old.clone(), Whose::Of(id.clone()));
        if let Some(device) = self.devices.get_mut(old) {
            device.settle(None);
        }
        let knows_old = self.rooms.get(&room).is_some_and(|room_actor| {
            room_actor.room.monitors().iter().any(|monitor| monitor.device == *old)
        });
        if knows_old {
            let unbound = Input::Link { device: old.clone(), link: Link::Unbound };
            self.input(&room, &unbound, at, EntryExtras::default());
        }
        let views = vec![
            Upsert::Binding { device: id.clone(), room: Some(room.clone()) },
            Upsert::Binding { device: old.clone(), room: None },
            Upsert::Claimed { device: old.clone(), from: None },
            claimed,
        ];
        let binding = json!({"device": id, "room": room, "instead_of": old});
        self.record(json!({"binding": binding}), views, at);
    }

    /// Staff have decided where a device belongs: returns the claims that this settles.
    pub(super) fn settle_binding(&mut self, id: &DeviceId) -> Vec<Upsert> {
        let settled = self.old_ids.settle(id);
        settled.into_iter().map(|device| Upsert::Claimed { device, from: None }).collect()
    }
}
