//! The limits and falls of continuous vitals.

use crate::room::recurring::STAYS_S;
use crate::room::{Alert, AlertState, Room};
use crate::rules::{Clears, Condition, ConditionRow, ContinuousVital, Rule, Verdict};
use crate::vitals::Decimal;

impl Room {
    /// Judges the limits and falls of a vital at its newest value.
    pub(in crate::room) fn judge_continuous(&mut self, vital: ContinuousVital) {
        let profile = self.stay.profile.clone();
        for row in &profile.conditions {
            if !self.applies(row) {
                continue;
            }
            if row.rule.is_of(vital) {
                self.judge_one(row);
            } else if let Rule::Signs(rule) = &row.rule
                && rule.is_of(vital)
            {
                self.judge_signs(row, rule, None);
            }
        }
    }

    pub(super) fn judge_one(&mut self, row: &ConditionRow) {
        let is_it = |alert: &&Alert| alert.condition == row.condition && !alert.is_past;
        let active =
            self.alarms.alerts.iter().filter(is_it).find(|a| a.state == AlertState::Active);
        let verdict = match &row.rule {
            Rule::Held(rule) => {
                // What the monitor showed earlier does not undo a value that was counted by hand.
                let clearing_ms = i64::from(rule.clearing.for_s) * 1_000;
                let may_end = active.is_some_and(|alert| {
                    alert.value_at.is_none_or(|at| self.now.since(at) >= clearing_ms)
                });
                let clears = if may_end { self.clears(row.condition) } else { Clears::Not };
                rule.judge(row, self.history(rule.vital), self.patient(), clears)
            }
            Rule::Fall(rule) => {
                let fallen_to = active.map(|alert| alert.limit.map(Decimal::as_f64));
                let is_open = |condition| self.is_open(condition);
                let clears = self.clears(row.condition);
                let (history, patient) = (self.history(rule.vital), self.patient());
                rule.judge(row, history, patient, (fallen_to, clears), &is_open)
            }
            _ => return,
        };
        match verdict {
            Verdict { finding: Some(finding), .. } => self.apply_unless_hidden(row, finding),
            Verdict { is_over: true, .. } => self.end(row.condition),
            // Milder than it was, but not over.
            Verdict { .. } => {}
        }
        self.note_worst(row);
    }

    /// When the alert of an active condition may be over.
    fn clears(&self, condition: Condition) -> Clears {
        Clears::AfterS(if self.stay.recurring.stays(condition) { STAYS_S } else { 0 })
    }
}
