//! Patients' sessions: opened, events entered in them, listed.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use serde_json::{Map, Value as Json};
use utoipa::{IntoParams, ToSchema};

use super::auth::{Nurse, Viewer};
use super::body::{Body, Params, parsed, time};
use super::paths::Id;
use super::problem::Problem;
use super::{HttpState, answer, courses, keeping, patients, reads};
use crate::contract::{self, Details};
use crate::name;
use crate::people::Person;
use crate::record::{LineError, Patient, read_event};
use crate::room::{Acceptance, Event, Override};
use crate::store::{Initials, Page, SessionFilter};
use crate::vitals::{CourseId, PatientId, RoomId, SessionId};
use crate::ward::{
    Add, EndedSession, EnterEvent, ListSessions, Named, NewSession, OpenSession, ShowSession,
    SignOff, View,
};

const MAX_INITIALS_CHARS: usize = 12;
const MAX_AGE: u8 = 130;
const MAX_WEIGHT_KG: f64 = 500.0;
const PLANNED_S: std::ops::RangeInclusive<u32> = 60..=86_400;
const MAX_NOTE_CHARS: usize = 2_000;
const DEFAULT_ROWS: u32 = 100;

/// A new session.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Opened {
    patient: OpenedPatient,
    /// The profile's name; the clinic's default when left out.
    profile: Option<String>,
    /// Planned length of the infusion, seconds.
    planned_s: Option<u32>,
    /// The course that it belongs to, one of this patient's.
    #[schema(value_type = Option<String>)]
    course: Option<CourseId>,
}

/// The patient of a session: initials, and who it is, if check-in names them.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenedPatient {
    /// Such as `J.T.`; at most 12 characters. If a person is named, those of the name when left
    /// out.
    initials: Option<String>,
    /// Somebody who was here before.
    #[schema(value_type = Option<String>)]
    id: Option<PatientId>,
    /// Somebody by name and numbers: found again when they were here before, else kept as new.
    identity: Option<Person>,
    /// Years. If the birth date is known, computed from that when left out.
    age: Option<u8>,
    /// Kilograms.
    weight_kg: Option<f64>,
}

impl OpenedPatient {
    fn checked(self, today: Date) -> Result<(Patient, Named), Problem> {
        let Self { initials, id, identity, age, weight_kg } = self;
        let refused = |field: &str, allowed: String| {
            let field = format!("patient.{field}");
            let title = format!("{field} {allowed}");
            Problem::bad_field(Some(field), title)
        };
        let named = match (id, identity) {
            (Some(_), Some(_)) => {
                return Err(refused("identity", "must be left out if id is given".to_owned()));
            }
            (Some(id), None) => Named::Known(id),
            (None, Some(person)) => {
                Named::Person(patients::checked(person, "patient.identity.", today)?)
            }
            (None, None) => Named::Nobody,
        };
        let initials = match initials {
            None if named == Named::Nobody => {
                return Err(refused("initials", "must be given".to_owned()));
            }
            None => match &named {
                Named::Person(person) if person.initials().is_none() => {
                    return Err(refused("initials", "must be given: there is no name".to_owned()));
                }
                _ => String::new(),
            },
            Some(initials) => name::checked(&initials, MAX_INITIALS_CHARS)
                .map_err(|problem| refused("initials", problem.to_string()))?,
        };
        if age.is_some_and(|age| age > MAX_AGE) {
            return Err(refused("age", format!("must be 0..={MAX_AGE} years")));
        }
        if weight_kg.is_some_and(|kg| !(kg > 0.0 && kg <= MAX_WEIGHT_KG)) {
            let allowed = format!("must be above 0 and at most {MAX_WEIGHT_KG}");
            return Err(refused("weight_kg", allowed));
        }
        Ok((Patient { initials, age, weight_kg, ..Patient::default() }, named))
    }
}

impl Opened {
    fn checked(self, today: Date) -> Result<(NewSession, Option<CourseId>), Problem> {
        let Self { patient, profile, planned_s, course } = self;
        let (patient, named) = patient.checked(today)?;
        if planned_s.is_some_and(|planned_s| !PLANNED_S.contains(&planned_s)) {
            let (least, most) = (PLANNED_S.start(), PLANNED_S.end());
            let title = format!("planned_s must be {least}..={most} seconds");
            return Err(Problem::bad_field(Some("planned_s".to_owned()), title));
        }
        let today = Some(today);
        Ok((NewSession { patient, named, of_course: None, today, profile, planned_s }, course))
    }
}

/// Opens a session in a room that has none.
#[utoipa::path(post, path = "/rooms/{room}/sessions", operation_id = "open_session", tag = "sessions", request_body = Opened,
    params(("room" = String, Path, description = "The room's id")),
    responses((status = 201, description = "The session", body = contract::Done<contract::Session>),
        (status = 409, description = "The room or the patient has a session, or it is not sure who the patient is: the detail says which", body = Details)))]
