use super::*;

const WAIT: &str = r#"
[[waits]]
text = "Start waits"
after = ["hr_low"]
for_s = 240
cuff = [{ part = "systolic", compare = ">=", limit = { absolute = 101 } }]
held = [{ vital = "heart_rate", compare = ">=", limit = { absolute = 51 }, gap_s = 50 }]

[cadence]"#;

fn with(from: &str, to: &str) -> Vec<Problem> {
    assert!(WAIT.contains(from), "there is no {from:?} to edit");
    let wait = WAIT.replacen(from, to, 1);
    Profile::from_toml(&edited(&[("\n[cadence]", &wait)])).expect_err("it should be refused")
}

fn is_refused(from: &str, to: &str, place: &str, what: &str) {
    let problems = with(from, to);
    let said: Vec<_> = problems.iter().map(|p| (p.place.as_str(), p.what.as_str())).collect();
    assert_eq!(said, [(place, what)], "{from:?} to {to:?}");
    assert!(problems.iter().all(|problem| problem.line.is_some()), "{problems:?}");
}

#[test]
fn a_wait_of_other_numbers_is_good() {
    let profile = Profile::from_toml(&edited(&[("\n[cadence]", WAIT)])).unwrap();
    assert_eq!(Profile::from_toml(&profile.to_toml()).unwrap(), profile);
}

#[test]
fn a_wait_after_what_is_never_raised_before_the_start_is_refused() {
    let place = "waits[0].after";
    let never = |name| format!("{name} is no alert of the patient's values before the start");
    is_refused("hr_low", "hr_high", place, &never("hr_high"));
    is_refused("hr_low", "hr_falling", place, &never("hr_falling"));
    is_refused("hr_low", "poor_signal", place, &never("poor_signal"));
    is_refused("[\"hr_low\"]", "[]", place, "must name at least one condition");
    let unknown = &with("hr_low", "hr_slow")[0];
    assert!(unknown.what.starts_with("unknown variant `hr_slow`"), "{unknown}");
    assert!(unknown.line.is_some(), "{unknown}");
}

#[test]
fn a_wait_without_any_test_is_refused() {
    let tests = &WAIT[WAIT.find("cuff").unwrap()..WAIT.find("\n[cadence]").unwrap()];
    let what = "needs cuff tests or held: it would have nothing to wait for";
    is_refused(tests, "", "waits[0]", what);
}

#[test]
fn a_wait_keeps_to_its_floors_and_ceilings() {
    is_refused("240", "119", "waits[0].for_s", "must be 120..=300 s, got 119");
    is_refused("240", "301", "waits[0].for_s", "must be 120..=300 s, got 301");
    is_refused("gap_s = 50", "gap_s = 4", "waits[0].held[0].gap_s", "must be 5..=120 s, got 4");
    let systolic = "waits[0].cuff[0].limit.absolute";
    is_refused("101", "89", systolic, "must be 90..=115, got 89");
    let rate = "waits[0].held[0].limit.absolute";
    is_refused("51", "66", rate, "must be 40..=65, got 66");
    is_refused(
        "absolute = 51",
        "offset = -20",
        "waits[0].held[0].limit",
        "needs absolute: there may be no baseline before the start",
    );
}

#[test]
fn a_wait_that_would_never_be_over_is_refused() {
    is_refused(
        "\">=\", limit = { absolute = 101",
        "\"<=\", limit = { absolute = 101",
        "waits[0].cuff[0]",
        "a usual value of 120 is not well by it: the wait would never be over",
    );
}
