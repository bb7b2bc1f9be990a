use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::alert::{Judgement, Standing, Waiting};
use super::history::median;
use super::limits::Patient;
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
    /// The reading that a condition's pairs were last judged by: looked at again, it is no
    /// further first one.
    paired: Vec<(Condition, Millis)>,
    /// A first reading beyond an urgent limit and the next one, which was not.
    not_confirmed: Option<(Option<Decimal>, Pressure)>,
}

/// A first reading beyond an urgent limit, which the next one confirms or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Unconfirmed {
    condition: Condition,
    at: Millis,
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
            value_at: Some(self.at),
            text: text.to_owned(),
            is_anew: false,
        }
    }
}

/// How a reading is judged.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) patient: Patient<'a>,
    /// The stage that the condition's open alert has reached.
    pub(super) open_level: Option<u8>,
    /// The reading has just come. Else it is looked at again, because limits or the phase
    /// changed: then it cannot confirm itself.
    pub(super) is_new: bool,
    /// Conditions with an open alert.
    pub(super) is_open: &'a dyn Fn(Condition) -> bool,
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
        self.paired.clear();
    }

    /// Forgets the reading of this time and what waits for its confirmation, as if it had never
    /// come. Returns whether it was there.
    pub(super) fn take_back(&mut self, taken: Millis, pressure: Pressure) -> bool {
        let is_it = |(at, known): &(Millis, Pressure)| *at == taken && *known == pressure;
        let Some(index) = self.readings.iter().rposition(is_it) else { return false };
        self.readings.remove(index);
        self.unconfirmed.retain(|waiting| waiting.at != taken);
        self.paired.retain(|(_, at)| *at != taken);
        true
    }

    pub(super) fn last_at(&self) -> Option<Millis> {
        self.readings.back().map(|(at, _)| *at)
    }

    /// The newest reading, unless it is older than `longest_ms`.
    pub(super) fn newest(&self, now: Millis, longest_ms: i64) -> Option<Pressure> {
        let (at, pressure) = self.readings.back()?;
        (now.since(*at) <= longest_ms).then_some(*pressure)
    }

    /// The readings that were told after this time, the newest first.
    pub(super) fn readings_after(
        &self,
        after: Millis,
    ) -> impl Iterator<Item = (Millis, Pressure)> + use<'_> {
        self.readings.iter().rev().take_while(move |(at, _)| *at > after).copied()
    }

    /// Whether the last two readings are inside the caution limits of a row.
    pub(super) fn are_two_inside(&self, row: &ConditionRow, patient: Patient<'_>) -> bool {
        let Rule::Cuff { stages, .. } = &row.rule else { return true };
        let is_inside = |pressure: &Pressure| {
            stages.iter().filter(|stage| stage.level == 1).all(|stage| {
                let limit = patient.cuff(row, 1, &stage.test);
                limit.is_none_or(|limit| !is_beyond(&stage.test, limit, pressure))
            })
        };
        let Rule::Cuff { part, .. } = &row.rule else { return true };
        let with_part = self.readings.iter().filter(|(_, p)| value_of(p, *part).is_some());
        let last_two = with_part.rev().take(2);
        last_two.clone().count() == 2 && last_two.clone().all(|(_, pressure)| is_inside(pressure))
    }

    /// Whether these are the numbers of the newest reading, and that is not older than `from`.
    pub(super) fn is_newest(&self, pressure: Pressure, from: Millis) -> bool {
        self.readings.back().is_some_and(|(at, newest)| {
            let are_same = |part| value_of(newest, part) == value_of(&pressure, part);
            *at >= from && are_same(CuffPart::Systolic) && are_same(CuffPart::Diastolic)
        })
    }

    /// A first reading of this condition that waits for a second one.
    pub(super) fn waiting(&self, condition: Condition) -> Option<Waiting> {
        let waiting = self.unconfirmed.iter().find(|waiting| waiting.condition == condition)?;
        Some(Waiting { value: waiting.value, limit: waiting.limit })
    }

    /// What was not confirmed by the newest reading, once.
    pub(super) fn take_not_confirmed(&mut self) -> Option<(Option<Decimal>, Pressure)> {
        self.not_confirmed.take()
    }

    /// The median of the readings since the last one that was held against the start.
    pub(super) fn median(&self, is_held: impl Fn(&Pressure) -> bool) -> Baseline {
        let held = self.readings.iter().rposition(|(_, pressure)| is_held(pressure));
        let since = match held {
            Some(held) if held + 1 < self.readings.len() => held + 1,
            _ => 0,
        };
        let since = || self.readings.range(since..);
        let part = |part| median(since().filter_map(|(_, p)| value_of(p, part)).collect());
        Baseline {
            systolic: part(CuffPart::Systolic),
            diastolic: part(CuffPart::Diastolic),
            ..Baseline::default()
        }
    }

    /// Judges the newest reading by one row of the profile.
    pub(super) fn judge(&mut self, row: &ConditionRow, look: Look<'_>) -> Judgement {
        let Rule::Cuff { part, stages, clearing_margin, .. } = &row.rule else {
            return Judgement::default();
        };
        let Some((at, newest)) = self.readings.back().copied() else {
            return Judgement::default();
        };
        // A reading without the part says nothing of it: the one before it is of the pair.
        let mut earlier = self.readings.iter().rev().skip(1).map(|(_, pressure)| *pressure);
        let before = earlier.find(|pressure| value_of(pressure, *part).is_some());
        let mut gravest: Option<Standing> = None;
        for stage in stages {
            let Some(standing) = self.stage_stands(row, stage, (at, newest), before, look) else {
                continue;
            };
            if gravest.as_ref().is_none_or(|known| standing.level > known.level) {
                let value = standing.value.or(value_of(&newest, *part));
                gravest = Some(Standing { value, text: row.text.clone(), ..standing });
            }
        }
        if let Some(standing) = &gravest {
            // What stands already waits for no second reading.
            self.unconfirmed.retain(|w| w.condition != row.condition || w.level > standing.level);
        }
        let is_over = gravest.is_none()
            && is_back_inside(row, stages, &newest, *clearing_margin, look.patient);
        Judgement { standing: gravest, is_over }
    }

    fn stage_stands(
        &mut self,
        row: &ConditionRow,
        stage: &CuffStage,
        (at, newest): (Millis, Pressure),
        before: Option<Pressure>,
        look: Look<'_>,
    ) -> Option<Standing> {
        let condition = row.condition;
        if !stage.with.is_empty() && !stage.with.iter().any(|other| (look.is_open)(*other)) {
            return None;
        }
        let limit = look.patient.cuff(row, stage.level, &stage.test)?;
        let is_beyond_it = |pressure: &Pressure| is_beyond(&stage.test, limit, pressure);
        let is_beyond = is_beyond_it(&newest);
        let standing = Standing {
            level: stage.level,
            priority: stage.priority,
            value: None,
            limit: Some(Decimal::trimmed(limit)),
            value_at: Some(at),
            text: String::new(),
            is_anew: false,
        };
        match stage.readings {
            CuffCount::One => is_beyond.then_some(standing),
            CuffCount::Two => {
                let was_beyond = before.is_some_and(|before| is_beyond_it(&before));
                (is_beyond && was_beyond).then_some(standing)
            }
            CuffCount::Confirmed { within_s } => {
                let waiting = self.unconfirmed.iter().position(|w| w.condition == condition);
                let is_known = self.paired.contains(&(condition, at));
                if !look.is_new && (waiting.is_some() || is_known) {
                    return None;
                }
                self.paired.retain(|(other, _)| *other != condition);
                self.paired.push((condition, at));
                if let Some(index) = waiting {
                    let other = stage.or_confirmed_by.is_some_and(|test| {
                        let limit = look.patient.plain(&test);
                        limit.is_some_and(|limit| self::is_beyond(&test, limit, &newest))
                    });
                    let is_confirmed = is_beyond || other;
                    if !is_confirmed && value_of(&newest, stage.test.part).is_none() {
                        return None;
                    }
                    let waiting = self.unconfirmed.swap_remove(index);
                    if !is_confirmed {
                        self.not_confirmed = Some((waiting.value, newest));
                    }
                    let value = if is_beyond { None } else { waiting.value };
                    return is_confirmed.then_some(Standing { value, ..standing });
                }
                if is_beyond && look.open_level.is_none_or(|level| level < stage.level) {
                    self.unconfirmed.push(Unconfirmed {
                        condition,
                        at,
                        until: at.plus(i64::from(within_s) * 1_000),
                        level: stage.level,
                        priority: stage.priority,
                        value: value_of(&newest, stage.test.part),
                        limit: Decimal::trimmed(limit),
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

pub(super) fn value_of(pressure: &Pressure, part: CuffPart) -> Option<Decimal> {
    match part {
        CuffPart::Systolic => pressure.systolic,
        CuffPart::Diastolic => pressure.diastolic,
    }
}

pub(super) fn is_beyond(test: &CuffTest, limit: f64, pressure: &Pressure) -> bool {
    let value = value_of(pressure, test.part);
    value.is_some_and(|value| test.compare.holds(value.as_f64(), limit))
}

/// One reading inside every caution limit by the margin ends the condition.
fn is_back_inside(
    row: &ConditionRow,
    stages: &[CuffStage],
    pressure: &Pressure,
    margin: f64,
    patient: Patient<'_>,
) -> bool {
    let mut cautions = stages.iter().filter(|stage| stage.level == 1);
    cautions.all(|CuffStage { level, test, .. }| {
        match (value_of(pressure, test.part), patient.cuff(row, *level, test)) {
            (Some(value), Some(limit)) => test.compare.back_inside(value.as_f64(), limit, margin),
            (None, _) => false,
            (Some(_), None) => true,
        }
    })
}
