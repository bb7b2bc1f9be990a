//! Floors and ceilings that no edit of a profile passes: `profiles/bounds.toml`.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::OnceLock;

use serde::Deserialize;

use super::check::{Found, missing, shape};
use super::rule::ConditionRow;
use super::{Compare, Condition, CuffPart, Limit, Priority, Profile, Rule, Span};

/// What is allowed for one condition.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bounds {
    /// Every profile has it.
    #[serde(default)]
    required: bool,
    /// It may alarm at least then.
    #[serde(default)]
    during: Vec<Span>,
    /// Ranges of the stages with limits, by level.
    caution: Option<StageBounds>,
    urgent: Option<StageBounds>,
    extreme: Option<StageBounds>,
    /// Ranges of the stages that only time tells apart, by priority, seconds.
    low_s: Option<(u32, u32)>,
    medium_s: Option<(u32, u32)>,
    high_s: Option<(u32, u32)>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct StageBounds {
    /// Lowest and highest limit, in the vital's unit.
    limit: (f64, f64),
    /// Shortest and longest delay, seconds.
    #[serde(default)]
    for_s: Option<(u32, u32)>,
}

/// A patient with nothing unusual: baseline-relative limits are looked at with these values.
const USUAL_SPO2: f64 = 97.0;
const USUAL_HEART_RATE: f64 = 72.0;
const USUAL_SYSTOLIC: f64 = 120.0;
const USUAL_DIASTOLIC: f64 = 75.0;

fn all() -> &'static BTreeMap<Condition, Bounds> {
    static BOUNDS: OnceLock<BTreeMap<Condition, Bounds>> = OnceLock::new();
    BOUNDS.get_or_init(|| match toml::from_str(include_str!("../../profiles/bounds.toml")) {
        Ok(bounds) => bounds,
        // Our own file; every test reads it.
        Err(error) => panic!("profiles/bounds.toml: {error}"),
    })
}

/// A stage with a limit, whichever rule it is of.
struct Stage {
    key: String,
    level: u8,
    priority: Priority,
    compare: Compare,
    limit: Limit,
    usual: Option<f64>,
    for_s: Option<(String, u32)>,
}

pub(super) fn row_keeps_to_them(row: &ConditionRow, place: &str, found: &mut Found) {
    let Some(bounds) = all().get(&row.condition) else { return };
    for span in &bounds.during {
        if !row.during.contains(span) {
            let name = serde_json::to_value(span).unwrap_or_default();
            found.add(format!("{place}.during"), format!("must hold {name}"));
        }
    }
    let place = format!("{place}.rule.{}", shape(&row.rule));
    let stages = stages(&row.rule);
    for (level, of_level) in [(1, &bounds.caution), (2, &bounds.urgent), (3, &bounds.extreme)] {
        let Some(bounds) = of_level else { continue };
        let of_level = || stages.iter().filter(move |stage| stage.level == level);
        if of_level().all(|stage| stage.limit.absolute.is_none()) {
            let name = ["caution", "urgent", "extreme"][usize::from(level) - 1];
            found.add(
                format!("{place}.stages"),
                format!("needs a stage of level {level} ({name}) with an absolute limit"),
            );
        }
        let least = if level == 1 { Priority::Medium } else { Priority::High };
        for stage in of_level() {
            stage_keeps_to(stage, bounds, least, &place, found);
        }
    }
    for (priority, range) in [
        (Priority::Low, bounds.low_s),
        (Priority::Medium, bounds.medium_s),
        (Priority::High, bounds.high_s),
    ] {
        let Some(range) = range else { continue };
        timed_stages_keep_to(&row.rule, priority, range, &place, found);
    }
}

