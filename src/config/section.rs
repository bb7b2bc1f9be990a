use std::cell::RefCell;
use std::collections::BTreeMap;

use super::place::Place;
use super::problem::quoted;
use super::schema::{Known, SECTIONS, home_of};
use super::spelling::nearest;
use super::tree::{Node, Table, Value, key_name};
use super::{Fault, Problem};

/// What was written, and what is wrong with it.
pub(super) struct Written<'t> {
    tree: &'t Table,
    problems: &'t RefCell<Vec<Problem>>,
}

/// One section, or one entry of a list: a value comes out of a key, or a problem is noted.
pub(super) struct Section<'t> {
    known: &'static Known,
    place: &'t Place,
    table: &'t Table,
    problems: &'t RefCell<Vec<Problem>>,
}

/// A text and where it was written.
#[derive(Clone, Copy)]
pub(super) struct Text<'t> {
    pub(super) letters: &'t str,
    place: &'t Place,
}

impl<'t> Written<'t> {
    /// The tree, its unknown sections noted.
    pub(super) fn new(tree: &'t Table, problems: &'t RefCell<Vec<Problem>>) -> Self {
        for (name, (place, _)) in tree {
            if SECTIONS.iter().all(|known| known.name != name) {
                let fault = Fault::new("is not a known section", remedy_for_section(name));
                problems.borrow_mut().push(fault.at(place, key_name(name)));
            }
        }
        Self { tree, problems }
    }

    /// The section if it was written at all, its unknown keys noted.
    pub(super) fn one(&self, known: &'static Known) -> Option<Section<'t>> {
        let (_, node) = self.tree.get(known.name)?;
        self.section(node, known)
    }

    /// The entries of a list if one was written; what is no list or no table is noted.
    pub(super) fn entries(&self, known: &'static Known) -> Option<Vec<Section<'t>>> {
        let (_, node) = self.tree.get(known.name)?;
        let Value::List(entries) = &node.value else {
            let what = format!("must be a list of entries, not {}", node.value.kind());
            let remedy = format!("write {} above each entry", known.heading());
            self.note(known, Fault::new(what, remedy));
            return None;
        };
        Some(entries.iter().filter_map(|node| self.section(node, known)).collect())
    }

    fn section(&self, node: &'t Node, known: &'static Known) -> Option<Section<'t>> {
        let Value::Table(table) = &node.value else {
            let what = format!("must be a table of keys, not {}", node.value.kind());
            let (heading, example) = (known.heading(), known.keys[0]);
            let fault = Fault::new(what, format!("write {heading} and below it {example} = …"));
            self.problems.borrow_mut().push(fault.at(&node.place, heading));
            return None;
        };
        let section = Section { known, place: &node.place, table, problems: self.problems };
        for key in table.keys().filter(|key| !known.keys.contains(&key.as_str())) {
            section.note(key, Fault::new("is not a known key", remedy_for_key(key, known)));
        }
        Some(section)
    }

    /// Notes what is wrong with a section as a whole.
    pub(super) fn note(&self, known: &Known, fault: Fault) {
        if let Some((place, _)) = self.tree.get(known.name) {
            self.problems.borrow_mut().push(fault.at(place, known.heading()));
        }
    }
}

impl<'t> Section<'t> {
    /// Whether the key was written, rightly or not.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Notes what is wrong with the key, at its place or else at the section's.
    pub(super) fn note(&self, key: &str, fault: Fault) {
        let place = self.table.get(key).map_or(self.place, |(place, _)| place);
        self.note_at(place, key, fault);
    }

    fn note_at(&self, place: &Place, key: &str, fault: Fault) {
        let key = format!("{} {}", self.known.heading(), key_name(key));
        self.problems.borrow_mut().push(fault.at(place, key));
    }

    /// Notes what is wrong with a text of the key.
    pub(super) fn note_text(&self, key: &str, text: Text<'t>, fault: Fault) {
        self.note_at(text.place, key, fault);
    }

    /// A text, or `None` with the problem noted unless the key is simply not there.
    pub(super) fn text(&self, key: &str) -> Option<Text<'t>> {
        let (place, node) = self.table.get(key)?;
        text_of(node).map_err(|fault| self.note_at(place, key, fault)).ok()
    }

