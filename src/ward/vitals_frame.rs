//! A monitor's frame, as the stream shows it.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::room::Aside;
use crate::vitals::wire::{write_observation, write_revision};
use crate::vitals::{Frame, Millis, Reading, RoomId, Source};

/// A frame's readings, as the stream shows them.
pub(super) struct VitalsFrame<'a> {
    pub(super) room: &'a RoomId,
    pub(super) rev: u64,
    pub(super) taken_at: Millis,
    pub(super) received_at: Millis,
    pub(super) frame: &'a Frame,
    pub(super) asides: &'a [(usize, Aside)],
}

impl Serialize for VitalsFrame<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", "vitals")?;
        map.serialize_entry("room", self.room)?;
        map.serialize_entry("rev", &self.rev)?;
        map.serialize_entry("taken_at", &self.taken_at)?;
        map.serialize_entry("received_at", &self.received_at)?;
        map.serialize_entry("readings", &ShownReadings(self))?;
        map.end()
    }
}

struct ShownReadings<'a>(&'a VitalsFrame<'a>);

impl Serialize for ShownReadings<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let VitalsFrame { frame, asides, .. } = self.0;
        let mut list = serializer.serialize_seq(None)?;
        for (index, reading) in frame.readings.iter().enumerate() {
            match asides.iter().find(|(at, _)| *at == index) {
                None => list.serialize_element(&Shown { reading, is_late: false })?,
                Some((_, Aside::Late)) => {
                    list.serialize_element(&Shown { reading, is_late: true })?
                }
                Some((_, Aside::Outranked | Aside::Repeated)) => {}
            }
        }
        list.end()
    }
}

struct Shown<'a> {
    reading: &'a Reading,
    is_late: bool,
}

impl Serialize for Shown<'_> {
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
        if self.is_late {
            map.serialize_entry("late", &true)?;
        }
        map.end()
    }
}
