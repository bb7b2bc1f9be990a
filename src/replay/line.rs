//! The lines of a recording, which are also the entries of a room's chain (design.md#recordings).

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value as Json, json};

use crate::contract::Patient;
use crate::json::{self, Mismatch};
use crate::profile::{Profile, builtin, builtin_names};
use crate::room::{AlertLine, EVENT_TYPES, Event, Input, Link, Opening, Outcome, Phase, Room};
use crate::vitals::wire::{FRAME_KEYS, IMPLAUSIBLE_KEY, Parsed, READING_KEYS, Refused, parse_time};
use crate::vitals::{DeviceId, Frame, Millis, RoomId, SessionId, Source};

/// The first line of a recording.
#[derive(Clone, Debug, PartialEq)]
pub struct Header {
    /// The room.
    pub room: RoomId,
    /// What alarms.
    pub profile: Arc<Profile>,
    /// Whom.
    pub patient: Patient,
}

/// One line after the header.
#[derive(Clone, Debug, PartialEq)]
pub enum Line {
    /// Something that the room took.
    Input(Input),
    /// The whole state of the room.
    Checkpoint(Box<Room>),
    /// What was shown then, by which version. Replay compares, and otherwise ignores it.
    Alert(AlertLine),
    /// Time passed until here, and nothing more is known.
    End,
}

/// A line that is not one of a recording.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct LineError {
    what: String,
    /// The field of an event that is wrong, when it is one.
    pub field: Option<String>,
}

impl LineError {
    fn new(what: impl Into<String>) -> Self {
        Self { what: what.into(), field: None }
    }

    fn of(field: &str, what: impl Into<String>) -> Self {
        Self { what: what.into(), field: Some(field.to_owned()) }
    }
}

impl From<Mismatch> for LineError {
    fn from(Mismatch { field, what, .. }: Mismatch) -> Self {
        Self { what, field }
    }
}

