//! Every number and flag of the shipped rules matters: changed by the smallest step that means
//! something, it changes what reaches staff in the recording of a scenario or in a short script.

use std::sync::Arc;

use dripwatch::profile::{Condition, Profile, builtin};
use serde_json::{Value as Json, json};
use simulators::scenario::Scenario;

use super::play::{Announcement, Play};
use super::rule_scripts::scripts;

/// A profile with one thing changed.
struct Mutant {
    name: String,
    profile: Arc<Profile>,
}

/// A play, and what it announces with the rules as they are.
struct Expected {
    play: Play,
    announced: Vec<Announcement>,
}

impl Expected {
    fn of(play: Play, profile: &Arc<Profile>) -> Self {
        let announced = play.all(profile);
        assert!(!announced.is_empty(), "{}: announces nothing", play.name);
        Self { play, announced }
    }

    fn announces(&self, condition: Condition) -> bool {
        self.announced
            .iter()
            .any(|announced| matches!(announced, Announcement::Alert(line) if line.condition == condition))
    }

    /// Whether it announces something else with the mutant.
    fn kills(&self, mutant: &Mutant) -> bool {
        let mut expected = self.announced.iter();
        let mut is_other = false;
        self.play.play(&mutant.profile, |announced| {
            is_other = expected.next() != Some(&announced);
            !is_other
        });
        is_other || expected.next().is_some()
    }
}

fn plays(profile: &Arc<Profile>) -> Vec<Expected> {
    let recorded = Scenario::all().unwrap().into_iter().map(|scenario| Play::recorded(&scenario));
    let scripted = scripts().map(|(profile, name, text)| Play::scripted(profile, name, text));
    let all = recorded.chain(scripted).filter(|play| play.profile == profile.name);
    let mut expected: Vec<Expected> = all.map(|play| Expected::of(play, profile)).collect();
    expected.sort_by_key(|one| one.play.length());
    expected
}

/// What may be left out of a row, each for itself.
const MAY_BE_LEFT_OUT: [&str; 18] = [
    "absolute",
    "again_s",
    "asks_cuff",
    "at_least",
    "deficits",
    "from",
    "hidden_by",
    "infusing",
    "is",
    "offset",
    "or_confirmed_by",
    "overridden",
    "percent",
    "sensor_off",
    "share",
    "suggestion",
    "symptoms",
    "with",
];

/// What is said, not judged; and what names the row.
const NOT_CHANGED: [&str; 6] = ["condition", "text", "sensor_off_text", "score", "part", "vital"];

/// Every change of one thing below `json`, as the path and the whole.
fn changed(json: &Json, key: &str, is_temperature: bool) -> Vec<(String, Json)> {
    match json {
        Json::Object(object) => {
            let held = object.get("held").unwrap_or(json);
            let is_temperature = is_temperature || held.get("vital") == Some(&json!("temp"));
            let mut all = Vec::new();
            for (key, value) in object {
                let put = |(path, new): (String, Json)| {
                    let mut object = object.clone();
                    object.insert(key.clone(), new);
                    (format!(".{key}{path}"), Json::Object(object))
                };
                if MAY_BE_LEFT_OUT.contains(&key.as_str()) {
                    let mut object = object.clone();
                    object.remove(key);
                    all.push((format!(".{key} left out"), Json::Object(object)));
                }
                if !NOT_CHANGED.contains(&key.as_str()) {
                    all.extend(changed(value, key, is_temperature).into_iter().map(put));
                }
            }
            if key == "readings" {
                all.push((" one".to_owned(), json!("one")));
                all.push((" two".to_owned(), json!("two")));
            }
            all
        }
        Json::Array(elements) => {
            let without = |index: usize| {
                let mut elements = elements.clone();
                let removed = elements.remove(index);
                let name = removed.as_str().unwrap_or_default().to_owned();
                (format!("[{index}] {name} removed"), Json::Array(elements))
            };
            let mut all: Vec<_> = (0..elements.len()).map(without).collect();
            for (index, element) in elements.iter().enumerate() {
                let put = |(path, new): (String, Json)| {
                    let mut elements = elements.clone();
                    elements[index] = new;
                    (format!("[{index}]{path}"), Json::Array(elements))
                };
                all.extend(changed(element, key, is_temperature).into_iter().map(put));
            }
            all
        }
        Json::Number(number) if key == "realert_s" && number.as_f64() != Some(0.0) => {
            vec![(" = 0".to_owned(), json!(0))]
        }
        Json::Number(number) => {
            let steps: [f64; 2] = match key {
                "share" => [-0.01, 0.01],
                "offset" | "absolute" | "margin" if is_temperature => [-0.1, 0.1],
                _ => [-1.0, 1.0],
            };
            let moved = |step: f64| {
                let value = ((number.as_f64().unwrap() + step) * 100.0).round() / 100.0;
                let is_whole = number.is_u64() && step.fract() == 0.0 && value >= 0.0;
                (value, if is_whole { json!(value as u64) } else { json!(value) })
            };
            let said = |(value, new): (f64, Json)| (format!(" = {value}"), new);
            let is_one = |value: &f64| key != "level" || (1.0..=3.0).contains(value);
            steps.into_iter().map(moved).filter(|(value, ..)| is_one(value)).map(said).collect()
        }
        Json::String(word) => {
            let other = match (key, word.as_str()) {
                ("priority", "low" | "high") | ("from", "high") => "medium",
                ("priority", _) => "high",
                ("compare", "<=") => "<",
                ("compare", "<") => "<=",
                ("compare", ">=") => ">",
                ("compare", ">") => ">=",
                ("readings", "one") => "two",
                ("readings", "two") => "one",
                _ => return Vec::new(),
            };
            vec![(format!(" {other}"), json!(other))]
        }
        Json::Bool(_) | Json::Null => Vec::new(),
    }
}

