use serde::{Deserialize, Serialize};

use crate::vitals::Decimal;

/// Which list.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum ListName {
    /// What staff give besides the infusion.
    Medications,
    /// What patients complain of, besides the symptoms of the profile.
    Symptoms,
    /// What is checked before a treatment, besides the items of the gates.
    Checklist,
}

impl ListName {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Medications, Self::Symptoms, Self::Checklist];

    /// The name in the contract.
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
    /// The usual dose, which is one of them; the first when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub usual: Option<Decimal>,
    /// The unit of the doses: `mg`, `mL`, `L/min`.
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

/// What a list contains.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(untagged)]
pub enum ListItems {
    /// Items of `medications`.
    Medications(Vec<ListedMedication>),
    /// Items of the other lists.
    Texts(Vec<ListedText>),
}

impl ListItems {
    /// The items that were given most come first, otherwise the clinic's order holds. `times` says
    /// how often a drug was given.
    pub fn sort_by_use(&mut self, times: impl Fn(&str) -> u64) {
        if let Self::Medications(items) = self {
            items.sort_by_key(|item| std::cmp::Reverse(times(&item.drug)));
        }
    }
}
