use serde::{Deserialize, Serialize};

/// Who may go on without an item.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum WaivedBy {
    /// Any nurse.
    #[default]
    Nurse,
    /// A nurse lead or a prescriber.
    Lead,
    /// A prescriber.
    Prescriber,
    /// Nobody.
    Nobody,
}

impl WaivedBy {
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Nurse => "Any nurse may go on without it, with a reason.",
            Self::Lead => "A nurse lead or a prescriber may go on without it, with a reason.",
            Self::Prescriber => "A prescriber may go on without it, with a reason.",
            Self::Nobody => "Nobody may go on without it.",
        }
    }
}
