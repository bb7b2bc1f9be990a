//! The numbers of a rule: within what the room can judge, and what is still medicine.

use super::super::{
    Clearing, Condition, ConditionRow, ContinuousVital, CuffCount, CuffStage, DeficitStage,
    EnteredStage, HeldStage, Kind, Limit, Priority, Profile, Rule, Sign, Steady,
};
use super::{Found, text};

/// Delays longer than this are mistakes, not medicine; seconds.
const LONGEST_DELAY_S: u32 = 600;
/// The room remembers no more of a continuous vital; seconds.
const LONGEST_LOOK_S: u32 = 300;
/// Below this the pause between two values of a slow monitor would start every time anew, and
/// nothing would ever last long enough; seconds.
pub(super) const GAP_S: (u32, u32) = (5, 120);
/// The same for a sign, which may be of a thermometer that speaks seldom.
const GAP_OF_SIGN_S: (u32, u32) = (5, 600);
const AFTER_BAD_S: (u32, u32) = (0, 60);
const CLEARING_S: (u32, u32) = (1, 120);
const STEADY_S: (u32, u32) = (120, 300);
/// A cuff squeezes an arm for 45 s; no standard lets it do so for longer than three minutes.
const INFLATED_S: (u32, u32) = (90, 180);
/// mmHg.
const CUFF_MARGIN: (f64, f64) = (0.0, 15.0);
/// Stages of a rule, signs of a reaction.
pub(super) const MOST_STAGES: usize = 12;

/// The key of a rule's shape.
pub(in crate::profile) fn shape(rule: &Rule) -> &'static str {
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

/// How far inside its limits a vital may have to be; farther, and an alert would never be over.
fn widest_margin(vital: ContinuousVital) -> f64 {
    match vital {
        ContinuousVital::Spo2 => 3.0,
        ContinuousVital::HeartRate => 15.0,
        ContinuousVital::RespRate => 4.0,
        ContinuousVital::Temp => 0.7,
    }
}

