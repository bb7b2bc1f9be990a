//! Rows become readings: the parts of a cuff pressure become one, channels are kept apart, and
//! impossible values are refused.

use super::measure::{Cuff, Measure};
use super::rows::{Problems, Row};
use super::units::PRESSURE_IN_DOUBT_BELOW;
use super::value::{NotRead, Sample};
use crate::adapters::NotUnderstood;
use crate::vitals::plausibility::{check_number, check_pressure};
use crate::vitals::{
    Absent, Bound, Decimal, Millis, Observation, Pressure, Quality, Reading, Revision, Source,
    Value, Vital,
};

/// The channel of a pulse that the cuff took while it was inflated.
const CUFF_CHANNEL: &str = "cuff";

/// The readings of a message.
#[derive(Debug, Default)]
pub(super) struct Readings {
    pub(super) readings: Vec<Reading>,
    /// How many were refused as impossible.
    pub(super) implausible: u32,
    /// Pressures without a unit whose size leaves open what they are.
    pub(super) in_doubt: Vec<NotUnderstood>,
}

/// What all readings of a message share.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shared {
    /// The message's time, which a reading does not repeat.
    pub(super) taken_at: Option<Millis>,
    /// The whole message is demo or training data.
    pub(super) demo: bool,
}

/// Builds the readings, in the order of the rows' first parts.
pub(super) fn readings(rows: &[Row], shared: Shared, problems: &mut Problems) -> Readings {
    let mut built = Readings::default();
    for vital in Vital::ALL {
        if vital == Vital::Nibp {
            built.add_pressures(rows, shared, problems);
        } else {
            built.add_numbers(vital, rows, shared, problems);
        }
    }
    built
}

impl Readings {
    fn add_numbers(&mut self, vital: Vital, rows: &[Row], shared: Shared, problems: &mut Problems) {
        let running: Vec<&Row> =
            (rows.iter()).filter(|row| row.measure == Measure::Number(vital)).collect();
        for (row, channel) in with_channels(&running, problems) {
            let reading = number(&row, vital, shared.taken_at, row.aperiodic);
            self.push_checked(reading, channel, row.demo || shared.demo, problems);
        }
        let of_cuff = |row: &&Row| row.measure == Measure::CuffPulse;
        if vital == Vital::PulseRate {
            for row in rows.iter().filter(of_cuff) {
                let reading = number(row, vital, shared.taken_at, true);
                let channel = Some(CUFF_CHANNEL.to_owned());
                self.push_checked(reading, channel, row.demo || shared.demo, problems);
            }
        }
    }

    fn add_pressures(&mut self, rows: &[Row], shared: Shared, problems: &mut Problems) {
        for inflation in inflations(rows, problems) {
            if inflation.may_be_in_kilopascals() {
                problems.note(format!("{}: {}", Vital::Nibp, NotRead::Unit.problem()));
                self.in_doubt.push(NotUnderstood::new(&inflation.code, "", ""));
                continue;
            }
            let mut reading = Reading::new(Vital::Nibp, inflation.observation());
            reading.bound = inflation.bound();
            reading.revision = inflation.revision();
            reading.taken_at = own(inflation.at, shared.taken_at, inflation.aperiodic);
            let demo = inflation.demo || shared.demo;
            self.push_checked(reading, inflation.channel, demo, problems);
        }
    }

    fn push_checked(
        &mut self,
        mut reading: Reading,
        channel: Option<String>,
        demo: bool,
        problems: &mut Problems,
    ) {
        let checked = match &reading.observation {
            Observation::Measured(Value::Number(n), _) => check_number(reading.vital, *n),
            Observation::Measured(Value::Pressure(p), _) => check_pressure(p),
            Observation::Absent(_) => Ok(()),
        };
        if checked.is_err() {
            self.implausible += 1;
            problems.note(format!("{}: an impossible value is refused", reading.vital));
            return;
        }
        reading.channel = channel.map(String::into_boxed_str);
        if demo {
            reading.source = Source::Demo;
        }
        self.readings.push(reading);
    }
}

