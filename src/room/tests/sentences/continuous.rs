//! Limits that are held, areas, and falls.

use super::*;
use crate::rules::{ContinuousVital, DeficitStage, Fall, FallStage, Held, HeldStage};

pub(super) fn baseline_of(vital: ContinuousVital, patient: Option<Usual>) -> Option<f64> {
    let patient = patient?;
    match vital {
        ContinuousVital::Spo2 => Some(patient.spo2.into()),
        ContinuousVital::HeartRate => Some(patient.heart_rate.into()),
        ContinuousVital::Temp => Some(f64::from(patient.temp) / 10.0),
        ContinuousVital::RespRate => None,
    }
}

/// In steps of so many tenths.
pub(super) fn step(vital: ContinuousVital) -> i64 {
    if vital == ContinuousVital::Temp { 1 } else { 10 }
}

pub(super) fn reading(vital: ContinuousVital, tenths: i64) -> Reading {
    Reading::number(vital.sources()[0], decimal(tenths))
}

/// Values of one vital, one a second.
fn values(stage: &mut Stage, vital: ContinuousVital, values: impl IntoIterator<Item = i64>) {
    stage.each_second(values.into_iter().map(|value| vec![reading(vital, value)]));
}

fn bad_signal(stage: &mut Stage, vital: ContinuousVital) {
    stage.each_second([vec![Reading::absent(vital.sources()[0], Absent::Searching)]]);
}

pub(super) fn held<'a>(
    row: &ConditionRow,
    rule: &'a Held,
    patient: Option<Usual>,
) -> Vec<Told<'a>> {
    let limits = rule.stages.iter().filter_map(|stage| held_stage(row, rule, stage, patient));
    let areas = rule.deficits.iter().filter_map(|stage| area(row, rule, stage, patient));
    limits.chain(areas).collect()
}

fn only(row: &ConditionRow, rule: Held) -> ConditionRow {
    ConditionRow { rule: Rule::Held(rule), hidden_by: Vec::new(), ..row.clone() }
}

fn held_stage<'a>(
    row: &ConditionRow,
    rule: &'a Held,
    stage: &'a HeldStage,
    patient: Option<Usual>,
) -> Option<Told<'a>> {
    let HeldStage { compare, limit, for_s, share, priority, .. } = *stage;
    let limit = said_limit(&limit, baseline_of(rule.vital, patient))?;
    let (beyond, inside) = around(compare, limit, step(rule.vital));
    let vital = rule.vital;
    let count = for_s as usize;
    let mut words = limit_words(compare, &stage.limit);
    let series = move |what: &str, is_past: bool, of: Vec<i64>| Play {
        what: what.to_owned(),
        is_past,
        act: Box::new(move |stage: &mut Stage| values(stage, vital, of.iter().copied())),
    };
    let lead = vec![inside; 60];
    let plays = if share < 1.0 {
        words.push(format!("in at least {} % of the good values of {for_s} s", share * 100.0));
        let enough = (share * f64::from(for_s)).ceil() as usize;
        let mixed = |beyond_n: usize| {
            let rest = vec![inside; count - beyond_n];
            [lead.clone(), rest, vec![beyond; beyond_n]].concat()
        };
        vec![
            series("the share of the time", true, mixed(enough)),
            series("one value less", false, mixed(enough - 1)),
        ]
    } else {
        words.push(if count <= 1 { "by one value".to_owned() } else { format!("for {for_s} s") });
        let run = |n: usize| [lead.clone(), vec![beyond; n]].concat();
        let broken = [run(count - 1), vec![inside], vec![beyond; count - 1]].concat();
        vec![
            series("the whole time at the limit", true, run(count)),
            series("a second less", false, run(count - 1)),
            series("a value inside in between", false, broken),
            series("all the time just inside", false, vec![inside; 2 * count + 60]),
        ]
    };
    let rule = Held { stages: vec![*stage], deficits: Vec::new(), ..rule.clone() };
    Some(Told { row: only(row, rule), sentence: 0, priority, words, plays })
}

