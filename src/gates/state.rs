use serde::{Deserialize, Serialize};

use super::facts::Signed;
use super::met_by::MetBy;
use super::step::Step;
use super::waived_by::WaivedBy;
use crate::vitals::Millis;

/// How a gate is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct GateState {
    /// The step that it comes before.
    pub step: Step,
    /// What it asks for.
    pub items: Vec<ItemState>,
}

/// The state of one item of a gate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ItemState {
    /// Its name in the profile.
    pub name: String,
    /// As staff read it.
    pub text: String,
    /// Whether it is there.
    pub met: bool,
    /// The room itself says it: nobody ticks it.
    pub measured: bool,
    /// Who may go on without it now, with a reason (`override`).
    pub waived_by: WaivedBy,
    /// How it is met.
    pub met_by: MetBy,
    /// What is there, or what is missing.
    pub detail: String,
    /// When it is met if nothing changes, where that is known.
    #[schema(required)]
    pub until: Option<Millis>,
    /// The values that it is judged by, oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<ListedValue>,
    /// Who said it, by initials.
    #[schema(required)]
    pub by: Option<String>,
    /// When they said it.
    #[schema(required)]
    pub at: Option<Millis>,
    /// When it is to be judged again although nothing happens.
    #[serde(skip)]
    #[schema(ignore)]
    pub again_at: Option<Millis>,
}

/// A value that an item is judged by.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
pub struct ListedValue {
    /// When it was measured.
    pub at: Millis,
    /// As staff read it.
    pub text: String,
}

impl ItemState {
    pub(super) fn met(detail: impl Into<String>) -> Self {
        Self { met: true, detail: detail.into(), ..Self::default() }
    }

    pub(super) fn open(detail: impl Into<String>) -> Self {
        Self { detail: detail.into(), ..Self::default() }
    }

    pub(super) fn until(self, until: Millis) -> Self {
        Self { until: Some(until), ..self }
    }

    pub(super) fn again_at(self, again_at: Millis) -> Self {
        Self { again_at: Some(again_at), ..self }
    }

    pub(super) fn signed(self, Signed { by, at }: Signed) -> Self {
        Self { by: Some(by), at: Some(at), ..self }
    }
}
