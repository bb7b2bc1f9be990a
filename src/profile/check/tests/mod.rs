//! Edits of a profile that nobody should make, each refused with its place, its line and what is
//! allowed. `src/profile/tests/made-up.toml` is what they are made in.

mod escalation;
mod silencing;
mod waits;

use crate::profile::{Form, Problem, Profile};

const MADE_UP: &str = include_str!("../../tests/made-up.toml");

fn edited(edits: &[(&str, &str)]) -> String {
    let edit = |text: String, (from, to): &(&str, &str)| {
        assert!(text.contains(from), "there is no {from:?} to edit");
        text.replacen(from, to, 1)
    };
    edits.iter().fold(MADE_UP.to_owned(), edit)
}

fn refused(edits: &[(&str, &str)]) -> Vec<Problem> {
    Profile::from_toml(&edited(edits)).expect_err("it should be refused")
}

/// An edit and the one problem that it makes; in TOML each has a line.
fn is_refused(from: &str, to: &str, place: &str, what: &str) {
    let problems = refused(&[(from, to)]);
    let said: Vec<_> = problems.iter().map(|p| (p.place.as_str(), p.what.as_str())).collect();
    assert_eq!(said, [(place, what)], "{from:?} to {to:?}");
    assert!(problems.iter().all(|problem| problem.line.is_some()), "{problems:?}");
}

/// The line on which `text` first appears.
fn line_of(text: &str, whole: &str) -> usize {
    whole.lines().position(|line| line.contains(text)).unwrap() + 1
}

#[test]
fn the_profile_that_the_others_are_edits_of_is_good() {
    assert_eq!(Profile::from_toml(MADE_UP).unwrap().version, 0);
}

#[test]
fn an_unknown_vital_or_key_is_refused_where_it_stands() {
    is_refused(
        "vital = \"spo2\"",
        "vital = \"spo3\"",
        "conditions[0].rule.held.vital",
        "unknown variant `spo3`, expected one of `spo2`, `heart_rate`, `resp_rate`, `temp`",
    );
    is_refused(
        "planned_s = 1800",
        "planned_s = \"soon\"",
        "planned_s",
        "invalid type: string \"soon\", expected u32",
    );
    let problem = &refused(&[("gap_s = 12", "gap_s = 12\nquiet = true")])[0];
    assert_eq!(problem.line, Some(line_of("gap_s = 12", MADE_UP) + 1), "{problem}");
    assert_eq!(
        problem.what,
        "unknown field `quiet`, expected one of `vital`, `gap_s`, `stages`, `deficits`, `clearing`"
    );
    let problem = &refused(&[("title =", "parts = []\ntitle =")])[0];
    assert!(problem.what.contains("`dripwatch profiles show NAME --toml`"), "{problem}");
}

#[test]
fn a_limit_outside_its_floor_or_ceiling_is_refused() {
    let place = "conditions[0].rule.held.stages[2].limit.absolute";
    let extreme = "{ absolute = 87 }";
    is_refused(extreme, "{ absolute = 79 }", place, "must be 80..=90, got 79");
    is_refused(extreme, "{ absolute = 91 }", place, "must be 80..=90, got 91");
    is_refused(extreme, "{ absolute = nan }", place, "must be 80..=90, got NaN");
    // It counts for the baseline-relative part, and for what holds a limit up, as well.
    is_refused(
        extreme,
        "{ absolute = 87, offset = -20 }",
        "conditions[0].rule.held.stages[2].limit",
        "must be 80..=90 with a baseline of 97, got 77",
    );
    is_refused(
        "limit = { absolute = 125 }",
        "limit = { absolute = 125, at_least = 250 }",
        "conditions[2].rule.held.stages[1].limit",
        "must be 100..=160 with a baseline of 72, got 250",
    );
}

#[test]
fn a_delay_of_an_hour_is_refused() {
    is_refused(
        "{ absolute = 91 }, for_s = 10",
        "{ absolute = 91 }, for_s = 3600",
        "conditions[0].rule.held.stages[1].for_s",
        "must be 3..=30 s, got 3600",
    );
    is_refused(
        "{ priority = \"low\", after_s = 10 }",
        "{ priority = \"low\", after_s = 3600 }",
        "conditions[7].rule.lost.stages[0].after_s",
        "must be 5..=15 s, got 3600",
    );
    is_refused(
        "realert_s = 300",
        "realert_s = 3600",
        "conditions[0].realert_s",
        "must be 0..=600 s, got 3600",
    );
}

