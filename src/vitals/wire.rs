//! Frames as JSON (protocols.md#frames, design.md#recordings): one reader for monitors outside the
//! process, recordings and the journal, and one writer.

mod scalar;
mod spelled;
mod time;
mod written;

use std::borrow::Cow;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

use scalar::Scalar;
use spelled::{Element, WireFrame, WireReading, WireReadings};

use time::WireTime;
pub(super) use time::YEAR_10000_MS;
pub use time::{TimeProblem, parse_time};
pub use written::{write_observation, write_revision};

use super::plausibility::{check_number, check_pressure};
use super::{
    Absent, Bound, Decimal, DeviceId, Frame, Millis, Observation, Pressure, Quality, Reading,
    Revision, Source, Value, Vital,
};

/// The longest text of a frame, such as a boot or a channel.
pub(super) const LONGEST_TEXT_BYTES: usize = 128;
/// More readings than a monitor has vitals and channels.
const MAX_READINGS: usize = 256;

/// What is wrong with a frame, in words for the person who writes the adapter.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error, utoipa::ToSchema)]
#[error("{title}")]
#[schema(as = FrameProblem)]
pub struct WireProblem {
    /// What is wrong and what is allowed.
    pub title: String,
    /// Where, such as `readings[0].value`; `None` when it is the whole frame.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub field: Option<String>,
}

impl WireProblem {
    fn new(title: impl Into<String>, field: impl fmt::Display) -> Self {
        Self { title: title.into(), field: Some(field.to_string()) }
    }
}

/// A frame with at least one usable reading, and what was refused of it.
#[derive(Clone, Debug)]
pub struct Parsed {
    /// The usable part.
    pub frame: Frame,
    /// Why the other readings were refused.
    pub problems: Vec<WireProblem>,
}

/// A frame that holds nothing usable.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{problem}")]
pub struct Refused {
    /// The frame's number, if it could be read.
    pub seq: Option<u64>,
    /// Why nothing is usable.
    pub problem: WireProblem,
    /// What is left if its values were impossible: a frame that only says how many there were.
    pub frame: Option<Box<Frame>>,
}

/// Where something is in a frame. It becomes a text only if something is wrong there.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// The index of the reading; `None` for what belongs to the whole frame.
    reading: Option<usize>,
    key: &'static str,
}

impl Place {
    fn of_frame(key: &'static str) -> Self {
        Self { reading: None, key }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.reading {
            Some(index) => write!(f, "readings[{index}].{}", self.key),
            None => f.write_str(self.key),
        }
    }
}

/// Who wrote a frame: a frame that arrives now is checked more strictly than one that was once
/// accepted and stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writer {
    /// An adapter, now.
    Adapter,
    /// This program, perhaps an earlier version of it.
    Record,
}

/// In what is recorded: how many values of the frame were refused as impossible. No monitor reports
/// this.
pub const IMPLAUSIBLE_KEY: &str = "implausible";
/// The keys that a frame may have; recordings allow no others.
pub const FRAME_KEYS: [&str; 8] =
    ["type", "seq", "boot", "sent_at", "taken_at", "readings", "vital", "status"];
/// The keys that a reading in a frame may have.
pub const READING_KEYS: [&str; 14] = [
    "vital",
    "value",
    "systolic",
    "diastolic",
    "mean",
    "quality",
    "absent",
    "taken_at",
    "channel",
    "source",
    "bound",
    "corrects",
    "withdrawn",
    "late",
];

impl Parsed {
    /// Reads one frame of a device; `default_source` marks readings that name none.
    pub fn read(json: &str, device: &DeviceId, default_source: Source) -> Result<Self, Refused> {
        Self::read_from(json, device, default_source, Writer::Adapter)
    }

    /// Reads a frame of a recording or the journal: earlier versions accepted times that are
    /// refused today, and what they stored stays readable with the same meaning.
    pub fn read_stored(
        json: &str,
        device: &DeviceId,
        default_source: Source,
    ) -> Result<Self, Refused> {
        Self::read_from(json, device, default_source, Writer::Record)
    }

