//! How far a session is.

use serde::{Deserialize, Serialize};

/// How far a session is (clinical.md#phases).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names are the words of the contract")]
pub enum Phase {
    CheckedIn,
    Screening,
    Baseline,
    /// A baseline with a reason to wait. A room shows this phase and is never in it.
    Held,
    Ready,
    Infusing,
    Paused,
    Recovery,
    /// A recovery that misses nothing. A room shows this phase and is never in it.
    ReadyToLeave,
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
            Self::Screening => "screening",
            Self::Baseline => "baseline",
            Self::Held => "held",
            Self::Ready => "ready",
            Self::Infusing => "infusing",
            Self::Paused => "paused",
            Self::Recovery => "recovery",
            Self::ReadyToLeave => "ready to leave",
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
            Self::ReadyToLeave => "ready_to_leave",
            other => other.words(),
        }
    }

    pub(super) const fn is_before_start(self) -> bool {
        matches!(
            self,
            Self::CheckedIn | Self::Screening | Self::Baseline | Self::Held | Self::Ready
        )
    }
}
