use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use super::IMPLAUSIBLE_KEY;
use crate::vitals::{Frame, Observation, Quality, Reading, Revision, Source, Value};

impl Serialize for Frame {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Readings<'a>(&'a [Reading]);
        impl Serialize for Readings<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let mut list = serializer.serialize_seq(Some(self.0.len()))?;
                self.0.iter().try_for_each(|reading| list.serialize_element(reading))?;
                list.end()
            }
        }
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", "readings")?;
        entry(&mut map, "seq", self.seq.as_ref())?;
        entry(&mut map, "boot", self.boot.as_ref())?;
        entry(&mut map, "sent_at", self.sent_at.as_ref())?;
        entry(&mut map, "taken_at", self.taken_at.as_ref())?;
        if self.implausible > 0 {
            map.serialize_entry(IMPLAUSIBLE_KEY, &self.implausible)?;
        }
        map.serialize_entry("readings", &Readings(&self.readings))?;
        map.end()
    }
}

impl Serialize for Reading {
    /// The reading as frames contain it; defaults are left out.
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("vital", self.vital.name())?;
        write_observation(&mut map, &self.observation, false)?;
        entry(&mut map, "taken_at", self.taken_at.as_ref())?;
        entry(&mut map, "channel", self.channel.as_ref())?;
        if self.source != Source::Monitor {
            map.serialize_entry("source", self.source.name())?;
        }
        write_revision(&mut map, self)?;
        map.end()
    }
}

/// Writes value and quality, or the reason for absence. `quality` is left out when it is good,
/// unless `always_quality`.
pub fn write_observation<M: SerializeMap>(
    map: &mut M,
    observation: &Observation,
    always_quality: bool,
) -> Result<(), M::Error> {
    let quality = match observation {
        Observation::Absent(reason) => return map.serialize_entry("absent", reason),
        Observation::Measured(Value::Number(value), quality) => {
            map.serialize_entry("value", value)?;
            *quality
        }
        Observation::Measured(Value::Pressure(pressure), quality) => {
            entry(map, "systolic", pressure.systolic.as_ref())?;
            entry(map, "diastolic", pressure.diastolic.as_ref())?;
            entry(map, "mean", pressure.mean.as_ref())?;
            *quality
        }
    };
    if always_quality || quality != Quality::Good {
        map.serialize_entry("quality", &quality)?;
    }
    Ok(())
}

/// Writes what a reading has besides its value: that it is a bound, that it corrects or withdraws
/// an earlier one. Nothing for an ordinary one.
pub fn write_revision<M: SerializeMap>(map: &mut M, reading: &Reading) -> Result<(), M::Error> {
    if let Some(bound) = reading.bound {
        map.serialize_entry("bound", bound.name())?;
    }
    if reading.is_late {
        map.serialize_entry("late", &true)?;
    }
    match reading.revision {
        Revision::New => Ok(()),
        Revision::Corrects => map.serialize_entry("corrects", &true),
        Revision::Withdraws => map.serialize_entry("withdrawn", &true),
    }
}

fn entry<M: SerializeMap, T: Serialize>(
    map: &mut M,
    key: &'static str,
    value: Option<&T>,
) -> Result<(), M::Error> {
    value.map_or(Ok(()), |value| map.serialize_entry(key, value))
}
