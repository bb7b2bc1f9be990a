//! What a monitor says becomes what the room knows: on time or late, from this sensor or another.

use super::latest::Times;
use super::{Latest, NotLive, Output, Room};
use crate::rules::{Condition, ContinuousVital, Rule};
use crate::vitals::{
    Absent, CUFF_CHANNEL, Frame, LATE_AFTER_MS, Millis, Observation, Quality, Reading, Revision,
    Source, Timing, Value, Vital,
};

/// Incidents of one kind that are remembered; no rule counts more.
const INCIDENTS: usize = 16;
impl Room {
    pub(super) fn ingest(&mut self, frame: &Frame) {
        let at = self.now;
        let index = self.monitor_index(&frame.device);
        let differs_by_ms = self.clock_differs_by_ms();
        let monitor = &mut self.bedside.monitors[index];
        let is_of_cuff_alone =
            !frame.readings.is_empty() && frame.readings.iter().all(|r| r.vital == Vital::Nibp);
        let (has_dropped, timing) = monitor.ingest(frame, at, is_of_cuff_alone);
        if let Some(by_ms) = differs_by_ms {
            monitor.compare_clocks(by_ms, at);
        }
        if has_dropped {
            note_incident(&mut self.stay.drops, at);
        }
        for _ in 0..frame.implausible.min(INCIDENTS as u32) {
            note_incident(&mut self.stay.refusals, at);
            self.stay.inflation.value_was_refused(at);
        }
        self.hear_pulse_first(frame, timing);
        for (index, reading) in frame.readings.iter().enumerate() {
            let aside = if reading.vital == Vital::Nibp {
                self.ingest_cuff(frame, reading, timing)
            } else {
                match self.times_of(frame, reading, timing) {
                    Some(times) if reading.revision == Revision::New => {
                        self.ingest_continuous(frame, reading, times)
                    }
                    Some(times) => self.revise_continuous(frame, index, times),
                    None => Some(NotLive::Late),
                }
            };
            if let Some(aside) = aside {
                self.outputs.push_back(Output::NotLive(index, aside));
            }
        }
        self.judge_waiting_cuff(&frame.device);
    }

    fn clock_differs_by_ms(&self) -> Option<i64> {
        match &self.stay.profile.row(Condition::ClockSkew)?.rule {
            Rule::ClockDiffers(rule) => Some(i64::from(rule.by_s) * 1_000),
            _ => None,
        }
    }

    /// When a continuous reading was taken, by our clock; `None` when it is late.
    fn times_of(&self, frame: &Frame, reading: &Reading, timing: Timing) -> Option<Times> {
        let at = self.now;
        let Timing::Live { delay_ms } = timing else { return None };
        let behind_ms = match (reading.taken_at, frame.newest_data_at()) {
            (Some(own), Some(newest)) => newest.since(own).max(0),
            _ => 0,
        };
        if reading.is_late || behind_ms > LATE_AFTER_MS {
            return None;
        }
        let heard_at = at.plus(-delay_ms - behind_ms);
        let monitor = self.bedside.monitors.iter().find(|monitor| monitor.device == frame.device);
        let given = reading.taken_at.or(frame.taken_at);
        let corrected =
            given.zip(monitor).map(|(stamp, monitor)| monitor.clocks.corrected(stamp, at));
        let taken_at = corrected.unwrap_or(heard_at);
        Some(Times { heard_at, taken_at, device_taken_at: given.filter(|own| *own != taken_at) })
    }

    /// When a reading was taken, by our clock, as far as its device says; else now.
    #[must_use]
    pub fn taken_at(&self, frame: &Frame, reading: &Reading) -> Millis {
        let monitor = self.bedside.monitors.iter().find(|monitor| monitor.device == frame.device);
        let given = reading.taken_at.or(frame.taken_at);
        let corrected =
            given.zip(monitor).map(|(stamp, monitor)| monitor.clocks.corrected(stamp, self.now));
        corrected.unwrap_or(self.now)
    }

    /// The pulse of a frame decides what its saturation is worth, wherever in the frame it is.
    fn hear_pulse_first(&mut self, frame: &Frame, timing: Timing) {
        let is_pulse = |reading: &&Reading| {
            reading.vital == Vital::PulseRate
                && reading.channel.as_deref() != Some(CUFF_CHANNEL)
                && reading.source != Source::Demo
                && reading.revision == Revision::New
        };
        let Some(reading) = frame.readings.iter().find(is_pulse) else { return };
        let Observation::Measured(Value::Number(pulse), Quality::Good) = reading.observation else {
            return;
        };
        let known = self.bedside.latest.iter().find(|latest| latest.vital == Vital::PulseRate);
        if known.is_some_and(|latest| latest.outranks(frame, reading, self.now)) {
            return;
        }
        let interval_ms = known.map_or(0, Latest::interval_ms);
        if let Some(times) = self.times_of(frame, reading, timing) {
            let limits = self.stay.profile.pulse_gate;
            self.stay.pulse_gate.ingest_pulse((times.heard_at, pulse), interval_ms, &limits);
        }
    }