fn number(row: &Row, vital: Vital, shared_at: Option<Millis>, own_time: bool) -> Reading {
    let observation = match row.sample {
        Sample::Measured(n, quality) => Observation::Measured(Value::Number(n), quality),
        Sample::Absent(reason) => Observation::Absent(reason),
    };
    let mut reading = Reading::new(vital, observation);
    reading.bound = row.bound;
    reading.revision = row.revision;
    reading.taken_at = own(row.at, shared_at, own_time);
    reading
}

/// A reading's time where it is not the message's; `always` for values of a single moment.
fn own(at: Option<Millis>, shared_at: Option<Millis>, always: bool) -> Option<Millis> {
    if always { at.or(shared_at) } else { at.filter(|at| Some(*at) != shared_at) }
}

/// The rows of one vital with their channels, which only a vital that occurs several times has:
/// OBX-4 where it tells the rows apart, else the code. Of rows that nothing tells apart, the
/// first with a number stays.
fn with_channels(rows: &[&Row], problems: &mut Problems) -> Vec<(Row, Option<String>)> {
    fn differ<'a>(rows: &[&'a Row], name: fn(&'a Row) -> &'a str) -> bool {
        rows.windows(2).any(|pair| name(pair[0]) != name(pair[1]))
    }
    let channel: fn(&Row) -> &str = if differ(rows, |row| &row.sub_id) {
        |row| &row.sub_id
    } else if differ(rows, |row| &row.code) {
        |row| &row.code
    } else {
        |_| ""
    };
    let mut kept: Vec<(Row, Option<String>)> = Vec::new();
    for row in rows.iter().copied() {
        let twin =
            kept.iter_mut().find(|(other, _)| channel(other) == channel(row) && other.at == row.at);
        if let Some((other, _)) = twin {
            let revision = together(other.revision, row.revision);
            let is_revision = revision != Revision::New;
            if other.sample != row.sample && !is_revision {
                problems.note("a vital comes twice without a channel, one is used".to_owned());
            }
            if matches!(other.sample, Sample::Absent(_)) {
                *other = row.clone();
            }
            other.revision = match other.sample {
                Sample::Absent(_) => revision,
                // The old value is taken back and the new one given in one message.
                Sample::Measured(..) if is_revision => Revision::Corrects,
                Sample::Measured(..) => Revision::New,
            };
            continue;
        }
        let name = channel(row);
        kept.push((row.clone(), (!name.is_empty()).then(|| name.to_owned())));
    }
    kept
}

/// What two rows say together of an earlier value.
fn together(a: Revision, b: Revision) -> Revision {
    match (a, b) {
        (Revision::New, other) | (other, Revision::New) => other,
        (Revision::Corrects, _) | (_, Revision::Corrects) => Revision::Corrects,
        (Revision::Withdraws, Revision::Withdraws) => Revision::Withdraws,
    }
}

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
struct Inflation {
    at: Option<Millis>,
    channel: Option<String>,
    parts: Vec<InflationPart>,
    /// Of its first row.
    code: String,
    aperiodic: bool,
    demo: bool,
}

/// Parts of the same time are one inflation; only if a part then has two values, the channel of
/// OBX-4 (`mds.vmd.chan`) tells two cuffs apart.
fn inflations(rows: &[Row], problems: &mut Problems) -> Vec<Inflation> {
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

    /// The parts that have numbers, as far trusted as the least of them.
    fn observation(&self) -> Observation {
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

    /// A cuff that cannot tell one part cannot tell the pressure; the systolic counts first.
    fn bound(&self) -> Option<Bound> {
        let of = |part: Cuff| self.parts.iter().find(|p| p.part == part).and_then(|p| p.bound);
        of(Cuff::Systolic).or_else(|| of(Cuff::Mean)).or_else(|| of(Cuff::Diastolic))
    }

    /// A pressure of which a part is taken back is taken back, unless the message gives the others
    /// again: then what it gives is the corrected pressure.
    fn revision(&self) -> Revision {
        let all = self.parts.iter().map(|part| part.revision).fold(Revision::New, together);
        match all {
            Revision::Withdraws if self.has_number() => Revision::Corrects,
            Revision::Corrects if !self.has_number() => Revision::Withdraws,
            all => all,
        }
    }

    /// Without any unit: so low a pressure in mmHg is a usual one in kPa.
    fn may_be_in_kilopascals(&self) -> bool {
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
