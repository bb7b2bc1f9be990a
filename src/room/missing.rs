//! Values that are missing, come too seldom or are not trusted.

use std::borrow::Cow;

use super::{Latest, Room, Session};
use crate::rules::{
    Absence, ContinuousVital, Course, Missing, Priority, Questionable, seconds_after,
};
use crate::vitals::{Millis, Quality, Vital};

/// How long a monitor that comes back may send what it stored before it sends current values,
/// seconds.
const TELLS_KEPT_S: u32 = 10;

/// How far the value of a vital is trusted. A vital that was never heard is not in doubt.
enum Trust {
    Good,
    DoubtfulSince(Millis),
    Absent,
}

impl Room {
    pub(super) fn absence_course<'a>(&self, rule: &'a Absence) -> Course<'a> {
        let vital = rule.vital;
        let Some((since, sensor_off_since)) = self.missing_since(vital) else {
            return self
                .too_slow_course(vital)
                .unwrap_or_else(|| Course::Over { next: self.stale_at(vital) });
        };
        if vital == ContinuousVital::HeartRate && self.is_pulse_of_absent_spo2() {
            return Course::Over { next: self.stale_at(ContinuousVital::Spo2) };
        }
        let by_cuff = self.stay.inflation.hides_until(since);
        let hidden_until = by_cuff.into_iter().chain(self.live_again_at(vital)).max();
        let patience_ms = self.history(vital).rhythm().patience_ms(0);
        rule.course(Missing { since, sensor_off_since, hidden_until, patience_ms }, self.moment())
    }

    /// A vital that comes so seldom that it cannot be judged within seconds: one alert that stays
    /// and says so (design.md#slow-monitors).
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
        let name = vital.title();
        let seconds = (interval_ms + 500) / 1_000;
        let text = format!("{name} comes every {seconds} s: too slow for alarms within seconds");
        let (priority, next) = (Some(Priority::Low), self.stale_at(vital));
        Some(Course::Running { priority, next, text: Some(Cow::Owned(text)) })
    }

    /// A monitor that comes back first sends what it stored: until when that may be why a vital has
    /// no value now.
    fn live_again_at(&self, vital: ContinuousVital) -> Option<Millis> {
        let givers = self.given(vital);
        let back_at = givers.filter_map(|latest| {
            let monitor =
                self.bedside.monitors.iter().find(|monitor| monitor.device == latest.device);
            monitor?.back_at
        });
        back_at.max().map(|at| seconds_after(at, TELLS_KEPT_S))
    }

    /// Since when a vital that this session needs has had no value, and since when the monitor has
    /// reported its sensor off. A session needs each vital that had a value in it and, from the
    /// start on, any.
    fn missing_since(&self, vital: ContinuousVital) -> Option<(Millis, Option<Millis>)> {
        let session = self.stay.session.as_ref()?;
        let known = self.given(vital);
        if known.clone().any(|latest| latest.value_at(self.now).is_some()) {
            return None;
        }
        let ages_from = self.bedside.ages_from;
        let had_value = known.clone().filter(|l| l.had_value_since(session.opened_at));
        if let Some(latest) = had_value.max_by_key(|latest| latest.no_value_since()) {
            let since = latest.no_value_since().max(session.opened_at).max(ages_from);
            return Some((since, latest.sensor_off_since.map(|since| since.max(ages_from))));
        }
        let sensor_off_since = known.filter_map(|latest| latest.sensor_off_since).min();
        session.started_at.is_some().then(|| {
            let since = self.alone_since(session).max(ages_from);
            (since, sensor_off_since.map(|since| since.max(ages_from)))
        })
    }

    /// The finger clip gives saturation and pulse: one missing clip is one alert.
    fn is_pulse_of_absent_spo2(&self) -> bool {
        let had_value = |latest: &Latest, session: &Session| {
            latest.vital == Vital::HeartRate && latest.had_value_since(session.opened_at)
        };
        let session = self.stay.session.as_ref();
        let has_ecg =
            session.is_some_and(|session| self.latest_of_patient().any(|l| had_value(l, session)));
        !has_ecg && !self.has_value(Vital::Spo2)
    }

    /// From when on what was heard counts: since the session was opened, as anything earlier may
    /// have been another patient's. Without a session it counts for whoever is there.
    pub(super) fn latest_of_patient(&self) -> impl Iterator<Item = &Latest> + Clone {
        let opened_at = self.stay.session.as_ref().map(|session| session.opened_at);
        let is_of_patient =
            move |latest: &&Latest| opened_at.is_none_or(|opened| latest.heard_at >= opened);
        self.bedside.latest.iter().filter(is_of_patient)
    }

    /// The same for one vital, by the source that is preferred.
    pub(super) fn given(&self, vital: ContinuousVital) -> impl Iterator<Item = &Latest> + Clone {
        let of_source = |source: &Vital| self.latest_of_patient().find(|l| l.vital == *source);
        vital.sources().iter().filter_map(of_source)
    }

    pub(super) fn has_value(&self, vital: Vital) -> bool {
        let latest = self.latest_of_patient().find(|latest| latest.vital == vital);
        latest.is_some_and(|latest| latest.value_at(self.now).is_some())
    }

    /// When the last value that is current now will be too old: a vital without a value does not
    /// count.
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

    /// The values that count now and are not trusted, if the earliest of them is not. While values
    /// merely stop, an active alert stays: a good value ends it.
    pub(super) fn questionable_course<'a>(&self, rule: &'a Questionable) -> Course<'a> {
        let trust = || rule.vitals.iter().map(|vital| self.trust(*vital));
        let since = trust().filter_map(|trust| match trust {
            Trust::DoubtfulSince(since) => Some(since),
            Trust::Good | Trust::Absent => None,
        });
        let Some(since) = since.min() else {
            return if trust().any(|trust| matches!(trust, Trust::Absent)) {
                Course::Running { priority: None, next: None, text: None }
            } else {
                let stale = rule.vitals.iter().flat_map(|vital| self.become_stale(*vital));
                Course::Over { next: stale.min() }
            };
        };
        let since = since.max(self.bedside.ages_from);
        rule.course(since, self.stay.inflation.hides_until(since), self.moment())
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