#[test]
fn stages_in_the_wrong_order_are_refused() {
    let place = "conditions[2].rule.held.stages";
    let what = "stages are in the wrong order: level 2 begins at 104, before the milder one at 105";
    is_refused("limit = { absolute = 125 }", "limit = { absolute = 104 }", place, what);
    let swapped = [
        ("level = 1", "level = 3"),
        ("level = 3, priority = \"high\"", "level = 1, priority = \"high\""),
    ];
    let problems = refused(&swapped);
    let said: Vec<_> = problems.iter().map(|problem| problem.what.as_str()).collect();
    assert!(said.contains(&"must run from level 1 to level 3"), "{said:?}");
}

#[test]
fn a_condition_that_every_profile_has_may_not_be_left_out() {
    let rows = MADE_UP.split("[[conditions]]");
    let kept: Vec<_> = rows.filter(|row| !row.contains("condition = \"unwatched\"")).collect();
    let problems = Profile::from_toml(&kept.join("[[conditions]]")).unwrap_err();
    let said: Vec<_> = problems.iter().map(|p| (p.place.as_str(), p.what.as_str())).collect();
    assert_eq!(said, [("conditions", "unwatched is missing: every profile has it")]);
}

#[test]
fn all_problems_are_told_at_once_each_with_its_line() {
    let edits = [
        ("planned_s = 1800", "planned_s = 5"),
        ("baseline = [{ every_s = 600 }]", "baseline = []"),
        ("{ absolute = 91 }, for_s = 10", "{ absolute = 91 }, for_s = 3600"),
        ("priority = \"high\", after_s = 45", "priority = \"high\", after_s = 400"),
    ];
    let text = edited(&edits);
    let problems = Profile::from_toml(&text).unwrap_err();
    let lines: Vec<_> = problems.iter().map(|problem| problem.line).collect();
    assert_eq!(lines, edits.map(|(_, to)| Some(line_of(to, &text))));
}

#[test]
fn json_is_told_the_line_that_serde_knows_and_the_place_of_all_else() {
    let profile = Profile::from_toml(MADE_UP).unwrap();
    let json = serde_json::to_string_pretty(&profile).unwrap();
    let of = |from: &str, to: &str| {
        let text = json.replacen(from, to, 1);
        Profile::read(&text, Form::Json, Some("made-up")).unwrap_err()
    };
    let unknown = &of("\"planned_s\"", "\"planned\"")[0];
    assert_eq!(unknown.line, Some(line_of("\"planned_s\"", &json)));
    assert!(unknown.what.starts_with("unknown field `planned`"), "{unknown}");
    let long = &of("\"for_s\": 10", "\"for_s\": 3600")[0];
    assert_eq!(
        long.to_string(),
        "conditions[0].rule.held.stages[1].for_s: must be 3..=30 s, got 3600"
    );
    let cut = &Profile::read(&json[..40], Form::Json, None).unwrap_err()[0];
    assert_eq!(cut.line, Some(json[..40].lines().count()));
}

#[test]
fn a_profile_bears_the_name_under_which_it_is_put() {
    let problems = Profile::read(MADE_UP, Form::Toml, Some("ours")).unwrap_err();
    assert_eq!(
        problems[0].to_string(),
        "line 3: name: must be \"ours\", the name under which it is put, got \"made-up\""
    );
}

#[test]
fn a_score_says_what_each_of_its_values_means_or_none() {
    let symptoms = "symptoms = [{ name = \"pallor\", text = \"Pale\" }]";
    let with = |rest: &str| {
        format!(
            "{symptoms}\nscores = [{{ name = \"calm\", text = \"Calm\", lowest = 1, highest = 3{rest} }}]"
        )
    };
    let taken = |rest: &str| Profile::from_toml(&edited(&[(symptoms, &with(rest))])).is_ok();
    assert!(taken(""));
    assert!(taken(", meanings = [\"not\", \"so so\", \"very\"]"));
    let few = with(", meanings = [\"not\", \"very\"]");
    let what = "must be one for each of 3 values, got 2";
    is_refused(symptoms, &few, "scores[0].meanings", what);
    let blank = with(", meanings = [\"not\", \"\", \"very\"]");
    let what = "must be a text of 1..=80 characters, got 0";
    is_refused(symptoms, &blank, "scores[0].meanings[1]", what);
}

#[test]
fn a_flood_of_problems_is_told_as_far_as_anybody_reads() {
    let pallor = "{ name = \"pallor\", text = \"Pale\" }";
    let many = vec![pallor; 500].join(", ");
    is_refused(pallor, &many, "symptoms", "must be 0..=40 choices, got 500");
    let stage = "    { priority = \"low\", after_s = 10 },";
    let many = vec!["    { priority = \"low\", after_s = 9999 },"; 5_000].join("\n");
    assert_eq!(refused(&[(stage, &many)]).len(), 100);
}
