//! How the record of a session is kept, and its removal: for leads and above, with a reason.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::auth::{Lead, Nurse};
use super::body::Body;
use super::paths::Id;
use super::problem::Problem;
use super::{HttpState, answer, reads};
use crate::contract::{self, Details, Keeping, KeepingState};
use crate::store::KeepingRow;
use crate::vitals::{PatientId, SessionId};
use crate::ward::{DeleteSession, RedactPatient, RedactSession, ShowSession};

/// The longest reason, characters.
const LONGEST_REASON: usize = 500;

/// Why something is removed.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RemovalReason {
    /// At most 500 characters. It stays in the record, so it names nobody.
    reason: String,
}

impl RemovalReason {
    fn checked(self) -> Result<String, Problem> {
        let reason = self.reason.trim();
        if (1..=LONGEST_REASON).contains(&reason.chars().count()) {
            return Ok(reason.to_owned());
        }
        let title = format!("reason must have 1 to {LONGEST_REASON} characters");
        Err(Problem::bad_field(Some("reason".to_owned()), title))
    }
}

/// How the record of a session is kept: since when it is sealed, what was removed, by whom and why,
/// and what will become of it.
#[utoipa::path(get, path = "/sessions/{session}/keeping", operation_id = "session_keeping", tag = "sessions",
    params(("session" = String, Path, description = "The session's id")),
    responses((status = 200, description = "How it is kept", body = Keeping)))]
pub(super) async fn show(
    State(state): State<HttpState>,
    _: Nurse,
    Id(session): Id<SessionId>,
) -> Result<Json<Keeping>, Problem> {
    keeping(&state, session).await.map(Json)
}

/// Removes who a session was about, and all that staff wrote in their own words. What was measured
/// and done stays, the chains verify, and the record says that this was removed. For leads and
/// above. It cannot be undone.
#[utoipa::path(post, path = "/sessions/{session}/redact", operation_id = "redact_session", tag = "sessions", request_body = RemovalReason,
    params(("session" = String, Path, description = "The session's id")),
    responses((status = 200, description = "How it is kept now", body = contract::Done<Keeping>),
        (status = 409, description = "It is not over, or was removed already: the detail says which", body = Details)))]
pub(super) async fn redact(
    State(state): State<HttpState>,
    Lead(caller): Lead,
    Id(session): Id<SessionId>,
    Body(reason): Body<RemovalReason>,
) -> Result<Response, Problem> {
    let reason = reason.checked()?;
    let keeping = over(keeping(&state, session).await?)?;
    Ok(answer::done(state.ward.act(caller.actor(), RedactSession { reason, keeping }).await?))
}

/// Deletes a session. What is left says that there was one, where and when, who deleted it and why;
/// the chains verify over the gap. For leads and above. It cannot be undone.
#[utoipa::path(post, path = "/sessions/{session}/delete", operation_id = "delete_session", tag = "sessions", request_body = RemovalReason,
    params(("session" = String, Path, description = "The session's id")),
    responses((status = 200, description = "How it is kept now", body = contract::Done<Keeping>),
        (status = 409, description = "It is not over, or was deleted already: the detail says which", body = Details)))]
pub(super) async fn delete(
    State(state): State<HttpState>,
    Lead(caller): Lead,
    Id(session): Id<SessionId>,
    Body(reason): Body<RemovalReason>,
) -> Result<Response, Problem> {
    let reason = reason.checked()?;
    let keeping = over(keeping(&state, session).await?)?;
    Ok(answer::done(state.ward.act(caller.actor(), DeleteSession { reason, keeping }).await?))
}

/// Removes who a patient is, with the personal details of all of their sessions. For leads and
/// above. It cannot be undone.
#[utoipa::path(post, path = "/patients/{patient}/redact", operation_id = "redact_patient", tag = "patients", request_body = RemovalReason,
    params(("patient" = String, Path, description = "The patient's id")),
    responses((status = 200, description = "What was removed", body = contract::Done<contract::RedactedPatient>),
        (status = 409, description = "A session of theirs runs", body = Details)))]
pub(super) async fn redact_patient(
    State(state): State<HttpState>,
    Lead(caller): Lead,
    Id(patient): Id<PatientId>,
    Body(reason): Body<RemovalReason>,
) -> Result<Response, Problem> {
    let reason = reason.checked()?;
    Ok(answer::done(state.ward.act(caller.actor(), RedactPatient { patient, reason }).await?))
}

fn over(keeping: Keeping) -> Result<Keeping, Problem> {
    if keeping.ended_at.is_none() {
        return Err(Problem::not_now("The session runs: end it first."));
    }
    Ok(keeping)
}

async fn keeping(state: &HttpState, session: SessionId) -> Result<Keeping, Problem> {
    let row = match state.ward.ask(ShowSession { session: session.clone() }).await? {
        Some(row) => row,
        None => {
            let row = reads::short(state.store.session(&session)).await?;
            row.ok_or_else(|| Problem::not_found("session", session.as_str()))?
        }
    };
    let KeepingRow { sealed_at, removed, deleted, .. } =
        reads::short(state.store.keeping(&session)).await?;
    let (ended_at, retention) = (row.ended_at, state.retention);
    let stays = deleted.is_none();
    Ok(Keeping {
        session,
        state: match (&deleted, &removed, sealed_at) {
            (Some(_), ..) => KeepingState::Deleted,
            (None, Some(_), _) => KeepingState::Redacted,
            (None, None, Some(_)) => KeepingState::Sealed,
            (None, None, None) => KeepingState::Open,
        },
        ended_at,
        seal_due_at: ended_at
            .filter(|_| stays && sealed_at.is_none())
            .map(|at| retention.seals_at(at)),
        sealed_at,
        delete_due_at: ended_at.filter(|_| stays).and_then(|at| retention.deletes_at(at)),
        redacted: removed,
        deleted,
    })
}

/// Refuses what asks for something of a session that was deleted.
pub(super) async fn is_there(state: &HttpState, session: &SessionId) -> Result<(), Problem> {
    let keeping = reads::short(state.store.keeping(session)).await?;
    keeping.deleted.map_or(Ok(()), |removal| Err(Problem::deleted(&removal)))
}
