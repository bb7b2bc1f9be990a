//! What a monitor says becomes what the room knows: on time or late, by this sensor or another.

use super::cuff::{CuffReading, Origin};
use super::latest::Times;
use super::monitor::{CuffResult, CuffTime};
use super::tasks::Why;
use super::{Aside, Latest, ManualVitals, Monitor, Output, Room};
use crate::profile::{Condition, ContinuousVital, Rule};
use crate::vitals::{
    Absent, CUFF_CHANNEL, DeviceId, Frame, LATE_AFTER_MS, Millis, Observation, Pressure, Quality,
    Reading, Revision, Source, Timing, Value, Vital,
};

/// Incidents of one kind that are remembered; no rule counts more.
const INCIDENTS: usize = 16;
/// Outside a session a cuff reading is judged while it is no older than this (DESIGN 2).
const CUFF_AGE_WITHOUT_SESSION_MS: i64 = 600_000;

impl Room {
    pub(super) fn hear(&mut self, frame: &Frame) {
        let at = self.now;
        let index = self.monitor_index(&frame.device);
        let differs_by_ms = self.clock_differs_by_ms();
        let monitor = &mut self.bedside.monitors[index];
        let is_of_cuff_alone =
            !frame.readings.is_empty() && frame.readings.iter().all(|r| r.vital == Vital::Nibp);
        let (has_dropped, timing) = monitor.hear(frame, at, is_of_cuff_alone);
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
                self.hear_cuff(frame, reading, timing)
            } else {
                match self.times_of(frame, reading, timing) {
                    Some(times) if reading.revision == Revision::New => {
                        self.hear_continuous(frame, reading, times)
                    }
                    Some(times) => self.revise_continuous(frame, reading, times),
                    None => Some(Aside::Late),
                }
            };
            if let Some(aside) = aside {
                self.outputs.push_back(Output::Aside(index, aside));
            }
        }
        self.judge_waiting_cuff(&frame.device);
    }

    fn clock_differs_by_ms(&self) -> Option<i64> {
        match self.stay.profile.row(Condition::ClockSkew)?.rule {
            Rule::ClockDiffers { by_s, .. } => Some(i64::from(by_s) * 1_000),
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

    /// The pulse of a frame says what its saturation is worth, wherever it comes in it.
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
            self.stay.pulse_gate.hear_pulse((times.heard_at, pulse), interval_ms, &limits);
        }
    }

    fn hear_continuous(&mut self, frame: &Frame, reading: &Reading, times: Times) -> Option<Aside> {
        let taken_at = times.heard_at;
        // A pulse counted by the cuff is one value an inflation, not a continuous one.
        let is_by_cuff = reading.channel.as_deref() == Some(CUFF_CHANNEL);
        if is_by_cuff {
            return Some(Aside::Outranked);
        }
        if let Some(aside) = self.keep_latest(frame, reading, times) {
            return Some(aside);
        }
        let vital = ContinuousVital::of(reading.vital)?;
        // Of two sources the preferred one counts while it is trusted, and else the other.
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
                    return self.hear_good(vital, reading.vital, (taken_at, value));
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
    fn hear_good(
        &mut self,
        vital: ContinuousVital,
        source: Vital,
        (at, value): (Millis, crate::vitals::Decimal),
    ) -> Option<Aside> {
        let limits = self.stay.profile.pulse_gate;
        match vital {
            ContinuousVital::Spo2 => {
                self.stay.pulse_gate.hear_spo2(value);
                if self.stay.pulse_gate.doubts_spo2(at, &limits) {
                    self.history_mut(vital).doubt(at);
                    let latest =
                        self.bedside.latest.iter_mut().find(|latest| latest.vital == source);
                    latest.into_iter().for_each(Latest::doubt);
                    return Some(Aside::Doubted);
                }
                self.stay.inflation.signal_is_good(at);
            }
            ContinuousVital::HeartRate => {
                if !self.stay.pulse_gate.heart_rate_counts((at, value), &limits) {
                    return None;
                }
            }
            ContinuousVital::RespRate | ContinuousVital::Temp => {}
        }
        self.history_mut(vital).push(at, value);
        self.judge_continuous(vital);
        None
    }

    /// The monitor corrects or takes back a value of before.
    fn revise_continuous(
        &mut self,
        frame: &Frame,
        reading: &Reading,
        times: Times,
    ) -> Option<Aside> {
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
                // What it corrects never came: it is a value like any.
                return self.hear_continuous(frame, reading, times);
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
        self.judge_revised(vital, times.heard_at);
        (!is_shown).then_some(Aside::Late)
    }

    /// A cuff reading is judged while it is no older than this, milliseconds.
    fn cuff_counts_for_ms(&self) -> i64 {
        if self.stay.session.is_some() { self.cadence_ms() } else { CUFF_AGE_WITHOUT_SESSION_MS }
    }

    fn hear_cuff(&mut self, frame: &Frame, reading: &Reading, timing: Timing) -> Option<Aside> {
        let at = self.now;
        let time = CuffTime { own: reading.taken_at, frame: frame.taken_at.or(frame.sent_at) };
        if reading.revision == Revision::Withdraws {
            return self.withdraw_cuff(frame, time);
        }
        let (pressure, quality) = match reading.observation {
            Observation::Measured(Value::Pressure(pressure), quality) => (pressure, quality),
            // A cuff that inflates or failed leaves the last pressure shown, with its age.
            Observation::Absent(Absent::Measuring) if timing.is_live() => {
                let interval_ms = self.speaks_each_ms(&frame.device);
                self.stay.inflation.begin(at, interval_ms);
                return None;
            }
            Observation::Absent(Absent::Failed) if timing.is_live() => {
                self.cuff_failed(&frame.device);
                return None;
            }
            Observation::Absent(_) if !timing.is_live() => return Some(Aside::Late),
            _ => return None,
        };
        if quality == Quality::Invalid {
            self.cuff_failed(&frame.device);
            return None;
        }
        let told_by_another = reading.taken_at.is_some_and(|own| {
            self.bedside
                .monitors
                .iter()
                .any(|other| other.device != frame.device && other.has_told(own, pressure))
        });
        let index = self.monitor_index(&frame.device);
        let measuring_ms = self.stay.inflation.inflated_since().map(|since| at.since(since));
        let measured_at = self.cuff_measured_at(frame, reading, timing);
        let monitor = &mut self.bedside.monitors[index];
        let result = monitor.hear_cuff(pressure, (time, measured_at), measuring_ms, at);
        let origin = Origin::Monitor { device: frame.device.clone(), time: time.name() };
        let is_correction =
            reading.revision == Revision::Corrects || result == CuffResult::Replaced;
        if is_correction
            && let Some(is_newest) = self.correct_cuff(frame, reading, &origin, pressure)
        {
            return (!is_newest).then_some(Aside::Late);
        }
        match result {
            CuffResult::Repeated => return Some(Aside::Repeated),
            CuffResult::Older => return Some(Aside::Late),
            CuffResult::New | CuffResult::Replaced if told_by_another => {
                return Some(Aside::Repeated);
            }
            CuffResult::New | CuffResult::Replaced => {}
        }
        if time.own.is_none() && self.bedside.monitors[index].has_just_come(at) {
            return Some(Aside::Late);
        }
        let longest_ms = self.cuff_counts_for_ms();
        let Some(measured_at) = measured_at else {
            // Without a time of its own it is as old as its frame.
            self.stay.wait_for_clock(&frame.device, time.name().map(|own| (own, pressure)));
            return Some(Aside::Late);
        };
        self.stay.wait_for_clock(&frame.device, None);
        let is_elsewhere = self.bedside.monitors[index].is_of_before(measured_at);
        if is_elsewhere || self.is_of_patient_before(measured_at) {
            return Some(Aside::Late);
        }
        let given = reading.taken_at.or(frame.taken_at);
        let times = Times {
            heard_at: measured_at,
            taken_at: measured_at,
            device_taken_at: given.filter(|own| *own != measured_at),
        };
        let is_older = self.stay.cuff.last_at().is_some_and(|last| measured_at < last);
        if let Some(aside) = self.keep_latest(frame, reading, times) {
            return Some(aside);
        }
        if is_older || at.since(measured_at) > longest_ms {
            return Some(Aside::Late);
        }
        if quality == Quality::Good && reading.source != Source::Demo {
            self.take_pressure(CuffReading { at, measured_at, pressure, origin });
        } else {
            self.stay.inflation.end(at);
        }
        None
    }

    /// Our time of a cuff reading; `None` while the clock of its monitor is not known.
    fn cuff_measured_at(&self, frame: &Frame, reading: &Reading, timing: Timing) -> Option<Millis> {
        let at = self.now;
        let monitor =
            self.bedside.monitors.iter().find(|monitor| monitor.device == frame.device)?;
        match (reading.taken_at, timing) {
            (Some(own), _) => monitor.clocks.measured_at(own, at, self.cuff_counts_for_ms()),
            (None, Timing::Live { delay_ms }) => Some(at.plus(-delay_ms)),
            (None, Timing::Late { by_ms }) => Some(at.plus(-by_ms)),
            (None, Timing::Waiting) => None,
        }
    }

    /// A monitor goes on showing the number of a patient who has left.
    fn is_of_patient_before(&self, measured_at: Millis) -> bool {
        self.ended.as_ref().is_some_and(|ended| measured_at < ended.at)
    }

    /// The clock of a monitor is settled: the pressure that waited for it is judged, if it is not
    /// too old by it.
    fn judge_waiting_cuff(&mut self, device: &DeviceId) {
        let Some(waiting) = self.stay.waiting_cuff(device) else { return };
        let (own, pressure) = (waiting.own, waiting.pressure);
        let index = self.monitor_index(device);
        let at = self.now;
        let longest_ms = self.cuff_counts_for_ms();
        let monitor = &mut self.bedside.monitors[index];
        let Some(measured_at) = monitor.clocks.measured_at(own, at, longest_ms) else { return };
        self.stay.wait_for_clock(device, None);
        let is_older = self.stay.cuff.last_at().is_some_and(|last| measured_at < last);
        if is_older
            || self.bedside.monitors[index].is_of_before(measured_at)
            || self.is_of_patient_before(measured_at)
        {
            return;
        }
        let value = Observation::Measured(Value::Pressure(pressure), Quality::Good);
        let reading = Reading { taken_at: Some(own), ..Reading::new(Vital::Nibp, value) };
        let frame = Frame { device: device.clone(), ..Frame::by_hand(Vec::new()) };
        let device_taken_at = Some(own).filter(|own| *own != measured_at);
        let times = Times { heard_at: measured_at, taken_at: measured_at, device_taken_at };
        let is_shown = self.keep_latest(&frame, &reading, times).is_none();
        if is_shown && at.since(measured_at) <= longest_ms {
            let origin = Origin::Monitor { device: device.clone(), time: Some(own) };
            self.take_pressure(CuffReading { at, measured_at, pressure, origin });
        }
        self.outputs.push_back(Output::Shown(Vital::Nibp));
    }

    /// A reading of before has other numbers; whether it is the newest. `None` when it is not
    /// known here: then it is a reading like any.
    fn correct_cuff(
        &mut self,
        frame: &Frame,
        reading: &Reading,
        origin: &Origin,
        pressure: Pressure,
    ) -> Option<bool> {
        let is_newest = self.stay.cuff.correct(origin, Some(pressure))?;
        let index = self.monitor_index(&frame.device);
        let time = CuffTime { own: reading.taken_at, frame: frame.taken_at.or(frame.sent_at) };
        self.bedside.monitors[index].correct_cuff(time, Some(pressure));
        if let (true, Some(newest)) = (is_newest, self.stay.cuff.last().cloned()) {
            let times = Times {
                heard_at: newest.measured_at,
                taken_at: newest.measured_at,
                device_taken_at: reading.taken_at.filter(|own| *own != newest.measured_at),
            };
            let latest = self.bedside.latest.iter_mut().find(|latest| latest.vital == Vital::Nibp);
            latest.into_iter().for_each(|latest| {
                latest.update(frame, reading, times);
                latest.is_corrected = true;
            });
        }
        self.judge_revised_cuff(is_newest);
        Some(is_newest)
    }

    /// A monitor takes a cuff reading back.
    fn withdraw_cuff(&mut self, frame: &Frame, time: CuffTime) -> Option<Aside> {
        let origin = Origin::Monitor { device: frame.device.clone(), time: time.name() };
        if !self.withdraw_pressure(&origin) {
            self.stay.waiting_cuffs.retain(|waiting| {
                waiting.device != frame.device || Some(waiting.own) != time.name()
            });
        }
        Some(Aside::Late)
    }

    /// Takes a pressure back: what it alone raised is over, and the one before it is the last.
    pub(super) fn withdraw_pressure(&mut self, origin: &Origin) -> bool {
        let Some(is_newest) = self.stay.cuff.correct(origin, None) else { return false };
        if is_newest {
            let before = self.stay.cuff.last().cloned();
            let index = self.bedside.latest.iter().position(|latest| latest.vital == Vital::Nibp);
            match (index, before) {
                (Some(index), Some(before)) => self.bedside.latest[index].show_pressure(&before),
                (Some(index), None) => drop(self.bedside.latest.remove(index)),
                (None, _) => {}
            }
        }
        self.judge_revised_cuff(is_newest);
        self.outputs.push_back(Output::Shown(Vital::Nibp));
        true
    }

    /// How often a monitor speaks, milliseconds.
    fn speaks_each_ms(&self, device: &DeviceId) -> i64 {
        let monitor = self.bedside.monitors.iter().find(|monitor| monitor.device == *device);
        monitor.map_or(0, Monitor::interval_ms)
    }

    fn cuff_failed(&mut self, device: &DeviceId) {
        let interval_ms = self.speaks_each_ms(device);
        if self.stay.inflation.fail(self.now, interval_ms) {
            self.want_cuff_reading(Why::Failed, self.now);
        }
    }

    /// A valid pressure, by a monitor or by hand.
    fn take_pressure(&mut self, reading: CuffReading) {
        let CuffReading { measured_at, pressure, .. } = reading;
        self.stay.inflation.read(self.now);
        self.stay.cuff.push(reading);
        self.note_time_of_pressure(measured_at);
        self.cuff_reading_came(pressure);
        self.judge_cuff(true);
        self.cuff_reading_was_judged();
        if self.stay.session.is_some() {
            self.outputs.push_back(Output::Session);
        }
    }

    /// What a person measured, `at` this time: it counts at once, unless it is old. Beside a
    /// monitor that gives the same vital it may be that number written down: then only what is
    /// urgent counts.
    pub(super) fn take_manual(&mut self, vitals: &ManualVitals, at: Millis) {
        let is_late = self.now.since(at) > LATE_AFTER_MS;
        let counts_for_ms = self.cuff_counts_for_ms();
        let entry = self.stay.session.as_ref().map_or(0, super::Session::last_entry);
        self.note_by_hand(entry, *vitals, at);
        for reading in vitals.readings() {
            let is_live = reading.vital != Vital::Nibp && self.has_value(reading.vital);
            if !is_live {
                self.show_by_hand(&reading, at);
            }
            let is_watched = matches!(reading.vital, Vital::Spo2 | Vital::HeartRate) && {
                let sources = ContinuousVital::of(reading.vital).map_or(&[][..], |v| v.sources());
                sources.iter().any(|source| self.has_value(*source))
            };
            match (reading.observation, ContinuousVital::of(reading.vital)) {
                (Observation::Measured(Value::Pressure(pressure), _), _)
                    if self.now.since(at) <= counts_for_ms
                        && self.stay.cuff.last_at().is_none_or(|last| at >= last)
                        && !self.stay.cuff.is_newest(pressure, at.plus(-self.cadence_ms())) =>
                {
                    let (measured_at, at) = (at, self.now);
                    let origin = Origin::Entry(entry);
                    self.take_pressure(CuffReading { at, measured_at, pressure, origin });
                }
                (Observation::Measured(Value::Number(value), _), Some(vital)) if !is_late => {
                    self.judge_by_hand(vital, (value, at), is_watched);
                }
                _ => {}
            }
        }
    }

    fn show_by_hand(&mut self, reading: &Reading, at: Millis) {
        let times = Times { heard_at: at, taken_at: at, device_taken_at: None };
        let latest = Latest::new(&Frame::by_hand(Vec::new()), reading, times);
        match self.bedside.latest.iter_mut().find(|known| known.vital == reading.vital) {
            Some(known) if known.heard_at <= at => *known = latest,
            Some(_) => {}
            None => self.bedside.latest.push(latest),
        }
    }

    /// Notes what was said last of a vital, unless another sensor has the word or something newer
    /// is known.
    fn keep_latest(&mut self, frame: &Frame, reading: &Reading, times: Times) -> Option<Aside> {
        match self.bedside.latest.iter_mut().find(|latest| latest.vital == reading.vital) {
            Some(latest) if latest.outranks(frame, reading, self.now) => Some(Aside::Outranked),
            Some(latest) if latest.heard_at > times.heard_at => Some(Aside::Late),
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
