//! Where in a profile's text a problem is.

use serde_path_to_error::{Path, Segment, deserialize};
use toml::de::{DeTable, DeValue};

use super::{Problem, Profile};
use crate::json;

/// The profile as written, not yet checked. What serde finds (an unknown key, an unknown vital, a
/// text for a number) ends the reading.
pub(super) fn toml(text: &str) -> Result<Profile, Problem> {
    let text = text.trim_start_matches('\u{feff}');
    let reader = toml::Deserializer::parse(text).map_err(|error| of_toml(None, &error, text))?;
    deserialize(reader).map_err(|error| of_toml(Some(error.path()), error.inner(), text))
}

/// The same for JSON.
pub(super) fn json(text: &str) -> Result<Profile, Problem> {
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = serde_json::Deserializer::from_str(text);
    let profile = deserialize::<_, Profile>(&mut reader)
        .map_err(|error| of_json(Some(error.path()), error.inner()))?;
    reader.end().map_err(|error| of_json(None, &error))?;
    Ok(profile)
}

fn of_toml(path: Option<&Path>, error: &toml::de::Error, text: &str) -> Problem {
    let line = error.span().map(|span| line_at(text, span.start));
    let mut what = error.message().trim().to_owned();
    // No type of a profile has this key, so it can only be unknown.
    if path.and_then(|path| path.iter().next_back()).is_some_and(is_parts) {
        "parts are for the files that the program is built from: edit what `dripwatch profiles \
         show NAME --toml` prints"
            .clone_into(&mut what);
    }
    Problem { place: place_of(path), line, what }
}

fn is_parts(last: &Segment) -> bool {
    matches!(last, Segment::Map { key } if key == "parts")
}

fn of_json(path: Option<&Path>, error: &serde_json::Error) -> Problem {
    let line = Some(error.line()).filter(|line| *line > 0);
    Problem { place: place_of(path), line, what: json::what(error) }
}

fn place_of(path: Option<&Path>) -> String {
    // It writes `?` for what it did not see and `.` for the whole.
    let place = path.map(ToString::to_string).unwrap_or_default();
    let known = place.trim_end_matches(['.', '?']);
    if known.is_empty() { "profile".to_owned() } else { known.to_owned() }
}

/// The same problems with their lines.
pub(super) fn with_lines(problems: Vec<Problem>, text: &str) -> Vec<Problem> {
    let Ok(table) = DeTable::parse(text) else { return problems };
    let find = |problem: Problem| Problem {
        line: offset_of(table.get_ref(), &problem.place).map(|offset| line_at(text, offset)),
        ..problem
    };
    problems.into_iter().map(find).collect()
}

fn line_at(text: &str, offset: usize) -> usize {
    text.as_bytes()[..offset.min(text.len())].iter().filter(|byte| **byte == b'\n').count() + 1
}

/// The offset of a place such as `conditions[3].rule.held.stages[0].for_s`, or of the nearest
/// thing around it that is written.
fn offset_of(table: &DeTable<'_>, place: &str) -> Option<usize> {
    let mut steps = place.split(['.', '[']).map(|step| step.trim_end_matches(']'));
    let first = table.get(steps.next()?)?;
    let mut found = first;
    for step in steps {
        let next = match (found.get_ref(), step.parse::<usize>()) {
            (DeValue::Table(table), _) => table.get(step),
            (DeValue::Array(array), Ok(index)) => array.get(index),
            _ => None,
        };
        let Some(next) = next else { break };
        found = next;
    }
    Some(found.span().start)
}