    fn read_from(
        json: &str,
        device: &DeviceId,
        default_source: Source,
        writer: Writer,
    ) -> Result<Self, Refused> {
        let wire: WireFrame<'_> = serde_json::from_str(json).map_err(|error| {
            let seq = serde_json::from_str::<Json>(json).ok().and_then(|v| v.get("seq")?.as_u64());
            let title = format!("not a frame: {error}");
            Refused { seq, problem: WireProblem { title, field: None }, frame: None }
        })?;
        Self::of(wire, device, default_source, writer)
    }

    fn of(
        wire: WireFrame<'_>,
        device: &DeviceId,
        default_source: Source,
        writer: Writer,
    ) -> Result<Self, Refused> {
        let refused = |seq, problem| Refused { seq, problem, frame: None };
        let seq = wire.seq;
        let place = Place::of_frame;
        let boot = text(wire.boot, place("boot")).map_err(|p| refused(seq, p))?;
        let sent_at = time(wire.sent_at, place("sent_at"), writer).map_err(|p| refused(seq, p))?;
        let taken_at = time(wire.taken_at, place("taken_at"), writer);
        let taken_at = taken_at.map_err(|p| refused(seq, p))?;
        let mut parsed = Self {
            frame: Frame {
                device: device.clone(),
                seq,
                boot,
                sent_at,
                taken_at,
                implausible: 0,
                readings: vec![],
            },
            problems: vec![],
        };
        match &*wire.kind {
            "readings" => {
                let WireReadings { first: readings, count } = wire.readings.unwrap_or_default();
                if count > MAX_READINGS {
                    let title = format!("a frame has at most {MAX_READINGS} readings");
                    return Err(refused(seq, WireProblem::new(title, "readings")));
                }
                parsed.frame.readings.reserve_exact(count);
                for (index, element) in readings.into_iter().enumerate() {
                    parsed.take(reading(element, index, default_source, writer));
                }
            }
            "status" => parsed.take(status(wire.vital, wire.status, default_source)),
            other => {
                let title = format!("type must be readings or status, got {other:?}");
                return Err(refused(seq, WireProblem::new(title, "type")));
            }
        }
        if parsed.frame.readings.is_empty() {
            let empty = || WireProblem::new("readings must hold at least one reading", "readings");
            let first = parsed.problems.into_iter().next();
            let problem = first.map_or_else(empty, |first| WireProblem {
                title: format!("no usable reading: {}", first.title),
                field: first.field,
            });
            let frame = (parsed.frame.implausible > 0).then(|| Box::new(parsed.frame));
            return Err(Refused { seq, problem, frame });
        }
        Ok(parsed)
    }

    fn take(&mut self, reading: Result<Reading, Fault>) {
        match reading {
            Ok(reading) => self.frame.readings.push(reading),
            Err(fault) => {
                self.frame.implausible += u32::from(fault.implausible);
                self.problems.push(fault.problem);
            }
        }
    }
}

struct Fault {
    problem: WireProblem,
    implausible: bool,
}

impl From<WireProblem> for Fault {
    fn from(problem: WireProblem) -> Self {
        Self { problem, implausible: false }
    }
}

