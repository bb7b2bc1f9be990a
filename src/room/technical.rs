//! What depends on time alone: values that are missing or not trusted ([`super::missing`]), monitors
//! that are not heard ([`super::lost`]), pressures that do not come.

use std::borrow::Cow;

use super::alert::Standing;
use super::recurring::STAYS_S;
use super::{AlertState, Phase, Room};
use crate::profile::{
    ConditionRow, ContinuousVital, Incident, Inflated, OverdueStage, Priority, Rule, TimedStage,
};
use crate::vitals::Millis;

/// How a condition of time stands. `next` is when that may change without a word from outside.
pub(super) enum Course<'a> {
    /// Not at all.
    Over { next: Option<Millis> },
    /// The priority that its stages give now; while they give none, what stands stays.
    Running { priority: Option<Priority>, next: Option<Millis>, text: Option<Cow<'a, str>> },
}

pub(super) const OVER: Course<'static> = Course::Over { next: None };

/// The stages as times: which hold now, and when the next one will.
pub(super) fn running<'a>(
    now: Millis,
    stages: impl Iterator<Item = (Priority, Millis)>,
) -> Course<'a> {
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

pub(super) fn seconds_after(since: Millis, seconds: u32) -> Millis {
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
            let known = self.given(*vital);
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
    pub(super) fn counts(&self, infusing_only: bool) -> bool {
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

    fn unwatched_course<'a>(&self, stages: &[TimedStage]) -> Course<'a> {
        let opened_at = self.stay.session.as_ref().map(|session| session.opened_at);
        match (self.bedside.unwatched_since, opened_at) {
            (Some(since), Some(opened_at)) => self.timed(stages, since.max(opened_at)),
            _ => OVER,
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
