//! The record of a session: as a page, as JSON, as tables and as a chart. For staff only, in full;
//! each access is recorded.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use utoipa::{IntoParams, ToSchema};

use super::auth::{Caller, Nurse};
use super::body::Params;
use super::paths::Id;
use super::problem::Problem;
use super::{HttpState, answer, reads};
use crate::contract::{Details, RemsForm, SessionRecord};
use crate::journal::report;
use crate::report::{FHIR_JSON, Form, Table, csv, fhir, page, rems, rems_page, svg};
use crate::store::{AuditRow, Upsert};
use crate::vitals::SessionId;
use crate::ward::Made;

/// What a browser may do with a record that it opens: nothing but show it.
const ALONE: &str = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'";

/// The record as one page that needs nothing else: it prints on A4, and reads in grey.
#[utoipa::path(get, path = "/sessions/{session}/record.html", operation_id = "session_record_page", tag = "sessions",
    params(("session" = String, Path, description = "The session's id")),
    responses((status = 200, description = "A page", content_type = "text/html", body = String)))]
pub(super) async fn html(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(session): Id<SessionId>,
) -> Result<Response, Problem> {
    let record = record(&state, &caller, &session, "record.html").await?;
    let text = rendered(move || page(&record)).await?;
    Ok(alone(text))
}

/// A file that is no text.
#[derive(ToSchema)]
#[schema(value_type = String, format = Binary)]
#[expect(dead_code, reason = "it is a shape in the document alone")]
struct Binary(Vec<u8>);

/// The record on A4: what the page shows, as text that can be selected, with a bookmark for each part.
#[utoipa::path(get, path = "/sessions/{session}/record.pdf", operation_id = "session_record_document", tag = "sessions",
    params(("session" = String, Path, description = "The session's id")),
    responses((status = 200, description = "A document", content_type = "application/pdf", body = inline(Binary))))]
pub(super) async fn document(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(session): Id<SessionId>,
) -> Result<Response, Problem> {
    let record = record(&state, &caller, &session, "record.pdf").await?;
    Ok(typed("application/pdf", drawn(Form::Pdf, record).await?))
}

/// The record as data: everything that the page shows, and each value that was measured.
#[utoipa::path(get, path = "/sessions/{session}/record.json", operation_id = "session_record", tag = "sessions",
    params(("session" = String, Path, description = "The session's id")),
    responses((status = 200, description = "The record", body = SessionRecord)))]
pub(super) async fn json(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(session): Id<SessionId>,
) -> Result<Response, Problem> {
    let record = record(&state, &caller, &session, "record.json").await?;
    // Texts, numbers and lists of them cannot fail to be written.
    let text = rendered(move || serde_json::to_string(&record).unwrap_or_default()).await?;
    Ok(answer::json(StatusCode::OK, text))
}

/// The table of a record.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct TableQuery {
    /// `record`, one long table of everything that has a time; or `alerts`, one row an alert.
    #[param(inline)]
    table: Option<WhichTable>,
}

#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum WhichTable {
    Record,
    Alerts,
}

/// The record as comma-separated values, by RFC 4180, with a header line. A cell that a spreadsheet
/// would take for a formula begins with an apostrophe.
#[utoipa::path(get, path = "/sessions/{session}/record.csv", operation_id = "session_record_table", tag = "sessions",
    params(("session" = String, Path, description = "The session's id"), TableQuery),
    responses((status = 200, description = "Lines", content_type = "text/csv", body = String)))]
pub(super) async fn table(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(session): Id<SessionId>,
    Params(query): Params<TableQuery>,
) -> Result<Response, Problem> {
    let record = record(&state, &caller, &session, "record.csv").await?;
    let table = match query.table {
        None | Some(WhichTable::Record) => Table::Record,
        Some(WhichTable::Alerts) => Table::Alerts,
    };
    let text = rendered(move || csv(&record, table)).await?;
    Ok(typed("text/csv; charset=utf-8; header=present", text))
}

/// The chart of the record: phases, events, doses, vitals, limits, gaps and alerts over the clock.
#[utoipa::path(get, path = "/sessions/{session}/record.svg", operation_id = "session_record_chart", tag = "sessions",
    params(("session" = String, Path, description = "The session's id")),
    responses((status = 200, description = "A drawing", content_type = "image/svg+xml", body = String)))]
pub(super) async fn chart(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(session): Id<SessionId>,
) -> Result<Response, Problem> {
    let record = record(&state, &caller, &session, "record.svg").await?;
    let text = rendered(move || svg(&record)).await?;
    Ok(typed("image/svg+xml", text))
}

/// The same drawing as a picture, 1,656 by 1,208 dots.
#[utoipa::path(get, path = "/sessions/{session}/record.png", operation_id = "session_record_picture", tag = "sessions",
    params(("session" = String, Path, description = "The session's id")),
    responses((status = 200, description = "A picture", content_type = "image/png", body = inline(Binary))))]
