//! Which rules of the profile are judged when, and what their verdicts do to alerts.

mod by_hand;
mod continuous;
mod cuff;
mod entered;
mod hidden;
mod revised;

use std::sync::Arc;

use super::{Alert, AlertState, Latest, Output, Phase, Room, STALE_AFTER_MS};
use crate::rules::{
    Baseline, Condition, ConditionRow, ContinuousVital, Fall, Finding, Held, History, Patient,
    Rule, Span,
};
use crate::vitals::Vital;

impl Room {
    pub(super) fn history(&self, vital: ContinuousVital) -> &History {
        self.stay.histories.of(vital)
    }

    pub(super) fn history_mut(&mut self, vital: ContinuousVital) -> &mut History {
        self.stay.histories.of_mut(vital)
    }

    pub(super) fn patient(&self) -> Patient<'_> {
        match &self.stay.session {
            Some(session) => Patient {
                baseline: session.baseline.as_ref().unwrap_or(&Baseline::NONE),
                personal: &session.personal,
            },
            None => Patient { baseline: &Baseline::NONE, personal: &[] },
        }
    }

    pub(super) fn phase(&self) -> Option<Phase> {
        self.stay.session.as_ref().map(|session| session.phase)
    }

    fn span(&self) -> Span {
        match self.phase() {
            None => Span::NoSession,
            Some(phase) if phase.is_before_start() => Span::BeforeStart,
            Some(_) => Span::Treatment,
        }
    }

    pub(super) fn applies(&self, row: &ConditionRow) -> bool {
        row.during.contains(&self.span())
    }

    /// Limits, phase or profile have changed: what the new ones find is raised now, and what they
    /// no longer judge is over.
    pub(super) fn judge_anew(&mut self) {
        for condition in Condition::ALL {
            let is_judged = self.stay.profile.row(condition).is_some_and(|row| self.applies(row));
            if !is_judged && condition.is_in_profiles() {
                self.end(condition);
            }
        }
        for vital in ContinuousVital::ALL {
            // That a value was good some time ago says nothing about now.
            let newest_at = self.history(vital).newest_at();
            let longest_ms = self.history(vital).rhythm().patience_ms(STALE_AFTER_MS);
            if newest_at.is_some_and(|at| self.now.since(at) <= longest_ms) {
                self.judge_continuous(vital);
            }
        }
        self.judge_cuff(false);
        self.judge_entries(None);
    }

    /// Whether an alert of this level may fall to what was found now: the value has been back
    /// inside the limits of that level for as long as it takes for the alert to be over.
    pub(super) fn has_left_level(&self, row: &ConditionRow, level: u8, finding: &Finding) -> bool {
        match &row.rule {
            _ if !finding.may_fall => false,
            Rule::Held(rule) if finding.level < level => {
                let (history, patient) = (self.history(rule.vital), self.patient());
                let has_left =
                    |level| rule.has_left(level, rule.clearing.for_s, row, history, patient);
                (finding.level + 1..=level).all(has_left)
            }
            _ => true,
        }
    }

    /// The newest value of an active alert may be its worst.
    fn note_worst(&mut self, row: &ConditionRow) {
        let (value, at, vitals) = match &row.rule {
            Rule::Held(Held { vital, .. }) | Rule::Fall(Fall { vital, .. }) => {
                let history = self.history(*vital);
                (history.newest(), history.newest_at(), vital.sources())
            }
            Rule::Cuff(rule) => {
                let newest = self.stay.cuff.last();
                let value = newest.and_then(|newest| rule.part.of(&newest.pressure));
                (value, newest.map(|newest| newest.measured_at), &[Vital::Nibp][..])
            }
            _ => return,
        };
        let Some((value, at)) = value.zip(at) else { return };
        let of_vital = |latest: &&Latest| vitals.contains(&latest.vital) && latest.heard_at == at;
        let bound = self.bedside.latest.iter().find(of_vital).and_then(|latest| latest.bound);
        let is_it = |alert: &&mut Alert| {
            alert.condition == row.condition && alert.state == AlertState::Active && !alert.is_past
        };
        if let Some(alert) = self.alarms.alerts.iter_mut().find(is_it)
            && alert.note_worst(value, bound, at)
        {
            let id = alert.id();
            self.outputs.push_back(Output::AlertTouched(id));
        }
    }

    /// A condition has an alert again: judges the stages of other conditions that count only with
    /// it.
    pub(super) fn judge_with(&mut self, raised: Condition) {
        let profile = Arc::clone(&self.stay.profile);
        for row in &profile.conditions {
            if !row.rule.shape().counts_with(raised) || !self.applies(row) {
                continue;
            }
            match &row.rule {
                Rule::Cuff(rule) if self.current_pressure().is_some() => {
                    self.judge_cuff_row(row, rule, false);
                }
                Rule::Fall(_) => self.judge_one(row),
                _ => {}
            }
        }
    }
}
