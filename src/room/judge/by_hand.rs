//! Values that a person counted.

use crate::room::{AlertState, Room};
use crate::rules::{ConditionRow, ContinuousVital, Priority, Rule, Verdict};
use crate::vitals::{Decimal, Millis};

impl Room {
    /// Judges one value that a person counted: there is no run to wait for. A person who enters
    /// something urgent although a monitor gives the vital (`is_watched`) does not trust the
    /// monitor: the urgent value raises an alert, nothing milder does, and the value ends nothing.
    pub(in crate::room) fn judge_by_hand(
        &mut self,
        vital: ContinuousVital,
        (value, at): (Decimal, Millis),
        is_watched: bool,
    ) {
        let profile = self.stay.profile.clone();
        let measured = (value, self.now);
        let judge = |row: &ConditionRow| {
            let is_active = self.is_active(row.condition);
            let mut verdict = match &row.rule {
                Rule::Held(rule) => {
                    rule.judge_by_hand(row, vital, measured, self.patient(), is_active)
                }
                _ => Verdict::default(),
            };
            if is_watched {
                verdict.is_over = false;
                verdict.finding.take_if(|finding| finding.priority < Priority::High);
                verdict.finding.as_mut()?.text.push_str(" by hand");
            }
            Some(verdict)
        };
        let rows = profile.conditions.iter().filter(|row| self.applies(row));
        let judged: Vec<(&ConditionRow, Verdict)> =
            rows.filter_map(|row| Some((row, judge(row)?))).collect();
        if !is_watched {
            self.history_mut(vital).push(at, value);
        }
        for (row, verdict) in judged {
            match verdict {
                Verdict { finding: Some(finding), .. } => {
                    let counted_anew = self.alarms.alerts.iter_mut().find(|alert| {
                        alert.condition == row.condition
                            && alert.state == AlertState::Active
                            && !alert.is_past
                            && alert.level >= finding.level
                    });
                    match counted_anew {
                        // It stays as it is: what the monitor shows does not end it.
                        Some(alert) if is_watched => alert.value_at = Some(measured.1),
                        _ => self.apply_unless_hidden(row, finding),
                    }
                }
                Verdict { is_over: true, .. } => self.end(row.condition),
                Verdict { .. } => {
                    if let Rule::Signs(rule) = &row.rule {
                        self.judge_signs(row, rule, None);
                    }
                }
            }
        }
    }
}