pub(super) async fn picture(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(session): Id<SessionId>,
) -> Result<Response, Problem> {
    let record = record(&state, &caller, &session, "record.png").await?;
    Ok(typed("image/png", drawn(Form::Png, record).await?))
}

/// The record as a FHIR R4 document Bundle: Composition, Patient, Encounter, Procedure,
/// MedicationAdministration, Observation, AdverseEvent, DetectedIssue, Device and Provenance.
#[utoipa::path(get, path = "/sessions/{session}/fhir", operation_id = "session_record_fhir", tag = "sessions",
    params(("session" = String, Path, description = "The session's id")),
    responses((status = 200, description = "A Bundle of type `document`", content_type = "application/fhir+json", body = std::collections::BTreeMap<String, serde_json::Value>)))]
pub(super) async fn fhir_document(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(session): Id<SessionId>,
) -> Result<Response, Problem> {
    let record = record(&state, &caller, &session, "fhir").await?;
    let text = rendered(move || fhir(&record)).await?;
    Ok(typed(FHIR_JSON, text))
}

/// The monitoring form of the esketamine REMS, with all that the record knows; what it does not
/// know is `null`, and staff fill it in. Of another drug there is none: 409 `not_esketamine`.
#[utoipa::path(get, path = "/sessions/{session}/rems", operation_id = "session_rems_form", tag = "sessions",
    params(("session" = String, Path, description = "The session's id")),
    responses((status = 200, description = "The form", body = RemsForm),
        (status = 409, description = "`not_esketamine`", body = Details)))]
pub(super) async fn rems_form(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(session): Id<SessionId>,
) -> Result<Response, Problem> {
    let record = record(&state, &caller, &session, "rems").await?;
    let form = rems(&record).map_err(|not| Problem::not_esketamine(&not.to_string()))?;
    // Texts, numbers and lists of them cannot fail to be written.
    Ok(answer::json(StatusCode::OK, serde_json::to_string(&form).unwrap_or_default()))
}

/// The same form as a page to print and to complete by hand.
#[utoipa::path(get, path = "/sessions/{session}/rems.html", operation_id = "session_rems_page", tag = "sessions",
    params(("session" = String, Path, description = "The session's id")),
    responses((status = 200, description = "A page", content_type = "text/html", body = String),
        (status = 409, description = "`not_esketamine`", body = Details)))]
pub(super) async fn rems_html(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(session): Id<SessionId>,
) -> Result<Response, Problem> {
    let record = record(&state, &caller, &session, "rems.html").await?;
    let form = rems(&record).map_err(|not| Problem::not_esketamine(&not.to_string()))?;
    Ok(alone(rems_page(&form, &record)))
}

/// A page that may do nothing but be shown.
fn alone(page: String) -> Response {
    let policy = (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(ALONE));
    ([policy], typed("text/html; charset=utf-8", page)).into_response()
}

fn typed(kind: &'static str, text: impl IntoResponse) -> Response {
    let kind = HeaderValue::from_static(kind);
    let of_patient = HeaderValue::from_static("no-store");
    ([(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, of_patient)], text).into_response()
}

/// Made off the threads that other calls wait for.
async fn rendered<T: Send + 'static>(
    render: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    tokio::task::spawn_blocking(render).await.map_err(|error| {
        tracing::error!(%error, "a record cannot be written");
        Problem::our_fault()
    })
}

/// A document or a picture.
async fn drawn(form: Form, record: SessionRecord) -> Result<Vec<u8>, Problem> {
    let session = record.header.session.clone();
    let drawn = rendered(move || form.render(&record)).await?;
    drawn.map_err(|error| {
        tracing::error!(%error, %session, "a record cannot be drawn");
        Problem::our_fault()
    })
}

/// The record of a session, with the patient in full. It is recorded that it was read.
async fn record(
    state: &HttpState,
    caller: &Caller,
    session: &SessionId,
    form: &'static str,
) -> Result<SessionRecord, Problem> {
    let _turn = reads::turn(state).await?;
    let patient = reads::part(report::patient(&state.journal, session)).await?;
    let actor = caller.actor();
    let now = state.clock.now();
    let made = Made {
        clinic: state.clinic.as_deref().map(str::to_owned),
        time_zone: state.time_zone.as_deref().map(str::to_owned),
        at: now,
        whom_for: Some(actor.initials.clone()),
    };
    let about = state.ward.about(patient, made).await?;
    let record = report::session_record(&state.journal, session, about).await?;
    let what = json!({"at": now, "staff": actor.name, "read": {"session": session, "as": form}});
    let detail = format!("{session} as {form}");
    let row = AuditRow { at: now, who: actor.name, what: "read a record".to_owned(), detail };
    state.ward.record(what, vec![Upsert::Audit(row)]).await?;
    Ok(record)
}
