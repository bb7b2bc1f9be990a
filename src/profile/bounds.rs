//! Floors and ceilings that no edit of a profile passes: `profiles/bounds.toml`.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;
use std::sync::OnceLock;

use serde::Deserialize;

use super::check::{Found, missing, shape};
use super::rule::ConditionRow;
use super::{
    Compare, Condition, ContinuousVital, CuffCount, CuffPart, CuffStage, HeldStage, Limit,
    Overridden, Priority, Profile, Rule, Span, Wait,
};

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
    /// How far a value must fall, and to what with a usual baseline, in its unit.
    fall_by: Option<(f64, f64)>,
    fall_to: Option<(f64, f64)>,
    /// Symptoms that raise an alert of high priority, when staff may tick them.
    #[serde(default)]
    grave: Vec<String>,
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
/// Low ones that staff may still accept: urgent limits do not follow a baseline beyond their floor
/// (SpO2 85 holds down to a baseline of 90: clinical.md#spo2-low).
const LOW_SPO2: f64 = 90.0;
const LOW_HEART_RATE: f64 = 45.0;
const LOW_SYSTOLIC: f64 = 95.0;
const LOW_DIASTOLIC: f64 = 55.0;
const USUAL_RESP_RATE: f64 = 16.0;
const USUAL_TEMP: f64 = 36.8;

/// What is allowed for a wait of the start.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WaitBounds {
    /// Shortest and longest time, seconds; the room remembers no more of a vital.
    for_s: (u32, u32),
    /// Lowest and highest limit, mmHg.
    systolic: (f64, f64),
    /// The same, 1/min.
    heart_rate: (f64, f64),
}

/// The whole of `profiles/bounds.toml`.
#[derive(Clone, Debug, Deserialize)]
struct File {
    start_wait: WaitBounds,
    #[serde(flatten)]
    conditions: BTreeMap<Condition, Bounds>,
}

fn all() -> &'static BTreeMap<Condition, Bounds> {
    &file().conditions
}

fn file() -> &'static File {
    static BOUNDS: OnceLock<File> = OnceLock::new();
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
    compare: Compare,
    limit: Limit,
    usual: Usual,
    for_s: Option<(String, u32)>,
    /// It needs nothing beside it: no other alert, no long look back, no reading that may come
    /// much later.
    is_enough: bool,
}

pub(super) fn row_keeps_to_them(
    profile: &Profile,
    row: &ConditionRow,
    place: &str,
    found: &mut Found,
) {
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
    alerts_can_be_over(&row.rule, &stages, &place, found);
    if let (Rule::Cuff { overridden: Some(overridden), .. }, Some(caution)) =
        (&row.rule, &bounds.caution)
    {
        override_keeps_to(overridden, caution, &place, found);
    }
    fall_keeps_to(&row.rule, bounds, &place, found);
    grave_symptoms_alarm(profile, &row.rule, &bounds.grave, &place, found);
    for (priority, range) in [
        (Priority::Low, bounds.low_s),
        (Priority::Medium, bounds.medium_s),
        (Priority::High, bounds.high_s),
    ] {
        let Some(range) = range else { continue };
        timed_stages_keep_to(&row.rule, priority, range, &place, found);
    }
}

