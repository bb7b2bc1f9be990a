//! The valid cuff readings of a patient, and those that wait for a second one.

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::rules::condition::{Condition, Priority};
use crate::rules::finding::Finding;
use crate::rules::history::median;
use crate::rules::patient::Baseline;
use crate::rules::pressure_test::CuffPart;
use crate::vitals::{Decimal, DeviceId, Millis, Pressure, moved};

/// Readings kept for the median of a baseline.
const KEPT: usize = 16;

/// The valid cuff readings of a session, and those that wait for a second one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct CuffReadings {
    pub(super) readings: VecDeque<CuffReading>,
    pub(super) unconfirmed: Vec<Unconfirmed>,
    /// The reading that a condition's pairs were last judged by: looked at again, it is no
    /// further first one.
    pub(super) paired: Vec<(Condition, Millis)>,
    /// A first reading beyond an urgent limit and the next one, which was not.
    pub(super) not_confirmed: Option<(Option<Decimal>, Pressure)>,
}

moved!(CuffReadings { moves: readings, unconfirmed, paired; stays: not_confirmed });

/// A valid cuff reading.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct CuffReading {
    /// When it was taken in.
    pub(crate) at: Millis,
    /// When it was measured, by our clock: its age counts from there.
    pub(crate) measured_at: Millis,
    pub(crate) pressure: Pressure,
    pub(crate) origin: Origin,
}

moved!(CuffReading { moves: at, measured_at; stays: pressure, origin });

/// Where a cuff reading comes from: by this a correction finds it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Origin {
    /// A monitor, at this time of its own.
    Monitor { device: DeviceId, time: Option<Millis> },
    /// Staff, by the entry of this number.
    Entry(u32),
    /// Not known: it was taken in by an earlier version.
    Unknown,
}

/// A first reading beyond an urgent limit, which the next one confirms or not.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Unconfirmed {
    pub(super) condition: Condition,
    pub(super) at: Millis,
    pub(super) until: Millis,
    pub(super) level: u8,
    pub(super) priority: Priority,
    pub(super) value: Option<Decimal>,
    pub(super) limit: Decimal,
}

moved!(Unconfirmed { moves: at, until; stays: condition, level, priority, value, limit });

impl Unconfirmed {
    fn finding(&self, text: &str) -> Finding {
        Finding {
            value: self.value,
            limit: Some(self.limit),
            value_at: Some(self.at),
            ..Finding::of_stage(self.level, self.priority, text)
        }
    }
}

/// A first reading that a second one has to confirm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    /// The value.
    pub value: Option<Decimal>,
    /// The limit that it crossed.
    pub limit: Decimal,
}

impl CuffReadings {
    pub(crate) fn push(&mut self, reading: CuffReading) {
        if self.readings.len() == KEPT {
            self.readings.pop_front();
        }
        self.readings.push_back(reading);
    }

    /// Gives the reading of this origin other numbers, or takes it back. Whether it was the newest
    /// one; `None` when it is not known. A first reading that waited for a second one waits no
    /// longer: with its new numbers it is judged anew.
    pub(crate) fn correct(&mut self, origin: &Origin, pressure: Option<Pressure>) -> Option<bool> {
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

    /// Those that are kept, by when they were taken in.
    pub(crate) fn all(&self) -> impl Iterator<Item = &CuffReading> {
        self.readings.iter()
    }

    /// The newest reading, however old.
    pub(crate) fn last(&self) -> Option<&CuffReading> {
        self.readings.back()
    }

    /// Pairs and the measured baseline are of the session's own readings. One that waits for a
    /// second one goes on waiting: it is of whoever is there, and must not be lost.
    pub(crate) fn begin_session(&mut self) {
        self.readings.clear();
        self.paired.clear();
    }

    /// When the newest reading was measured.
    pub(crate) fn last_at(&self) -> Option<Millis> {
        self.readings.back().map(|reading| reading.measured_at)
    }

    /// The newest reading, unless it is older than `longest_ms`.
    pub(crate) fn newest(&self, now: Millis, longest_ms: i64) -> Option<Pressure> {
        let newest = self.readings.back()?;
        (now.since(newest.measured_at) <= longest_ms).then_some(newest.pressure)
    }

    /// When the newest reading becomes older than `longest_ms`.
    pub(crate) fn newest_until(&self, longest_ms: i64) -> Option<Millis> {
        self.readings.back().map(|newest| newest.measured_at.plus(longest_ms + 1))
    }

    /// The readings that were told after this time, the newest first.
    pub(crate) fn readings_after(
        &self,
        after: Millis,
    ) -> impl Iterator<Item = (Millis, Pressure)> + use<'_> {
        let all = self.readings.iter().rev().map(|reading| (reading.at, reading.pressure));
        all.take_while(move |(at, _)| *at > after)
    }

    /// Every reading by when it was measured, the newest first.
    pub(crate) fn by_time(&self) -> Vec<(Millis, Pressure)> {
        let all = self.readings.iter().map(|reading| (reading.measured_at, reading.pressure));
        let mut all: Vec<_> = all.collect();
        all.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
        all
    }

    /// Whether these are the numbers of the newest reading, and that is not older than `from`.
    pub(crate) fn is_newest(&self, pressure: Pressure, from: Millis) -> bool {
        self.readings.back().is_some_and(|newest| {
            let are_same = |part: CuffPart| part.of(&newest.pressure) == part.of(&pressure);
            newest.measured_at >= from
                && are_same(CuffPart::Systolic)
                && are_same(CuffPart::Diastolic)
        })
    }

    /// A first reading of this condition that waits for a second one.
    pub(crate) fn waiting(&self, condition: Condition) -> Option<Waiting> {
        let waiting = self.unconfirmed.iter().find(|waiting| waiting.condition == condition)?;
        Some(Waiting { value: waiting.value, limit: waiting.limit })
    }

    /// What was not confirmed by the newest reading, once.
    pub(crate) fn take_not_confirmed(&mut self) -> Option<(Option<Decimal>, Pressure)> {
        self.not_confirmed.take()
    }

    /// The median of the readings since the last one that was held against the start.
    pub(crate) fn median(&self, is_held: impl Fn(&Pressure) -> bool) -> Baseline {
        let held = self.readings.iter().rposition(|reading| is_held(&reading.pressure));
        let since = match held {
            Some(held) if held + 1 < self.readings.len() => held + 1,
            _ => 0,
        };
        let since = || self.readings.range(since..);
        let part = |part: CuffPart| median(since().filter_map(|r| part.of(&r.pressure)).collect());
        Baseline {
            systolic: part(CuffPart::Systolic),
            diastolic: part(CuffPart::Diastolic),
            ..Baseline::default()
        }
    }

    /// When a first reading counts although no second one came.
    pub(crate) fn deadline(&self) -> Option<Millis> {
        self.unconfirmed.iter().map(|waiting| waiting.until).min()
    }

    /// Takes out a first reading whose time for a second one is over.
    pub(crate) fn take_overdue(
        &mut self,
        now: Millis,
        text: impl Fn(Condition) -> String,
    ) -> Option<(Condition, Finding)> {
        let index = self.unconfirmed.iter().position(|waiting| waiting.until <= now)?;
        let waiting = self.unconfirmed.remove(index);
        Some((waiting.condition, waiting.finding(&text(waiting.condition))))
    }
}
