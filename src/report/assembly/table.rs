//! The vitals at cadence, like a paper chart.

use super::Assembly;
use super::spells::{Spells, Times};
use super::summary::median;
use crate::report::{
    Extreme, Measured, PressureSource, RecordedPressure, Summary, TableRow, TableScore,
};
use crate::room::{Event, Phase, Session};
use crate::vitals::{Decimal, Millis, Vital};

/// A pressure is overdue this long after its time: until then its row is still to come.
const SLACK_MS: i64 = 180_000;
/// A score or a value by hand belongs to a row that is at most this far away.
const NEAR_MS: i64 = 150_000;
/// The most rows of a record: a session of two days at one pressure a minute.
const ROWS: usize = 3_000;

pub(super) fn table(
    assembly: &Assembly,
    spells: &Spells,
    summary: &Summary,
    by_hand: &[Measured],
    times: Times,
) -> Vec<TableRow> {
    let mut rows: Vec<TableRow> =
        assembly.kept.pressures.iter().map(|pressure| row(pressure.at, Some(pressure))).collect();
    if let Some(session) = &assembly.session {
        fill(&mut rows, assembly, session, times);
    }
    add_scores(&mut rows, assembly);
    for row in &mut rows {
        row.heart_rate = rounded(median(&spells.heart_rate, row.at));
        row.spo2 = rounded(median(&spells.spo2, row.at));
        let resp = spells.by_vital.iter().find(|(vital, _)| *vital == Vital::RespRate);
        row.resp_rate = resp.and_then(|(_, spells)| rounded(median(spells, row.at)));
    }
    add_by_hand(&mut rows, by_hand);
    rows.retain(|row| {
        let has_value = row.heart_rate.or(row.spo2).or(row.resp_rate).is_some();
        row.pressure.is_some() || has_value || !row.scores.is_empty()
    });
    rows.truncate(ROWS);
    for row in &mut rows {
        row.notes = notes(row, assembly, summary);
    }
    rows
}

fn row(at: Millis, pressure: Option<&RecordedPressure>) -> TableRow {
    let is_by_hand =
        pressure.is_some_and(|known| matches!(known.source, PressureSource::ByHand { .. }));
    TableRow {
        at,
        pressure: pressure.cloned(),
        heart_rate: None,
        spo2: None,
        resp_rate: None,
        scores: Vec::new(),
        by_hand: if is_by_hand { vec![Vital::Nibp] } else { Vec::new() },
        notes: Vec::new(),
    }
}

/// Whole numbers, as the vitals of the table are.
fn rounded(value: Option<f64>) -> Option<Decimal> {
    value.and_then(|value| Decimal::rounded(value, 0))
}

/// A row for each time of the cadence at which no pressure came.
fn fill(rows: &mut Vec<TableRow>, assembly: &Assembly, session: &Session, times: Times) {
    let phases = &assembly.kept.phases;
    let is_measured = |phase| !matches!(phase, Phase::CheckedIn | Phase::Screening);
    let Some(first) = phases.iter().find(|span| is_measured(span.phase)) else { return };
    let cadence = &assembly.profile.cadence;
    let mut empty = Vec::new();
    let mut at = first.from;
    let mut known = rows.iter().map(|row| row.at).filter(|at| *at >= first.from).peekable();
    while at < times.to && empty.len() + rows.len() < ROWS {
        let span = phases.iter().rev().find(|span| span.from <= at).unwrap_or(first);
        let mut then = session.clone();
        (then.phase, then.phase_since) = (span.phase, span.from);
        let step_ms = i64::from(then.cadence_s(cadence, at)).max(60) * 1_000;
        let next = at.plus(step_ms);
        match known.peek() {
            Some(measured) if *measured <= next.plus(SLACK_MS) => {
                at = *measured;
                known.next();
            }
            _ if next <= times.to => {
                empty.push(row(next, None));
                at = next;
            }
            _ => break,
        }
    }
    rows.extend(empty);
    rows.sort_by_key(|row| row.at);
}

/// The row nearest to a time, or a new one.
fn nearest(rows: &mut Vec<TableRow>, at: Millis) -> Option<&mut TableRow> {
    let nearest = (0..rows.len()).min_by_key(|index| rows[*index].at.since(at).abs());
    let near = nearest.filter(|index| rows[*index].at.since(at).abs() <= NEAR_MS);
    let index = match near {
        Some(index) => index,
        None if rows.len() < ROWS => {
            let index = rows.partition_point(|row| row.at <= at);
            rows.insert(index, row(at, None));
            index
        }
        None => return None,
    };
    rows.get_mut(index)
}

fn add_by_hand(rows: &mut Vec<TableRow>, by_hand: &[Measured]) {
    for measured in by_hand {
        let Some(row) = nearest(rows, measured.at) else { continue };
        let place = match measured.vital {
            Vital::HeartRate | Vital::PulseRate => &mut row.heart_rate,
            Vital::Spo2 => &mut row.spo2,
            Vital::RespRate => &mut row.resp_rate,
            _ => continue,
        };
        // A monitor's value stays beside the one that a person measured.
        if place.is_none() {
            *place = Some(measured.value);
            row.by_hand.push(measured.vital);
        }
    }
}

fn add_scores(rows: &mut Vec<TableRow>, assembly: &Assembly) {
    for done in assembly.kept.done.iter().filter(|done| !done.is_withdrawn) {
        let Event::Score { score, value, .. } = &done.event else { continue };
        let Some(row) = nearest(rows, done.at) else { continue };
        row.scores.retain(|known| known.score != *score);
        row.scores.push(TableScore { score: score.clone(), value: *value });
    }
}

fn notes(row: &TableRow, assembly: &Assembly, summary: &Summary) -> Vec<String> {
    let mut notes = Vec::new();
    let started = assembly.session.as_ref().and_then(|session| session.started_at);
    if started.is_none_or(|started| row.at < started) {
        notes.push("baseline".to_owned());
    }
    let Some(pressure) = &row.pressure else {
        return notes;
    };
    let is_at = |extreme: Option<Extreme>| extreme.is_some_and(|extreme| extreme.at == pressure.at);
    if is_at(summary.systolic.highest) {
        notes.push("highest systolic".to_owned());
    }
    if is_at(summary.systolic.lowest) {
        notes.push("lowest systolic".to_owned());
    }
    for correction in &assembly.kept.corrections {
        if correction.of == pressure.at && correction.now.is_some() {
            notes.push(format!("corrected, was {}", correction.original));
        }
    }
    notes
}
