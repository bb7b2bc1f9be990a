//! What a profile must be before the room judges by it. Floors and ceilings stand in
//! [`super::bounds`]; here is what would make no sense at all.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::bounds;
use super::rule::ConditionRow;
use super::{
    Cadence, CadenceStep, Condition, CuffCount, Kind, Limit, Priority, Profile, Rule, ScoreChoice,
};

/// Delays longer than this are mistakes, not medicine; seconds.
const LONGEST_DELAY_S: u32 = 600;
/// The longest time between two pressures, seconds.
const LONGEST_CADENCE_S: u32 = 7_200;
/// The longest treatment, seconds.
const LONGEST_PLAN_S: u32 = 86_400;
/// Texts that staff read at a glance, characters.
const LONGEST_TEXT: usize = 80;
/// Choices that staff can still find one in.
const MOST_CHOICES: usize = 40;

/// What is wrong with a profile, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The key, such as `conditions[3].rule.held.stages[0].for_s`.
    pub place: String,
    /// The line, when it was read from a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What is wrong and what is allowed.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}: {}", self.place, self.what),
            None => write!(f, "{}: {}", self.place, self.what),
        }
    }
}

/// Collects problems below a place.
pub(super) struct Found {
    problems: Vec<Problem>,
}

impl Found {
    pub(super) fn add(&mut self, place: impl Into<String>, what: impl Into<String>) {
        self.problems.push(Problem { place: place.into(), line: None, what: what.into() });
    }

    fn within<T: PartialOrd + Copy + fmt::Display>(
        &mut self,
        place: impl Into<String>,
        value: T,
        (from, to): (T, T),
        unit: &str,
    ) {
        if !(from..=to).contains(&value) {
            self.add(place, format!("must be {from}..={to}{unit}, got {value}"));
        }
    }
}

/// Every problem of a profile at once; none when the room can judge by it.
pub(super) fn problems(profile: &Profile) -> Vec<Problem> {
    let mut found = Found { problems: Vec::new() };
    head(profile, &mut found);
    cadence(&profile.cadence, &mut found);
    for (index, row) in profile.conditions.iter().enumerate() {
        let place = format!("conditions[{index}]");
        if profile.conditions[..index].iter().any(|other| other.condition == row.condition) {
            let name = row.condition.name();
            found.add(
                format!("{place}.condition"),
                format!("{name} stands twice; a condition has one row"),
            );
        }
        row_makes_sense(profile, row, &place, &mut found);
        bounds::row_keeps_to_them(row, &place, &mut found);
    }
    bounds::nothing_is_missing(profile, &mut found);
    found.problems
}

/// A profile under another's name.
pub(super) fn named_otherwise(asked: &str, written: &str) -> Problem {
    let what = format!("must be {asked:?}, the name under which it is put, got {written:?}");
    Problem { place: "name".to_owned(), line: None, what }
}

