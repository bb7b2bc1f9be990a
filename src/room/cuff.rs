use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::alert::Standing;
use super::history::median;
use super::session::Baseline;
use crate::profile::{
    Condition, ConditionRow, CuffCount, CuffPart, CuffStage, CuffTest, Priority, Rule,
};
use crate::vitals::{Decimal, Millis, Pressure};

/// Readings kept for the median of a baseline.
const KEPT: usize = 16;

/// The valid cuff readings of a session, and those that wait for a second one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Cuff {
    readings: VecDeque<(Millis, Pressure)>,
    unconfirmed: Vec<Unconfirmed>,
}

/// A first reading beyond an urgent limit, which the next one confirms or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Unconfirmed {
    condition: Condition,
    until: Millis,
    level: u8,
    priority: Priority,
    value: Option<Decimal>,
    limit: Decimal,
}

impl Unconfirmed {
    fn standing(&self, text: &str) -> Standing {
        Standing {
            level: self.level,
            priority: self.priority,
            value: self.value,
            limit: Some(self.limit),
            text: text.to_owned(),
        }
    }
}

/// What a new reading means for one condition.
#[derive(Default)]
pub(super) struct Judgement {
    pub(super) standing: Option<Standing>,
    pub(super) is_over: bool,
}

impl Cuff {
    pub(super) fn push(&mut self, at: Millis, pressure: Pressure) {
        if self.readings.len() == KEPT {
            self.readings.pop_front();
        }
        self.readings.push_back((at, pressure));
    }

    /// A new patient: earlier readings are no pair with this one's.
    pub(super) fn begin_session(&mut self) {
        self.readings.clear();
    }

    pub(super) fn last_at(&self) -> Option<Millis> {
        self.readings.back().map(|(at, _)| *at)
    }

    pub(super) fn median(&self) -> Baseline {
        let part =
            |part| median(self.readings.iter().filter_map(|(_, p)| value_of(p, part)).collect());
        Baseline {
            systolic: part(CuffPart::Systolic),
            diastolic: part(CuffPart::Diastolic),
            ..Baseline::default()
        }
    }

    /// Judges the newest reading by one row of the profile.
    pub(super) fn judge(
        &mut self,
        row: &ConditionRow,
        open_level: Option<u8>,
        baseline: &Baseline,
    ) -> Judgement {
        let Rule::Cuff { part, stages, clearing_margin } = &row.rule else {
            return Judgement::default();
        };
        let Some((at, newest)) = self.readings.back().copied() else {
            return Judgement::default();
        };
        let before = self.readings.iter().rev().nth(1).map(|(_, pressure)| *pressure);
        let mut gravest: Option<Standing> = None;
        for stage in stages {
            let Some(standing) =
                self.stage_stands(row.condition, stage, (at, newest), before, open_level, baseline)
            else {
                continue;
            };
            if gravest.as_ref().is_none_or(|known| standing.level > known.level) {
                let value = standing.value.or(value_of(&newest, *part));
                gravest = Some(Standing { value, text: row.text.clone(), ..standing });
            }
        }
        let is_over =
            gravest.is_none() && is_back_inside(stages, &newest, *clearing_margin, baseline);
        Judgement { standing: gravest, is_over }
    }

    fn stage_stands(
        &mut self,
        condition: Condition,
        stage: &CuffStage,
        (at, newest): (Millis, Pressure),
        before: Option<Pressure>,
        open_level: Option<u8>,
        baseline: &Baseline,
    ) -> Option<Standing> {
        let limit = Decimal::trimmed(limit_of(&stage.test, baseline)?);
        let is_beyond = holds(&stage.test, &newest, baseline);
        let standing = Standing {
            level: stage.level,
            priority: stage.priority,
            value: None,
            limit: Some(limit),
            text: String::new(),
        };
        match stage.readings {
            CuffCount::One => is_beyond.then_some(standing),
            CuffCount::Two => {
                let was_beyond = before.is_some_and(|before| holds(&stage.test, &before, baseline));
                (is_beyond && was_beyond).then_some(standing)
            }
            CuffCount::Confirmed { within_s } => {
                let waiting = self.unconfirmed.iter().position(|w| w.condition == condition);
                if let Some(waiting) = waiting.map(|index| self.unconfirmed.swap_remove(index)) {
                    let other = stage.or_confirmed_by;
                    let is_confirmed =
                        is_beyond || other.is_some_and(|test| holds(&test, &newest, baseline));
                    let value = if is_beyond { None } else { waiting.value };
                    return is_confirmed.then_some(Standing { value, ..standing });
                }
                if is_beyond && open_level.is_none_or(|level| level < stage.level) {
                    self.unconfirmed.push(Unconfirmed {
                        condition,
                        until: at.plus(i64::from(within_s) * 1_000),
                        level: stage.level,
                        priority: stage.priority,
                        value: value_of(&newest, stage.test.part),
                        limit,
                    });
                }
                None
            }
        }
    }

    /// When a first reading counts although no second one came.
    pub(super) fn deadline(&self) -> Option<Millis> {
        self.unconfirmed.iter().map(|waiting| waiting.until).min()
    }

    /// Takes out a first reading whose time for a second one is over.
    pub(super) fn take_overdue(
        &mut self,
        now: Millis,
        text: impl Fn(Condition) -> String,
    ) -> Option<(Condition, Standing)> {
        let index = self.unconfirmed.iter().position(|waiting| waiting.until <= now)?;
        let waiting = self.unconfirmed.remove(index);
        Some((waiting.condition, waiting.standing(&text(waiting.condition))))
    }
}

fn value_of(pressure: &Pressure, part: CuffPart) -> Option<Decimal> {
    match part {
        CuffPart::Systolic => pressure.systolic,
        CuffPart::Diastolic => pressure.diastolic,
    }
}

/// The limit of a test for this patient; `None` while it needs a baseline that there is not.
pub(super) fn limit_of(test: &CuffTest, baseline: &Baseline) -> Option<f64> {
    let own = match test.part {
        CuffPart::Systolic => baseline.systolic,
        CuffPart::Diastolic => baseline.diastolic,
    };
    test.limit.value(own.map(Decimal::as_f64))
}

fn holds(test: &CuffTest, pressure: &Pressure, baseline: &Baseline) -> bool {
    match (value_of(pressure, test.part), limit_of(test, baseline)) {
        (Some(value), Some(limit)) => test.compare.holds(value.as_f64(), limit),
        _ => false,
    }
}

/// One reading inside every caution limit by the margin ends the condition.
fn is_back_inside(
    stages: &[CuffStage],
    pressure: &Pressure,
    margin: f64,
    baseline: &Baseline,
) -> bool {
    let mut cautions = stages.iter().filter(|stage| stage.level == 1).map(|stage| &stage.test);
    cautions.all(|test| match (value_of(pressure, test.part), limit_of(test, baseline)) {
        (Some(value), Some(limit)) => test.compare.back_inside(value.as_f64(), limit, margin),
        (None, _) => false,
        (Some(_), None) => true,
    })
}
