//! Frames as JSON (protocols.md#frames, design.md#recordings): one reader for monitors outside the
//! process, recordings and the journal, and one writer.

mod time;
mod written;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

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
    fn new(title: impl Into<String>, field: impl Into<String>) -> Self {
        Self { title: title.into(), field: Some(field.into()) }
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

#[derive(Deserialize)]
struct WireFrame {
    #[serde(rename = "type")]
    kind: String,
    seq: Option<u64>,
    boot: Option<Json>,
    sent_at: Option<Json>,
    taken_at: Option<Json>,
    readings: Option<Vec<Json>>,
    vital: Option<Json>,
    status: Option<Json>,
}

#[derive(Deserialize)]
struct WireReading {
    vital: Json,
    value: Option<Json>,
    systolic: Option<Json>,
    diastolic: Option<Json>,
    mean: Option<Json>,
    quality: Option<Json>,
    absent: Option<Json>,
    taken_at: Option<Json>,
    channel: Option<Json>,
    source: Option<Json>,
    bound: Option<Json>,
    corrects: Option<Json>,
    withdrawn: Option<Json>,
    late: Option<Json>,
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
        let refused = |seq, problem| Refused { seq, problem, frame: None };
        let wire: WireFrame = serde_json::from_str(json).map_err(|error| {
            let seq = serde_json::from_str::<Json>(json).ok().and_then(|v| v.get("seq")?.as_u64());
            let title = format!("not a frame: {error}");
            refused(seq, WireProblem { title, field: None })
        })?;
        let seq = wire.seq;
        let boot = text(wire.boot, "boot").map_err(|p| refused(seq, p))?;
        let sent_at = time(wire.sent_at, "sent_at", writer).map_err(|p| refused(seq, p))?;
        let taken_at = time(wire.taken_at, "taken_at", writer).map_err(|p| refused(seq, p))?;
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
        match wire.kind.as_str() {
            "readings" => {
                let readings = wire.readings.unwrap_or_default();
                if readings.len() > MAX_READINGS {
                    let title = format!("a frame has at most {MAX_READINGS} readings");
                    return Err(refused(seq, WireProblem::new(title, "readings")));
                }
                for (index, json) in readings.into_iter().enumerate() {
                    parsed.take(reading(json, index, default_source, writer));
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
    json: Json,
    index: usize,
    default_source: Source,
    writer: Writer,
) -> Result<Reading, Fault> {
    let place = |key: &str| format!("readings[{index}].{key}");
    let wire: WireReading = serde_json::from_value(json).map_err(|e| {
        WireProblem::new(format!("not a reading: {e}"), format!("readings[{index}]"))
    })?;
    let vital = vital(&wire.vital, &place("vital"))?;
    let quality = match word(wire.quality, &place("quality"))?.as_deref() {
        None | Some("good") => Quality::Good,
        Some("questionable") => Quality::Questionable,
        Some("invalid") => Quality::Invalid,
        Some(other) => {
            let title = format!("quality must be good, questionable or invalid, got {other:?}");
            return Err(WireProblem::new(title, place("quality")).into());
        }
    };
    let source = match word(wire.source, &place("source"))?.as_deref() {
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
    let (revision, corrected_at) = revision(wire.corrects, wire.withdrawn, &place, writer)?;
    let is_empty = [&wire.value, &wire.systolic, &wire.diastolic, &wire.mean]
        .iter()
        .all(|json| json.as_ref().is_none_or(Json::is_null));
    let observation = if let Some(reason) = wire.absent {
        Observation::Absent(absence(&reason, vital, &place("absent"))?)
    } else if revision == Revision::Withdraws && is_empty {
        Observation::Absent(Absent::Invalid)
    } else if vital == Vital::Nibp {
        let part = |json: Option<Json>, key: &str| number(json, key, &place(key));
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
        let value = number(wire.value, vital.name(), &place("value"))?
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
        taken_at: time(wire.taken_at, &place("taken_at"), writer)?.or(corrected_at),
        channel: text(wire.channel, &place("channel"))?,
        source,
        bound: bound(wire.bound, &place("bound"))?,
        revision,
        is_late: flag(wire.late, "late", &place("late"))?,
    })
}

/// `corrects` is true, or the time of the value that it replaces; `withdrawn` is true.
fn revision(
    corrects: Option<Json>,
    withdrawn: Option<Json>,
    place: &dyn Fn(&str) -> String,
    writer: Writer,
) -> Result<(Revision, Option<Millis>), WireProblem> {
    let (corrects, at) = match corrects {
        None | Some(Json::Null | Json::Bool(false)) => (false, None),
        Some(Json::Bool(true)) => (true, None),
        Some(of) => (true, time(Some(of), &place("corrects"), writer)?),
    };
    let withdrawn = flag(withdrawn, "withdrawn", &place("withdrawn"))?;
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

fn flag(json: Option<Json>, what: &str, field: &str) -> Result<bool, WireProblem> {
    match json {
        None | Some(Json::Null) => Ok(false),
        Some(Json::Bool(is_so)) => Ok(is_so),
        Some(other) => {
            let title = format!("{what} must be true or false, got {}", shown(&other));
            Err(WireProblem::new(title, field))
        }
    }
}

fn bound(json: Option<Json>, field: &str) -> Result<Option<Bound>, WireProblem> {
    match word(json, field)?.as_deref() {
        None => Ok(None),
        Some("below") => Ok(Some(Bound::Below)),
        Some("above") => Ok(Some(Bound::Above)),
        Some(other) => {
            let title = format!("bound must be below or above, got {other:?}");
            Err(WireProblem::new(title, field))
        }
    }
}

fn status(
    vital_json: Option<Json>,
    status: Option<Json>,
    source: Source,
) -> Result<Reading, Fault> {
    let vital = vital(&vital_json.unwrap_or_default(), "vital")?;
    let reason = absence(&status.unwrap_or_default(), vital, "status")?;
    Ok(Reading { source, ..Reading::absent(vital, reason) })
}

fn vital(json: &Json, field: &str) -> Result<Vital, WireProblem> {
    json.as_str().and_then(Vital::from_name).ok_or_else(|| {
        let names: Vec<_> = Vital::ALL.iter().map(|v| v.name()).collect();
        WireProblem::new(
            format!("vital must be one of {}, got {}", names.join(", "), shown(json)),
            field,
        )
    })
}

fn absence(json: &Json, vital: Vital, field: &str) -> Result<Absent, WireProblem> {
    json.as_str().and_then(|name| Absent::status_from_name(name, vital)).ok_or_else(|| {
        let names: Vec<_> = Absent::STATUSES
            .iter()
            .filter(|s| Absent::status_from_name(s.name(), vital).is_some())
            .map(|s| s.name())
            .collect();
        WireProblem::new(
            format!("status of {vital} must be one of {}, got {}", names.join(", "), shown(json)),
            field,
        )
    })
}

fn number(json: Option<Json>, what: &str, field: &str) -> Result<Option<Decimal>, WireProblem> {
    let Some(json) = json.filter(|json| !json.is_null()) else {
        return Ok(None);
    };
    Decimal::deserialize(&json).map(Some).map_err(|_| {
        WireProblem::new(format!("{what} must be a number, got {}", shown(&json)), field)
    })
}

fn word(json: Option<Json>, field: &str) -> Result<Option<String>, WireProblem> {
    match json {
        None | Some(Json::Null) => Ok(None),
        Some(Json::String(text)) if text.len() <= LONGEST_TEXT_BYTES => Ok(Some(text)),
        Some(other) => {
            let title = format!(
                "{field} must be a text of at most {LONGEST_TEXT_BYTES} bytes, got {}",
                shown(&other)
            );
            Err(WireProblem::new(title, field))
        }
    }
}

fn text(json: Option<Json>, field: &str) -> Result<Option<Box<str>>, WireProblem> {
    Ok(word(json, field)?.map(String::into_boxed_str))
}

/// RFC 3339, or whole milliseconds since 1970; kept to the millisecond.
fn time(json: Option<Json>, field: &str, writer: Writer) -> Result<Option<Millis>, WireProblem> {
    let Some(json) = json.filter(|json| !json.is_null()) else {
        return Ok(None);
    };
    let read = match (writer, time::any_time(&json)) {
        (Writer::Record, Some(at)) => Ok(at),
        _ => parse_time(&json),
    };
    read.map(Some).map_err(|problem| {
        WireProblem::new(format!("{field} {problem}, got {}", shown(&json)), field)
    })
}

/// The start of a value, for a message.
fn shown(json: &Json) -> String {
    let text = json.to_string();
    if text.chars().count() <= 40 {
        text
    } else {
        text.chars().take(40).collect::<String>() + "…"
    }
}

#[cfg(test)]
mod tests;
