//! Edits that would keep a condition silent, or keep its alert from sounding again.

use super::{MADE_UP, is_refused, refused};
use crate::profile::Profile;

const SPO2: &str = "conditions[0].rule.held";

#[test]
fn a_rule_of_another_shape_vital_or_direction() {
    is_refused(
        "rule = { reported = { priority = \"high\" } }",
        "rule = { cuff_failed = { failures = 3, priority = \"high\" } }",
        "conditions[9].rule",
        "device_conflict needs a rule of the shape reported, got cuff_failed",
    );
    is_refused(
        "vital = \"spo2\"",
        "vital = \"temp\"",
        &format!("{SPO2}.vital"),
        "must be \"spo2\" for spo2_low",
    );
    let problems = refused(&[(
        "compare = \"<\", limit = { absolute = 87 }",
        "compare = \">\", limit = { absolute = 87 }",
    )]);
    assert_eq!(problems[0].place, format!("{SPO2}.stages[2].compare"));
    assert_eq!(problems[0].what, "must be < or <= for spo2_low");
    is_refused(
        "test = { part = \"systolic\", compare = \">\", limit = { absolute = 190 } }",
        "test = { part = \"diastolic\", compare = \">\", limit = { absolute = 190 } }",
        "conditions[4].rule.cuff.stages[2].test.part",
        "must be \"systolic\" for systolic_high",
    );
}

#[test]
fn too_short_a_time_in_which_it_may_alarm() {
    is_refused(
        "during = [\"no_session\", \"before_start\", \"treatment\"]",
        "during = [\"treatment\", \"before_start\"]",
        "conditions[0].during",
        "must hold \"no_session\"",
    );
}

#[test]
fn a_clearing_margin_that_is_never_reached() {
    let margin = format!("{SPO2}.clearing.margin");
    is_refused(
        "clearing = { margin = 2, for_s = 20 }",
        "clearing = { margin = 2, for_s = 600 }",
        &format!("{SPO2}.clearing.for_s"),
        "must be 1..=120 s, got 600",
    );
    let problems = refused(&[("clearing = { margin = 2", "clearing = { margin = 20")]);
    assert!(problems.iter().all(|problem| problem.place == margin), "{problems:?}");
    let within = [("{ absolute = 94 }", "{ absolute = 96 }")];
    assert_eq!(
        refused(&within)[0].what,
        "2 inside the caution limit 96 is not reached by a patient with a usual value of 97: \
         the alert would never be over"
    );
    is_refused(
        "clearing_margin = 4\nstages = [\n    { level = 1, priority = \"medium\", readings = \"one\", test = { part = \"systolic\", compare = \">\"",
        "clearing_margin = 40\nstages = [\n    { level = 1, priority = \"medium\", readings = \"one\", test = { part = \"systolic\", compare = \">\"",
        "conditions[4].rule.cuff.clearing_margin",
        "40 inside the caution limit 152 is not reached by a patient with a usual value of 120: the alert would never be over",
    );
}

#[test]
fn a_gap_in_which_no_run_ever_lasts() {
    for gap_s in [0, 1, 121] {
        is_refused(
            "gap_s = 12",
            &format!("gap_s = {gap_s}"),
            &format!("{SPO2}.gap_s"),
            &format!("must be 5..=120 s, got {gap_s}"),
        );
    }
}

#[test]
fn a_share_of_a_long_time_in_place_of_all_of_a_short_one() {
    let needs =
        "needs a stage of level 1 (caution) with an absolute limit that is enough by itself";
    let stage = "{ absolute = 55 }, for_s = 45 }";
    let share = "{ absolute = 55 }, for_s = 300, share = 0.9 }";
    is_refused(stage, share, "conditions[1].rule.held.stages", needs);
    // The room remembers no more than 300 s.
    let longer = "{ absolute = 55 }, for_s = 45 },\n    { level = 1, priority = \"medium\", \
         compare = \"<\", limit = { absolute = 58 }, for_s = 301, share = 0.6 }";
    is_refused(
        stage,
        longer,
        "conditions[1].rule.held.stages[1].for_s",
        "must be 1..=300 s, got 301",
    );
}

#[test]
fn a_stage_that_counts_only_beside_another_alert_or_much_later() {
    let place = "conditions[4].rule.cuff.stages";
    let extreme = "limit = { absolute = 190 } } }";
    let needs =
        "needs a stage of level 3 (extreme) with an absolute limit that is enough by itself";
    let beside = "limit = { absolute = 190 } }, with = [\"temp_high\"] }";
    is_refused(extreme, beside, place, needs);
    let stage = "readings = \"one\", test = { part = \"systolic\", compare = \">\", limit = { absolute = 190 } }";
    is_refused(stage, &stage.replace("\"one\"", "\"two\""), place, needs);
}