fn reading(
    element: Element<'_>,
    index: usize,
    default_source: Source,
    writer: Writer,
) -> Result<Reading, Fault> {
    let place = |key| Place { reading: Some(index), key };
    let json: Json;
    let wire: WireReading<'_> = match element {
        Element::Reading(wire) => *wire,
        Element::Other(other) => {
            json = other;
            WireReading::deserialize(&json).map_err(|e| not_a_reading(&e, index))?
        }
    };
    let named = wire.vital.ok_or_else(|| {
        not_a_reading(&<serde_json::Error as serde::de::Error>::missing_field("vital"), index)
    })?;
    let vital = vital(&named, place("vital"))?;
    let quality = match word(wire.quality, place("quality"))?.as_deref() {
        None | Some("good") => Quality::Good,
        Some("questionable") => Quality::Questionable,
        Some("invalid") => Quality::Invalid,
        Some(other) => {
            let title = format!("quality must be good, questionable or invalid, got {other:?}");
            return Err(WireProblem::new(title, place("quality")).into());
        }
    };
    let source = match word(wire.source, place("source"))?.as_deref() {
        None => default_source,
        Some("monitor") => Source::Monitor,
        Some("manual") => Source::Manual,
        Some("simulator") => Source::Simulator,
        Some("demo") => Source::Demo,
        Some("replay") => Source::Replay,
        Some(other) => {
            let title =
                format!("source must be monitor, manual, simulator, demo or replay, got {other:?}");
            return Err(WireProblem::new(title, place("source")).into());
        }
    };
    let (revision, corrected_at) = revision(wire.corrects, wire.withdrawn, place, writer)?;
    let is_empty = [&wire.value, &wire.systolic, &wire.diastolic, &wire.mean]
        .iter()
        .all(|value| value.as_ref().is_none_or(Scalar::is_null));
    let observation = if let Some(reason) = wire.absent {
        Observation::Absent(absence(&reason, vital, place("absent"))?)
    } else if revision == Revision::Withdraws && is_empty {
        Observation::Absent(Absent::Invalid)
    } else if vital == Vital::Nibp {
        let part = |value: Option<Scalar<'_>>, key| number(value, key, place(key));
        let pressure = Pressure {
            systolic: part(wire.systolic, "systolic")?,
            diastolic: part(wire.diastolic, "diastolic")?,
            mean: part(wire.mean, "mean")?,
        };
        check_pressure(&pressure).map_err(|title| {
            let key = ["systolic", "diastolic", "mean"].into_iter().find(|k| title.starts_with(k));
            Fault {
                implausible: key.is_some(),
                problem: WireProblem::new(title, place(key.unwrap_or("systolic"))),
            }
        })?;
        Observation::Measured(Value::Pressure(pressure), quality)
    } else {
        let value = number(wire.value, vital.name(), place("value"))?
            .ok_or_else(|| WireProblem::new(format!("{vital} needs a value"), place("value")))?;
        check_number(vital, value).map_err(|title| Fault {
            problem: WireProblem::new(title, place("value")),
            implausible: true,
        })?;
        Observation::Measured(Value::Number(value), quality)
    };
    Ok(Reading {
        vital,
        observation,
        taken_at: time(wire.taken_at, place("taken_at"), writer)?.or(corrected_at),
        channel: text(wire.channel, place("channel"))?,
        source,
        bound: bound(wire.bound, place("bound"))?,
        revision,
        is_late: flag(wire.late, "late", place("late"))?,
    })
}

fn not_a_reading(error: &serde_json::Error, index: usize) -> WireProblem {
    WireProblem::new(format!("not a reading: {error}"), format_args!("readings[{index}]"))
}

