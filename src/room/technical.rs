//! What depends on time alone: values that are missing or not trusted, monitors that are not
//! heard, pressures that do not come.

use std::borrow::Cow;

use super::alert::Standing;
use super::recurring::STAYS_S;
use super::{AlertState, Latest, Monitor, Phase, Room, Session};
use crate::profile::{
    AbsenceStage, ConditionRow, ContinuousVital, Incident, Inflated, OverdueStage, Priority, Rule,
    TimedStage,
};
use crate::vitals::{DeviceId, Millis, Quality, Vital};

/// A monitor that was heard within this time is there, whatever it sends.
const LATE_IS_HEARD_MS: i64 = 10_000;
/// So long a monitor that comes back may tell what it kept before what is now, seconds.
const TELLS_KEPT_S: u32 = 10;

/// What is missing, for how long, and whether the monitor says that the sensor is off.
struct Absence {
    since: Millis,
    sensor_off_since: Option<Millis>,
    is_pulse_of_absent_spo2: bool,
}

/// A monitor that is lost, or that there is none.
#[derive(Clone, Copy)]
struct Gone<'a> {
    monitor: Option<&'a Monitor>,
    now: Millis,
}

impl Gone<'_> {
    /// A slow one is given more time.
    fn patience_ms(self, after_s: u32) -> i64 {
        let own_ms = i64::from(after_s) * 1_000;
        self.monitor.map_or(own_ms, |monitor| monitor.patience_ms(own_ms))
    }

    /// What staff read when it is heard, and only old values come.
    fn words_of_late(self) -> Option<String> {
        let monitor = self.monitor?;
        let late_ms = monitor.late_by_ms?;
        let is_heard = !monitor.link_is_down
            && self.now.since(monitor.last_heard) <= monitor.patience_ms(LATE_IS_HEARD_MS);
        let minutes = (late_ms + 30_000) / 60_000;
        is_heard.then(|| format!("Monitor sends old values: its values are {minutes} min old"))
    }
}

/// How far the value of a vital is trusted. One that was never heard is in no doubt.
enum Trust {
    Good,
    DoubtfulSince(Millis),
    Absent,
}

/// How a condition of time stands. `next` is when that may change without a word from outside.
enum Course<'a> {
    /// Not at all.
    Over { next: Option<Millis> },
    /// The priority that its stages give now; while they give none, what stands stays.
    Running { priority: Option<Priority>, next: Option<Millis>, text: Option<Cow<'a, str>> },
}

const OVER: Course<'static> = Course::Over { next: None };

/// The stages as times: which hold now, and when the next one will.
fn running<'a>(now: Millis, stages: impl Iterator<Item = (Priority, Millis)>) -> Course<'a> {
    let mut priority: Option<Priority> = None;
    let mut next: Option<Millis> = None;
    for (of_stage, at) in stages {
        if at <= now {
            priority = priority.max(Some(of_stage));
        } else {
            next = Some(next.map_or(at, |known| known.min(at)));
        }
    }
    Course::Running { priority, next, text: None }
}

fn seconds_after(since: Millis, seconds: u32) -> Millis {
    since.plus(i64::from(seconds) * 1_000)
}

impl Room {
    /// Judges what depends on time alone.
    pub(super) fn judge_technical(&mut self) {
        let profile = self.stay.profile.clone();
        for row in &profile.conditions {
            if !self.applies(row) {
                continue;
            }
            match self.course(row) {
                Some(Course::Running { priority: Some(priority), text, .. }) => {
                    // Words are made only for what changes something.
                    let is_known = self.alarms.alerts.iter().any(|alert| {
                        alert.condition == row.condition
                            && alert.state == AlertState::Active
                            && !alert.is_past
                            && match alert.acknowledged {
                                // One that somebody has follows its condition down.
                                Some(_) => alert.priority == priority,
                                None => alert.priority >= priority,
                            }
                    });
                    let text = text.unwrap_or(Cow::Borrowed(&row.text));
                    let has_one_more = self.has_lost_one_more(row);
                    if !is_known {
                        self.stand_unless_hidden(row, Standing::technical(priority, &text));
                    } else if has_one_more {
                        let standing = Standing::technical(priority, &row.text);
                        self.stand(row, Standing { is_anew: true, ..standing });
                    }
                }
                Some(Course::Over { .. }) if self.is_active(row.condition) => {
                    self.end(row.condition)
                }
                _ => {}
            }
        }
    }

