//! What depends on time alone: values that are missing or not trusted ([`super::missing`]),
//! monitors that are not heard from ([`super::lost`]), pressures that do not come.

use std::borrow::Cow;

use super::recurring::STAYS_S;
use super::{AlertState, Phase, Room};
use crate::rules::{
    ConditionRow, ContinuousVital, Course, CuffFailed, CuffOverdue, Finding, Incident, Moment,
    OVER, Repeated, Rule, Unwatched, seconds_after,
};
use crate::vitals::Millis;

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
                    // Words are built only for what changes something.
                    let is_known = self.alarms.alerts.iter().any(|alert| {
                        alert.condition == row.condition
                            && alert.state == AlertState::Active
                            && !alert.is_past
                            && match alert.acknowledged {
                                // An alert that somebody has taken follows its condition down.
                                Some(_) => alert.priority == priority,
                                None => alert.priority >= priority,
                            }
                    });
                    let text = text.unwrap_or(Cow::Borrowed(&row.text));
                    let has_one_more = self.has_lost_one_more(row);
                    if !is_known {
                        self.apply_unless_hidden(row, Finding::technical(priority, &text));
                    } else if has_one_more {
                        let finding = Finding::technical(priority, &row.text);
                        self.apply(row, Finding { is_anew: true, ..finding });
                    }
                }
                Some(Course::Over { .. }) if self.is_active(row.condition) => {
                    self.end(row.condition)
                }
                _ => {}
            }
        }
    }

    /// When a technical stage that does not hold yet will begin to hold.
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
        // What came and went too often stays until there has been a value for some time.
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
            let known = self.given(*vital);
            let since = known.filter_map(|latest| {
                latest.value_at(self.now)?;
                if is_trusted { latest.good_since } else { latest.present_since }
            });
            since.min()
        };
        let since = match &row.rule {
            Rule::Absence(rule) => of(&rule.vital, false),
            Rule::Questionable(rule) => {
                rule.vitals.iter().filter_map(|vital| of(vital, true)).max()
            }
            _ => return None,
        };
        since.map(|since| seconds_after(since, STAYS_S)).filter(|until| *until > self.now)
    }

    fn course_of_rule<'a>(&self, row: &'a ConditionRow) -> Option<Course<'a>> {
        Some(match &row.rule {
            Rule::Lost(rule) => self.lost_course(rule),
            Rule::Unwatched(rule) => self.unwatched_course(rule),
            Rule::Absence(rule) => self.absence_course(rule),
            Rule::Questionable(rule) => self.questionable_course(rule),
            Rule::CuffFailed(rule) => self.cuff_failed_course(rule),
            Rule::CuffOverdue(rule) => self.overdue_course(rule),
            Rule::Repeated(rule) => self.repeated_course(rule),
            Rule::ClockDiffers(rule) => {
                let monitors = self.bedside.monitors.iter();
                let since = monitors.filter_map(|m| m.clock_differs_since).min();
                since.map_or(OVER, |since| rule.course(since, self.now))
            }
            Rule::Held(_)
            | Rule::Fall(_)
            | Rule::Cuff(_)
            | Rule::Signs(_)
            | Rule::Entered(_)
            | Rule::Reported(_) => return None,
        })
    }

    pub(super) fn moment(&self) -> Moment {
        Moment { now: self.now, is_infusing: self.phase() == Some(Phase::Infusing) }
    }

    fn cuff_failed_course<'a>(&self, rule: &'a CuffFailed) -> Course<'a> {
        let inflation = &self.stay.inflation;
        let since = inflation.inflated_since().map(|since| since.max(self.bedside.ages_from));
        rule.course(inflation.failures(), since, self.now)
    }

    fn unwatched_course<'a>(&self, rule: &'a Unwatched) -> Course<'a> {
        let opened_at = self.stay.session.as_ref().map(super::Session::here_since);
        match (self.bedside.unwatched_since, opened_at) {
            (Some(since), Some(opened_at)) => rule.course(since.max(opened_at), self.moment()),
            _ => OVER,
        }
    }

    /// The age is counted from the last valid pressure or the phase, or from a fixed time that
    /// passed without one.
    fn overdue_course<'a>(&self, rule: &'a CuffOverdue) -> Course<'a> {
        let due = self.cadence_due_and_length();
        due.map_or(OVER, |due| rule.course(due, self.bedside.ages_from, self.moment()))
    }

    fn repeated_course<'a>(&self, rule: &'a Repeated) -> Course<'a> {
        let times = match rule.incident {
            Incident::LinkDropped => &self.stay.drops,
            Incident::ValueRefused => &self.stay.refusals,
        };
        rule.course(times, self.now)
    }
}
