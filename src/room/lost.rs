//! Monitors that are not heard from.

use std::borrow::Cow;

use super::{Latest, Monitor, Room, Session};
use crate::rules::{ConditionRow, ContinuousVital, Course, Lost, OVER, Questionable, Rule};
use crate::vitals::{DeviceId, Millis};

/// A monitor that was heard within this time is present, whatever it sends.
const LATE_IS_HEARD_MS: i64 = 10_000;

/// A monitor that is lost, or the lack of any.
#[derive(Clone, Copy)]
struct Gone<'a> {
    monitor: Option<&'a Monitor>,
    now: Millis,
}

impl Gone<'_> {
    /// Whether it is a slow monitor, which is given more time.
    fn patience_ms(self, own_ms: i64) -> i64 {
        self.monitor.map_or(own_ms, |monitor| monitor.patience_ms(own_ms))
    }

    /// What staff read when it is heard but only old values come.
    fn words_of_late(self) -> Option<String> {
        let monitor = self.monitor?;
        let late_ms = monitor.late_by_ms?;
        let is_heard = !monitor.link_is_down
            && self.now.since(monitor.last_heard) <= monitor.patience_ms(LATE_IS_HEARD_MS);
        let minutes = (late_ms + 30_000) / 60_000;
        is_heard.then(|| format!("Monitor sends old values: its values are {minutes} min old"))
    }
}

impl Room {
    pub(super) fn lost_course<'a>(&self, rule: &'a Lost) -> Course<'a> {
        let course = self.lost_since().map_or(OVER, |(since, own)| {
            match rule.course(since, |ms| own.patience_ms(ms), self.moment()) {
                Course::Running { priority, next, .. } => {
                    Course::Running { priority, next, text: own.words_of_late().map(Cow::Owned) }
                }
                course => course,
            }
        });
        // A second monitor's time runs whatever the stage of the first one is.
        let lost_at = |m: &Monitor| {
            let since = m.silent_since()?.max(self.bedside.ages_from);
            Some(since.plus(m.patience_ms(rule.first_ms())))
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
            // A monitor that was lost before the blind time, and has not been heard since, stays
            // lost.
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

    /// Since when a monitor of the session has been gone, and which one; `None` when none is.
    /// Before the infusion only a monitor that was heard in this session can be gone; from the
    /// start on there must be one.
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

    /// Whether a further monitor is lost besides those that staff know about.
    pub(super) fn has_lost_one_more(&mut self, row: &ConditionRow) -> bool {
        let Rule::Lost(rule) = &row.rule else { return false };
        let Some(session) = &self.stay.session else { return false };
        let is_lost = |monitor: &&Monitor| {
            let since = monitor.silent_since().map(|since| since.max(self.bedside.ages_from));
            let patience_ms = monitor.patience_ms(rule.first_ms());
            since.is_some_and(|since| since.plus(patience_ms) <= self.now)
        };
        let in_session = |monitor: &&Monitor| monitor.is_of(session);
        let lost = self.bedside.monitors.iter().filter(in_session).filter(is_lost);
        let lost: Vec<DeviceId> = lost.map(|monitor| monitor.device.clone()).collect();
        let has_one_more = lost.iter().any(|device| !self.stay.known_lost.contains(device));
        self.stay.known_lost = lost;
        has_one_more
    }

    pub(super) fn alone_since(&self, session: &Session) -> Millis {
        let started_at = session.started_at.unwrap_or(session.phase_since);
        started_at.max(session.here_since()).max(self.bedside.unbound_at)
    }

    /// Whether every monitor of the session has been heard since the last blind time; until then a
    /// monitor that was lost counts as lost.
    fn all_heard_again(&self) -> bool {
        let session = self.stay.session.as_ref();
        let is_heard_again = |monitor: &Monitor| {
            let is_of_session = session.map_or(monitor.is_heard, |session| monitor.is_of(session));
            !is_of_session || monitor.last_live >= self.bedside.ages_from
        };
        self.bedside.monitors.iter().all(is_heard_again)
    }

    /// Whether what the row misses came from a monitor that is lost: that would be two alerts for
    /// one plug. A probe that is off another monitor is a different matter.
    pub(super) fn is_of_lost_monitor(&self, row: &ConditionRow) -> bool {
        let vitals: &[ContinuousVital] = match &row.rule {
            Rule::Absence(rule) => std::slice::from_ref(&rule.vital),
            Rule::Questionable(Questionable { vitals, .. }) => vitals,
            _ => return true,
        };
        let is_of_it = |latest: &&Latest| {
            ContinuousVital::of(latest.vital).is_some_and(|vital| vitals.contains(&vital))
        };
        let mut givers =
            self.latest_of_patient().filter(is_of_it).map(|latest| &latest.device).peekable();
        // Where no monitor was heard, none is the reason that there is no value.
        let nobody = givers.peek().is_none();
        let is_lost = |device: &DeviceId| {
            let monitor = self.bedside.monitors.iter().find(|monitor| monitor.device == *device);
            monitor.is_none_or(|monitor| monitor.is_silent(self.now))
        };
        nobody || givers.all(is_lost)
    }
}
