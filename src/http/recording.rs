//! A session as a recording, which `dripwatch replay` plays.

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::HttpState;
use super::auth::Nurse;
use super::paths::Id;
use crate::error::Problem;
use crate::replay::{self, ExportError, Place};
use crate::vitals::SessionId;

/// A session as a recording; of a running one, what there is.
#[utoipa::path(get, path = "/sessions/{session}/recording.ndjson", tag = "sessions",
    params(("session" = String, Path, description = "The session's id")),
    responses((status = 200, description = "Lines of JSON", content_type = "application/x-ndjson", body = String)))]
pub(super) async fn recording(
    State(state): State<HttpState>,
    _: Nurse,
    Id(session): Id<SessionId>,
) -> Result<Response, Problem> {
    let first = replay::part(&state.journal, &state.store, &session, None).await;
    let first = first.map_err(|error| match error {
        ExportError::NoSuchSession(id) => Problem::not_found("session", id.as_str()),
        other => {
            tracing::error!(error = %other, "a recording cannot be read");
            Problem::our_fault()
        }
    })?;
    // The rest is read as it is sent. What breaks off lacks its last line, `end`.
    let rest =
        stream::try_unfold(Some(first), move |part| next(state.clone(), session.clone(), part));
    let headers = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((headers, Body::from_stream(rest)).into_response())
}

async fn next(
    state: HttpState,
    session: SessionId,
    part: Option<replay::Part>,
) -> Result<Option<(String, Option<replay::Part>)>, ExportError> {
    let Some(replay::Part { text, next }) = part else { return Ok(None) };
    let following = match next {
        Some(place) => Some(following(&state, &session, place).await?),
        None => None,
    };
    Ok(Some((text, following)))
}

async fn following(
    state: &HttpState,
    session: &SessionId,
    place: Place,
) -> Result<replay::Part, ExportError> {
    replay::part(&state.journal, &state.store, session, Some(place)).await
}
