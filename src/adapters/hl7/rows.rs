//! The OBX rows of a message that carry one of our vitals, each with its own time.

use jiff::tz::TimeZone;

use super::codes::{Meaning, meaning};
use super::identity::kept;
use super::labels::{Hint, hint};
use super::measure::{Cuff, Measure};
use super::message::{Message, Part, Segment};
use super::time::{Stamp, stamp};
use super::value::{NotRead, RowValue, Sample, pressures_of, value_of};
use crate::adapters::NotUnderstood;
use crate::vitals::{Absent, Bound, Millis, Revision, Vital};

/// The most rows of vitals that one message may carry; a monitor sends some twenty.
const MAX_ROWS: usize = 256;
/// The most kinds of problems of one message that are logged.
const MAX_PROBLEMS: usize = 16;
/// The most codes and units of one message that are reported as not understood.
const MAX_NOT_UNDERSTOOD: usize = 32;
/// The longest channel that is kept, in characters. Of a longer one the digest is kept.
const MAX_CHANNEL: usize = 64;

/// What was wrong with a message: for the log, so it contains neither values nor names.
#[derive(Debug, Default)]
pub(super) struct Problems(Vec<String>);

impl Problems {
    /// Notes a problem once, however many rows have it.
    pub(super) fn note(&mut self, problem: String) {
        if self.0.len() < MAX_PROBLEMS && !self.0.contains(&problem) {
            self.0.push(problem);
        }
    }

    pub(super) fn into_vec(self) -> Vec<String> {
        self.0
    }
}

/// A row's vital, or a part of one.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) measure: Measure,
    pub(super) sample: Sample,
    pub(super) bound: Option<Bound>,
    pub(super) revision: Revision,
    pub(super) has_unit: bool,
    pub(super) demo: bool,
    /// OBX-14, otherwise the time of its OBR.
    pub(super) at: Option<Millis>,
    /// The value is of a single moment, whatever the message's time (OBX-13 or OBX-17).
    pub(super) aperiodic: bool,
    /// OBX-4.
    pub(super) sub_id: String,
    /// OBX-3.1, to distinguish channels that have no OBX-4.
    pub(super) code: String,
}

/// The clock that zone-less stamps are read by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock<'a> {
    pub(super) zone: &'a TimeZone,
    pub(super) arrived_at: Millis,
}

impl Clock<'_> {
    /// The field's time; nonsense counts as none, and as a problem.
    pub(super) fn read(&self, field: &Part<'_>, problems: &mut Problems) -> Option<Millis> {
        match stamp(&field.component(1).text(), self.zone, self.arrived_at) {
            Stamp::At(at) => Some(at),
            Stamp::None => None,
            Stamp::Nonsense => {
                problems.note("a time field holds no time".to_owned());
                None
            }
        }
    }

    /// OBR-7, otherwise OBR-8, otherwise OBR-14.
    fn of_order(&self, obr: &Segment<'_>, problems: &mut Problems) -> Option<Millis> {
        [7, 8, 14].into_iter().find_map(|number| self.read(&obr.first(number), problems))
    }
}

/// The rows that a message is read for.
#[derive(Debug, Default)]
pub(super) struct Rows {
    pub(super) rows: Vec<Row>,
    /// The time of the first OBR that has one.
    pub(super) ordered_at: Option<Millis>,
    /// Codes, units and forms that are not understood, each once.
    pub(super) not_understood: Vec<NotUnderstood>,
}

impl Rows {
    /// Notes what is not understood once, however many rows have it.
    pub(super) fn note(&mut self, unknown: NotUnderstood) {
        let all = &mut self.not_understood;
        if all.len() < MAX_NOT_UNDERSTOOD && !all.contains(&unknown) {
            all.push(unknown);
        }
    }
}

/// Collects the rows of vitals. Alarm texts and waves are skipped: they are not readings.
pub(super) fn rows(message: &Message<'_>, clock: &Clock<'_>, problems: &mut Problems) -> Rows {
    let mut found = Rows::default();
    let mut order_at = None;
    let mut passed_over = false;
    for segment in message.segments() {
        if segment.is("OBR") {
            order_at = clock.of_order(&segment, problems);
            found.ordered_at = found.ordered_at.or(order_at);
            passed_over = holds_no_readings(&segment);
        } else if segment.is("OBX") && !passed_over {
            for mut row in read(&segment, clock, &mut found, problems) {
                row.at = row.at.or(order_at);
                if found.rows.len() == MAX_ROWS {
                    problems.note(format!("more than {MAX_ROWS} rows of vitals"));
                    return finished(found);
                }
                found.rows.push(row);
            }
        }
    }
    finished(found)
}

fn finished(mut found: Rows) -> Rows {
    drop_pressures_of_unknown_origin(&mut found.rows);
    found
}

fn holds_no_readings(obr: &Segment<'_>) -> bool {
    let kind = obr.first(4);
    let says = |text: &str| {
        let text = text.to_ascii_uppercase();
        text == "ALARM" || text.contains("WAVEFORM")
    };
    says(&kind.component(1).text()) || says(&kind.component(2).text())
}

