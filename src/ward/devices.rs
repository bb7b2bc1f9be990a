//! What the ward knows of every device: where it belongs, what it said last, and what it said
//! already.

use std::collections::{BTreeMap, VecDeque};

use super::claimants::Claimants;
use super::seen::Seen;
use super::unknowns::Unknowns;
use crate::adapters::{Identity, NotUnderstood, PatientIds, digest};
use crate::contract::{self, Link};
use crate::vitals::{
    DeviceClocks, DeviceId, Frame, Millis, Observation, Pressure, Reading, Revision, RoomId,
    Timing, Value, Vital,
};

/// Devices that are remembered. When a further one speaks, those that belong to no room and were
/// heard longest ago are forgotten, on disk too, those without a token first: made-up ids fill no
/// memory and keep no monitor out.
pub(super) const MAX_DEVICES: usize = 4_096;
/// Of these, how many may belong to rooms, and so are never forgotten.
pub(super) const MAX_BOUND_DEVICES: usize = 3_584;
/// So many are forgotten at once: looking for the oldest takes as long for one.
pub(super) const FORGOTTEN_AT_ONCE: usize = 64;
/// Two beds or patients within this time are a conflict (protocols.md#two-under-one-name).
const CONFLICT_WITHIN_MS: i64 = 600_000;
/// Vitals and channels that are shown of a device.
pub(super) const SHOWN_READINGS: usize = 32;
/// Pressures whose parts are remembered, to complete a correction of one part.
const PRESSURES: usize = 16;
/// A link that was silent this long is late, and then down.
const LATE_AFTER_MS: i64 = 5_000;
const DOWN_AFTER_MS: i64 = 12_000;

