//! `burden`, as a person calls it. What it counts is tried where it is counted.

use super::app::{run, text};

#[test]
fn two_profiles_stand_side_by_side_and_unflagged_motion_is_told() {
    let few = ["burden", "--sessions", "1", "--severe", "0", "--seed", "1"];
    let profiles = ["--profile", "ketamine-iv-adult", "--profile", "ketamine-pain-adult"];
    let both = run(&[&few[..], &profiles].concat());
    assert!(both.status.success(), "{}", text(&both.stderr));
    let said = text(&both.stdout);
    let first = said.lines().next().unwrap();
    assert!(
        first.contains("ketamine-iv-adult@") && first.contains("ketamine-pain-adult@"),
        "{said}"
    );
    let medium = said.lines().find(|line| line.starts_with("medium")).unwrap();
    assert_eq!(medium.split_whitespace().count(), 1 + 2 + 2, "{medium}");

    let unflagged = run(&[&few[..], &["--unflagged-motion", "5"]].concat());
    assert!(text(&unflagged.stdout).starts_with("motion that the monitor does not flag: 5 %"));
}

#[test]
fn what_burden_cannot_do_is_told_before_anything_is_played() {
    let refused = |args: &[&str]| {
        let output = run(&[&["burden"], args].concat());
        assert!(!output.status.success() && output.stdout.is_empty(), "{args:?}");
        text(&output.stderr)
    };
    assert!(refused(&["--unflagged-motion", "101"]).contains("0..=100"));
    // The first would take a minute.
    let said = refused(&["--profile", "ketamine-iv-adult", "--profile", "nobody"]);
    assert!(said.contains("there is no profile nobody; there are ketamine-iv-adult"), "{said}");
}
