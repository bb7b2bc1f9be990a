//! Bindings under ids that earlier versions made without a mark: `bed/1` and `bed#1` were both
//! `bed-1`, and so was `bed-1` itself; `A:B` with bed `C` was `A:B:C`, and so was `A` with `B:C`;
//! beds that began alike for 64 characters were one. Now each has an id of its own, and whose the binding is
//! shows when they speak: it goes to the first that was called so. When another one comes, nobody
//! knows whom staff had meant: `device_conflict`, until they decide.

use std::collections::BTreeMap;

use crate::store::Binding;
use crate::vitals::{DeviceId, LONGEST_ID, OLD_BED};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Whose {
    /// The first that speaks. `is_sure`: only the configuration says it, so a device of exactly
    /// this id is meant.
    Unclaimed { is_sure: bool },
    /// This one's, if no other comes.
    Of(DeviceId),
}

/// By the id that was made without a mark. Empty where no such binding is left.
#[derive(Debug, Default)]
pub(super) struct OldIds(pub(super) BTreeMap<DeviceId, Whose>);

impl OldIds {
    /// As the database has it.
    pub(super) fn restore(&mut self, device: &DeviceId, binding: Binding) {
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

/// Whether earlier versions may have made this id of other names than itself, as the migrations 6
/// and 7 ask of those that are stored: of characters that ids may not hold, of a name that was cut,
/// of names one of which holds the sign between them, or of a bed that was cut.
fn may_be_of_several(id: &str) -> bool {
    let ends_in_a_cut_bed = id.rsplit_once(':').is_some_and(|(_, bed)| bed.len() == OLD_BED);
    id.contains('-') || id.len() == LONGEST_ID || id.matches(':').count() > 1 || ends_in_a_cut_bed
}