fn mutants(profile: &Profile, condition: Condition) -> Vec<Mutant> {
    let index = profile.conditions.iter().position(|row| row.condition == condition).unwrap();
    let row = serde_json::to_value(&profile.conditions[index]).unwrap();
    let mut mutants = Vec::new();
    let removed = [(" removed".to_owned(), Json::Null)];
    for (path, row) in removed.into_iter().chain(changed(&row, "", false)) {
        let mut profile = profile.clone();
        if row.is_null() {
            profile.conditions.remove(index);
        } else {
            // What a rule cannot do without, or what is no number of its kind.
            let Ok(row) = serde_json::from_value(row) else { continue };
            profile.conditions[index] = row;
        }
        let name = format!("{}{path}", condition.name());
        mutants.push(Mutant { name, profile: Arc::new(profile) });
    }
    mutants
}

/// What no play can distinguish, and why.
const THE_SAME: [(&str, &[&str]); 8] = [
    (
        "the first level or the last of a rule without own limits: levels only have an order",
        &[
            "spo2_falling.rule.fall.stages[0].level = 2",
            "hr_falling.rule.fall.stages[1].level = 3",
            "symptom.rule.entered.stages[1].level = 3",
            "sedation.rule.entered.stages[1].level = 3",
            "distress.rule.entered.stages[1].level = 3",
            "reaction.rule.signs.stages[1].level = 3",
        ],
    ),
    (
        "with for_s = 1 the newest reading decides alone, whatever was before the gap",
        &["temp_high.rule.held.gap_s = 59", "temp_high.rule.held.gap_s = 61"],
    ),
    (
        "b + 20 of a baseline of 140 is the usual limit of 160",
        &["systolic_high.rule.cuff.overridden.above = 139"],
    ),
    (
        "beyond `above`, b + offset is beyond `at_least` already",
        &[
            "systolic_high.rule.cuff.overridden.caution.at_least left out",
            "systolic_high.rule.cuff.overridden.caution.at_least = 159",
            "diastolic_high.rule.cuff.overridden.caution.at_least left out",
            "diastolic_high.rule.cuff.overridden.caution.at_least = 99",
            "diastolic_high.rule.cuff.overridden.caution.at_least = 101",
        ],
    ),
    (
        "only a medium alert is opened again, and only by what is no milder: this one is never \
         medium, or begins low each time",
        &[
            "device_conflict.realert_s = 0",
            "nibp_failed.realert_s = 0",
            "unstable_link.realert_s = 0",
            "implausible_values.realert_s = 0",
            "clock_skew.realert_s = 0",
            "monitor_lost.realert_s = 0",
            "spo2_no_value.realert_s = 0",
            "hr_no_value.realert_s = 0",
            "poor_signal.realert_s = 0",
        ],
    ),
    (
        "a cadence and 180 s lie between the pressure that ends it and the next time",
        &["nibp_overdue.realert_s = 0"],
    ),
    (
        "a time of 0 s asks for one value, as 1 s does; no profile may say 0",
        &[
            "temp_high.rule.held.stages[0].for_s = 0",
            "temp_high.rule.held.clearing.for_s = 0",
            "reaction.rule.signs.signs[3].held.for_s = 0",
        ],
    ),
    (
        "no profile may say 0 cadences; the room takes it for 1",
        &["nibp_overdue.rule.cuff_overdue.stages[0].cadences = 0"],
    ),
];

/// The mutants of these rows that no play distinguishes, but for those that are the same.
fn survivors(profile: &Arc<Profile>, conditions: &[Condition]) -> Vec<String> {
    let plays = plays(profile);
    let names = THE_SAME.iter().flat_map(|(_, names)| names.iter().copied());
    let the_same: Vec<&str> = names.collect();
    let mut wrong = Vec::new();
    let mut count = 0;
    for condition in conditions {
        let (near, far): (Vec<_>, Vec<_>) = plays.iter().partition(|p| p.announces(*condition));
        for mutant in mutants(profile, *condition) {
            count += 1;
            let is_the_same = the_same.contains(&mutant.name.as_str());
            // Those that are known to be the same need not play what never announces their condition.
            let others = far.iter().filter(|_| !is_the_same);
            let is_killed = near.iter().chain(others).any(|play| play.kills(&mutant));
            match (is_killed, is_the_same) {
                (false, false) => wrong.push(format!("{} survives", mutant.name)),
                (true, true) => wrong.push(format!("{} is not the same", mutant.name)),
                _ => {}
            }
        }
    }
    assert!(count > 60, "only {count} mutants");
    wrong
}

/// Scripts step from value to value, as no body does: the pulse gate, which has tests of its own,
/// would doubt each step.
fn ungated(name: &str) -> Arc<Profile> {
    let mut profile = Profile::clone(&builtin(name).unwrap());
    profile.pulse_gate.enabled = false;
    Arc::new(profile)
}

#[test]
fn every_number_and_flag_of_the_ketamine_rules_matters() {
    let profile = ungated("ketamine-iv-adult");
    let conditions: Vec<_> = profile.conditions.iter().map(|row| row.condition).collect();
    assert_eq!(survivors(&profile, &conditions), Vec::<String>::new());
}

#[test]
fn every_number_and_flag_of_a_reactions_signs_matters() {
    let profile = ungated("infliximab");
    assert_eq!(survivors(&profile, &[Condition::Reaction]), Vec::<String>::new());
}
