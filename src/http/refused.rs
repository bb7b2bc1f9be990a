//! What the ward refuses, as problems.

use crate::error::Problem;
use crate::ward::{Refusal, RestoreError};

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::NotFound { kind, id } => Self::not_found(kind, &id),
            Refusal::NotNow(why) => Self::not_now(&why),
            Refusal::Unmet { why, unmet } => Self::not_now(&why).unmet(unmet),
            Refusal::NeedsIdentity(why) => Self::needs_identity(&why),
            Refusal::NeedsPassword(why) => Self::needs_password(&why),
            Refusal::NeedsConfirmation(why) => Self::needs_confirmation(&why),
            Refusal::AlreadyAcknowledged { by, alert } => Self::already_acknowledged(&by, alert),
            Refusal::Stopping => Self::not_ready("the server is stopping: try again in a moment"),
        }
    }
}

impl From<RestoreError> for Problem {
    fn from(error: RestoreError) -> Self {
        tracing::error!("a room's earlier record cannot be read: {error}");
        Self::our_fault()
    }
}