/// `corrects` is true, or the time of the value that it replaces; `withdrawn` is true.
fn revision(
    corrects: Option<Scalar<'_>>,
    withdrawn: Option<Scalar<'_>>,
    place: impl Fn(&'static str) -> Place,
    writer: Writer,
) -> Result<(Revision, Option<Millis>), WireProblem> {
    let (corrects, at) = match corrects {
        None | Some(Scalar::Null | Scalar::Bool(false)) => (false, None),
        Some(Scalar::Bool(true)) => (true, None),
        Some(of) => (true, time(Some(of), place("corrects"), writer)?),
    };
    let withdrawn = flag(withdrawn, "withdrawn", place("withdrawn"))?;
    match (corrects, withdrawn) {
        (true, true) => {
            let title = "a reading either corrects an earlier one or is withdrawn";
            Err(WireProblem::new(title, place("withdrawn")))
        }
        (true, false) => Ok((Revision::Corrects, at)),
        (false, true) => Ok((Revision::Withdraws, None)),
        (false, false) => Ok((Revision::New, None)),
    }
}

fn flag(value: Option<Scalar<'_>>, what: &str, place: Place) -> Result<bool, WireProblem> {
    match value {
        None | Some(Scalar::Null) => Ok(false),
        Some(Scalar::Bool(is_so)) => Ok(is_so),
        Some(other) => {
            let title = format!("{what} must be true or false, got {}", shown(&other));
            Err(WireProblem::new(title, place))
        }
    }
}

fn bound(value: Option<Scalar<'_>>, place: Place) -> Result<Option<Bound>, WireProblem> {
    match word(value, place)?.as_deref() {
        None => Ok(None),
        Some("below") => Ok(Some(Bound::Below)),
        Some("above") => Ok(Some(Bound::Above)),
        Some(other) => {
            let title = format!("bound must be below or above, got {other:?}");
            Err(WireProblem::new(title, place))
        }
    }
}

fn status(
    named: Option<Scalar<'_>>,
    status: Option<Scalar<'_>>,
    source: Source,
) -> Result<Reading, Fault> {
    let vital = vital(&named.unwrap_or_default(), Place::of_frame("vital"))?;
    let reason = absence(&status.unwrap_or_default(), vital, Place::of_frame("status"))?;
    Ok(Reading { source, ..Reading::absent(vital, reason) })
}

fn vital(named: &Scalar<'_>, place: Place) -> Result<Vital, WireProblem> {
    named.as_str().and_then(Vital::from_name).ok_or_else(|| {
        let names: Vec<_> = Vital::ALL.iter().map(|v| v.name()).collect();
        WireProblem::new(
            format!("vital must be one of {}, got {}", names.join(", "), shown(named)),
            place,
        )
    })
}

fn absence(reason: &Scalar<'_>, vital: Vital, place: Place) -> Result<Absent, WireProblem> {
    reason.as_str().and_then(|name| Absent::status_from_name(name, vital)).ok_or_else(|| {
        let names: Vec<_> = Absent::STATUSES
            .iter()
            .filter(|s| Absent::status_from_name(s.name(), vital).is_some())
            .map(|s| s.name())
            .collect();
        WireProblem::new(
            format!("status of {vital} must be one of {}, got {}", names.join(", "), shown(reason)),
            place,
        )
    })
}

fn number(
    value: Option<Scalar<'_>>,
    what: &str,
    place: Place,
) -> Result<Option<Decimal>, WireProblem> {
    let Some(value) = value.filter(|value| !value.is_null()) else {
        return Ok(None);
    };
    value.as_decimal().map(Some).ok_or_else(|| {
        WireProblem::new(format!("{what} must be a number, got {}", shown(&value)), place)
    })
}

fn word(value: Option<Scalar<'_>>, place: Place) -> Result<Option<Cow<'_, str>>, WireProblem> {
    match value {
        None | Some(Scalar::Null) => Ok(None),
        Some(Scalar::Text(text)) if text.len() <= LONGEST_TEXT_BYTES => Ok(Some(text)),
        Some(other) => {
            let title = format!(
                "{place} must be a text of at most {LONGEST_TEXT_BYTES} bytes, got {}",
                shown(&other)
            );
            Err(WireProblem::new(title, place))
        }
    }
}

fn text(value: Option<Scalar<'_>>, place: Place) -> Result<Option<Box<str>>, WireProblem> {
    Ok(word(value, place)?.map(Box::from))
}

/// RFC 3339, or whole milliseconds since 1970; kept to the millisecond.
fn time(
    value: Option<Scalar<'_>>,
    place: Place,
    writer: Writer,
) -> Result<Option<Millis>, WireProblem> {
    let time = match value {
        None | Some(Scalar::Null) => return Ok(None),
        Some(Scalar::Whole(number)) => WireTime::Number(number),
        Some(ref value) => match value.as_str() {
            Some(text) => WireTime::Text(text),
            None => WireTime::Neither,
        },
    };
    let read = match (writer, time.any()) {
        (Writer::Record, Some(at)) => Ok(at),
        _ => time.checked(),
    };
    read.map(Some).map_err(|problem| {
        let got = shown(&value.unwrap_or_default());
        WireProblem::new(format!("{place} {problem}, got {got}"), place)
    })
}

/// The start of a value, for a message.
fn shown(value: &Scalar<'_>) -> String {
    let text = value.to_json().to_string();
    if text.chars().count() <= 40 {
        text
    } else {
        text.chars().take(40).collect::<String>() + "…"
    }
}

#[cfg(test)]
mod as_by_tree_test;
#[cfg(test)]
mod tests;
