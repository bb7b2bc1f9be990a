//! What a monitor says of its cuff becomes the pressure that the room knows: once, as this
//! patient's, and with the time at which it was measured.

use super::latest::Times;
use super::monitor::{CuffResult, CuffTime};
use super::tasks::Why;
use super::{Monitor, NotLive, Output, Room};
use crate::rules::{CuffReading, Origin};
use crate::vitals::{
    Absent, DeviceId, Frame, Millis, Observation, Pressure, Quality, Reading, Revision, Source,
    Timing, Value, Vital,
};

/// Outside a session a cuff reading is judged while it is no older than this (design.md#the-same-reading).
const CUFF_AGE_WITHOUT_SESSION_MS: i64 = 600_000;

impl Room {
    /// A cuff reading is judged while it is no older than this, milliseconds.
    pub(super) fn cuff_counts_for_ms(&self) -> i64 {
        if self.stay.session.is_some() { self.cadence_ms() } else { CUFF_AGE_WITHOUT_SESSION_MS }
    }

    pub(super) fn ingest_cuff(
        &mut self,
        frame: &Frame,
        reading: &Reading,
        timing: Timing,
    ) -> Option<NotLive> {
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
            Observation::Absent(_) if !timing.is_live() => return Some(NotLive::Late),
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
        let result = monitor.ingest_cuff(pressure, (time, measured_at), measuring_ms, at);
        let origin = Origin::Monitor { device: frame.device.clone(), time: time.name() };
        let is_correction =
            reading.revision == Revision::Corrects || result == CuffResult::Replaced;
        if is_correction
            && let Some(is_newest) = self.correct_cuff(frame, reading, &origin, pressure)
        {
            return (!is_newest).then_some(NotLive::Late);
        }
        match result {
            CuffResult::Repeated => return Some(NotLive::Repeated),
            CuffResult::Older => return Some(NotLive::Late),
            CuffResult::New | CuffResult::Replaced if told_by_another => {
                return Some(NotLive::Repeated);
            }
            CuffResult::New | CuffResult::Replaced => {}
        }
        if time.own.is_none() && self.bedside.monitors[index].has_just_come(at) {
            return Some(NotLive::Late);
        }
        let longest_ms = self.cuff_counts_for_ms();
        let Some(measured_at) = measured_at else {
            // Without a time of its own it is as old as its frame.
            self.stay.wait_for_clock(&frame.device, time.name().map(|own| (own, pressure)));
            return Some(NotLive::Late);
        };
        self.stay.wait_for_clock(&frame.device, None);
        let is_elsewhere = self.bedside.monitors[index].is_of_before(measured_at);
        if is_elsewhere || self.is_of_patient_before(measured_at) {
            return Some(NotLive::Late);
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
            return Some(NotLive::Late);
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

    /// Whether a monitor still shows the number of a patient who has left.
    fn is_of_patient_before(&self, measured_at: Millis) -> bool {
        self.ended.as_ref().is_some_and(|ended| measured_at < ended.at)
    }

    /// The clock of a monitor is settled: the pressure that waited for it is judged, unless by that
    /// clock it is too old.
    pub(super) fn judge_waiting_cuff(&mut self, device: &DeviceId) {
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

    /// An earlier reading has other numbers. Returns whether it is the newest; `None` when it is
    /// not known here: then it counts like any other reading.
    pub(super) fn correct_cuff(
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
    fn withdraw_cuff(&mut self, frame: &Frame, time: CuffTime) -> Option<NotLive> {
        let origin = Origin::Monitor { device: frame.device.clone(), time: time.name() };
        if !self.withdraw_pressure(&origin) {
            self.stay.waiting_cuffs.retain(|waiting| {
                waiting.device != frame.device || Some(waiting.own) != time.name()
            });
        }
        Some(NotLive::Late)
    }

    /// Takes a pressure back: what it alone raised is over, and the previous pressure is the last
    /// again.
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

    /// A valid pressure, from a monitor or by hand.
    pub(super) fn take_pressure(&mut self, reading: CuffReading) {
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
}
