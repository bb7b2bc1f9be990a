use std::sync::OnceLock;

use serde::Deserialize;

use super::list::{ListItems, ListName, ListedMedication, ListedText};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shipped {
    medications: Vec<ListedMedication>,
    symptoms: Vec<ListedText>,
    checklist: Vec<ListedText>,
}

/// A list as it is shipped: its version 0.
#[must_use]
pub fn shipped(name: ListName) -> ListItems {
    static SHIPPED: OnceLock<Option<Shipped>> = OnceLock::new();
    // A test reads it; a broken file would give empty lists, not a panic.
    let shipped = SHIPPED.get_or_init(|| toml::from_str(include_str!("shipped.toml")).ok());
    match name {
        ListName::Medications => ListItems::Medications(
            shipped.as_ref().map(|shipped| shipped.medications.clone()).unwrap_or_default(),
        ),
        ListName::Symptoms => ListItems::Texts(
            shipped.as_ref().map(|shipped| shipped.symptoms.clone()).unwrap_or_default(),
        ),
        ListName::Checklist => ListItems::Texts(
            shipped.as_ref().map(|shipped| shipped.checklist.clone()).unwrap_or_default(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::checked_items;
    use super::*;

    #[test]
    fn what_is_shipped_can_be_read_and_would_be_taken() {
        toml::from_str::<Shipped>(include_str!("shipped.toml")).unwrap();
        for name in ListName::ALL {
            let items = serde_json::to_value(shipped(name)).unwrap();
            let items = items.as_array().unwrap().clone();
            assert!(!items.is_empty(), "{name:?}");
            assert_eq!(checked_items(name, items).unwrap(), shipped(name));
            assert_eq!(ListName::named(name.name()), Some(name));
        }
    }

    #[test]
    fn what_is_given_most_comes_first_and_the_rest_as_the_clinic_ordered_it() {
        let mut items = shipped(ListName::Medications);
        items.sort_by_use(|drug| match drug {
            "labetalol" => 7,
            "oxygen" => 2,
            _ => 0,
        });
        let ListItems::Medications(items) = items else { panic!("no medications") };
        let drugs: Vec<_> = items.iter().take(4).map(|item| item.drug.as_str()).collect();
        assert_eq!(drugs, ["labetalol", "oxygen", "ondansetron", "midazolam"]);
    }
}