    /// A text that must be there.
    pub(super) fn required(&self, key: &str, example: &str) -> Option<Text<'t>> {
        if !self.has(key) {
            self.note(key, Fault::new("is missing", format!("write {key} = {example:?}")));
        }
        self.text(key)
    }

    /// Texts, those that are none noted; `None` if the key is not there or is no list.
    pub(super) fn texts(&self, key: &str) -> Option<Vec<Text<'t>>> {
        let (_, node) = self.table.get(key)?;
        let Value::List(items) = &node.value else {
            let what = format!("must be a list of texts, not {}", node.value.kind());
            self.note(key, Fault::new(what, format!(r#"write {key} = ["…"]"#)));
            return None;
        };
        let text = |item| text_of(item).map_err(|fault| self.note_at(&item.place, key, fault)).ok();
        Some(items.iter().filter_map(text).collect())
    }

    /// A whole number, or `None` with the problem noted unless the key is not there.
    pub(super) fn number(&self, key: &str) -> Option<i64> {
        let (_, node) = self.table.get(key)?;
        if let Value::Number(number) = node.value {
            return Some(number);
        }
        let what = format!("must be a whole number, not {}", node.value.kind());
        self.note(
            key,
            Fault::new(what, format!("write digits without quotes, as in {key} = 1000")),
        );
        None
    }

    /// What `read` makes of a text of this section, its fault noted.
    pub(super) fn read<T>(
        &self,
        key: &str,
        text: Text<'t>,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        read(text.letters).map_err(|fault| self.note_text(key, text, fault)).ok()
    }

    /// What `read` makes of the text of a key, if it is there.
    pub(super) fn get<T>(
        &self,
        key: &str,
        read: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        self.read(key, self.text(key)?, read)
    }
}

/// The texts of a key that must each be there once, and where each was first.
#[derive(Default)]
pub(super) struct Distinct<'t>(BTreeMap<&'t str, &'t Place>);

impl<'t> Distinct<'t> {
    /// Whether the text is new; notes it if it was there before.
    pub(super) fn add(&mut self, key: &str, section: &Section<'t>, text: Text<'t>) -> bool {
        let Some(first) = self.0.get(text.letters) else {
            self.0.insert(text.letters, text.place);
            return true;
        };
        let what = match first.line {
            Some(line) => format!("{} is already in line {line}", quoted(text.letters)),
            None => format!("{} is there twice", quoted(text.letters)),
        };
        section.note_text(key, text, Fault::new(what, "write each once"));
        false
    }
}

fn text_of(node: &Node) -> Result<Text<'_>, Fault> {
    let letters = match (&node.value, &node.letters) {
        (Value::Text(text), _) => text,
        (Value::Number(_) | Value::Other(_), Some(letters)) => letters,
        (value, _) => {
            let remedy = match value {
                Value::Number(number) => format!(r#"put it in quotes, "{number}""#),
                _ => "write a text in quotes".to_owned(),
            };
            return Err(Fault::new(format!("must be a text, not {}", value.kind()), remedy));
        }
    };
    Ok(Text { letters, place: &node.place })
}

fn remedy_for_section(name: &str) -> String {
    let names = SECTIONS.iter().map(|known| known.name);
    let meant = nearest(name, names).and_then(super::schema::section);
    match (meant, home_of(name)) {
        (_, Some(home)) => format!("write it below {}", home.heading()),
        (Some(meant), None) => format!("write {}", meant.heading()),
        (None, None) => {
            let headings: Vec<_> = SECTIONS.iter().map(|known| known.heading()).collect();
            format!("remove it; there are {}", headings.join(", "))
        }
    }
}

fn remedy_for_key(key: &str, known: &Known) -> String {
    match (nearest(key, known.keys), home_of(key)) {
        (Some(meant), _) => format!("write {meant}"),
        (None, Some(home)) => format!("write it below {}", home.heading()),
        (None, None) => format!("remove it; there are {}", known.keys.join(", ")),
    }
}