    /// When a technical stage that does not hold yet will.
    pub(super) fn technical_deadline(&self) -> Option<Millis> {
        let of_row = |row: &ConditionRow| {
            if !self.applies(row) {
                return None;
            }
            match self.course(row)? {
                Course::Running { next, .. } | Course::Over { next } => next,
            }
        };
        self.stay.profile.conditions.iter().filter_map(of_row).filter(|at| *at > self.now).min()
    }

    fn course<'a>(&self, row: &'a ConditionRow) -> Option<Course<'a>> {
        let course = self.course_of_rule(row)?;
        let Course::Over { next } = course else { return Some(course) };
        // What came and went too often stays until there was a value for some time.
        let stays_until = self.stays_until(row);
        Some(match stays_until {
            Some(until) => Course::Running {
                priority: None,
                next: next.into_iter().chain([until]).min(),
                text: None,
            },
            None => course,
        })
    }

    fn stays_until(&self, row: &ConditionRow) -> Option<Millis> {
        if !self.stay.recurring.stays(row.condition) || !self.is_active(row.condition) {
            return None;
        }
        let of = |vital: &ContinuousVital, is_trusted: bool| {
            let known = self.latest_of_patient().filter(|l| vital.sources().contains(&l.vital));
            let since = known.filter_map(|latest| {
                latest.value_at(self.now)?;
                if is_trusted { latest.good_since } else { latest.present_since }
            });
            since.min()
        };
        let since = match &row.rule {
            Rule::Absence { vital, .. } => of(vital, false),
            Rule::Questionable { vitals, .. } => {
                vitals.iter().filter_map(|vital| of(vital, true)).max()
            }
            _ => return None,
        };
        since.map(|since| seconds_after(since, STAYS_S)).filter(|until| *until > self.now)
    }

    fn course_of_rule<'a>(&self, row: &'a ConditionRow) -> Option<Course<'a>> {
        match &row.rule {
            Rule::Lost { stages } => Some(self.lost_course(stages)),
            Rule::Unwatched { stages } => Some(self.unwatched_course(stages)),
            Rule::Absence { vital, stages, sensor_off_text } => {
                Some(self.absence_course(*vital, stages, sensor_off_text))
            }
            Rule::Questionable { vitals, stages } => Some(self.questionable_course(vitals, stages)),
            Rule::CuffFailed { failures, priority, inflated } => {
                Some(self.cuff_failed_course((*failures, *priority), inflated))
            }
            Rule::CuffOverdue { stages } => Some(self.overdue_course(stages)),
            Rule::Repeated { incident, count, within_s, priority } => {
                Some(self.repeated_course(*incident, *count, *within_s, *priority))
            }
            Rule::ClockDiffers { for_s, priority, .. } => {
                let differing =
                    self.bedside.monitors.iter().filter_map(|m| m.clock_differs_since).min();
                Some(match differing {
                    Some(since) => {
                        running(self.now, [(*priority, seconds_after(since, *for_s))].into_iter())
                    }
                    None => OVER,
                })
            }
            Rule::Held { .. }
            | Rule::Fall { .. }
            | Rule::Cuff { .. }
            | Rule::Signs { .. }
            | Rule::Entered { .. }
            | Rule::Reported { .. } => None,
        }
    }

    /// Whether a stage that may be for the infusion alone counts now.
    fn counts(&self, infusing_only: bool) -> bool {
        !infusing_only || self.phase() == Some(Phase::Infusing)
    }

    fn timed<'a>(&self, stages: &[TimedStage], since: Millis) -> Course<'a> {
        let counting = stages.iter().filter(|stage| self.counts(stage.infusing));
        running(self.now, counting.map(|s| (s.priority, seconds_after(since, s.after_s))))
    }

    fn cuff_failed_course<'a>(
        &self,
        (failures, priority): (u8, Priority),
        inflated: &'a Inflated,
    ) -> Course<'a> {
        let failed = (self.stay.inflation.failures() >= failures).then_some(priority);
        let too_long_at = self
            .stay
            .inflation
            .inflated_since()
            .map(|since| seconds_after(since.max(self.bedside.ages_from), inflated.after_s));
        match too_long_at {
            Some(at) if at <= self.now => Course::Running {
                priority: failed.max(Some(inflated.priority)),
                next: None,
                text: Some(Cow::Borrowed(&inflated.text)),
            },
            next if failed.is_some() => Course::Running { priority: failed, next, text: None },
            next => Course::Over { next },
        }
    }

    fn lost_course<'a>(&self, stages: &[TimedStage]) -> Course<'a> {
        let course = self.lost_since().map_or(OVER, |(since, own)| {
            let counting = stages.iter().filter(|stage| self.counts(stage.infusing));
            let after = |s: &TimedStage| (s.priority, since.plus(own.patience_ms(s.after_s)));
            match running(self.now, counting.map(after)) {
                Course::Running { priority, next, .. } => {
                    Course::Running { priority, next, text: own.words_of_late().map(Cow::Owned) }
                }
                course => course,
            }
        });
        // A second monitor's time comes whatever the first one's stage is.
        let first_s = stages.iter().map(|stage| stage.after_s).min().unwrap_or(0);
        let lost_at = |m: &Monitor| {
            let since = m.silent_since()?.max(self.bedside.ages_from);
            Some(since.plus(m.patience_ms(i64::from(first_s) * 1_000)))
        };
        let others =
            self.bedside.monitors.iter().filter_map(lost_at).filter(|at| *at > self.now).min();
        let earlier = |next: Option<Millis>| next.into_iter().chain(others).min();
        let course = match course {
            Course::Running { priority, next, text } => {
                Course::Running { priority, next: earlier(next), text }
            }
            Course::Over { next } => Course::Over { next: earlier(next) },
        };
        match course {
            // One that was lost before the blind time, and was not heard since, stays lost.
            Course::Over { next } | Course::Running { priority: None, next, .. } => {
                if self.all_heard_again() {
                    Course::Over { next }
                } else {
                    Course::Running { priority: None, next, text: None }
                }
            }
            course => course,
        }
    }

    fn unwatched_course<'a>(&self, stages: &[TimedStage]) -> Course<'a> {
        let opened_at = self.stay.session.as_ref().map(|session| session.opened_at);
        match (self.bedside.unwatched_since, opened_at) {
            (Some(since), Some(opened_at)) => self.timed(stages, since.max(opened_at)),
            _ => OVER,
        }
    }

    /// Since when a monitor of the session is gone, and which; none when there is none. Before the
    /// infusion only one that was heard in this session can be; from the start on there must be
    /// one.
    fn lost_since(&self) -> Option<(Millis, Gone<'_>)> {
        let session = self.stay.session.as_ref()?;
        let heard = self.bedside.monitors.iter().filter(|monitor| monitor.is_of(session));
        let silent = heard.clone().filter_map(|monitor| {
            let since = monitor.silent_since()?.max(self.bedside.ages_from);
            Some((since, Gone { monitor: Some(monitor), now: self.now }))
        });
        let is_unheard = heard.count() == 0 && session.started_at.is_some();
        let unheard = is_unheard.then(|| {
            let since = self.alone_since(session).max(self.bedside.ages_from);
            (since, Gone { monitor: None, now: self.now })
        });
        silent.chain(unheard).min_by_key(|(since, gone)| since.plus(gone.patience_ms(0)))
    }

    /// Whether a further monitor is lost beside those that staff know of.
    fn has_lost_one_more(&mut self, row: &ConditionRow) -> bool {
        let Rule::Lost { stages } = &row.rule else { return false };
        let first_s = stages.iter().map(|stage| stage.after_s).min().unwrap_or(0);
        let Some(session) = &self.stay.session else { return false };
        let is_lost = |monitor: &&Monitor| {
            let since = monitor.silent_since().map(|since| since.max(self.bedside.ages_from));
            let patience_ms = monitor.patience_ms(i64::from(first_s) * 1_000);
            since.is_some_and(|since| since.plus(patience_ms) <= self.now)
        };
        let in_session = |monitor: &&Monitor| monitor.is_of(session);
        let lost = self.bedside.monitors.iter().filter(in_session).filter(is_lost);
        let lost: Vec<DeviceId> = lost.map(|monitor| monitor.device.clone()).collect();
        let has_one_more = lost.iter().any(|device| !self.stay.known_lost.contains(device));
        self.stay.known_lost = lost;
        has_one_more
    }

    fn alone_since(&self, session: &Session) -> Millis {
        let started_at = session.started_at.unwrap_or(session.phase_since);
        started_at.max(session.opened_at).max(self.bedside.unbound_at)
    }

    /// Whether every monitor of the session was heard since the last blind time; until then a
    /// monitor that was lost counts as lost.
    fn all_heard_again(&self) -> bool {
        let session = self.stay.session.as_ref();
        let is_heard_again = |monitor: &Monitor| {
            let is_of_session = session.map_or(monitor.is_heard, |session| monitor.is_of(session));
            !is_of_session || monitor.last_live >= self.bedside.ages_from
        };
        self.bedside.monitors.iter().all(is_heard_again)
    }

    fn absence_course<'a>(
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
    /// stays and says so (DESIGN 2, "A slow monitor").
    fn too_slow_course<'a>(&self, vital: ContinuousVital) -> Option<Course<'a>> {
        self.stay.session.as_ref()?;
        let known = self.latest_of_patient().filter(|l| vital.sources().contains(&l.vital));
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
        let givers = self.latest_of_patient().filter(|l| vital.sources().contains(&l.vital));
        let back_at = givers.filter_map(|latest| {
            let monitor =
                self.bedside.monitors.iter().find(|monitor| monitor.device == latest.device);
            monitor?.back_at
        });
        back_at.max().map(|at| seconds_after(at, TELLS_KEPT_S))
    }

    /// Whether what the row misses came from a monitor that is lost: two alerts for one plug. A
    /// probe that is off another monitor is another thing.
    pub(super) fn is_of_lost_monitor(&self, row: &ConditionRow) -> bool {
        let vitals: &[ContinuousVital] = match &row.rule {
            Rule::Absence { vital, .. } => std::slice::from_ref(vital),
            Rule::Questionable { vitals, .. } => vitals,
            _ => return true,
        };
        let is_of_it = |latest: &&Latest| {
            ContinuousVital::of(latest.vital).is_some_and(|vital| vitals.contains(&vital))
        };
        let mut givers =
            self.latest_of_patient().filter(is_of_it).map(|latest| &latest.device).peekable();
        // Where none was heard, no monitor is the reason that there is no value.
        let nobody = givers.peek().is_none();
        let is_lost = |device: &DeviceId| {
            let monitor = self.bedside.monitors.iter().find(|monitor| monitor.device == *device);
            monitor.is_none_or(|monitor| monitor.is_silent(self.now))
        };
        nobody || givers.all(is_lost)
    }

    /// Since when a vital that this session needs has no value: one that had a value in it, or,
    /// from the start on, any.
    fn absence(&self, vital: ContinuousVital) -> Option<Absence> {
        let session = self.stay.session.as_ref()?;
        let known = self.latest_of_patient().filter(|l| vital.sources().contains(&l.vital));
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
    fn latest_of_patient(&self) -> impl Iterator<Item = &Latest> + Clone {
        let opened_at = self.stay.session.as_ref().map(|session| session.opened_at);
        let is_of_patient =
            move |latest: &&Latest| opened_at.is_none_or(|opened| latest.heard_at >= opened);
        self.bedside.latest.iter().filter(is_of_patient)
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
        let known = self.latest_of_patient().filter(move |l| vital.sources().contains(&l.vital));
        let current = known.filter(|latest| latest.value_at(self.now).is_some());
        current.map(|latest| latest.heard_at.plus(latest.stale_after_ms() + 1))
    }

    /// The values that count now and are not trusted, since the earliest of them is not. While
    /// they only stop, what stands stays: a good one ends it.
    fn questionable_course<'a>(
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
        let of_source = |source: &Vital| self.latest_of_patient().find(|l| l.vital == *source);
        let known = || vital.sources().iter().filter_map(of_source);
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

    /// `age > n × cadence + s`, the age counted from the last valid pressure or the phase, or
    /// from a fixed time that passed without one.
    fn overdue_course<'a>(&self, stages: &[OverdueStage]) -> Course<'a> {
        let Some((due, cadence_ms)) = self.cadence_due_and_length() else { return OVER };
        let counting = stages.iter().filter(|stage| self.counts(stage.infusing)).map(|stage| {
            let more = i64::from(stage.cadences.saturating_sub(1)) * cadence_ms;
            (
                stage.priority,
                due.plus(more + i64::from(stage.and_s) * 1_000).max(self.bedside.ages_from),
            )
        });
        match running(self.now, counting) {
            Course::Running { priority: None, next, .. } if self.now < due => Course::Over { next },
            course => course,
        }
    }

    fn repeated_course<'a>(
        &self,
        incident: Incident,
        count: u8,
        within_s: u32,
        priority: Priority,
    ) -> Course<'a> {
        let times = match incident {
            Incident::LinkDropped => &self.stay.drops,
            Incident::ValueRefused => &self.stay.refusals,
        };
        let Some(last) = times.back() else { return OVER };
        let over_at = seconds_after(*last, within_s);
        if over_at <= self.now {
            return OVER;
        }
        let within = |at: &&Millis| last.since(**at) < i64::from(within_s) * 1_000;
        let often = times.iter().rev().take_while(within).count() >= usize::from(count);
        Course::Running { priority: often.then_some(priority), next: Some(over_at), text: None }
    }
}