pub(super) fn makes_sense(profile: &Profile, row: &ConditionRow, place: &str, found: &mut Found) {
    levels_make_sense(row, place, found);
    stages_stand_in_order(&row.rule, place, found);
    match &row.rule {
        Rule::Held { vital, gap_s, stages, deficits, clearing } => {
            found.within(format!("{place}.gap_s"), *gap_s, GAP_S, " s");
            clearing_makes_sense(clearing, *vital, place, found);
            for (index, stage) in stages.iter().enumerate() {
                held_stage_makes_sense(stage, &format!("{place}.stages[{index}]"), found);
            }
            found.within(format!("{place}.deficits"), deficits.len(), (0, MOST_STAGES), " stages");
            for (index, stage) in deficits.iter().enumerate() {
                deficit_makes_sense(stage, &format!("{place}.deficits[{index}]"), found);
            }
        }
        Rule::Fall {
            vital,
            gap_s,
            by,
            within_s,
            to,
            held_s,
            after_bad_s,
            clearing,
            steady,
            ..
        } => {
            found.within(format!("{place}.gap_s"), *gap_s, GAP_S, " s");
            found.within(format!("{place}.by"), *by, (1.0, 60.0), "");
            found.within(format!("{place}.within_s"), *within_s, (5, LONGEST_LOOK_S), " s");
            found.within(format!("{place}.held_s"), *held_s, (1, 30), " s");
            found.within(format!("{place}.after_bad_s"), *after_bad_s, AFTER_BAD_S, " s");
            limit_makes_sense(to, &format!("{place}.to"), found);
            clearing_makes_sense(clearing, *vital, place, found);
            if let Some(steady) = steady {
                // Wider or shorter, and a fall that goes on would be over.
                let usual = Steady::usual(*vital);
                let within = (0.0, usual.within);
                found.within(format!("{place}.steady.within"), steady.within, within, "");
                found.within(format!("{place}.steady.for_s"), steady.for_s, STEADY_S, " s");
            }
        }
        Rule::Cuff { stages, clearing_margin, again_s, overridden, .. } => {
            let margin = format!("{place}.clearing_margin");
            found.within(margin, *clearing_margin, CUFF_MARGIN, " mmHg");
            if let Some(again_s) = again_s {
                found.within(format!("{place}.again_s"), *again_s, (60, LONGEST_DELAY_S), " s");
            }
            for (index, stage) in stages.iter().enumerate() {
                cuff_stage_makes_sense(stage, &format!("{place}.stages[{index}]"), found);
            }
            if let Some(overridden) = overridden {
                let above = format!("{place}.overridden.above");
                found.within(above, overridden.above, (60.0, 200.0), " mmHg");
                limit_makes_sense(
                    &overridden.caution,
                    &format!("{place}.overridden.caution"),
                    found,
                );
            }
        }
        Rule::Signs { signs, symptoms, stages } => {
            found.within(format!("{place}.signs"), signs.len(), (1, MOST_STAGES), " signs");
            for (index, sign) in signs.iter().enumerate() {
                sign_makes_sense(sign, &format!("{place}.signs[{index}]"), found);
            }
            known_symptoms(profile, symptoms, &format!("{place}.symptoms"), found);
            let most = u8::try_from(signs.len()).unwrap_or(u8::MAX).max(1);
            for (index, stage) in stages.iter().enumerate() {
                let key = format!("{place}.stages[{index}].at_least");
                found.within(key, stage.at_least, (1, most), " signs");
            }
        }
        Rule::Entered { score, stages } => {
            for (index, stage) in stages.iter().enumerate() {
                let place = format!("{place}.stages[{index}]");
                entered_stage_makes_sense(profile, score.as_deref(), stage, &place, found);
            }
        }
        Rule::Absence { sensor_off_text, stages, .. } => {
            text(sensor_off_text, &format!("{place}.sensor_off_text"), found);
            after(stages.iter().map(|stage| stage.after_s), place, found);
        }
        Rule::Questionable { vitals, stages } => {
            let all = [ContinuousVital::Spo2, ContinuousVital::HeartRate];
            if !all.iter().all(|vital| vitals.contains(vital)) {
                found.add(format!("{place}.vitals"), "must hold \"spo2\" and \"heart_rate\"");
            }
            found.within(format!("{place}.vitals"), vitals.len(), (2, 4), " vitals");
            after(stages.iter().map(|stage| stage.after_s), place, found);
        }
        Rule::Lost { stages } | Rule::Unwatched { stages } => {
            after(stages.iter().map(|stage| stage.after_s), place, found);
        }
        Rule::CuffOverdue { stages } => {
            for (index, stage) in stages.iter().enumerate() {
                let place = format!("{place}.stages[{index}]");
                found.within(format!("{place}.cadences"), stage.cadences, (1, 2), "");
                found.within(format!("{place}.and_s"), stage.and_s, (1, LONGEST_DELAY_S), " s");
            }
        }
        Rule::CuffFailed { failures, inflated, .. } => {
            found.within(format!("{place}.failures"), *failures, (1, 3), "");
            let after_s = format!("{place}.inflated.after_s");
            found.within(after_s, inflated.after_s, INFLATED_S, " s");
            text(&inflated.text, &format!("{place}.inflated.text"), found);
        }
        Rule::Repeated { count, within_s, .. } => {
            found.within(format!("{place}.count"), *count, (2, 16), "");
            found.within(format!("{place}.within_s"), *within_s, (30, LONGEST_DELAY_S), " s");
        }
        Rule::ClockDiffers { by_s, for_s, .. } => {
            found.within(format!("{place}.by_s"), *by_s, (1, 60), " s");
            found.within(format!("{place}.for_s"), *for_s, (1, LONGEST_DELAY_S), " s");
        }
        Rule::Reported { .. } => {}
    }
}

fn clearing_makes_sense(
    clearing: &Clearing,
    vital: ContinuousVital,
    place: &str,
    found: &mut Found,
) {
    let margin = format!("{place}.clearing.margin");
    found.within(margin, clearing.margin, (0.0, widest_margin(vital)), "");
    found.within(format!("{place}.clearing.for_s"), clearing.for_s, CLEARING_S, " s");
}

