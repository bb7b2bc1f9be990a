use serde::{Deserialize, Serialize};

use crate::vitals::{
    Absent, DeviceId, Frame, Millis, Observation, Quality, Reading, Source, Value, Vital,
};

/// A continuous value older than this is stale: shown as absent, with its age (CLINICAL 3).
pub const STALE_AFTER_MS: i64 = 10_000;

/// What is known of one vital.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Latest {
    /// Which.
    pub vital: Vital,
    /// Who said it.
    pub device: DeviceId,
    /// On which channel.
    pub channel: Option<Box<str>>,
    /// Where it comes from.
    pub source: Source,
    /// Said last.
    #[serde(with = "observation")]
    pub observation: Observation,
    /// The device's time of it, else our time.
    pub taken_at: Millis,
    /// Our time of it.
    pub heard_at: Millis,
    /// The last value, while there is none.
    pub last_value: Option<LastValue>,
    /// Since when there is no value.
    pub absent_since: Option<Millis>,
    /// Since when the monitor says that the sensor is off.
    pub sensor_off_since: Option<Millis>,
    /// Since when the monitor does not trust its values; short absences between them count in.
    pub questionable_since: Option<Millis>,
}

/// A value that is no longer current.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LastValue {
    /// The value.
    #[serde(with = "value")]
    pub value: Value,
    /// When it was taken.
    pub taken_at: Millis,
    /// When it was heard.
    pub heard_at: Millis,
}

impl Latest {
    pub(super) fn new(frame: &Frame, reading: &Reading, at: Millis) -> Self {
        let mut latest = Self {
            vital: reading.vital,
            device: frame.device.clone(),
            channel: reading.channel.clone(),
            source: reading.source,
            observation: reading.observation,
            taken_at: at,
            heard_at: at,
            last_value: None,
            absent_since: None,
            sensor_off_since: None,
            questionable_since: None,
        };
        latest.update(frame, reading, at);
        latest
    }

    /// Whether a reading of another device or channel should be ignored, so that the number
    /// does not flip between two sensors (PROTOCOLS 0.5).
    pub(super) fn outranks(&self, frame: &Frame, reading: &Reading, at: Millis) -> bool {
        let is_other = self.device != frame.device || self.channel != reading.channel;
        // Each cuff reading stands for its moment; there is nothing to flip between.
        let has_word = match self.value_at(at) {
            Some((_, Quality::Good)) => true,
            // One that is not trusted gives way to one that is.
            Some(_) => !matches!(reading.observation, Observation::Measured(_, Quality::Good)),
            None => false,
        };
        self.vital != Vital::Nibp && is_other && has_word
    }

    pub(super) fn update(&mut self, frame: &Frame, reading: &Reading, at: Millis) {
        self.device = frame.device.clone();
        // The same one nearly always, and a quiet reading asks for no memory.
        if self.channel != reading.channel {
            self.channel.clone_from(&reading.channel);
        }
        self.source = reading.source;
        self.observation = reading.observation;
        self.taken_at = frame.taken_at(reading).unwrap_or(at);
        self.heard_at = at;
        let absent_ms = self.absent_since.map_or(0, |since| at.since(since));
        let since = self.questionable_since.filter(|_| absent_ms <= STALE_AFTER_MS);
        self.questionable_since = match reading.observation {
            Observation::Measured(_, Quality::Good) => None,
            Observation::Measured(_, Quality::Questionable) => since.or(Some(at)),
            _ => since,
        };
        match present(&reading.observation) {
            Some(value) => {
                self.last_value = Some(LastValue { value, taken_at: self.taken_at, heard_at: at });
                self.absent_since = None;
                self.sensor_off_since = None;
            }
            None => {
                self.absent_since = self.absent_since.or(Some(at));
                let is_off = reading.observation == Observation::Absent(Absent::SensorOff);
                let since = self.sensor_off_since.or(Some(at));
                self.sensor_off_since = if is_off { since } else { None };
            }
        }
    }

    /// The value with its quality, when there is one that is not too old.
    #[must_use]
    pub fn value_at(&self, now: Millis) -> Option<(Value, Quality)> {
        let is_fresh = self.vital == Vital::Nibp || now.since(self.heard_at) <= STALE_AFTER_MS;
        match self.observation {
            Observation::Measured(value, quality) if quality != Quality::Invalid && is_fresh => {
                Some((value, quality))
            }
            _ => None,
        }
    }

    /// Whether there is a current value that the monitor trusts.
    pub(super) fn is_good_at(&self, now: Millis) -> bool {
        matches!(self.value_at(now), Some((_, Quality::Good)))
    }

    /// Since when the monitor does not trust it: while it gives doubtful values, with pauses so
    /// short that they are part of it.
    pub(super) fn doubtful_since(&self, now: Millis) -> Option<Millis> {
        let absent_ms = self.absent_since.map_or(0, |since| now.since(since));
        let is_fresh = now.since(self.heard_at) <= STALE_AFTER_MS;
        self.questionable_since.filter(|_| is_fresh && absent_ms <= STALE_AFTER_MS)
    }

    /// Since when there is no value: since the monitor said so, else since the last one.
    pub(super) fn no_value_since(&self) -> Millis {
        self.absent_since.unwrap_or(self.heard_at)
    }
}

fn present(observation: &Observation) -> Option<Value> {
    match observation {
        Observation::Measured(value, quality) if *quality != Quality::Invalid => Some(*value),
        _ => None,
    }
}

mod value {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use crate::vitals::{Decimal, Pressure, Value};

    #[derive(Serialize, Deserialize)]
    #[serde(untagged)]
    pub(super) enum Stored {
        Number(Decimal),
        Pressure(Pressure),
    }

    impl From<Value> for Stored {
        fn from(value: Value) -> Self {
            match value {
                Value::Number(number) => Self::Number(number),
                Value::Pressure(pressure) => Self::Pressure(pressure),
            }
        }
    }

    impl From<Stored> for Value {
        fn from(stored: Stored) -> Self {
            match stored {
                Stored::Number(number) => Self::Number(number),
                Stored::Pressure(pressure) => Self::Pressure(pressure),
            }
        }
    }

    pub(super) fn serialize<S: Serializer>(value: &Value, s: S) -> Result<S::Ok, S::Error> {
        Stored::from(*value).serialize(s)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Value, D::Error> {
        Stored::deserialize(d).map(Value::from)
    }
}

mod observation {
    use serde::{Deserialize, Deserializer, Serialize, Serializer};

    use super::value::Stored;
    use crate::vitals::{Absent, Observation, Quality};

    #[derive(Serialize, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum StoredObservation {
        Measured(Stored, Quality),
        Absent(Absent),
    }

    pub(super) fn serialize<S: Serializer>(o: &Observation, s: S) -> Result<S::Ok, S::Error> {
        match *o {
            Observation::Measured(value, quality) => {
                StoredObservation::Measured(value.into(), quality)
            }
            Observation::Absent(reason) => StoredObservation::Absent(reason),
        }
        .serialize(s)
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(d: D) -> Result<Observation, D::Error> {
        Ok(match StoredObservation::deserialize(d)? {
            StoredObservation::Measured(value, quality) => {
                Observation::Measured(value.into(), quality)
            }
            StoredObservation::Absent(reason) => Observation::Absent(reason),
        })
    }
}
