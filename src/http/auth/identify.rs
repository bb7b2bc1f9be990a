//! Who acts at a shared station.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::super::HttpState;
use super::super::body::Body;
use super::login::{audit, begin_try, end_tries, is_right};
use super::throttle::Who;
use super::{Nurse, Person, Viewer, lock};
use crate::access::Role;
use crate::error::Problem;
use crate::store::StaffRow;

/// People who share initials; more than this and the PIN of the later ones is not tried.
const NAMESAKES: usize = 4;

/// Who says that it is they who act.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Identify {
    /// Such as `KM`.
    initials: String,
    /// Their PIN.
    pin: String,
}

/// Says who acts at this station for the next two minutes.
#[utoipa::path(post, path = "/identify", tag = "who", request_body = Identify,
    responses((status = 200, description = "Who acts", body = super::super::shapes::Acting)))]
pub(in crate::http) async fn identify(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Body(asked): Body<Identify>,
) -> Result<Json<serde_json::Value>, Problem> {
    let station = [Who::Station(caller.token)];
    begin_try(&state, &station)?;
    let row = whose_pin(&state, &asked).await?.ok_or_else(Problem::wrong_pin)?;
    let role: Role = row.role.parse().unwrap_or(Role::Display);
    if !role.is_staff() {
        return Err(Problem::wrong_pin());
    }
    end_tries(&state, &station);
    let now = state.clock.now();
    let details = json!({"name": row.name, "station": caller.signed_in.name});
    let what = json!({"staff": row.initials, "identify": details});
    state.ward.record(what, vec![audit(now, &row.name, "identified")]).await?;
    let person = Person { name: row.name, initials: row.initials, role };
    let mut answer = person.to_json();
    answer["until"] = json!(lock(&state.desk.acting).begin(caller.token, person, now));
    Ok(Json(answer))
}

/// Ends the time in which the person who said who they are acts at this station.
#[utoipa::path(delete, path = "/identify", tag = "who",
    responses((status = 204, description = "Who is signed in acts again")))]
pub(in crate::http) async fn end(
    State(state): State<HttpState>,
    Viewer(caller): Viewer,
) -> Result<StatusCode, Problem> {
    let Some((person, _)) = caller.acting else { return Ok(StatusCode::NO_CONTENT) };
    lock(&state.desk.acting).end(&caller.token);
    let now = state.clock.now();
    let details = json!({"name": person.name, "station": caller.signed_in.name});
    let what = json!({"staff": person.initials, "identify_ended": details});
    state.ward.record(what, vec![audit(now, &person.name, "no longer acts")]).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn whose_pin(state: &HttpState, asked: &Identify) -> Result<Option<StaffRow>, Problem> {
    let people = state.store.register().staff_with_initials(&asked.initials);
    if people.is_empty() {
        is_right(state, asked.pin.clone(), None).await?;
    }
    for row in people.into_iter().take(NAMESAKES) {
        if is_right(state, asked.pin.clone(), row.pin_hash.clone()).await? {
            return Ok(Some(row));
        }
    }
    Ok(None)
}
