//! The parts of a cuff pressure, put together again.

use super::measure::{Cuff, Measure};
use super::rows::{Problems, Row};
use super::units::PRESSURE_IN_DOUBT_BELOW;
use super::value::{Sample, together};
use crate::vitals::{
    Absent, Bound, Decimal, Millis, Observation, Pressure, Quality, Revision, Value,
};

/// One part of a pressure.
#[derive(Clone, Copy, Debug)]
struct InflationPart {
    part: Cuff,
    sample: Sample,
    bound: Option<Bound>,
    revision: Revision,
    has_unit: bool,
}

/// The parts of one inflation.
#[derive(Debug, Default)]
pub(super) struct Inflation {
    pub(super) at: Option<Millis>,
    pub(super) channel: Option<String>,
    parts: Vec<InflationPart>,
    /// The code of its first row.
    pub(super) code: String,
    pub(super) aperiodic: bool,
    pub(super) demo: bool,
}

/// Parts of the same time are one inflation; only if a part then has two values, the channel of
/// OBX-4 (`mds.vmd.chan`) distinguishes two cuffs.
pub(super) fn inflations(rows: &[Row], problems: &mut Problems) -> Vec<Inflation> {
    let parts = || {
        rows.iter().filter_map(|row| match row.measure {
            Measure::Pressure { part, .. } => Some((row, part)),
            _ => None,
        })
    };
    let number = |row: &Row| match row.sample {
        Sample::Measured(n, _) => Some(n),
        Sample::Absent(_) => None,
    };
    let contradicts = |row: &Row, part: Cuff| {
        parts().any(|(other, p)| {
            p == part
                && other.at == row.at
                && number(other).is_some_and(|n| number(row).is_some_and(|own| own != n))
        })
    };
    let contradicted: Vec<Option<Millis>> =
        parts().filter(|(row, part)| contradicts(row, *part)).map(|(row, _)| row.at).collect();
    let mut found: Vec<Inflation> = Vec::new();
    for (row, part) in parts() {
        let several = contradicted.contains(&row.at);
        let channel = several.then(|| cuff_of(&row.sub_id));
        let same = |i: &&mut Inflation| i.at == row.at && i.channel == channel;
        let inflation = match found.iter_mut().find(same) {
            Some(inflation) => inflation,
            None => {
                let code = row.code.clone();
                found.push(Inflation { at: row.at, channel, code, ..Inflation::default() });
                let last = found.len() - 1;
                &mut found[last]
            }
        };
        inflation.aperiodic |= row.aperiodic;
        inflation.demo |= row.demo;
        let new = InflationPart {
            part,
            sample: row.sample,
            bound: row.bound,
            revision: row.revision,
            has_unit: row.has_unit,
        };
        let Some(known) = inflation.parts.iter_mut().find(|known| known.part == part) else {
            inflation.parts.push(new);
            continue;
        };
        let revision = together(known.revision, new.revision);
        match (known.sample, new.sample) {
            (a, b) if a == b => known.revision = revision,
            (Sample::Absent(_), Sample::Measured(..)) => *known = InflationPart { revision, ..new },
            (_, Sample::Absent(_)) => known.revision = revision,
            _ => problems.note("nibp comes twice without a channel, one is used".to_owned()),
        }
    }
    for inflation in &mut found {
        inflation.channel = inflation.channel.take().filter(|name| !name.is_empty());
    }
    found
}

fn cuff_of(sub_id: &str) -> String {
    let end = sub_id.match_indices('.').nth(2).map(|(at, _)| at);
    sub_id[..end.unwrap_or(sub_id.len())].to_owned()
}

impl Inflation {
    fn measured(&self, wanted: Cuff) -> Option<Decimal> {
        self.parts.iter().find_map(|part| match part.sample {
            Sample::Measured(n, _) if part.part == wanted => Some(n),
            _ => None,
        })
    }

    fn has_number(&self) -> bool {
        self.parts.iter().any(|part| matches!(part.sample, Sample::Measured(..)))
    }

    /// The parts that have numbers, trusted as far as the least trusted of them.
    pub(super) fn observation(&self) -> Observation {
        let pressure = Pressure {
            systolic: self.measured(Cuff::Systolic),
            diastolic: self.measured(Cuff::Diastolic),
            mean: self.measured(Cuff::Mean),
        };
        let samples = || self.parts.iter().map(|part| part.sample);
        if !self.has_number() {
            let reasons = samples().filter_map(|sample| match sample {
                Sample::Absent(reason) => Some(reason),
                Sample::Measured(..) => None,
            });
            let named = reasons.into_iter().find(|r| *r != Absent::Invalid);
            return Observation::Absent(named.unwrap_or(Absent::Invalid));
        }
        let doubted = |s: Sample| matches!(s, Sample::Measured(_, Quality::Questionable));
        let quality = if samples().any(doubted) { Quality::Questionable } else { Quality::Good };
        Observation::Measured(Value::Pressure(pressure), quality)
    }

    /// A cuff that cannot measure one part cannot measure the pressure; the systolic decides first.
    pub(super) fn bound(&self) -> Option<Bound> {
        let of = |part: Cuff| self.parts.iter().find(|p| p.part == part).and_then(|p| p.bound);
        of(Cuff::Systolic).or_else(|| of(Cuff::Mean)).or_else(|| of(Cuff::Diastolic))
    }

    /// A pressure with a part that is taken back is taken back, unless the message gives the others
    /// again: then what it gives is the corrected pressure.
    pub(super) fn revision(&self) -> Revision {
        let all = self.parts.iter().map(|part| part.revision).fold(Revision::New, together);
        match all {
            Revision::Withdraws if self.has_number() => Revision::Corrects,
            Revision::Corrects if !self.has_number() => Revision::Withdraws,
            all => all,
        }
    }

    /// Without a unit: so low a pressure in mmHg would be a usual one in kPa.
    pub(super) fn may_be_in_kilopascals(&self) -> bool {
        let numbers = self.parts.iter().filter_map(|part| match part.sample {
            Sample::Measured(n, _) => Some(n.as_f64()),
            Sample::Absent(_) => None,
        });
        let highest = numbers.fold(None, |highest: Option<f64>, n| {
            Some(highest.map_or(n, |highest| highest.max(n)))
        });
        let is_unnamed = !self.parts.iter().any(|part| part.has_unit);
        is_unnamed && highest.is_some_and(|highest| highest < PRESSURE_IN_DOUBT_BELOW)
    }
}
