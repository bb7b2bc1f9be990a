//! The OBX rows of a message that carry one of our vitals, each with its own time.

use jiff::tz::TimeZone;

use super::codes::{Meaning, Measure, meaning};
use super::labels::{Hint, hint};
use super::message::{Message, Part, Segment};
use super::time::{Stamp, stamp};
use super::value::{Sample, value_of};
use crate::vitals::{Millis, Vital};

/// Rows of vitals that one message may carry; a monitor sends some twenty.
const MAX_ROWS: usize = 256;
/// Kinds of problems that are told of one message.
const MAX_PROBLEMS: usize = 16;
/// Longest channel that is kept, in characters.
const MAX_CHANNEL: usize = 64;

/// What was wrong with a message: for the log, so it holds neither values nor names.
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
    pub(super) demo: bool,
    /// OBX-14, else the time of its OBR.
    pub(super) at: Option<Millis>,
    /// The value is of a single moment, whatever the message's time (OBX-13 or OBX-17).
    pub(super) aperiodic: bool,
    /// OBX-4.
    pub(super) sub_id: String,
    /// OBX-3.1, to tell channels apart that have no OBX-4.
    pub(super) code: String,
}

/// The clock that zone-less stamps are read by.
#[derive(Clone, Copy, Debug)]
pub(super) struct Clock<'a> {
    pub(super) zone: &'a TimeZone,
    pub(super) arrived_at: Millis,
}

impl Clock<'_> {
    /// The field's time; nonsense is none, and a problem.
    pub(super) fn read(&self, field: &Part<'_>, problems: &mut Problems) -> Option<Millis> {
        match stamp(&field.component(1).text(), self.zone, self.arrived_at) {
            Stamp::At(at) => Some(at),
            Stamp::None => None,
            Stamp::Nonsense => {
                problems.note("a time is not a time".to_owned());
                None
            }
        }
    }

    /// OBR-7, else OBR-8, else OBR-14.
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
}

/// Collects the rows of vitals. Alarm texts and waves are passed over: they are no readings.
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
            let Some(mut row) = row(&segment, clock, problems) else {
                continue;
            };
            row.at = row.at.or(order_at);
            if found.rows.len() == MAX_ROWS {
                problems.note(format!("more than {MAX_ROWS} rows of vitals"));
                break;
            }
            found.rows.push(row);
        }
    }
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

fn row(obx: &Segment<'_>, clock: &Clock<'_>, problems: &mut Problems) -> Option<Row> {
    let code = obx.first(3);
    let measure = match meaning(&code) {
        Meaning::Other => return None,
        Meaning::Measures(measure) => measure,
        Meaning::ByName(measure) => {
            let vital = measure.vital();
            problems.note(format!("{vital}: code and name differ, the name is used"));
            measure
        }
        Meaning::Contradiction => {
            problems.note("a row is refused: its code and its name contradict".to_owned());
            return None;
        }
    };
    let method = Method::read(obx);
    let measure = measured_by(measure, &method)?;
    let vital = measure.vital();
    let valued = match value_of(obx, vital) {
        Ok(valued) => valued,
        Err(problem) => {
            problems.note(format!("{vital}: {problem}"));
            return None;
        }
    };
    if let Some(problem) = valued.problem {
        problems.note(format!("{vital}: {problem}"));
    }
    let kept = |text: &str| text.chars().take(MAX_CHANNEL).collect();
    Some(Row {
        measure,
        sample: valued.sample,
        demo: valued.demo,
        at: clock.read(&obx.first(14), problems),
        aperiodic: method.aperiodic,
        sub_id: kept(&obx.first(4).text()),
        code: kept(&code.component(1).text()),
    })
}

/// What OBX-17 (and OBX-13, for APERIODIC) says of how a value was taken.
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
                        method.hear(&text);
                    }
                }
            }
        }
        method
    }

    fn hear(&mut self, text: &str) {
        let lower = text.to_ascii_lowercase();
        let said = hint(text);
        let cuff = ["cuff", "nibp", "nbp", "noninv", "non-inv"];
        self.cuff |= cuff.iter().any(|word| lower.contains(word));
        self.line |= said == Hint::Invasive;
        self.clip |= said == Hint::Saturation || lower.contains("pleth");
    }
}

/// A heart or pulse rate may come from the cuff or the clip, a pressure from a line; `None`
/// when the row is then no vital of ours.
fn measured_by(measure: Measure, method: &Method) -> Option<Measure> {
    match measure {
        Measure::Number(Vital::PulseRate | Vital::HeartRate) if method.cuff => {
            Some(Measure::CuffPulse)
        }
        Measure::Number(Vital::HeartRate) if method.clip => Some(Measure::Number(Vital::PulseRate)),
        Measure::Pressure { .. } if method.line && !method.cuff => None,
        measure => Some(measure),
    }
}

/// A pressure whose code leaves its origin open is the cuff's, unless the message gives the
/// cuff's by name: then it is something else.
fn drop_pressures_of_unknown_origin(rows: &mut Vec<Row>) {
    let by_cuff = |row: &Row| matches!(row.measure, Measure::Pressure { by_cuff: true, .. });
    if rows.iter().any(by_cuff) {
        rows.retain(|row| !matches!(row.measure, Measure::Pressure { by_cuff: false, .. }));
    }
}
