//! What a person or program is told when something cannot be done: RFC 9457
//! `application/problem+json`.
//!
//! The policy. A problem says what is wrong, where, and what to do next, in words that a nurse at
//! a screen or the author of an adapter can act upon; it never says how we are built. What the
//! caller can put right is a 4xx and names the field. What only we can put right is a 5xx, says
//! whether to try again, and leaves one line in the log, at the edge, where the request ends.
//! Neither holds a patient's data or a secret. Constructors are named for what happened, so that
//! a handler reads as its own account of what can go wrong; the status stands here alone.
//! A panic is a bug: it is caught at the edge, answered as one, and harms no other request.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::access::{AccessError, Role};
use crate::contract::Details;
use crate::journal::ReadError;
use crate::profile;
use crate::vitals::InvalidId;

/// When to ask a disk again that did not answer.
const RECORD_RETRY_S: u32 = 5;

/// The media type of a problem.
pub const PROBLEM_JSON: &str = "application/problem+json";

/// One thing that could not be done. Small, as every `Result` of a call carries one.
#[derive(Debug, Serialize)]
#[serde(transparent)]
pub struct Problem(Box<Details>);

impl Problem {
    fn new(status: StatusCode, title: impl Into<String>) -> Self {
        Self(Box::new(Details {
            kind: "about:blank",
            title: title.into(),
            status,
            detail: None,
            code: None,
            field: None,
            alert: None,
            unmet: Vec::new(),
            problems: Vec::new(),
            retry_after_s: None,
        }))
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
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.0.status
    }

