//! What a list may hold.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::Value as Json;

use super::list::{ListItems, ListName, ListedMedication, ListedText};
use crate::name;

/// The most items of one list: among more, nobody finds one.
pub const MAX_ITEMS: usize = 100;
/// The most doses that one medication offers.
pub const MAX_DOSES: usize = 6;
/// Longest name of a drug, and longest line, characters.
pub const LONGEST_ITEM_TEXT: usize = 100;
/// Longest unit or route, characters.
pub const LONGEST_UNIT: usize = 20;
/// No dose is larger, whatever its unit.
const LARGEST: f64 = 10_000.0;

/// What is wrong with a list, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListProblem {
    /// Such as `items[2].unit`.
    pub field: String,
    /// What is wrong, with the field.
    pub title: String,
}

fn problem(field: String, what: impl std::fmt::Display) -> ListProblem {
    ListProblem { title: format!("{field} {what}"), field }
}

/// The items of a list, checked.
///
/// # Errors
/// The first thing that is wrong.
pub fn checked_items(name: ListName, items: Vec<Json>) -> Result<ListItems, ListProblem> {
    if items.len() > MAX_ITEMS {
        return Err(problem("items".to_owned(), format!("must be at most {MAX_ITEMS}")));
    }
    match name {
        ListName::Medications => {
            let items = read_all(items, medication)?;
            unique(items.iter().map(|item| format!("{} {} {}", item.drug, item.unit, item.route)))?;
            Ok(ListItems::Medications(items))
        }
        ListName::Symptoms | ListName::Checklist => {
            let items = read_all(items, |item: ListedText, place| {
                Ok(ListedText { text: text(&item.text, LONGEST_ITEM_TEXT, place, "text")? })
            })?;
            unique(items.iter().map(|item| item.text.clone()))?;
            Ok(ListItems::Texts(items))
        }
    }
}

fn read_all<T: DeserializeOwned>(
    items: Vec<Json>,
    check: impl Fn(T, &str) -> Result<T, ListProblem>,
) -> Result<Vec<T>, ListProblem> {
    let read = |(n, item): (usize, Json)| {
        let place = format!("items[{n}]");
        let item = serde_json::from_value(item);
        check(
            item.map_err(|error| problem(place.clone(), format!("is not an item: {error}")))?,
            &place,
        )
    };
    items.into_iter().enumerate().map(read).collect()
}

fn medication(item: ListedMedication, place: &str) -> Result<ListedMedication, ListProblem> {
    let ListedMedication { drug, doses, usual, unit, route } = item;
    if !(1..=MAX_DOSES).contains(&doses.len()) {
        return Err(problem(format!("{place}.doses"), format!("must be 1 to {MAX_DOSES}")));
    }
    for (n, dose) in doses.iter().enumerate() {
        if !(dose.as_f64() > 0.0 && dose.as_f64() <= LARGEST) {
            let allowed = format!("must be above 0 and at most {LARGEST}");
            return Err(problem(format!("{place}.doses[{n}]"), allowed));
        }
    }
    if usual.is_some_and(|usual| !doses.contains(&usual)) {
        return Err(problem(format!("{place}.usual"), "must be one of the doses"));
    }
    Ok(ListedMedication {
        usual,
        drug: text(&drug, LONGEST_ITEM_TEXT, place, "drug")?,
        doses,
        unit: text(&unit, LONGEST_UNIT, place, "unit")?,
        route: text(&route, LONGEST_UNIT, place, "route")?,
    })
}

fn text(text: &str, longest: usize, place: &str, field: &str) -> Result<String, ListProblem> {
    name::checked(text, longest).map_err(|wrong| problem(format!("{place}.{field}"), wrong))
}

/// Nothing may be in the list twice, as staff read it.
fn unique(texts: impl Iterator<Item = String>) -> Result<(), ListProblem> {
    let mut keys = BTreeSet::new();
    for (n, text) in texts.enumerate() {
        if !keys.insert(name::key(&text)) {
            return Err(problem(format!("items[{n}]"), format!("is already in the list: {text}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refused(name: ListName, items: Json) -> String {
        checked_items(name, items.as_array().unwrap().clone()).unwrap_err().title
    }

    #[test]
    fn what_is_wrong_with_a_list_is_said_with_its_place() {
        let good = json!({"drug": "ondansetron", "doses": [4], "unit": "mg", "route": "iv"});
        let with = |key: &str, value: Json| {
            let mut item = good.clone();
            item[key] = value;
            json!([good, item])
        };
        for (items, title) in [
            (with("doses", json!([])), "items[1].doses must be 1 to 6"),
            (with("doses", json!(vec![1; 7])), "items[1].doses must be 1 to 6"),
            (with("doses", json!([0])), "items[1].doses[0] must be above 0 and at most 10000"),
            (
                with("doses", json!([1, 10001])),
                "items[1].doses[1] must be above 0 and at most 10000",
            ),
            (with("usual", json!(8)), "items[1].usual must be one of the doses"),
            (with("unit", json!("")), "items[1].unit must have 1 to 20 characters"),
            (with("route", json!("x".repeat(21))), "items[1].route must have 1 to 20 characters"),
            (with("drug", json!("x".repeat(101))), "items[1].drug must have 1 to 100 characters"),
            (
                with("drug", json!("Ondansetron")),
                "items[1] is already in the list: Ondansetron mg iv",
            ),
            (json!(vec![good; MAX_ITEMS + 1]), "items must be at most 100"),
        ] {
            assert_eq!(refused(ListName::Medications, items), title);
        }
        assert_eq!(
            refused(ListName::Symptoms, json!([{"text": "Headache"}, {"text": "a\nb"}])),
            "items[1].text must be on one line: U+000A is a control character"
        );
        assert!(
            refused(ListName::Checklist, json!([{"line": "x"}]))
                .starts_with("items[0] is not an item: unknown field")
        );
        let odd = json!([{"text": "<b>\"'"}, {"text": "\u{5d0}"}]);
        assert!(checked_items(ListName::Symptoms, odd.as_array().unwrap().clone()).is_ok());
    }
}
