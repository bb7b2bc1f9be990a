//! Checks that `docs/bounds.md` matches the program: each number is the constant's, each test
//! exists, and no bound is missing.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// Where bounds are clinical, and described in `docs/rules`.
const OF_RULES: [&str; 4] = ["src/room/", "src/rules/", "src/profile/", "src/burden/"];
/// What is compiled only for the fuzzers.
const FOR_FUZZERS: &str = "src/fuzzing.rs";
/// How the names of constants that bound something begin.
const NAMES: [&str; 4] = ["MAX_", "MOST_", "LONGEST_", "LARGEST_"];
/// How a row without a test begins, before it says why.
const NO_TEST: &str = "none: ";
/// The most rows without a test.
const WITHOUT_TEST: usize = 1;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The constant `name: type = value` of a line, if there is one.
fn constant(line: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = line.split_once("const ")?;
    let is_one = before.trim().is_empty() || before.trim_start().starts_with("pub");
    let (name, rest) = rest.split_once(": ").filter(|_| is_one)?;
    let (kind, value) = rest.split_once(" =")?;
    let is_name = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_';
    name.chars().all(is_name).then(|| (name, kind, value.trim().trim_end_matches(';')))
}

/// A product or a shift of whole numbers.
fn number(text: &str) -> u64 {
    if let Some((number_, shift)) = text.split_once("<<") {
        return number(number_) << number(shift);
    }
    let factor = |text: &str| text.trim().replace('_', "").parse::<u64>();
    text.split('*').map(|text| factor(text).unwrap_or_else(|_| panic!("{text:?}"))).product()
}

/// A value in milliseconds, bytes or pieces.
fn value(name: &str, text: &str) -> u64 {
    let duration = text.rsplit_once("Duration::from_").map(|(_, text)| text.trim_end_matches(')'));
    match duration.and_then(|text| text.split_once('(')) {
        Some(("secs", seconds)) => number(seconds) * 1_000,
        Some((_, ms)) => number(ms),
        None if name.ends_with("_S") => number(text) * 1_000,
        None => number(text),
    }
}

/// A value as the page writes it.
fn written(text: &str) -> u64 {
    let (number, unit) = text.split_once(' ').unwrap_or((text, ""));
    let number: u64 = number.replace(',', "").parse().unwrap_or_else(|_| panic!("{text:?}"));
    number
        * match unit {
            "" | "ms" => 1,
            "s" => 1_000,
            "min" => 60_000,
            "h" => 3_600_000,
            "KiB" => 1 << 10,
            "MiB" => 1 << 20,
            other => panic!("{other:?} is no unit"),
        }
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let mut paths = Vec::new();
    for folder in ["src", "tests"] {
        files(&root().join(folder), &mut paths);
    }
    let of = |path: PathBuf| {
        let name = path.strip_prefix(root()).unwrap().display().to_string();
        (name, fs::read_to_string(&path).unwrap())
    };
    paths.into_iter().map(of).collect()
}

/// The names of the tests in a source.
fn tests(source: &str) -> impl Iterator<Item = &str> {
    let mut is_marked = false;
    source.lines().map(str::trim_start).filter_map(move |line| {
        let name = line.strip_prefix("async ").unwrap_or(line).strip_prefix("fn ");
        match name.and_then(|name| name.split_once('(')) {
            Some((name, _)) => std::mem::take(&mut is_marked).then_some(name),
            None => {
                is_marked |= line.starts_with("#[test]") || line.starts_with("#[tokio::test");
                None
            }
        }
    })
}

struct Row {
    number: String,
    file: String,
    constant: String,
    test: String,
}

fn rows() -> Vec<Row> {
    let page = fs::read_to_string(root().join("docs/bounds.md")).unwrap();
    let cells = |line: &str| -> Vec<String> {
        line.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect()
    };
    let of = |line: &str| {
        let [_, number, _, constant, test] = cells(line).try_into().ok()?;
        let [file, constant] = constant
            .split('`')
            .filter(|part| !part.trim().is_empty())
            .collect::<Vec<_>>()
            .try_into()
            .ok()?;
        let (file, constant): (&str, &str) = (file, constant);
        let test = test.trim_matches('`').to_owned();
        Some(Row { number, file: file.to_owned(), constant: constant.to_owned(), test })
    };
    page.lines().filter(|line| line.starts_with('|')).filter_map(of).collect()
}

#[test]
fn the_page_of_bounds_says_what_the_program_does() {
    let sources = sources();
    let rows = rows();
    let known: BTreeSet<&str> = sources.iter().flat_map(|(_, text)| tests(text)).collect();
    assert!(rows.len() > 100, "{} rows are read", rows.len());
    for Row { number, file, constant: name, test } in &rows {
        let source = sources.iter().find(|(path, _)| path == file);
        let (_, text) = source.unwrap_or_else(|| panic!("{file} is not there"));
        let found = text.lines().filter_map(constant).find(|(found, ..)| found == name);
        let (.., text) = found.unwrap_or_else(|| panic!("{file} has no {name}"));
        assert_eq!(written(number), value(name, text), "{file} {name}: the page says {number}");
        let is_there = test.starts_with(NO_TEST) || known.contains(&**test);
        assert!(is_there, "{name}: there is no test {test}");
    }
    let without = rows.iter().filter(|row| row.test.starts_with(NO_TEST)).count();
    assert!(without <= WITHOUT_TEST, "{without} rows have no test");
}

#[test]
fn no_bound_is_missing_on_the_page() {
    let told: BTreeSet<(String, String)> =
        rows().into_iter().map(|row| (row.file, row.constant)).collect();
    for (file, text) in sources() {
        let is_ours = file.starts_with("src/")
            && !OF_RULES.iter().any(|folder| file.starts_with(folder))
            && file != FOR_FUZZERS
            && !file.contains("test");
        for (name, kind, _) in text.lines().filter_map(constant).filter(|_| is_ours) {
            let is_bound = NAMES.iter().any(|begin| name.starts_with(begin))
                && matches!(kind, "usize" | "u64" | "u32" | "u16" | "u8");
            assert!(
                !is_bound || told.contains(&(file.clone(), name.to_owned())),
                "docs/bounds.md does not tell of {name} in {file}: add a row"
            );
        }
    }
}
