use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::record::Unsigned;
use crate::vitals::Millis;

/// Somebody signed the record.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Signature {
    /// By initials.
    pub by: String,
    /// With which they sign in.
    pub name: String,
    /// When.
    pub at: Millis,
    /// What was still open then.
    pub open: Vec<Unsigned>,
    /// Something was entered or corrected after it.
    pub changed_since: bool,
}

/// What an item that a signature closes is called.
pub const SIGNATURE: &str = "Signature";

/// Something that must still be done before the record is final.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpenItem {
    /// What, as staff read it.
    pub text: String,
    /// By whom.
    pub by: OpenFor,
    /// Since when it is open.
    pub since: Millis,
}

/// Who can close something that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OpenFor {
    /// Any nurse of the session.
    Nurse,
    /// A prescriber.
    Prescriber,
}

impl OpenFor {
    /// As staff say it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Nurse => "nurse",
            Self::Prescriber => "prescriber",
        }
    }
}
