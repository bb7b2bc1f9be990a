use super::readings::{CuffReading, CuffReadings, Unconfirmed};
use super::{Cuff, CuffCount, CuffStage};
use crate::rules::finding::{Finding, Verdict};
use crate::rules::patient::Patient;
use crate::rules::{Condition, ConditionRow};
use crate::vitals::{Decimal, Millis, Pressure};

/// How a reading is judged.
#[derive(Clone, Copy)]
pub(crate) struct Look<'a> {
    pub(crate) patient: Patient<'a>,
    /// The stage that the condition's open alert has reached.
    pub(crate) open_level: Option<u8>,
    /// The reading has just come, or its numbers have. Else it is looked at again, because limits
    /// or the phase changed: then it cannot confirm itself.
    pub(crate) is_new: bool,
    /// Conditions with an open alert.
    pub(crate) is_open: &'a dyn Fn(Condition) -> bool,
}

impl Cuff {
    /// Judges the newest reading.
    pub(crate) fn judge(
        &self,
        row: &ConditionRow,
        readings: &mut CuffReadings,
        look: Look<'_>,
    ) -> Verdict {
        let Some(CuffReading { at, pressure: newest, .. }) = readings.last().cloned() else {
            return Verdict::default();
        };
        // A reading without the part says nothing of it: the one before it is of the pair.
        let mut earlier = readings.readings.iter().rev().skip(1).map(|reading| reading.pressure);
        let before = earlier.find(|pressure| self.part.of(pressure).is_some());
        let mut gravest: Option<Finding> = None;
        for stage in &self.stages {
            let found = stage.judge(row, self, readings, ((at, newest), before), look);
            let Some(finding) = found else { continue };
            if gravest.as_ref().is_none_or(|known| finding.level > known.level) {
                let value = finding.value.or(self.part.of(&newest));
                gravest = Some(Finding { value, ..finding });
            }
        }
        if let Some(finding) = &mut gravest {
            // What has an alert already waits for no second reading.
            readings
                .unconfirmed
                .retain(|w| w.condition != row.condition || w.level > finding.level);
            // By a new reading alone, and one that is well inside the graver limits.
            finding.may_fall =
                look.is_new && self.is_inside(row, &newest, look.patient, finding.level + 1);
        }
        let is_over = gravest.is_none() && self.is_back_inside(row, &newest, look.patient);
        Verdict { finding: gravest, is_over }
    }

    /// Whether the last two readings are inside the caution limits.
    pub(crate) fn are_two_inside(
        &self,
        row: &ConditionRow,
        readings: &CuffReadings,
        patient: Patient<'_>,
    ) -> bool {
        let is_inside = |pressure: &Pressure| {
            self.stages.iter().filter(|stage| stage.level == 1).all(|stage| {
                let limit = patient.cuff(row.condition, self, stage);
                limit.is_none_or(|limit| !stage.test.is_beyond(limit, pressure))
            })
        };
        let pressures = readings.readings.iter().map(|reading| &reading.pressure);
        let last_two = pressures.filter(|p| self.part.of(p).is_some()).rev().take(2);
        last_two.clone().count() == 2 && last_two.clone().all(is_inside)
    }

    /// Whether a reading is inside every limit from this level on by the margin.
    fn is_inside(
        &self,
        row: &ConditionRow,
        pressure: &Pressure,
        patient: Patient<'_>,
        from_level: u8,
    ) -> bool {
        let graver =
            self.stages.iter().filter(|stage| stage.level >= from_level && stage.with.is_empty());
        let mut limits = graver.map(|stage| (stage, patient.cuff(row.condition, self, stage)));
        limits.all(|(CuffStage { test, .. }, limit)| {
            let value = test.part.of(pressure).map(Decimal::as_f64);
            let inside =
                |(value, limit)| test.compare.back_inside(value, limit, self.clearing_margin);
            limit.is_none() || value.zip(limit).is_some_and(inside)
        })
    }

    /// One reading inside every caution limit by the margin ends the condition.
    fn is_back_inside(
        &self,
        row: &ConditionRow,
        pressure: &Pressure,
        patient: Patient<'_>,
    ) -> bool {
        self.stages.iter().filter(|stage| stage.level == 1).all(|stage| {
            let test = &stage.test;
            match (test.part.of(pressure), patient.cuff(row.condition, self, stage)) {
                (Some(value), Some(limit)) => {
                    test.compare.back_inside(value.as_f64(), limit, self.clearing_margin)
                }
                (None, _) => false,
                (Some(_), None) => true,
            }
        })
    }

    /// The stage that a first reading waits for.
    pub(crate) fn waiting_level(&self) -> u8 {
        let is_confirmed = |s: &&CuffStage| matches!(s.readings, CuffCount::Confirmed { .. });
        self.stages.iter().find(is_confirmed).map_or(0, |stage| stage.level)
    }
}

impl CuffStage {
    fn judge(
        &self,
        row: &ConditionRow,
        rule: &Cuff,
        readings: &mut CuffReadings,
        ((at, newest), before): ((Millis, Pressure), Option<Pressure>),
        look: Look<'_>,
    ) -> Option<Finding> {
        if !self.with.is_empty() && !self.with.iter().any(|other| (look.is_open)(*other)) {
            return None;
        }
        let limit = look.patient.cuff(row.condition, rule, self)?;
        let is_beyond = self.test.is_beyond(limit, &newest);
        let finding =
            Finding::of_stage(self.level, self.priority, &row.text).by(None, limit, Some(at));
        match self.readings {
            CuffCount::One => is_beyond.then_some(finding),
            CuffCount::Two => {
                let was_beyond = before.is_some_and(|before| self.test.is_beyond(limit, &before));
                (is_beyond && was_beyond).then_some(finding)
            }
            CuffCount::Confirmed { within_s } => {
                let condition = row.condition;
                let waiting = readings.unconfirmed.iter().position(|w| w.condition == condition);
                let is_known = readings.paired.contains(&(condition, at));
                if !look.is_new && (waiting.is_some() || is_known) {
                    return None;
                }
                readings.paired.retain(|(other, _)| *other != condition);
                readings.paired.push((condition, at));
                if let Some(index) = waiting {
                    let second = (newest, is_beyond);
                    return self.confirm(finding, index, second, readings, look.patient);
                }
                if is_beyond && look.open_level.is_none_or(|level| level < self.level) {
                    readings.unconfirmed.push(Unconfirmed {
                        condition,
                        at,
                        until: at.plus(i64::from(within_s) * 1_000),
                        level: self.level,
                        priority: self.priority,
                        value: self.test.part.of(&newest),
                        limit: Decimal::trimmed(limit),
                    });
                }
                None
            }
        }
    }

    /// The second reading of a pair: it confirms the first one, or it does not.
    fn confirm(
        &self,
        finding: Finding,
        index: usize,
        (newest, is_beyond): (Pressure, bool),
        readings: &mut CuffReadings,
        patient: Patient<'_>,
    ) -> Option<Finding> {
        let by_other = self.or_confirmed_by.is_some_and(|test| {
            patient.plain(&test).is_some_and(|limit| test.is_beyond(limit, &newest))
        });
        let is_confirmed = is_beyond || by_other;
        if !is_confirmed && self.test.part.of(&newest).is_none() {
            return None;
        }
        let waiting = readings.unconfirmed.swap_remove(index);
        if !is_confirmed {
            readings.not_confirmed = Some((waiting.value, newest));
        }
        let value = if is_beyond { None } else { waiting.value };
        is_confirmed.then_some(Finding { value, ..finding })
    }
}
