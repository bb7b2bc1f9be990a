//! Frames as JSON (protocols.md#frames, design.md#recordings): one reader for monitors outside the
//! process, recordings and the journal, and one writer.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value as Json;

use super::plausibility::{check_number, check_pressure};
use super::{
    Absent, Bound, Decimal, DeviceId, Frame, Millis, Observation, Pressure, Quality, Reading,
    Revision, Source, Value, Vital,
};

/// Times end with the year 9999.
pub(super) const YEAR_10000_MS: i64 = 253_402_300_800_000;
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
    /// The frame's number, when it could be read.
    pub seq: Option<u64>,
    /// Why.
    pub problem: WireProblem,
    /// What is left when its values were impossible ones: a frame that says only how many.
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

/// Who wrote a frame: what may be said now is stricter than what was said once and stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Writer {
    /// An adapter, now.
    Adapter,
    /// This program, perhaps an earlier version of it.
    Record,
}

/// In what is recorded: how many values of the frame were refused as impossible. No monitor says
/// so of itself.
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

    /// Reads a frame of a recording or the journal: earlier versions took times that are refused
    /// today, and what they stored stays readable and means what it meant.
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
    let read = match (writer, any_time(&json)) {
        (Writer::Record, Some(at)) => Ok(at),
        _ => parse_time(&json),
    };
    read.map(Some).map_err(|problem| {
        WireProblem::new(format!("{field} {problem}, got {}", shown(&json)), field)
    })
}

/// Why a time of the contract cannot be read. Follows the name of what holds it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TimeProblem {
    /// Neither form, or outside the years 1970 to 9999.
    #[error("must be RFC 3339 or whole milliseconds since 1970")]
    NotATime,
    /// The number of seconds of some day between 2000 and 2100, which as milliseconds would be a
    /// day early in 1970.
    #[error(
        "must be whole milliseconds since 1970; this number can only be seconds: multiply it by 1000"
    )]
    Seconds,
}

/// The years 2000 to 2100 as seconds since 1970.
const SECONDS_OF_TODAY: std::ops::Range<i64> = 946_684_800..4_102_444_800;

/// A time of the contract: RFC 3339, or whole milliseconds since 1970 (years 1970 to 9999). A
/// number that can only be seconds is refused: as milliseconds it would silently be January 1970.
pub fn parse_time(json: &Json) -> Result<Millis, TimeProblem> {
    if json.as_i64().is_some_and(|number| SECONDS_OF_TODAY.contains(&number)) {
        return Err(TimeProblem::Seconds);
    }
    any_time(json).ok_or(TimeProblem::NotATime)
}

