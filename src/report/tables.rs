//! The record as comma-separated values: one long table of everything that has a time, or one of
//! the alerts. UTF-8 with a header line, as RFC 4180 says. A cell that a spreadsheet would take for
//! a formula begins with an apostrophe.

use super::words::Clock;
use super::{CalledTo, PressureSource, RecordedPressure, SessionRecord};
use crate::vitals::{Millis, Pressure};

/// A kind of table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Table {
    /// Readings, events, doses, alerts, phases: one row each, by time.
    #[default]
    Record,
    /// One row for each alert.
    Alerts,
}

const RECORD_COLUMNS: [&str; 10] =
    ["at", "at_ms", "kind", "name", "value", "unit", "source", "by", "text", "withdrawn"];
const ALERT_COLUMNS: [&str; 24] = [
    "alert",
    "condition",
    "kind",
    "priority",
    "raised_at",
    "raised_at_ms",
    "shown_after_s",
    "text",
    "value",
    "limit",
    "worst",
    "worst_at",
    "unit",
    "taken_by",
    "taken_after_s",
    "ended_at",
    "lasted_s",
    "silences",
    "outcome",
    "outcome_note",
    "screens",
    "shown_on",
    "second_nurse_after_s",
    "prescriber_after_s",
];

/// What makes a spreadsheet take a text for a formula.
const FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// One table of the record.
#[must_use]
pub fn csv(record: &SessionRecord, table: Table) -> String {
    let rows = match table {
        Table::Record => long_table(record),
        Table::Alerts => alerts(record),
    };
    let mut writer =
        csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        // A vector accepts everything that is written.
        let written = writer.write_record(row.iter().map(|cell| csv_cell(cell)));
        debug_assert!(written.is_ok());
    }
    let bytes = writer.into_inner().unwrap_or_default();
    String::from_utf8(bytes).unwrap_or_default()
}

/// A number stays a number; any other text that a spreadsheet would compute becomes text.
pub(crate) fn csv_cell(cell: &str) -> String {
    let is_number = cell.parse::<f64>().is_ok_and(f64::is_finite);
    if cell.starts_with(FORMULA) && !is_number { format!("'{cell}") } else { cell.to_owned() }
}

type Row = Vec<String>;

fn words(cells: &[&str]) -> Row {
    cells.iter().map(|cell| (*cell).to_owned()).collect()
}

fn long_table(record: &SessionRecord) -> Vec<Row> {
    let clock = Clock::of(&record.header);
    let mut timed: Vec<(Millis, Row)> = Vec::new();
    let mut add = |at: Millis, cells: [&str; 8]| {
        let mut row = vec![clock.iso(at), at.to_string()];
        row.extend(words(&cells));
        timed.push((at, row));
    };
    for span in &record.phases {
        add(span.from, ["phase", span.phase.name(), "", "", "", &span.by, "", ""]);
    }
    for stay in &record.header.rooms {
        add(stay.from, ["room", stay.room.as_str(), "", "", "", &stay.by, "", ""]);
    }
    for trend in &record.trends {
        let (name, unit) = (trend.vital.name(), trend.unit.as_str());
        for (at, value) in trend.points() {
            add(at, ["reading", name, &value.to_string(), unit, "monitor", "", "", ""]);
        }
        for gap in &trend.absences {
            let seconds = seconds(gap.to.since(gap.from));
            add(gap.from, ["absence", name, &seconds, "s", "monitor", "", &gap.text, ""]);
        }
    }
    for late in &record.late {
        let came = format!("came late, at {}", clock.iso(late.heard_at));
        let (unit, source) = (late.vital.unit(), format!("monitor {}", late.device));
        let parts = [
            (late.vital.name(), late.value),
            ("systolic", late.systolic),
            ("diastolic", late.diastolic),
            ("mean", late.mean),
        ];
        for (name, value) in parts.into_iter().filter_map(|(name, value)| Some((name, value?))) {
            add(late.at, ["late", name, &value.to_string(), unit, &source, "", &came, ""]);
        }
    }
    for pressure in &record.pressures {
        let (source, by) = match &pressure.source {
            PressureSource::Monitor { device } => (format!("monitor {device}"), String::new()),
            PressureSource::ByHand { by, .. } => ("by_hand".to_owned(), by.clone()),
            PressureSource::Unknown => ("unknown".to_owned(), String::new()),
        };
        let parts = [
            ("systolic", pressure.systolic),
            ("diastolic", pressure.diastolic),
            ("mean", pressure.mean),
        ];
        for (name, value) in parts {
            let Some(value) = value else { continue };
            add(pressure.at, ["pressure", name, &value.to_string(), "mmHg", &source, &by, "", ""]);
        }
    }
    for measured in &record.by_hand {
        let (name, unit) = (measured.vital.name(), measured.vital.unit());
        let value = measured.value.to_string();
        add(measured.at, ["reading", name, &value, unit, "by_hand", &measured.by, "", ""]);
    }
    for score in &record.scores {
        let (value, note) = (score.value.to_string(), score.note.as_deref().unwrap_or_default());
        add(score.at, ["score", &score.score, &value, "", "by_hand", &score.by, note, ""]);
    }
    for dose in &record.infusion.doses {
        let mg = dose.mg.map(|mg| mg.to_string()).unwrap_or_default();
        let lot = dose.lot.as_ref().map(|lot| format!("lot {lot}")).unwrap_or_default();
        add(dose.at, ["dose", "", &mg, "mg", "", &dose.by, &lot, ""]);
    }
    for given in &record.medications {
        let dose = given.what.dose.map(|dose| dose.to_string()).unwrap_or_default();
        let unit = given.what.unit.as_deref().unwrap_or_default();
        let words = given.what.words();
        add(given.at, ["medication", &given.what.drug, &dose, unit, "", &given.by, &words, ""]);
    }
    for alert in &record.alerts {
        let worst = alert.worst.map(|worst| worst.to_string()).unwrap_or_default();
        let unit = alert.unit.as_deref().unwrap_or_default();
        let (name, priority) = (alert.condition.name(), alert.priority.name());
        add(alert.raised_at, ["alert", name, &worst, unit, priority, "", &alert.text, ""]);
    }
    for event in &record.events {
        let gone = event.withdrawn.as_ref().map(|gone| format!("by {}", gone.by));
        let gone = gone.unwrap_or_default();
        add(event.at, ["event", event.kind.name(), "", "", "", &event.by, &event.text, &gone]);
    }
    for added in &record.addenda {
        let when = if added.after_sign_off { "after sign-off" } else { "" };
        add(added.at, ["addendum", "", "", "", when, &added.by, &added.text, ""]);
    }
    for signed in &record.signatures {
        add(signed.at, ["signature", "", "", "", "", &signed.by, &signed.name, ""]);
    }
    timed.sort_by_key(|(at, _)| *at);
    let rows = timed.into_iter().map(|(_, row)| row);
    std::iter::once(words(&RECORD_COLUMNS)).chain(rows).collect()
}

