//! Overrides: `DRIPWATCH_SERVER__LISTEN` is `[server] listen`.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::place::Places;
use super::schema::{self, Known, SECTIONS, Takes};
use super::spelling::nearest;
use super::{Fault, Problem};

const PREFIX: &str = "DRIPWATCH_";

/// This process's variables that may concern us, with what is not Unicode replaced.
///
/// Reading all variables with [`std::env::vars`] would panic over one that is not Unicode.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok()?;
        let ours = name.starts_with(PREFIX);
        ours.then(|| (name, value.to_string_lossy().into_owned()))
    })
}

/// Puts the variables over the file's values; returns what is wrong with their names.
///
/// A name without `__` that is not a section is left alone: `DRIPWATCH_LOG` and the like are not
/// configuration, and monitor adapters keep their own variables beside them.
pub(super) fn apply<'t>(tree: &mut DeTable<'t>, places: &Places<'t>) -> Vec<Problem> {
    let apply = |(offset, name, text)| apply_one(tree, offset, name, text);
    places.variables().filter_map(apply).collect()
}

fn apply_one<'t>(
    tree: &mut DeTable<'t>,
    offset: usize,
    name: &str,
    text: &'t str,
) -> Option<Problem> {
    let path = name.strip_prefix(PREFIX)?.to_lowercase();
    let written = |key: &'static str| Spanned::new(offset..offset, key.into());
    let Some((section, key)) = path.split_once("__") else {
        let known = schema::section(&path)?;
        tree.remove(known.name);
        tree.insert(written(known.name), value(offset, text, None));
        return None;
    };
    match schema::section(section) {
        Some(known) if known.list => Some(one_of_a_list(name, known)),
        Some(known) if let Some(key) = known.keys.iter().find(|known| **known == key) => {
            let section = tree
                .entry(written(known.name))
                .or_insert_with(|| Spanned::new(offset..offset, DeValue::Table(DeTable::new())));
            // Else the file wrote something that is no table, which is reported as such.
            if let DeValue::Table(table) = section.get_mut() {
                table.insert(written(key), value(offset, text, Some(Takes::of(key))));
            }
            None
        }
        section => Some(unknown(name, &path, section)),
    }
}

/// A variable's text as TOML reads it, otherwise as text. What reads as a number or a date still
/// counts as text where text is wanted.
fn value(offset: usize, text: &str, wanted: Option<Takes>) -> Spanned<DeValue<'_>> {
    let value = DeValue::parse(text).map(Spanned::into_inner).ok();
    let value = value.filter(|value| match value {
        DeValue::String(_) | DeValue::Array(_) | DeValue::Table(_) => true,
        _ => wanted != Some(Takes::Text),
    });
    at(offset, value.unwrap_or(DeValue::String(text.into())))
}

/// The value, with everything in it, at the offset.
fn at(offset: usize, value: DeValue<'_>) -> Spanned<DeValue<'_>> {
    let inner = |value: Spanned<_>| at(offset, value.into_inner());
    let value = match value {
        DeValue::Array(items) => DeValue::Array(items.into_iter().map(inner).collect()),
        DeValue::Table(table) => {
            DeValue::Table(table.into_iter().map(|(key, value)| (key, inner(value))).collect())
        }
        value => value,
    };
    Spanned::new(offset..offset, value)
}

fn unknown(name: &str, path: &str, section: Option<&Known>) -> Problem {
    let paths = |known: &'static Known| known.keys.iter().map(|key| path_of(known.name, key));
    let single = SECTIONS.into_iter().filter(|known| !known.list);
    let remedy = match (nearest(path, single.flat_map(paths)), section) {
        (Some(meant), _) => format!("write {}", variable(&meant)),
        (None, Some(known)) => {
            let keys = known.keys.iter().map(|key| variable(&path_of(known.name, key)));
            format!("write one of {}", keys.collect::<Vec<_>>().join(", "))
        }
        (None, None) => "unset it, or write a section, two underscores and a key, \
                         as in DRIPWATCH_SERVER__LISTEN"
            .to_owned(),
    };
    problem(name, "no key has this name", remedy)
}

fn one_of_a_list(name: &str, known: &Known) -> Problem {
    let whole = variable(known.name);
    let first_key = known.keys[0];
    problem(
        name,
        "a part of a list cannot be set by itself",
        format!("write the whole list, as in {whole}='[{{ {first_key} = \"…\" }}]'"),
    )
}

fn path_of(section: &str, key: &str) -> String {
    format!("{section}__{key}")
}

fn variable(path: &str) -> String {
    format!("{PREFIX}{}", path.to_uppercase())
}

fn problem(name: &str, what: &str, remedy: String) -> Problem {
    Fault::new(what, remedy).at((name, None), None)
}
