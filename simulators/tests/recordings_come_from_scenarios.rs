//! The recordings in `examples/recordings` are what their scenarios give, byte for byte.

use std::collections::BTreeSet;
use std::path::Path;

use simulators::scenario::Scenario;

#[test]
fn each_example_recording_is_what_record_writes_from_its_scenario() {
    let examples = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/recordings");
    let mut compared = 0;
    for file in std::fs::read_dir(examples).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap();
        let scenario = Scenario::named(name).unwrap().expect(name);
        let stored = std::fs::read_to_string(&path).unwrap();
        // Not assert_eq: it would print both files whole.
        assert!(
            stored == scenario.recording(),
            "write it anew: `dripwatch-sim record {name} --out examples/recordings/{name}.ndjson`"
        );
        compared += 1;
    }
    assert_eq!(compared, 6);
}

#[test]
fn no_scenario_file_is_left_out() {
    let known: BTreeSet<_> =
        Scenario::all().unwrap().iter().map(|scenario| scenario.name().to_owned()).collect();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("scenarios");
    let files = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path());
    let names = files.map(|path| path.file_stem().unwrap().to_string_lossy().into_owned());
    assert_eq!(names.collect::<BTreeSet<_>>(), known);
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
