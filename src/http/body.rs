//! What callers send: JSON bodies and queries, with errors that name the field.

use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use hyper::body::Body as _;
use serde::de::{DeserializeOwned, value};
use tokio::sync::Semaphore;

use super::auth::Caller;
use super::problem::Problem;
use super::serve::BODY_WITHIN;
use super::timed::TooSlow;
use super::{HttpState, MAX_BODY_BYTES};
use crate::json::{self, Mismatch};
use crate::vitals::Millis;
use crate::vitals::wire::parse_time;

/// A JSON body, whatever its content type says. An empty one is `{}`.
pub(super) struct Body<T>(pub(super) T);

impl<T: DeserializeOwned> FromRequest<HttpState> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &HttpState) -> Result<Self, Problem> {
        let bytes = raw(request, state).await?;
        let json: &[u8] = if bytes.is_empty() { b"{}" } else { &bytes };
        read(json).map(Self)
    }
}

/// The most bodies of more than [`LARGE_BYTES`] that may be arriving at a time: they take at most
/// 16 MiB of memory, however many connections there are. A further one is refused for a moment.
pub(super) const MAX_LARGE: usize = 16;
/// The size up to which a body does not count towards [`MAX_LARGE`]; with all connections these are
/// 64 MiB.
pub(super) const LARGE_BYTES: usize = 16 << 10;

/// The places of large bodies.
#[derive(Debug)]
pub struct LargeBodies(Semaphore);

impl Default for LargeBodies {
    fn default() -> Self {
        Self(Semaphore::new(MAX_LARGE))
    }
}

/// Marks the requests of callers who have not signed in: none of them needs a large body.
#[derive(Clone, Copy, Debug)]
struct Small;

/// Refuses every body of more than [`LARGE_BYTES`].
pub(super) async fn small(mut request: Request, next: Next) -> Response {
    request.extensions_mut().insert(Small);
    next.run(request).await
}

/// The body's bytes, at most [`MAX_BODY_BYTES`], or [`LARGE_BYTES`] behind [`small`]. A caller
/// whose right ended while they arrived is too late.
pub(super) async fn raw(request: Request, state: &HttpState) -> Result<Bytes, Problem> {
    let right = request.extensions().get::<Caller>().map(|caller| caller.right.clone());
    let length = request.headers().get(header::CONTENT_LENGTH);
    let length = length.and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
    let is_small = request.extensions().get::<Small>().is_some();
    let most = if is_small { LARGE_BYTES } else { MAX_BODY_BYTES };
    let _place = match length {
        Some(length) if length <= LARGE_BYTES => None,
        _ if is_small => None,
        // A body without a stated length may be of any length.
        _ if request.body().is_end_stream() => None,
        _ => Some(state.large_bodies.0.try_acquire().map_err(|_| Problem::busy())?),
    };
    let bytes = Bytes::from_request(request, state).await.map_err(|rejection| {
        if cause::<TooSlow>(&rejection).is_some() {
            return Problem::too_slow(BODY_WITHIN);
        }
        match rejection.status() {
            too_large @ StatusCode::PAYLOAD_TOO_LARGE => {
                let title = format!("a body has at most {most} bytes here");
                Problem::unreadable_request(too_large, title)
            }
            // Nothing is wrong with the request: the same request, sent again, is handled afresh.
            _ => Problem::cut_short(),
        }
    })?;
    if right.is_some_and(|right| right.has_ended()) {
        Err(Problem::not_signed_in())
    } else {
        Ok(bytes)
    }
}

/// The cause of this type, however deep it is.
fn cause<'e, T: std::error::Error + 'static>(
    error: &'e (dyn std::error::Error + 'static),
) -> Option<&'e T> {
    std::iter::successors(Some(error), |error| error.source()).find_map(|e| e.downcast_ref())
}

fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = serde_path_to_error::deserialize(&mut reader);
    let error = match read.map(|value| reader.end().map(|()| value)) {
        Ok(Ok(value)) => return Ok(value),
        Err(error) if error.inner().is_data() => error,
        Err(error) => return Err(Problem::not_json(error.inner().to_string())),
        Ok(Err(error)) => return Err(Problem::not_json(error.to_string())),
    };
    // It is read once more to find the wrong field. Only the first reading finds text that is not
    // JSON after it, and a field that occurs twice.
    let json =
        serde_json::from_slice(bytes).map_err(|error| Problem::not_json(error.to_string()))?;
    Err(match json::read::<T>(json) {
        Err(mismatch) => wrong_data(mismatch),
        Ok(_) => Problem::bad_field(json::path(error.path()), json::what(error.inner())),
    })
}

