//! Continuous values against their limits, and their falls.

use super::alert::{Judgement, Standing};
use super::history::{Fall, History, Window};
use super::limits::Patient;
use crate::profile::{
    Compare, Condition, ConditionRow, ContinuousVital, FallStage, HeldStage, Priority, Rule,
};
use crate::vitals::{Decimal, Millis};

/// A stage that holds, and the limit that it holds by.
type Holding = (u8, Priority, f64);

fn graver(known: Holding, next: Holding) -> Holding {
    if next.0 > known.0 { next } else { known }
}

fn standing(history: &History, row: &ConditionRow, (level, priority, limit): Holding) -> Judgement {
    let standing = Standing {
        level,
        priority,
        value: history.newest(),
        limit: Some(Decimal::trimmed(limit)),
        value_at: history.newest_at(),
        text: row.text.clone(),
        is_anew: false,
    };
    Judgement { standing: Some(standing), is_over: false }
}

/// Judges a held limit at the newest sample: the gravest stage that holds; or, for an alert that
/// is active, back inside every caution limit by the margin for the clearing time.
pub(super) fn held(
    history: &History,
    row: &ConditionRow,
    patient: Patient<'_>,
    is_active: bool,
) -> Judgement {
    let Rule::Held { vital, gap_s, stages, deficits, clearing } = &row.rule else {
        return Judgement::default();
    };
    let holding = stages.iter().filter_map(|stage| {
        let limit = patient.held(row.condition, *vital, stages, stage)?;
        let window = Window { for_s: stage.for_s, gap_s: *gap_s, share: stage.share };
        let holds = history.holds(window, |value| stage.compare.holds(value, limit));
        holds.then_some((stage.level, stage.priority, limit))
    });
    let lacking = deficits.iter().filter_map(|stage| {
        let limit = patient.deficit(row.condition, *vital, &stage.limit)?;
        history.lacks(stage, limit, *gap_s).then_some((stage.level, stage.priority, limit))
    });
    if let Some(gravest) = holding.chain(lacking).reduce(graver) {
        return standing(history, row, gravest);
    }
    let window = Window { for_s: clearing.for_s, gap_s: *gap_s, share: 1.0 };
    let mut cautions = stages.iter().filter(|stage| stage.level == 1);
    let is_over = is_active
        && cautions.all(|stage| {
            let limit = patient.held(row.condition, *vital, stages, stage);
            limit.is_none_or(|limit| {
                history.is_back_inside(window, (stage.compare, limit), clearing.margin)
            })
        });
    Judgement { standing: None, is_over }
}

/// Judges one value by the limits alone.
pub(super) fn by_hand(
    row: &ConditionRow,
    vital: ContinuousVital,
    (value, at): (Decimal, Millis),
    patient: Patient<'_>,
    is_active: bool,
) -> Judgement {
    let Rule::Held { vital: of, stages, clearing, .. } = &row.rule else {
        return Judgement::default();
    };
    if *of != vital {
        return Judgement::default();
    }
    let limits = || {
        let limit = |stage| patient.held(row.condition, vital, stages, stage);
        stages.iter().filter_map(move |stage| Some((stage, limit(stage)?)))
    };
    let number = value.as_f64();
    let holding = limits().filter(|(stage, limit)| stage.compare.holds(number, *limit));
    if let Some((level, priority, limit)) =
        holding.map(|(stage, limit)| (stage.level, stage.priority, limit)).reduce(graver)
    {
        let standing = Standing {
            level,
            priority,
            value: Some(value),
            limit: Some(Decimal::trimmed(limit)),
            value_at: Some(at),
            text: row.text.clone(),
            is_anew: false,
        };
        return Judgement { standing: Some(standing), is_over: false };
    }
    let is_back = |(stage, limit): (&HeldStage, f64)| {
        stage.compare.back_inside(number, limit, clearing.margin)
    };
    let is_over = is_active && limits().filter(|(stage, _)| stage.level == 1).all(is_back);
    Judgement { standing: None, is_over }
}

/// Judges a fall at the newest sample. `fallen_to` is the limit of an alert that is active: it
/// is over when the value is back above that. A stage that counts only with another alert holds
/// for as long as the fall's own alert is active.
pub(super) fn fall(
    history: &History,
    row: &ConditionRow,
    patient: Patient<'_>,
    fallen_to: Option<Option<f64>>,
    is_open: &dyn Fn(Condition) -> bool,
) -> Judgement {
    let Rule::Fall { vital, by, within_s, gap_s, to, held_s, after_bad_s, stages, clearing } =
        &row.rule
    else {
        return Judgement::default();
    };
    let fall = Fall {
        by: *by,
        within_s: *within_s,
        gap_s: *gap_s,
        held_s: *held_s,
        after_bad_s: *after_bad_s,
    };
    // By the baseline, else by what was usual in the last minutes.
    let limit = || to.value(patient.baseline_of(*vital).or_else(|| history.usual()));
    let falls_now = history.falls(fall, limit);
    let known = fallen_to.flatten().or(falls_now);
    let window = Window { for_s: clearing.for_s, gap_s: *gap_s, share: 1.0 };
    let is_back =
        |limit| history.is_back_inside(window, (Compare::AtOrBelow, limit), clearing.margin);
    if fallen_to.is_some() && falls_now.is_none() && known.is_some_and(is_back) {
        return Judgement { standing: None, is_over: true };
    }
    let holds = |stage: &&FallStage| match stage.with.is_empty() {
        true => falls_now.is_some(),
        false => stage.with.iter().any(|other| is_open(*other)),
    };
    let holding = stages.iter().filter(holds);
    let gravest = holding.filter_map(|s| Some((s.level, s.priority, known?))).reduce(graver);
    gravest.map_or(Judgement::default(), |gravest| standing(history, row, gravest))
}
