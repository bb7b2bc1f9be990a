//! Identifies the person who acts at a shared station.

use std::net::{IpAddr, SocketAddr};

use axum::Json;
use axum::extract::{ConnectInfo, State};
use axum::http::{Extensions, StatusCode};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::super::HttpState;
use super::super::body::Body;
use super::checks::{Giver, Turn, is_right};
use super::login::{audit, remember_browser};
use super::pins::{NotTried, PinTry};
use super::tries::{Aim, Secret};
use super::{Caller, Nurse, Viewer, lock, wrong};
use crate::access::Role;
use crate::contract::{self, Details, Identified, Person, Proof};
use crate::http::problem::Problem;
use crate::store::StaffRow;

/// The most people who may share initials; beyond this, the secrets of the later ones are not
/// tried.
const NAMESAKES: usize = 4;

/// Somebody identifies themselves, with their PIN or with their password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Identify {
    /// Such as `KM`.
    initials: String,
    /// Their PIN: gives a nurse's rights, whoever it is.
    pin: Option<String>,
    /// Their password: gives their own rights, up to a prescriber's.
    password: Option<String>,
}

/// Identifies who acts at this station for the next two minutes. A PIN gives a nurse's rights, a
/// password those of the person up to a prescriber's; what an administrator does needs their own
/// sign-in. Wrong PINs are counted for the person aimed at and for the account that asks.
#[utoipa::path(post, path = "/identify", operation_id = "identify", tag = "who", request_body = Identify,
    responses((status = 200, description = "Who acts", body = contract::Identified),
        (status = 403, description = "`wrong_secret`, or `needs_password`: no PIN is tried any more", body = Details),
        (status = 429, description = "`too_many_tries`: after `Retry-After`, or now with the password", body = Details)))]
pub(in crate::http) async fn identify(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    extensions: Extensions,
    Body(Identify { initials, pin, password }): Body<Identify>,
) -> Result<Json<Identified>, Problem> {
    let from = extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let people = staff_with(&state, &initials);
    let initials = initials.chars().take(16).collect::<String>().to_ascii_lowercase();
    let mut views = Vec::new();
    let (row, proof) = match (pin, password) {
        (Some(pin), None) => {
            let row = whose_pin(&state, &caller, from, (&initials, &people), pin).await?;
            views.extend([wrong::shown(&state, &row.name), wrong::pins_at(&state, &initials)]);
            (row, Proof::Pin)
        }
        (None, Some(password)) => {
            let row = whose_password(&state, &caller, from, (&initials, &people), password).await?;
            lock(&state.auth.tries).signed_in(&row.name);
            views.push(wrong::shown(&state, &row.name));
            if caller.has_cookie {
                views.extend(remember_browser(&state, &row.name, caller.token));
            }
            (row, Proof::Password)
        }
        _ => {
            let title = "give either the PIN or the password";
            return Err(Problem::bad_field(Some("pin".to_owned()), title));
        }
    };
    let now = state.clock.now();
    let details = json!({"name": row.name, "station": caller.signed_in.name, "proof": proof});
    let what = json!({"staff": row.initials, "identify": details});
    views.push(audit(now, &row.name, "identified"));
    state.ward.record(what, views).await?;
    let role = role_of(row);
    let person = Person { name: row.name.clone(), initials: row.initials.clone(), role };
    let acts = lock(&state.auth.acting).begin(caller.token, person, proof, now);
    let acting = Caller { acting: Some(acts), ..caller };
    let wrong_tries = wrong::of(&state, acting.name());
    // It has only just begun.
    let acting = acting.acting_here().ok_or_else(Problem::our_fault)?;
    Ok(Json(Identified { acting, wrong_tries }))
}

/// The person who identified themselves no longer acts at this station.
#[utoipa::path(delete, path = "/identify", operation_id = "end_identity", tag = "who",
    responses((status = 204, description = "Who is signed in acts again")))]
pub(in crate::http) async fn end(
    State(state): State<HttpState>,
    Viewer(caller): Viewer,
) -> Result<StatusCode, Problem> {
    let Some(acts) = caller.acting else { return Ok(StatusCode::NO_CONTENT) };
    let person = acts.person;
    lock(&state.auth.acting).end(&caller.token);
    let now = state.clock.now();
    let details = json!({"name": person.name, "station": caller.signed_in.name});
    let what = json!({"staff": person.initials, "identify_ended": details});
    state.ward.record(what, vec![audit(now, &person.name, "no longer acts")]).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn role_of(row: &StaffRow) -> Role {
    row.role.parse().unwrap_or(Role::Display)
}

fn staff_with(state: &HttpState, initials: &str) -> Vec<StaffRow> {
    let mut people = state.store.register().staff_with_initials(initials);
    people.retain(|row| role_of(row).is_staff());
    people.truncate(NAMESAKES);
    people
}

/// Whose account a wrong secret with these initials was aimed at.
fn aims(people: &[StaffRow], from: Option<IpAddr>) -> Vec<Aim> {
    match people {
        [] => vec![Aim::Nobody(from)],
        people => people.iter().map(|row| Aim::Person(row.name.clone())).collect(),
    }
}

async fn whose_pin<'a>(
    state: &HttpState,
    caller: &Caller,
    from: Option<IpAddr>,
    (initials, people): (&str, &'a [StaffRow]),
    pin: String,
) -> Result<&'a StaffRow, Problem> {
    let account = caller.account();
    let exists = !people.is_empty();
    let tried = PinTry { initials, exists, account: &account, login: caller.token };
    let begun = lock(&state.auth.pins).begin(&tried, state.clock.now());
    begun.map_err(|not_tried| match not_tried {
        NotTried::Wait(wait_s) => Problem::too_many_tries(wait_s),
        NotTried::Spent => Problem::no_more_pins(),
    })?;
    if people.is_empty() {
        is_right(state, pin.clone(), None, true).await?;
    }
    for row in people {
        if is_right(state, pin.clone(), row.pin_hash.clone(), true).await? {
            let own = lock(&state.auth.pins).right(&tried);
            lock(&state.auth.tries).forgive(&row.name, own);
            return Ok(row);
        }
    }
    for aim in aims(people, from) {
        wrong::note(state, aim, Secret::Pin(initials), Some(&account), from);
    }
    Err(Problem::wrong_pin())
}

async fn whose_password<'a>(
    state: &HttpState,
    caller: &Caller,
    from: Option<IpAddr>,
    (initials, people): (&str, &'a [StaffRow]),
    password: String,
) -> Result<&'a StaffRow, Problem> {
    let account = caller.account();
    let browser = caller.has_cookie.then_some(caller.token);
    let giver = Giver { by: Some(&account), browser, from };
    if people.is_empty() {
        let mut turn = Turn::begin(state, initials, false, &giver)?;
        turn.is_right(password, None).await?;
        turn.wrong(Aim::Nobody(from), &giver).await;
        return Err(Problem::wrong_password_here());
    }
    let turns = people.iter().map(|row| Turn::begin(state, &row.name, true, &giver));
    let mut turns = turns.collect::<Result<Vec<_>, _>>()?;
    for (turn, row) in turns.iter_mut().zip(people) {
        if turn.is_right(password.clone(), Some(row.password_hash.clone())).await? {
            return Ok(row);
        }
    }
    for (turn, row) in turns.into_iter().zip(people) {
        turn.wrong(Aim::Person(row.name.clone()), &giver).await;
    }
    Err(Problem::wrong_password_here())
}
