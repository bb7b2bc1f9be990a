//! What need not be raised, because another alert already says it.

use crate::room::{Alert, AlertState, Room};
use crate::rules::{ConditionRow, Finding, Kind, Rule};

impl Room {
    pub(in crate::room) fn apply_unless_hidden(&mut self, row: &ConditionRow, finding: Finding) {
        if !self.is_hidden(row, finding.level) {
            self.apply(row, finding);
        }
    }

    /// Whether a new alert would say no more than an active one that is at least as grave. An alert
    /// that is already open may always get worse.
    pub(in crate::room) fn is_hidden(&self, row: &ConditionRow, level: u8) -> bool {
        // A fall says nothing more beside the alert about the value it fell to, whatever happened
        // since.
        let is_fall = matches!(row.rule, Rule::Fall(_));
        let hides = |alert: &Alert| {
            row.hidden_by.contains(&alert.condition)
                && (alert.state == AlertState::Active || is_fall && alert.is_open())
                && !alert.is_past
                && match alert.condition.kind() {
                    Kind::Physiological => is_fall || alert.level >= level,
                    Kind::Technical => self.is_of_lost_monitor(row),
                }
        };
        (row.condition.kind() == Kind::Technical || !self.is_open(row.condition))
            && self.alarms.alerts.iter().any(hides)
    }
}