    fn ingest_continuous(
        &mut self,
        frame: &Frame,
        reading: &Reading,
        times: Times,
    ) -> Option<NotLive> {
        let taken_at = times.heard_at;
        // A pulse that the cuff counted is one value per inflation, not a continuous one.
        let is_by_cuff = reading.channel.as_deref() == Some(CUFF_CHANNEL);
        if is_by_cuff {
            return Some(NotLive::Outranked);
        }
        if let Some(aside) = self.keep_latest(frame, reading, times) {
            return Some(aside);
        }
        let vital = ContinuousVital::of(reading.vital)?;
        // Of two sources the preferred one counts while it is trusted, otherwise the other.
        let is_good = |source: Vital| {
            self.bedside.latest.iter().any(|l| l.vital == source && l.is_good_at(self.now))
        };
        let sources = vital.sources().iter();
        let mut preferred = sources.clone().take_while(|source| **source != reading.vital);
        if preferred.any(|source| is_good(*source)) {
            return None;
        }
        self.stay.histories.of_mut(vital).note_heard(taken_at);
        let is_trusted_elsewhere = sources.clone().any(|source| is_good(*source));
        match reading.observation {
            Observation::Measured(Value::Number(value), Quality::Good) => {
                if reading.source != Source::Demo {
                    return self.ingest_good(vital, reading.vital, (taken_at, value));
                }
            }
            _ if is_trusted_elsewhere => {}
            _ => {
                self.history_mut(vital).note_bad(taken_at);
                if vital == ContinuousVital::Spo2 {
                    self.stay.inflation.signal_is_bad(taken_at);
                }
            }
        }
        None
    }

    /// A good value counts, unless the pulse beside it jumps.
    fn ingest_good(
        &mut self,
        vital: ContinuousVital,
        source: Vital,
        (at, value): (Millis, crate::vitals::Decimal),
    ) -> Option<NotLive> {
        let limits = self.stay.profile.pulse_gate;
        if vital == ContinuousVital::Spo2 {
            self.stay.pulse_gate.ingest_spo2(value);
            if self.stay.pulse_gate.doubts_spo2(at, &limits) {
                self.history_mut(vital).doubt(at);
                let latest = self.bedside.latest.iter_mut().find(|latest| latest.vital == source);
                latest.into_iter().for_each(Latest::doubt);
                return Some(NotLive::Doubted);
            }
            self.stay.inflation.signal_is_good(at);
        }
        if vital == ContinuousVital::HeartRate
            && !self.stay.pulse_gate.heart_rate_counts((at, value), &limits)
        {
            return None;
        }
        self.history_mut(vital).push(at, value);
        self.judge_continuous(vital);
        None
    }

    /// The monitor corrects or takes back an earlier value.
    fn revise_continuous(&mut self, frame: &Frame, index: usize, times: Times) -> Option<NotLive> {
        let reading = frame.readings.get(index)?;
        let vital = ContinuousVital::of(reading.vital)?;
        let corrected = match (reading.revision, reading.observation) {
            (Revision::Corrects, Observation::Measured(Value::Number(value), Quality::Good)) => {
                Some(value)
            }
            _ => None,
        };
        let is_shown = self.bedside.latest.iter().any(|latest| {
            latest.vital == reading.vital
                && latest.device == frame.device
                && latest.taken_at == times.taken_at
        });
        if reading.revision == Revision::Corrects && !is_shown {
            let is_known = corrected
                .is_some_and(|value| self.history_mut(vital).replace(times.heard_at, value));
            if !is_known {
                // The value that it corrects never came: this counts like any other value.
                return self.ingest_continuous(frame, reading, times);
            }
        } else if let Some(value) = corrected {
            let latest =
                self.bedside.latest.iter_mut().find(|latest| latest.vital == reading.vital);
            latest.into_iter().for_each(|latest| latest.update(frame, reading, times));
            self.history_mut(vital).replace(times.heard_at, value);
        } else {
            self.history_mut(vital).withdraw(times.heard_at);
            if is_shown {
                let gone = Reading::absent(reading.vital, Absent::Invalid);
                let latest =
                    self.bedside.latest.iter_mut().find(|latest| latest.vital == reading.vital);
                latest.into_iter().for_each(|latest| latest.take_back(frame, &gone, times));
            }
        }
        self.outputs.push_back(Output::Revised(index, times.heard_at));
        self.judge_revised(vital, times.heard_at);
        (!is_shown).then_some(NotLive::Late)
    }

    /// Notes what was last said about a vital, unless another sensor is preferred or something
    /// newer is known.
    pub(super) fn keep_latest(
        &mut self,
        frame: &Frame,
        reading: &Reading,
        times: Times,
    ) -> Option<NotLive> {
        match self.bedside.latest.iter_mut().find(|latest| latest.vital == reading.vital) {
            Some(latest) if latest.outranks(frame, reading, self.now) => Some(NotLive::Outranked),
            Some(latest) if latest.heard_at > times.heard_at => Some(NotLive::Late),
            Some(latest) => {
                latest.update(frame, reading, times);
                None
            }
            None => {
                self.bedside.latest.push(Latest::new(frame, reading, times));
                None
            }
        }
    }
}

fn note_incident(incidents: &mut std::collections::VecDeque<Millis>, at: Millis) {
    if incidents.len() == INCIDENTS {
        incidents.pop_front();
    }
    incidents.push_back(at);
}
