//! Errors of other parts of the program, as problems.

use super::Problem;
use crate::access::AccessError;
use crate::journal::ReadError;
use crate::vitals::InvalidId;
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

impl From<ReadError> for Problem {
    fn from(error: ReadError) -> Self {
        tracing::error!("a question could not be answered: {error}");
        Self::record_unreadable()
    }
}

impl From<AccessError> for Problem {
    fn from(error: AccessError) -> Self {
        tracing::error!("no secret could be made: {error}");
        Self::our_fault()
    }
}

impl From<InvalidId> for Problem {
    fn from(problem: InvalidId) -> Self {
        Self::not_an_id(&problem)
    }
}
