//! What the rules page says is what the room does: for every stage of every built-in profile the
//! series just short of and just past its sentence, made from the row that makes the sentence,
//! through the room. A stage is played alone, so that no other stage hides what it says.

mod continuous;
mod entered;
mod hidden;
mod over;
mod pressure;
mod technical;

use std::collections::BTreeSet;

use super::*;
use crate::profile::{Profile, PulseGate, builtin_names};
use crate::rules::{Compare, ConditionRow, Limit, Priority, Rule, Span};

/// Something that happens in a room, and whether the sentence says that it raises the alert.
struct Play<'a> {
    what: String,
    is_past: bool,
    act: Box<dyn Fn(&mut Stage) + 'a>,
}

fn past<'a>(what: impl Into<String>, act: impl Fn(&mut Stage) + 'a) -> Play<'a> {
    Play { what: what.into(), is_past: true, act: Box::new(act) }
}

fn short<'a>(what: impl Into<String>, act: impl Fn(&mut Stage) + 'a) -> Play<'a> {
    Play { what: what.into(), is_past: false, act: Box::new(act) }
}

/// One stage of a row: the row with this stage alone, and the words that its sentence must have.
struct Told<'a> {
    row: ConditionRow,
    /// Which sentence of that row is meant.
    sentence: usize,
    priority: Priority,
    words: Vec<String>,
    plays: Vec<Play<'a>>,
}

/// A patient's normal values.
#[derive(Clone, Copy, Debug)]
struct Usual {
    systolic: i32,
    diastolic: i32,
    heart_rate: i32,
    spo2: i32,
    /// Tenths.
    temp: i32,
}

const PATIENTS: [Usual; 3] = [
    Usual { systolic: 118, diastolic: 74, heart_rate: 75, spo2: 97, temp: 368 },
    Usual { systolic: 100, diastolic: 58, heart_rate: 47, spo2: 91, temp: 360 },
    Usual { systolic: 152, diastolic: 94, heart_rate: 96, spo2: 100, temp: 376 },
];

/// A value of a monitor, in tenths of its unit.
fn tenths(value: f64) -> i64 {
    (value * 10.0).round() as i64
}

fn decimal(tenths: i64) -> Decimal {
    Decimal::trimmed(tenths as f64 / 10.0)
}

/// `at or below 92, or 3 below the baseline if that is lower (the limit is never under 80)`, tenths.
fn said_limit(limit: &Limit, baseline: Option<f64>) -> Option<f64> {
    let relative = baseline.and_then(|b| match (limit.offset, limit.percent) {
        (Some(offset), _) => Some(b + offset),
        (None, Some(percent)) => Some(b + b * percent / 100.0),
        (None, None) => None,
    });
    let limit_ = match (limit.absolute, relative) {
        (Some(absolute), Some(relative)) if relative < absolute => relative,
        (Some(absolute), _) => absolute,
        (None, Some(relative)) => relative,
        (None, None) => return None,
    };
    Some(limit.at_least.filter(|least| *least > limit_).unwrap_or(limit_))
}

/// The first value beyond a limit and the last one inside, tenths, in steps of this many of them.
fn around(compare: Compare, limit: f64, step: i64) -> (i64, i64) {
    let limit = limit * 10.0 / step as f64;
    let (low, high) = ((limit + 1e-6).floor() as i64, (limit - 1e-6).ceil() as i64);
    let beyond = match compare {
        Compare::AtOrBelow => low,
        Compare::Below => high - 1,
        Compare::AtOrAbove => high,
        Compare::Above => low + 1,
    };
    let inside = if compare.is_upper() { beyond - 1 } else { beyond + 1 };
    (beyond * step, inside * step)
}

/// What a sentence says of a limit.
fn limit_words(compare: Compare, limit: &Limit) -> Vec<String> {
    let Limit { absolute, offset, percent, at_least } = *limit;
    let absolute = absolute.map(|absolute| format!("{} {absolute}", compare.words()));
    let offset = offset.map(|offset| format!("{} ", offset.abs()));
    let percent = percent.map(|percent| format!("{} %", percent.abs()));
    let relative = offset.or(percent);
    let baseline = relative.as_ref().map(|_| "the baseline".to_owned());
    let least = at_least.map(|least| least.to_string());
    [absolute, relative, baseline, least].into_iter().flatten().collect()
}

/// A profile with these rows alone, and nothing that delays or hides.
fn alone(profile: &Profile, rows: Vec<ConditionRow>) -> Profile {
    Profile {
        conditions: rows,
        holds: Vec::new(),
        waits: Vec::new(),
        pulse_gate: PulseGate { enabled: false, ..PulseGate::default() },
        ..profile.clone()
    }
}

/// A session with this baseline that infuses; without a patient, a room without a session.
fn stage(profile: &Profile, patient: Option<Usual>) -> Stage {
    let profile = Arc::new(profile.clone());
    let room = Room::new(RoomId::new("3").unwrap(), profile.clone());
    let stage = Stage::of(room, 0, Vec::new());
    match patient {
        Some(patient) => open(stage, profile, patient, true),
        None => stage,
    }
}

