//! What is said about each of many bad configurations: `messages.txt` holds the file, the
//! variables, and below them every message. `DRIPWATCH_RENEW=1` writes the messages anew.

use super::*;

const GOLDEN: &str = include_str!("messages.txt");
/// Above each case, and between a case and its messages.
const CASE: &str = "==== ";
const SAID: &str = "---- ";

#[test]
fn every_message_is_as_it_was_read_and_found_good() {
    let cases: Vec<&str> = GOLDEN.split(CASE).skip(1).collect();
    assert!(cases.len() >= 40, "{}", cases.len());
    let now: String = cases.iter().map(|case| CASE.to_owned() + &answered(case)).collect();
    if std::env::var_os("DRIPWATCH_RENEW").is_some() {
        std::fs::write("src/config/tests/messages.txt", now).unwrap();
        return;
    }
    for (now, then) in now.split(CASE).zip(GOLDEN.split(CASE)) {
        assert_eq!(now, then);
    }
}

/// The case with what is said about it today. Lines that begin with `$` are variables; a case
/// whose title ends in `no file` has none.
fn answered(case: &str) -> String {
    let (asked, _) = case.split_once(SAID).unwrap_or((case, ""));
    let (title, lines) = asked.split_once('\n').unwrap();
    let variable = |line: &str| {
        let (name, value) = line.strip_prefix('$')?.split_once('=')?;
        Some((format!("DRIPWATCH_{name}"), value.to_owned()))
    };
    let variables: Vec<_> = lines.lines().filter_map(variable).collect();
    let file: String = lines
        .lines()
        .filter(|line| !line.starts_with('$'))
        .map(|line| format!("{line}\n"))
        .collect();
    let source = (!title.ends_with("no file")).then_some(("dripwatch.toml", file.as_str()));
    let said = match read::config(source, variables.into_iter()) {
        Ok(_) => "good".to_owned(),
        Err(problems) => problems.to_string(),
    };
    format!("{asked}{SAID}\n{said}\n")
}
