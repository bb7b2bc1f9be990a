use super::*;

const SOONER: &str = r#"
[escalation]
high = { repeat_s = 20, second_nurse_s = 45, prescriber_s = 90 }
medium = { emphasised_s = 150 }

[cadence]"#;

fn is_refused(from: &str, to: &str, key: &str, what: &str) {
    assert!(SOONER.contains(from), "there is no {from:?} to edit");
    let text = edited(&[("\n[cadence]", &SOONER.replacen(from, to, 1))]);
    let problems = Profile::from_toml(&text).expect_err("it should be refused");
    let said: Vec<_> = problems.iter().map(|p| (p.place.as_str(), p.what.as_str())).collect();
    assert_eq!(said, [(&*format!("escalation.{key}"), what)], "{from:?} to {to:?}");
    assert!(problems.iter().all(|problem| problem.line.is_some()), "{problems:?}");
}

#[test]
fn people_may_be_called_sooner_and_a_profile_that_says_nothing_calls_as_shipped() {
    let sooner = Profile::from_toml(&edited(&[("\n[cadence]", SOONER)])).unwrap();
    assert_eq!(sooner.escalation.high.second_nurse_s, 45);
    assert_eq!(Profile::from_toml(&sooner.to_toml()).unwrap(), sooner);
    let high = Profile::from_toml(MADE_UP).unwrap().escalation.high;
    assert_eq!((high.repeat_s, high.second_nurse_s, high.prescriber_s), (30, 60, 120));
}

#[test]
fn nobody_is_called_too_late_nor_the_prescriber_before_the_second_nurse() {
    is_refused("20", "61", "high.repeat_s", "must be 5..=60 s, got 61");
    is_refused("20", "0", "high.repeat_s", "must be 5..=60 s, got 0");
    is_refused("= 90", "= 301", "high.prescriber_s", "must be 20..=300 s, got 301");
    is_refused("150", "301", "medium.emphasised_s", "must be 30..=300 s, got 301");
    is_refused("45", "9", "high.second_nurse_s", "must be 10..=120 s, got 9");
    let in_turn = "must be later than second_nurse_s, 90 s";
    is_refused("45", "90", "high.prescriber_s", in_turn);
}
