//! The ward's answers as responses.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::ward::Answer;

/// JSON that is written already.
pub(super) fn json(status: StatusCode, json: String) -> Response {
    let kind = HeaderValue::from_static("application/json");
    (status, [(header::CONTENT_TYPE, kind)], json).into_response()
}

/// What was done. Says so when it is not on disk yet.
pub(super) fn done(answer: Answer) -> Response {
    let status = if answer.is_new { StatusCode::CREATED } else { StatusCode::OK };
    json(status, if answer.recorded { answer.json } else { unrecorded(&answer.json) })
}

fn unrecorded(json: &str) -> String {
    match json.trim_start().strip_prefix('{') {
        Some(rest) if rest.trim_start().starts_with('}') => r#"{"recorded":false}"#.to_owned(),
        Some(rest) => format!(r#"{{"recorded":false,{rest}"#),
        None => json.to_owned(),
    }
}

/// What a display sees of a thing that is written as staff see it: what its type holds, and nothing
/// else. What cannot be read is not shown.
pub(super) fn of_display<T: Serialize + DeserializeOwned>(json: &str) -> Option<String> {
    let read = serde_json::from_str::<T>(json).and_then(|thing| serde_json::to_string(&thing));
    read.inspect_err(|error| tracing::error!(%error, "a thing cannot be shown on a display")).ok()
}

/// A thing of a list that is written already.
pub(super) fn raw(json: String) -> Option<Box<RawValue>> {
    let read = RawValue::from_string(json);
    read.inspect_err(|error| tracing::error!(%error, "a thing of a list cannot be read")).ok()
}

#[cfg(test)]
mod tests {
    use super::unrecorded;

    #[test]
    fn an_answer_that_is_not_on_disk_says_so() {
        assert_eq!(unrecorded(r#"{"id":"s"}"#), r#"{"recorded":false,"id":"s"}"#);
        assert_eq!(unrecorded("{}"), r#"{"recorded":false}"#);
    }
}
