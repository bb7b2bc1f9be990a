//! Bindings under ids that earlier versions made without a separator: `bed/1` and `bed#1` were both
//! `bed-1`, and so was `bed-1` itself; `A:B` with bed `C` was `A:B:C`, and so was `A` with `B:C`;
//! beds with the same first 64 characters were one. Now each has an id of its own, and which device
//! a binding belongs to shows when they speak: it goes to the first one that had that id. When
//! another one comes, nobody knows which one staff had meant: `device_conflict`, until they decide.

use std::collections::BTreeMap;

use crate::store::Binding;
use crate::vitals::{DeviceId, LONGEST_ID, OLD_BED};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// It goes to the first device that speaks. `is_sure`: only the configuration names it, so a
    /// device of exactly this id is meant.
    Unclaimed { is_sure: bool },
    /// It is this device's, unless another one comes.
    Of(DeviceId),
}

/// Bindings by the old id. Empty when no such binding is left.
#[derive(Debug, Default)]
pub(super) struct OldIds(pub(super) BTreeMap<DeviceId, Whose>);

impl OldIds {
    /// As the database stores it.
    pub(super) fn restore(&mut self, device: &DeviceId, binding: Binding) {
        match binding {
            Binding::Own => {}
            Binding::Unclaimed => {
                // Another row may already have said which device it belongs to.
                let unclaimed = Whose::Unclaimed { is_sure: false };
                self.0.entry(device.clone()).or_insert(unclaimed);
            }
            Binding::ClaimedFrom(old) => {
                self.0.insert(old, Whose::Of(device.clone()));
            }
        }
    }

    /// The configuration binds an id that was never heard: it may be written as earlier versions
    /// showed it.
    pub(super) fn note_configured(&mut self, id: &DeviceId) {
        if may_be_of_several(id.as_str()) {
            self.0.entry(id.clone()).or_insert(Whose::Unclaimed { is_sure: true });
        }
    }

    pub(super) fn is_claimed_by_another(&self, id: &DeviceId) -> bool {
        matches!(self.0.get(id), Some(Whose::Of(device)) if device != id)
    }

    /// Staff have decided about this device: returns the devices whose binding is certain from now
    /// on.
    pub(super) fn settle(&mut self, id: &DeviceId) -> Vec<DeviceId> {
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

/// Whether earlier versions may have made this id from a different name, as the migrations 6 and 7
/// ask of stored ids: from characters that ids may not contain, from a name that was cut, from
/// names that contained the separator, or from a bed that was cut.
fn may_be_of_several(id: &str) -> bool {
    let ends_in_a_cut_bed = id.rsplit_once(':').is_some_and(|(_, bed)| bed.len() == OLD_BED);
    id.contains('-') || id.len() == LONGEST_ID || id.matches(':').count() > 1 || ends_in_a_cut_bed
}
