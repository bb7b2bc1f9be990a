//! The recordings in `examples/recordings` are what the scenarios give, byte for byte.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use simulators::scenario::Scenario;

fn recordings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/recordings")
}

#[test]
fn each_example_recording_is_what_record_writes_from_its_scenario() {
    for scenario in Scenario::all().unwrap() {
        let name = scenario.name();
        let stored = std::fs::read_to_string(recordings().join(format!("{name}.ndjson"))).unwrap();
        // Not assert_eq: it would print both files whole.
        assert!(
            stored == scenario.recording(),
            "{name}: write it anew with `dripwatch-sim record --all --dir examples/recordings`"
        );
    }
}

#[test]
fn there_is_no_other_recording_and_no_scenario_file_that_is_left_out() {
    let known: BTreeSet<_> =
        Scenario::all().unwrap().iter().map(|scenario| scenario.name().to_owned()).collect();
    let names = |folder: PathBuf| -> BTreeSet<_> {
        let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
        files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned()).collect()
    };
    assert_eq!(names(recordings()), known);
    assert_eq!(names(Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios")), known);
}

#[test]
fn a_scenario_played_twice_gives_the_same_bytes() {
    let twice = Scenario::all().unwrap().into_iter().zip(Scenario::all().unwrap());
    for (first, second) in twice {
        assert!(first.recording() == second.recording(), "{}", first.name());
        let again = first.recording();
        assert!(first.recording() == again, "{}", first.name());
    }
}

#[test]
fn time_never_goes_back_and_each_recording_ends() {
    for scenario in Scenario::all().unwrap() {
        let lines: Vec<_> = scenario.lines().collect();
        assert!(lines.is_sorted_by_key(|(at, _)| *at), "{}", scenario.name());
        let (at, last) = lines.last().expect("a recording has an end");
        assert_eq!(last.to_json(*at), format!(r#"{{"at":{at},"end":true}}"#));
    }
}
