//! A run of entries of one chain, and by what it is found once it is packed.

use crate::record::{Chain, ChainHash, Numbered};
use crate::vitals::{DeviceId, Millis};

/// The `noted_seq` of a piece that no entry speaks of.
pub(super) const UNNOTED: u64 = 0;

/// A run of a chain that is to be no rows any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// The chain.
    pub chain: Chain,
    /// Its first entry.
    pub first_seq: u64,
    /// Its last.
    pub last_seq: u64,
    /// When its earliest entry was taken.
    pub from_at: Millis,
    /// When its latest was.
    pub to_at: Millis,
    /// The hash of its last entry: what follows builds on it.
    pub last_hash: ChainHash,
}

/// The last checkpoint among entries.
pub(super) fn last_checkpoint(entries: &[Numbered]) -> Option<u64> {
    let is_checkpoint = |one: &&Numbered| one.stored.entry.is_checkpoint;
    entries.iter().rev().find(is_checkpoint).map(|one| one.stored.seq)
}

/// From when to when frames of a device are among entries.
pub(super) fn devices(entries: &[Numbered]) -> Vec<(DeviceId, Millis, Millis)> {
    let mut devices: Vec<(DeviceId, Millis, Millis)> = Vec::new();
    for Numbered { stored, .. } in entries {
        let entry = &stored.entry;
        let Some(device) = entry.device.as_ref().filter(|_| entry.frame_key.is_some()) else {
            continue;
        };
        match devices.iter_mut().find(|(known, ..)| known == device) {
            Some((_, from, to)) => (*from, *to) = (entry.at.min(*from), entry.at.max(*to)),
            None => devices.push((device.clone(), entry.at, entry.at)),
        }
    }
    devices
}

impl Run {
    /// The run of these entries of one chain; `None` when there are none.
    #[must_use]
    pub fn of(entries: &[Numbered]) -> Option<Self> {
        let (first, last) = (&entries.first()?.stored, &entries.last()?.stored);
        let times = || entries.iter().map(|one| one.stored.entry.at);
        Some(Self {
            chain: first.chain.clone(),
            first_seq: first.seq,
            last_seq: last.seq,
            from_at: times().min()?,
            to_at: times().max()?,
            last_hash: last.hash,
        })
    }
}
