//! What changed of a room's readings, as the stream shows it.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::inflation::Inflation;
use super::render::{FrameTimes, ShownLatest};
use super::told::Changes;
use crate::room::Aside;
use crate::vitals::wire::{write_observation, write_revision};
use crate::vitals::{Absent, Frame, Observation, Quality, Reading, RoomId, Source, Vital};

/// A frame of the stream with readings. What is charted alone comes first, marked late; then a
/// cuff's word for why it has no value; then each vital that changed, as it now is: of several of
/// one vital the last is what a fresh snapshot says.
pub(super) struct VitalsFrame<'a> {
    pub(super) room: &'a RoomId,
    pub(super) rev: u64,
    pub(super) times: FrameTimes,
    /// The monitor's frame, when it was one that brought the change.
    pub(super) frame: Option<&'a Frame>,
    pub(super) asides: &'a [(usize, Aside)],
    pub(super) changes: &'a Changes,
    pub(super) inflation: Option<&'a Inflation>,
}

impl Serialize for VitalsFrame<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", "vitals")?;
        map.serialize_entry("room", self.room)?;
        map.serialize_entry("rev", &self.rev)?;
        map.serialize_entry("taken_at", &self.times.taken_at)?;
        map.serialize_entry("received_at", &self.times.received_at)?;
        map.serialize_entry("readings", &ShownReadings(self))?;
        if self.changes.inflation {
            map.serialize_entry("inflation", &self.inflation)?;
        }
        map.end()
    }
}

impl<'a> VitalsFrame<'a> {
    /// Whether there is anything to show.
    pub(super) fn is_empty(&self) -> bool {
        self.changes.is_empty() && self.late().next().is_none()
    }

    fn late(&self) -> impl Iterator<Item = &'a Reading> {
        self.readings(|aside| aside == Some(Aside::Late))
    }

    /// The cuff measures, or failed: that leaves its last pressure as it was.
    fn without_pressure(&self) -> impl Iterator<Item = &'a Reading> {
        let is_without = |reading: &&Reading| {
            reading.vital == Vital::Nibp
                && matches!(
                    reading.observation,
                    Observation::Absent(_) | Observation::Measured(_, Quality::Invalid)
                )
        };
        self.readings(|aside| aside.is_none()).filter(is_without)
    }

    fn readings(
        &self,
        is_wanted: impl Fn(Option<Aside>) -> bool,
    ) -> impl Iterator<Item = &'a Reading> {
        let asides = self.asides;
        let of = move |index| asides.iter().find(|(at, _)| *at == index).map(|(_, aside)| *aside);
        let readings = self.frame.map_or(&[][..], |frame| &frame.readings);
        let indexed = readings.iter().enumerate();
        indexed.filter(move |(index, _)| is_wanted(of(*index))).map(|(_, reading)| reading)
    }
}

struct ShownReadings<'a>(&'a VitalsFrame<'a>);

impl Serialize for ShownReadings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let shown = self.0;
        let (now, frame) = (shown.times.received_at, Some(shown.times));
        let mut list = serializer.serialize_seq(None)?;
        for reading in shown.late() {
            list.serialize_element(&Charted { reading, is_late: true })?;
        }
        for reading in shown.without_pressure() {
            list.serialize_element(&Charted { reading, is_late: false })?;
        }
        for vital in &shown.changes.gone {
            list.serialize_element(&Gone { vital: vital.name(), absent: Absent::Never })?;
        }
        for latest in &shown.changes.latest {
            list.serialize_element(&ShownLatest { latest, now, frame })?;
        }
        list.end()
    }
}

#[derive(serde::Serialize)]
struct Gone {
    vital: &'static str,
    absent: Absent,
}

struct Charted<'a> {
    reading: &'a Reading,
    is_late: bool,
}

impl Serialize for Charted<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Reading { vital, observation, taken_at, channel, source, .. } = self.reading;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("vital", vital.name())?;
        write_observation(&mut map, observation, true)?;
        if let Some(taken_at) = taken_at {
            map.serialize_entry("taken_at", taken_at)?;
        }
        if let Some(channel) = channel {
            map.serialize_entry("channel", channel)?;
        }
        if *source != Source::Monitor {
            map.serialize_entry("source", source.name())?;
        }
        write_revision(&mut map, self.reading)?;
        if self.is_late && !self.reading.is_late {
            map.serialize_entry("late", &true)?;
        }
        map.end()
    }
}
