//! Rows become readings: the parts of a cuff pressure become one, channels are kept apart, and
//! impossible values are refused.

use super::codes::{Cuff, Measure};
use super::rows::{Problems, Row};
use super::value::Sample;
use crate::vitals::plausibility::{check_number, check_pressure};
use crate::vitals::{
    Absent, Millis, Observation, Pressure, Quality, Reading, Source, Value, Vital,
};

/// The channel of a pulse that the cuff took while it was inflated.
const CUFF_CHANNEL: &str = "cuff";

/// The readings of a message.
#[derive(Debug, Default)]
pub(super) struct Readings {
    pub(super) readings: Vec<Reading>,
    /// How many were refused as impossible.
    pub(super) implausible: u32,
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
            let reading = number(row, vital, shared.taken_at, row.aperiodic);
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
            let mut reading = Reading::new(Vital::Nibp, inflation.observation());
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
fn with_channels<'a>(rows: &[&'a Row], problems: &mut Problems) -> Vec<(&'a Row, Option<String>)> {
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
    let mut kept: Vec<(&Row, Option<String>)> = Vec::new();
    for row in rows.iter().copied() {
        let twin =
            kept.iter_mut().find(|(other, _)| channel(other) == channel(row) && other.at == row.at);
        if let Some((other, _)) = twin {
            if other.sample != row.sample {
                problems.note("a vital comes twice without a channel, one is used".to_owned());
            }
            if matches!(other.sample, Sample::Absent(_)) {
                *other = row;
            }
            continue;
        }
        let name = channel(row);
        kept.push((row, (!name.is_empty()).then(|| name.to_owned())));
    }
    kept
}

/// The parts of one inflation.
#[derive(Debug, Default)]
struct Inflation {
    at: Option<Millis>,
    channel: Option<String>,
    parts: Vec<(Cuff, Sample)>,
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
                found.push(Inflation { at: row.at, channel, ..Inflation::default() });
                let last = found.len() - 1;
                &mut found[last]
            }
        };
        inflation.aperiodic |= row.aperiodic;
        inflation.demo |= row.demo;
        match inflation.parts.iter_mut().find(|(known, _)| *known == part) {
            None => inflation.parts.push((part, row.sample)),
            Some((_, known)) if *known == row.sample => {}
            Some((_, known @ Sample::Absent(_))) => *known = row.sample,
            Some(_) if matches!(row.sample, Sample::Absent(_)) => {}
            Some(_) => problems.note("nibp comes twice without a channel, one is used".to_owned()),
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
    /// The parts that have numbers, as far trusted as the least of them.
    fn observation(&self) -> Observation {
        let measured = |wanted: Cuff| {
            self.parts.iter().find_map(|(part, sample)| match sample {
                Sample::Measured(n, _) if *part == wanted => Some(*n),
                _ => None,
            })
        };
        let pressure = Pressure {
            systolic: measured(Cuff::Systolic),
            diastolic: measured(Cuff::Diastolic),
            mean: measured(Cuff::Mean),
        };
        let samples = || self.parts.iter().map(|(_, sample)| sample);
        if !samples().any(|s| matches!(s, Sample::Measured(..))) {
            let reasons = samples().filter_map(|sample| match sample {
                Sample::Absent(reason) => Some(*reason),
                Sample::Measured(..) => None,
            });
            let named = reasons.into_iter().find(|r| *r != Absent::Invalid);
            return Observation::Absent(named.unwrap_or(Absent::Invalid));
        }
        let doubted = |s: &Sample| matches!(s, Sample::Measured(_, Quality::Questionable));
        let quality = if samples().any(doubted) { Quality::Questionable } else { Quality::Good };
        Observation::Measured(Value::Pressure(pressure), quality)
    }
}
