//! TOML as a tree in which everything knows where it was written.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::place::{Place, Places};
use super::problem::{Problem, quoted};

/// A value and its place.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) place: Place,
    pub(super) value: Value,
    /// The letters of an environment variable: a value that reads as a number or a date is
    /// still a text where a text is wanted.
    pub(super) letters: Option<String>,
}

#[derive(Debug)]
pub(super) enum Value {
    Text(String),
    Number(i64),
    List(Vec<Node>),
    Table(Table),
    /// What no key of ours takes, by its name in TOML.
    Other(&'static str),
}

impl Value {
    /// Its name in messages.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Number(_) => "a number",
            Self::List(_) => "a list",
            Self::Table(_) => "a table",
            Self::Other(kind) => kind,
        }
    }
}

/// Keys, each with the place of the key itself.
pub(super) type Table = BTreeMap<String, (Place, Node)>;

/// Parses a file; every syntax error is a problem.
pub(super) fn parse(file: &str, text: &str) -> Result<Table, Vec<Problem>> {
    let places = Places::of_file(file, text);
    // Windows editors put a byte order mark before it.
    let text = text.trim_start_matches('\u{feff}');
    let (parsed, errors) = DeTable::parse_recoverable(text);
    let parsed = parsed.get_ref();
    if errors.is_empty() {
        return Ok(table(&places, parsed));
    }
    let mut known = HashMap::new();
    note_keys(parsed, &mut known);
    let problem = |error: &toml::de::Error| {
        let span = error.span().unwrap_or_default();
        let place = places.at(span.start);
        let remedy = if repeats_a_key(&known, text, &span) { WRITE_ONCE } else { WRITE_TOML };
        let what = format!("this is not TOML ({})", error.message());
        let (file, remedy) = (place.file.to_string(), remedy.to_owned());
        Problem { file, line: place.line, key: None, what, remedy }
    };
    let mut problems: Vec<Problem> = errors.iter().map(problem).collect();
    // One slip upsets the parser several times on its line; the first says what it was.
    problems.dedup_by_key(|problem| problem.line);
    Err(problems)
}

const WRITE_ONCE: &str = "write it once";
const WRITE_TOML: &str =
    r#"close every bracket and quote, and write texts in quotes, as in listen = "127.0.0.1:8080""#;

/// Whether the parser stumbled over a key, with its value or as a heading, that was written before.
/// Of a heading that is written twice it keeps the second, over which it stumbled.
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

/// An environment variable's value: what TOML makes of it, else a text.
pub(super) fn parse_variable(name: &str, text: &str) -> Node {
    let places = Places::of_variable(name);
    let mut node = match DeValue::parse(text) {
        Ok(value) => node(&places, &value),
        Err(_) => Node { place: places.at(0), value: Value::Text(text.to_owned()), letters: None },
    };
    node.letters = Some(text.to_owned());
    node
}

fn table(places: &Places, table: &DeTable<'_>) -> Table {
    table
        .iter()
        .map(|(key, value)| {
            let place = places.at(key.span().start);
            (key.get_ref().to_string(), (place, node(places, value)))
        })
        .collect()
}

fn node(places: &Places, value: &Spanned<DeValue<'_>>) -> Node {
    let place = places.at(value.span().start);
    let value = match value.get_ref() {
        DeValue::String(text) => Value::Text(text.to_string()),
        DeValue::Integer(digits) => i64::from_str_radix(digits.as_str(), digits.radix())
            .map_or(Value::Other("a number of too many digits"), Value::Number),
        DeValue::Array(items) => Value::List(items.iter().map(|item| node(places, item)).collect()),
        DeValue::Table(inner) => Value::Table(table(places, inner)),
        DeValue::Float(_) => Value::Other("a fraction"),
        DeValue::Boolean(_) => Value::Other("true or false"),
        DeValue::Datetime(_) => Value::Other("a date or time"),
    };
    Node { place, value, letters: None }
}

/// A key as messages repeat it. Values of unknown keys are never repeated: they may be secrets.
pub(super) fn key_name(key: &str) -> String {
    let plain = key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if plain && (1..=64).contains(&key.len()) { key.to_owned() } else { quoted(key) }
}
