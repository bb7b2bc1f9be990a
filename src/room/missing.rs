//! Values that are missing, come too seldom or are not trusted.

use std::borrow::Cow;

use super::technical::{Course, running, seconds_after};
use super::{Latest, Room, Session};
use crate::profile::{AbsenceStage, ContinuousVital, Priority, TimedStage};
use crate::vitals::{Millis, Quality, Vital};

/// So long a monitor that comes back may tell what it kept before what is now, seconds.
const TELLS_KEPT_S: u32 = 10;

/// What is missing, for how long, and whether the monitor says that the sensor is off.
struct Absence {
    since: Millis,
    sensor_off_since: Option<Millis>,
    is_pulse_of_absent_spo2: bool,
}

/// How far the value of a vital is trusted. One that was never heard is in no doubt.
enum Trust {
    Good,
    DoubtfulSince(Millis),
    Absent,
}

impl Room {
    pub(super) fn absence_course<'a>(
        &self,
        vital: ContinuousVital,
        stages: &[AbsenceStage],
        sensor_off_text: &'a str,
    ) -> Course<'a> {
        let Some(absence) = self.absence(vital) else {
            return self
                .too_slow_course(vital)
                .unwrap_or_else(|| Course::Over { next: self.stale_at(vital) });
        };
        if absence.is_pulse_of_absent_spo2 {
            return Course::Over { next: self.stale_at(ContinuousVital::Spo2) };
        }
        let by_cuff = self.stay.inflation.hides_until(absence.since);
        let hidden_until = by_cuff.into_iter().chain(self.live_again_at(vital)).max();
        let counting = stages.iter().filter(|stage| self.counts(stage.infusing));
        let slow_ms = self.history(vital).rhythm().patience_ms(0);
        let times = counting.filter_map(|stage| {
            let since =
                if stage.sensor_off { absence.sensor_off_since } else { Some(absence.since) };
            let own_ms = i64::from(stage.after_s) * 1_000;
            let at = since?.plus(if stage.sensor_off { own_ms } else { own_ms.max(slow_ms) });
            // A sensor that the monitor says is off is off whatever the cuff does.
            let hidden_until = hidden_until.filter(|_| !stage.sensor_off);
            Some((stage.priority, hidden_until.map_or(at, |until| at.max(until))))
        });
        match running(self.now, times) {
            Course::Running { priority, next, .. } => {
                let is_off = priority.is_some() && absence.sensor_off_since.is_some();
                let text = is_off.then_some(Cow::Borrowed(sensor_off_text));
                Course::Running { priority, next, text }
            }
            course => course,
        }
    }

    /// A vital that comes so seldom that no alarm of seconds can be judged by it: one alert that
    /// stays and says so (design.md#slow-monitors).
    fn too_slow_course<'a>(&self, vital: ContinuousVital) -> Option<Course<'a>> {
        self.stay.session.as_ref()?;
        let known = self.given(vital);
        let slow = known.clone().find_map(|latest| Some((latest, latest.spot_interval_ms()?)));
        let (latest, interval_ms) = slow.filter(|_| {
            !known.clone().any(|l| l.value_at(self.now).is_some() && l.spot_interval_ms().is_none())
        })?;
        // The finger clip gives saturation and pulse: one alert for both.
        let is_pulse_of_clip = latest.vital == Vital::PulseRate && self.has_value(Vital::Spo2);
        if is_pulse_of_clip {
            return None;
        }
        let name = match vital {
            ContinuousVital::Spo2 => "SpO2",
            ContinuousVital::HeartRate => "Heart rate",
            ContinuousVital::RespRate => "Breathing",
            ContinuousVital::Temp => "Temperature",
        };
        let seconds = (interval_ms + 500) / 1_000;
        let text = format!("{name} comes every {seconds} s: too slow for alarms of seconds");
        let (priority, next) = (Some(Priority::Low), self.stale_at(vital));
        Some(Course::Running { priority, next, text: Some(Cow::Owned(text)) })
    }

    /// A monitor that comes back tells first what it kept: until when its silence may be the
    /// reason that a vital has no value now.
    fn live_again_at(&self, vital: ContinuousVital) -> Option<Millis> {
        let givers = self.given(vital);
        let back_at = givers.filter_map(|latest| {
            let monitor =
                self.bedside.monitors.iter().find(|monitor| monitor.device == latest.device);
            monitor?.back_at
        });
        back_at.max().map(|at| seconds_after(at, TELLS_KEPT_S))
    }

    /// Since when a vital that this session needs has no value: one that had a value in it, or,
    /// from the start on, any.
    fn absence(&self, vital: ContinuousVital) -> Option<Absence> {
        let session = self.stay.session.as_ref()?;
        let known = self.given(vital);
        if known.clone().any(|latest| latest.value_at(self.now).is_some()) {
            return None;
        }
        let had_value = known.clone().filter(|l| l.had_value_since(session.opened_at));
        let newest = had_value.clone().max_by_key(|latest| latest.no_value_since());
        let is_pulse_of_absent_spo2 =
            vital == ContinuousVital::HeartRate && self.is_pulse_of_absent_spo2(session);
        if let Some(latest) = newest {
            return Some(Absence {
                since: latest.no_value_since().max(session.opened_at).max(self.bedside.ages_from),
                sensor_off_since: latest
                    .sensor_off_since
                    .map(|since| since.max(self.bedside.ages_from)),
                is_pulse_of_absent_spo2,
            });
        }
        let sensor_off_since = known.filter_map(|latest| latest.sensor_off_since).min();
        session.started_at.is_some().then(|| Absence {
            since: self.alone_since(session).max(self.bedside.ages_from),
            sensor_off_since: sensor_off_since.map(|since| since.max(self.bedside.ages_from)),
            is_pulse_of_absent_spo2,
        })
    }

    /// The finger clip gives saturation and pulse: one missing clip is one alert.
    fn is_pulse_of_absent_spo2(&self, session: &Session) -> bool {
        let latest = |vital| self.latest_of_patient().find(|latest| latest.vital == vital);
        let has_ecg =
            latest(Vital::HeartRate).is_some_and(|ecg| ecg.had_value_since(session.opened_at));
        !has_ecg && !self.has_value(Vital::Spo2)
    }

    /// What was heard since the session was opened: before, it may have been of another patient.
    /// Without a session it is of whoever is there.
    pub(super) fn latest_of_patient(&self) -> impl Iterator<Item = &Latest> + Clone {
        let opened_at = self.stay.session.as_ref().map(|session| session.opened_at);
        let is_of_patient =
            move |latest: &&Latest| opened_at.is_none_or(|opened| latest.heard_at >= opened);
        self.bedside.latest.iter().filter(is_of_patient)
    }

    /// The same of one vital, by the source that is preferred first.
    pub(super) fn given(&self, vital: ContinuousVital) -> impl Iterator<Item = &Latest> + Clone {
        let of_source = |source: &Vital| self.latest_of_patient().find(|l| l.vital == *source);
        vital.sources().iter().filter_map(of_source)
    }

    pub(super) fn has_value(&self, vital: Vital) -> bool {
        let latest = self.latest_of_patient().find(|latest| latest.vital == vital);
        latest.is_some_and(|latest| latest.value_at(self.now).is_some())
    }

    /// When the last value that is current now will be too old: what has none says nothing of it.
    fn stale_at(&self, vital: ContinuousVital) -> Option<Millis> {
        self.stay.session.as_ref()?;
        self.become_stale(vital).max()
    }

    /// When each value of a vital that is current now will be too old.
    fn become_stale(&self, vital: ContinuousVital) -> impl Iterator<Item = Millis> {
        let known = self.given(vital);
        let current = known.filter(|latest| latest.value_at(self.now).is_some());
        current.map(|latest| latest.heard_at.plus(latest.stale_after_ms() + 1))
    }

    /// The values that count now and are not trusted, since the earliest of them is not. While
    /// they only stop, what stands stays: a good one ends it.
    pub(super) fn questionable_course<'a>(
        &self,
        vitals: &[ContinuousVital],
        stages: &[TimedStage],
    ) -> Course<'a> {
        let trust = || vitals.iter().map(|vital| self.trust(*vital));
        let since = trust().filter_map(|trust| match trust {
            Trust::DoubtfulSince(since) => Some(since),
            Trust::Good | Trust::Absent => None,
        });
        let Some(since) = since.min() else {
            return if trust().any(|trust| matches!(trust, Trust::Absent)) {
                Course::Running { priority: None, next: None, text: None }
            } else {
                let stale = vitals.iter().flat_map(|vital| self.become_stale(*vital));
                Course::Over { next: stale.min() }
            };
        };
        let since = since.max(self.bedside.ages_from);
        let hidden_until = self.stay.inflation.hides_until(since);
        let counting = stages.iter().filter(|stage| self.counts(stage.infusing)).map(|stage| {
            let at = seconds_after(since, stage.after_s);
            (stage.priority, hidden_until.map_or(at, |until| at.max(until)))
        });
        running(self.now, counting)
    }

    /// How far the value of a vital that counts now is trusted.
    fn trust(&self, vital: ContinuousVital) -> Trust {
        let known = || self.given(vital);
        let quality = |latest: &Latest| latest.value_at(self.now).map(|(_, quality)| quality);
        if known().any(|latest| quality(latest) == Some(Quality::Good)) {
            return Trust::Good;
        }
        match known().find_map(|latest| latest.doubtful_since(self.now)) {
            Some(since) => Trust::DoubtfulSince(since),
            None if known().next().is_some() => Trust::Absent,
            None => Trust::Good,
        }
    }
}