fn area<'a>(
    row: &ConditionRow,
    rule: &'a Held,
    stage: &'a DeficitStage,
    patient: Option<Usual>,
) -> Option<Told<'a>> {
    let limit = tenths(said_limit(&stage.limit, baseline_of(rule.vital, patient))?);
    let vital = rule.vital;
    let depth = (stage.most / 2.0).floor();
    let count = (stage.area / depth).ceil() as usize;
    let low = limit - tenths(depth);
    let run = move |n: usize| {
        move |stage: &mut Stage| {
            let lead = std::iter::repeat_n(limit, 60);
            values(stage, vital, lead.chain(std::iter::repeat_n(low, n)));
        }
    };
    let deep = (stage.area / stage.most).ceil() as usize;
    let deep_run = move |n: usize| {
        move |stage: &mut Stage| {
            let lead = std::iter::repeat_n(limit, 60);
            values(stage, vital, lead.chain(std::iter::repeat_n(limit - 200, n)));
        }
    };
    // One value below it in each of so many: a second's worth each.
    let every = (stage.over_s as usize - 1) / (count - 1);
    let sparse = move |every: usize| {
        move |stage: &mut Stage| {
            values(stage, vital, std::iter::repeat_n(limit, 60));
            for n in 0..count {
                let between = if n == 0 { 0 } else { every - 1 };
                let between = std::iter::repeat_n(limit, between);
                values(stage, vital, between.chain([low]));
            }
        }
    };
    let after_bad = move |n: usize| {
        move |stage: &mut Stage| {
            values(stage, vital, std::iter::repeat_n(limit, 60));
            bad_signal(stage, vital);
            values(stage, vital, std::iter::repeat_n(low, n));
        }
    };
    let unsettled = stage.after_bad_s as usize - 1;
    let plays = vec![
        past("so deep for so long", run(count)),
        short("a second less", run(count - 1)),
        past("as deep as counts", deep_run(deep)),
        short("deep, a second less", deep_run(deep - 1)),
        past("within the time looked at", sparse(every)),
        short("over a longer time", sparse(every + 1)),
        past("after bad signal, once settled", after_bad(unsettled + count)),
        short("after bad signal, a second less", after_bad(unsettled + count - 1)),
    ];
    let words = vec![
        format!("depth times seconds reach {} within {} s", stage.area, stage.over_s),
        format!("{depth} below it for {count} s"),
        format!("counts for {} at most", stage.most),
        format!("values within {} s after a bad signal do not count", stage.after_bad_s),
    ];
    let rule = Held { stages: Vec::new(), deficits: vec![*stage], ..rule.clone() };
    Some(Told { row: only(row, rule), sentence: 0, priority: stage.priority, words, plays })
}

/// Without a baseline the median of the last five minutes takes its place: where one falls from.
pub(super) fn fall<'a>(
    row: &ConditionRow,
    rule: &'a Fall,
    patient: Option<Usual>,
) -> Vec<Told<'a>> {
    let by = tenths(rule.by);
    let usual = tenths(rule.vital.usual());
    let to = match baseline_of(rule.vital, patient) {
        Some(baseline) => said_limit(&rule.to, Some(baseline)).map(tenths),
        // As far as the fall itself goes, and that is far enough.
        None => said_limit(&rule.to, Some(rule.vital.usual())).map(|to| tenths(to).min(usual - by)),
    };
    let Some(to) = to else { return Vec::new() };
    rule.stages.iter().map(|stage| fall_stage(row, rule, stage, (to, by), patient)).collect()
}

fn fall_stage<'a>(
    row: &ConditionRow,
    rule: &'a Fall,
    stage: &'a FallStage,
    (to, by): (i64, i64),
    patient: Option<Usual>,
) -> Told<'a> {
    let vital = rule.vital;
    let (step, held) = (step(vital), rule.held_s as usize);
    let with = stage.with.clone();
    let falls = move |from: i64, between: Vec<i64>, to: i64, n: usize| {
        let with = with.clone();
        move |stage: &mut Stage| {
            with.iter().for_each(|other| pressure::raise(stage, *other));
            let lead = std::iter::repeat_n(from, 320);
            let low = std::iter::repeat_n(to, n);
            values(stage, vital, lead.chain(between.iter().copied()).chain(low));
        }
    };
    let after_bad = {
        let with = stage.with.clone();
        move |n: usize| {
            let with = with.clone();
            move |stage: &mut Stage| {
                with.iter().for_each(|other| pressure::raise(stage, *other));
                values(stage, vital, std::iter::repeat_n(to + by, 320));
                bad_signal(stage, vital);
                values(stage, vital, std::iter::repeat_n(to, n));
            }
        }
    };
    let slow = rule.within_s as usize - held;
    let on_the_way = |n: usize| vec![to + step; n];
    let settled = held.max(rule.after_bad_s as usize);
    let mut plays = vec![
        past("so far, so fast and for so long", falls(to + by, vec![], to, held)),
        short("a second less", falls(to + by, vec![], to, held - 1)),
        past("just within the time", falls(to + by, on_the_way(slow), to, held)),
        short("just slower", falls(to + by, on_the_way(slow + 1), to, held)),
        short("not so far", falls(to + by - step, vec![], to, 3 * held)),
        past("once bad signal is over", after_bad(settled)),
        short("too soon after bad signal", after_bad(settled - 1)),
    ];
    if patient.is_some() {
        plays.push(short("not to the limit", falls(to + by + step, vec![], to + step, 3 * held)));
    }
    if !stage.with.is_empty() {
        plays.push(short("without the other alert", move |stage: &mut Stage| {
            let lead = std::iter::repeat_n(to + by, 320);
            values(stage, vital, lead.chain(std::iter::repeat_n(to, held)));
        }));
    }
    let words = vec![
        format!("falls by {} or more within {} s", rule.by, rule.within_s),
        format!("for {} s", rule.held_s),
    ];
    let priority = stage.priority;
    let rule = Fall { stages: vec![stage.clone()], ..rule.clone() };
    let row = ConditionRow { rule: Rule::Fall(rule), hidden_by: Vec::new(), ..row.clone() };
    Told { row, sentence: 0, priority, words, plays }
}
