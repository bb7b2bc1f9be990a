//! What the ward knows of every device: where it belongs, what it last said, and what it has
//! already said.

mod claimants;
mod corrections;
#[cfg(test)]
mod tests;
mod unknowns;

use std::collections::{BTreeMap, VecDeque};

use super::known_frames::KnownFrames;
use crate::adapters::{Identity, NotUnderstood, PatientIds, digest};
use crate::contract::{self, Link};
use crate::vitals::{DeviceClocks, DeviceId, Frame, Millis, Pressure, Reading, RoomId, Timing};
use claimants::Claimants;
use unknowns::Unknowns;

/// The most devices that are remembered. When a further one speaks, devices that belong to no room
/// are forgotten, on disk too: those without a token first, and the ones heard longest ago first.
/// So made-up ids fill no memory and keep no monitor out.
pub(super) const MAX_DEVICES: usize = 4_096;
/// How many of these may belong to rooms, and so are never forgotten.
pub(super) const MAX_BOUND_DEVICES: usize = 3_584;
/// How many are forgotten at once: finding the oldest takes as long for one.
pub(super) const FORGOTTEN_AT_ONCE: usize = 64;
/// Two beds or patients within this time are a conflict (protocols.md#two-under-one-name).
const CONFLICT_WITHIN_MS: i64 = 600_000;
/// The most vitals and channels that are shown of a device.
pub(super) const SHOWN_READINGS: usize = 32;
/// A link that was silent for this long is late, and then down.
const LATE_AFTER_MS: i64 = 5_000;
const DOWN_AFTER_MS: i64 = 12_000;

/// One device.
#[derive(Debug)]
pub(super) struct Device {
    pub(super) adapter: Option<String>,
    /// The name that it gives itself, if it is not an id.
    pub(super) original: Option<String>,
    pub(super) room: Option<RoomId>,
    pub(super) first_heard: Option<Millis>,
    pub(super) last_heard: Option<Millis>,
    pub(super) is_in_conflict: bool,
    pub(super) known_frames: KnownFrames,
    /// The connection that is up, if its adapter has one for each device.
    pub(super) connection: Option<u64>,
    link_is_down: bool,
    /// What the stamps of the newest frame say about its data.
    pub(super) timing: Timing,
    clocks: DeviceClocks,
    /// It was in a room and was taken out of it.
    pub(super) was_elsewhere: bool,
    bed: Option<(String, Millis)>,
    patient: Option<(PatientIds, Millis)>,
    /// Who speaks under its name: by their runs, where they name one, by their addresses, and by
    /// connections that replace each other.
    runs: Claimants,
    addresses: Claimants,
    connections: Claimants,
    unknowns: Unknowns,
    /// When its room last got an empty frame of it, for lack of anything usable.
    told_alive: Option<Millis>,
    pressures: VecDeque<(Option<Box<str>>, Millis, Pressure)>,
    latest: Vec<LatestReading>,
}

#[derive(Debug)]
struct LatestReading {
    reading: Reading,
    taken_at: Millis,
    received_at: Millis,
}

impl Device {
    pub(super) fn new(room: Option<RoomId>) -> Self {
        Self {
            adapter: None,
            original: None,
            room,
            first_heard: None,
            last_heard: None,
            is_in_conflict: false,
            known_frames: KnownFrames::default(),
            connection: None,
            link_is_down: false,
            timing: Timing::Live { delay_ms: 0 },
            clocks: DeviceClocks::default(),
            was_elsewhere: false,
            bed: None,
            patient: None,
            runs: Claimants::default(),
            addresses: Claimants::default(),
            connections: Claimants::default(),
            unknowns: Unknowns::default(),
            told_alive: None,
            pressures: VecDeque::new(),
            latest: Vec::new(),
        }
    }

    /// Notes a frame. Returns whether the device now claims a second bed or patient, or turns out
    /// to be two.
    pub(super) fn ingest(&mut self, frame: &Frame, identity: &Identity, at: Millis) -> bool {
        self.first_heard = self.first_heard.or(Some(at));
        self.last_heard = Some(at);
        if let Some(original) = identity.original.as_ref().filter(|_| self.original.is_none()) {
            self.original = Some(original.shown.as_ref().to_owned());
        }
        self.link_is_down = false;
        self.timing = self.clocks.ingest(frame, at);
        for reading in &frame.readings {
            self.show(reading, frame.taken_at(reading).unwrap_or(at), at);
        }
        let bed = claims_another(&mut self.bed, identity.bed.clone(), at);
        let patient = self.names_another_patient(&identity.patient, at);
        let is_two = match (&frame.boot, identity.peer) {
            (Some(boot), _) => self.runs.note(digest(boot), at),
            (None, Some(peer)) => self.addresses.note(digest(&peer.to_string()), at),
            (None, None) => false,
        };
        self.begins_conflict(bed || patient || is_two)
    }

    /// A connection of it was replaced although its other end was still there. Returns whether the
    /// device now turns out to be two.
    pub(super) fn displaced(&mut self, at: Millis) -> bool {
        let is_two = self.connections.displaced(at);
        self.begins_conflict(is_two)
    }

