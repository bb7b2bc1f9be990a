//! The request is right, but not possible as things are.

use axum::http::StatusCode;
use serde_json::value::RawValue;

use super::Problem;
use crate::record::Removal;

impl Problem {
    /// It cannot be done now; `remedy` says why, and what to do instead.
    #[must_use]
    pub(crate) fn not_now(remedy: &str) -> Self {
        Self::new(StatusCode::CONFLICT, "not possible now").detail(remedy).coded("not_now")
    }

    /// The REMS monitoring form of a session with another drug; `why` says which.
    #[must_use]
    pub(crate) fn not_esketamine(why: &str) -> Self {
        Self::new(StatusCode::CONFLICT, "no such form for this session")
            .detail(why)
            .coded("not_esketamine")
    }

    /// It was there, and was deleted on purpose.
    #[must_use]
    pub(crate) fn deleted(removal: &Removal) -> Self {
        let by = removal.by.as_deref().unwrap_or("the program, as configured");
        Self::new(StatusCode::GONE, "this session was deleted")
            .detail(format!("By {by}: {}", removal.reason))
            .coded("deleted")
    }

    /// A gate is still waiting for something.
    #[must_use]
    pub(crate) fn unmet(mut self, unmet: Vec<String>) -> Self {
        self.0.unmet = unmet;
        self
    }

    /// Only somebody who has read what will happen may do it: the same again with `confirm`.
    #[must_use]
    pub(crate) fn needs_confirmation(remedy: &str) -> Self {
        Self::new(StatusCode::CONFLICT, "this needs your confirmation")
            .detail(remedy)
            .coded("needs_confirmation")
    }

    /// Somebody else took the alert first.
    #[must_use]
    pub(crate) fn already_acknowledged(by: &str, alert: String) -> Self {
        let title = format!("already acknowledged by {by}");
        let mut problem = Self::new(StatusCode::CONFLICT, title).coded("already_acknowledged");
        problem.0.alert = RawValue::from_string(alert).ok();
        problem
    }
}
