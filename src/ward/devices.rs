//! What the ward knows of every device: where it belongs, what it said last, and what it said
//! already.

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde::Serialize;
use serde::ser::SerializeMap;

use crate::adapters::{FrameKey, Identity};
use crate::vitals::wire::{write_observation, write_revision};
use crate::vitals::{DeviceClocks, DeviceId, Frame, Millis, Reading, RoomId, Timing};

/// Devices that are remembered; further ones are refused, so that made-up ids fill no memory.
pub(super) const MAX_DEVICES: usize = 4_096;
/// A frame is a duplicate within this many of its device's last frames.
const KEYS: usize = 4_096;
/// Two beds or patients within this time are a conflict (DESIGN 4).
const CONFLICT_WITHIN_MS: i64 = 600_000;
/// Vitals and channels that are shown of a device.
const SHOWN_READINGS: usize = 32;
/// A link that was silent this long is late, and then down.
const LATE_AFTER_MS: i64 = 5_000;
const DOWN_AFTER_MS: i64 = 12_000;

/// Keys of frames that a device sent already.
#[derive(Debug, Default)]
pub(super) struct Seen {
    until: HashMap<FrameKey, Millis>,
    order: VecDeque<FrameKey>,
}

impl Seen {
    /// Notes a key; `true` when it was known and is not too old.
    pub(super) fn is_known(&mut self, key: FrameKey, within_ms: i64, at: Millis) -> bool {
        let until = at.plus(within_ms);
        match self.until.insert(key, until) {
            Some(known) if known >= at => {
                // A duplicate does not prolong the life of the first.
                self.until.insert(key, known);
                return true;
            }
            Some(_) => return false,
            None => self.order.push_back(key),
        }
        if self.order.len() > KEYS
            && let Some(oldest) = self.order.pop_front()
        {
            self.until.remove(&oldest);
        }
        false
    }

    /// Forgets a key whose frame could not be kept, so that it may be sent again.
    pub(super) fn forget(&mut self, key: &FrameKey) {
        if self.until.remove(key).is_some() {
            self.order.retain(|known| known != key);
        }
    }
}

/// One device.
#[derive(Debug)]
pub(super) struct Device {
    pub(super) adapter: Option<String>,
    pub(super) room: Option<RoomId>,
    pub(super) first_heard: Option<Millis>,
    pub(super) last_heard: Option<Millis>,
    pub(super) is_in_conflict: bool,
    pub(super) seen: Seen,
    /// The connection that is up, where the adapter has one a device.
    pub(super) connection: Option<u64>,
    link_is_down: bool,
    /// What the stamps of the newest frame say about its data.
    pub(super) timing: Timing,
    clocks: DeviceClocks,
    /// It has been in a room that it was taken out of.
    pub(super) was_elsewhere: bool,
    bed: Option<(String, Millis)>,
    patient: Option<([u8; 16], Millis)>,
    latest: Vec<Shown>,
}

#[derive(Debug)]
struct Shown {
    reading: Reading,
    taken_at: Millis,
    received_at: Millis,
}

impl Device {
    pub(super) fn new(room: Option<RoomId>) -> Self {
        Self {
            adapter: None,
            room,
            first_heard: None,
            last_heard: None,
            is_in_conflict: false,
            seen: Seen::default(),
            connection: None,
            link_is_down: false,
            timing: Timing::Live { delay_ms: 0 },
            clocks: DeviceClocks::default(),
            was_elsewhere: false,
            bed: None,
            patient: None,
            latest: Vec::new(),
        }
    }

    /// Notes a frame. Returns whether the device begins to claim a second bed or patient.
    pub(super) fn hear(&mut self, frame: &Frame, identity: &Identity, at: Millis) -> bool {
        self.first_heard = self.first_heard.or(Some(at));
        self.last_heard = Some(at);
        self.link_is_down = false;
        self.timing = self.clocks.hear(frame, at);
        for reading in &frame.readings {
            self.show(reading, frame.taken_at(reading).unwrap_or(at), at);
        }
        let bed = claims_another(&mut self.bed, identity.bed.clone(), at);
        let patient = claims_another(&mut self.patient, identity.patient, at);
        let begins = (bed || patient) && !self.is_in_conflict;
        self.is_in_conflict |= begins;
        begins
    }

    /// Staff have decided where it belongs.
    pub(super) fn settle(&mut self, room: Option<RoomId>) {
        self.room = room;
        self.is_in_conflict = false;
        self.bed = None;
        self.patient = None;
    }

    pub(super) fn set_link(&mut self, connection: u64, up: bool) -> bool {
        if up {
            self.connection = Some(connection);
            self.link_is_down = false;
            return true;
        }
        // The end of a connection that was replaced says nothing.
        let is_current = self.connection == Some(connection);
        if is_current {
            self.connection = None;
            self.link_is_down = true;
        }
        is_current
    }

