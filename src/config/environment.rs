//! Overrides: `DRIPWATCH_SERVER__LISTEN` is `[server] listen`.

use super::Problem;
use super::place::Place;
use super::schema::{self, Known, SECTIONS};
use super::spelling::nearest;
use super::tree::{Node, Table, Value, parse_variable};

const PREFIX: &str = "DRIPWATCH_";

/// This process's variables that may concern us, with what is not Unicode replaced.
///
/// Reading them all with [`std::env::vars`] would panic over a stranger's variable.
pub fn environment() -> impl Iterator<Item = (String, String)> {
    std::env::vars_os().filter_map(|(name, value)| {
        let name = name.into_string().ok()?;
        let ours = name.starts_with(PREFIX);
        ours.then(|| (name, value.to_string_lossy().into_owned()))
    })
}

/// Puts the variables over the file's values; returns what is wrong with their names.
///
/// A name without `__` that is no section is left alone: `DRIPWATCH_LOG` and its like are not
/// configuration, and monitor adapters keep their own beside them.
pub(super) fn apply(
    tree: &mut Table,
    variables: impl Iterator<Item = (String, String)>,
) -> Vec<Problem> {
    let mut variables: Vec<_> = variables.collect();
    // A section's own variable sorts before those of its keys, and so is refined by them.
    variables.sort();
    variables.iter().filter_map(|(name, text)| apply_one(tree, name, text)).collect()
}

fn apply_one(tree: &mut Table, name: &str, text: &str) -> Option<Problem> {
    let path = name.strip_prefix(PREFIX)?.to_lowercase();
    let Some((section, key)) = path.split_once("__") else {
        let known = schema::section(&path)?;
        let node = parse_variable(name, text);
        tree.insert(known.name.to_owned(), (node.place.clone(), node));
        return None;
    };
    match schema::section(section) {
        Some(known) if known.list => Some(one_of_a_list(name, known)),
        Some(known) if known.keys.contains(&key) => {
            set(tree, known, key, parse_variable(name, text));
            None
        }
        section => Some(unknown(name, &path, section)),
    }
}

fn set(tree: &mut Table, known: &Known, key: &str, node: Node) {
    let place = node.place.clone();
    let (_, section) = tree
        .entry(known.name.to_owned())
        .or_insert_with(|| (place.clone(), empty_table(place.clone())));
    // Else the file wrote something that is no table, which is reported as such.
    if let Value::Table(table) = &mut section.value {
        table.insert(key.to_owned(), (place, node));
    }
}

fn empty_table(place: Place) -> Node {
    Node { place, value: Value::Table(Table::new()), letters: None }
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
    Problem { file: name.to_owned(), line: None, key: None, what: what.to_owned(), remedy }
}
