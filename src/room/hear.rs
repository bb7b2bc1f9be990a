//! What a monitor says becomes what the room knows: on time or late, by this sensor or another.

use super::monitor::CuffTime;
use super::{Aside, Latest, Monitor, Output, Room};
use crate::vitals::{
    DeviceId, Frame, LATE_AFTER_MS, Millis, Observation, Quality, Reading, Source, Value, Vital,
};

impl Room {
    pub(super) fn hear(&mut self, frame: &Frame) {
        let at = self.now;
        let index = self.monitor_index(&frame.device);
        let monitor = &mut self.monitors[index];
        monitor.hear(at);
        let sender_time = frame.sender_time();
        let delay_ms = sender_time.map_or(0, |sent| monitor.clock.delay_ms(sent, at));
        for (index, reading) in frame.readings.iter().enumerate() {
            let taken = frame.taken_at(reading).zip(sender_time);
            let waited_ms = taken.map_or(0, |(taken, sent)| sent.since(taken).max(0));
            let age_ms = waited_ms + delay_ms;
            let aside = if waited_ms > LATE_AFTER_MS || delay_ms > LATE_AFTER_MS {
                if reading.vital == Vital::Nibp {
                    // The last pressure is shown with its age, however old; it is not judged.
                    self.keep_cuff(frame, reading, at.plus(-age_ms));
                }
                Some(Aside::Late)
            } else if reading.vital == Vital::Nibp {
                self.hear_cuff(frame, reading, at.plus(-age_ms))
            } else {
                self.hear_continuous(frame, reading, at.plus(-age_ms))
            };
            if let Some(aside) = aside {
                self.outputs.push_back(Output::Aside(index, aside));
            }
        }
    }

    fn hear_continuous(
        &mut self,
        frame: &Frame,
        reading: &Reading,
        taken_at: Millis,
    ) -> Option<Aside> {
        // A pulse counted by the cuff is one value an inflation, not a continuous one.
        let is_by_cuff = reading.channel.as_deref() == Some("cuff");
        if is_by_cuff {
            return Some(Aside::Outranked);
        }
        if let Some(aside) = self.keep_latest(frame, reading, taken_at) {
            return Some(aside);
        }
        let Observation::Measured(Value::Number(value), Quality::Good) = reading.observation else {
            return None;
        };
        if reading.source == Source::Demo {
            return None;
        }
        match reading.vital {
            Vital::Spo2 => self.spo2.push(taken_at, value),
            Vital::HeartRate => self.heart_rate.push(taken_at, value),
            Vital::PulseRate if !self.has_value(Vital::HeartRate) => {
                self.heart_rate.push(taken_at, value);
            }
            _ => return None,
        }
        self.judge_held(reading.vital);
        None
    }

    fn keep_cuff(&mut self, frame: &Frame, reading: &Reading, taken_at: Millis) {
        let is_value = !matches!(
            reading.observation,
            Observation::Absent(_) | Observation::Measured(_, Quality::Invalid)
        );
        if is_value {
            let _ = self.keep_latest(frame, reading, taken_at);
        }
    }

    fn hear_cuff(
        &mut self,
        frame: &Frame,
        reading: &Reading,
        measured_at: Millis,
    ) -> Option<Aside> {
        let at = self.now;
        let Observation::Measured(Value::Pressure(pressure), quality) = reading.observation else {
            // A cuff that inflates or failed leaves the last pressure standing, with its age.
            return None;
        };
        let cadence_ms = self.cadence_ms();
        let index = self.monitor_index(&frame.device);
        let taken_at = CuffTime { own: reading.taken_at, frame: frame.taken_at };
        let monitor = &mut self.monitors[index];
        if quality == Quality::Invalid {
            return None;
        }
        if !monitor.is_new_cuff_reading(pressure, taken_at, cadence_ms, at) {
            return Some(Aside::Repeated);
        }
        self.keep_cuff(frame, reading, measured_at);
        if quality == Quality::Good && reading.source != Source::Demo {
            self.cuff.push(at, pressure);
            self.judge_cuff();
            if self.session.is_some() {
                self.outputs.push_back(Output::Session);
            }
        }
        None
    }

    /// Notes what was said last of a vital, unless another sensor has the word or something newer
    /// is known.
    fn keep_latest(&mut self, frame: &Frame, reading: &Reading, at: Millis) -> Option<Aside> {
        match self.latest.iter_mut().find(|latest| latest.vital == reading.vital) {
            Some(latest) if latest.outranks(frame, reading, self.now) => Some(Aside::Outranked),
            Some(latest) if latest.heard_at > at => Some(Aside::Late),
            Some(latest) => {
                latest.update(frame, reading, at);
                None
            }
            None => {
                self.latest.push(Latest::new(frame, reading, at));
                None
            }
        }
    }

    pub(super) fn monitor_index(&mut self, device: &DeviceId) -> usize {
        let known = self.monitors.iter().position(|monitor| monitor.device == *device);
        known.unwrap_or_else(|| {
            self.monitors.push(Monitor::new(device.clone(), self.now));
            self.outputs.push_back(Output::Monitor(device.clone()));
            self.monitors.len() - 1
        })
    }
}
