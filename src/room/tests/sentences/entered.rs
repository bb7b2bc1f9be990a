//! What staff enter, and signs of a reaction.

use super::*;
use crate::rules::{CuffTest, Entered, EnteredStage, HeldTest, Sign, Signs, SignsStage};

fn enter(name: &str) -> impl Fn(&mut Stage) + use<> {
    let name = name.to_owned();
    move |stage: &mut Stage| stage.event(symptom(&name, false))
}

pub(super) fn entered<'a>(
    row: &ConditionRow,
    rule: &'a Entered,
    patient: Option<Usual>,
    profile: &Profile,
) -> Vec<Told<'a>> {
    if patient.is_none() {
        return Vec::new();
    }
    let one = |stage: &'a EnteredStage| {
        let mut plays = Vec::new();
        let mut words = Vec::new();
        for name in &stage.symptoms {
            plays.push(past(name, enter(name)));
            words.push(profile.symptom_text(name).to_owned());
        }
        let others = profile.symptoms.iter().filter(|one| !stage.symptoms.contains(&one.name));
        plays.extend(others.map(|other| short(&other.name, enter(&other.name))));
        if let (Some(test), Some(score)) = (stage.is, &rule.score) {
            let (beyond, inside) = around(test.compare, test.limit, 10);
            let give = |tenths: i64| {
                let (score, value) = (score.clone(), i32::try_from(tenths / 10).unwrap());
                move |stage: &mut Stage| {
                    stage.event(Event::Score { score: score.clone(), value, note: None });
                }
            };
            plays.push(past("the score at its limit", give(beyond)));
            plays.push(short("the score just inside", give(inside)));
            words.push(format!("is entered {} {}", test.compare.words(), test.limit));
        }
        let rule = Entered { stages: vec![stage.clone()], ..rule.clone() };
        let row = ConditionRow { rule: Rule::Entered(rule), ..row.clone() };
        Told { row, sentence: 0, priority: stage.priority, words, plays }
    };
    rule.stages.iter().map(one).collect()
}

/// Makes signs be there, or almost, all of them at once.
fn show(signs: &[(&Sign, bool)], patient: Usual) -> impl Fn(&mut Stage) + use<> {
    let signs: Vec<(Sign, bool)> = signs.iter().map(|(sign, is)| ((*sign).clone(), *is)).collect();
    move |stage: &mut Stage| {
        let held: Vec<_> = signs.iter().filter_map(|(s, is)| Some((s.held?, *is))).collect();
        let longest = held.iter().map(|(test, _)| i64::from(test.for_s)).max().unwrap_or(0);
        for second in 0..30 + longest {
            let value = |(test, is_there): &(HeldTest, bool)| {
                let (beyond, inside) = around_held(test, patient);
                let since = second - 30;
                let is_beyond = since >= 0 && (*is_there || since < i64::from(test.for_s) - 1);
                continuous::reading(test.vital, if is_beyond { beyond } else { inside })
            };
            stage.each_second([held.iter().map(value).collect::<Vec<_>>()]);
        }
        for (sign, is_there) in signs.iter().filter(|(sign, _)| !sign.cuff.is_empty()) {
            // Any of its tests is enough: the first that is reached, and just inside all of them.
            let around = sign.cuff.iter().map(|test| around_cuff(test, patient));
            let (beyond, inside) = around.max().unwrap();
            let value = if *is_there { beyond } else { inside };
            pressure::reading(stage, sign.cuff[0].part, value);
        }
    }
}

fn around_held(test: &HeldTest, patient: Usual) -> (i64, i64) {
    let baseline = continuous::baseline_of(test.vital, Some(patient));
    let limit = said_limit(&test.limit, baseline).unwrap();
    around(test.compare, limit, continuous::step(test.vital))
}

fn around_cuff(test: &CuffTest, patient: Usual) -> (i64, i64) {
    let limit = said_limit(&test.limit, Some(patient.systolic.into())).unwrap();
    around(test.compare, limit, 10)
}

pub(super) fn signs<'a>(
    row: &ConditionRow,
    rule: &'a Signs,
    patient: Option<Usual>,
) -> Vec<Told<'a>> {
    let Some(patient) = patient else { return Vec::new() };
    let gravest = rule.stages.iter().map(|stage| stage.level).max();
    let one = |stage: &'a SignsStage| {
        let at_least = usize::from(stage.at_least);
        let from = |first: usize, count: usize| {
            let order = (0..rule.signs.len()).cycle().skip(first).take(rule.signs.len());
            let signs = order.enumerate().map(|(n, sign)| (&rule.signs[sign], n < count));
            show(&signs.collect::<Vec<_>>(), patient)
        };
        let mut plays = Vec::new();
        for first in 0..rule.signs.len() {
            let text = &rule.signs[first].text;
            plays.push(past(format!("{at_least} signs from {text} on"), from(first, at_least)));
            plays.push(short(format!("one less from {text} on"), from(first, at_least - 1)));
        }
        for name in rule.symptoms.iter().filter(|_| Some(stage.level) == gravest) {
            plays.push(past(name, enter(name)));
        }
        let rule = Signs { stages: vec![*stage], ..rule.clone() };
        let row = ConditionRow { rule: Rule::Signs(rule), ..row.clone() };
        let words = vec!["there".to_owned()];
        Told { row, sentence: 0, priority: stage.priority, words, plays }
    };
    rule.stages.iter().map(one).collect()
}
