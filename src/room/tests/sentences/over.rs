//! When an alert is over.

use super::*;
use crate::rules::{Cuff, Held};

/// Whether the alert is active after a play and these frames.
fn is_active_after(
    profile: &Profile,
    patient: Option<Usual>,
    told: &Told<'_>,
    then: impl Fn(&mut Stage),
) -> bool {
    let alone = alone(profile, vec![told.row.clone()]);
    let mut stage = stage(&alone, patient);
    (told.plays.iter().find(|play| play.is_past).unwrap().act)(&mut stage);
    assert!(is_raised(&stage, told.row.condition, told.priority));
    stage.wait(1);
    then(&mut stage);
    let mut alerts = stage.room.alerts().iter();
    alerts.any(|a| a.condition == told.row.condition && a.state == AlertState::Active)
}

fn held_is_over(profile: &Profile, row: &ConditionRow, rule: &Held, patient: Option<Usual>) {
    let clears = row.section(profile.words()).clears;
    let long = match rule.clearing.for_s {
        1 => "by one value".to_owned(),
        s => format!("for {s} s"),
    };
    let said = format!("at least {} inside every caution limit, {long}", rule.clearing.margin);
    assert!(clears.contains(&said), "{clears}");
    let told = continuous::held(row, rule, patient).into_iter();
    for (told, stage) in told.zip(&rule.stages).filter(|(_, stage)| stage.level == 1) {
        let step = continuous::step(rule.vital);
        let baseline = continuous::baseline_of(rule.vital, patient);
        let limit = tenths(said_limit(&stage.limit, baseline).unwrap());
        let margin = tenths(rule.clearing.margin);
        let inside = if stage.compare.is_upper() { limit - margin } else { limit + margin };
        let almost = if stage.compare.is_upper() { inside + step } else { inside - step };
        let for_s = rule.clearing.for_s as usize;
        let active = |value: i64, count: usize| {
            is_active_after(profile, patient, &told, |stage| {
                let value = vec![continuous::reading(rule.vital, value)];
                stage.each_second(vec![value; count]);
            })
        };
        let place = format!("{} {patient:?}: {clears}", row.condition.name());
        assert!(!active(inside, for_s), "over: {place}");
        assert!(active(inside, for_s - 1), "a value less: {place}");
        assert!(active(almost, 2 * for_s), "not so far inside: {place}");
    }
}

fn cuff_is_over(profile: &Profile, row: &ConditionRow, rule: &Cuff, patient: Option<Usual>) {
    let clears = row.section(profile.words()).clears;
    let said = format!("by one reading at least {} mmHg inside", rule.clearing_margin);
    assert!(clears.contains(&said), "{clears}");
    for stage in rule.stages.iter().filter(|stage| stage.level == 1) {
        let alone = Cuff { stages: vec![stage.clone()], ..rule.clone() };
        let Some(told) = pressure::cuff(row, &alone, patient).into_iter().next() else { continue };
        let part = stage.test.part;
        let limit = said_limit(&stage.test.limit, pressure::baseline_of(part, patient)).unwrap();
        let margin = rule.clearing_margin;
        let exact = if stage.test.compare.is_upper() { limit - margin } else { limit + margin };
        // Cuffs give whole numbers.
        let (inside, almost) = if stage.test.compare.is_upper() {
            (exact.floor() as i64 * 10, exact.floor() as i64 * 10 + 10)
        } else {
            (exact.ceil() as i64 * 10, exact.ceil() as i64 * 10 - 10)
        };
        let active = |value: i64| {
            is_active_after(profile, patient, &told, |stage| {
                stage.wait(60);
                pressure::reading(stage, part, value);
            })
        };
        let place = format!("{} {patient:?}: {clears}", row.condition.name());
        assert!(!active(inside), "over: {place}");
        assert!(active(almost), "not so far inside: {place}");
    }
}

#[test]
fn an_alert_is_over_just_as_far_inside_and_for_as_long_as_is_said() {
    for name in builtin_names() {
        let profile = builtin(name).unwrap();
        for row in &profile.conditions {
            for patient in PATIENTS.map(Some) {
                match &row.rule {
                    Rule::Held(rule) => held_is_over(&profile, row, rule, patient),
                    Rule::Cuff(rule) => cuff_is_over(&profile, row, rule, patient),
                    _ => {}
                }
            }
        }
    }
}