fn head(profile: &Profile, found: &mut Found) {
    let is_name = |name: &str| {
        !name.is_empty()
            && name.len() <= 40
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    if !is_name(&profile.name) {
        found.add("name", "must be 1..=40 lower-case letters, digits and -");
    }
    text(&profile.title, "title", found);
    found.within("planned_s", profile.planned_s, (60, LONGEST_PLAN_S), " s");
    if let Some(rise) = profile.marked_rise {
        found.within("marked_rise.systolic", rise.systolic, (10.0, 100.0), " mmHg");
        found.within("marked_rise.diastolic", rise.diastolic, (10.0, 100.0), " mmHg");
    }
    found.within("symptoms", profile.symptoms.len(), (0, MOST_CHOICES), " choices");
    found.within("scores", profile.scores.len(), (0, MOST_CHOICES), " choices");
    for (index, choice) in profile.symptoms.iter().enumerate() {
        choice_name(&choice.name, &format!("symptoms[{index}].name"), found);
        text(&choice.text, &format!("symptoms[{index}].text"), found);
    }
    for (index, choice) in profile.scores.iter().enumerate() {
        let ScoreChoice { name, text: words, lowest, highest } = choice;
        choice_name(name, &format!("scores[{index}].name"), found);
        text(words, &format!("scores[{index}].text"), found);
        if lowest >= highest {
            found.add(
                format!("scores[{index}].highest"),
                format!("must be above lowest, got {lowest} to {highest}"),
            );
        }
    }
    for (index, hold) in profile.holds.iter().enumerate() {
        text(&hold.text, &format!("holds[{index}].text"), found);
    }
}

fn choice_name(name: &str, place: &str, found: &mut Found) {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if name.is_empty() || name.len() > 40 || !name.bytes().all(fits) {
        found.add(place, "must be 1..=40 lower-case letters, digits and _");
    }
}

fn text(text: &str, place: &str, found: &mut Found) {
    let count = text.chars().count();
    if count == 0 || count > LONGEST_TEXT || text.chars().any(char::is_control) {
        found.add(place, format!("must be a text of 1..={LONGEST_TEXT} characters, got {count}"));
    }
}

fn cadence(cadence: &Cadence, found: &mut Found) {
    let phases = [
        ("baseline", &cadence.baseline),
        ("infusing", &cadence.infusing),
        ("recovery", &cadence.recovery),
    ];
    for (phase, steps) in phases {
        cadence_steps(steps, &format!("cadence.{phase}"), found);
    }
    for (index, fixed) in cadence.fixed.iter().enumerate() {
        let place = format!("cadence.fixed[{index}]");
        found.within(format!("{place}.at_s"), fixed.at_s, (60, LONGEST_PLAN_S), " s");
        found.within(format!("{place}.early_s"), fixed.early_s, (0, fixed.at_s), " s");
    }
    if let Some(after) = cadence.after_rate_change_s {
        found.within("cadence.after_rate_change_s", after, (1, LONGEST_CADENCE_S), " s");
    }
}

fn cadence_steps(steps: &[CadenceStep], place: &str, found: &mut Found) {
    for (index, step) in steps.iter().enumerate() {
        let every = format!("{place}[{index}].every_s");
        found.within(every, step.every_s, (60, LONGEST_CADENCE_S), " s");
        let is_last = index + 1 == steps.len();
        let before = index.checked_sub(1).and_then(|before| steps[before].until_s).unwrap_or(0);
        let until = format!("{place}[{index}].until_s");
        match step.until_s {
            None if !is_last => found.add(until, "only the last step goes on to the end"),
            Some(_) if is_last => {
                found.add(until, "the last step goes on to the end: leave until_s out");
            }
            Some(until_s) if until_s <= before => {
                found.add(until, format!("must be later than the step before, {before} s"));
            }
            _ => {}
        }
    }
    if steps.is_empty() {
        found.add(place, "needs at least one step");
    }
}

fn row_makes_sense(profile: &Profile, row: &ConditionRow, place: &str, found: &mut Found) {
    let condition = row.condition;
    if condition.is_of_the_ward() {
        let name = condition.name();
        found.add(
            format!("{place}.condition"),
            format!("{name} is the program's own: no profile sets it"),
        );
    }
    text(&row.text, &format!("{place}.text"), found);
    if let Some(suggestion) = &row.suggestion {
        text(suggestion, &format!("{place}.suggestion"), found);
    }
    if row.during.is_empty() {
        found.add(
            format!("{place}.during"),
            "must name at least one of no_session, before_start, treatment",
        );
    }
    found.within(format!("{place}.realert_s"), row.realert_s, (0, 1_800), " s");
    for other in &row.hidden_by {
        let may_hide = match condition.kind() {
            Kind::Physiological => {
                other.kind() == Kind::Physiological && other.vital() == condition.vital()
            }
            Kind::Technical => other.kind() == Kind::Technical,
        };
        if !may_hide || *other == condition {
            let (what, name) = (other.name(), condition.name());
            found.add(
                format!("{place}.hidden_by"),
                format!(
                    "{what} may not hide {name}: only what says the same about the same vital may"
                ),
            );
        }
    }
    rule_makes_sense(profile, &row.rule, &format!("{place}.rule.{}", shape(&row.rule)), found);
}

/// The key of a rule's shape.
pub(super) fn shape(rule: &Rule) -> &'static str {
    match rule {
        Rule::Held { .. } => "held",
        Rule::Fall { .. } => "fall",
        Rule::Cuff { .. } => "cuff",
        Rule::Signs { .. } => "signs",
        Rule::Entered { .. } => "entered",
        Rule::Absence { .. } => "absence",
        Rule::Questionable { .. } => "questionable",
        Rule::Lost { .. } => "lost",
        Rule::Unwatched { .. } => "unwatched",
        Rule::CuffFailed { .. } => "cuff_failed",
        Rule::CuffOverdue { .. } => "cuff_overdue",
        Rule::Repeated { .. } => "repeated",
        Rule::ClockDiffers { .. } => "clock_differs",
        Rule::Reported { .. } => "reported",
    }
}

