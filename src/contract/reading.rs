use serde::Serialize;
use utoipa::ToSchema;

use crate::vitals::{
    Absent, Bound, Decimal, DeviceId, Millis, Observation, Pressure, Quality, Revision, Source,
    Value, Vital,
};

/// A number, or the parts of a pressure; none where there is no value.
#[derive(Clone, Copy, Debug, Default, Serialize, ToSchema)]
pub struct MeasuredValue {
    /// 1/min, %, °C or mmHg, by the vital; of every vital but `nibp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub value: Option<Decimal>,
    /// mmHg, of `nibp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub systolic: Option<Decimal>,
    /// mmHg, of `nibp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub diastolic: Option<Decimal>,
    /// mmHg, of `nibp`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub mean: Option<Decimal>,
}

impl From<&Value> for MeasuredValue {
    fn from(value: &Value) -> Self {
        match value {
            Value::Number(value) => Self { value: Some(*value), ..Self::default() },
            Value::Pressure(Pressure { systolic, diastolic, mean }) => {
                Self { value: None, systolic: *systolic, diastolic: *diastolic, mean: *mean }
            }
        }
    }
}

/// A reading, wherever it appears: a value with its quality, or `absent` with the reason.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reading<'a> {
    /// What was measured.
    pub vital: Vital,
    #[serde(flatten)]
    #[expect(missing_docs, reason = "its fields are the value's")]
    pub value: MeasuredValue,
    /// The quality of the value; left out where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub quality: Option<Quality>,
    /// Why there is no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub absent: Option<Absent>,
    /// The unit of the value: 1/min, %, °C or mmHg.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub unit: Option<&'static str>,
    /// When it was measured, by the device's clock; when it was received, if the device gave no
    /// time.
    pub taken_at: Millis,
    /// When it was received, by our clock.
    pub received_at: Millis,
    /// The device that measured it.
    pub device: &'a DeviceId,
    /// Where it comes from.
    pub source: Source,
    /// Where the device measures it, when it has several places.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub channel: Option<&'a str>,
    /// The device's run: it changes when the device starts again.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub boot: Option<&'a str>,
    /// The value lies beyond the end of what the monitor can measure, which is the value: `<70`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub bound: Option<Bound>,
    /// Old when it was sent: charted, never evaluated as live.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub late: bool,
    /// It takes the place of the device's earlier value of the same vital and time; both are kept.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub corrects: bool,
    /// The device takes back its earlier value of the same vital and time.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub withdrawn: bool,
}

impl<'a> Reading<'a> {
    /// A reading of a device at these times.
    #[must_use]
    pub fn of(
        device: &'a DeviceId,
        reading: &'a crate::vitals::Reading,
        (taken_at, received_at): (Millis, Millis),
    ) -> Self {
        let Parts { value, quality, absent } = Parts::of(&reading.observation);
        Self {
            vital: reading.vital,
            value,
            quality,
            absent,
            unit: quality.map(|_| reading.vital.unit()),
            taken_at,
            received_at,
            device,
            source: reading.source,
            channel: reading.channel.as_deref(),
            boot: None,
            bound: reading.bound,
            late: reading.is_late,
            corrects: reading.revision == Revision::Corrects,
            withdrawn: reading.revision == Revision::Withdraws,
        }
    }
}

/// The parts of an observation.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Parts {
    pub(crate) value: MeasuredValue,
    pub(crate) quality: Option<Quality>,
    pub(crate) absent: Option<Absent>,
}

impl Parts {
    pub(crate) fn of(observation: &Observation) -> Self {
        match observation {
            Observation::Absent(reason) => Self { absent: Some(*reason), ..Self::default() },
            Observation::Measured(value, quality) => {
                Self { value: value.into(), quality: Some(*quality), absent: None }
            }
        }
    }
}

/// A time between two frames in which nothing was received.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Gap {
    /// When the last frame before it was received.
    pub from: Millis,
    /// When the first frame after it was received.
    pub to: Millis,
}

/// Readings, oldest first. The server writes the list as it reads it from the disk.
#[derive(Debug, ToSchema)]
#[expect(dead_code, reason = "the list is written reading by reading, up to 100,000 of them")]
pub struct Readings<'a> {
    /// In order of `received_at`.
    readings: Vec<Reading<'a>>,
    /// The times of more than 10 s in which nothing was received.
    gaps: Vec<Gap>,
    /// Pass it as `after` for the next page.
    #[schema(required)]
    next: Option<String>,
}

/// What is known of a vital now, in the snapshot and in each frame that changes it; in a `vitals`
/// frame also a reading that is charted alone (`late`), or a cuff's reason for having no value.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct LiveReading<'a> {
    /// What was measured; left out in a snapshot, where it is the key.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub vital: Option<Vital>,
    #[serde(flatten)]
    #[expect(missing_docs, reason = "its fields are the value's")]
    pub value: MeasuredValue,
    /// The quality of the value; of a value that is too old, the quality that it had.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub quality: Option<Quality>,
    /// The value lies beyond the end of what the monitor can measure, which is the value: `<70`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub bound: Option<Bound>,
    /// Why there is no value. `stale`: there is one, in `last`, and it is too old.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub absent: Option<Absent>,
    /// Since when there has been no value.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub since: Option<Millis>,
    /// The last value, while there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub last: Option<LastReading>,
    /// When it was measured, by our clock: the device's time, corrected by how wrong its clock is.
    /// Left out where it is that of the frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub taken_at: Option<Millis>,
    /// When it was received. Left out where it is that of the frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub received_at: Option<Millis>,
    /// When it was measured, by the device's clock; given when that time was corrected.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub device_taken_at: Option<Millis>,
    /// It took the place of the device's earlier value of the same time.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub corrects: bool,
    /// The device takes back its earlier value of the same time.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub withdrawn: bool,
    /// How old it may become, milliseconds; given where the monitor is slower than most.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub stale_after_ms: Option<i64>,
    /// The device that measured it; left out in a frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub device: Option<&'a DeviceId>,
    /// Where the device measures it, when it has several places.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub channel: Option<&'a str>,
    /// Where it comes from, when that is not a monitor.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub source: Option<Source>,
    /// It is charted only, and changes nothing of what is known now.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    #[schema(required = false)]
    pub late: bool,
}

impl LiveReading<'_> {
    /// The same with this value, or this reason for having none.
    #[must_use]
    pub(crate) fn saying(self, parts: Parts) -> Self {
        let Parts { value, quality, absent } = parts;
        Self { value, quality, absent, ..self }
    }
}

/// The last value of a vital that now has none.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct LastReading {
    #[serde(flatten)]
    #[expect(missing_docs, reason = "its fields are the value's")]
    pub value: MeasuredValue,
    /// When it was heard.
    pub taken_at: Millis,
}