/// One device.
#[derive(Debug)]
pub(super) struct Device {
    pub(super) adapter: Option<String>,
    /// What it calls itself, where that is no id.
    pub(super) original: Option<String>,
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
    patient: Option<(PatientIds, Millis)>,
    /// Who speaks under its name: by their runs, where they name one, by their addresses, and by
    /// connections that displace each other.
    runs: Claimants,
    addresses: Claimants,
    connections: Claimants,
    unknowns: Unknowns,
    /// When its room was last told that it is there, for want of anything usable.
    told_alive: Option<Millis>,
    pressures: VecDeque<(Option<Box<str>>, Millis, Pressure)>,
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
            original: None,
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
            runs: Claimants::default(),
            addresses: Claimants::default(),
            connections: Claimants::default(),
            unknowns: Unknowns::default(),
            told_alive: None,
            pressures: VecDeque::new(),
            latest: Vec::new(),
        }
    }

    /// Notes a frame. Returns whether the device begins to claim a second bed or patient, or to
    /// be two.
    pub(super) fn hear(&mut self, frame: &Frame, identity: &Identity, at: Millis) -> bool {
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
            (Some(boot), _) => self.runs.hear(digest(boot), at),
            (None, Some(peer)) => self.addresses.hear(digest(&peer.to_string()), at),
            (None, None) => false,
        };
        self.begins_conflict(bed || patient || is_two)
    }

    /// A connection of it was replaced though its other end was there. Returns whether the device
    /// begins to be two.
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

    /// It sent the same frame again, perhaps by another way: whoever spoke in turn is one. Two
    /// boxes never send the same.
    pub(super) fn is_one_sender(&mut self) {
        self.runs = Claimants::default();
        self.addresses = Claimants::default();
    }

    /// Whether its room is to be told again that it is there: at most each `every_ms`.
    pub(super) fn is_alive_again(&mut self, every_ms: i64, at: Millis) -> bool {
        let is_due = self.told_alive.is_none_or(|told| at.since(told) >= every_ms);
        if is_due {
            self.told_alive = Some(at);
        }
        is_due
    }

    /// Notes what a frame had that was not understood.
    pub(super) fn note_unknowns(&mut self, not_understood: Vec<NotUnderstood>, at: Millis) {
        self.unknowns.add(not_understood, at);
    }

    /// A correction of one part of a pressure leaves its other parts as they were: the frame is
    /// given them, as they were sent for the same time. Remembers the parts for later ones.
    pub(super) fn complete_corrections(&mut self, frame: &mut Frame) {
        let times: Vec<_> =
            frame.readings.iter().map(|r| frame.taken_at(r).or(frame.sent_at)).collect();
        for (reading, taken_at) in frame.readings.iter_mut().zip(times) {
            let (Vital::Nibp, Some(taken_at)) = (reading.vital, taken_at) else { continue };
            let of_this = |(channel, at, _): &&mut (Option<Box<str>>, Millis, Pressure)| {
                (channel, *at) == (&reading.channel, taken_at)
            };
            let known = self.pressures.iter_mut().find(of_this);
            match (&mut reading.observation, reading.revision, known) {
                (
                    Observation::Measured(Value::Pressure(new), _),
                    Revision::Corrects,
                    Some(known),
                ) => {
                    let before = known.2;
                    new.systolic = new.systolic.or(before.systolic);
                    new.diastolic = new.diastolic.or(before.diastolic);
                    new.mean = new.mean.or(before.mean);
                    known.2 = *new;
                }
                (Observation::Measured(Value::Pressure(new), _), _, Some(known)) => known.2 = *new,
                (Observation::Measured(Value::Pressure(new), _), _, None) => {
                    if self.pressures.len() == PRESSURES {
                        self.pressures.pop_front();
                    }
                    self.pressures.push_back((reading.channel.clone(), taken_at, *new));
                }
                _ => {}
            }
        }
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
        // The end of a connection that was replaced says nothing.
        let is_current = self.connection == Some(connection);
        if is_current {
            // It went of itself: what came before was no other's.
            self.connections = Claimants::default();
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

/// Whether a device is heard that has been silent for so long.
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

impl Shown {
    fn reading_of<'a>(&'a self, device: &'a DeviceId) -> contract::Reading<'a> {
        contract::Reading::of(device, &self.reading, (self.taken_at, self.received_at))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::adapters::{Authority, PatientId};
    use crate::vitals::{Decimal, Quality};

    fn frame(boot: Option<&str>, readings: Vec<Reading>) -> Frame {
        Frame {
            device: DeviceId::new("m").unwrap(),
            seq: None,
            boot: boot.map(Into::into),
            sent_at: None,
            taken_at: Some(Millis(5_000)),
            implausible: 0,
            readings,
        }
    }

    fn of_bed(bed: &str) -> Identity {
        Identity { bed: Some(bed.to_owned()), ..Identity::default() }
    }

    fn of_patient(ids: &[(&str, &str)]) -> Identity {
        let id = |(number, authority): &(&str, &str)| PatientId {
            number: digest(number),
            authority: Authority::of(authority, ""),
        };
        Identity { patient: ids.iter().map(id).collect(), ..Identity::default() }
    }

    #[test]
    fn two_beds_within_ten_minutes_are_a_conflict_once() {
        let mut device = Device::new(None);
        let frame = frame(None, Vec::new());
        let mut hear = |bed: &str, at| device.hear(&frame, &of_bed(bed), Millis(at));
        assert!(!hear("1", 0));
        assert!(!hear("1", 1_000));
        assert!(hear("2", 2_000));
        assert!(!hear("1", 3_000), "known already");
        device.settle(None);
        assert!(!device.hear(&frame, &of_bed("1"), Millis(4_000)));
        let later = Millis(4_000 + CONFLICT_WITHIN_MS);
        assert!(!device.hear(&frame, &of_bed("2"), later));
    }

    #[test]
    fn a_patient_stays_the_same_by_any_id_that_was_named_with_another() {
        let mut device = Device::new(None);
        let frame = frame(None, Vec::new());
        let mut second = 0;
        let mut hear = |ids: &[(&str, &str)]| {
            second += 1;
            device.hear(&frame, &of_patient(ids), Millis(second * 1_000))
        };
        assert!(!hear(&[("1", "H"), ("2", "C")]));
        assert!(!hear(&[("2", "C"), ("1", "H")]));
        assert!(!hear(&[]), "no patient is no other patient");
        assert!(!hear(&[("2", "C"), ("3", "N")]));
        assert!(!hear(&[("3", "N")]));
        assert!(!hear(&[("1", "")]));
        assert!(hear(&[("1", "N")]), "the same number of another authority");
    }

    #[test]
    fn two_runs_in_turn_are_two_boxes_and_a_run_that_follows_another_is_not() {
        let mut device = Device::new(None);
        let mut hear = |boot: &str, second: i64| {
            let frame = frame(Some(boot), Vec::new());
            device.hear(&frame, &Identity::default(), Millis(second * 1_000))
        };
        assert!(!hear("a", 0) && !hear("b", 1) && !hear("b", 2) && !hear("c", 3));
        assert!(!hear("b", 4) && !hear("c", 5));
        assert!(hear("b", 6), "back for the third time");
        assert!(!hear("c", 7), "known already");
    }

    fn pressure(parts: [Option<i32>; 3], revision: Revision) -> Reading {
        let [systolic, diastolic, mean] = parts.map(|part| part.map(Decimal::whole));
        let pressure = Value::Pressure(Pressure { systolic, diastolic, mean });
        let observation = Observation::Measured(pressure, Quality::Good);
        Reading { revision, ..Reading::new(Vital::Nibp, observation) }
    }

    #[test]
    fn a_correction_of_one_part_keeps_the_others() {
        let mut device = Device::new(None);
        let mut told = |taken_at: i64, parts, revision| {
            let mut frame = frame(None, vec![pressure(parts, revision)]);
            frame.taken_at = Some(Millis(taken_at));
            device.complete_corrections(&mut frame);
            frame.readings.remove(0)
        };
        let first = [Some(204), Some(121), Some(148)];
        told(1_000, first, Revision::New);
        let corrected = told(1_000, [Some(124), None, None], Revision::Corrects);
        assert_eq!(corrected, pressure([Some(124), Some(121), Some(148)], Revision::Corrects));
        let again = told(1_000, [None, Some(78), None], Revision::Corrects);
        assert_eq!(again, pressure([Some(124), Some(78), Some(148)], Revision::Corrects));
        let other_time = told(2_000, [Some(130), None, None], Revision::Corrects);
        assert_eq!(other_time, pressure([Some(130), None, None], Revision::Corrects));
        let new = told(3_000, [Some(131), None, None], Revision::New);
        assert_eq!(new, pressure([Some(131), None, None], Revision::New));
        for n in 0..1_000 {
            told(n, first, Revision::New);
        }
        assert!(device.pressures.len() <= PRESSURES);
    }

    #[test]
    fn what_is_not_understood_is_listed_at_the_device() {
        let mut device = Device::new(None);
        device.note_unknowns(vec![NotUnderstood::new("PEEP", "cmH2O", "")], Millis(7));
        let devices = BTreeMap::from([(DeviceId::new("m").unwrap(), device)]);
        let json: serde_json::Value =
            serde_json::from_str(&devices_json(&devices, Millis(9))).unwrap();
        assert_eq!(
            json["devices"][0]["not_understood"],
            serde_json::json!([{"code": "PEEP", "unit": "cmH2O", "count": 1, "last_at": 7}])
        );
    }
}