    fn show(&mut self, reading: &Reading, taken_at: Millis, received_at: Millis) {
        let shown = Shown { reading: reading.clone(), taken_at, received_at };
        let same = |known: &&mut Shown| {
            known.reading.vital == reading.vital && known.reading.channel == reading.channel
        };
        let is_full = self.latest.len() >= SHOWN_READINGS;
        match self.latest.iter_mut().find(same) {
            Some(known) => *known = shown,
            None if !is_full => self.latest.push(shown),
            None => {}
        }
    }

    fn link(&self, now: Millis) -> &'static str {
        match self.last_heard {
            Some(last) => link(self.link_is_down, now.since(last)),
            None if self.connection.is_some() => "up",
            None => "down",
        }
    }
}

/// `up`, `late` or `down`.
pub(super) fn link(is_down: bool, silent_ms: i64) -> &'static str {
    if is_down || silent_ms > DOWN_AFTER_MS {
        "down"
    } else if silent_ms > LATE_AFTER_MS {
        "late"
    } else {
        "up"
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

/// `{"devices":[…]}`.
pub(super) fn devices_json(devices: &BTreeMap<DeviceId, Device>, now: Millis) -> String {
    #[derive(Serialize)]
    struct View<'a> {
        id: &'a DeviceId,
        room: &'a Option<RoomId>,
        adapter: &'a Option<String>,
        link: &'static str,
        last_seen: Option<Millis>,
        clock_offset_ms: Option<i64>,
        conflict: bool,
        latest: Vec<ShownView<'a>>,
    }
    let view = |(id, device): (&'_ DeviceId, &'_ Device)| -> serde_json::Value {
        let latest = device.latest.iter().map(|shown| ShownView { id, shown }).collect::<Vec<_>>();
        serde_json::to_value(View {
            id,
            room: &device.room,
            adapter: &device.adapter,
            link: device.link(now),
            last_seen: device.last_heard,
            clock_offset_ms: device.clocks.offset_ms(),
            conflict: device.is_in_conflict,
            latest,
        })
        .unwrap_or_default()
    };
    let all: Vec<_> = devices.iter().map(view).collect();
    serde_json::json!({ "devices": all }).to_string()
}

struct ShownView<'a> {
    id: &'a DeviceId,
    shown: &'a Shown,
}

impl Serialize for ShownView<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Shown { reading, taken_at, received_at } = self.shown;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("vital", reading.vital.name())?;
        write_observation(&mut map, &reading.observation, true)?;
        if let crate::vitals::Observation::Measured(..) = reading.observation {
            map.serialize_entry("unit", reading.vital.unit())?;
        }
        map.serialize_entry("taken_at", taken_at)?;
        map.serialize_entry("received_at", received_at)?;
        map.serialize_entry("device", self.id)?;
        map.serialize_entry("source", reading.source.name())?;
        if let Some(channel) = &reading.channel {
            map.serialize_entry("channel", channel)?;
        }
        write_revision(&mut map, reading)?;
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_is_known_within_its_time_and_number() {
        let mut seen = Seen::default();
        let key = |n: usize| FrameKey::of(&[&n.to_le_bytes()]);
        assert!(!seen.is_known(key(1), 60_000, Millis(0)));
        assert!(seen.is_known(key(1), 60_000, Millis(60_000)));
        assert!(!seen.is_known(key(1), 60_000, Millis(60_001)));
        for n in 2..=KEYS + 2 {
            assert!(!seen.is_known(key(n), 600_000, Millis(0)));
        }
        assert!(seen.until.len() <= KEYS && seen.order.len() <= KEYS);
        seen.forget(&key(KEYS));
        assert!(!seen.is_known(key(KEYS), 600_000, Millis(0)));
    }

    #[test]
    fn two_beds_within_ten_minutes_are_a_conflict_once() {
        let mut device = Device::new(None);
        let frame = Frame {
            device: DeviceId::new("m").unwrap(),
            seq: None,
            boot: None,
            sent_at: None,
            taken_at: None,
            implausible: 0,
            readings: Vec::new(),
        };
        let mut hear = |bed: &str, at| {
            let identity = Identity { bed: Some(bed.to_owned()), patient: None };
            device.hear(&frame, &identity, Millis(at))
        };
        assert!(!hear("1", 0));
        assert!(!hear("1", 1_000));
        assert!(hear("2", 2_000));
        assert!(!hear("1", 3_000), "known already");
        device.settle(None);
        let identity = Identity { bed: Some("1".to_owned()), patient: None };
        assert!(!device.hear(&frame, &identity, Millis(4_000)));
        let later = Identity { bed: Some("2".to_owned()), patient: None };
        assert!(!device.hear(&frame, &later, Millis(4_000 + CONFLICT_WITHIN_MS)));
    }
}
