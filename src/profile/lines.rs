//! Where in a profile's TOML a problem stands.

use toml::de::{DeTable, DeValue};

use super::Problem;

/// A problem that serde found: an unknown key, an unknown vital, a text for a number.
pub(super) fn problem_of(error: &toml::de::Error, text: &str) -> Problem {
    let line = error.span().map(|span| line_at(text, span.start));
    Problem { place: "profile".to_owned(), line, what: error.message().trim().to_owned() }
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
