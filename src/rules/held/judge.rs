use super::{Held, HeldStage};
use crate::rules::finding::{Clears, Finding, Holding, Verdict, graver};
use crate::rules::history::{History, Window};
use crate::rules::patient::Patient;
use crate::rules::{ConditionRow, ContinuousVital};
use crate::vitals::{Decimal, Millis};

impl Held {
    /// Judges at the newest sample: the gravest stage that holds; or, for an alert that is active,
    /// back inside every caution limit by the margin for the clearing time.
    pub(crate) fn judge(
        &self,
        row: &ConditionRow,
        history: &History,
        patient: Patient<'_>,
        clears: Clears,
    ) -> Verdict {
        let holding = self.stages.iter().filter_map(|stage| {
            let limit = patient.held(row.condition, self, stage)?;
            let is_confirmed = stage.level > 1;
            let (for_s, share) = (stage.for_s, stage.share);
            let window = Window { for_s, gap_s: self.gap_s, share, is_confirmed };
            let holds = history.holds(window, |value| stage.compare.holds(value, limit));
            holds.then_some((stage.level, stage.priority, limit))
        });
        let areas = self.deficits.iter().filter_map(|stage| {
            let limit = patient.deficit(row.condition, self.vital, &stage.limit)?;
            let holds = stage.holds(history, limit, self.gap_s);
            holds.then_some((stage.level, stage.priority, limit))
        });
        if let Some(gravest) = holding.chain(areas).reduce(graver) {
            return Verdict::found(finding(history, row, gravest));
        }
        let for_s = clears.for_s(self.clearing.for_s);
        Verdict::over(for_s.is_some_and(|for_s| self.has_left(1, for_s, row, history, patient)))
    }

    /// Whether the value is back inside the limits of a level by the margin, for this long.
    pub(crate) fn has_left(
        &self,
        level: u8,
        for_s: u32,
        row: &ConditionRow,
        history: &History,
        patient: Patient<'_>,
    ) -> bool {
        let window = Window { for_s, gap_s: self.gap_s, share: 1.0, is_confirmed: true };
        self.stages.iter().filter(|stage| stage.level == level).all(|stage| {
            let limit = patient.held(row.condition, self, stage);
            limit.is_none_or(|limit| {
                history.is_back_inside(window, (stage.compare, limit), self.clearing.margin)
            })
        })
    }

    /// Judges one value that a person counted, by the limits alone.
    pub(crate) fn judge_by_hand(
        &self,
        row: &ConditionRow,
        vital: ContinuousVital,
        (value, at): (Decimal, Millis),
        patient: Patient<'_>,
        is_active: bool,
    ) -> Verdict {
        if self.vital != vital {
            return Verdict::default();
        }
        let limits = || {
            let limit = |stage| patient.held(row.condition, self, stage);
            self.stages.iter().filter_map(move |stage| Some((stage, limit(stage)?)))
        };
        let number = value.as_f64();
        let holding = limits().filter(|(stage, limit)| stage.compare.holds(number, *limit));
        let holding = holding.map(|(stage, limit)| (stage.level, stage.priority, limit));
        if let Some((level, priority, limit)) = holding.reduce(graver) {
            let finding = Finding::of_stage(level, priority, &row.text);
            return Verdict::found(finding.by(Some(value), limit, Some(at)));
        }
        let is_back = |(stage, limit): (&HeldStage, f64)| {
            stage.compare.back_inside(number, limit, self.clearing.margin)
        };
        Verdict::over(is_active && limits().filter(|(stage, _)| stage.level == 1).all(is_back))
    }
}

/// What holds by the newest sample.
pub(in crate::rules) fn finding(
    history: &History,
    row: &ConditionRow,
    (level, priority, limit): Holding,
) -> Finding {
    let finding = Finding::of_stage(level, priority, &row.text);
    finding.by(history.newest(), limit, history.newest_at())
}