fn stage_keeps_to(stage: &Stage, bounds: &StageBounds, place: &str, found: &mut Found) {
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

fn fall_keeps_to(rule: &Rule, bounds: &Bounds, place: &str, found: &mut Found) {
    let Rule::Fall { vital, by, to, .. } = rule else { return };
    if let Some(range) = bounds.fall_by {
        found.within(format!("{place}.by"), *by, range, "");
    }
    let usual = usual(*vital).value;
    if let (Some((low, high)), Some(value)) = (bounds.fall_to, to.value(Some(usual)))
        && !(low..=high).contains(&value)
    {
        let what = format!("must be {low}..={high} with a baseline of {usual}, got {value}");
        found.add(format!("{place}.to"), what);
    }
}

/// What staff can tick of these must not be a note alone.
fn grave_symptoms_alarm(
    profile: &Profile,
    rule: &Rule,
    grave: &[String],
    place: &str,
    found: &mut Found,
) {
    let Rule::Entered { stages, .. } = rule else { return };
    let high: Vec<&String> = stages
        .iter()
        .filter(|stage| stage.priority == Priority::High)
        .flat_map(|stage| &stage.symptoms)
        .collect();
    let is_offered = |name: &&String| profile.symptoms.iter().any(|choice| choice.name == **name);
    for name in grave.iter().filter(is_offered).filter(|name| !high.contains(name)) {
        found.add(
            format!("{place}.stages"),
            format!(
                "{name} is one of the profile's symptoms: a stage of priority high must name it"
            ),
        );
    }
}

/// An alert is over inside every caution limit by the margin: a patient with nothing unusual must
/// get there, or the first alert stands for good and a second one makes no sound.
fn alerts_can_be_over(rule: &Rule, stages: &[Stage], place: &str, found: &mut Found) {
    let (key, margin) = match rule {
        Rule::Held { clearing, .. } => ("clearing.margin", clearing.margin),
        Rule::Cuff { clearing_margin, .. } => ("clearing_margin", *clearing_margin),
        _ => return,
    };
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

/// The caution limit after a high baseline was overridden is the profile's own, no looser.
fn override_keeps_to(
    overridden: &Overridden,
    caution: &StageBounds,
    place: &str,
    found: &mut Found,
) {
    let place = format!("{place}.overridden.caution");
    let Limit { absolute, at_least, .. } = overridden.caution;
    match absolute {
        Some(limit) => found.within(format!("{place}.absolute"), limit, caution.limit, ""),
        None => found.add(&*place, "needs absolute, above which the limit does not rise"),
    }
    if let Some(least) = at_least {
        found.within(format!("{place}.at_least"), least, caution.limit, "");
    }
}

/// What patients have.
#[derive(Clone, Copy)]
struct Usual {
    /// One with nothing unusual.
    value: f64,
    /// The lowest baseline that limits are looked at with; none where no limit follows one.
    low: Option<f64>,
}

impl Usual {
    const fn has_baseline(self) -> bool {
        self.low.is_some()
    }

    /// The baselines with which a stage's limit must be within its bounds.
    fn baselines(self, level: u8) -> Vec<f64> {
        // The caution may follow a low baseline.
        let low = self.low.filter(|_| level > 1);
        [self.value].into_iter().chain(low).collect()
    }
}

fn usual(vital: ContinuousVital) -> Usual {
    match vital {
        ContinuousVital::Spo2 => Usual { value: USUAL_SPO2, low: Some(LOW_SPO2) },
        ContinuousVital::HeartRate => Usual { value: USUAL_HEART_RATE, low: Some(LOW_HEART_RATE) },
        ContinuousVital::RespRate => Usual { value: USUAL_RESP_RATE, low: None },
        ContinuousVital::Temp => Usual { value: USUAL_TEMP, low: Some(USUAL_TEMP) },
    }
}

fn usual_pressure(part: CuffPart) -> Usual {
    match part {
        CuffPart::Systolic => Usual { value: USUAL_SYSTOLIC, low: Some(LOW_SYSTOLIC) },
        CuffPart::Diastolic => Usual { value: USUAL_DIASTOLIC, low: Some(LOW_DIASTOLIC) },
    }
}

fn stages(rule: &Rule) -> Vec<Stage> {
    match rule {
        Rule::Held { stages, vital, .. } => {
            let usual = usual(*vital);
            let stage = |(index, s): (usize, &HeldStage)| Stage {
                key: format!("stages[{index}].limit"),
                level: s.level,
                compare: s.compare,
                limit: s.limit,
                usual,
                // A share of a long time stands beside a short time at a graver limit.
                for_s: (s.share >= 1.0).then(|| (format!("stages[{index}].for_s"), s.for_s)),
                is_enough: s.share >= 1.0,
            };
            stages.iter().enumerate().map(stage).collect()
        }
        Rule::Cuff { stages, .. } => {
            let stage = |(index, s): (usize, &CuffStage)| Stage {
                key: format!("stages[{index}].test.limit"),
                level: s.level,
                compare: s.test.compare,
                limit: s.test.limit,
                usual: usual_pressure(s.test.part),
                for_s: match s.readings {
                    CuffCount::Confirmed { within_s } => {
                        Some((format!("stages[{index}].readings.confirmed.within_s"), within_s))
                    }
                    CuffCount::One | CuffCount::Two => None,
                },
                is_enough: s.with.is_empty()
                    && match s.level {
                        1 => true,
                        // The second of two readings may be a whole cadence away.
                        2 => s.readings != CuffCount::Two,
                        _ => s.readings == CuffCount::One,
                    },
            };
            stages.iter().enumerate().map(stage).collect()
        }
        _ => Vec::new(),
    }
}

/// A stage that only time tells apart.
struct Timed {
    priority: Priority,
    key: &'static str,
    seconds: u32,
    /// Whether it counts whatever the phase and whatever the monitor says of its sensor.
    is_enough: bool,
}

fn timed_stages_keep_to(
    rule: &Rule,
    priority: Priority,
    (from, to): (u32, u32),
    place: &str,
    found: &mut Found,
) {
    // A high stage may be for the infusion alone.
    let counts = |infusing: bool| !infusing || priority == Priority::High;
    let stages: Vec<Timed> = match rule {
        Rule::Absence { stages, .. } => stages
            .iter()
            .map(|s| Timed {
                priority: s.priority,
                key: "after_s",
                seconds: s.after_s,
                is_enough: !s.sensor_off && counts(s.infusing),
            })
            .collect(),
        Rule::Questionable { stages, .. } | Rule::Lost { stages } | Rule::Unwatched { stages } => {
            let timed = |s: &super::TimedStage| Timed {
                priority: s.priority,
                key: "after_s",
                seconds: s.after_s,
                is_enough: counts(s.infusing),
            };
            stages.iter().map(timed).collect()
        }
        Rule::CuffOverdue { stages } => {
            let timed = |s: &super::OverdueStage| Timed {
                priority: s.priority,
                key: "and_s",
                seconds: s.and_s,
                is_enough: counts(s.infusing),
            };
            stages.iter().map(timed).collect()
        }
        _ => return,
    };
    if !stages.iter().any(|stage| stage.priority == priority && stage.is_enough) {
        let also = if priority == Priority::High { "" } else { ", also when not infusing" };
        found.add(
            format!("{place}.stages"),
            format!("needs a stage of priority {} that is enough by itself{also}", priority.name()),
        );
    }
    for (index, Timed { key, seconds, .. }) in
        stages.iter().enumerate().filter(|(_, stage)| stage.priority == priority)
    {
        found.within(format!("{place}.stages[{index}].{key}"), *seconds, (from, to), " s");
    }
}

/// A wait is long enough to protect, and a patient with nothing unusual ends it.
pub(super) fn wait_keeps_to_them(wait: &Wait, place: &str, found: &mut Found) {
    let bounds = &file().start_wait;
    found.within(format!("{place}.for_s"), wait.for_s, bounds.for_s, " s");
    let cuff = wait.cuff.iter().enumerate().map(|(index, test)| {
        let range = (test.part == CuffPart::Systolic).then_some(bounds.systolic);
        let usual = usual_pressure(test.part).value;
        (format!("{place}.cuff[{index}]"), test.compare, test.limit, range, usual)
    });
    let held = wait.held.iter().enumerate().map(|(index, test)| {
        let range = (test.vital == ContinuousVital::HeartRate).then_some(bounds.heart_rate);
        let usual = usual(test.vital).value;
        (format!("{place}.held[{index}]"), test.compare, test.limit, range, usual)
    });
    for (place, compare, limit, range, usual) in cuff.chain(held) {
        if let (Some(absolute), Some(range)) = (limit.absolute, range) {
            found.within(format!("{place}.limit.absolute"), absolute, range, "");
        }
        let is_well = |limit: f64| compare.holds(usual, limit);
        if !limit.value(Some(usual)).is_none_or(is_well) {
            let what =
                format!("a usual value of {usual} is not well by it: the wait would never be over");
            found.add(place, what);
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
