//! A session as a recording, which `dripwatch replay` plays.

use axum::body::Body;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use futures_util::stream;

use super::auth::Nurse;
use super::paths::Id;
use super::problem::Problem;
use super::{HttpState, reads};
use crate::access::Right;
use crate::journal::export::{self, ExportError, Place};
use crate::vitals::SessionId;

/// A session as a recording; of a running one, as far as it has got.
#[utoipa::path(get, path = "/sessions/{session}/recording.ndjson", operation_id = "session_recording", tag = "sessions",
    params(("session" = String, Path, description = "The session's id")),
    responses((status = 200, description = "Lines of JSON", content_type = "application/x-ndjson", body = String)))]
pub(super) async fn recording(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(session): Id<SessionId>,
) -> Result<Response, Problem> {
    let first = part(&state, &session, None).await?;
    // The rest is read while it is sent. If it breaks off, its last line, `end`, is missing; the
    // same if the receiver's right to it ends meanwhile.
    let rest = stream::try_unfold(Some(first), move |sending| {
        next(state.clone(), caller.right.clone(), session.clone(), sending)
    });
    let headers = [(header::CONTENT_TYPE, "application/x-ndjson")];
    Ok((headers, Body::from_stream(rest)).into_response())
}

/// A recording broke off while it was sent.
#[derive(Debug, thiserror::Error)]
enum BrokenOff {
    #[error("{}", .0.title())]
    Unreadable(Problem),
    #[error("{0}")]
    NotAllowed(&'static str),
}

async fn next(
    state: HttpState,
    right: Right,
    session: SessionId,
    sending: Option<export::Part>,
) -> Result<Option<(String, Option<export::Part>)>, BrokenOff> {
    let Some(export::Part { text, next }) = sending else { return Ok(None) };
    if right.has_ended() {
        return Err(BrokenOff::NotAllowed(right.ended().await));
    }
    let following = match next {
        Some(place) => {
            Some(part(&state, &session, Some(place)).await.map_err(BrokenOff::Unreadable)?)
        }
        None => None,
    };
    Ok(Some((text, following)))
}

async fn part(
    state: &HttpState,
    session: &SessionId,
    place: Option<Place>,
) -> Result<export::Part, Problem> {
    reads::part(export::part(&state.journal, session, place)).await
}

impl From<ExportError> for Problem {
    fn from(error: ExportError) -> Self {
        match error {
            ExportError::NoSuchSession(id) => Self::not_found("session", id.as_str()),
            ExportError::Deleted(removal) => Self::deleted(&removal),
            ExportError::Read(error) => error.into(),
            other => {
                tracing::error!(error = %other, "a recording cannot be read");
                Self::our_fault()
            }
        }
    }
}
