//! The clinic's own lists: what screens offer by one tap. Versioned; as shipped until the clinic
//! changes them (clinical.md#lists). Pure.

mod check;

use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

use crate::vitals::Decimal;

pub use check::{
    LONGEST_ITEM_TEXT, LONGEST_UNIT, ListProblem, MAX_DOSES, MAX_ITEMS, checked_items,
};

/// Which list.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ListName {
    /// What staff give beside the infusion.
    Medications,
    /// What patients complain of, beside what the profile knows.
    Symptoms,
    /// What is looked at before a treatment, beside what the gates ask.
    Checklist,
}

impl ListName {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Medications, Self::Symptoms, Self::Checklist];

    /// The contract's name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Medications => "medications",
            Self::Symptoms => "symptoms",
            Self::Checklist => "checklist",
        }
    }

    /// The list of this name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|list| list.name() == name)
    }
}

/// Something that staff give: a button for each dose.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListedMedication {
    /// Its name.
    pub drug: String,
    /// The doses that are offered, in `unit`.
    pub doses: Vec<Decimal>,
    /// Of the doses: `mg`, `mL`, `L/min`.
    pub unit: String,
    /// How it is given: `iv`, `po`, `nasal`.
    pub route: String,
}

/// A line of a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ListedText {
    /// As staff read it.
    pub text: String,
}

/// What is in a list.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum ListItems {
    /// Of `medications`.
    Medications(Vec<ListedMedication>),
    /// Of the others.
    Texts(Vec<ListedText>),
}

impl ListItems {
    /// Those of which most was given, first; else in the clinic's order. `times` says how often a
    /// drug was given.
    pub fn sort_by_use(&mut self, times: impl Fn(&str) -> u64) {
        if let Self::Medications(items) = self {
            items.sort_by_key(|item| std::cmp::Reverse(times(&item.drug)));
        }
    }
}

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
    // A test reads it; a broken one would be empty lists, and no panic.
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