fn wrong_data(Mismatch { field, what, names_field }: Mismatch) -> Problem {
    let title = match &field {
        Some(field) if !names_field => format!("{field}: {what}"),
        _ => what,
    };
    Problem::bad_field(field, title)
}

/// The query of a list.
pub(super) struct Params<T>(pub(super) T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Params<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match Query::try_from_uri(&parts.uri) {
            Ok(Query(params)) => Ok(Self(params)),
            Err(error) => {
                let Some(wrong) = cause::<serde_path_to_error::Error<value::Error>>(&error) else {
                    return Err(Problem::bad_request("query", error.body_text()));
                };
                let field = json::path(wrong.path());
                let field = field.as_deref().unwrap_or("query");
                Err(Problem::bad_request(field, wrong.to_string()))
            }
        }
    }
}

/// A time in a query: RFC 3339, or milliseconds since 1970.
pub(super) fn time(text: Option<&str>, field: &'static str) -> Result<Option<Millis>, Problem> {
    let Some(text) = text.filter(|text| !text.is_empty()) else {
        return Ok(None);
    };
    let json = match text.parse::<i64>() {
        Ok(ms) => serde_json::Value::from(ms),
        // In a query an unescaped `+` reads as a space.
        Err(_) => serde_json::Value::from(text.replace(' ', "+")),
    };
    let read = parse_time(&json).map(Some);
    read.map_err(|problem| Problem::bad_request(field, format!("{field} {problem}")))
}

/// A place in a list, or an id, in a query.
pub(super) fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
    text: Option<&str>,
    field: &'static str,
) -> Result<Option<T>, Problem> {
    let text = text.filter(|text| !text.is_empty());
    let value = text.map(str::parse).transpose();
    value.map_err(|error| Problem::bad_request(field, format!("{field}: {error}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde::Deserialize;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read into")]
    struct Outer {
        seconds: u32,
        inner: Option<Inner>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only read into")]
    struct Inner {
        age: u8,
    }

    fn problem(json: &str) -> serde_json::Value {
        let problem = read::<Outer>(json.as_bytes()).unwrap_err();
        let mut json: serde_json::Value = serde_json::from_str(&problem.to_json()).unwrap();
        json.as_object_mut().unwrap().remove("type");
        json
    }

    #[test]
    fn a_wrong_body_is_told_its_field_and_what_is_allowed() {
        let shown: Vec<_> = [
            "{}",
            r#"{"seconds":"x"}"#,
            r#"{"seconds":1,"secs":2}"#,
            r#"{"seconds":1,"inner":{}}"#,
            r#"{"seconds":1,"inner":{"age":300}}"#,
            r#"{"seconds":1,"seconds":2}"#,
            r#"{"seconds":null}"#,
            "[]",
            "{} x",
            "{",
        ]
        .map(problem)
        .map(|problem| problem.to_string())
        .to_vec();
        insta::assert_snapshot!(shown.join("\n"), @r#"
        {"field":"seconds","status":422,"title":"missing field `seconds`"}
        {"field":"seconds","status":422,"title":"seconds: invalid type: string \"x\", expected u32"}
        {"field":"secs","status":422,"title":"unknown field `secs`, expected `seconds` or `inner`"}
        {"field":"inner.age","status":422,"title":"missing field `age`"}
        {"field":"inner.age","status":422,"title":"inner.age: invalid value: integer `300`, expected u8"}
        {"status":422,"title":"duplicate field `seconds`"}
        {"field":"seconds","status":422,"title":"seconds: invalid type: null, expected u32"}
        {"status":422,"title":"invalid length 0, expected struct Outer with 2 elements"}
        {"detail":"trailing characters at line 1 column 4","status":400,"title":"the body is not JSON"}
        {"detail":"EOF while parsing an object at line 1 column 1","status":400,"title":"the body is not JSON"}
        "#);
    }

    #[test]
    fn times_are_rfc_3339_or_milliseconds() {
        let at = |text| time(Some(text), "from").ok().flatten();
        assert_eq!(at("1763726400000"), Some(Millis(1_763_726_400_000)));
        assert_eq!(at("2025-11-21T12:00:00Z"), Some(Millis(1_763_726_400_000)));
        assert_eq!(at("2025-11-21T13:00:00 01:00"), Some(Millis(1_763_726_400_000)));
        assert!(time(Some("yesterday"), "from").is_err());
        assert!(time(None, "from").is_ok_and(|time| time.is_none()));
    }
}
