//! What a monitor says becomes what the room knows: on time or late, by this sensor or another.

use super::monitor::CuffTime;
use super::tasks::Why;
use super::{Aside, Latest, ManualVitals, Monitor, Output, Room};
use crate::profile::{Condition, ContinuousVital, Rule};
use crate::vitals::{
    Absent, DeviceId, Frame, LATE_AFTER_MS, Millis, Observation, Pressure, Quality, Reading,
    Source, Value, Vital,
};

/// Incidents of one kind that are remembered; no rule counts more.
const INCIDENTS: usize = 16;

impl Room {
    pub(super) fn hear(&mut self, frame: &Frame) {
        let at = self.now;
        let index = self.monitor_index(&frame.device);
        let differs_by_ms = self.clock_differs_by_ms();
        let monitor = &mut self.monitors[index];
        let is_of_cuff_alone =
            !frame.readings.is_empty() && frame.readings.iter().all(|r| r.vital == Vital::Nibp);
        let has_dropped = monitor.hear(at, is_of_cuff_alone);
        let sender_time = frame.sender_time();
        let delay_ms = sender_time.map_or(0, |sent| monitor.clock.delay_ms(sent, at));
        if let Some(by_ms) = differs_by_ms {
            monitor.compare_clocks(by_ms, at);
        }
        if has_dropped {
            note_incident(&mut self.drops, at);
        }
        for _ in 0..frame.implausible.min(INCIDENTS as u32) {
            note_incident(&mut self.refusals, at);
        }
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

    fn clock_differs_by_ms(&self) -> Option<i64> {
        match self.profile.row(Condition::ClockSkew)?.rule {
            Rule::ClockDiffers { by_s, .. } => Some(i64::from(by_s) * 1_000),
            _ => None,
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
        let vital = ContinuousVital::of(reading.vital)?;
        // Of two sources the preferred one counts while it is trusted, and else the other.
        let is_good =
            |source: Vital| self.latest.iter().any(|l| l.vital == source && l.is_good_at(self.now));
        let sources = vital.sources().iter();
        let mut preferred = sources.clone().take_while(|source| **source != reading.vital);
        if preferred.any(|source| is_good(*source)) {
            return None;
        }
        self.histories[vital as usize].note_heard(taken_at);
        let is_trusted_elsewhere = sources.clone().any(|source| is_good(*source));
        match reading.observation {
            Observation::Measured(Value::Number(value), Quality::Good) => {
                if vital == ContinuousVital::Spo2 {
                    self.inflation.signal_is_good(taken_at);
                }
                if reading.source != Source::Demo {
                    self.history_mut(vital).push(taken_at, value);
                    self.judge_continuous(vital);
                }
            }
            _ if is_trusted_elsewhere => {}
            _ => {
                self.history_mut(vital).note_bad(taken_at);
                if vital == ContinuousVital::Spo2 {
                    self.inflation.signal_is_bad(taken_at);
                }
            }
        }
        None
    }

    fn keep_cuff(&mut self, frame: &Frame, reading: &Reading, taken_at: Millis) {
        // A monitor goes on showing the number of a patient who has left.
        let left_at = self.ended_session.as_ref().map(|session| session.phase_since);
        if left_at.is_some_and(|left| taken_at < left) {
            return;
        }
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
        let (pressure, quality) = match reading.observation {
            Observation::Measured(Value::Pressure(pressure), quality) => (pressure, quality),
            // A cuff that inflates or failed leaves the last pressure standing, with its age.
            Observation::Absent(Absent::Measuring) => {
                self.inflation.begin(at);
                return None;
            }
            Observation::Absent(Absent::Failed) => {
                self.cuff_failed();
                return None;
            }
            _ => return None,
        };
        let cadence_ms = self.cadence_ms();
        let index = self.monitor_index(&frame.device);
        let taken_at = CuffTime { own: reading.taken_at, frame: frame.taken_at };
        if quality == Quality::Invalid {
            self.cuff_failed();
            return None;
        }
        let told_by_another = reading.taken_at.is_some_and(|own| {
            self.monitors
                .iter()
                .any(|other| other.device != frame.device && other.has_told(own, pressure))
        });
        let monitor = &mut self.monitors[index];
        let is_first = monitor.has_shown_no_cuff();
        let is_new = monitor.is_new_cuff_reading(pressure, taken_at, cadence_ms, at);
        let is_of_before = monitor.is_of_before(measured_at);
        if !is_new || told_by_another {
            return Some(Aside::Repeated);
        }
        // Without a clock of the frame, the first number that a monitor shows is as old as it
        // says; whether its clock is right, later ones tell.
        let is_undated = frame.sender_time().is_none();
        let own_age_ms = reading.taken_at.map_or(0, |own| at.since(own));
        if is_of_before || (is_first && is_undated && own_age_ms > LATE_AFTER_MS) {
            let measured_at = if is_undated { at.plus(-own_age_ms) } else { measured_at };
            self.keep_cuff(frame, reading, measured_at);
            return Some(Aside::Late);
        }
        self.keep_cuff(frame, reading, measured_at);
        if quality == Quality::Good && reading.source != Source::Demo {
            self.take_pressure(pressure, measured_at);
        } else {
            self.inflation.end(at);
        }
        None
    }

    fn cuff_failed(&mut self) {
        if self.inflation.fail(self.now) {
            self.want_cuff_reading(Why::Failed, self.now);
        }
    }

    /// A valid pressure, by a monitor or by hand.
    fn take_pressure(&mut self, pressure: Pressure, measured_at: Millis) {
        self.inflation.read(self.now);
        self.cuff.push(self.now, pressure);
        self.note_time_of_pressure(measured_at);
        self.cuff_reading_came(pressure);
        self.judge_cuff(true);
        self.cuff_reading_was_judged();
        if self.session.is_some() {
            self.outputs.push_back(Output::Session);
        }
    }

    /// What a person measured, `at` this time: it counts at once, unless it is old. Beside a
    /// monitor that gives the same vital it may be that number written down: then only what is
    /// urgent counts.
    pub(super) fn take_manual(&mut self, vitals: &ManualVitals, at: Millis) {
        let is_late = self.now.since(at) > LATE_AFTER_MS;
        for reading in vitals.readings() {
            let is_live = reading.vital != Vital::Nibp && self.has_value(reading.vital);
            if !is_live {
                self.show_by_hand(&reading, at);
            }
            let is_watched = matches!(reading.vital, Vital::Spo2 | Vital::HeartRate) && {
                let sources = ContinuousVital::of(reading.vital).map_or(&[][..], |v| v.sources());
                sources.iter().any(|source| self.has_value(*source))
            };
            if is_late {
                continue;
            }
            match (reading.observation, ContinuousVital::of(reading.vital)) {
                (Observation::Measured(Value::Pressure(pressure), _), _)
                    if !self.cuff.is_newest(pressure, at.plus(-self.cadence_ms())) =>
                {
                    self.take_pressure(pressure, at);
                }
                (Observation::Measured(Value::Number(value), _), Some(vital)) => {
                    self.judge_by_hand(vital, (value, at), is_watched);
                }
                _ => {}
            }
        }
    }

    fn show_by_hand(&mut self, reading: &Reading, at: Millis) {
        let latest = Latest::new(&Frame::by_hand(Vec::new()), reading, at);
        match self.latest.iter_mut().find(|known| known.vital == reading.vital) {
            Some(known) if known.heard_at <= at => *known = latest,
            Some(_) => {}
            None => self.latest.push(latest),
        }
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

fn note_incident(incidents: &mut std::collections::VecDeque<Millis>, at: Millis) {
    if incidents.len() == INCIDENTS {
        incidents.pop_front();
    }
    incidents.push_back(at);
}
