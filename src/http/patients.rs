//! Patients: who is offered at check-in, and who was here before. For nurses and above; displays
//! never see a name.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use jiff::civil::Date;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::auth::Nurse;
use super::body::{Body, Params};
use super::paths::Id;
use super::problem::Problem;
use super::{HttpState, answer, zone};
use crate::contract::{self, Details};
use crate::name;
use crate::people::{LONGEST_PERSON_NAME, MAX_IDS, NamedId, Person};
use crate::vitals::PatientId;
use crate::ward::{CorrectPatient, ListArrivals, SearchPatients, ShowPatient};

/// The longest text that may be searched for, characters.
const LONGEST_QUERY: usize = 200;

/// The patients to list.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct PatientQuery {
    /// `today`: who was admitted by the hospital's system within the last 24 h and has not left.
    #[param(inline)]
    arrived: Option<Arrived>,
    /// Words of names, numbers or birth dates, all of which have to match. Without it, those who
    /// were here last.
    query: Option<String>,
}

/// When they came.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Arrived {
    /// Within the last 24 h.
    Today,
}

/// Who can be checked in: those who were here before, up to 50, or those who were admitted today,
/// up to 200. Nothing about somebody who was admitted gets into a room before staff check them in.
#[utoipa::path(get, path = "/patients", operation_id = "list_patients", tag = "patients", params(PatientQuery),
    responses((status = 200, description = "The newest first", body = contract::ListedPatients)))]
pub(super) async fn list(
    State(state): State<HttpState>,
    _: Nurse,
    Params(query): Params<PatientQuery>,
) -> Result<Json<contract::ListedPatients>, Problem> {
    let PatientQuery { arrived, query } = query;
    let text = query.unwrap_or_default();
    if text.chars().count() > LONGEST_QUERY {
        let title = format!("query must have at most {LONGEST_QUERY} characters");
        return Err(Problem::bad_request("query", title));
    }
    match arrived {
        Some(Arrived::Today) if !text.is_empty() => {
            let title = "query searches those who were here before: leave out arrived";
            Err(Problem::bad_request("query", title))
        }
        Some(Arrived::Today) => Ok(Json(state.ward.ask(ListArrivals).await?)),
        None => Ok(Json(state.ward.ask(SearchPatients { text }).await?)),
    }
}

/// Corrects who a patient is. What was known before is replaced; the record keeps it. Earlier
/// sessions keep their initials.
#[utoipa::path(put, path = "/patients/{patient}", operation_id = "correct_patient", tag = "patients", request_body = Person,
    params(("patient" = String, Path, description = "The patient's id")),
    responses((status = 200, description = "Who they are now", body = contract::Done<contract::ListedPatient>),
        (status = 409, description = "Somebody else is known by these numbers, or by this name and birth date", body = Details)))]
pub(super) async fn correct(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(id): Id<PatientId>,
    Body(person): Body<Person>,
) -> Result<Response, Problem> {
    let person = checked(person, "", today(&state))?;
    Ok(answer::done(state.ward.act(caller.actor(), CorrectPatient { id, person }).await?))
}

/// The patient of this id.
pub(super) async fn known(
    state: &HttpState,
    id: &PatientId,
) -> Result<contract::ListedPatient, Problem> {
    let known = state.ward.ask(ShowPatient { id: id.clone() }).await?;
    known.ok_or_else(|| Problem::not_found("patient", id.as_str()))
}

/// The clinic's day.
pub(super) fn today(state: &HttpState) -> Date {
    zone::day_of(state.clock.now(), &zone::zone(state))
}