fn rule_makes_sense(profile: &Profile, rule: &Rule, place: &str, found: &mut Found) {
    for (key, delay) in delays(rule) {
        found.within(format!("{place}.{key}"), delay, (1, LONGEST_DELAY_S), " s");
    }
    let stages = levels(rule);
    if stages.is_empty() {
        found.add(format!("{place}.stages"), "needs at least one stage");
    }
    if stages.windows(2).any(|pair| pair[0].0 > pair[1].0)
        || stages.iter().any(|(level, _)| !(1..=3).contains(level))
    {
        found.add(format!("{place}.stages"), "must run from level 1 to level 3");
    }
    if stages.windows(2).any(|pair| pair[0].1 > pair[1].1 && pair[0].0 < pair[1].0) {
        found.add(format!("{place}.stages"), "a graver stage may not have a lower priority");
    }
    for (key, limit) in limits(rule) {
        if limit.absolute.or(limit.offset).or(limit.percent).is_none() {
            found.add(format!("{place}.{key}"), "a limit needs absolute, offset or percent");
        }
    }
    for (key, margin) in margins(rule) {
        found.within(format!("{place}.{key}"), margin, (0.0, 20.0), "");
    }
    stages_stand_in_order(rule, place, found);
    let known = |name: &String| profile.symptoms.iter().any(|choice| choice.name == *name);
    for (key, symptom) in symptoms(rule) {
        if !known(symptom) {
            found.add(
                format!("{place}.{key}"),
                format!("{symptom:?} is not one of the profile's symptoms"),
            );
        }
    }
    match rule {
        Rule::Held { stages, .. } => {
            for (index, stage) in stages.iter().enumerate() {
                found.within(format!("{place}.stages[{index}].share"), stage.share, (0.5, 1.0), "");
            }
        }
        Rule::Entered { score, stages } => {
            let scored = stages.iter().any(|stage| stage.is.is_some());
            let is_known =
                score.as_ref().is_some_and(|name| profile.scores.iter().any(|s| s.name == *name));
            if scored && !is_known {
                found.add(format!("{place}.score"), "must name one of the profile's scores");
            }
        }
        Rule::CuffOverdue { stages } => {
            for (index, stage) in stages.iter().enumerate() {
                let key = format!("{place}.stages[{index}].cadences");
                found.within(key, stage.cadences, (1, 3), "");
            }
        }
        Rule::CuffFailed { failures, .. } => {
            found.within(format!("{place}.failures"), *failures, (1, 3), "");
        }
        Rule::Repeated { count, .. } => {
            found.within(format!("{place}.count"), *count, (2, 16), "");
        }
        _ => {}
    }
}

/// Level and priority of each stage. Stages that only time tells apart count by their priority.
fn levels(rule: &Rule) -> Vec<(u8, Priority)> {
    match rule {
        Rule::Held { stages, .. } => stages.iter().map(|s| (s.level, s.priority)).collect(),
        Rule::Fall { stages, .. } => stages.iter().map(|s| (s.level, s.priority)).collect(),
        Rule::Cuff { stages, .. } => stages.iter().map(|s| (s.level, s.priority)).collect(),
        Rule::Signs { stages, .. } => stages.iter().map(|s| (s.level, s.priority)).collect(),
        Rule::Entered { stages, .. } => stages.iter().map(|s| (s.level, s.priority)).collect(),
        Rule::Absence { stages, .. } => stages.iter().map(|s| (1, s.priority)).collect(),
        Rule::Questionable { stages, .. } | Rule::Lost { stages } | Rule::Unwatched { stages } => {
            stages.iter().map(|s| (1, s.priority)).collect()
        }
        Rule::CuffOverdue { stages } => stages.iter().map(|s| (1, s.priority)).collect(),
        Rule::CuffFailed { priority, .. }
        | Rule::Repeated { priority, .. }
        | Rule::ClockDiffers { priority, .. }
        | Rule::Reported { priority } => vec![(1, *priority)],
    }
}

