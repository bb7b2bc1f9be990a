//! Continuous values against their limits, and their falls.

use super::alert::{Judgement, Standing};
use super::history::{Fall, History, Window};
use super::limits::Patient;
use crate::profile::{
    Compare, Condition, ConditionRow, ContinuousVital, FallStage, HeldStage, Priority, Rule, Steady,
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
    clears: Clears,
) -> Judgement {
    let Rule::Held { vital, gap_s, stages, deficits, clearing } = &row.rule else {
        return Judgement::default();
    };
    let holding = stages.iter().filter_map(|stage| {
        let limit = patient.held(row.condition, *vital, stages, stage)?;
        let is_confirmed = stage.level > 1;
        let window = Window { for_s: stage.for_s, gap_s: *gap_s, share: stage.share, is_confirmed };
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
    let is_over = match clears {
        Clears::Not => false,
        Clears::AfterS(longer_s) => {
            let for_s = longer_s.max(clearing.for_s);
            has_left(history, row, patient, (1, for_s))
        }
    };
    Judgement { standing: None, is_over }
}

/// Whether and when an alert may be over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clears {
    /// There is none, or it may not be over now.
    Not,
    /// Inside for the rule's clearing time, and for at least this long, seconds.
    AfterS(u32),
}

/// Whether the value is back inside the limits of a level by the margin, for this long.
pub(super) fn has_left(
    history: &History,
    row: &ConditionRow,
    patient: Patient<'_>,
    (level, for_s): (u8, u32),
) -> bool {
    let Rule::Held { vital, gap_s, stages, clearing, .. } = &row.rule else { return true };
    let window = Window { for_s, gap_s: *gap_s, share: 1.0, is_confirmed: true };
    stages.iter().filter(|stage| stage.level == level).all(|stage| {
        let limit = patient.held(row.condition, *vital, stages, stage);
        limit.is_none_or(|limit| {
            history.is_back_inside(window, (stage.compare, limit), clearing.margin)
        })
    })
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
/// is over when the value is back above that, or no longer moves. A stage that counts only with
/// another alert holds for as long as the fall's own alert is active.
pub(super) fn fall(
    history: &History,
    row: &ConditionRow,
    patient: Patient<'_>,
    fallen_to: Option<Option<f64>>,
    clears: Clears,
    is_open: &dyn Fn(Condition) -> bool,
) -> Judgement {
    let Rule::Fall {
        vital,
        by,
        within_s,
        gap_s,
        to,
        held_s,
        after_bad_s,
        stages,
        clearing,
        steady,
    } = &row.rule
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
    let clearing_s = match clears {
        Clears::Not => None,
        Clears::AfterS(longer_s) => Some(longer_s.max(clearing.for_s)),
    };
    let is_back = |for_s| {
        let window = Window { for_s, gap_s: *gap_s, share: 1.0, is_confirmed: true };
        let is_inside =
            |limit| history.is_back_inside(window, (Compare::AtOrBelow, limit), clearing.margin);
        let steady = steady.unwrap_or(Steady::usual(*vital));
        known.is_some_and(is_inside) || history.is_steady(steady, *gap_s)
    };
    if fallen_to.is_some() && falls_now.is_none() && clearing_s.is_some_and(is_back) {
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
