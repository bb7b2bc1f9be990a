//! Every recording under `examples/recordings` gives its alert log in `examples/alerts`.

use super::app::{examples, run, text};

#[test]
fn every_example_recording_replays_to_its_stored_log() {
    let mut compared = 0;
    for entry in std::fs::read_dir(examples().join("recordings")).unwrap() {
        let path = entry.unwrap().path();
        let log = examples().join("alerts").join(path.file_name().unwrap());
        let expected = std::fs::read_to_string(&log).unwrap();
        for _ in 0..2 {
            let replayed = run(&["replay", path.to_str().unwrap(), "--json"]);
            assert!(replayed.status.success(), "{path:?}: {}", text(&replayed.stderr));
            assert_eq!(text(&replayed.stdout), expected, "{path:?}");
        }
        compared += 1;
    }
    assert!(compared >= 1, "there is at least one example");
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
