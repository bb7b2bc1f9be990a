//! The ward's answers as responses.

use std::collections::BTreeMap;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::contract::Done;
use crate::ward::Answer;

/// JSON that is already written.
pub(super) fn json(status: StatusCode, json: String) -> Response {
    let kind = HeaderValue::from_static("application/json");
    (status, [(header::CONTENT_TYPE, kind)], json).into_response()
}

/// What was done. It says so when this is not on disk yet.
pub(super) fn done(answer: Answer) -> Response {
    let status = if answer.is_new { StatusCode::CREATED } else { StatusCode::OK };
    json(status, if answer.recorded { answer.json } else { unrecorded(answer.json) })
}

/// The thing, with `"recorded":false` beside its own keys.
fn unrecorded(json: String) -> String {
    let thing = serde_json::from_str::<BTreeMap<String, Box<RawValue>>>(&json);
    let done = thing.map(|thing| Done { thing, recorded: Some(false) });
    done.and_then(|done| serde_json::to_string(&done)).unwrap_or(json)
}

/// Turns a thing that is written as staff see it into what a display sees: what its type holds, and
/// nothing else. What cannot be read is not shown.
pub(super) fn of_display<T: Serialize + DeserializeOwned>(json: &str) -> Option<String> {
    let read = serde_json::from_str::<T>(json).and_then(|thing| serde_json::to_string(&thing));
    read.inspect_err(|error| tracing::error!(%error, "a thing cannot be shown on a display")).ok()
}

/// An item of a list that is already written.
pub(super) fn raw(json: String) -> Option<Box<RawValue>> {
    let read = RawValue::from_string(json);
    read.inspect_err(|error| tracing::error!(%error, "a thing of a list cannot be read")).ok()
}

#[cfg(test)]
mod tests {
    use super::unrecorded;

    #[test]
    fn an_answer_that_is_not_on_disk_says_so() {
        let said = |json: &str| unrecorded(json.to_owned());
        assert_eq!(said(r#"{"temp":37.0,"id":"s"}"#), r#"{"id":"s","temp":37.0,"recorded":false}"#);
        assert_eq!(said("{}"), r#"{"recorded":false}"#);
        assert_eq!(said("null"), "null");
    }
}
