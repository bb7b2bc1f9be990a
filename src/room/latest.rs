use serde::{Deserialize, Serialize};

use crate::rules::{CuffReading, Origin, Rhythm};
use crate::vitals::{
    Absent, Bound, DeviceId, Frame, Millis, Observation, Quality, Reading, Revision, Source, Value,
    Vital, moved,
};

/// A continuous value older than this, or than 2.5 usual intervals of a slow monitor, is stale:
/// shown as absent, with its age (clinical.md#ages, design.md#slow-monitors).
pub const STALE_AFTER_MS: i64 = 10_000;

/// What is known of one vital.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Latest {
    /// The vital.
    pub vital: Vital,
    /// The device that said it.
    pub device: DeviceId,
    /// On which channel.
    pub channel: Option<Box<str>>,
    /// Its source.
    pub source: Source,
    /// The last reading.
    #[serde(with = "observation")]
    pub observation: Observation,
    /// Its time by our clock: the device's time, corrected by the error of its clock; otherwise
    /// when it came.
    pub taken_at: Millis,
    /// The device's own time of it, if that was corrected.
    pub device_taken_at: Option<Millis>,
    /// The time by our clock from which its age counts.
    pub heard_at: Millis,
    /// It is beyond the end of the monitor's range.
    pub bound: Option<Bound>,
    /// Whether the pulse beside it jumps, so that it counts as bad signal.
    pub is_doubted: bool,
    /// Whether it corrects an earlier one.
    pub is_corrected: bool,
    /// The last value, while there is no current one.
    pub last_value: Option<LastValue>,
    /// Since when there is no value.
    pub absent_since: Option<Millis>,
    /// Since when the monitor says that the sensor is off.
    pub sensor_off_since: Option<Millis>,
    /// Since when the monitor has not trusted its values; short gaps between them are included.
    pub questionable_since: Option<Millis>,
    /// Since when there has been a value without a break.
    pub(super) present_since: Option<Millis>,
    /// Since when the monitor has trusted the value.
    pub(super) good_since: Option<Millis>,
    rhythm: Rhythm,
}

moved!(Latest {
    moves: taken_at, heard_at, last_value, absent_since, sensor_off_since, questionable_since,
        present_since, good_since, rhythm;
    stays: vital, device, channel, source, observation, device_taken_at, bound, is_doubted,
        is_corrected
});

/// When a reading was taken and received, by our clock.
#[derive(Clone, Copy, Debug)]
pub(super) struct Times {
    /// Its age counts from this time.
    pub(super) heard_at: Millis,
    /// When it was taken.
    pub(super) taken_at: Millis,
    /// The device's own time, if it differs from that.
    pub(super) device_taken_at: Option<Millis>,
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

moved!(LastValue { moves: taken_at, heard_at; stays: value });

impl Latest {
    pub(super) fn new(frame: &Frame, reading: &Reading, times: Times) -> Self {
        let at = times.heard_at;
        let mut latest = Self {
            vital: reading.vital,
            device: frame.device.clone(),
            channel: reading.channel.clone(),
            source: reading.source,
            observation: reading.observation,
            taken_at: at,
            device_taken_at: None,
            heard_at: at,
            bound: None,
            is_doubted: false,
            is_corrected: false,
            last_value: None,
            absent_since: None,
            sensor_off_since: None,
            questionable_since: None,
            present_since: None,
            good_since: None,
            rhythm: Rhythm::default(),
        };
        latest.update(frame, reading, times);
        latest
    }

    /// Whether a reading of another device or channel should be ignored, so that the number does
    /// not alternate between two sensors (protocols.md#rules-for-both).
    pub(super) fn outranks(&self, frame: &Frame, reading: &Reading, at: Millis) -> bool {
        let is_other = self.device != frame.device || self.channel != reading.channel;
        // Each cuff reading is an event of its own; there is nothing to alternate between.
        let has_word = match self.value_at(at) {
            Some((_, Quality::Good)) => true,
            // A reading that is not trusted gives way to one that is.
            Some(_) => !matches!(reading.observation, Observation::Measured(_, Quality::Good)),
            None => false,
        };
        self.vital != Vital::Nibp && is_other && has_word
    }

