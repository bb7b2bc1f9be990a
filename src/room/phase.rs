//! How far a session is.

use serde::{Deserialize, Serialize};

/// How far a session is (clinical.md#phases).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the words of the contract")]
pub enum Phase {
    CheckedIn,
    Baseline,
    Ready,
    Infusing,
    Paused,
    Recovery,
    Discharged,
    Aborted,
    Transferred,
}

impl Phase {
    /// Whether the session is over.
    #[must_use]
    pub const fn has_ended(self) -> bool {
        matches!(self, Self::Discharged | Self::Aborted | Self::Transferred)
    }

    /// As staff say it.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::CheckedIn => "checked in",
            Self::Baseline => "baseline",
            Self::Ready => "ready",
            Self::Infusing => "infusing",
            Self::Paused => "paused",
            Self::Recovery => "recovery",
            Self::Discharged => "discharged",
            Self::Aborted => "aborted",
            Self::Transferred => "transferred",
        }
    }

    /// The wire name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::CheckedIn => "checked_in",
            other => other.words(),
        }
    }

    pub(super) const fn is_before_start(self) -> bool {
        matches!(self, Self::CheckedIn | Self::Baseline | Self::Ready)
    }
}