fn delays(rule: &Rule) -> Vec<(String, u32)> {
    let stage = |index: usize, key: &str| format!("stages[{index}].{key}");
    match rule {
        Rule::Held { stages, deficits, clearing, gap_s, .. } => {
            let held = stages.iter().enumerate().map(|(i, s)| (stage(i, "for_s"), s.for_s));
            let over = deficits
                .iter()
                .enumerate()
                .map(|(i, d)| (format!("deficits[{i}].over_s"), d.over_s.min(301)));
            let others =
                [("clearing.for_s".to_owned(), clearing.for_s), ("gap_s".to_owned(), *gap_s)];
            held.chain(over).chain(others).collect()
        }
        Rule::Fall { within_s, held_s, clearing, gap_s, .. } => vec![
            ("within_s".to_owned(), *within_s),
            ("held_s".to_owned(), *held_s),
            ("clearing.for_s".to_owned(), clearing.for_s),
            ("gap_s".to_owned(), *gap_s),
        ],
        Rule::Cuff { stages, again_s, .. } => {
            let confirmed = stages.iter().enumerate().filter_map(|(i, s)| match s.readings {
                CuffCount::Confirmed { within_s } => {
                    Some((stage(i, "readings.confirmed.within_s"), within_s))
                }
                CuffCount::One | CuffCount::Two => None,
            });
            confirmed.chain(again_s.map(|again| ("again_s".to_owned(), again))).collect()
        }
        Rule::Signs { signs, .. } => {
            let held = signs
                .iter()
                .enumerate()
                .filter_map(|(i, sign)| Some((format!("signs[{i}].held.for_s"), sign.held?.for_s)));
            held.collect()
        }
        Rule::Absence { stages, .. } => {
            stages.iter().enumerate().map(|(i, s)| (stage(i, "after_s"), s.after_s)).collect()
        }
        Rule::Questionable { stages, .. } | Rule::Lost { stages } | Rule::Unwatched { stages } => {
            stages.iter().enumerate().map(|(i, s)| (stage(i, "after_s"), s.after_s)).collect()
        }
        Rule::CuffOverdue { stages } => {
            stages.iter().enumerate().map(|(i, s)| (stage(i, "and_s"), s.and_s)).collect()
        }
        Rule::Repeated { within_s, .. } => vec![("within_s".to_owned(), *within_s)],
        Rule::ClockDiffers { by_s, for_s, .. } => {
            vec![("by_s".to_owned(), *by_s), ("for_s".to_owned(), *for_s)]
        }
        Rule::Entered { .. } | Rule::CuffFailed { .. } | Rule::Reported { .. } => Vec::new(),
    }
}

fn limits(rule: &Rule) -> Vec<(String, Limit)> {
    match rule {
        Rule::Held { stages, deficits, .. } => {
            let held =
                stages.iter().enumerate().map(|(i, s)| (format!("stages[{i}].limit"), s.limit));
            let areas =
                deficits.iter().enumerate().map(|(i, d)| (format!("deficits[{i}].limit"), d.limit));
            held.chain(areas).collect()
        }
        Rule::Fall { to, .. } => vec![("to".to_owned(), *to)],
        Rule::Cuff { stages, .. } => {
            let test = |(i, s): (usize, &super::CuffStage)| {
                (format!("stages[{i}].test.limit"), s.test.limit)
            };
            stages.iter().enumerate().map(test).collect()
        }
        _ => Vec::new(),
    }
}

fn margins(rule: &Rule) -> Vec<(&'static str, f64)> {
    match rule {
        Rule::Held { clearing, .. } | Rule::Fall { clearing, .. } => {
            vec![("clearing.margin", clearing.margin)]
        }
        Rule::Cuff { clearing_margin, .. } => vec![("clearing_margin", *clearing_margin)],
        _ => Vec::new(),
    }
}

fn symptoms(rule: &Rule) -> Vec<(String, &String)> {
    match rule {
        Rule::Signs { symptoms, .. } => {
            symptoms.iter().map(|name| ("symptoms".to_owned(), name)).collect()
        }
        Rule::Entered { stages, .. } => {
            let named = stages.iter().enumerate().flat_map(|(i, stage)| {
                stage.symptoms.iter().map(move |name| (format!("stages[{i}].symptoms"), name))
            });
            named.collect()
        }
        _ => Vec::new(),
    }
}

/// A graver stage's absolute limit must not be milder than that of a milder stage.
fn stages_stand_in_order(rule: &Rule, place: &str, found: &mut Found) {
    let stages: Vec<_> = match rule {
        Rule::Held { stages, .. } => {
            stages.iter().map(|s| (s.level, s.compare, s.limit.absolute)).collect()
        }
        Rule::Cuff { stages, .. } => {
            stages.iter().map(|s| (s.level, s.test.compare, s.test.limit.absolute)).collect()
        }
        _ => return,
    };
    for level in [2u8, 3] {
        let of = |level: u8| {
            stages.iter().filter(move |s| s.0 == level).filter_map(|s| s.2.map(|l| (s.1, l)))
        };
        let Some((compare, mildest)) = of(level).reduce(|(c, a), (_, b)| (c, c.milder(a, b)))
        else {
            continue;
        };
        let milder_levels = (1..level).flat_map(of);
        let Some(before) = milder_levels.map(|(_, l)| l).reduce(|a, b| compare.milder(a, b)) else {
            continue;
        };
        if compare.milder(mildest, before) != before {
            found.add(
                format!("{place}.stages"),
                format!("stages are in the wrong order: level {level} begins at {mildest}, before the milder one at {before}"),
            );
        }
    }
}

/// Whether a condition is one that a profile must have.
pub(super) fn missing(profile: &Profile, condition: Condition) -> bool {
    profile.row(condition).is_none()
}