fn held_stage_makes_sense(stage: &HeldStage, place: &str, found: &mut Found) {
    found.within(format!("{place}.for_s"), stage.for_s, (1, LONGEST_LOOK_S), " s");
    found.within(format!("{place}.share"), stage.share, (0.5, 1.0), "");
    limit_makes_sense(&stage.limit, &format!("{place}.limit"), found);
}

fn deficit_makes_sense(stage: &DeficitStage, place: &str, found: &mut Found) {
    let DeficitStage { limit, most, over_s, area, after_bad_s, .. } = stage;
    limit_makes_sense(limit, &format!("{place}.limit"), found);
    found.within(format!("{place}.most"), *most, (1.0, 20.0), "");
    found.within(format!("{place}.over_s"), *over_s, (10, LONGEST_LOOK_S), " s");
    found.within(format!("{place}.after_bad_s"), *after_bad_s, AFTER_BAD_S, " s");
    // As deep as counts, for half of the time.
    let largest = (most * f64::from(*over_s) / 2.0).max(1.0);
    found.within(format!("{place}.area"), *area, (1.0, largest), "");
}

fn cuff_stage_makes_sense(stage: &CuffStage, place: &str, found: &mut Found) {
    limit_makes_sense(&stage.test.limit, &format!("{place}.test.limit"), found);
    if let Some(test) = &stage.or_confirmed_by {
        limit_makes_sense(&test.limit, &format!("{place}.or_confirmed_by.limit"), found);
    }
    if let CuffCount::Confirmed { within_s } = stage.readings {
        let key = format!("{place}.readings.confirmed.within_s");
        found.within(key, within_s, (30, LONGEST_DELAY_S), " s");
    }
}

fn entered_stage_makes_sense(
    profile: &Profile,
    score: Option<&str>,
    stage: &EnteredStage,
    place: &str,
    found: &mut Found,
) {
    if stage.is.is_none() && stage.symptoms.is_empty() {
        found.add(place, "needs a score's limit (is) or symptoms");
    }
    known_symptoms(profile, &stage.symptoms, &format!("{place}.symptoms"), found);
    let Some(test) = stage.is else { return };
    match profile.scores.iter().find(|choice| Some(&*choice.name) == score) {
        Some(choice) => {
            let range = (f64::from(choice.lowest), f64::from(choice.highest));
            found.within(format!("{place}.is.limit"), test.limit, range, "");
        }
        None => found.add(format!("{place}.is"), "the rule's score must be one of the profile's"),
    }
}

/// A sign, or a hold: it can be there, and it can be gone.
pub(super) fn sign_makes_sense(sign: &Sign, place: &str, found: &mut Found) {
    text(&sign.text, &format!("{place}.text"), found);
    found.within(format!("{place}.margin"), sign.margin, (0.0, 15.0), "");
    if sign.cuff.is_empty() == sign.held.is_none() {
        found.add(place, "needs either cuff tests or held");
    }
    found.within(format!("{place}.cuff"), sign.cuff.len(), (0, MOST_STAGES), " tests");
    for (index, test) in sign.cuff.iter().enumerate() {
        limit_makes_sense(&test.limit, &format!("{place}.cuff[{index}].limit"), found);
    }
    if let Some(held) = &sign.held {
        limit_makes_sense(&held.limit, &format!("{place}.held.limit"), found);
        found.within(format!("{place}.held.for_s"), held.for_s, (1, LONGEST_LOOK_S), " s");
        found.within(format!("{place}.held.gap_s"), held.gap_s, GAP_OF_SIGN_S, " s");
    }
}

fn known_symptoms(profile: &Profile, names: &[String], place: &str, found: &mut Found) {
    let is_known = |name: &str| profile.symptoms.iter().any(|choice| choice.name == name);
    for name in names.iter().filter(|name| !is_known(name)) {
        let shown: String = name.chars().take(40).collect();
        found.add(place, format!("{shown:?} is not one of the profile's symptoms"));
    }
}

