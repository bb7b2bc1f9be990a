//! A profile as TOML for people to edit: what reads at a glance is on one line, as in
//! `profiles/`.

use std::fmt::Write as _;

use serde::Serialize;
use toml::de::{DeTable, DeValue};
use toml::ser::ValueSerializer;

use super::Profile;

/// Longer than this is divided, characters.
const LINE: usize = 100;
/// Lists are divided into lines of up to this; what is longer gets a heading.
const LINE_OF_LIST: usize = 150;

/// The whole profile; [`Profile::from_toml`] reads it again.
pub(super) fn of(profile: &Profile) -> String {
    let mut inline = String::new();
    // Numbers and texts, all of them checked, cannot fail to be written, nor to be read again.
    if profile.serialize(ValueSerializer::new(&mut inline)).is_err() {
        return String::new();
    }
    let whole = format!("whole = {inline}");
    let mut text = String::new();
    if let Ok(table) = DeTable::parse(&whole)
        && let Some(DeValue::Table(profile)) = table.get_ref().get("whole").map(|v| v.get_ref())
    {
        write_table(&mut text, &whole, profile, "");
    }
    text
}

/// The keys of a table, in the order in which they were written: those on one line, lists of such
/// lines, and below them what needs a heading.
fn write_table(text: &mut String, whole: &str, table: &DeTable<'_>, path: &str) {
    let mut entries: Vec<_> = table.iter().collect();
    entries.sort_by_key(|(key, _)| key.span().start);
    let mut below = Vec::new();
    for (key, value) in entries {
        let (key, written) = (key.get_ref(), &whole[value.span()]);
        // Writing to a text cannot fail.
        match value.get_ref() {
            DeValue::Table(table) if path.is_empty() || written.len() > LINE => {
                below.push((key, Below::Table(table)));
            }
            DeValue::Array(list) if written.len() > LINE => {
                if list.iter().all(|item| item.span().len() <= LINE_OF_LIST) {
                    let items = list.iter().map(|item| format!("    {},\n", &whole[item.span()]));
                    let _ = writeln!(text, "{key} = [\n{}]", items.collect::<String>());
                } else {
                    below
                        .push((key, Below::List(list.iter().map(|item| item.get_ref()).collect())));
                }
            }
            _ => {
                let _ = writeln!(text, "{key} = {written}");
            }
        }
    }
    for (key, value) in below {
        let path = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
        match value {
            Below::Table(table) => {
                // A table that holds nothing but another one needs no heading.
                if !is_only_a_way(table, whole) {
                    let _ = writeln!(text, "\n[{path}]");
                }
                write_table(text, whole, table, &path);
            }
            Below::List(tables) => {
                for table in tables {
                    let DeValue::Table(table) = table else { continue };
                    let _ = writeln!(text, "\n[[{path}]]");
                    write_table(text, whole, table, &path);
                }
            }
        }
    }
}

/// What has a heading of its own.
enum Below<'a, 'i> {
    Table(&'a DeTable<'i>),
    List(Vec<&'a DeValue<'i>>),
}

fn is_only_a_way(table: &DeTable<'_>, whole: &str) -> bool {
    let is_long_table = |value: &toml::Spanned<DeValue<'_>>| {
        matches!(value.get_ref(), DeValue::Table(_)) && whole[value.span()].len() > LINE
    };
    table.len() == 1 && table.values().all(is_long_table)
}

#[cfg(test)]
mod tests {
    use crate::profile::{Profile, builtin, builtin_names};

    #[test]
    fn every_shipped_profile_reads_back_from_what_is_edited() {
        for name in builtin_names() {
            let profile = builtin(name).unwrap();
            let text = profile.to_toml();
            assert_eq!(Profile::from_toml(&text).unwrap(), *profile, "{name}");
            assert!(text.lines().all(|line| line.len() < 200), "{text}");
        }
    }

    #[test]
    fn a_stage_is_one_line() {
        let text = builtin("iron-iv").unwrap().to_toml();
        assert!(
            text.starts_with("name = \"iron-iv\"\nversion = 3\ntitle = \"Iron IV\"\n"),
            "{text}"
        );
        let from = text.find("[[conditions]]\ncondition = \"spo2_falling\"").unwrap();
        let to = text[from..].find("\n\n[[conditions]]").unwrap();
        insta::assert_snapshot!(&text[from..from + to], @r#"
        [[conditions]]
        condition = "spo2_falling"
        text = "SpO2 falling"
        during = ["no_session", "before_start", "treatment"]
        hidden_by = ["spo2_low"]
        realert_s = 300

        [conditions.rule.fall]
        vital = "spo2"
        gap_s = 10
        by = 5.0
        within_s = 20
        to = { offset = -4.0 }
        held_s = 3
        after_bad_s = 0
        stages = [{ level = 1, priority = "medium" }]
        clearing = { margin = 1.0, for_s = 30 }
        steady = { within = 2.0, for_s = 120 }
        "#);
    }
}
