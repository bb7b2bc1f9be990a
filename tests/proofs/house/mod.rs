//! The plan of the house (design.md#the-house): what is above may import what is below, never the
//! other way, and no files import one another.

mod source;
mod tokens;

use std::collections::{BTreeMap, BTreeSet};

use source::{Source, circles, paths_from};

/// The lower storey: no clock, no I/O, no tasks, no randomness.
const PURE: &[&str] = &[
    "name", "json", "vitals", "dose", "people", "shift", "lists", "rules", "gates", "profile",
    "room", "notice", "record", "report", "alertlog",
];

/// The upper storey, from its lowest floor up.
const ABOVE: &[&str] = &[
    "clock", "password", "access", "places", "log", "contract", "adapters", "store", "journal",
    "replay", "error", "burden", "hub", "ward", "sealing", "config", "outbound", "notify", "http",
    "control", "app", "cli",
];

/// Imports that run up all the same: from, to, why.
const RUNS_UP: &[(&str, &str, &str)] = &[(
    "store",
    "journal",
    "the views are written in the journal's own transaction, until the store is parted from it",
)];

/// Files that import one another all the same, and why.
const FILES_IN_A_CIRCLE: &[(&[&str], &str)] =
    &[(&["journal", "store"], "until the store is parted from the journal")];

/// What the lower storey must not name, and why.
const NOT_PURE: &[(&[&str], &str)] = &[
    (&["tokio", "futures_util", "async", "await"], "tasks"),
    (&["sqlx", "rustix", "socket2"], "the system"),
    (&["axum", "reqwest", "hyper", "tower_http", "lettre", "tokio_rustls"], "the network"),
    (&["tracing", "metrics", "println", "eprintln"], "what is told on the way"),
    (&["Instant", "SystemTime"], "a clock"),
    (&["rand", "getrandom", "uuid"], "chance"),
    (&["HashMap", "HashSet"], "an order that differs from run to run"),
];

/// Modules of the standard library that touch the world.
const NOT_PURE_STD: &[&str] = &["fs", "net", "env", "process", "thread", "io"];

/// Lines of a file; beyond them it hides a second idea.
const FILE_LINES: usize = 500;
/// Half of the files have no more.
const MEDIAN_LINES: usize = 130;

/// Files that are longer all the same, each to be parted.
const LONGER: &[&str] = &[];

/// Tests that read the project, what fuzzers call, and the table of the folders.
const NO_PART_OF_THE_HOUSE: &[&str] = &["", "fuzzing"];

fn folder(module: &str) -> &str {
    module.split("::").next().unwrap()
}

fn floor(folder: &str) -> Option<usize> {
    PURE.iter().chain(ABOVE).position(|name| *name == folder)
}

#[test]
fn every_folder_has_its_floor() {
    let source = Source::read("src");
    for module in source.code.keys().filter(|it| !NO_PART_OF_THE_HOUSE.contains(&it.as_str())) {
        assert!(floor(folder(module)).is_some(), "{module}: put its folder into PURE or ABOVE");
    }
}

#[test]
fn nothing_imports_what_is_above_it() {
    let source = Source::read("src");
    let mut up: BTreeMap<(&str, &str), Vec<String>> = BTreeMap::new();
    for (module, imported) in &source.imports {
        if NO_PART_OF_THE_HOUSE.contains(&module.as_str()) {
            continue;
        }
        for other in imported {
            let (from, to) = (folder(module), folder(other));
            if floor(from) < floor(to) {
                up.entry((from, to)).or_default().push(format!("{module} imports {other}"));
            }
        }
    }
    for (from, to, _) in RUNS_UP {
        assert!(
            up.remove(&(*from, *to)).is_some(),
            "{from} no longer imports {to}: delete its line"
        );
    }
    assert!(up.is_empty(), "move what is imported down, or what imports it up: {up:#?}");
}

#[track_caller]
fn no_files_in_a_circle(source: &Source, known: &[(&[&str], &str)]) {
    let mut found = source.circles();
    for (files, _) in known {
        let files: BTreeSet<String> = files.iter().map(|file| (*file).to_owned()).collect();
        let place = found.iter().position(|circle| *circle == files);
        found.swap_remove(place.unwrap_or_else(|| panic!("{files:?}: no longer one, delete it")));
    }
    assert!(found.is_empty(), "put what they share into a file of its own: {found:#?}");
}

#[test]
fn no_files_import_one_another() {
    no_files_in_a_circle(&Source::read("src"), FILES_IN_A_CIRCLE);
    no_files_in_a_circle(&Source::read("simulators/src"), &[]);
}

#[test]
fn the_lower_storey_touches_nothing_of_the_world() {
    let source = Source::read("src");
    let mut seen = BTreeSet::new();
    for (module, tokens) in source.code.iter().filter(|(it, _)| PURE.contains(&folder(it))) {
        seen.insert(folder(module));
        for (names, what) in NOT_PURE {
            for name in *names {
                assert!(
                    !tokens.iter().any(|token| token.is(name)),
                    "{module} names {name}: {what}"
                );
            }
        }
        for path in paths_from(&["std"], tokens) {
            let is_of_the_world = NOT_PURE_STD.contains(&path.get(1).map_or("", String::as_str));
            assert!(!is_of_the_world, "{module} names {}", path.join("::"));
        }
    }
    assert!(seen.len() >= 4, "{seen:?}");
}

#[test]
fn no_file_hides_a_second_idea() {
    let source = Source::read("src");
    let lines = |file| std::fs::read_to_string(file).unwrap().lines().count();
    let mut longer: BTreeMap<_, _> = source
        .files
        .iter()
        .map(|file| (file, lines(file)))
        .filter(|(_, lines)| *lines > FILE_LINES)
        .collect();
    for known in LONGER {
        let place = longer.keys().find(|file| file.ends_with(known)).copied();
        assert!(place.and_then(|file| longer.remove(file)).is_some(), "{known}: delete its line");
    }
    assert!(longer.is_empty(), "part them by what they are about: {longer:#?}");

    let mut all: Vec<usize> = source.files.iter().map(lines).collect();
    all.sort_unstable();
    let median = all[all.len() / 2];
    println!("half of the files have at most {median} lines");
    assert!(median <= MEDIAN_LINES, "{median}");
}

#[test]
fn a_circle_is_found_however_long_the_way_round() {
    let edges = |pairs: &[(&str, &str)]| {
        let mut edges: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (from, to) in pairs {
            edges.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        edges
    };
    let names = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    assert_eq!(circles(&edges(&[("a", "b"), ("b", "c"), ("a", "c")])), [] as [BTreeSet<String>; 0]);
    let two = edges(&[("a", "b"), ("b", "c"), ("c", "a"), ("c", "d"), ("d", "e"), ("e", "d")]);
    assert_eq!(circles(&two), [names(&["a", "b", "c"]), names(&["d", "e"])]);
}