fn after(delays_s: impl Iterator<Item = u32>, place: &str, found: &mut Found) {
    for (index, after_s) in delays_s.enumerate() {
        let key = format!("{place}.stages[{index}].after_s");
        found.within(key, after_s, (1, LONGEST_DELAY_S), " s");
    }
}

pub(super) fn limit_makes_sense(limit: &Limit, place: &str, found: &mut Found) {
    let Limit { absolute, offset, percent, at_least } = *limit;
    if absolute.or(offset).or(percent).is_none() {
        found.add(place, "a limit needs absolute, offset or percent");
    }
    if offset.is_some() && percent.is_some() {
        found.add(place, "a limit has either offset or percent");
    }
    for (key, value, range) in [
        ("absolute", absolute, (0.0, 300.0)),
        ("offset", offset, (-60.0, 60.0)),
        ("percent", percent, (-50.0, 50.0)),
        ("at_least", at_least, (0.0, 300.0)),
    ] {
        if let Some(value) = value {
            found.within(format!("{place}.{key}"), value, range, "");
        }
    }
}

/// Where a stage stands in its rule, its level and the priority of its alert. Stages that only
/// time tells apart have one level.
fn levels(rule: &Rule) -> Vec<(String, u8, Priority)> {
    fn all<T>(
        list: &str,
        stages: &[T],
        of: impl Fn(&T) -> (u8, Priority),
    ) -> Vec<(String, u8, Priority)> {
        let one = |(index, stage)| {
            let (level, priority) = of(stage);
            (format!("{list}[{index}]"), level, priority)
        };
        stages.iter().enumerate().map(one).collect()
    }
    match rule {
        Rule::Held { stages, deficits, .. } => {
            let mut levels = all("stages", stages, |s| (s.level, s.priority));
            levels.extend(all("deficits", deficits, |s| (s.level, s.priority)));
            levels
        }
        Rule::Fall { stages, .. } => all("stages", stages, |s| (s.level, s.priority)),
        Rule::Cuff { stages, .. } => all("stages", stages, |s| (s.level, s.priority)),
        Rule::Signs { stages, .. } => all("stages", stages, |s| (s.level, s.priority)),
        Rule::Entered { stages, .. } => all("stages", stages, |s| (s.level, s.priority)),
        Rule::Absence { stages, .. } => all("stages", stages, |s| (1, s.priority)),
        Rule::Questionable { stages, .. } | Rule::Lost { stages } | Rule::Unwatched { stages } => {
            all("stages", stages, |s| (1, s.priority))
        }
        Rule::CuffOverdue { stages } => all("stages", stages, |s| (1, s.priority)),
        Rule::CuffFailed { priority, .. }
        | Rule::Repeated { priority, .. }
        | Rule::ClockDiffers { priority, .. }
        | Rule::Reported { priority } => vec![("priority".to_owned(), 1, *priority)],
    }
}

fn levels_make_sense(row: &ConditionRow, place: &str, found: &mut Found) {
    let levels = levels(&row.rule);
    let stages: Vec<_> = levels.iter().filter(|(key, ..)| !key.starts_with("deficits")).collect();
    found.within(format!("{place}.stages"), stages.len(), (1, MOST_STAGES), " stages");
    if stages.windows(2).any(|pair| pair[0].1 > pair[1].1) {
        found.add(format!("{place}.stages"), "must run from level 1 to level 3");
    }
    for (key, level, priority) in &levels {
        found.within(format!("{place}.{key}.level"), *level, (1, 3), "");
        let least = if *level == 1 { Priority::Medium } else { Priority::High };
        if row.condition.kind() == Kind::Physiological && *priority < least {
            let (name, least) = (priority.name(), least.name());
            found.add(
                format!("{place}.{key}.priority"),
                format!("must be at least {least} at level {level}, got {name}"),
            );
        }
    }
    if let (Condition::DeviceConflict, Rule::Reported { priority }) = (row.condition, &row.rule)
        && *priority != Priority::High
    {
        let name = priority.name();
        found.add(format!("{place}.priority"), format!("must be high, got {name}"));
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
