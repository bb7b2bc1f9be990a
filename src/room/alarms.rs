//! The life of alerts: raised, worse, milder, over, back again, forgotten.

use serde::{Deserialize, Serialize};

use super::alert::{Alert, AlertState, Change};
use super::{Output, Room};
use crate::rules::{Condition, ConditionRow, Finding, Rule};
use crate::vitals::moved;

/// Closed alerts that a room remembers, so that an outcome can still be given.
const CLOSED_ALERTS: usize = 64;

/// The room's alerts. They outlive the stay in which they were raised.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Alarms {
    /// Every alert that is not closed, and the newest closed ones, oldest first.
    pub(crate) alerts: Vec<Alert>,
    /// The day and the number of its last alert without a session.
    pub(super) numbered_of_day: (u32, u32),
}

moved!(Alarms { moves: alerts; stays: numbered_of_day });

impl Room {
    /// The condition holds: raises its alert, or makes it worse.
    pub(super) fn apply(&mut self, row: &ConditionRow, finding: Finding) {
        let condition = row.condition;
        let open = self.alarms.alerts.iter().position(|a| a.condition == condition && a.is_open());
        if let Some(index) = open {
            if !self.alarms.alerts[index].is_past {
                let was_active = self.alarms.alerts[index].state == AlertState::Active;
                let may_fall = self.has_left_level(row, self.alarms.alerts[index].level, &finding);
                if !was_active {
                    self.stay.recurring.note(condition, self.now);
                }
                match self.alarms.alerts[index].update(finding, may_fall, self.now) {
                    Change::Nothing => {}
                    Change::Words => {
                        self.outputs
                            .push_back(Output::AlertTouched(self.alarms.alerts[index].id()));
                    }
                    Change::Line => {
                        self.log(index);
                        self.follow(condition, !was_active);
                    }
                }
                return;
            }
            self.give_way_to_own(index);
        }
        let now = self.now;
        let still = self.alarms.alerts.iter().rposition(|alert| {
            alert.condition == condition
                && !alert.is_past
                && (!finding.is_anew || alert.text == finding.text)
                && alert.is_still(&finding, row.realert_s, now)
        });
        self.stay.recurring.note(condition, now);
        if let Some(index) = still {
            self.alarms.alerts[index].reopen(finding, now);
            self.log(index);
        } else {
            self.raise(condition, Some(self.stay.profile.label()), finding);
        }
        self.follow(condition, true);
    }

    /// An open alert about a patient who has left is closed for this patient's own: a condition has
    /// only one open alert in a room.
    pub(super) fn give_way_to_own(&mut self, index: usize) {
        self.alarms.alerts[index].close(AlertState::Resolved, self.now);
        self.log(index);
    }

    /// Raises an alert, by the profile of this label if it is by one.
    pub(super) fn raise(
        &mut self,
        condition: Condition,
        profile: Option<String>,
        finding: Finding,
    ) {
        let number = self.next_number();
        let session = self.stay.session.as_ref().map(|session| session.id.clone());
        let alert = Alert::raise(number, session, condition, profile, finding, self.now);
        self.forget_closed_alerts();
        self.alarms.alerts.push(alert);
        self.log(self.alarms.alerts.len() - 1);
    }

    /// What else follows from an alert that is there again, or worse.
    fn follow(&mut self, condition: Condition, is_there_again: bool) {
        self.note_fall(condition);
        self.ask_for_cuff_reading(condition);
        if is_there_again {
            self.judge_with(condition);
        }
    }

    /// The condition is over.
    pub(super) fn end(&mut self, condition: Condition) {
        if let Some(index) = self.alarms.end(condition, self.now) {
            self.log(index);
        }
    }

    fn next_number(&mut self) -> (String, u32) {
        if let Some(session) = &self.stay.session {
            self.stay.numbered += 1;
            return (session.id.to_string(), self.stay.numbered);
        }
        let day = self.now.day();
        let scope = format!("{}-{day}", self.id);
        let (newest, last) = self.alarms.numbered_of_day;
        if day < newest {
            // The clock was set back: how far that day's count had got is no longer known.
            return (scope.clone(), self.number_of_a_day_again(&scope));
        }
        let number = if day == newest { last + 1 } else { 1 };
        self.alarms.numbered_of_day = (day, number);
        (scope, number)
    }

    /// Gives each minute of the day a thousand numbers, from the minute in which it is.
    fn number_of_a_day_again(&self, scope: &str) -> u32 {
        let minute = u32::try_from(self.now.0.rem_euclid(86_400_000) / 60_000).unwrap_or(0);
        let first = (minute + 1) * 1_000;
        let of_the_minute = first..first + 1_000;
        let known = self.alarms.alerts.iter().filter(|alert| alert.scope == scope);
        let last = known.map(|alert| alert.number).filter(|n| of_the_minute.contains(n)).max();
        last.map_or(first, |last| last + 1)
    }

    fn forget_closed_alerts(&mut self) {
        let closed = self.alarms.alerts.iter().filter(|alert| !alert.is_open()).count();
        if closed >= CLOSED_ALERTS
            && let Some(oldest) = self.alarms.alerts.iter().position(|alert| !alert.is_open())
        {
            self.alarms.alerts.remove(oldest);
        }
    }

    pub(super) fn log(&mut self, index: usize) {
        let line = self.line(&self.alarms.alerts[index]);
        self.outputs.push_back(Output::Alert(line));
        self.say(index);
    }

    pub(super) fn is_open(&self, condition: Condition) -> bool {
        let is_it = |alert: &Alert| alert.condition == condition && !alert.is_past;
        self.alarms.alerts.iter().any(|alert| is_it(alert) && alert.is_open())
    }

    pub(super) fn is_active(&self, condition: Condition) -> bool {
        self.alarms.active(condition).is_some()
    }

    /// Raises a condition that the ward has found.
    pub(super) fn report(&mut self, condition: Condition) {
        let profile = self.stay.profile.clone();
        if let Some(row) = profile.row(condition)
            && let Rule::Reported(rule) = &row.rule
        {
            self.apply(row, Finding::technical(rule.priority, &row.text));
        }
    }
}
