//! What a record lacks, in words.

use super::Assembly;
use super::signal::Why;
use super::spells::Times;
use crate::record::Removal;
use crate::report::words::Clock;
use crate::report::{Lack, LackKind};
use crate::vitals::Millis;

pub(super) fn lacks(assembly: &Assembly, times: Times) -> Vec<Lack> {
    let kept = &assembly.kept;
    let mut all = assembly.about.lacks.clone();
    let mut add = |kind, text: String, span: Option<(Millis, Millis)>| {
        all.push(Lack { kind, text, from: span.map(|s| s.0), to: span.map(|s| s.1) });
    };
    if !assembly.not_taken.is_empty() {
        let count = assembly.not_taken.len();
        let what = if count == 1 { "entry" } else { "entries" };
        let text = format!(
            "{count} {what} of the record cannot be read (number {}): what they said is missing here.",
            ranges(&assembly.not_taken)
        );
        add(LackKind::Damaged, text, None);
    }
    if assembly.session.is_none() {
        let text = "Nothing of the session itself can be read.".to_owned();
        add(LackKind::Damaged, text, None);
    }
    if assembly.is_on_the_way {
        let text =
            "What followed in the room to which the patient moved cannot be read.".to_owned();
        add(LackKind::Damaged, text, Some((assembly.at, times.to)));
    }
    let different = kept.alerts.different();
    if different > 0 {
        let text = format!(
            "{different} of the alerts were shown otherwise than this version would: the record has \
             them as they were shown."
        );
        add(LackKind::Differs, text, None);
    }
    if kept.alerts.are_too_many {
        add(LackKind::TooMuch, "There were more alerts than a record holds.".to_owned(), None);
    }
    for what in &kept.too_many {
        let text =
            format!("There were more {what} than a record holds: the others are in the recording.");
        add(LackKind::TooMuch, text, None);
    }
    for blind in &kept.blind {
        let span = Some((blind.from, blind.to));
        match blind.why {
            Why::NotRecorded => {
                let text = "Nothing was recorded: monitoring and alarms went on.".to_owned();
                add(LackKind::NotRecorded, text, span);
            }
            _ => {
                let text =
                    "dripwatch was away: nothing was heard, and no alert was raised.".to_owned();
                add(LackKind::Blind, text, span);
            }
        }
    }
    for set in &kept.clock {
        add(LackKind::Clock, clock_words(set.ms, set.moves_at), Some((set.at, set.at)));
    }
    let has_readings = kept.samples.values().any(|samples| !samples.all.is_empty());
    if !has_readings && kept.pressures.is_empty() {
        let text = "No monitor gave a reading, and nobody entered one.".to_owned();
        add(LackKind::NoReadings, text, Some((times.opened_at, times.to)));
    } else if !has_readings {
        let text = "No monitor gave SpO2 or heart rate.".to_owned();
        add(LackKind::NoReadings, text, Some((times.opened_at, times.to)));
    }
    if kept.ended_at.is_none() && assembly.session.is_some() {
        let text =
            "The session is not over: this is how far it had got when this was made.".to_owned();
        add(LackKind::Running, text, Some((times.opened_at, times.to)));
    }
    if let Some(Removal { at, by, reason }) = &assembly.about.removed {
        let clock = Clock::in_zone(assembly.about.time_zone.as_deref());
        let by = by.as_deref().map_or_else(String::new, |by| format!(" by {by}"));
        let text = format!("Personal fields were removed on {}{by}: {reason}", clock.day_hm(*at));
        add(LackKind::Removed, text, None);
    }
    all
}

fn clock_words(ms: i64, moves_at: bool) -> String {
    let how = if ms < 0 { "back" } else { "forward" };
    let seconds = ms.unsigned_abs() / 1_000;
    let (hours, minutes, seconds) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let by = format!("{hours}:{minutes:02}:{seconds:02} h");
    let then = if moves_at {
        "earlier times are shown by the clock as it was set"
    } else {
        "times continue by the clock as it was before"
    };
    format!("The server's clock was set {how} by {by}: {then}.")
}

/// `3, 5 to 7`.
fn ranges(numbers: &[u64]) -> String {
    const MOST: usize = 5;
    let mut runs: Vec<(u64, u64)> = Vec::new();
    for number in numbers {
        match runs.last_mut() {
            Some(last) if last.1 + 1 == *number => last.1 = *number,
            _ => runs.push((*number, *number)),
        }
    }
    let words = |(from, to): &(u64, u64)| {
        if from == to { from.to_string() } else { format!("{from} to {to}") }
    };
    let shown: Vec<_> = runs.iter().take(MOST).map(words).collect();
    let more = if runs.len() > MOST { " and more" } else { "" };
    format!("{}{more}", shown.join(", "))
}
