use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::record::Removal;
use crate::vitals::{Millis, SessionId};

/// How the record of a session is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeepingState {
    /// The session runs, or is over and not sealed yet.
    Open,
    /// It is packed, and its hash is in the chain of the clinic.
    Sealed,
    /// Who it was about, and what staff wrote, was removed.
    Redacted,
    /// It was deleted: only that there was one is left.
    Deleted,
}

/// How the record of a session is kept, and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Keeping {
    /// The session.
    pub session: SessionId,
    /// What has become of it so far.
    pub state: KeepingState,
    /// When it was over; `null` while it runs.
    #[schema(required)]
    pub ended_at: Option<Millis>,
    /// When it will be sealed; `null` while it runs, and when it is.
    #[schema(required)]
    pub seal_due_at: Option<Millis>,
    /// Since when it has been sealed.
    #[schema(required)]
    pub sealed_at: Option<Millis>,
    /// When the program will delete it, as configured; `null` if it will not.
    #[schema(required)]
    pub delete_due_at: Option<Millis>,
    /// Personal details were removed.
    #[schema(required)]
    pub redacted: Option<Removal>,
    /// All of it was deleted.
    #[schema(required)]
    pub deleted: Option<Removal>,
}

impl Keeping {
    /// The same once personal details were removed.
    #[must_use]
    pub fn redacted_by(self, removal: Removal) -> Self {
        Self { state: KeepingState::Redacted, redacted: Some(removal), ..self }
    }

    /// The same once it was deleted.
    #[must_use]
    pub fn deleted_by(self, removal: Removal) -> Self {
        Self {
            state: KeepingState::Deleted,
            seal_due_at: None,
            delete_due_at: None,
            deleted: Some(removal),
            ..self
        }
    }
}

/// A patient whose personal details were removed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RedactedPatient {
    /// Their id, which nobody has any more.
    #[schema(value_type = String)]
    pub patient: crate::vitals::PatientId,
    /// By whom and why.
    pub redacted: Removal,
}
