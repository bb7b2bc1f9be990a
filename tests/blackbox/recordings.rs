//! The recording of every scenario is the same bytes on every machine, and gives its alert log in
//! `examples/alerts`.

use std::collections::BTreeSet;
use std::path::Path;

use simulators::scenario::Scenario;

use super::app::{examples, run, text};

/// The scenarios' recordings, written to this folder as `dripwatch-sim record --all` does.
fn written_to(folder: &Path) -> Vec<String> {
    let write = |scenario: Scenario| {
        let file = format!("{}.ndjson", scenario.name());
        std::fs::write(folder.join(&file), scenario.recording()).unwrap();
        file
    };
    Scenario::all().unwrap().into_iter().map(write).collect()
}

#[test]
fn the_recording_of_every_scenario_replays_to_its_stored_log() {
    let folder = tempfile::tempdir().unwrap();
    for file in written_to(folder.path()) {
        let expected = std::fs::read_to_string(examples().join("alerts").join(&file)).unwrap();
        let path = folder.path().join(&file);
        for _ in 0..2 {
            let replayed = run(&["replay", path.to_str().unwrap(), "--json"]);
            assert!(replayed.status.success(), "{file}: {}", text(&replayed.stderr));
            assert_eq!(text(&replayed.stdout), expected, "{file}");
        }
    }
}

#[test]
fn every_stored_log_has_its_scenario() {
    let logs = std::fs::read_dir(examples().join("alerts")).unwrap();
    let logs: BTreeSet<_> =
        logs.map(|log| log.unwrap().file_name().into_string().unwrap()).collect();
    let scenarios = Scenario::all().unwrap();
    let scenarios = scenarios.iter().map(|scenario| format!("{}.ndjson", scenario.name()));
    assert_eq!(logs, scenarios.collect());
}

#[test]
fn the_recording_of_every_scenario_is_the_same_bytes_on_every_machine() {
    let made: String = Scenario::all()
        .unwrap()
        .iter()
        .map(|scenario| {
            let hash = blake3::hash(scenario.recording().as_bytes());
            format!("{hash}  {}.ndjson\n", scenario.name())
        })
        .collect();
    let stored = std::fs::read_to_string(examples().join("recordings.b3")).unwrap();
    assert_eq!(
        made, stored,
        "where a scenario was changed, put its line into examples/recordings.b3"
    );
}

#[test]
fn a_recording_with_a_mistake_names_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("bad.ndjson");
    let header = r#"{"type":"recording","version":1,"room":"3","profile":"ketamine-iv-adult","patient":{"initials":"J.T."}}"#;
    let refused = |second: &str| {
        std::fs::write(&file, format!("{header}\n{second}\n")).unwrap();
        let output = run(&["replay", file.to_str().unwrap(), "--json"]);
        assert_eq!(output.status.code(), Some(1), "{second}");
        assert!(output.stdout.is_empty());
        let said = text(&output.stderr);
        assert!(said.contains("line 2"), "{said}");
        said
    };
    assert!(
        refused(r#"{"at":1,"device":"m","frame":{"type":"readings","colour":1,"readings":[]}}"#)
            .contains("colour")
    );
    assert!(refused(r#"{"at":1,"watched":true,"colour":1}"#).contains("colour"));
    assert!(refused(r#"{"at":"soon","watched":true}"#).contains("at must be"));
    assert!(refused(r#"{"at":1,"staff":"KM","event":{"type":"fly"}}"#).contains("accept_baseline"));
    let unknown_vital = r#"{"at":1,"device":"m","frame":{"type":"readings","readings":[{"vital":"spo3","value":97}]}}"#;
    assert!(refused(unknown_vital).contains("vital must be one of"));
    assert!(refused("nonsense").contains("line 2"));
}
