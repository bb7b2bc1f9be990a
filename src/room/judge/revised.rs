//! Values that were corrected or taken back.

use crate::room::{Alert, AlertState, Room};
use crate::rules::{Condition, ContinuousVital, Rule};
use crate::vitals::{Decimal, Millis};

impl Room {
    /// A value was corrected or taken back: what it alone raised is over.
    pub(in crate::room) fn judge_revised(&mut self, vital: ContinuousVital, at: Millis) {
        let profile = self.stay.profile.clone();
        for row in &profile.conditions {
            if !row.rule.is_of(vital) || !self.applies(row) {
                continue;
            }
            let is_by_it = self.alarms.alerts.iter().any(|alert| {
                alert.condition == row.condition
                    && alert.state == AlertState::Active
                    && alert.value_at == Some(at)
            });
            if is_by_it {
                self.forget_worst(row.condition, self.history(vital).newest(), None);
                self.end(row.condition);
            }
        }
        if self.history(vital).newest_at().is_some() {
            self.judge_continuous(vital);
        }
    }

    /// The same for the cuff. Returns whether it was the newest reading.
    pub(in crate::room) fn judge_revised_cuff(&mut self, is_newest: bool) {
        let profile = self.stay.profile.clone();
        if self.stay.cuff.last().is_none() || !is_newest {
            for row in &profile.conditions {
                if self.stay.cuff.last().is_none() && matches!(row.rule, Rule::Cuff(_)) {
                    self.forget_worst(row.condition, None, None);
                    self.end(row.condition);
                }
            }
            self.judge_cuff(false);
            return;
        }
        for row in profile.conditions.iter().filter(|row| matches!(row.rule, Rule::Cuff(_))) {
            if !self.applies(row) {
                continue;
            }
            let Rule::Cuff(rule) = &row.rule else { continue };
            let newest = self.stay.cuff.last();
            let value = newest.and_then(|newest| rule.part.of(&newest.pressure));
            let at = newest.map(|newest| newest.measured_at);
            let was =
                self.alarms.alerts.iter().any(|alert| {
                    alert.condition == row.condition && alert.state == AlertState::Active
                });
            self.forget_worst(row.condition, value, at);
            // With its new numbers the reading counts as a first one.
            if !self.judge_cuff_row(row, rule, true) && was {
                self.end(row.condition);
            }
        }
        self.judge_all_signs();
    }

    fn forget_worst(&mut self, condition: Condition, value: Option<Decimal>, at: Option<Millis>) {
        let is_it = |alert: &&mut Alert| {
            alert.condition == condition && alert.state == AlertState::Active && !alert.is_past
        };
        if let Some(alert) = self.alarms.alerts.iter_mut().find(is_it) {
            alert.forget_worst(value, at);
        }
    }
}
