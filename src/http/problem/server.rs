//! Only the server's side can put it right.

use axum::http::StatusCode;

use super::Problem;

/// When to retry after a disk did not answer.
const RECORD_RETRY_S: u32 = 5;

impl Problem {
    /// More at once than the server accepts.
    #[must_use]
    pub(crate) fn busy() -> Self {
        let title = "too many requests at once: try again in a moment";
        let mut problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, title);
        problem.0.retry_after_s = Some(1);
        problem.coded("busy")
    }

    /// The same request was made before, or may have been, and the disk does not say what came of
    /// it: acting twice would be worse than waiting.
    #[must_use]
    pub(crate) fn answer_not_found() -> Self {
        let title = "it is not known now whether this was already done";
        let mut problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, title);
        problem.0.retry_after_s = Some(1);
        problem
            .detail(
                "Nothing was done now. Check whether it was already done, or try again in a moment.",
            )
            .coded("answer_not_found")
    }

    /// The disk does not answer: what is in memory still works.
    #[must_use]
    pub(crate) fn record_unreadable() -> Self {
        let mut problem =
            Self::new(StatusCode::SERVICE_UNAVAILABLE, "the record cannot be read now");
        problem.0.retry_after_s = Some(RECORD_RETRY_S);
        problem.coded("record_unreadable").detail(
            "The disk does not answer. Monitoring, alerts and all that you do go on; \
             what is past comes back when it does.",
        )
    }

    /// The server is not fit for work; the sentence says why.
    #[must_use]
    pub(crate) fn not_ready(title: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, title).coded("not_ready")
    }

    /// The frame did not reach the disk in time.
    #[must_use]
    pub(crate) fn not_stored() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "the frame could not be stored: send it again")
            .coded("not_stored")
    }

    /// A fault of ours.
    #[must_use]
    pub(crate) fn our_fault() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "something went wrong on the server")
            .detail("It was logged. Monitoring goes on; try again.")
    }
}
