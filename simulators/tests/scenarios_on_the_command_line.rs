//! `dripwatch-sim list` and `dripwatch-sim record`, as a person or a script calls them.

use std::path::Path;
use std::process::{Command, Output};

use simulators::scenario::Scenario;

fn sim(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_dripwatch-sim")).args(arguments).output().expect("it starts")
}

#[test]
fn list_has_a_line_for_each_scenario() {
    let listed = String::from_utf8(sim(&["list"]).stdout).unwrap();
    let scenarios = Scenario::all().unwrap();
    assert_eq!(listed.lines().count(), scenarios.len());
    for (line, scenario) in listed.lines().zip(&scenarios) {
        assert!(line.starts_with(scenario.name()) && line.ends_with(scenario.shows()), "{line}");
    }
}

#[test]
fn record_writes_one_scenario_to_standard_output_or_a_file_and_all_to_a_folder() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("recordings");
    std::fs::create_dir_all(&folder).unwrap();
    let folder_name = folder.to_str().unwrap();
    assert!(sim(&["record", "--all", "--dir", folder_name]).status.success());
    let scenarios = Scenario::all().unwrap();
    for scenario in &scenarios {
        let file = folder.join(format!("{}.ndjson", scenario.name()));
        assert!(std::fs::read_to_string(file).unwrap() == scenario.recording());
    }
    let apnoea = scenarios.iter().find(|scenario| scenario.name() == "apnoea").unwrap();
    assert!(sim(&["record", "apnoea"]).stdout == apnoea.recording().as_bytes());
    let file = folder.join("one.ndjson");
    assert!(sim(&["record", "apnoea", "--out", file.to_str().unwrap()]).stdout.is_empty());
    assert!(std::fs::read_to_string(file).unwrap() == apnoea.recording());
}

#[test]
fn an_unknown_name_says_where_the_known_ones_are_and_a_wrong_file_its_line() {
    let unknown = sim(&["record", "apnea"]);
    assert_eq!(unknown.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&unknown.stderr).contains("see `dripwatch-sim list`"));
    let file = Path::new(env!("CARGO_TARGET_TMPDIR")).join("wrong.toml");
    std::fs::write(&file, "shows = \"x\"\nclinical = 99\n").unwrap();
    let wrong = sim(&["record", file.to_str().unwrap()]);
    assert_eq!(wrong.status.code(), Some(1));
    let said = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(said.contains("wrong.toml line 2: allowed are 1 to 35, got 99"), "{said}");
}
