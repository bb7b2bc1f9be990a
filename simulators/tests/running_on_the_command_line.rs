//! `dripwatch-sim run` and `dripwatch-sim fault`, as a person or a script calls them.

use std::process::{Command, Output};

fn sim(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dripwatch-sim"));
    command.args(arguments).env_remove("DRIPWATCH_SIM_TOKEN");
    command.env_remove("DRIPWATCH_SIM_DEVICE_TOKEN").output().expect("it starts")
}

/// What it says when it refuses.
fn refusal(code: i32, arguments: &[&str]) -> String {
    let output = sim(arguments);
    assert_eq!(output.status.code(), Some(code), "{arguments:?}");
    assert!(output.stdout.is_empty());
    String::from_utf8_lossy(&output.stderr).into_owned()
}

const RUN: [&str; 6] = ["run", "mild-dip", "--url", "http://127.0.0.1:1", "--token", "t"];

fn run(more: &[&str]) -> String {
    let code =
        if more.iter().any(|word| ["fhir", "0", "fast", "01:00"].contains(word)) { 2 } else { 1 };
    refusal(code, &[&RUN, more].concat())
}

#[test]
fn what_run_cannot_do_is_told_with_what_it_can() {
    assert!(run(&["--dialect", "fhir"]).contains("allowed are native, mindray, efficia, loinc"));
    for speed in ["0", "fast"] {
        assert!(run(&["--speed", speed]).contains("give a number from 0.25 to 1000"));
    }
    assert!(run(&["--utc-offset", "01:00"]).contains("such as +01:00"));
    assert!(run(&[]).contains("dripwatch device add mon-3"));
    assert!(run(&["--dialect", "loinc"]).contains("give --hl7"));
    let unknown = ["run", "mild-drip", "--url", "http://127.0.0.1:1", "--token", "t"];
    assert!(refusal(1, &unknown).contains("see `dripwatch-sim list`"));
}

#[test]
fn what_fault_cannot_switch_is_told_with_what_it_can() {
    let said = refusal(2, &["fault", "3", "fire", "on"]);
    assert!(said.contains("allowed are desaturate, surge, faint"), "{said}");
    assert!(refusal(2, &["fault", "3", "delay", "maybe"]).contains("on, off"));
    let nobody = refusal(1, &["fault", "3", "delay", "--control", "127.0.0.1:1"]);
    assert!(nobody.contains("with --control"), "{nobody}");
    let odd = refusal(1, &["fault", "3/../4", "delay"]);
    assert!(odd.contains("letters, digits"), "{odd}");
}

#[test]
fn the_control_page_is_for_this_machine_only() {
    let said = run(&["--device-token", "d", "--control", "0.0.0.0:0"]);
    assert!(said.contains("this machine only"), "{said}");
}
