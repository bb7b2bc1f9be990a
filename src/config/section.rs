use super::place::Place;
use super::problem::quoted;
use super::schema::{Known, SECTIONS};
use super::spelling::nearest;
use super::tree::{Node, Table, Value, key_name};
use super::{Fault, Problem};

/// One section, or one entry of a list, as it is read: a value comes out or a problem goes in.
pub(super) struct Section<'t> {
    known: &'static Known,
    place: Place,
    table: &'t Table,
}

/// A text and where it stands.
#[derive(Clone, Copy)]
pub(super) struct Text<'t> {
    pub(super) letters: &'t str,
    pub(super) place: &'t Place,
}

impl<'t> Section<'t> {
    /// The section if it was written at all, its unknown keys reported.
    pub(super) fn one(
        tree: &'t Table,
        known: &'static Known,
        problems: &mut Vec<Problem>,
    ) -> Option<Self> {
        let (_, node) = tree.get(known.name)?;
        Self::of(node, known, problems)
    }

    /// The entries of a list if one was written; what is no list or no table is reported.
    pub(super) fn entries(
        tree: &'t Table,
        known: &'static Known,
        problems: &mut Vec<Problem>,
    ) -> Option<Vec<Self>> {
        let (place, node) = tree.get(known.name)?;
        let Value::List(entries) = &node.value else {
            let heading = known.heading();
            let what = format!("must be a list of entries, not {}", node.value.kind());
            let fault = Fault::new(what, format!("write {heading} above each entry"));
            problems.push(fault.at(place, heading));
            return None;
        };
        let sections = entries.iter().filter_map(|node| Self::of(node, known, problems));
        Some(sections.collect())
    }

    fn of(node: &'t Node, known: &'static Known, problems: &mut Vec<Problem>) -> Option<Self> {
        let Value::Table(table) = &node.value else {
            let what = format!("must be a table of keys, not {}", node.value.kind());
            let example = known.keys[0];
            let fault =
                Fault::new(what, format!("write {} and below it {example} = …", known.heading()));
            problems.push(fault.at(&node.place, known.heading()));
            return None;
        };
        let section = Self { known, place: node.place.clone(), table };
        section.report_unknown_keys(problems);
        Some(section)
    }

    fn report_unknown_keys(&self, problems: &mut Vec<Problem>) {
        for (key, (place, _)) in self.table {
            if !self.known.keys.contains(&key.as_str()) {
                let fault = Fault::new("is not a known key", remedy_for_key(key, self.known));
                problems.push(fault.at(place, self.label(key)));
            }
        }
    }

    /// Whether the key was written, rightly or not.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// Reports the key, at its place or else at the section's.
    pub(super) fn report(&self, key: &str, fault: Fault, problems: &mut Vec<Problem>) {
        let place = self.table.get(key).map_or(&self.place, |(place, _)| place);
        problems.push(fault.at(place, self.label(key)));
    }

    /// Reports a text of the key.
    pub(super) fn report_text(
        &self,
        key: &str,
        text: Text<'t>,
        fault: Fault,
        problems: &mut Vec<Problem>,
    ) {
        problems.push(fault.at(text.place, self.label(key)));
    }

    /// A text, or `None` with the problem reported unless the key is simply not there.
    pub(super) fn text(&self, key: &str, problems: &mut Vec<Problem>) -> Option<Text<'t>> {
        let (_, node) = self.table.get(key)?;
        let text = text_of(node);
        if text.is_none() {
            self.report(key, not_a_text(node), problems);
        }
        text
    }

    /// A text that must be there.
    pub(super) fn required(
        &self,
        key: &str,
        example: &str,
        problems: &mut Vec<Problem>,
    ) -> Option<Text<'t>> {
        if !self.has(key) {
            let fault = Fault::new("is missing", format!("write {key} = {example:?}"));
            self.report(key, fault, problems);
        }
        self.text(key, problems)
    }

    /// Texts, those that are none reported; `None` if the key is not there or is no list.
    pub(super) fn texts(&self, key: &str, problems: &mut Vec<Problem>) -> Option<Vec<Text<'t>>> {
        let (_, node) = self.table.get(key)?;
        let Value::List(items) = &node.value else {
            let what = format!("must be a list of texts, not {}", node.value.kind());
            let remedy = format!(r#"write {key} = ["…"]"#);
            self.report(key, Fault::new(what, remedy), problems);
            return None;
        };
        let texts = items.iter().filter_map(|item| {
            let text = text_of(item);
            if text.is_none() {
                problems.push(not_a_text(item).at(&item.place, self.label(key)));
            }
            text
        });
        Some(texts.collect())
    }

    /// A whole number, or `None` with the problem reported unless the key is not there.
    pub(super) fn number(&self, key: &str, problems: &mut Vec<Problem>) -> Option<i64> {
        let (_, node) = self.table.get(key)?;
        if let Value::Number(number) = node.value {
            return Some(number);
        }
        let what = format!("must be a whole number, not {}", node.value.kind());
        let fault = Fault::new(what, format!("write digits without quotes, as in {key} = 1000"));
        self.report(key, fault, problems);
        None
    }

    /// What `read` makes of a text of this section, its fault reported.
    pub(super) fn read<T>(
        &self,
        key: &str,
        text: Text<'t>,
        read: impl FnOnce(&str) -> Result<T, Fault>,
        problems: &mut Vec<Problem>,
    ) -> Option<T> {
        read(text.letters).map_err(|fault| self.report_text(key, text, fault, problems)).ok()
    }

    fn label(&self, key: &str) -> String {
        format!("{} {}", self.known.heading(), key_name(key))
    }
}

fn text_of(node: &Node) -> Option<Text<'_>> {
    let letters = match (&node.value, &node.letters) {
        (Value::Text(text), _) => text,
        (Value::Number(_) | Value::Other(_), Some(letters)) => letters,
        _ => return None,
    };
    Some(Text { letters, place: &node.place })
}

fn not_a_text(node: &Node) -> Fault {
    let what = format!("must be a text, not {}", node.value.kind());
    let remedy = match node.value {
        Value::Number(number) => format!(r#"put it in quotes, "{number}""#),
        _ => "write a text in quotes".to_owned(),
    };
    Fault::new(what, remedy)
}

/// Reports what stands at the top of the file and is no section.
pub(super) fn report_unknown_sections(tree: &Table, problems: &mut Vec<Problem>) {
    for (name, (place, _)) in tree {
        if SECTIONS.iter().all(|known| known.name != name) {
            let names = SECTIONS.iter().map(|known| known.name);
            let meant = nearest(name, names).and_then(super::schema::section);
            let remedy = match (meant, home_of(name)) {
                (_, Some(home)) => format!("write it below {}", home.heading()),
                (Some(meant), None) => format!("write {}", meant.heading()),
                (None, None) => {
                    let headings: Vec<_> = SECTIONS.iter().map(|known| known.heading()).collect();
                    format!("remove it; there are {}", headings.join(", "))
                }
            };
            let fault = Fault::new("is not a known section", remedy);
            problems.push(fault.at(place, key_name(name)));
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

/// The section that does know the key.
fn home_of(key: &str) -> Option<&'static Known> {
    SECTIONS.into_iter().find(|known| known.keys.contains(&key))
}

/// A value's fault when it was named before.
pub(super) fn repeated(value: &str, first: &Place) -> Fault {
    let what = match first.line {
        Some(line) => format!("{} is already in line {line}", quoted(value)),
        None => format!("{} is there twice", quoted(value)),
    };
    Fault::new(what, "write each once")
}
