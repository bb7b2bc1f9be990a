//! Checks the shape of what was written, section by section, and lets serde read what fits.

use std::cell::RefCell;
use std::collections::BTreeMap;

use serde::Deserialize as _;
use serde::de::DeserializeOwned;
use toml::Spanned;
use toml::de::{DeTable, DeValue, ValueDeserializer};

use super::place::Places;
use super::problem::quoted;
use super::schema::{self, Known, SECTIONS, Takes, home_of, kind};
use super::spelling::nearest;
use super::tree::key_name;
use super::{Fault, Problem};

/// What was written, and what is wrong with it.
pub(super) struct Written<'t> {
    tree: &'t DeTable<'t>,
    places: &'t Places<'t>,
    problems: RefCell<Vec<Problem>>,
}

/// One section, or one entry of a list: a value comes out of a key, or a problem is noted.
pub(super) struct Section<'t> {
    known: &'static Known,
    start: usize,
    table: &'t DeTable<'t>,
    written: &'t Written<'t>,
}

/// A text and where it was written.
pub(super) type Text = Spanned<String>;

impl<'t> Written<'t> {
    /// The tree. Notes its unknown sections after what is already known to be wrong.
    pub(super) fn new(
        tree: &'t DeTable<'t>,
        places: &'t Places<'t>,
        problems: Vec<Problem>,
    ) -> Self {
        let written = Self { tree, places, problems: RefCell::new(problems) };
        for name in tree.keys().filter(|name| schema::section(name.get_ref()).is_none()) {
            let fault = Fault::new("is not a known section", remedy_for_section(name.get_ref()));
            written.note_at(name.span().start, key_name(name.get_ref()), fault);
        }
        written
    }

    pub(super) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }

    /// The section, if it was written at all. Notes its unknown keys.
    pub(super) fn one(&self, known: &'static Known) -> Option<Section<'_>> {
        self.section(self.tree.get(known.name)?, known)
    }

    /// The entries of a list, if one was written. Notes what is not a list or not a table.
    pub(super) fn entries(&self, known: &'static Known) -> Option<Vec<Section<'_>>> {
        let value = self.tree.get(known.name)?.get_ref();
        let Some(entries) = value.as_array() else {
            let what = format!("must be a list of entries, not {}", kind(value));
            let remedy = format!("write {} above each entry", known.heading());
            self.note(known, Fault::new(what, remedy));
            return None;
        };
        Some(entries.iter().filter_map(|value| self.section(value, known)).collect())
    }

    fn section<'w>(
        &'w self,
        value: &'w Spanned<DeValue<'t>>,
        known: &'static Known,
    ) -> Option<Section<'w>> {
        let start = value.span().start;
        let Some(table) = value.get_ref().as_table() else {
            let what = format!("must be a table of keys, not {}", kind(value.get_ref()));
            let (heading, example) = (known.heading(), known.keys[0]);
            let fault = Fault::new(what, format!("write {heading} and below it {example} = …"));
            self.note_at(start, heading, fault);
            return None;
        };
        let section = Section { known, start, table, written: self };
        for key in table.keys().filter(|key| !known.keys.contains(&key.get_ref().as_ref())) {
            let remedy = remedy_for_key(key.get_ref(), known);
            section.note(key.get_ref(), Fault::new("is not a known key", remedy));
        }
        Some(section)
    }

    /// Notes what is wrong with a section as a whole.
    pub(super) fn note(&self, known: &Known, fault: Fault) {
        if let Some((key, _)) = self.tree.get_key_value(known.name) {
            self.note_at(key.span().start, known.heading(), fault);
        }
    }

    fn note_at(&self, start: usize, key: String, fault: Fault) {
        self.problems.borrow_mut().push(fault.at(self.places.at(start), Some(key)));
    }
}

impl Section<'_> {
    /// Whether the key was written, correctly or not.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Notes what is wrong with the key, at its value or otherwise at the section.
    pub(super) fn note(&self, key: &str, fault: Fault) {
        let start = self.table.get(key).map_or(self.start, |value| value.span().start);
        self.note_at(start, key, fault);
    }

    /// Notes what is wrong with a text of the key.
    pub(super) fn note_text(&self, key: &str, text: &Text, fault: Fault) {
        self.note_at(text.span().start, key, fault);
    }

    fn note_at(&self, start: usize, key: &str, fault: Fault) {
        self.written.note_at(start, format!("{} {}", self.known.heading(), key_name(key)), fault);
    }

    /// Whether the value is of the kind that the key takes. Notes it if it is not.
    fn fits(&self, key: &str, takes: Takes, value: &Spanned<DeValue<'_>>) -> bool {
        let misfit = takes.misfit(key, value.get_ref());
        misfit.map(|fault| self.note_at(value.span().start, key, fault)).is_none()
    }

    /// The value and where it was written. `None`, with the problem noted, if it is wrong.
    fn read<V: DeserializeOwned>(
        &self,
        key: &str,
        takes: Takes,
        value: &Spanned<DeValue<'_>>,
    ) -> Option<Spanned<V>> {
        self.fits(key, takes, value).then(|| {
            let read = Spanned::deserialize(ValueDeserializer::from(value.clone()));
            read.expect("the schema names the kind that is read")
        })
    }

    /// The key's value. `None`, with the problem noted, unless the key is simply missing.
    pub(super) fn value<V: DeserializeOwned>(&self, key: &str) -> Option<Spanned<V>> {
        self.read(key, Takes::of(key), self.table.get(key)?)
    }

    /// A text that is required.
    pub(super) fn required(&self, key: &str, example: &str) -> Option<Text> {
        if !self.has(key) {
            self.note(key, Fault::new("is missing", format!("write {key} = {example:?}")));
        }
        self.value(key)
    }

    /// The texts of a list, without those that are not text, which are noted; `None` if the key is
    /// missing or is not a list.
    pub(super) fn texts(&self, key: &str) -> Option<Vec<Text>> {
        let value = self.table.get(key).filter(|value| self.fits(key, Takes::Texts, value))?;
        let items = value.get_ref().as_array()?.iter();
        Some(items.filter_map(|item| self.read(key, Takes::Text, item)).collect())
    }

    /// What `judge` makes of a text of the key. Notes its fault.
    pub(super) fn judged<T>(
        &self,
        key: &str,
        text: &Text,
        judge: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        judge(text.get_ref()).map_err(|fault| self.note_text(key, text, fault)).ok()
    }

    /// What `judge` makes of the text of a key, if the key was written.
    pub(super) fn get<T>(
        &self,
        key: &str,
        judge: impl FnOnce(&str) -> Result<T, Fault>,
    ) -> Option<T> {
        self.judged(key, &self.value(key)?, judge)
    }
}

/// The texts of a key that may each occur only once, and where each was first written.
#[derive(Default)]
pub(super) struct Distinct(BTreeMap<String, usize>);

impl Distinct {
    /// Whether the text is new. Notes it if it was there before.
    pub(super) fn add(&mut self, key: &str, section: &Section<'_>, text: &Text) -> bool {
        let letters = text.get_ref();
        let Some(first) = self.0.get(letters) else {
            self.0.insert(letters.clone(), text.span().start);
            return true;
        };
        let what = match section.written.places.at(*first) {
            (_, Some(line)) => format!("{} is already in line {line}", quoted(letters)),
            (_, None) => format!("{} is listed twice", quoted(letters)),
        };
        section.note_text(key, text, Fault::new(what, "write each once"));
        false
    }
}

fn remedy_for_section(name: &str) -> String {
    let names = SECTIONS.iter().map(|known| known.name);
    let meant = nearest(name, names).and_then(schema::section);
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