    pub(super) fn update(&mut self, frame: &Frame, reading: &Reading, times: Times) {
        let at = times.heard_at;
        let was_stale = self.is_stale(at);
        if self.device != frame.device {
            self.device = frame.device.clone();
            self.rhythm = Rhythm::default();
        }
        self.rhythm.note(at);
        // It is nearly always the same one, and an unchanged reading needs no allocation.
        if self.channel != reading.channel {
            self.channel.clone_from(&reading.channel);
        }
        self.source = reading.source;
        self.observation = reading.observation;
        self.taken_at = times.taken_at;
        self.device_taken_at = times.device_taken_at;
        self.heard_at = at;
        self.bound = reading.bound;
        self.is_doubted = false;
        self.is_corrected = reading.revision == Revision::Corrects;
        let since = |known: Option<Millis>, is_so: bool| {
            is_so.then(|| known.filter(|_| !was_stale).unwrap_or(at))
        };
        let is_present = present(&reading.observation).is_some();
        let is_good = matches!(reading.observation, Observation::Measured(_, Quality::Good));
        self.present_since = since(self.present_since, is_present);
        self.good_since = since(self.good_since, is_good);
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

    /// The value with its quality, if there is one that is not too old.
    #[must_use]
    pub fn value_at(&self, now: Millis) -> Option<(Value, Quality)> {
        match self.observation {
            Observation::Measured(value, quality)
                if quality != Quality::Invalid && !self.is_stale(now) =>
            {
                let quality = if self.is_doubted { Quality::Questionable } else { quality };
                Some((value, quality))
            }
            _ => None,
        }
    }

    /// Whether it is too old to be shown as current. A pressure always keeps its number, with its
    /// age.
    #[must_use]
    pub fn is_stale(&self, now: Millis) -> bool {
        self.vital != Vital::Nibp && now.since(self.heard_at) > self.stale_after_ms()
    }

    /// The age beyond which it is stale, milliseconds.
    #[must_use]
    pub fn stale_after_ms(&self) -> i64 {
        self.rhythm.patience_ms(STALE_AFTER_MS)
    }

    /// How often it usually comes, milliseconds, if that is too seldom for alarms within seconds.
    #[must_use]
    pub fn spot_interval_ms(&self) -> Option<i64> {
        self.rhythm.seems_spot_ms().filter(|_| self.vital != Vital::Nibp)
    }

    /// Whether it had a value at or after this time.
    pub(super) fn had_value_since(&self, from: Millis) -> bool {
        self.last_value.is_some_and(|last| last.heard_at >= from)
    }

    /// How often it usually comes, milliseconds.
    pub(super) fn interval_ms(&self) -> i64 {
        self.rhythm.usual_ms()
    }

    /// The monitor takes its value back: it counts as if it had never come.
    pub(super) fn take_back(&mut self, frame: &Frame, gone: &Reading, times: Times) {
        self.last_value = None;
        self.update(frame, gone, times);
    }

    /// The last pressure was taken back, so the previous one is shown again.
    pub(super) fn show_pressure(&mut self, reading: &CuffReading) {
        let CuffReading { measured_at, pressure, origin, .. } = reading;
        (self.device, self.source) = match origin {
            Origin::Monitor { device, .. } => (device.clone(), Source::Monitor),
            Origin::Entry(_) => (DeviceId::by_hand(), Source::Manual),
            Origin::Unknown => (self.device.clone(), Source::Monitor),
        };
        let value = Value::Pressure(*pressure);
        self.observation = Observation::Measured(value, Quality::Good);
        (self.taken_at, self.heard_at, self.device_taken_at) = (*measured_at, *measured_at, None);
        (self.channel, self.bound, self.is_corrected) = (None, None, false);
        let last = LastValue { value, taken_at: *measured_at, heard_at: *measured_at };
        self.last_value = Some(last);
    }

    /// Whether it came from a monitor that stays in the room and goes on giving it.
    pub(super) fn is_of_bedside(&self) -> bool {
        self.vital != Vital::Nibp && self.source != Source::Manual
    }

    /// Keeps the number and its age. Since when it was missing or in doubt concerned the patient
    /// who has left: for the next patient that begins with the next reading.
    pub(super) fn patient_left(&mut self) {
        let Self {
            vital: _,
            device: _,
            channel: _,
            source: _,
            observation: _,
            taken_at: _,
            device_taken_at: _,
            heard_at: _,
            bound: _,
            is_doubted: _,
            is_corrected: _,
            last_value: _,
            absent_since,
            sensor_off_since,
            questionable_since,
            present_since,
            good_since,
            rhythm: _,
        } = self;
        let since = [absent_since, sensor_off_since, questionable_since, present_since, good_since];
        since.into_iter().for_each(|since| *since = None);
    }

    /// It counts as bad signal.
    pub(super) fn doubt(&mut self) {
        self.is_doubted = true;
        self.good_since = None;
    }

    /// Whether there is a current value that the monitor trusts.
    pub(super) fn is_good_at(&self, now: Millis) -> bool {
        matches!(self.value_at(now), Some((_, Quality::Good)))
    }

    /// Since when the monitor has not trusted it: while it gives doubtful values, with gaps so
    /// short that they are included.
    pub(super) fn doubtful_since(&self, now: Millis) -> Option<Millis> {
        let absent_ms = self.absent_since.map_or(0, |since| now.since(since));
        let longest_ms = self.stale_after_ms();
        let is_fresh = now.since(self.heard_at) <= longest_ms;
        self.questionable_since.filter(|_| is_fresh && absent_ms <= longest_ms)
    }

    /// Since when there has been no value: since the monitor said so, otherwise since the last
    /// value.
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
