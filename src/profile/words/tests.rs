use std::path::Path;

use super::*;
use crate::profile::{Approval, DEFAULT_PROFILE, builtin, builtin_names};

fn stage_texts(name: &str, condition: Condition) -> Vec<String> {
    let profile = builtin(name).unwrap();
    let rules = Rules::of(&profile);
    let section = rules.sections.into_iter().find(|s| s.condition == condition).unwrap();
    let stages = section.stages.iter();
    stages.map(|s| format!("{} {}: {}", s.priority.name(), s.name, s.text)).collect()
}

#[test]
fn saturation_reads_with_its_baseline_parts_and_delays() {
    let texts = stage_texts(DEFAULT_PROFILE, Condition::Spo2Low);
    assert_eq!(
        texts[0],
        "medium caution: SpO2 at or below 92 %, or 3 below the baseline if that is lower, for 30 s."
    );
    assert_eq!(texts.len(), 4);
}

#[test]
fn an_urgent_pressure_reads_with_its_confirmation() {
    let texts = stage_texts(DEFAULT_PROFILE, Condition::SystolicHigh);
    assert!(texts.contains(
        &"high urgent: Systolic at or above 180 mmHg, confirmed by the next reading within 180 s \
          (diastolic at or above 110 mmHg confirms it too); without one in that time, all the same."
            .to_owned()
    ));
}

#[test]
fn technical_stages_are_named_by_their_priority() {
    let texts = stage_texts(DEFAULT_PROFILE, Condition::MonitorLost);
    assert_eq!(
        texts,
        [
            "low low: The monitor of the session is not heard, for 12 s.",
            "medium medium: The monitor of the session is not heard, for 60 s.",
            "high high: The monitor of the session is not heard, for 60 s, while infusing.",
        ]
    );
}

#[test]
fn a_page_says_who_approved_or_that_nobody_did() {
    let mut profile = (*builtin(DEFAULT_PROFILE).unwrap()).clone();
    assert!(Rules::of(&profile).to_markdown().contains("**Nobody has approved this version.**"));
    profile.approved = Some(Approval { by: "Dr Bell".into(), at: 1_795_262_400_000 });
    let page = Rules::of(&profile).to_markdown();
    assert!(page.contains("Approved by Dr Bell on 2026-11-21 12:00 UTC."), "{page}");
}

#[test]
fn a_gate_reads_with_how_each_item_is_met_and_who_may_go_on_without_it() {
    let profile = builtin("esketamine-nasal-adult").unwrap();
    let rules = Rules::of(&profile);
    let of_steps: Vec<_> = rules.gates.iter().map(|(step, items)| (*step, items.len())).collect();
    let steps = [
        (Step::CheckIn, 4),
        (Step::Screening, 13),
        (Step::Baseline, 4),
        (Step::Start, 6),
        (Step::Discharge, 14),
    ];
    assert_eq!(of_steps, steps);
    let (_, leaving) = &rules.gates[4];
    assert_eq!(
        leaving[0],
        "“Stay of 2 h from the first spray”: 2 h have passed since the start. Nobody may go on \
         without it."
    );
    assert_eq!(
        leaving[4],
        "“HR 50 to 110”: heart rate has good values in the last 5 min, none below 50/min or above \
         110/min; what is at most 20/min from the baseline is no such value. A prescriber may go \
         on without it, with a reason."
    );
    assert_eq!(
        rules.dose[0],
        "Esketamine (nasal): 28 to 84 mg (usual 56). Anything beyond is refused."
    );
    let never = "Do not start: systolic below 90";
    let hold = rules.before_start.iter().find(|hold| hold.contains(never)).unwrap();
    assert!(hold.ends_with("Nobody starts with it."), "{hold}");
    let text = rules.text();
    let of_start = "Before the start: “Call button shown”: a person ticks it. Any nurse may go on \
                    without it, with a reason.";
    assert!(text.general.iter().any(|line| line == of_start), "{:?}", text.general);
}

#[test]
fn over_http_the_words_have_the_shape_of_the_contract() {
    let profile = builtin("infliximab").unwrap();
    let json = serde_json::to_value(Rules::of(&profile).text()).unwrap();
    let keys: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["approved", "cadence", "general", "name", "sections", "title", "version"]);
    let first = &json["sections"][0];
    let keys: Vec<_> = first.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["clears", "condition", "kind", "note", "stages", "title", "when"]);
    assert_eq!(first["kind"], "physiological");
    let stage: Vec<_> = first["stages"][0].as_object().unwrap().keys().collect();
    assert_eq!(stage, ["name", "priority", "text"]);
}

#[test]
fn the_pages_in_docs_are_what_the_profiles_say() {
    for name in builtin_names() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("docs/rules/{name}.md"));
        let written = std::fs::read_to_string(&file).unwrap_or_default();
        let profile = builtin(name).unwrap();
        assert!(
            written == Rules::of(&profile).to_markdown(),
            "docs/rules/{name}.md is not what the profile says. Run: \
             cargo run -- rules {name} --shipped --out docs/rules/{name}.md"
        );
    }
}
