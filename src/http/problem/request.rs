//! What is wrong with the request itself.

use std::time::Duration;

use axum::http::StatusCode;

use super::Problem;
use crate::profile;
use crate::vitals::InvalidId;

impl Problem {
    /// Nothing answers under this path.
    #[must_use]
    pub(crate) fn unknown_path(path: &str) -> Self {
        let shown: String = path.chars().take(200).collect();
        Self::new(StatusCode::NOT_FOUND, format!("there is nothing at {shown}"))
            .detail("All calls are listed in /api/openapi.json.")
    }

    /// The path is right, but the method is not.
    #[must_use]
    pub(crate) fn wrong_method(method: &str) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, format!("{method} is not possible here"))
            .detail("The header `allow` lists the methods that are.")
    }

    /// The path names something that does not exist.
    #[must_use]
    pub(crate) fn not_found(kind: &str, id: &str) -> Self {
        let shown: String = id.chars().take(128).collect();
        Self::new(StatusCode::NOT_FOUND, format!("there is no {kind} {shown:?}"))
    }

    /// The path contains something that cannot be an id.
    #[must_use]
    pub(crate) fn not_an_id(problem: &InvalidId) -> Self {
        Self::new(StatusCode::BAD_REQUEST, problem.to_string())
    }

    /// The body is not JSON at all.
    #[must_use]
    pub(crate) fn not_json(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "the body is not JSON").detail(detail)
    }

    /// The body, or a part of the query, has a value that is not allowed.
    #[must_use]
    pub(crate) fn bad_field(field: Option<String>, title: impl Into<String>) -> Self {
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, title);
        problem.0.field = field;
        problem
    }

    /// The query or a header cannot be read.
    #[must_use]
    pub(crate) fn bad_request(field: &str, title: impl Into<String>) -> Self {
        let mut problem = Self::new(StatusCode::BAD_REQUEST, title);
        problem.0.field = Some(field.to_owned());
        problem
    }

    /// A profile that the rooms cannot judge by, or must not: lists everything that is wrong with
    /// it.
    #[must_use]
    pub(crate) fn refused_profile(problems: Vec<profile::Problem>) -> Self {
        let count = match problems.len() {
            1 => "one problem".to_owned(),
            n => format!("{n} problems"),
        };
        let title = format!("the profile is refused for {count}; nothing was changed");
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, title);
        problem.0.problems = problems;
        problem.coded("refused_profile")
    }

    /// The library that reads the request refused it, before any of our own rules.
    #[must_use]
    pub(crate) fn unreadable_request(status: StatusCode, title: impl Into<String>) -> Self {
        Self::new(status, title)
    }

    /// A screen speaks another version of the stream.
    #[must_use]
    pub(crate) fn unknown_version(version: &str) -> Self {
        let shown: String = version.chars().take(40).collect();
        let title = format!("version must be 1, got {shown}");
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, title);
        problem.0.field = Some("version".to_owned());
        problem
            .detail("This server speaks only version 1 of the stream. Nothing is shown until you say hello with it.")
            .coded("unknown_version")
    }

    /// The body did not come in time.
    #[must_use]
    pub(crate) fn too_slow(within: Duration) -> Self {
        let title = format!("the body did not arrive within {} s: send it again", within.as_secs());
        Self::new(StatusCode::REQUEST_TIMEOUT, title).coded("too_slow")
    }

    /// The connection ended in the middle of the body, or it is not a body at all.
    #[must_use]
    pub(crate) fn cut_short() -> Self {
        let title = "the body arrived incomplete: send it again";
        Self::new(StatusCode::REQUEST_TIMEOUT, title).coded("cut_short")
    }

    /// A monitor posts more frames than its rate allows.
    #[must_use]
    pub(crate) fn too_fast(per_second: u32, wait_ms: u64) -> Self {
        let title = format!("more than {per_second} frames a second: send this one again later");
        let mut problem = Self::new(StatusCode::TOO_MANY_REQUESTS, title);
        // The header has only whole seconds.
        problem.0.retry_after_s = Some(u32::try_from(wait_ms.div_ceil(1_000)).unwrap_or(1).max(1));
        problem.coded("too_fast")
    }
}
