//! Courses of treatments, and what earlier sessions show for the next one. For nurses and above.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::auth::Nurse;
use super::body::Body;
use super::paths::Id;
use super::problem::Problem;
use super::{HttpState, answer, patients, reads};
use crate::contract::{self, Course, PastSession, suggested_baseline};
use crate::store::{CourseRow, SessionRow};
use crate::vitals::{CourseId, PatientId};
use crate::ward::{Named, OfCourse, OpenCourse, WhoIs};

/// The most treatments that a course may have.
const PLANNED: std::ops::RangeInclusive<u32> = 1..=100;

/// A new course.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenedCourse {
    /// The profile's name.
    profile: String,
    /// How many treatments are planned, 1 to 100.
    planned: u32,
}

/// Opens a course for a patient. `POST rooms/{room}/sessions` says with `course` that a session
/// belongs to it.
#[utoipa::path(post, path = "/patients/{patient}/courses", operation_id = "open_course", tag = "patients", request_body = OpenedCourse,
    params(("patient" = String, Path, description = "The patient's id")),
    responses((status = 201, description = "The course", body = contract::Done<contract::Course>)))]
pub(super) async fn open(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(patient): Id<PatientId>,
    Body(OpenedCourse { profile, planned }): Body<OpenedCourse>,
) -> Result<Response, Problem> {
    if !PLANNED.contains(&planned) {
        let (least, most) = (PLANNED.start(), PLANNED.end());
        let title = format!("planned must be {least}..={most} treatments");
        return Err(Problem::bad_field(Some("planned".to_owned()), title));
    }
    let course = OpenCourse { patient, profile, planned };
    Ok(answer::done(state.ward.act(caller.actor(), course).await?))
}

/// A course with its sessions so far.
#[utoipa::path(get, path = "/courses/{course}", operation_id = "show_course", tag = "patients",
    params(("course" = String, Path, description = "The course's id")),
    responses((status = 200, description = "The course", body = contract::ShownCourse)))]
pub(super) async fn show(
    State(state): State<HttpState>,
    _: Nurse,
    Id(course): Id<CourseId>,
) -> Result<Json<contract::ShownCourse>, Problem> {
    let (course, rows) = course_of(&state, &course).await?;
    let begun = begun(&rows);
    let sessions = past(rows);
    let suggested_baseline = suggested_baseline(&sessions);
    Ok(Json(contract::ShownCourse { course, begun, suggested_baseline, sessions }))
}

/// A patient, with their courses and sessions.
#[utoipa::path(get, path = "/patients/{patient}", operation_id = "show_patient", tag = "patients",
    params(("patient" = String, Path, description = "The patient's id")),
    responses((status = 200, description = "The patient", body = contract::ShownPatient)))]
pub(super) async fn of_patient(
    State(state): State<HttpState>,
    _: Nurse,
    Id(id): Id<PatientId>,
) -> Result<Json<contract::ShownPatient>, Problem> {
    let patient = patients::known(&state, &id).await?;
    let courses = reads::short(state.store.courses_of(&id)).await?;
    let courses = courses.iter().map(read).collect::<Result<_, _>>()?;
    let sessions = past(reads::short(state.store.sessions_of_patient(&id)).await?);
    let suggested_baseline = suggested_baseline(&sessions);
    Ok(Json(contract::ShownPatient { patient, courses, suggested_baseline, sessions }))
}

/// The course to which a session is to belong, and which treatment of it that is.
pub(super) async fn of_course(state: &HttpState, id: &CourseId) -> Result<OfCourse, Problem> {
    let (course, rows) = course_of(state, id).await?;
    Ok(OfCourse { id: course.id, patient: course.patient, number: begun(&rows) + 1 })
}

/// The last time that somebody was treated, if they were here before. A disk that does not answer
/// keeps nobody from being checked in.
pub(super) async fn last_of(
    state: &HttpState,
    named: &Named,
) -> Result<Option<contract::LastTime>, Problem> {
    let Some(id) = state.ward.ask(WhoIs { named: named.clone() }).await? else { return Ok(None) };
    let rows = reads::short(state.store.sessions_of_patient(&id)).await.unwrap_or_default();
    Ok(contract::last_time(&past(rows)))
}

async fn course_of(state: &HttpState, id: &CourseId) -> Result<(Course, Vec<SessionRow>), Problem> {
    let row = reads::short(state.store.course(id)).await?;
    let row = row.ok_or_else(|| Problem::not_found("course", id.as_str()))?;
    let sessions = reads::short(state.store.sessions_of_course(id)).await?;
    Ok((read(&row)?, sessions))
}

fn read(row: &CourseRow) -> Result<Course, Problem> {
    serde_json::from_str(&row.json).map_err(|error| {
        tracing::error!(course = %row.id, %error, "a course cannot be read");
        Problem::our_fault()
    })
}

/// Treatments that have begun: somebody who went home before the start is treated on another day.
fn begun(rows: &[SessionRow]) -> u32 {
    let begun = rows.iter().filter(|row| row.started_at.is_some()).count();
    u32::try_from(begun).unwrap_or(u32::MAX - 1)
}

fn past(rows: Vec<SessionRow>) -> Vec<PastSession> {
    let read = |row: SessionRow| {
        let session = PastSession::read(&row.json);
        session.inspect_err(|error| tracing::error!(%error, "a session cannot be read")).ok()
    };
    rows.into_iter().filter_map(read).collect()
}
