//! The answer when something cannot be done: RFC 9457
//! `application/problem+json`.
//!
//! The policy. A problem says what is wrong, where, and what to do next, in words that a nurse at a
//! screen or the author of an adapter can act on; it never says how the program is built. What the
//! caller can put right is a 4xx and names the field. What only we can put right is a 5xx, says
//! whether to try again, and leaves one line in the log, at the edge, where the request ends.
//! Neither holds a patient's data or a secret. Constructors are named for what happened, so that a
//! handler reads as its own account of what can go wrong; only this module names statuses. A panic
//! is a bug: it is caught at the edge, answered as one, and harms no other request.

mod caller;
mod causes;
mod conflict;
mod request;
mod server;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::contract::Details;

/// The media type of a problem.
pub(crate) const PROBLEM_JSON: &str = "application/problem+json";

/// One thing that could not be done. Small, as every `Result` of a call carries one.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub(crate) struct Problem(Box<Details>);

impl Problem {
    fn new(status: StatusCode, title: impl Into<String>) -> Self {
        Self(Box::new(Details::new(status, title)))
    }

    fn detail(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    fn coded(mut self, code: &'static str) -> Self {
        self.0.code = Some(code);
        self
    }

    /// The HTTP status.
    #[cfg(test)]
    pub(crate) fn status(&self) -> StatusCode {
        self.0.status
    }

    /// What is wrong, in a few words.
    #[must_use]
    pub(crate) fn title(&self) -> &str {
        &self.0.title
    }

    /// Its sentence, for a frame of a socket.
    #[must_use]
    pub(crate) fn details(self) -> Box<Details> {
        self.0
    }

    /// The problem as JSON.
    #[must_use]
    pub(crate) fn to_json(&self) -> String {
        // Texts and a number cannot fail to be written.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let kind = HeaderValue::from_static(PROBLEM_JSON);
        let mut response =
            (self.0.status, [(header::CONTENT_TYPE, kind)], self.to_json()).into_response();
        if let Some(seconds) = self.0.retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        if self.0.status == StatusCode::UNAUTHORIZED {
            let scheme = HeaderValue::from_static("Bearer");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, scheme);
        }
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_has_the_shape_of_rfc_9457() {
        let problem = Problem::bad_field(Some("seconds".into()), "seconds must be 1..=120, got 0");
        insta::assert_snapshot!(problem.to_json(), @r#"{"type":"about:blank","title":"seconds must be 1..=120, got 0","status":422,"field":"seconds"}"#);
    }

    #[test]
    fn a_gate_names_what_it_waits_for() {
        let unmet = vec!["Systolic at or above 100: now 93".to_owned()];
        let problem = Problem::not_now("Start waits.").unmet(unmet);
        insta::assert_snapshot!(problem.to_json(), @r#"{"type":"about:blank","title":"not possible now","status":409,"detail":"Start waits.","code":"not_now","unmet":["Systolic at or above 100: now 93"]}"#);
    }

    #[test]
    fn who_came_second_sees_the_alert_as_it_is() {
        let problem = Problem::already_acknowledged("KM", r#"{"id":"s-a1"}"#.into());
        insta::assert_snapshot!(problem.to_json(), @r#"{"type":"about:blank","title":"already acknowledged by KM","status":409,"code":"already_acknowledged","alert":{"id":"s-a1"}}"#);
    }

    #[test]
    fn a_wait_is_a_header_too() {
        let response = Problem::too_many_tries(30).into_response();
        assert_eq!(response.status(), StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(response.headers()[header::RETRY_AFTER], "30");
    }
}
