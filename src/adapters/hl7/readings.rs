//! Rows become readings: the parts of a cuff pressure become one, channels are kept apart, and
//! impossible values are refused.

use super::inflation::inflations;
use super::measure::Measure;
use super::rows::{Problems, Row};
use super::value::{NotRead, Sample, together};
use crate::adapters::NotUnderstood;
use crate::vitals::plausibility::{check_number, check_pressure};
use crate::vitals::{Millis, Observation, Reading, Revision, Source, Value, Vital};

/// The channel of a pulse that the cuff took while it was inflated.
const CUFF_CHANNEL: &str = "cuff";

/// The readings of a message.
#[derive(Debug, Default)]
pub(super) struct Readings {
    pub(super) readings: Vec<Reading>,
    /// How many were refused as impossible.
    pub(super) implausible: u32,
    /// Pressures without a unit whose size leaves the unit open.
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

/// A reading's time if it is not the message's; `always` for values of a single moment.
fn own(at: Option<Millis>, shared_at: Option<Millis>, always: bool) -> Option<Millis> {
    if always { at.or(shared_at) } else { at.filter(|at| Some(*at) != shared_at) }
}

/// The rows of one vital with their channels, which only a vital that occurs several times has:
/// OBX-4 if it distinguishes the rows, otherwise the code. Of rows that nothing distinguishes, the
/// first one with a number stays.
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
