//! Whether a row keeps to the floors and ceilings of its condition.

use std::ops::RangeInclusive;

use super::ConditionRow;
use crate::rules::bounds::{self, Delay, LimitStage, StageBounds};
use crate::rules::condition::Priority;
use crate::rules::found::Found;
use crate::rules::shape::Shape;
use crate::rules::vocabulary::Vocabulary;

/// Whether a row is within the floors and ceilings of its condition.
pub(super) fn keeps_to_them(
    row: &ConditionRow,
    words: Vocabulary<'_>,
    place: &str,
    found: &mut Found,
) {
    let Some(bounds) = bounds::all().get(&row.condition) else { return };
    for span in &bounds.during {
        if !row.during.contains(span) {
            let name = serde_json::to_value(span).unwrap_or_default();
            found.add(format!("{place}.during"), format!("must hold {name}"));
        }
    }
    let shape = row.rule.shape();
    let place = format!("{place}.rule.{}", shape.name());
    let stages = shape.limits();
    for (level, of_level) in [(1, &bounds.caution), (2, &bounds.urgent), (3, &bounds.extreme)] {
        let Some(bounds) = of_level else { continue };
        let of_level = || stages.iter().filter(move |stage| stage.level == level);
        if !of_level().any(|stage| stage.is_enough && stage.limit.absolute.is_some()) {
            let name = ["caution", "urgent", "extreme"][usize::from(level) - 1];
            found.add(
                format!("{place}.stages"),
                format!(
                    "needs a stage of level {level} ({name}) with an absolute limit that is enough \
                     by itself"
                ),
            );
        }
        for stage in of_level() {
            stage_keeps_to(stage, bounds, &place, found);
        }
    }
    alerts_can_be_over(shape, &stages, &place, found);
    shape.keeps_to(bounds, words, &place, found);
    for (priority, range) in [
        (Priority::Low, bounds.low_s),
        (Priority::Medium, bounds.medium_s),
        (Priority::High, bounds.high_s),
    ] {
        if let (Some(range), Some(delays)) = (range, shape.delays()) {
            delays_keep_to(&delays, priority, range, &place, found);
        }
    }
}

fn stage_keeps_to(stage: &LimitStage, bounds: &StageBounds, place: &str, found: &mut Found) {
    let range: RangeInclusive<f64> = bounds.limit.0..=bounds.limit.1;
    let outside = |value: f64| !range.contains(&value);
    let (low, high) = bounds.limit;
    if let Some(limit) = stage.limit.absolute.filter(|limit| outside(*limit)) {
        found.add(
            format!("{place}.{}.absolute", stage.key),
            format!("must be {low}..={high}, got {limit}"),
        );
    }
    // With a baseline, or held up by `at_least`, it must not be looser than that either.
    let is_looser = |value: f64| if stage.compare.is_upper() { value > high } else { value < low };
    let looser = stage.usual.baselines(stage.level).into_iter().find_map(|baseline| {
        let value = stage.limit.value(Some(baseline)).filter(|value| is_looser(*value))?;
        Some((baseline, value))
    });
    if let (Some((baseline, value)), Some(absolute)) = (looser, stage.limit.absolute)
        && !outside(absolute)
    {
        found.add(
            format!("{place}.{}", stage.key),
            format!("must be {low}..={high} with a baseline of {baseline}, got {value}"),
        );
    }
    if let (Some((key, for_s)), Some((from, to))) = (&stage.for_s, bounds.for_s) {
        found.within(format!("{place}.{key}"), *for_s, (from, to), " s");
    }
}

/// An alert is over inside every caution limit by the margin: a patient with nothing unusual must
/// get there, or the first alert stays active for good and a second one makes no sound.
fn alerts_can_be_over(shape: &dyn Shape, stages: &[LimitStage], place: &str, found: &mut Found) {
    let Some((key, margin)) = shape.clearing_margin() else { return };
    for stage in stages.iter().filter(|stage| stage.level == 1) {
        let usual = stage.usual.value;
        let is_never_over = |limit: f64| !stage.compare.back_inside(usual, limit, margin);
        let limit = stage.limit.value(stage.usual.has_baseline().then_some(usual));
        if let Some(limit) = limit.filter(|limit| is_never_over(*limit)) {
            found.add(
                format!("{place}.{key}"),
                format!(
                    "{margin} inside the caution limit {limit} is not reached by a patient with a \
                     usual value of {usual}: the alert would never be over"
                ),
            );
        }
    }
}

fn delays_keep_to(
    delays: &[Delay],
    priority: Priority,
    (from, to): (u32, u32),
    place: &str,
    found: &mut Found,
) {
    if !delays.iter().any(|stage| stage.priority == priority && stage.is_enough) {
        let also = if priority == Priority::High { "" } else { ", also when not infusing" };
        found.add(
            format!("{place}.stages"),
            format!("needs a stage of priority {} that is enough by itself{also}", priority.name()),
        );
    }
    for (index, Delay { key, seconds, .. }) in
        delays.iter().enumerate().filter(|(_, stage)| stage.priority == priority)
    {
        found.within(format!("{place}.stages[{index}].{key}"), *seconds, (from, to), " s");
    }
}
