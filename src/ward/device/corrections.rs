//! A correction of one part of a pressure.

use super::Device;
use crate::vitals::{Frame, Millis, Observation, Pressure, Revision, Value, Vital};

/// The most pressures whose parts are remembered, to complete a correction of one part.
pub(super) const PRESSURES: usize = 16;

impl Device {
    /// A correction of one part of a pressure leaves its other parts unchanged: adds them to the
    /// frame, as they were sent for the same time. Remembers the parts for later corrections.
    pub(in crate::ward) fn complete_corrections(&mut self, frame: &mut Frame) {
        let times: Vec<_> =
            frame.readings.iter().map(|r| frame.taken_at(r).or(frame.sent_at)).collect();
        for (reading, taken_at) in frame.readings.iter_mut().zip(times) {
            let (Vital::Nibp, Some(taken_at)) = (reading.vital, taken_at) else { continue };
            let of_this = |(channel, at, _): &&mut (Option<Box<str>>, Millis, Pressure)| {
                (channel, *at) == (&reading.channel, taken_at)
            };
            let known = self.pressures.iter_mut().find(of_this);
            match (&mut reading.observation, reading.revision, known) {
                (
                    Observation::Measured(Value::Pressure(new), _),
                    Revision::Corrects,
                    Some(known),
                ) => {
                    let before = known.2;
                    new.systolic = new.systolic.or(before.systolic);
                    new.diastolic = new.diastolic.or(before.diastolic);
                    new.mean = new.mean.or(before.mean);
                    known.2 = *new;
                }
                (Observation::Measured(Value::Pressure(new), _), _, Some(known)) => known.2 = *new,
                (Observation::Measured(Value::Pressure(new), _), _, None) => {
                    if self.pressures.len() == PRESSURES {
                        self.pressures.pop_front();
                    }
                    self.pressures.push_back((reading.channel.clone(), taken_at, *new));
                }
                _ => {}
            }
        }
    }
}
