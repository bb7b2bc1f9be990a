//! Reads the file as TOML, and reports a file that is not TOML.

use std::collections::HashMap;
use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::Fault;
use super::place::Places;
use super::problem::{Problem, quoted};

/// Parses a file; every syntax error is a problem.
pub(super) fn parse<'t>(text: &'t str, places: &Places<'_>) -> Result<DeTable<'t>, Vec<Problem>> {
    let (parsed, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(parsed.into_inner());
    }
    let mut known = HashMap::new();
    note_keys(parsed.get_ref(), &mut known);
    let problem = |error: &toml::de::Error| {
        let span = error.span().unwrap_or_default();
        let place = places.at(span.start);
        let remedy = if repeats_a_key(&known, text, &span) { WRITE_ONCE } else { WRITE_TOML };
        Fault::new(format!("this is not TOML ({})", error.message()), remedy).at(place, None)
    };
    let mut problems: Vec<Problem> = errors.iter().map(problem).collect();
    // One slip gives several parser errors on its line; the first says what it was.
    problems.dedup_by_key(|problem| problem.line);
    Err(problems)
}

const WRITE_ONCE: &str = "write it once";
const WRITE_TOML: &str =
    r#"close every bracket and quote, and write texts in quotes, as in listen = "127.0.0.1:8080""#;

/// Whether the parser failed at a key, with its value or as a heading, that was already written. If
/// a heading is written twice, the parser reports the second.
fn repeats_a_key(known: &HashMap<&str, usize>, text: &str, span: &Range<usize>) -> bool {
    let is_key = text[span.end..].trim_start_matches([' ', '\t']).starts_with(['=', ']']);
    let key = text[span.clone()].trim_matches(['"', '\'']);
    is_key && known.get(key).is_some_and(|first| *first <= span.start)
}

/// Where each key was first written, at whatever depth.
fn note_keys<'t>(table: &'t DeTable<'_>, known: &mut HashMap<&'t str, usize>) {
    for (key, value) in table {
        let first = known.entry(key.get_ref()).or_insert(usize::MAX);
        *first = key.span().start.min(*first);
        match value.get_ref() {
            DeValue::Table(table) => note_keys(table, known),
            DeValue::Array(items) => {
                let tables = items.iter().filter_map(|item| item.get_ref().as_table());
                tables.for_each(|table| note_keys(table, known));
            }
            _ => {}
        }
    }
}

/// A key as messages repeat it. Values of unknown keys are never repeated: they may be secrets.
pub(super) fn key_name(key: &str) -> String {
    let plain = key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if plain && (1..=64).contains(&key.len()) { key.to_owned() } else { quoted(key) }
}
