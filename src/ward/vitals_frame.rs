//! A monitor's frame, as the stream shows it.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use crate::room::{Aside, Latest, STALE_AFTER_MS};
use crate::vitals::wire::{write_observation, write_revision};
use crate::vitals::{Frame, Millis, Observation, Quality, Reading, RoomId, Source};

/// A frame's readings, as the stream shows them.
pub(super) struct VitalsFrame<'a> {
    pub(super) room: &'a RoomId,
    pub(super) rev: u64,
    pub(super) taken_at: Millis,
    pub(super) received_at: Millis,
    pub(super) frame: &'a Frame,
    pub(super) asides: &'a [(usize, Aside)],
    /// What the room knows now.
    pub(super) latest: &'a [Latest],
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
        let VitalsFrame { frame, asides, latest, .. } = self.0;
        let mut list = serializer.serialize_seq(None)?;
        for (index, reading) in frame.readings.iter().enumerate() {
            let aside = asides.iter().find(|(at, _)| *at == index).map(|(_, aside)| *aside);
            let known = latest.iter().find(|latest| latest.vital == reading.vital);
            let shown = |latest| Shown { reading, latest, is_late: aside == Some(Aside::Late) };
            match aside {
                None | Some(Aside::Doubted) => list.serialize_element(&shown(known))?,
                Some(Aside::Late) => list.serialize_element(&shown(None))?,
                Some(Aside::Outranked | Aside::Repeated) => {}
            }
        }
        list.end()
    }
}

struct Shown<'a> {
    reading: &'a Reading,
    /// As the room shows it, unless it is charted only.
    latest: Option<&'a Latest>,
    is_late: bool,
}

impl Serialize for Shown<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Reading { vital, observation, taken_at, channel, source, .. } = self.reading;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("vital", vital.name())?;
        let doubted = self.latest.filter(|latest| latest.is_doubted);
        match (doubted, observation) {
            (Some(_), Observation::Measured(value, Quality::Good)) => {
                let doubted = Observation::Measured(*value, Quality::Questionable);
                write_observation(&mut map, &doubted, true)?;
            }
            _ => write_observation(&mut map, observation, true)?,
        }
        // Corrected by how wrong the device's clock is; its own time is kept beside it.
        match self.latest.and_then(|latest| Some((latest.taken_at, latest.device_taken_at?))) {
            Some((corrected, own)) => {
                map.serialize_entry("taken_at", &corrected)?;
                map.serialize_entry("device_taken_at", &own)?;
            }
            None => {
                if let Some(taken_at) = taken_at {
                    map.serialize_entry("taken_at", taken_at)?;
                }
            }
        }
        if let Some(latest) = self.latest.filter(|l| l.stale_after_ms() > STALE_AFTER_MS) {
            map.serialize_entry("stale_after_ms", &latest.stale_after_ms())?;
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
