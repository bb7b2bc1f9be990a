//! The message itself.

use std::collections::BTreeMap;

use super::codes::Measure;
use super::results::{FiledResult, MOST_RESULTS, Measured, results};
use super::segment::{Segment, components, text};
use crate::report::words::{Clock, sex};
use crate::report::{RecordedPatient, SessionRecord};
use crate::vitals::Millis;

/// The most comments of one message: what a reader must know, the gravest first.
pub(super) const MOST_COMMENTS: usize = 20;

/// Letters of a control id: HL7 2.5.1 has place for 20.
const CONTROL_ID_DIGITS: usize = 18;

/// To whom a message goes, and how it is to be answered.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Addressee {
    /// MSH-5; may be empty.
    pub application: String,
    /// MSH-6; may be empty.
    pub facility: String,
    /// Whether it answers twice: that the message has arrived, and what became of it.
    pub is_enhanced: bool,
}

/// A message, and what a later one has to know of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// MSH-10, which the answer repeats.
    pub control_id: String,
    /// The message, segments ended by carriage returns, without a frame.
    pub text: String,
    /// Whether it changes something that was sent before.
    pub is_correction: bool,
    /// The results in it that are valid.
    pub results: Vec<FiledResult>,
}

/// A row of the message: a result that is valid, or one that was and is taken back.
enum Row<'a> {
    Valid { result: &'a Measured, is_corrected: bool },
    TakenBack(&'a FiledResult),
}

/// The vitals of the record, as a message to nobody in particular.
#[must_use]
pub fn hl7(record: &SessionRecord) -> String {
    message(record, &Addressee::default(), None).text
}

/// The vitals of the record. `before` are the results of the last message of the session that
/// arrived.
#[must_use]
pub fn message(record: &SessionRecord, to: &Addressee, before: Option<&[FiledResult]>) -> Message {
    let all = results(record);
    let kept = &all[..all.len().min(MOST_RESULTS)];
    let rows = compared(kept, before.unwrap_or_default());
    let is_correction = before.is_some();
    let body = body(record, &rows, all.len() - kept.len(), is_correction);
    let without_id = header(record, to, "") + &body;
    let hash = blake3::hash(without_id.as_bytes()).to_hex();
    let control_id = format!("DW{}", &hash[..CONTROL_ID_DIGITS].to_uppercase());
    let text = header(record, to, &control_id) + &body;
    let results = kept.iter().map(|result| result.filed.clone()).collect();
    Message { control_id, text, is_correction, results }
}

/// What [`super::hl7_content`] gives.
pub(super) fn content(record: &SessionRecord) -> String {
    let all = results(record);
    let rows = compared(&all, &[]);
    let mut undated = String::new();
    for segment in [patient(record), visit(record)] {
        segment.write(&mut undated);
    }
    comments(record, 0, &mut undated);
    write_rows(record, &rows, &mut undated);
    blake3::hash(undated.as_bytes()).to_hex().to_string()
}

fn compared<'a>(now: &'a [Measured], before: &'a [FiledResult]) -> Vec<Row<'a>> {
    let known: BTreeMap<(&str, Measure), &FiledResult> =
        before.iter().map(|filed| (filed.key(), filed)).collect();
    let valid = now.iter().map(|result| {
        let was = known.get(&result.filed.key());
        Row::Valid { result, is_corrected: was.is_some_and(|was| **was != result.filed) }
    });
    let is_there: BTreeMap<(&str, Measure), ()> =
        now.iter().map(|result| (result.filed.key(), ())).collect();
    let gone = before
        .iter()
        .filter(|filed| filed.can_be_taken_back() && !is_there.contains_key(&filed.key()))
        .map(Row::TakenBack);
    valid.chain(gone).collect()
}

fn stamp(record: &SessionRecord, at: Millis) -> String {
    Clock::of(&record.header).hl7(at)
}

fn header(record: &SessionRecord, to: &Addressee, control_id: &str) -> String {
    let answers = if to.is_enhanced { "AL" } else { "" };
    let mut written = String::new();
    Segment::new("MSH")
        .set(2, "^~\\&")
        .set(3, "dripwatch")
        .set(4, text(record.header.clinic.as_deref().unwrap_or_default()))
        .set(5, text(&to.application))
        .set(6, text(&to.facility))
        .set(7, stamp(record, record.header.made_at))
        .set(9, "ORU^R01^ORU_R01")
        .set(10, control_id)
        .set(11, "P")
        .set(12, "2.5.1")
        .set(15, answers)
        .set(16, answers)
        .set(18, "UNICODE UTF-8")
        .write(&mut written);
    written
}

fn body(record: &SessionRecord, rows: &[Row<'_>], left_out: usize, is_correction: bool) -> String {
    let header = &record.header;
    let mut written = String::new();
    patient(record).write(&mut written);
    visit(record).write(&mut written);
    let status = match header.ended_at {
        None => "P",
        Some(_) if is_correction => "C",
        Some(_) => "F",
    };
    Segment::new("OBR")
        .set(1, "1")
        .set(3, components(&[header.session.as_str(), "dripwatch"]))
        .set(4, "8716-3^Vital signs^LN")
        .set(7, stamp(record, header.opened_at))
        .set(8, header.ended_at.map(|at| stamp(record, at)).unwrap_or_default())
        .set(22, stamp(record, header.made_at))
        .set(25, status)
        .write(&mut written);
    comments(record, left_out, &mut written);
    write_rows(record, rows, &mut written);
    written
}

/// Who it is about, as far as the record knows.
fn patient(record: &SessionRecord) -> Segment {
    let RecordedPatient { person, initials, is_removed, .. } = &record.header.patient;
    let segment = Segment::new("PID").set(1, "1");
    let Some(person) = person.as_ref().filter(|_| !is_removed) else {
        // Initials are no name: HL7 has a type for what stands in its place.
        let initials = if *is_removed { "" } else { initials.trim() };
        let kind = if initials.is_empty() { "U" } else { "S" };
        return segment.set(5, components(&[initials, "", "", "", "", "", kind]));
    };
    let ids = person.ids.iter().map(|id| components(&[&id.number, "", "", &id.authority, "PI"]));
    let part = |name: &Option<String>| name.as_deref().unwrap_or_default().trim().to_owned();
    let (family, given) = (part(&person.family), part(&person.given));
    let kind = if family.is_empty() && given.is_empty() { "U" } else { "L" };
    let born = person.birth_date.map(|date| date.to_string().replace('-', ""));
    let sex = match person.sex.as_deref().and_then(sex) {
        Some("female") => "F",
        Some("male") => "M",
        Some("other") => "O",
        Some(_) => "U",
        None => "",
    };
    segment
        .set(3, ids.collect::<Vec<_>>().join("~"))
        .set(5, components(&[&family, &given, "", "", "", "", kind]))
        .set(7, born.unwrap_or_default())
        .set(8, sex)
}

/// The stay.
fn visit(record: &SessionRecord) -> Segment {
    let header = &record.header;
    let clinic = header.clinic.as_deref().unwrap_or_default();
    Segment::new("PV1")
        .set(1, "1")
        .set(2, "O")
        .set(3, components(&["", header.room.as_str(), "", clinic]))
        .set(19, components(&[header.session.as_str(), "", "", "dripwatch", "VN"]))
        .set(44, stamp(record, header.opened_at))
        .set(45, header.ended_at.map(|at| stamp(record, at)).unwrap_or_default())
}

/// What a reader must know: what is missing, and what is doubtful.
fn comments(record: &SessionRecord, left_out: usize, written: &mut String) {
    let mut all: Vec<String> = Vec::new();
    if left_out > 0 {
        all.push(format!("{left_out} further results are not in this message."));
    }
    all.extend(record.lacks.iter().map(|lack| lack.text.clone()));
    for (n, comment) in all.iter().take(MOST_COMMENTS).enumerate() {
        Segment::new("NTE")
            .set(1, (n + 1).to_string())
            .set(2, "L")
            .set(3, text(comment))
            .write(written);
    }
}

fn write_rows(record: &SessionRecord, rows: &[Row<'_>], written: &mut String) {
    let is_over = record.header.ended_at.is_some();
    for (n, row) in rows.iter().enumerate() {
        let (filed, status) = match row {
            Row::Valid { result, is_corrected: true } => (&result.filed, "C"),
            Row::Valid { result, is_corrected: false } => {
                (&result.filed, if is_over { "F" } else { "P" })
            }
            Row::TakenBack(filed) => (*filed, "W"),
        };
        let mut segment = Segment::new("OBX")
            .set(1, (n + 1).to_string())
            .set(2, "NM")
            .set(3, filed.what.code())
            .set(4, text(&filed.measurement))
            .set(5, text(&filed.value))
            .set(6, filed.what.unit())
            .set(11, status)
            .set(14, stamp(record, filed.at));
        if let Row::Valid { result, .. } = row {
            let median = "^Median of the good values of the 30 s before";
            segment = segment
                .set(16, text(&result.by))
                .set(17, if result.is_median { median } else { "" })
                .set(18, text(&result.device));
        }
        segment.write(written);
    }
}