fn any_time(json: &Json) -> Option<Millis> {
    let ms = match json {
        Json::String(text) => text.parse::<jiff::Timestamp>().ok()?.as_millisecond(),
        other => other.as_i64()?,
    };
    (0..YEAR_10000_MS).contains(&ms).then_some(Millis(ms))
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
    /// The reading as frames carry it; what is as usual is left out.
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

/// Writes what a reading says beside its value: that it is a bound, that it corrects or withdraws
/// an earlier one. Nothing for a plain one.
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

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: &str) -> Result<Parsed, Refused> {
        Parsed::read(json, &DeviceId::new("mon-3").unwrap(), Source::Monitor)
    }

    #[test]
    fn a_frame_of_the_contract_is_read_and_written_again() {
        let json = r#"{"type":"readings","seq":17,"boot":"7f3a","sent_at":"2026-11-21T12:00:00.050Z",
            "taken_at":1795262400000,"readings":[{"vital":"spo2","value":97},
            {"vital":"pulse_rate","value":72.5,"quality":"questionable"},
            {"vital":"nibp","systolic":128,"diastolic":82,"taken_at":"2026-11-21T11:58:30Z"}]}"#;
        let parsed = read(json).unwrap();
        assert!(parsed.problems.is_empty());
        insta::assert_snapshot!(serde_json::to_string(&parsed.frame).unwrap(), @r#"{"type":"readings","seq":17,"boot":"7f3a","sent_at":1795262400050,"taken_at":1795262400000,"readings":[{"vital":"spo2","value":97},{"vital":"pulse_rate","value":72.5,"quality":"questionable"},{"vital":"nibp","systolic":128,"diastolic":82,"taken_at":1795262310000}]}"#);
        let again = read(&serde_json::to_string(&parsed.frame).unwrap()).unwrap();
        assert_eq!(again.frame, parsed.frame);
    }

    #[test]
    fn what_a_frame_may_hold_is_bounded() {
        let spo2 = r#"{"vital":"spo2","value":97}"#;
        let frame = |count: usize, boot: usize| {
            let readings = vec![spo2; count].join(",");
            let boot = "b".repeat(boot);
            format!(r#"{{"type":"readings","seq":1,"boot":"{boot}","readings":[{readings}]}}"#)
        };
        let read = |count, boot| read(&frame(count, boot)).is_ok();
        assert!(read(MAX_READINGS, LONGEST_TEXT_BYTES));
        assert!(!read(MAX_READINGS + 1, 1) && !read(1, LONGEST_TEXT_BYTES + 1));
    }

    #[test]
    fn a_status_is_an_absent_reading() {
        let parsed = read(r#"{"type":"status","seq":18,"vital":"spo2","status":"sensor_off"}"#);
        let readings = parsed.unwrap().frame.readings;
        assert_eq!(readings, [Reading::absent(Vital::Spo2, Absent::SensorOff)]);
        let cuff_word = read(r#"{"type":"status","seq":18,"vital":"spo2","status":"measuring"}"#);
        assert!(cuff_word.is_err());
    }

    #[test]
    fn the_usable_part_of_a_frame_is_kept() {
        let json = r#"{"type":"readings","seq":19,"readings":[{"vital":"spo2","value":130},
            {"vital":"pulse_rate","value":72}]}"#;
        let parsed = read(json).unwrap();
        assert_eq!(parsed.frame.readings.len(), 1);
        assert_eq!(parsed.frame.implausible, 1);
        let problem = WireProblem::new("spo2 must be 1..=100, got 130", "readings[0].value");
        assert_eq!(parsed.problems, [problem]);
    }

    #[test]
    fn a_frame_without_anything_usable_is_refused_with_its_number() {
        let refused = |json| {
            let refused = read(json).unwrap_err();
            (refused.seq, refused.problem.title)
        };
        assert_eq!(
            refused(r#"{"type":"readings","seq":20,"readings":[{"vital":"spo2","value":130}]}"#),
            (Some(20), "no usable reading: spo2 must be 1..=100, got 130".to_owned())
        );
        assert_eq!(
            refused(r#"{"type":"readings","seq":21,"readings":[]}"#).1,
            "readings must hold at least one reading"
        );
        assert_eq!(
            refused(r#"{"type":"hello","seq":22}"#).1,
            "type must be readings or status, got \"hello\""
        );
        for json in ["", "[]", "{}", "nonsense", r#"{"type":7}"#, r#"{"seq":-1,"type":"status"}"#] {
            assert!(refused(json).1.starts_with("not a frame"), "{json}");
        }
    }

    #[test]
    fn a_bound_a_correction_and_a_withdrawal_are_read_and_written_again() {
        let json = r#"{"type":"readings","readings":[{"vital":"spo2","value":70,"bound":"below"},
            {"vital":"nibp","systolic":124,"corrects":1795262310000},
            {"vital":"pulse_rate","value":72,"taken_at":1795262310000,"corrects":true},
            {"vital":"nibp","taken_at":1795262310000,"withdrawn":true}]}"#;
        let readings = read(json).unwrap().frame.readings;
        assert_eq!(readings[0].bound, Some(Bound::Below));
        let said = readings.iter().map(|r| (r.revision, r.taken_at)).collect::<Vec<_>>();
        let at = Some(Millis(1_795_262_310_000));
        let expected = [
            (Revision::New, None),
            (Revision::Corrects, at),
            (Revision::Corrects, at),
            (Revision::Withdraws, at),
        ];
        assert_eq!(said, expected);
        assert_eq!(readings[3].observation, Observation::Absent(Absent::Invalid));
        let frame = Frame { readings, ..read(json).unwrap().frame };
        let again = read(&serde_json::to_string(&frame).unwrap()).unwrap();
        assert_eq!(again.frame, frame);

        for reading in [
            r#"{"vital":"spo2","value":70,"bound":"<"}"#,
            r#"{"vital":"spo2","value":70,"withdrawn":"yes"}"#,
            r#"{"vital":"spo2","value":70,"withdrawn":true,"corrects":true}"#,
            r#"{"vital":"spo2","corrects":true}"#,
        ] {
            let json = format!(r#"{{"type":"readings","readings":[{reading}]}}"#);
            assert!(read(&json).is_err(), "{reading}");
        }
    }

    #[test]
    fn seconds_are_never_taken_for_milliseconds() {
        for (place, frame) in [
            ("taken_at", r#""taken_at":1795262400,"readings":[{"vital":"spo2","value":97}]"#),
            ("sent_at", r#""sent_at":946684800,"readings":[{"vital":"spo2","value":97}]"#),
            (
                "readings[0].taken_at",
                r#""readings":[{"vital":"spo2","value":97,"taken_at":4102444799}]"#,
            ),
        ] {
            let refused = read(&format!(r#"{{"type":"readings","seq":4,{frame}}}"#)).unwrap_err();
            assert_eq!(refused.problem.field.as_deref(), Some(place));
            assert!(refused.problem.title.contains("can only be seconds"), "{refused}");
        }
        assert_eq!(parse_time(&Json::from(5_000)), Ok(Millis(5_000)), "a recording may start at 0");
        assert_eq!(parse_time(&Json::from(1_795_262_400_000i64)), Ok(Millis(1_795_262_400_000)));
        assert_eq!(parse_time(&Json::from("1795262400000")), Err(TimeProblem::NotATime));
        let stored =
            r#"{"type":"readings","taken_at":1795262400,"readings":[{"vital":"spo2","value":97}]}"#;
        let device = DeviceId::new("mon-3").unwrap();
        let read = Parsed::read_stored(stored, &device, Source::Monitor).unwrap();
        assert_eq!(read.frame.taken_at, Some(Millis(1_795_262_400)), "as it was taken then");
    }

    #[test]
    fn a_missing_value_is_never_a_number() {
        for reading in [
            r#"{"vital":"spo2"}"#,
            r#"{"vital":"spo2","value":null}"#,
            r#"{"vital":"spo2","value":"97"}"#,
            r#"{"vital":"nibp"}"#,
            r#"{"vital":"nibp","value":120}"#,
            r#"{"vital":"glucose","value":5}"#,
            r#"{"vital":"spo2","value":97,"taken_at":"yesterday"}"#,
        ] {
            let json = format!(r#"{{"type":"readings","seq":1,"readings":[{reading}]}}"#);
            assert!(read(&json).is_err(), "{reading}");
        }
    }
}
