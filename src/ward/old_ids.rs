//! Bindings under ids that earlier versions made without a mark: `bed/1` and `bed#1` were both
//! `bed-1`, and so was `bed-1` itself; `A:B` with bed `C` was `A:B:C`, and so was `A` with `B:C`;
//! beds that began alike for 64 characters were one. Now each has an id of its own, and whose the binding is
//! shows when they speak: it goes to the first that was called so. When another one comes, nobody
//! knows whom staff had meant: `device_conflict`, until they decide.

use std::collections::BTreeMap;

use serde_json::json;

use super::bed::Beside;
use super::core::Core;
use crate::room::{Input, Link};
use crate::store::{Binding, Upsert};
use crate::vitals::{DeviceId, LONGEST_ID, Millis, OLD_BED};

#[derive(Clone, Debug, PartialEq, Eq)]
enum Whose {
    /// The first that speaks. `is_sure`: only the configuration says it, so a device of exactly
    /// this id is meant.
    Unclaimed { is_sure: bool },
    /// This one's, if no other comes.
    Of(DeviceId),
}

/// By the id that was made without a mark. Empty where no such binding is left.
#[derive(Debug, Default)]
pub(super) struct OldIds(BTreeMap<DeviceId, Whose>);

impl OldIds {
    /// As the database has it.
    pub(super) fn recall(&mut self, device: &DeviceId, binding: Binding) {
        match binding {
            Binding::Own => {}
            Binding::Unclaimed => {
                // Another row may have said already whose it is.
                let unclaimed = Whose::Unclaimed { is_sure: false };
                self.0.entry(device.clone()).or_insert(unclaimed);
            }
            Binding::ClaimedFrom(old) => {
                self.0.insert(old, Whose::Of(device.clone()));
            }
        }
    }

    /// The configuration binds an id of which nothing was heard: it may be written as earlier
    /// versions showed it.
    pub(super) fn note_configured(&mut self, id: &DeviceId) {
        if may_be_of_several(id.as_str()) {
            self.0.entry(id.clone()).or_insert(Whose::Unclaimed { is_sure: true });
        }
    }

    pub(super) fn is_claimed_by_another(&self, id: &DeviceId) -> bool {
        matches!(self.0.get(id), Some(Whose::Of(device)) if device != id)
    }

    /// Staff have decided about this device: those whose binding is sure from now on.
    fn settle(&mut self, id: &DeviceId) -> Vec<DeviceId> {
        let is_meant = |old: &DeviceId, whose: &Whose| {
            old == id || matches!(whose, Whose::Of(device) if device == id)
        };
        let settled = self.0.extract_if(.., |old, whose| is_meant(old, whose));
        settled
            .flat_map(|(old, whose)| match whose {
                Whose::Of(device) if device != old => vec![old, device],
                _ => vec![old],
            })
            .collect()
    }
}

/// Whether earlier versions may have made this id of other names than itself, as the migrations 6
/// and 7 ask of those that are stored: of characters that ids may not hold, of a name that was cut,
/// of names one of which holds the sign between them, or of a bed that was cut.
fn may_be_of_several(id: &str) -> bool {
    let ends_in_a_cut_bed = id.rsplit_once(':').is_some_and(|(_, bed)| bed.len() == OLD_BED);
    id.contains('-') || id.len() == LONGEST_ID || id.matches(':').count() > 1 || ends_in_a_cut_bed
}

impl Core {
    /// A device speaks, which may be the one, or another one, that was bound under an old id:
    /// earlier versions called it `old`.
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
            // Staff have bound it already.
            _ => return,
        }
        tracing::info!(device = %id, %room, "has an id of its own now, and is in the room of {old}");
        self.old_ids.0.insert(old.clone(), Whose::Of(id.clone()));
        if let Some(device) = self.devices.get_mut(old) {
            device.settle(None);
        }
        let knows_old = self
            .beds
            .get(&room)
            .is_some_and(|bed| bed.room.monitors().iter().any(|monitor| monitor.device == *old));
        if knows_old {
            let unbound = Input::Link { device: old.clone(), link: Link::Unbound };
            self.input(&room, &unbound, at, Beside::default());
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

    /// Staff have decided where a device belongs: what is sure from now on.
    pub(super) fn settle_binding(&mut self, id: &DeviceId) -> Vec<Upsert> {
        let settled = self.old_ids.settle(id);
        settled.into_iter().map(|device| Upsert::Claimed { device, from: None }).collect()
    }
}
