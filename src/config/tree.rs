//! TOML as a tree in which everything knows where it was written.

use std::collections::BTreeMap;
use std::rc::Rc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Problem;
use super::problem::quoted;

/// Where something was written.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// The file or the environment variable.
    pub(super) file: Rc<str>,
    /// Line in the file, from 1.
    pub(super) line: Option<usize>,
}

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
    let places = Places::of(file, text);
    // Windows editors put a byte order mark before it.
    let text = text.trim_start_matches('\u{feff}');
    let (table, errors) = DeTable::parse_recoverable(text);
    if errors.is_empty() {
        return Ok(places.table(table.get_ref()));
    }
    let mut problems: Vec<Problem> = errors
        .iter()
        .map(|error| {
            let place = places.at(error.span().map_or(0, |span| span.start));
            syntax_problem(&place, error.message())
        })
        .collect();
    // One slip upsets the parser several times on its line; the first says what it was.
    problems.dedup_by_key(|problem| problem.line);
    Err(problems)
}

fn syntax_problem(place: &Place, message: &str) -> Problem {
    let remedy = if message.contains("duplicate") {
        "write it once"
    } else {
        r#"close every bracket and quote, and write texts in quotes, as in listen = "127.0.0.1:8080""#
    };
    Problem {
        file: place.file.to_string(),
        line: place.line,
        key: None,
        what: format!("this is not TOML ({message})"),
        remedy: remedy.to_owned(),
    }
}

/// An environment variable's value: what TOML makes of it, else a text.
pub(super) fn parse_variable(name: &str, text: &str) -> Node {
    let places = Places { file: name.into(), line_starts: None };
    let mut node = match DeValue::parse(text) {
        Ok(value) => places.node(&value),
        Err(_) => Node { place: places.at(0), value: Value::Text(text.to_owned()), letters: None },
    };
    node.letters = Some(text.to_owned());
    node
}

/// Turns offsets into places.
struct Places {
    file: Rc<str>,
    /// Offset of each line's first byte; `None` where lines mean nothing.
    line_starts: Option<Vec<usize>>,
}

impl Places {
    fn of(file: &str, text: &str) -> Self {
        let after_newlines = text.match_indices('\n').map(|(offset, _)| offset + 1);
        Self {
            file: file.into(),
            line_starts: Some(std::iter::once(0).chain(after_newlines).collect()),
        }
    }

    fn at(&self, offset: usize) -> Place {
        let line = |starts: &Vec<usize>| starts.partition_point(|start| *start <= offset);
        Place { file: Rc::clone(&self.file), line: self.line_starts.as_ref().map(line) }
    }

    fn table(&self, table: &DeTable<'_>) -> Table {
        table
            .iter()
            .map(|(key, value)| {
                let place = self.at(key.span().start);
                (key.get_ref().to_string(), (place, self.node(value)))
            })
            .collect()
    }

    fn node(&self, value: &Spanned<DeValue<'_>>) -> Node {
        let place = self.at(value.span().start);
        let value = match value.get_ref() {
            DeValue::String(text) => Value::Text(text.to_string()),
            DeValue::Integer(digits) => i64::from_str_radix(digits.as_str(), digits.radix())
                .map_or(Value::Other("a number of too many digits"), Value::Number),
            DeValue::Array(items) => {
                Value::List(items.iter().map(|item| self.node(item)).collect())
            }
            DeValue::Table(table) => Value::Table(self.table(table)),
            DeValue::Float(_) => Value::Other("a fraction"),
            DeValue::Boolean(_) => Value::Other("true or false"),
            DeValue::Datetime(_) => Value::Other("a date or time"),
        };
        Node { place, value, letters: None }
    }
}

/// A key as messages repeat it. Values of unknown keys are never repeated: they may be secrets.
pub(super) fn key_name(key: &str) -> String {
    let plain = key.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    if plain && (1..=64).contains(&key.len()) { key.to_owned() } else { quoted(key) }
}
