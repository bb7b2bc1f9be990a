//! A stored frame's readings in the shape of the contract, and their thinning.

use crate::contract::{Gap, Reading};
use crate::record::{Entry, Line, LineError};
use crate::room::Input;
use crate::vitals::{Frame, Millis, Vital};

/// The frame of an entry, with the time at which it was taken in. `None` for another input.
pub(super) fn frame_of(entry: &Entry) -> Result<Option<(Millis, Frame)>, LineError> {
    let (at, line) = Line::read(&entry.body)?;
    Ok(match line {
        Line::Input(Input::Frame(frame)) => Some((at, frame)),
        _ => None,
    })
}

/// Nothing was received for longer than this: a gap, not a pause between two values.
const GAP_MS: i64 = 10_000;

/// Readings as text, oldest first; with a step, the last of each vital in each step. A cuff
/// pressure is an event of its own and never left out.
#[derive(Debug, Default)]
pub(super) struct Readings {
    step_ms: Option<i64>,
    step: i64,
    /// Of the current step alone.
    held: Vec<Held>,
    text: String,
    count: usize,
    last_frame_at: Option<Millis>,
    gaps: Vec<Gap>,
}

#[derive(Debug)]
struct Held {
    of: (String, Vital, Option<Box<str>>),
    json: String,
}

impl Readings {
    /// None yet; `step_ms` thins them.
    pub(super) fn new(step_ms: Option<i64>) -> Self {
        Self { step_ms, ..Self::default() }
    }

    /// How many are kept so far.
    pub(super) fn count(&self) -> usize {
        self.count + self.held.len()
    }

    /// Adds a frame's.
    pub(super) fn add(&mut self, received_at: Millis, frame: &Frame) {
        if let Some(last) = self.last_frame_at.replace(received_at)
            && received_at.since(last) > GAP_MS
        {
            self.gaps.push(Gap { from: last, to: received_at });
        }
        for reading in &frame.readings {
            // The device's time of the reading, else when it was received.
            let taken_at = frame.taken_at(reading).unwrap_or(received_at);
            let shown = Reading {
                boot: frame.boot.as_deref(),
                ..Reading::of(&frame.device, reading, (taken_at, received_at))
            };
            // Numbers and texts cannot fail to be written.
            let json = serde_json::to_string(&shown).unwrap_or_default();
            match self.step_ms {
                None => self.push(&json),
                Some(step_ms) => {
                    let of =
                        (frame.device.as_str().to_owned(), reading.vital, reading.channel.clone());
                    self.hold(received_at.0.div_euclid(step_ms), Held { of, json });
                }
            }
        }
    }

    fn hold(&mut self, step: i64, new: Held) {
        if step != self.step {
            self.release();
            self.step = step;
        }
        if new.of.1 != Vital::Nibp {
            self.held.retain(|old| old.of != new.of);
        }
        self.held.push(new);
    }

    fn release(&mut self) {
        for held in std::mem::take(&mut self.held) {
            self.push(&held.json);
        }
    }

    fn push(&mut self, json: &str) {
        if self.count > 0 {
            self.text.push(',');
        }
        self.text.push_str(json);
        self.count += 1;
    }

    /// `{"readings":[…],"gaps":[{"from":…,"to":…}],"next":…}`.
    pub(super) fn into_json(mut self, next: Option<String>) -> String {
        self.release();
        let gaps = serde_json::to_string(&self.gaps).unwrap_or_default();
        let next = serde_json::Value::from(next);
        format!(r#"{{"readings":[{}],"gaps":{gaps},"next":{next}}}"#, self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(body: &str) -> Entry {
        Entry { body: body.to_owned(), ..Entry::default() }
    }

    fn shown(bodies: &[&str], step_ms: Option<i64>) -> String {
        let mut readings = Readings::new(step_ms);
        for body in bodies {
            let (at, frame) = frame_of(&entry(body)).unwrap().unwrap();
            readings.add(at, &frame);
        }
        readings.into_json(None).replace("},", "},\n")
    }

    #[test]
    fn each_reading_has_the_shape_of_the_contract() {
        insta::assert_snapshot!(shown(&[
            r#"{"at":1000,"device":"mon-3","frame":{"type":"readings","seq":1,"boot":"b","sent_at":900,"taken_at":800,
                "readings":[{"vital":"spo2","value":97},{"vital":"nibp","systolic":128,"diastolic":82,"mean":97,"taken_at":700}]}}"#,
            r#"{"at":2000,"device":"mon-3","frame":{"type":"readings","readings":[
                {"vital":"pulse_rate","value":72.5,"quality":"questionable","channel":"2","source":"simulator"},{"vital":"spo2","absent":"sensor_off"}]}}"#,
        ], None), @r#"
        {"readings":[{"vital":"spo2","value":97,"quality":"good","unit":"%","taken_at":800,"received_at":1000,"device":"mon-3","source":"monitor","boot":"b"},
        {"vital":"nibp","systolic":128,"diastolic":82,"mean":97,"quality":"good","unit":"mmHg","taken_at":700,"received_at":1000,"device":"mon-3","source":"monitor","boot":"b"},
        {"vital":"pulse_rate","value":72.5,"quality":"questionable","unit":"1/min","taken_at":2000,"received_at":2000,"device":"mon-3","source":"simulator","channel":"2"},
        {"vital":"spo2","absent":"sensor_off","taken_at":2000,"received_at":2000,"device":"mon-3","source":"monitor"}],"gaps":[],"next":null}
        "#);
    }

    #[test]
    fn what_was_late_when_it_came_says_so() {
        let body = |mark: &str| {
            format!(
                r#"{{"at":99,"device":"m","frame":{{"type":"readings","taken_at":1000,"readings":[{{"vital":"spo2","value":97{mark}}}]}}}}"#
            )
        };
        assert!(!shown(&[&body("")], None).contains("late"));
        assert!(shown(&[&body(r#","late":true"#)], None).contains(r#""late":true"#));
    }

    #[test]
    fn a_step_keeps_the_last_of_each_vital_and_every_cuff_pressure() {
        let body = |at: i64, reading: &str| {
            format!(
                r#"{{"at":{at},"device":"m","frame":{{"type":"readings","readings":[{reading}]}}}}"#
            )
        };
        let spo2 = |at: i64| body(at, &format!(r#"{{"vital":"spo2","value":{}}}"#, at / 1_000));
        let cuff = |at: i64| body(at, r#"{"vital":"nibp","mean":90}"#);
        let bodies = [spo2(11_000), cuff(12_000), cuff(13_000), spo2(19_000), spo2(20_000)];
        let bodies: Vec<_> = bodies.iter().map(String::as_str).collect();
        let json: serde_json::Value = serde_json::from_str(&shown(&bodies, Some(10_000))).unwrap();
        let at: Vec<_> =
            json["readings"].as_array().unwrap().iter().map(|r| r["received_at"].clone()).collect();
        assert_eq!(at, [12_000, 13_000, 19_000, 20_000]);
    }
}