    /// What is wrong, in a few words.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.0.title
    }

    /// What it says, for a frame of a socket.
    #[must_use]
    pub fn details(self) -> Box<Details> {
        self.0
    }

    /// The problem as JSON.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Texts and a number cannot fail to be written.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// Nothing answers under this path.
    #[must_use]
    pub fn unknown_path(path: &str) -> Self {
        let shown: String = path.chars().take(200).collect();
        Self::new(StatusCode::NOT_FOUND, format!("nothing is at {shown}"))
            .detail("The calls that there are stand in /api/openapi.json.")
    }

    /// The path is right, the method is not.
    #[must_use]
    pub fn wrong_method(method: &str) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, format!("{method} is not possible here"))
            .detail("The header `allow` names what is.")
    }

    /// The path names something that is not there.
    #[must_use]
    pub fn not_found(kind: &str, id: &str) -> Self {
        let shown: String = id.chars().take(128).collect();
        Self::new(StatusCode::NOT_FOUND, format!("there is no {kind} {shown:?}"))
    }

    /// A screen speaks another version of the stream.
    #[must_use]
    pub fn unknown_version(version: &str) -> Self {
        let shown: String = version.chars().take(40).collect();
        let title = format!("version must be 1, got {shown}");
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, title);
        problem.0.field = Some("version".to_owned());
        problem
            .detail("This server speaks version 1 of the stream alone. Nothing is shown until you say hello with it.")
            .coded("unknown_version")
    }

    /// The path holds what cannot be an id.
    #[must_use]
    pub fn not_an_id(problem: &InvalidId) -> Self {
        Self::new(StatusCode::BAD_REQUEST, problem.to_string())
    }

    /// Nobody is signed in, or the token is worth nothing.
    #[must_use]
    pub fn not_signed_in() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "sign in first").coded("not_signed_in").detail(
            "Sign in with POST /api/v1/login, or send `Authorization: Bearer` with a token.",
        )
    }

    /// Name or password is wrong; which one is not said.
    #[must_use]
    pub fn wrong_password() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "name or password is wrong").coded("wrong_secret")
    }

    /// Initials or PIN are wrong. The station stays signed in, so this is not a 401.
    #[must_use]
    pub fn wrong_pin() -> Self {
        Self::new(StatusCode::FORBIDDEN, "initials or PIN is wrong").coded("wrong_secret")
    }

    /// Initials or password are wrong, where the station stays signed in.
    #[must_use]
    pub fn wrong_password_here() -> Self {
        Self::new(StatusCode::FORBIDDEN, "initials or password is wrong").coded("wrong_secret")
    }

    /// No PIN is tried any more; the password is.
    #[must_use]
    pub fn no_more_pins() -> Self {
        Self::new(StatusCode::FORBIDDEN, "too many wrong PINs")
            .detail("Give your password here, or use your own screen.")
            .coded("needs_password")
    }

    /// A PIN is not enough.
    #[must_use]
    pub fn needs_password_of(role: Role) -> Self {
        Self::new(StatusCode::FORBIDDEN, format!("this needs the password of a {role}"))
            .detail(
                "A PIN gives a nurse's rights. Give your password here, or use your own screen.",
            )
            .coded("needs_password")
    }

    /// A PIN is not enough; `why` says for what.
    #[must_use]
    pub fn needs_password(why: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "this needs your password")
            .detail(format!("{why} A PIN gives a nurse's rights."))
            .coded("needs_password")
    }

    /// Not at somebody else's station, whatever they prove.
    #[must_use]
    pub fn needs_own_sign_in() -> Self {
        Self::new(StatusCode::FORBIDDEN, "this needs your own sign-in")
            .detail("Sign in with your own account, and sign out afterwards.")
            .coded("needs_own_sign_in")
    }

    /// Wrong too often.
    #[must_use]
    pub fn too_many_tries(wait_s: u32) -> Self {
        let mut problem = Self::new(
            StatusCode::TOO_MANY_REQUESTS,
            format!("too many wrong tries: wait {wait_s} s"),
        );
        problem.0.retry_after_s = Some(wait_s);
        problem.coded("too_many_tries")
    }

    /// A monitor posts more frames than its rate allows.
    #[must_use]
    pub fn too_fast(per_second: u32, wait_ms: u64) -> Self {
        let title = format!("more than {per_second} frames a second: send this one again later");
        let mut problem = Self::new(StatusCode::TOO_MANY_REQUESTS, title);
        // The header knows whole seconds alone.
        problem.0.retry_after_s = Some(u32::try_from(wait_ms.div_ceil(1_000)).unwrap_or(1).max(1));
        problem.coded("too_fast")
    }

    /// The body did not come in time.
    #[must_use]
    pub fn too_slow(within: std::time::Duration) -> Self {
        let title = format!("the body did not come within {} s: send it again", within.as_secs());
        Self::new(StatusCode::REQUEST_TIMEOUT, title).coded("too_slow")
    }

    /// The connection ended in the middle of the body, or what came of it is none.
    #[must_use]
    pub fn cut_short() -> Self {
        let title = "the body did not come whole: send it again";
        Self::new(StatusCode::REQUEST_TIMEOUT, title).coded("cut_short")
    }

    /// A request with a cookie that another page made, or that does not say which page made it.
    #[must_use]
    pub fn foreign_origin() -> Self {
        Self::new(StatusCode::FORBIDDEN, "this page may not do that here")
            .coded("foreign_origin")
            .detail("With a cookie, `Origin` must name this server. Programs use a Bearer token.")
    }

    /// The role is too low.
    #[must_use]
    pub fn needs_role(role: Role) -> Self {
        Self::new(StatusCode::FORBIDDEN, format!("this needs the role {role} or a higher one"))
            .coded("needs_role")
    }

    /// The token is for something else.
    #[must_use]
    pub fn wrong_token(what: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, what).coded("wrong_token")
    }

    /// The body is not JSON at all.
    #[must_use]
    pub fn not_json(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "the body is not JSON").detail(detail)
    }

    /// The body, or a part of the query, says something that it cannot say.
    #[must_use]
    pub fn bad_field(field: Option<String>, title: impl Into<String>) -> Self {
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, title);
        problem.0.field = field;
        problem
    }

    /// A profile that the rooms cannot judge by, or must not: everything that is wrong with it.
    #[must_use]
    pub fn refused_profile(problems: Vec<profile::Problem>) -> Self {
        let count = match problems.len() {
            1 => "one problem".to_owned(),
            n => format!("{n} problems"),
        };
        let title = format!("the profile is refused for {count}; nothing was changed");
        let mut problem = Self::new(StatusCode::UNPROCESSABLE_ENTITY, title);
        problem.0.problems = problems;
        problem.coded("refused_profile")
    }

    /// The query or a header cannot be read.
    #[must_use]
    pub fn bad_request(field: &str, title: impl Into<String>) -> Self {
        let mut problem = Self::new(StatusCode::BAD_REQUEST, title);
        problem.0.field = Some(field.to_owned());
        problem
    }

    /// The request was refused by what reads it, before any of our own rules.
    #[must_use]
    pub fn unreadable_request(status: StatusCode, title: impl Into<String>) -> Self {
        Self::new(status, title)
    }

    /// It cannot be done now; `remedy` says why, and what to do instead.
    #[must_use]
    pub fn not_now(remedy: &str) -> Self {
        Self::new(StatusCode::CONFLICT, "not possible now").detail(remedy).coded("not_now")
    }

    /// Only who is identified may do it; `remedy` says what will happen, and what to do.
    #[must_use]
    pub fn needs_identity(remedy: &str) -> Self {
        Self::new(StatusCode::FORBIDDEN, "this needs your PIN")
            .detail(remedy)
            .coded("needs_identity")
    }

    /// Only who has read what will happen may do it: the same again with `confirm`.
    #[must_use]
    pub fn needs_confirmation(remedy: &str) -> Self {
        Self::new(StatusCode::CONFLICT, "this needs your confirmation")
            .detail(remedy)
            .coded("needs_confirmation")
    }

    /// What a gate waits for.
    #[must_use]
    pub fn unmet(mut self, unmet: Vec<String>) -> Self {
        self.0.unmet = unmet;
        self
    }

    /// More at once than we take.
    #[must_use]
    pub fn busy() -> Self {
        let title = "too much is asked at once: try again in a moment";
        let mut problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, title);
        problem.0.retry_after_s = Some(1);
        problem.coded("busy")
    }

    /// The same request was made before, or may have been, and the disk does not say what came of
    /// it: acting twice would be worse than waiting.
    #[must_use]
    pub fn answer_not_found() -> Self {
        let title = "it cannot be found out now whether this was done already";
        let mut problem = Self::new(StatusCode::SERVICE_UNAVAILABLE, title);
        problem.0.retry_after_s = Some(1);
        problem
            .detail(
                "Nothing was done now. Look whether it was done before, or try again in a moment.",
            )
            .coded("answer_not_found")
    }

    /// The disk does not answer: what is in memory goes on.
    #[must_use]
    pub fn record_unreadable() -> Self {
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
    pub fn not_ready(title: impl Into<String>) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, title).coded("not_ready")
    }

    /// The frame did not reach the disk in time.
    #[must_use]
    pub fn not_stored() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "the frame could not be stored: send it again")
            .coded("not_stored")
    }

    /// The command was given under the name of somebody who no longer acts there.
    #[must_use]
    pub fn not_as_named(who: &str) -> Self {
        let title = format!("{who} is signed in here now");
        let remedy = "Nothing was done. Look whose screen this is, and tap again.";
        Self::new(StatusCode::CONFLICT, title).detail(remedy).coded("not_as_named")
    }

    /// Somebody else took the alert first.
    #[must_use]
    pub fn already_acknowledged(by: &str, alert: String) -> Self {
        let title = format!("already acknowledged by {by}");
        let mut problem = Self::new(StatusCode::CONFLICT, title).coded("already_acknowledged");
        problem.0.alert = RawValue::from_string(alert).ok();
        problem
    }

    /// Our own fault.
    #[must_use]
    pub fn our_fault() -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "something went wrong on the server")
            .detail("It was logged. Monitoring goes on; try again.")
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