fn open(mut stage: Stage, profile: Arc<Profile>, patient: Usual, is_started: bool) -> Stage {
    let (session, staff) = (SessionId::new("s1").unwrap(), "KM".to_owned());
    let opening = Opening { session, profile, planned_s: 2_400, phase: Phase::Baseline, staff };
    stage.input(Input::Open(opening));
    let Usual { systolic, diastolic, heart_rate, spo2, temp } = patient;
    stage.event(Event::AcceptBaseline(Acceptance {
        temp: Some(decimal(temp.into())),
        ..baseline(systolic, diastolic, heart_rate, spo2)
    }));
    if is_started {
        stage.event(Event::Start { overrides: None });
    }
    stage
}

fn is_raised(stage: &Stage, condition: Condition, priority: Priority) -> bool {
    stage.log.iter().any(|line| line.condition == condition && line.priority >= priority)
}

/// The stages of a row as they are told, for one patient.
fn told<'a>(row: &'a ConditionRow, patient: Option<Usual>, profile: &Profile) -> Vec<Told<'a>> {
    match &row.rule {
        Rule::Held(rule) => continuous::held(row, rule, patient),
        Rule::Fall(rule) => continuous::fall(row, rule, patient),
        Rule::Cuff(rule) => pressure::cuff(row, rule, patient),
        Rule::Signs(rule) => entered::signs(row, rule, patient),
        Rule::Entered(rule) => entered::entered(row, rule, patient, profile),
        _ => technical::told(row, patient, profile),
    }
}

#[test]
fn every_stage_is_raised_just_past_its_sentence_and_not_just_short_of_it() {
    let mut seen = BTreeSet::new();
    let mut wrong = Vec::new();
    let mut played = 0;
    for name in builtin_names() {
        let profile = builtin(name).unwrap();
        for row in &profile.conditions {
            // Most rows are the same in all profiles; what a symptom is called may differ.
            let cadence = serde_json::to_string(&profile.cadence).unwrap();
            if !seen.insert((serde_json::to_string(row).unwrap(), cadence)) {
                continue;
            }
            for patient in PATIENTS.map(Some).into_iter().chain([None]) {
                if patient.is_none() && !row.during.contains(&Span::NoSession) {
                    continue;
                }
                for told in told(row, patient, &profile) {
                    played += told.plays.len();
                    wrong.extend(differences(&profile, patient, &told));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{} of {played}:\n{}", wrong.len(), wrong.join("\n"));
    assert!(played > 500, "only {played} plays");
}

/// Where the room does other than the sentence says.
fn differences(profile: &Profile, patient: Option<Usual>, told: &Told<'_>) -> Vec<String> {
    let Told { row, sentence, priority, words, .. } = told;
    let said = &row.section(profile.words()).stages[*sentence];
    let mut wrong = Vec::new();
    let place = format!("{} {}: “{}”", profile.name, row.condition.name(), said.text);
    wrong.extend(
        words
            .iter()
            .filter(|word| !said.text.contains(&***word))
            .map(|word| format!("{place} does not say {word:?}")),
    );
    if said.priority != *priority {
        wrong.push(format!("{place} is {} in words", said.priority.name()));
    }
    wrong.extend(failures(profile, patient, told, &place));
    wrong
}

fn failures(
    profile: &Profile,
    patient: Option<Usual>,
    told: &Told<'_>,
    place: &str,
) -> Vec<String> {
    let mut rows = vec![told.row.clone()];
    // Rows that a stage counts with.
    let others = profile.conditions.iter().filter(|row| row.condition != told.row.condition);
    rows.extend(others.filter(|r| told.row.rule.shape().counts_with(r.condition)).cloned());
    let profile = alone(profile, rows);
    let fails = |play: &&Play<'_>| {
        let mut stage = stage(&profile, patient);
        (play.act)(&mut stage);
        is_raised(&stage, told.row.condition, told.priority) != play.is_past
    };
    let words = |play: &Play<'_>| {
        let is = if play.is_past { "raises nothing" } else { "raises it" };
        format!("{place}: {} {is}, with {patient:?}", play.what)
    };
    told.plays.iter().filter(fails).map(words).collect()
}

#[test]
fn a_condition_alarms_in_the_parts_of_a_stay_that_its_sentence_names() {
    let mut wrong = Vec::new();
    for name in builtin_names() {
        let profile = builtin(name).unwrap();
        let rows = profile.conditions.iter();
        for row in rows.filter(|row| matches!(row.rule, Rule::Held(_) | Rule::Cuff(_))) {
            let when = row.section(profile.words()).when;
            let session = when.contains("In a session, before the start and from the start on");
            let all = when.contains("At all times");
            let spans = [
                (Span::NoSession, all || when.contains("In a room with data but no session")),
                (Span::BeforeStart, all || session),
                (
                    Span::Treatment,
                    all || session || when.contains("from the start of the treatment on"),
                ),
            ];
            for (span, is_said) in spans {
                let patient = (span != Span::NoSession).then_some(PATIENTS[0]);
                let Some(told) = told(row, patient, &profile).into_iter().next() else { continue };
                let alone = Arc::new(alone(&profile, vec![told.row.clone()]));
                let mut stage = match span {
                    Span::BeforeStart => {
                        open(stage(&alone, None), alone.clone(), PATIENTS[0], false)
                    }
                    _ => stage(&alone, patient),
                };
                (told.plays.iter().find(|play| play.is_past).unwrap().act)(&mut stage);
                if is_raised(&stage, row.condition, told.priority) != is_said {
                    wrong.push(format!("{name} {}: {span:?}, but: {when}", row.condition.name()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