fn stage_keeps_to(
    stage: &Stage,
    bounds: &StageBounds,
    least: Priority,
    place: &str,
    found: &mut Found,
) {
    let range: RangeInclusive<f64> = bounds.limit.0..=bounds.limit.1;
    let outside = |value: f64| !range.contains(&value);
    let (low, high) = bounds.limit;
    if let Some(limit) = stage.limit.absolute.filter(|limit| outside(*limit)) {
        found.add(
            format!("{place}.{}.absolute", stage.key),
            format!("must be {low}..={high}, got {limit}"),
        );
    }
    // Relative to the baseline it must not be looser than the floor or ceiling either.
    let usual = stage.limit.value(stage.usual);
    let is_looser = |value: f64| if stage.compare.is_upper() { value > high } else { value < low };
    if let (Some(value), Some(_)) = (usual.filter(|value| is_looser(*value)), stage.limit.absolute)
    {
        let baseline = stage.usual.unwrap_or_default();
        found.add(
            format!("{place}.{}", stage.key),
            format!("must be {low}..={high} with a baseline of {baseline}, got {value}"),
        );
    }
    if stage.priority < least {
        found.add(
            format!("{place}.{}", stage.key),
            format!("priority must be at least {}", least.name()),
        );
    }
    if let (Some((key, for_s)), Some((from, to))) = (&stage.for_s, bounds.for_s)
        && !(from..=to).contains(for_s)
    {
        found.add(format!("{place}.{key}"), format!("must be {from}..={to} s, got {for_s}"));
    }
}

fn stages(rule: &Rule) -> Vec<Stage> {
    match rule {
        Rule::Held { stages, vital, .. } => {
            let usual = match vital {
                super::ContinuousVital::Spo2 => Some(USUAL_SPO2),
                super::ContinuousVital::HeartRate => Some(USUAL_HEART_RATE),
                super::ContinuousVital::RespRate | super::ContinuousVital::Temp => None,
            };
            let stage = |(index, s): (usize, &super::HeldStage)| Stage {
                key: format!("stages[{index}].limit"),
                level: s.level,
                priority: s.priority,
                compare: s.compare,
                limit: s.limit,
                usual,
                // A share of a long time stands beside a short time at a graver limit.
                for_s: (s.share >= 1.0).then(|| (format!("stages[{index}].for_s"), s.for_s)),
            };
            stages.iter().enumerate().map(stage).collect()
        }
        Rule::Cuff { stages, .. } => {
            let stage = |(index, s): (usize, &super::CuffStage)| Stage {
                key: format!("stages[{index}].test.limit"),
                level: s.level,
                priority: s.priority,
                compare: s.test.compare,
                limit: s.test.limit,
                usual: Some(match s.test.part {
                    CuffPart::Systolic => USUAL_SYSTOLIC,
                    CuffPart::Diastolic => USUAL_DIASTOLIC,
                }),
                for_s: match s.readings {
                    super::CuffCount::Confirmed { within_s } => {
                        Some((format!("stages[{index}].readings.confirmed.within_s"), within_s))
                    }
                    super::CuffCount::One | super::CuffCount::Two => None,
                },
            };
            stages.iter().enumerate().map(stage).collect()
        }
        _ => Vec::new(),
    }
}

fn timed_stages_keep_to(
    rule: &Rule,
    priority: Priority,
    (from, to): (u32, u32),
    place: &str,
    found: &mut Found,
) {
    let stages: Vec<(Priority, &'static str, u32)> = match rule {
        Rule::Absence { stages, .. } => {
            stages.iter().map(|s| (s.priority, "after_s", s.after_s)).collect()
        }
        Rule::Questionable { stages, .. } | Rule::Lost { stages } | Rule::Unwatched { stages } => {
            stages.iter().map(|s| (s.priority, "after_s", s.after_s)).collect()
        }
        Rule::CuffOverdue { stages } => {
            stages.iter().map(|s| (s.priority, "and_s", s.and_s)).collect()
        }
        _ => return,
    };
    if !stages.iter().any(|stage| stage.0 == priority) {
        found.add(
            format!("{place}.stages"),
            format!("needs a stage of priority {}", priority.name()),
        );
    }
    for (index, (_, key, seconds)) in
        stages.iter().enumerate().filter(|(_, stage)| stage.0 == priority)
    {
        if !(from..=to).contains(seconds) {
            found.add(
                format!("{place}.stages[{index}].{key}"),
                format!("must be {from}..={to} s, got {seconds}"),
            );
        }
    }
}

pub(super) fn nothing_is_missing(profile: &Profile, found: &mut Found) {
    for (condition, bounds) in all() {
        if bounds.required && missing(profile, *condition) {
            let name = condition.name();
            found.add("conditions", format!("{name} is missing: every profile has it"));
        }
    }
}
