//! Cuff readings.

use super::*;
use crate::rules::{Cuff, CuffCount, CuffPart, CuffStage, CuffTest};

pub(super) fn baseline_of(part: CuffPart, patient: Option<Usual>) -> Option<f64> {
    patient.map(|patient| match part {
        CuffPart::Systolic => patient.systolic.into(),
        CuffPart::Diastolic => patient.diastolic.into(),
    })
}

/// A reading with this value of this part, the other one plain.
pub(super) fn reading(stage: &mut Stage, part: CuffPart, tenths: i64) {
    let value = i32::try_from(tenths / 10).unwrap();
    let (systolic, diastolic) = match part {
        CuffPart::Systolic => (Some(value), None),
        CuffPart::Diastolic => (None, Some(value)),
    };
    let taken_at = Some(stage.now());
    stage.frame(vec![Reading { taken_at, ..part_only(systolic, diastolic, None) }]);
}

/// An alert that another stage counts with.
pub(super) fn raise(stage: &mut Stage, condition: Condition) {
    match condition {
        Condition::SystolicLow => reading(stage, CuffPart::Systolic, 700),
        Condition::HrLow => stage.each_second(vec![vec![ecg(30)]; 70]),
        Condition::HrFalling => {
            stage.each_second([vec![vec![ecg(130)]; 30], vec![vec![ecg(30)]; 6]].concat());
        }
        _ => panic!("{condition:?} is not raised here yet"),
    }
    assert!(stage.room.alerts().iter().any(|a| a.condition == condition), "{condition:?}");
}

/// The first value beyond a test and the last one inside.
fn of_test(test: &CuffTest, patient: Option<Usual>) -> Option<(i64, i64)> {
    let limit = said_limit(&test.limit, baseline_of(test.part, patient))?;
    Some(around(test.compare, limit, 10))
}

pub(super) fn cuff<'a>(
    row: &ConditionRow,
    rule: &'a Cuff,
    patient: Option<Usual>,
) -> Vec<Told<'a>> {
    rule.stages.iter().filter_map(|stage| cuff_stage(row, rule, stage, patient)).collect()
}

fn cuff_stage<'a>(
    row: &ConditionRow,
    rule: &'a Cuff,
    stage: &'a CuffStage,
    patient: Option<Usual>,
) -> Option<Told<'a>> {
    let (beyond, inside) = of_test(&stage.test, patient)?;
    let part = stage.test.part;
    let readings = move |values: Vec<i64>, then_s: i64| {
        move |stage: &mut Stage| {
            for (index, value) in values.iter().enumerate() {
                stage.wait(if index == 0 { 0 } else { 60 });
                reading(stage, part, *value);
            }
            stage.wait(then_s);
        }
    };
    let mut words = limit_words(stage.test.compare, &stage.test.limit);
    let mut plays = match stage.readings {
        CuffCount::One if stage.with.is_empty() => {
            words.push("by one reading".to_owned());
            vec![
                past("one reading at the limit", readings(vec![beyond], 0)),
                short("readings just inside", readings(vec![inside; 3], 400)),
            ]
        }
        CuffCount::One => {
            words.push("by one reading, while".to_owned());
            vec![short("without the other alert", readings(vec![beyond; 2], 400))]
        }
        CuffCount::Two => {
            words.push("by two readings running".to_owned());
            vec![
                past("two running", readings(vec![beyond; 2], 0)),
                short("one", readings(vec![beyond], 400)),
                short("one inside in between", readings(vec![beyond, inside, beyond], 400)),
            ]
        }
        CuffCount::Confirmed { within_s } => {
            words.push(format!("confirmed by the next reading within {within_s} s"));
            words.push("without one in that time, all the same".to_owned());
            let within_s = i64::from(within_s);
            vec![
                past("confirmed", readings(vec![beyond; 2], 0)),
                past("no second one in time", readings(vec![beyond], within_s)),
                short("no second one yet", readings(vec![beyond], within_s - 1)),
                short("not confirmed", readings(vec![beyond, inside], 400)),
                short("readings just inside", readings(vec![inside; 3], 400)),
            ]
        }
    };
    for other in &stage.with {
        // Each of them is enough.
        plays.push(past(format!("with {}", other.name()), move |stage: &mut Stage| {
            raise(stage, *other);
            reading(stage, part, beyond);
        }));
    }
    if let Some(test) = stage.or_confirmed_by {
        let (other, not_enough) = of_test(&test, patient)?;
        words.push("confirms it too".to_owned());
        let second = move |value: i64| {
            move |stage: &mut Stage| {
                reading(stage, part, beyond);
                stage.wait(60);
                let both = |part: CuffPart| {
                    let tenths = if part == test.part { value } else { inside };
                    Some(i32::try_from(tenths / 10).unwrap())
                };
                let (systolic, diastolic) = (both(CuffPart::Systolic), both(CuffPart::Diastolic));
                let taken_at = Some(stage.now());
                stage.frame(vec![Reading { taken_at, ..part_only(systolic, diastolic, None) }]);
            }
        };
        plays.push(past("confirmed by the other part", second(other)));
        plays.push(short("the other part just inside", second(not_enough)));
    }
    let rule = Cuff { stages: vec![stage.clone()], ..rule.clone() };
    let row = ConditionRow { rule: Rule::Cuff(rule), hidden_by: Vec::new(), ..row.clone() };
    Some(Told { row, sentence: 0, priority: stage.priority, words, plays })
}