fn alerts(record: &SessionRecord) -> Vec<Row> {
    let clock = Clock::of(&record.header);
    let text =
        |value: Option<crate::vitals::Decimal>| value.map_or_else(String::new, |v| v.to_string());
    let time = |at: Option<Millis>| at.map_or_else(String::new, |at| clock.iso(at));
    let row = |alert: &super::RecordedAlert| {
        let first = alert.taken.first();
        let since = |at: Option<Millis>| {
            at.map_or_else(String::new, |at| seconds(at.since(alert.raised_at)))
        };
        let first_call = |who| alert.called.iter().find(|call| call.who == who).map(|call| call.at);
        let outcome = alert.outcome.as_ref();
        vec![
            alert.id.clone(),
            alert.condition.name().to_owned(),
            match alert.kind {
                crate::rules::Kind::Physiological => "physiological",
                crate::rules::Kind::Technical => "technical",
            }
            .to_owned(),
            alert.priority.name().to_owned(),
            clock.iso(alert.raised_at),
            alert.raised_at.to_string(),
            since(alert.shown_at),
            alert.text.clone(),
            text(alert.value),
            text(alert.limit),
            text(alert.worst),
            time(alert.worst_at),
            alert.unit.clone().unwrap_or_default(),
            first.map(|taken| taken.by.clone()).unwrap_or_default(),
            first.map(|taken| seconds(taken.after_ms)).unwrap_or_default(),
            time(alert.ended_at),
            since(alert.ended_at),
            alert.silences.len().to_string(),
            outcome.map(|outcome| outcome.outcome.name().to_owned()).unwrap_or_default(),
            outcome.and_then(|outcome| outcome.note.clone()).unwrap_or_default(),
            alert.shown_on.len().to_string(),
            shown_on(alert),
            since(first_call(CalledTo::SecondNurse)),
            since(first_call(CalledTo::Prescriber)),
        ]
    };
    std::iter::once(words(&ALERT_COLUMNS)).chain(record.alerts.iter().map(row)).collect()
}

/// `KM’s phone 0.4; TJ’s station 1.2`: seconds after it was raised.
fn shown_on(alert: &super::RecordedAlert) -> String {
    let after = |at: Millis| seconds(at.since(alert.raised_at).max(0));
    let one = |receipt: &super::AlertReceipt| format!("{} {}", receipt.words(), after(receipt.at));
    alert.shown_on.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// With milliseconds if there are any.
pub(crate) fn seconds(ms: i64) -> String {
    if ms % 1_000 == 0 {
        (ms / 1_000).to_string()
    } else {
        format!("{}.{:03}", ms / 1_000, ms % 1_000)
    }
}

/// As staff write it: `128/82`.
pub(super) fn pressure(pressure: &RecordedPressure) -> Pressure {
    let RecordedPressure { systolic, diastolic, mean, .. } = *pressure;
    Pressure { systolic, diastolic, mean }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for bad in ["=1+1", "+SUM(A1)", "-2+3", "@x", "\tx", "=cmd|' /C calc'!A0"] {
            assert!(csv_cell(bad).starts_with('\''), "{bad}");
        }
        for number in ["-9", "-0.5", "+46", "97"] {
            assert_eq!(csv_cell(number), number);
        }
        assert_eq!(csv_cell("−9"), "−9");
        assert_eq!(csv_cell("nausea = mild"), "nausea = mild");
    }
}