/// Somebody who can be stored: found again by a number, or by name and birth date. `place` is where
/// it is in the body, such as `patient.identity.`
pub(super) fn checked(person: Person, place: &str, today: Date) -> Result<Person, Problem> {
    let refused = |field: String, what: &dyn std::fmt::Display| {
        let field = format!("{place}{field}");
        let title = format!("{field} {what}");
        Problem::bad_field(Some(field), title)
    };
    let text = |text: &str, field: String| {
        name::checked(text, LONGEST_PERSON_NAME).map_err(|problem| refused(field, &problem))
    };
    let optional = |value: Option<String>, field: &str| {
        let value = value.filter(|value| !value.trim().is_empty());
        value.map(|value| text(&value, field.to_owned())).transpose()
    };
    let Person { ids, family, given, birth_date, sex } = person;
    if ids.len() > MAX_IDS {
        return Err(refused("ids".to_owned(), &format_args!("must be at most {MAX_IDS}")));
    }
    let id = |(n, NamedId { number, authority }): (usize, NamedId)| {
        let number = text(&number, format!("ids[{n}].number"))?;
        let authority = optional(Some(authority), &format!("ids[{n}].authority"))?;
        Ok(NamedId { number, authority: authority.unwrap_or_default() })
    };
    let ids = ids.into_iter().enumerate().map(id).collect::<Result<Vec<_>, Problem>>()?;
    let (family, given) = (optional(family, "family")?, optional(given, "given")?);
    let sex = optional(sex, "sex")?;
    if let Some(Err(problem)) = birth_date.map(|date| date.age_on(today)) {
        let is_future = format!("is not possible: {problem}");
        return Err(refused("birth_date".to_owned(), &is_future));
    }
    let has_name = family.is_some() && given.is_some() && birth_date.is_some();
    if ids.is_empty() && !has_name {
        let field = if place.is_empty() { "the patient" } else { place.trim_end_matches('.') };
        let title =
            format!("{field} must have a number, or family name, given name and birth date");
        return Err(Problem::bad_field(Some(format!("{place}ids")), title));
    }
    Ok(Person { ids, family, given, birth_date, sex })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(json: serde_json::Value) -> Result<Person, String> {
        let person = serde_json::from_value(json).map_err(|error| error.to_string())?;
        let today = "2026-11-29".parse().unwrap();
        checked(person, "patient.identity.", today).map_err(|problem| problem.title().to_owned())
    }

    #[test]
    fn a_person_is_kept_who_can_be_found_again() {
        let named =
            serde_json::json!({"family": " Quill", "given": "Testa", "birth_date": "1980-02-29"});
        assert_eq!(read(named).unwrap().family.as_deref(), Some("Quill"));
        let numbered = serde_json::json!({"ids": [{"number": "4711", "authority": "WEST"}]});
        assert_eq!(read(numbered).unwrap().ids.len(), 1);
        let odd = "O'\"Quill\" <b> \u{5d0}\u{5d1}";
        let odd = serde_json::json!({"family": odd, "ids": [{"number": "<1>"}]});
        assert!(read(odd).is_ok());
    }

    #[test]
    fn what_is_wrong_with_a_person_is_said_with_its_field() {
        let no_way_back =
            "patient.identity must have a number, or family name, given name and birth date";
        for (json, title) in [
            (serde_json::json!({"family": "Quill", "given": "Testa"}), no_way_back),
            (
                serde_json::json!({"birth_date": "2026-11-30", "ids": [{"number": "1"}]}),
                "patient.identity.birth_date is not possible: a birth date is not in the future",
            ),
            (
                serde_json::json!({"family": "x".repeat(500), "ids": [{"number": "1"}]}),
                "patient.identity.family must have 1 to 200 characters",
            ),
            (
                serde_json::json!({"ids": [{"number": "1"}, {"number": "a\nb"}]}),
                "patient.identity.ids[1].number must be on one line: U+000A is a control character",
            ),
            (
                serde_json::json!({"ids": vec![serde_json::json!({"number": "1"}); MAX_IDS + 1]}),
                "patient.identity.ids must be at most 16",
            ),
        ] {
            assert_eq!(read(json), Err(title.to_owned()));
        }
        let date = serde_json::json!({"birth_date": "29.02.1980"});
        assert_eq!(read(date).unwrap_err(), "a birth date is year-month-day, such as 1980-02-29");
    }
}