pub(super) async fn open(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(room): Id<RoomId>,
    Body(opened): Body<Opened>,
) -> Result<Response, Problem> {
    let (mut session, course) = opened.checked(patients::today(&state))?;
    if let Some(course) = course {
        session.of_course = Some(courses::of_course(&state, &course).await?);
    }
    session.patient.last = courses::last_of(&state, &session.named).await?.map(Box::new);
    let done = state.ward.act(caller.actor(), OpenSession { room, session }).await?;
    Ok(answer::done(done))
}

/// What staff do in a session, and when it was done.
#[derive(ToSchema)]
#[expect(dead_code, reason = "an event is read with messages that name the field")]
struct EventRequest {
    #[serde(flatten)]
    event: Event,
    /// When it was done, if not now.
    #[schema(nullable = false)]
    occurred_at: Option<contract::Moment>,
}

/// What staff do in a session.
#[utoipa::path(post, path = "/sessions/{session}/events", operation_id = "enter_event", tag = "sessions", request_body = EventRequest,
    params(("session" = String, Path, description = "The session's id")),
    responses((status = 201, description = "The session", body = contract::Done<contract::Session>),
        (status = 403, description = "`needs_identity`: a reason to go on all the same, or more than a nurse may do, by somebody who has not said who they are; `needs_password`: a prescriber's or lead's act by PIN", body = Details)))]
pub(super) async fn enter_event(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(session): Id<SessionId>,
    Body(event): Body<Map<String, Json>>,
) -> Result<Response, Problem> {
    let (event, occurred_at) = read_event(event).map_err(wrong_event)?;
    check_words(&event)?;
    let actor = caller.actor();
    let entered = EnterEvent { session: session.clone(), event: event.clone(), occurred_at };
    let refused = match state.ward.act(actor.clone(), entered).await {
        Ok(done) => return Ok(answer::done(done)),
        Err(refused) => refused,
    };
    let may_follow_the_end = matches!(event, Event::SignOff {} | Event::Note { .. });
    let over = if may_follow_the_end { ended(&state, &session).await? } else { None };
    let Some(ended) = over else { return Err(refused.into()) };
    Ok(answer::done(match event {
        Event::Note { text } => state.ward.act(actor, Add { session, text, ended }).await?,
        _ => {
            let open = reads::short(state.store.open_in(&session)).await?;
            state.ward.act(actor, SignOff { session, open, ended }).await?
        }
    }))
}

/// A session that is over; `None` while it runs, or if there is none.
async fn ended(state: &HttpState, session: &SessionId) -> Result<Option<EndedSession>, Problem> {
    let row = match state.ward.ask(ShowSession { session: session.clone() }).await? {
        Some(row) => Some(row),
        None => reads::short(state.store.session(session)).await?,
    };
    let Some(row) = row.filter(|row| row.ended_at.is_some()) else { return Ok(None) };
    keeping::is_there(state, session).await?;
    let ended = EndedSession::read(row.json).map_err(|error| {
        tracing::error!(%session, %error, "a session cannot be read");
        Problem::our_fault()
    })?;
    Ok(Some(ended))
}

fn wrong_event(error: LineError) -> Problem {
    let title = error.to_string();
    Problem::bad_field(error.field, title)
}