impl From<serde_json::Error> for LineError {
    fn from(error: serde_json::Error) -> Self {
        // The position within the line says little; what was wrong says all.
        Self::new(json::what(&error))
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawHeader<'a> {
    #[serde(rename = "type")]
    kind: String,
    version: u32,
    room: RoomId,
    #[serde(borrow)]
    profile: &'a RawValue,
    #[serde(default)]
    patient: Patient,
}

impl Header {
    /// Reads the first line.
    pub fn read(json: &str) -> Result<Self, LineError> {
        let raw: RawHeader<'_> = serde_json::from_str(json)?;
        if raw.kind != "recording" {
            return Err(LineError::new(format!("type must be recording, got {:?}", raw.kind)));
        }
        if raw.version != 1 {
            let found = raw.version;
            return Err(LineError::new(format!(
                "the recording has version {found}, this program reads version 1"
            )));
        }
        Ok(Self { room: raw.room, profile: profile(raw.profile)?, patient: raw.patient })
    }
}

/// A built-in's name, or the whole profile.
fn profile(raw: &RawValue) -> Result<Arc<Profile>, LineError> {
    if let Ok(name) = serde_json::from_str::<String>(raw.get()) {
        return builtin(&name).ok_or_else(|| {
            let known: Vec<_> = builtin_names().collect();
            LineError::new(format!(
                "profile {name:?} is not one of this version ({})",
                known.join(", ")
            ))
        });
    }
    let profile: Profile = serde_json::from_str(raw.get()).map_err(|error| {
        LineError::new(format!("profile cannot be read by this version: {error}"))
    })?;
    let checked = profile.checked().map_err(|problems| {
        let texts: Vec<_> = problems.iter().map(ToString::to_string).collect();
        LineError::new(format!("profile: {}", texts.join("; ")))
    })?;
    Ok(Arc::new(checked))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawLine<'a> {
    at: Json,
    device: Option<DeviceId>,
    #[serde(borrow)]
    frame: Option<&'a RawValue>,
    link: Option<String>,
    staff: Option<String>,
    open: Option<RawOpening<'a>>,
    event: Option<Map<String, Json>>,
    acknowledge: Option<String>,
    outcome: Option<RawOutcome>,
    silence: Option<RawSilence>,
    received: Option<String>,
    watched: Option<bool>,
    restart: Option<RawRestart>,
    #[serde(borrow)]
    profile: Option<&'a RawValue>,
    clock_step_ms: Option<i64>,
    moves_at: Option<bool>,
    gap: Option<RawGap>,
    checkpoint: Option<Json>,
    engine: Option<String>,
    alert: Option<AlertLine>,
    end: Option<bool>,
    #[serde(rename = "seq")]
    _seq: Option<u64>,
    #[serde(rename = "hash")]
    _hash: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOpening<'a> {
    session: SessionId,
    #[serde(borrow)]
    profile: &'a RawValue,
    planned_s: u32,
    phase: Phase,
    #[serde(rename = "patient")]
    _patient: Option<Patient>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawOutcome {
    alert: String,
    outcome: Outcome,
    #[serde(rename = "note")]
    _note: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawSilence {
    alert: String,
    seconds: u32,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRestart {
    blind_from: Millis,
    blind_to: Millis,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGap {
    from: Millis,
    to: Millis,
    reason: String,
}

impl Line {
    /// Reads a line after the header, with its time.
    pub fn read(json: &str) -> Result<(Millis, Self), LineError> {
        let raw: RawLine<'_> = serde_json::from_str(json)?;
        let at = parse_time(&raw.at)
            .map_err(|problem| LineError::new(format!("at {problem}, got {}", raw.at)))?;
        Ok((at, raw.line()?))
    }
}

impl RawLine<'_> {
    fn line(self) -> Result<Line, LineError> {
        if let Some(alert) = self.alert {
            let engine = self.engine.is_some();
            return engine
                .then_some(Line::Alert(alert))
                .ok_or_else(|| LineError::new("an alert line names its engine"));
        }
        if let Some(json) = self.checkpoint {
            let room = Room::from_checkpoint(&json).map_err(|e| LineError::new(e.to_string()))?;
            return Ok(Line::Checkpoint(Box::new(room)));
        }
        if self.end == Some(true) {
            return Ok(Line::End);
        }
        self.input().map(Line::Input)
    }

    fn input(self) -> Result<Input, LineError> {
        if let Some(device) = self.device {
            return match (self.frame, self.link) {
                (Some(frame), None) => frame_input(frame, &device),
                (None, Some(link)) => Ok(Input::Link { device, link: link_of(&link)? }),
                _ => Err(LineError::new("a device line has either frame or link")),
            };
        }
        if let Some(watched) = self.watched {
            return Ok(Input::Watched(watched));
        }
        if let Some(alert) = self.received {
            return Ok(Input::Received { alert });
        }
        if let Some(RawRestart { blind_from, blind_to }) = self.restart {
            return Ok(Input::Restart { blind_from, blind_to });
        }
        if let Some(raw) = self.profile {
            return Ok(Input::Profile(profile(raw)?));
        }
        if let Some(ms) = self.clock_step_ms {
            return Ok(Input::ClockStep { ms, moves_at: self.moves_at.unwrap_or(false) });
        }
        if let Some(RawGap { from, to, reason }) = self.gap {
            return Ok(Input::Gap { from, to, reason });
        }
        let staff = self.staff.ok_or_else(|| LineError::new("the line says nothing known"))?;
        if let Some(alert) = self.acknowledge {
            return Ok(Input::Acknowledge { staff, alert });
        }
        if let Some(RawOutcome { alert, outcome, .. }) = self.outcome {
            return Ok(Input::Outcome { staff, alert, outcome });
        }
        if let Some(RawSilence { alert, seconds }) = self.silence {
            return Ok(Input::Silence { staff, alert, seconds });
        }
        if let Some(raw) = self.open {
            return Ok(Input::Open(Opening {
                session: raw.session,
                profile: profile(raw.profile)?,
                planned_s: raw.planned_s,
                phase: raw.phase,
                staff,
            }));
        }
        let event = self.event.ok_or_else(|| {
            LineError::new("a staff line has event, acknowledge, outcome, silence or open")
        })?;
        let (event, occurred_at) = read_event(event)?;
        Ok(Input::Staff { staff, event, occurred_at })
    }
}

/// An event as staff post it or a recording holds it, with the time at which it was done.
pub(crate) fn read_event(
    mut event: Map<String, Json>,
) -> Result<(Event, Option<Millis>), LineError> {
    let occurred_at = match event.remove("occurred_at") {
        None | Some(Json::Null) => None,
        Some(time) => Some(parse_time(&time).map_err(|problem| {
            LineError::of("occurred_at", format!("occurred_at {problem}, got {time}"))
        })?),
    };
    match event.get("type").and_then(Json::as_str) {
        Some(kind) if EVENT_TYPES.contains(&kind) => {}
        other => {
            let got = other.map_or_else(|| "none".to_owned(), |kind| format!("{kind:?}"));
            let known = EVENT_TYPES.join(", ");
            let what = format!("event type must be one of {known}, got {got}");
            return Err(LineError::of("type", what));
        }
    }
    Ok((json::read(Json::Object(event))?, occurred_at))
}

fn has_no_readings(frame: &Map<String, Json>) -> bool {
    frame.get("readings").and_then(Json::as_array).is_some_and(Vec::is_empty)
}

/// When and in which run a frame without readings was said.
fn as_said(frame: Frame, keys: &Map<String, Json>) -> Frame {
    let time = |key| keys.get(key).and_then(|json| parse_time(json).ok());
    let boot = keys.get("boot").and_then(Json::as_str).map(Into::into);
    Frame { boot, sent_at: time("sent_at"), taken_at: time("taken_at"), ..frame }
}

fn frame_input(raw: &RawValue, device: &DeviceId) -> Result<Input, LineError> {
    let mut keys: Map<String, Json> = serde_json::from_str(raw.get())?;
    let recorded = keys.remove(IMPLAUSIBLE_KEY).and_then(|count| count.as_u64()).unwrap_or(0);
    let recorded = u32::try_from(recorded).unwrap_or(u32::MAX);
    known_keys(&keys, &FRAME_KEYS, "frame")?;
    for reading in keys.get("readings").and_then(Json::as_array).into_iter().flatten() {
        let Some(reading) = reading.as_object() else {
            continue;
        };
        known_keys(reading, &READING_KEYS, "reading")?;
    }
    // A monitor may have sent values that no living patient has: they were refused and counted,
    // and so they are again. Anything else is a mistake of who wrote the line.
    let (frame, problems) = match Parsed::read_stored(raw.get(), device, Source::Monitor) {
        Ok(Parsed { frame, problems }) => (frame, problems),
        Err(Refused { frame: Some(frame), .. }) => (*frame, Vec::new()),
        // Or it said nothing that was understood, and was heard all the same.
        Err(Refused { seq, .. }) if recorded > 0 || has_no_readings(&keys) => {
            let frame = Frame { device: device.clone(), seq, ..Frame::by_hand(Vec::new()) };
            (as_said(frame, &keys), Vec::new())
        }
        Err(refused) => return Err(LineError::new(refused.problem.title)),
    };
    if problems.len() > frame.implausible as usize
        && let Some(problem) = problems.into_iter().next()
    {
        return Err(LineError::new(problem.title));
    }
    let implausible = frame.implausible.saturating_add(recorded);
    Ok(Input::Frame(Frame { implausible, ..frame }))
}

fn known_keys(map: &Map<String, Json>, known: &[&str], what: &str) -> Result<(), LineError> {
    match map.keys().find(|key| !known.contains(&key.as_str())) {
        Some(key) => Err(LineError::new(format!(
            "unknown field `{key}` in the {what}, expected one of {}",
            known.join(", ")
        ))),
        None => Ok(()),
    }
}

fn link_of(word: &str) -> Result<Link, LineError> {
    Ok(match word {
        "up" => Link::Up,
        "down" => Link::Down,
        "unbound" => Link::Unbound,
        "bound" => Link::Bound,
        "conflict" => Link::Conflict,
        other => {
            return Err(LineError::new(format!(
                "link must be up, down, bound, unbound or conflict, got {other:?}"
            )));
        }
    })
}

/// The header of a recording.
#[must_use]
pub fn write_header(header: &Header) -> String {
    json!({"type": "recording", "version": 1, "room": header.room,
           "profile": *header.profile, "patient": header.patient})
    .to_string()
}

/// The line of an input.
#[must_use]
pub fn write_input(at: Millis, input: &Input) -> String {
    #[derive(Serialize)]
    struct FrameLine<'a> {
        at: Millis,
        device: &'a DeviceId,
        frame: &'a crate::vitals::Frame,
    }
    let line = match input {
        Input::Frame(frame) => {
            let line = FrameLine { at, device: &frame.device, frame };
            // A frame of numbers and texts cannot fail to be written.
            return serde_json::to_string(&line).unwrap_or_default();
        }
        Input::Link { device, link } => {
            let link = match link {
                Link::Up => "up",
                Link::Down => "down",
                Link::Unbound => "unbound",
                Link::Bound => "bound",
                Link::Conflict => "conflict",
            };
            json!({"at": at, "device": device, "link": link})
        }
        Input::Open(opening) => json!({"at": at, "staff": opening.staff, "open": {
            "session": opening.session, "profile": *opening.profile,
            "planned_s": opening.planned_s, "phase": opening.phase}}),
        Input::Staff { staff, event, occurred_at } => {
            let mut line = json!({"at": at, "staff": staff, "event": event});
            if let Some(occurred_at) = occurred_at {
                line["event"]["occurred_at"] = json!(occurred_at);
            }
            line
        }
        Input::Acknowledge { staff, alert } => {
            json!({"at": at, "staff": staff, "acknowledge": alert})
        }
        Input::Outcome { staff, alert, outcome } => {
            json!({"at": at, "staff": staff, "outcome": {"alert": alert, "outcome": outcome}})
        }
        Input::Silence { staff, alert, seconds } => {
            json!({"at": at, "staff": staff, "silence": {"alert": alert, "seconds": seconds}})
        }
        Input::Received { alert } => json!({"at": at, "received": alert}),
        Input::Watched(watched) => json!({"at": at, "watched": watched}),
        Input::Restart { blind_from, blind_to } => {
            json!({"at": at, "restart": {"blind_from": blind_from, "blind_to": blind_to}})
        }
        Input::Profile(profile) => json!({"at": at, "profile": **profile}),
        Input::ClockStep { ms, moves_at: false } => json!({"at": at, "clock_step_ms": ms}),
        Input::ClockStep { ms, moves_at: true } => {
            json!({"at": at, "clock_step_ms": ms, "moves_at": true})
        }
        Input::Gap { from, to, reason } => {
            json!({"at": at, "gap": {"from": from, "to": to, "reason": reason}})
        }
    };
    line.to_string()
}

/// The line of a room's whole state.
#[must_use]
pub fn write_checkpoint(at: Millis, room: &Room) -> String {
    json!({"at": at, "checkpoint": room.checkpoint()}).to_string()
}

/// The line of what was shown, by this version.
#[must_use]
pub fn write_alert(line: &AlertLine) -> String {
    json!({"at": line.at, "engine": env!("CARGO_PKG_VERSION"), "alert": line}).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_frame_of_which_every_value_was_refused_is_read_as_it_was_written() {
        let line = r#"{"at":1795262400000,"device":"m","frame":{"type":"readings","boot":"7f3a","sent_at":1795262399000,"implausible":1,"readings":[]}}"#;
        let Ok((at, Line::Input(input))) = Line::read(line) else { panic!("not read") };
        assert_eq!(write_input(at, &input), line);
    }
}