/// The row's values: one, the parts of a pressure, or none.
fn read(
    obx: &Segment<'_>,
    clock: &Clock<'_>,
    found: &mut Rows,
    problems: &mut Problems,
) -> Vec<Row> {
    let code = obx.first(3);
    let measure = match meaning(&code) {
        Meaning::Other => return Vec::new(),
        Meaning::Unknown => {
            if holds_a_value(obx) {
                found.note(not_understood(obx));
            }
            return Vec::new();
        }
        Meaning::Measures(measure) => measure,
        Meaning::ByName(measure) => {
            let vital = measure.vital();
            problems.note(format!("{vital}: code and name differ, the name is used"));
            measure
        }
        Meaning::Contradiction => {
            problems
                .note("a row is refused: its code and its name contradict each other".to_owned());
            found.note(not_understood(obx));
            return Vec::new();
        }
    };
    let method = Method::read(obx);
    let Some(measure) = measured_by(measure, &method) else { return Vec::new() };
    let values = match values_of(obx, measure) {
        Ok(values) => values,
        Err(not_read) => {
            problems.note(format!("{}: {}", measure.vital(), not_read.problem()));
            found.note(not_understood(obx));
            match (not_read, measure) {
                // The row shows that there is no value; of which kind nobody knows.
                (NotRead::Form, measure) if !matches!(measure, Measure::Pressures { .. }) => {
                    vec![(measure, unread())]
                }
                _ => return Vec::new(),
            }
        }
    };
    let kept = |text: &str| kept(text, MAX_CHANNEL);
    let at = clock.read(&obx.first(14), problems);
    let (sub_id, code) = (kept(&obx.first(4).text()), kept(&code.component(1).text()));
    let row = |(measure, valued): (Measure, RowValue)| Row {
        measure,
        sample: valued.sample,
        bound: valued.bound,
        revision: valued.revision,
        has_unit: valued.has_unit,
        demo: valued.demo,
        at,
        aperiodic: method.aperiodic,
        sub_id: sub_id.clone(),
        code: code.clone(),
    };
    values.into_iter().map(row).collect()
}

/// The row's values, each with its measure.
fn values_of(obx: &Segment<'_>, measure: Measure) -> Result<Vec<(Measure, RowValue)>, NotRead> {
    let Measure::Pressures { by_cuff } = measure else {
        return Ok(vec![(measure, value_of(obx, measure.vital())?)]);
    };
    let parts = [Cuff::Systolic, Cuff::Diastolic, Cuff::Mean].into_iter();
    let values = pressures_of(obx)?;
    Ok(parts.map(|part| Measure::Pressure { part, by_cuff }).zip(values).collect())
}

fn unread() -> RowValue {
    RowValue {
        sample: Sample::Absent(Absent::Invalid),
        bound: None,
        revision: Revision::New,
        demo: false,
        has_unit: false,
    }
}

/// Rows without a value are structure; waves, pictures and pointers are not values.
fn holds_a_value(obx: &Segment<'_>) -> bool {
    let kind = obx.first(2).text().to_ascii_uppercase();
    let status = obx.field(11).text().to_ascii_uppercase();
    let has_text = obx.first(5).components().any(|part| !part.text().is_empty());
    has_text && !matches!(kind.as_str(), "NA" | "MA" | "ED" | "RP") && status != "X"
}

/// The row's code, in the words of its first triple that has any.
fn not_understood(obx: &Segment<'_>) -> NotUnderstood {
    let code = obx.first(3);
    let text = |n: usize| code.component(n).text().into_owned();
    let (code, name) = match (text(1), text(2)) {
        (code, name) if code.is_empty() && name.is_empty() => (text(4), text(5)),
        (code, name) if code.is_empty() => (name, String::new()),
        both => both,
    };
    NotUnderstood::new(&code, &unit_text(obx), &name)
}

fn unit_text(obx: &Segment<'_>) -> String {
    let unit = obx.first(6);
    let (code, name) = (unit.component(1).text(), unit.component(2).text());
    if code.is_empty() { name.into_owned() } else { code.into_owned() }
}

/// What OBX-17 (and OBX-13, for APERIODIC) says about how a value was taken.
#[derive(Default)]
struct Method {
    cuff: bool,
    line: bool,
    clip: bool,
    aperiodic: bool,
}

impl Method {
    fn read(obx: &Segment<'_>) -> Self {
        let mut method = Self::default();
        for number in [13, 17] {
            for repetition in obx.field(number).repetitions() {
                for component in repetition.components() {
                    let text = component.text();
                    method.aperiodic |= text.eq_ignore_ascii_case("APERIODIC");
                    if number == 17 {
                        method.note(&text);
                    }
                }
            }
        }
        method
    }

    fn note(&mut self, text: &str) {
        let lower = text.to_ascii_lowercase();
        let said = hint(text);
        let cuff = ["cuff", "nibp", "nbp", "noninv", "non-inv"];
        self.cuff |= cuff.iter().any(|word| lower.contains(word));
        self.line |= said == Hint::Invasive;
        self.clip |= said == Hint::Saturation || lower.contains("pleth");
    }
}

/// A heart or pulse rate may come from the cuff or the clip, a pressure from a line; `None` if that
/// means the row is not a vital of ours.
fn measured_by(measure: Measure, method: &Method) -> Option<Measure> {
    match measure {
        Measure::Number(Vital::PulseRate | Vital::HeartRate) if method.cuff => {
            Some(Measure::CuffPulse)
        }
        Measure::Number(Vital::HeartRate) if method.clip => Some(Measure::Number(Vital::PulseRate)),
        Measure::Pressure { .. } | Measure::Pressures { .. } if method.line && !method.cuff => None,
        measure => Some(measure),
    }
}

/// A pressure whose code leaves its origin open is the cuff's, unless the message names the cuff's
/// pressure separately: then it is something else.
fn drop_pressures_of_unknown_origin(rows: &mut Vec<Row>) {
    let by_cuff = |row: &Row| matches!(row.measure, Measure::Pressure { by_cuff: true, .. });
    if rows.iter().any(by_cuff) {
        rows.retain(|row| !matches!(row.measure, Measure::Pressure { by_cuff: false, .. }));
    }
}

#[cfg(test)]
#[path = "rows_test.rs"]
mod tests;