fn check_words(event: &Event) -> Result<(), Problem> {
    let reason_of = |overrides: &'_ Option<Override>| overrides.as_ref().map(|o| o.reason.clone());
    let all: Vec<(&str, Option<String>, usize)> = match event {
        Event::Note { text } => vec![("text", Some(text.clone()), 1)],
        Event::Pause { reason }
        | Event::Stop { reason }
        | Event::Correct { reason, .. }
        | Event::Abort { reason }
        | Event::Transfer { reason } => vec![("reason", reason.clone(), 0)],
        Event::Symptom { note, .. } | Event::Score { note, .. } => vec![("note", note.clone(), 0)],
        Event::Limits { reason, prescriber, .. } => {
            vec![("reason", Some(reason.clone()), 1), ("prescriber", prescriber.clone(), 1)]
        }
        Event::Start { overrides } => vec![("override.reason", reason_of(overrides), 1)],
        Event::AcceptBaseline(Acceptance { overrides, prescriber, .. }) => vec![
            ("override.reason", reason_of(overrides), 1),
            ("prescriber", prescriber.clone(), 1),
        ],
        Event::RateChange { unit, .. } => vec![("unit", unit.clone(), 1)],
        Event::CheckIn(stated) => {
            let escort = stated.escort.clone().unwrap_or_default();
            vec![
                ("override.reason", reason_of(&stated.overrides), 1),
                ("allergies", stated.allergies.clone(), 0),
                ("escort.name", Some(escort.name), 0),
                ("escort.phone", Some(escort.phone), 0),
            ]
        }
        Event::Screening(answered) => vec![
            ("override.reason", reason_of(&answered.overrides), 1),
            ("note", answered.note.clone(), 0),
        ],
        Event::Order(order) => {
            vec![("ordered_by", order.ordered_by.clone(), 1), ("drug", order.drug.clone(), 1)]
        }
        Event::Bolus(bolus) => vec![("note", bolus.note.clone(), 0)],
        Event::Spray(spray) => {
            vec![("override.reason", reason_of(&spray.overrides), 1), ("lot", spray.lot.clone(), 1)]
        }
        Event::Medication(given) => vec![
            ("drug", Some(given.drug.clone()), 1),
            ("unit", given.unit.clone(), 1),
            ("route", given.route.clone(), 1),
            ("note", given.note.clone(), 0),
        ],
        Event::Oxygen(given) => vec![("device", given.device.clone(), 1)],
        Event::AdverseEvent(event) => vec![
            ("text", Some(event.text.clone()), 1),
            ("action", event.action.clone(), 0),
            ("outcome", event.outcome.clone(), 0),
        ],
        Event::Discharge { overrides } => {
            vec![("override.reason", reason_of(overrides), 1)]
        }
        _ => Vec::new(),
    };
    for (field, words, least) in all {
        let count = words.map(|words| words.trim().chars().count());
        if count.is_some_and(|count| !(least..=MAX_NOTE_CHARS).contains(&count)) {
            let title = format!("{field} must have {least} to {MAX_NOTE_CHARS} characters");
            return Err(Problem::bad_field(Some(field.to_owned()), title));
        }
    }
    Ok(())
}

/// Whether a session is over.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum SessionState {
    /// It is not.
    Open,
    /// It is.
    Ended,
}

/// The sessions to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SessionQuery {
    /// Only of this room.
    room: Option<String>,
    /// Only of patients with these initials, all of them: `jt` finds `J.T.`.
    initials: Option<String>,
    /// Only of this course.
    course: Option<String>,
    /// `open` or `ended`; both when left out.
    #[param(inline)]
    state: Option<SessionState>,
    /// Opened at this time or later: RFC 3339, or milliseconds since 1970.
    from: Option<String>,
    /// Opened at this time or earlier.
    to: Option<String>,
    /// At most this many, up to 1,000.
    limit: Option<u32>,
    /// `next` of the previous answer, unchanged.
    after: Option<String>,
}

/// Sessions, those opened last first. The rooms themselves answer those that run, also while the
/// disk does not answer.
#[utoipa::path(get, path = "/sessions", operation_id = "list_sessions", tag = "sessions", params(SessionQuery),
    responses((status = 200, description = "Sessions", body = contract::Sessions)))]
pub(super) async fn list(
    State(state): State<HttpState>,
    Viewer(caller): Viewer,
    Params(query): Params<SessionQuery>,
) -> Result<axum::Json<contract::Sessions>, Problem> {
    let filter = SessionFilter {
        room: query.room.as_deref().map(RoomId::new).transpose()?,
        initials: query.initials.as_deref().and_then(Initials::searched),
        course: query.course.as_deref().map(CourseId::new).transpose()?,
        open: query.state.map(|state| matches!(state, SessionState::Open)),
        from: time(query.from.as_deref(), "from")?,
        to: time(query.to.as_deref(), "to")?,
        after: parsed(query.after.as_deref(), "after")?,
    };
    let limit = query.limit.unwrap_or(DEFAULT_ROWS);
    let nothing = Page { rows: Vec::new(), next: None };
    let (page, is_complete) = if filter.open == Some(true) {
        (nothing, true)
    } else {
        let stored = reads::short(state.store.sessions(&filter, limit)).await;
        stored.map_or((nothing, false), |page| (page, true))
    };
    let page = page.brought_up_to_date(state.ward.ask(ListSessions).await?, &filter, limit);
    let next = page.next.filter(|_| is_complete).map(|next| next.to_string());
    let rows = page.rows.into_iter().filter_map(|row| as_shown(row.json, caller.view()));
    let sessions = rows.filter_map(answer::raw).collect();
    let complete = (!is_complete).then_some(false);
    Ok(axum::Json(contract::Sessions { sessions, next, complete }))
}

/// One session as it is now.
#[utoipa::path(get, path = "/sessions/{session}", operation_id = "show_session", tag = "sessions",
    params(("session" = String, Path, description = "The session's id")),
    responses((status = 200, description = "The session", body = contract::SessionView)))]
