//! The pressure conditions.

use crate::room::tasks::Why;
use crate::room::{Alert, Output, Room};
use crate::rules::cuff::judge::Look;
use crate::rules::{ConditionRow, Cuff, Rule};
use crate::vitals::{Millis, Pressure};

/// A pressure of before counts for this much longer than the cadence (clinical.md#ages).
const CUFF_VALID_BEYOND_CADENCE_MS: i64 = 90_000;

impl Room {
    /// Judges the pressure conditions by the newest cuff reading, which has just come or is
    /// looked at again.
    pub(in crate::room) fn judge_cuff(&mut self, is_new: bool) {
        let profile = self.stay.profile.clone();
        if !is_new && self.current_pressure().is_none() {
            return;
        }
        for row in profile.conditions.iter() {
            if let Rule::Cuff(rule) = &row.rule
                && self.applies(row)
            {
                self.judge_cuff_row(row, rule, is_new);
            }
        }
        self.judge_all_signs();
    }

    /// Judges the pressure conditions by one row; whether it found something.
    pub(super) fn judge_cuff_row(&mut self, row: &ConditionRow, rule: &Cuff, is_new: bool) -> bool {
        let is_it = |alert: &&Alert| alert.condition == row.condition && !alert.is_past;
        let open = self.alarms.alerts.iter().filter(is_it).find(|alert| alert.is_open());
        let open_level = open.map(|alert| alert.level);
        let mut cuff = std::mem::take(&mut self.stay.cuff);
        let is_open = |condition| self.is_open(condition);
        let look = Look { patient: self.patient(), open_level, is_new, is_open: &is_open };
        let verdict = rule.judge(row, &mut cuff, look);
        self.stay.cuff = cuff;
        let is_found = verdict.finding.is_some();
        match verdict.finding {
            Some(finding) => self.apply_unless_hidden(row, finding),
            None if verdict.is_over => self.end(row.condition),
            None => {}
        }
        self.note_worst(row);
        self.show_waiting(row, rule);
        is_found
    }

    /// A first reading beyond an urgent limit: its alert says that it waits for a second one,
    /// and staff are asked for it.
    fn show_waiting(&mut self, row: &ConditionRow, rule: &Cuff) {
        let waiting = self.stay.cuff.waiting(row.condition);
        if waiting.is_some() && !self.is_hidden(row, rule.waiting_level()) {
            self.want_cuff_reading(Why::Unconfirmed(row.condition), self.now);
        }
        let is_it = |alert: &&mut Alert| {
            alert.condition == row.condition && alert.is_open() && !alert.is_past
        };
        if let Some(alert) = self.alarms.alerts.iter_mut().find(is_it)
            && alert.waits_for != waiting
        {
            alert.waits_for = waiting;
            let id = alert.id();
            self.outputs.push_back(Output::AlertTouched(id));
        }
    }

    /// The newest pressure, while it is not too old to judge by.
    pub(in crate::room) fn current_pressure(&self) -> Option<Pressure> {
        self.stay.cuff.newest(self.now, self.cadence_ms() + CUFF_VALID_BEYOND_CADENCE_MS)
    }

    /// When it is too old to be the current one.
    pub(in crate::room) fn current_pressure_until(&self) -> Option<Millis> {
        self.stay.cuff.newest_until(self.cadence_ms() + CUFF_VALID_BEYOND_CADENCE_MS)
    }
}
