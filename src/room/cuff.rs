use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use super::alert::{Judgement, Standing, Waiting};
use super::history::median;
use super::limits::Patient;
use super::session::Baseline;
use crate::profile::{
    Condition, ConditionRow, CuffCount, CuffPart, CuffStage, CuffTest, Priority, Rule,
};
use crate::vitals::{Decimal, DeviceId, Millis, Pressure, moved};

/// Readings kept for the median of a baseline.
const KEPT: usize = 16;

/// The valid cuff readings of a session, and those that wait for a second one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Cuff {
    readings: VecDeque<CuffReading>,
    unconfirmed: Vec<Unconfirmed>,
    /// The reading that a condition's pairs were last judged by: looked at again, it is no
    /// further first one.
    paired: Vec<(Condition, Millis)>,
    /// A first reading beyond an urgent limit and the next one, which was not.
    not_confirmed: Option<(Option<Decimal>, Pressure)>,
}

moved!(Cuff { moves: readings, unconfirmed, paired; stays: not_confirmed });

/// A valid cuff reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct CuffReading {
    /// When it was taken in.
    pub(super) at: Millis,
    /// When it was measured, by our clock: its age counts from there.
    pub(super) measured_at: Millis,
    pub(super) pressure: Pressure,
    pub(super) origin: Origin,
}

moved!(CuffReading { moves: at, measured_at; stays: pressure, origin });

/// Where a cuff reading comes from: by this a correction finds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Origin {
    /// A monitor, at this time of its own.
    Monitor { device: DeviceId, time: Option<Millis> },
    /// Staff, by the entry of this number.
    Entry(u32),
    /// Not known: it was taken in by an earlier version.
    Unknown,
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

moved!(Unconfirmed { moves: at, until; stays: condition, level, priority, value, limit });

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
            may_fall: true,
        }
    }
}

/// How a reading is judged.
#[derive(Clone, Copy)]
pub(super) struct Look<'a> {
    pub(super) patient: Patient<'a>,
    /// The stage that the condition's open alert has reached.
    pub(super) open_level: Option<u8>,
    /// The reading has just come, or its numbers have. Else it is looked at again, because limits
    /// or the phase changed: then it cannot confirm itself.
    pub(super) is_new: bool,
    /// Conditions with an open alert.
    pub(super) is_open: &'a dyn Fn(Condition) -> bool,
}

impl Cuff {
    pub(super) fn push(&mut self, reading: CuffReading) {
        if self.readings.len() == KEPT {
            self.readings.pop_front();
        }
        self.readings.push_back(reading);
    }

    /// Gives the reading of this origin other numbers, or takes it back. Whether it was the newest
    /// one; `None` when it is not known. A first reading that waited for a second one waits no
    /// longer: with its new numbers it is judged anew.
    pub(super) fn correct(&mut self, origin: &Origin, pressure: Option<Pressure>) -> Option<bool> {
        let index = self.readings.iter().rposition(|reading| reading.origin == *origin)?;
        let is_newest = index + 1 == self.readings.len();
        let at = self.readings[index].at;
        self.unconfirmed.retain(|waiting| waiting.at != at);
        self.paired.retain(|(_, paired_at)| *paired_at != at);
        match pressure {
            Some(pressure) => self.readings[index].pressure = pressure,
            None => drop(self.readings.remove(index)),
        }
        Some(is_newest)
    }

    /// The newest reading, however old.
    pub(super) fn last(&self) -> Option<&CuffReading> {
        self.readings.back()
    }

    /// Pairs and the measured baseline are of the session's own readings. One that waits for a
    /// second one goes on waiting: it is of whoever is there, and must not be lost.
    pub(super) fn begin_session(&mut self) {
        self.readings.clear();
        self.paired.clear();
    }

    /// When the newest reading was measured.
    pub(super) fn last_at(&self) -> Option<Millis> {
        self.readings.back().map(|reading| reading.measured_at)
    }

    /// The newest reading, unless it is older than `longest_ms`.
    pub(super) fn newest(&self, now: Millis, longest_ms: i64) -> Option<Pressure> {
        let newest = self.readings.back()?;
        (now.since(newest.measured_at) <= longest_ms).then_some(newest.pressure)
    }

    /// The readings that were told after this time, the newest first.
    pub(super) fn readings_after(
        &self,
        after: Millis,
    ) -> impl Iterator<Item = (Millis, Pressure)> + use<'_> {
        let all = self.readings.iter().rev().map(|reading| (reading.at, reading.pressure));
        all.take_while(move |(at, _)| *at > after)
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
        let pressures = self.readings.iter().map(|reading| &reading.pressure);
        let last_two = pressures.filter(|p| value_of(p, *part).is_some()).rev().take(2);
        last_two.clone().count() == 2 && last_two.clone().all(is_inside)
    }

    /// Whether these are the numbers of the newest reading, and that is not older than `from`.
    pub(super) fn is_newest(&self, pressure: Pressure, from: Millis) -> bool {
        self.readings.back().is_some_and(|newest| {
            let are_same = |part| value_of(&newest.pressure, part) == value_of(&pressure, part);
            newest.measured_at >= from
                && are_same(CuffPart::Systolic)
                && are_same(CuffPart::Diastolic)
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
        let held = self.readings.iter().rposition(|reading| is_held(&reading.pressure));
        let since = match held {
            Some(held) if held + 1 < self.readings.len() => held + 1,
            _ => 0,
        };
        let since = || self.readings.range(since..);
        let part = |part| median(since().filter_map(|r| value_of(&r.pressure, part)).collect());
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
        let Some(CuffReading { at, pressure: newest, .. }) = self.readings.back().cloned() else {
            return Judgement::default();
        };
        // A reading without the part says nothing of it: the one before it is of the pair.
        let mut earlier = self.readings.iter().rev().skip(1).map(|reading| reading.pressure);
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
        let level = gravest.as_ref().map_or(0, |standing| standing.level);
        if let Some(standing) = &mut gravest {
            // By a new reading alone, and one that is well inside the graver limits.
            standing.may_fall = look.is_new
                && is_inside(row, stages, &newest, *clearing_margin, (look.patient, level + 1));
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
            may_fall: true,
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

/// Whether a reading is inside every limit from this level on by the margin.
fn is_inside(
    row: &ConditionRow,
    stages: &[CuffStage],
    pressure: &Pressure,
    margin: f64,
    (patient, from_level): (Patient<'_>, u8),
) -> bool {
    let mut graver =
        stages.iter().filter(|stage| stage.level >= from_level && stage.with.is_empty());
    graver.all(|CuffStage { level, test, .. }| {
        let value = value_of(pressure, test.part).map(Decimal::as_f64);
        let limit = patient.cuff(row, *level, test);
        let inside = |(value, limit)| test.compare.back_inside(value, limit, margin);
        limit.is_none() || value.zip(limit).is_some_and(inside)
    })
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
