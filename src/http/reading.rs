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

/// If nothing was received for longer than this, it is a gap, not a pause between two values.
const GAP_MS: i64 = 10_000;

/// Readings as text, oldest first; with a step, the last of each vital in each step. A cuff
/// pressure is an event of its own and never left out.
#[derive(Debug, Default)]
pub(super) struct Readings {
    step_ms: Option<i64>,
    step: i64,
    /// The readings of the current step.
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

    /// Adds the readings of a frame.
    pub(super) fn add(&mut self, received_at: Millis, frame: &Frame) {
        if let Some(last) = self.last_frame_at.replace(received_at)
            && received_at.since(last) > GAP_MS
        {
            self.gaps.push(Gap { from: last, to: received_at });
        }
        for reading in &frame.readings {
            // The device's time of the reading, otherwise when it was received.
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
mod tests;