#[test]
fn stages_for_the_infusion_or_the_sensor_alone() {
    let low = "{ priority = \"low\", after_s = 10 }";
    is_refused(
        low,
        "{ priority = \"low\", after_s = 10, infusing = true }",
        "conditions[7].rule.lost.stages",
        "needs a stage of priority low that is enough by itself, also when not infusing",
    );
    is_refused(
        "{ priority = \"high\", after_s = 80, infusing = true }",
        "{ priority = \"high\", after_s = 80, infusing = true, sensor_off = true }",
        "conditions[10].rule.absence.stages",
        "needs a stage of priority high that is enough by itself",
    );
    is_refused(
        "{ priority = \"low\", after_s = 10 },",
        "",
        "conditions[7].rule.lost.stages",
        "needs a stage of priority low that is enough by itself, also when not infusing",
    );
}

#[test]
fn no_stages_at_all() {
    let problems = refused(&[(
        "rule = { entered = { stages = [{ level = 2, priority = \"high\", symptoms = [\"pallor\"] }] } }",
        "rule = { entered = { stages = [] } }",
    )]);
    let said: Vec<_> = problems.iter().map(ToString::to_string).collect();
    assert!(said[0].ends_with("stages: must be 1..=12 stages, got 0"), "{said:?}");
    assert!(
        said[1].ends_with("needs a stage of priority high with at least one symptom"),
        "{said:?}"
    );
}

#[test]
fn a_stage_of_nothing_or_of_what_nobody_can_enter() {
    let place = "conditions[6].rule.entered.stages[1]";
    let stage = "[{ level = 2, priority = \"high\", symptoms = [\"pallor\"] }";
    let with = |more: &str| format!("{stage}, {more}");
    is_refused(
        stage,
        &with("{ level = 2, priority = \"high\" }"),
        place,
        "needs a score's limit (is) or symptoms",
    );
    let scored = "{ level = 2, priority = \"high\", is = { compare = \"<=\", limit = 3 } }";
    is_refused(
        stage,
        &with(scored),
        &format!("{place}.is"),
        "the rule's score must be one of the profile's",
    );
    let unknown = "{ level = 2, priority = \"high\", symptoms = [\"gout\"] }";
    is_refused(
        stage,
        &with(unknown),
        &format!("{place}.symptoms"),
        "\"gout\" is not one of the profile's symptoms",
    );
}

#[test]
fn a_grave_symptom_that_is_only_noted() {
    is_refused(
        "{ name = \"pallor\", text = \"Pale\" }",
        "{ name = \"pallor\", text = \"Pale\" }, { name = \"seizure\", text = \"Seizure\" }",
        "conditions[6].rule.entered.stages",
        "seizure is one of the profile's symptoms: a stage of priority high must name it",
    );
}

#[test]
fn a_fall_to_where_nobody_falls() {
    let fall = |by: f64, to: &str| {
        let more = format!(
            "\n[[conditions]]\ncondition = \"spo2_falling\"\ntext = \"x\"\nduring = [\"treatment\"]\n\
             realert_s = 0\n[conditions.rule.fall]\nvital = \"spo2\"\ngap_s = 10\nby = {by}\n\
             within_s = 20\nto = {to}\nheld_s = 3\nafter_bad_s = 0\n\
             clearing = {{ margin = 1, for_s = 30 }}\n\
             stages = [{{ level = 1, priority = \"medium\" }}]\n"
        );
        let problems = Profile::from_toml(&format!("{MADE_UP}{more}"));
        problems.err().map(|problems| problems[0].what.clone())
    };
    assert_eq!(fall(5.0, "{ offset = -4 }"), None);
    assert_eq!(fall(40.0, "{ offset = -4 }").as_deref(), Some("must be 2..=15, got 40"));
    assert_eq!(
        fall(5.0, "{ absolute = 0 }").as_deref(),
        Some("must be 85..=96 with a baseline of 97, got 0")
    );
}

