//! What staff have entered, and signs of a reaction.

use crate::room::{Room, Session};
use crate::rules::entered::Entries;
use crate::rules::signs::Evidence;
use crate::rules::{ConditionRow, Rule, Signs};

impl Session {
    /// The symptoms and scores of the session, as signs are looked for in them.
    pub(in crate::room) fn entries<'a>(&'a self, just_entered: Option<&'a str>) -> Entries<'a> {
        Entries { symptoms: &self.symptoms, scores: &self.scores, just_entered }
    }
}

impl Room {
    /// Judges what staff have entered; `entered` is the symptom that they have just entered.
    pub(in crate::room) fn judge_entries(&mut self, entered: Option<&str>) {
        let profile = self.stay.profile.clone();
        for row in &profile.conditions {
            if !self.applies(row) {
                continue;
            }
            match &row.rule {
                Rule::Entered(rule) => {
                    let session = self.stay.session.as_ref();
                    let finding = session.and_then(|session| {
                        rule.judge(row, session.entries(entered), profile.words())
                    });
                    match finding {
                        Some(finding) => self.apply_unless_hidden(row, finding),
                        None => self.end(row.condition),
                    }
                }
                Rule::Signs(rule) => self.judge_signs(row, rule, entered),
                _ => {}
            }
        }
    }

    pub(in crate::room) fn judge_all_signs(&mut self) {
        let profile = self.stay.profile.clone();
        for row in &profile.conditions {
            if let Rule::Signs(rule) = &row.rule
                && self.applies(row)
            {
                self.judge_signs(row, rule, None);
            }
        }
    }

    pub(super) fn judge_signs(&mut self, row: &ConditionRow, rule: &Signs, entered: Option<&str>) {
        let Some(session) = &self.stay.session else { return };
        let verdict = rule.judge(row, &self.evidence(session, entered));
        match verdict.finding {
            Some(finding) => self.apply_unless_hidden(row, finding),
            None if verdict.is_over => self.end(row.condition),
            None => {}
        }
    }

    /// Everything in which signs of a condition are looked for.
    pub(in crate::room) fn evidence<'a>(
        &'a self,
        session: &'a Session,
        entered: Option<&'a str>,
    ) -> Evidence<'a> {
        Evidence {
            entries: session.entries(entered),
            patient: self.patient(),
            pressure: self.current_pressure(),
            has_pressure: self.stay.cuff.last_at().is_some(),
            histories: &self.stay.histories,
            now: self.now,
        }
    }
}
