//! A monitor's frame as a recording holds it.

use serde_json::value::RawValue;
use serde_json::{Map, Value as Json};

use super::LineError;
use crate::room::Input;
use crate::vitals::wire::{FRAME_KEYS, IMPLAUSIBLE_KEY, Parsed, READING_KEYS, Refused, parse_time};
use crate::vitals::{DeviceId, Frame, Source};

fn has_no_readings(frame: &Map<String, Json>) -> bool {
    frame.get("readings").and_then(Json::as_array).is_some_and(Vec::is_empty)
}

/// When and in which run a frame without readings was said.
fn as_said(frame: Frame, keys: &Map<String, Json>) -> Frame {
    let time = |key| keys.get(key).and_then(|json| parse_time(json).ok());
    let boot = keys.get("boot").and_then(Json::as_str).map(Into::into);
    Frame { boot, sent_at: time("sent_at"), taken_at: time("taken_at"), ..frame }
}

pub(super) fn frame_input(raw: &RawValue, device: &DeviceId) -> Result<Input, LineError> {
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