    pub(super) fn begins_conflict(&mut self, is_one: bool) -> bool {
        let begins = is_one && !self.is_in_conflict;
        self.is_in_conflict |= begins;
        begins
    }

    fn names_another_patient(&mut self, named: &PatientIds, at: Millis) -> bool {
        if named.is_empty() {
            return false;
        }
        match &mut self.patient {
            Some((known, when)) if known.share_one(named) => {
                known.add_all(named);
                *when = at;
                false
            }
            before => {
                let recently = |(_, when): (_, Millis)| at.since(when) < CONFLICT_WITHIN_MS;
                before.replace((named.clone(), at)).is_some_and(recently)
            }
        }
    }

    /// It sent the same frame again, perhaps by another route: those who spoke in turn are one
    /// device. Two boxes never send the same frame.
    pub(super) fn is_one_sender(&mut self) {
        self.runs = Claimants::default();
        self.addresses = Claimants::default();
    }

    /// Whether its room gets another empty frame of it: at most one every `every_ms`.
    pub(super) fn is_alive_again(&mut self, every_ms: i64, at: Millis) -> bool {
        let is_due = self.told_alive.is_none_or(|told| at.since(told) >= every_ms);
        if is_due {
            self.told_alive = Some(at);
        }
        is_due
    }

    /// Notes what in a frame was not understood.
    pub(super) fn note_unknowns(&mut self, not_understood: Vec<NotUnderstood>, at: Millis) {
        self.unknowns.add(not_understood, at);
    }

    /// Staff have decided where it belongs.
    pub(super) fn settle(&mut self, room: Option<RoomId>) {
        self.room = room;
        self.is_in_conflict = false;
        self.bed = None;
        self.patient = None;
        self.runs = Claimants::default();
        self.addresses = Claimants::default();
        self.connections = Claimants::default();
        self.told_alive = None;
    }

    pub(super) fn set_link(&mut self, connection: u64, up: bool) -> bool {
        if up {
            self.connection = Some(connection);
            self.link_is_down = false;
            return true;
        }
        // The end of a connection that was replaced means nothing.
        let is_current = self.connection == Some(connection);
        if is_current {
            // It left by itself: what came before was not another device's.
            self.connections = Claimants::default();
            self.connection = None;
            self.link_is_down = true;
        }
        is_current
    }

    fn show(&mut self, reading: &Reading, taken_at: Millis, received_at: Millis) {
        let shown = LatestReading { reading: reading.clone(), taken_at, received_at };
        let same = |known: &&mut LatestReading| {
            known.reading.vital == reading.vital && known.reading.channel == reading.channel
        };
        let is_full = self.latest.len() >= SHOWN_READINGS;
        match self.latest.iter_mut().find(same) {
            Some(known) => *known = shown,
            None if !is_full => self.latest.push(shown),
            None => {}
        }
    }

    fn shown<'a>(&'a self, id: &'a DeviceId, now: Millis) -> contract::Device<'a> {
        contract::Device {
            id,
            original: self.original.as_deref(),
            room: self.room.as_ref(),
            adapter: self.adapter.as_deref(),
            link: self.link(now),
            last_seen: self.last_heard,
            clock_offset_ms: self.clocks.offset_ms(),
            conflict: self.is_in_conflict,
            latest: self.latest.iter().map(|shown| shown.reading_of(id)).collect(),
            not_understood: self.unknowns.shown(),
        }
    }

    fn link(&self, now: Millis) -> Link {
        match self.last_heard {
            Some(last) => link(self.link_is_down, now.since(last)),
            None if self.connection.is_some() => Link::Up,
            None => Link::Down,
        }
    }
}

/// The state of the link to a device that has been silent for this long.
pub(super) fn link(is_down: bool, silent_ms: i64) -> Link {
    if is_down || silent_ms > DOWN_AFTER_MS {
        Link::Down
    } else if silent_ms > LATE_AFTER_MS {
        Link::Late
    } else {
        Link::Up
    }
}

fn claims_another<T: PartialEq>(
    known: &mut Option<(T, Millis)>,
    claim: Option<T>,
    at: Millis,
) -> bool {
    let Some(claim) = claim else { return false };
    let differs = known
        .as_ref()
        .is_some_and(|(before, when)| *before != claim && at.since(*when) < CONFLICT_WITHIN_MS);
    *known = Some((claim, at));
    differs
}

/// Every device, bound or not, with its latest readings.
pub(super) fn devices_json(devices: &BTreeMap<DeviceId, Device>, now: Millis) -> String {
    let devices = devices.iter().map(|(id, device)| device.shown(id, now)).collect();
    let all = contract::Devices { devices };
    // Numbers and texts cannot fail to be written.
    serde_json::to_string(&all).unwrap_or_default()
}

impl LatestReading {
    fn reading_of<'a>(&'a self, device: &'a DeviceId) -> contract::Reading<'a> {
        contract::Reading::of(device, &self.reading, (self.taken_at, self.received_at))
    }
}