pub(super) async fn show(
    State(state): State<HttpState>,
    Viewer(caller): Viewer,
    Id(session): Id<SessionId>,
) -> Result<Response, Problem> {
    // What a room knows is newer than what is on disk.
    let row = match state.ward.ask(ShowSession { session: session.clone() }).await? {
        Some(row) => row,
        None => {
            let row = reads::short(state.store.session(&session)).await?;
            row.ok_or_else(|| Problem::not_found("session", session.as_str()))?
        }
    };
    let json = as_shown(row.json, caller.view()).ok_or_else(Problem::our_fault)?;
    Ok(answer::json(StatusCode::OK, json))
}

/// A session, written as staff see it, turned into what this view shows. The same as on the stream.
fn as_shown(json: String, view: View) -> Option<String> {
    match view {
        View::Staff => Some(json),
        View::Display => answer::of_display::<contract::DisplaySession>(&json),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn refused(opened: Json) -> String {
        let opened: Opened = serde_json::from_value(opened).unwrap();
        opened.checked("2026-11-29".parse().unwrap()).unwrap_err().title().to_owned()
    }

    #[test]
    fn a_patient_is_checked_before_the_ward_is_asked() {
        assert_eq!(
            refused(json!({"patient": {"initials": ""}})),
            "patient.initials must have 1 to 12 characters"
        );
        assert_eq!(
            refused(json!({"patient": {"initials": "J.T.", "age": 200}})),
            "patient.age must be 0..=130 years"
        );
        assert_eq!(
            refused(json!({"patient": {"initials": "J.T."}, "planned_s": 5})),
            "planned_s must be 60..=86400 seconds"
        );
    }

    #[test]
    fn whom_a_session_is_about_is_said_once_and_can_be_addressed() {
        let person = json!({"ids": [{"number": "4711"}]});
        for (patient, title) in [
            (json!({}), "patient.initials must be given"),
            (json!({"identity": person}), "patient.initials must be given: there is no name"),
            (
                json!({"id": "p-1", "identity": person}),
                "patient.identity must be left out if id is given",
            ),
            (
                json!({"identity": {"birth_date": "2026-11-30", "ids": [{"number": "1"}]}}),
                "patient.identity.birth_date is not possible: a birth date is not in the future",
            ),
        ] {
            assert_eq!(refused(json!({"patient": patient})), title);
        }
    }

    #[test]
    fn words_and_initials_have_a_longest_and_are_seen() {
        let initials = |text: String| refused(json!({"patient": {"initials": text}}));
        assert_eq!(
            initials("X".repeat(MAX_INITIALS_CHARS + 1)),
            "patient.initials must have 1 to 12 characters"
        );
        assert!(initials("J\u{200b}T".to_owned()).contains("U+200B cannot be seen"));
        let note = |count: usize| check_words(&Event::Note { text: "x".repeat(count) });
        assert!(note(MAX_NOTE_CHARS).is_ok());
        assert_eq!(
            note(MAX_NOTE_CHARS + 1).unwrap_err().title(),
            "text must have 1 to 2000 characters"
        );
    }

    #[test]
    fn an_unknown_event_is_told_the_known_ones() {
        let event = json!({"type": "blink"}).as_object().unwrap().clone();
        let problem = wrong_event(read_event(event).unwrap_err());
        let json: Json = serde_json::from_str(&problem.to_json()).unwrap();
        assert_eq!(json["status"], 422);
        assert_eq!(json["field"], "type");
        assert!(
            json["title"].as_str().unwrap().contains("screening, accept_baseline, manual_vitals"),
            "{json}"
        );
    }

    #[test]
    fn a_wrong_event_is_told_its_field() {
        let field = |event: Json| {
            let problem = wrong_event(read_event(event.as_object().unwrap().clone()).unwrap_err());
            serde_json::from_str::<Json>(&problem.to_json()).unwrap()["field"].clone()
        };
        assert_eq!(field(json!({"type": "rate_change"})), "to");
        assert_eq!(field(json!({"type": "note", "text": "x", "colour": 1})), "colour");
        assert_eq!(
            field(json!({"type": "note", "text": "x", "occurred_at": "noon"})),
            "occurred_at"
        );
        assert_eq!(field(json!({})), "type");
        // A value may contain what a message contains.
        let limits = json!({"type": "limits", "condition": "field `x`", "reason": "field `y`"});
        assert_eq!(field(limits), "condition");
    }

    #[test]
    fn words_have_a_length() {
        let note = |text: &str| check_words(&Event::Note { text: text.to_owned() });
        assert!(note("fine").is_ok());
        assert!(note("").is_err());
        assert!(note(&"x".repeat(2_001)).is_err());
        assert!(check_words(&Event::Stop { reason: None }).is_ok());
    }
}