#[test]
fn a_priority_that_is_too_low() {
    is_refused(
        "level = 2, priority = \"high\", compare = \"<\", limit = { absolute = 45 }",
        "level = 2, priority = \"medium\", compare = \"<\", limit = { absolute = 45 }",
        "conditions[1].rule.held.stages[1].priority",
        "must be at least high at level 2, got medium",
    );
    is_refused(
        "reported = { priority = \"high\" }",
        "reported = { priority = \"low\" }",
        "conditions[9].rule.reported.priority",
        "must be high, got low",
    );
}

#[test]
fn an_alert_hidden_by_what_says_something_else_or_by_one_that_it_hides() {
    let row = "text = \"Pressure low\"";
    let hidden = |by: &str| format!("{row}\nhidden_by = [\"{by}\"]");
    for by in ["systolic_high", "systolic_low", "clock_skew"] {
        let what = format!("{by} may not hide systolic_low: only what already says the same may");
        is_refused(row, &hidden(by), "conditions[3].hidden_by", &what);
    }
    // The other way round it may: two that hide each other cannot be written.
    let row = "text = \"Pressure high\"";
    is_refused(
        row,
        &format!("{row}\nhidden_by = [\"diastolic_high\"]"),
        "conditions[4].hidden_by",
        "diastolic_high may not hide systolic_high: only what already says the same may",
    );
    let row = "text = \"Monitor silent\"";
    is_refused(
        row,
        &format!("{row}\nhidden_by = [\"spo2_no_value\"]"),
        "conditions[7].hidden_by",
        "spo2_no_value may not hide monitor_lost: only what already says the same may",
    );
}

#[test]
fn a_poor_signal_of_no_vital() {
    let vitals = "vitals = [\"spo2\", \"heart_rate\"]";
    is_refused(
        vitals,
        "vitals = [\"temp\", \"resp_rate\"]",
        "conditions[12].rule.questionable.vitals",
        "must hold \"spo2\" and \"heart_rate\"",
    );
}

#[test]
fn a_cadence_without_steps_or_with_long_ones() {
    let infusing = "infusing = [{ every_s = 420 }]";
    is_refused(infusing, "infusing = []", "cadence.infusing", "must be 1..=24 steps, got 0");
    is_refused(
        infusing,
        "infusing = [{ every_s = 7200 }]",
        "cadence.infusing[0].every_s",
        "must be 60..=3600 s, got 7200",
    );
    is_refused(
        infusing,
        "infusing = [{ every_s = 420, until_s = 900 }]",
        "cadence.infusing[0].until_s",
        "the last step goes on to the end: leave until_s out",
    );
}

#[test]
fn a_caution_limit_lifted_by_an_override() {
    let part = "part = \"diastolic\"\n";
    let lifted = "part = \"diastolic\"\noverridden = { above = 90, caution = { absolute = 150, offset = 12 } }\n";
    is_refused(
        part,
        lifted,
        "conditions[5].rule.cuff.overridden.caution.absolute",
        "must be 85..=110, got 150",
    );
}

#[test]
fn a_depth_below_a_limit_that_no_time_is_long_enough_for() {
    let clearing = "clearing = { margin = 2, for_s = 20 }";
    let deficit = |numbers: &str| {
        format!(
            "{clearing}\ndeficits = [{{ level = 2, priority = \"high\", limit = {{ absolute = 90 }}, {numbers} }}]"
        )
    };
    let place = |key: &str| format!("{SPO2}.deficits[0].{key}");
    is_refused(
        clearing,
        &deficit("most = 8, over_s = 60, area = 900, after_bad_s = 8"),
        &place("area"),
        "must be 1..=240, got 900",
    );
    is_refused(
        clearing,
        &deficit("most = 8, over_s = 60, area = 30, after_bad_s = 9999"),
        &place("after_bad_s"),
        "must be 0..=60 s, got 9999",
    );
}

#[test]
fn a_condition_that_stands_twice() {
    let more = "\n[[conditions]]\ncondition = \"device_conflict\"\ntext = \"x\"\nduring = [\"treatment\"]\n\
         realert_s = 0\nrule = { reported = { priority = \"high\" } }\n";
    let problems = Profile::from_toml(&format!("{MADE_UP}{more}")).unwrap_err();
    assert!(problems[0].what.contains("is listed twice"), "{problems:?}");
}

#[test]
fn an_urgent_limit_that_follows_a_low_baseline_below_its_floor() {
    is_refused(
        "limit = { absolute = 88 }",
        "limit = { absolute = 88, offset = -30 }",
        "conditions[3].rule.cuff.stages[1].test.limit",
        "must be 75..=95 with a baseline of 95, got 65",
    );
}
