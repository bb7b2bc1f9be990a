//! Alerts: listed, taken, silenced, and what came of them.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

use super::auth::{Nurse, Viewer};
use super::body::{Body, Params, parsed, time};
use super::paths::{AlertId, Id};
use super::problem::Problem;
use super::{HttpState, answer, reads};
use crate::contract::{self, Details};
use crate::room::{LONGEST_SILENCE_S, Outcome};
use crate::store::{AlertFilter, AlertStates, Page};
use crate::vitals::{RoomId, SessionId};
use crate::ward::{Acknowledge, GiveOutcome, ListAlerts, ShowAlert, SilenceAlert, View};

pub(super) const MAX_NOTE_CHARS: usize = 2_000;
const DEFAULT_ROWS: u32 = 100;

/// The states of alerts to list.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum States {
    /// Active or latched.
    Open,
    /// The condition is active.
    Active,
    /// Over, but nobody has seen it.
    Latched,
    /// Over.
    Resolved,
    /// All of them.
    All,
}

/// Which alerts are listed.
#[derive(Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AlertQuery {
    /// `open`, `active`, `latched`, `resolved` or `all`, which is the default.
    #[param(inline)]
    state: Option<States>,
    /// Only of this room.
    room: Option<String>,
    /// Only of this session.
    session: Option<String>,
    /// Raised at this time or later: RFC 3339, or milliseconds since 1970.
    from: Option<String>,
    /// Raised at this time or earlier.
    to: Option<String>,
    /// At most this many, up to 1,000.
    limit: Option<u32>,
    /// `next` of the previous answer, unchanged.
    after: Option<String>,
}

/// Alerts, those raised last first. The rooms themselves answer what is open, also while nothing
/// can be recorded.
#[utoipa::path(get, path = "/alerts", operation_id = "list_alerts", tag = "alerts", params(AlertQuery),
    responses((status = 200, description = "Alerts", body = contract::Alerts)))]
pub(super) async fn list(
    State(state): State<HttpState>,
    Viewer(caller): Viewer,
    Params(which): Params<AlertQuery>,
) -> Result<axum::Json<contract::Alerts>, Problem> {
    let filter = AlertFilter {
        states: match which.state {
            None | Some(States::All) => AlertStates::Any,
            Some(States::Open) => AlertStates::Open,
            Some(States::Active) => AlertStates::Active,
            Some(States::Latched) => AlertStates::Latched,
            Some(States::Resolved) => AlertStates::Resolved,
        },
        room: which.room.as_deref().map(RoomId::new).transpose()?,
        of_the_ward: false,
        session: which.session.as_deref().map(SessionId::new).transpose()?,
        from: time(which.from.as_deref(), "from")?,
        to: time(which.to.as_deref(), "to")?,
        after: parsed(which.after.as_deref(), "after")?,
    };
    let limit = which.limit.unwrap_or(DEFAULT_ROWS);
    let is_past = matches!(filter.states, AlertStates::Any | AlertStates::Resolved);
    let nothing = Page { rows: Vec::new(), next: None };
    // The disk first: the rooms know what happens in the meantime. What is open is known without
    // the disk.
    let (page, is_complete) = if is_past {
        let stored = reads::short(state.store.alerts(&filter, limit)).await;
        stored.map_or((nothing, false), |page| (page, true))
    } else {
        (nothing, true)
    };
    let known = state.ward.ask(ListAlerts { filter: filter.clone() }).await?;
    let page = page.brought_up_to_date(known, &filter, limit);
    let next = page.next.filter(|_| is_complete).map(|next| next.to_string());
    let rows = page.rows.into_iter().filter_map(|row| seen(row.json, caller.view()));
    let alerts = rows.filter_map(answer::raw).collect();
    let complete = (!is_complete).then_some(false);
    Ok(axum::Json(contract::Alerts { alerts, next, complete }))
}

/// One alert as it is now.
#[utoipa::path(get, path = "/alerts/{alert}", operation_id = "show_alert", tag = "alerts",
    params(("alert" = String, Path, description = "The alert's id")),
    responses((status = 200, description = "The alert", body = contract::AlertView)))]
pub(super) async fn show(
    State(state): State<HttpState>,
    Viewer(caller): Viewer,
    Id(AlertId(id)): Id<AlertId>,
) -> Result<Response, Problem> {
    // What a room knows is newer than what is on disk.
    let json = match state.ward.ask(ShowAlert { alert: id.clone() }).await? {
        Some(json) => json,
        None => {
            let row = reads::short(state.store.alert(&id)).await?;
            row.ok_or_else(|| Problem::not_found("alert", &id))?.json
        }
    };
    let json = seen(json, caller.view()).ok_or_else(Problem::our_fault)?;
    Ok(answer::json(StatusCode::OK, json))
}

/// An alert, written as staff see it, turned into what this view shows. The same as on the stream.
fn seen(json: String, view: View) -> Option<String> {
    match view {
        View::Staff => Some(json),
        View::Display => answer::of_display::<contract::DisplayAlert>(&json),
    }
}

/// Takes an alert: "I'm going". The first person to take it has it.
#[utoipa::path(post, path = "/alerts/{alert}/acknowledge", operation_id = "acknowledge_alert", tag = "alerts",
    params(("alert" = String, Path, description = "The alert's id")),
    responses((status = 200, description = "The alert", body = contract::Done<contract::Alert>),
        (status = 409, description = "Somebody else has taken it", body = Details)))]
pub(super) async fn acknowledge(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(AlertId(id)): Id<AlertId>,
) -> Result<Response, Problem> {
    Ok(answer::done(state.ward.act(caller.actor(), Acknowledge { alert: id }).await?))
}

/// What came of an alert.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = WhatCame)]
pub(super) struct OutcomeEntry {
    /// `null` takes back what was said; the log keeps both.
    #[serde(deserialize_with = "Option::deserialize")]
    #[schema(required)]
    outcome: Option<Outcome>,
    /// At most 2,000 characters.
    note: Option<String>,
}

/// Records what came of an alert, in one tap, or takes that back.
#[utoipa::path(post, path = "/alerts/{alert}/outcome", operation_id = "note_outcome", tag = "alerts", request_body = OutcomeEntry,
    params(("alert" = String, Path, description = "The alert's id")),
    responses((status = 200, description = "The alert", body = contract::Done<contract::Alert>)))]
pub(super) async fn outcome(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(AlertId(id)): Id<AlertId>,
    Body(OutcomeEntry { outcome, note }): Body<OutcomeEntry>,
) -> Result<Response, Problem> {
    if note.as_ref().is_some_and(|note| note.chars().count() > MAX_NOTE_CHARS) {
        let title = format!("note must have at most {MAX_NOTE_CHARS} characters");
        return Err(Problem::bad_field(Some("note".into()), title));
    }
    let note = note.filter(|note| !note.trim().is_empty());
    Ok(answer::done(
        state.ward.act(caller.actor(), GiveOutcome { alert: id, outcome, note }).await?,
    ))
}

/// No sound for an alert.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Silence {
    /// How many seconds: 1 to 120.
    seconds: u32,
}

/// Silences one alert; getting worse ends the silence, and escalation continues.
#[utoipa::path(post, path = "/alerts/{alert}/silence", operation_id = "silence_alert", tag = "alerts", request_body = Silence,
    params(("alert" = String, Path, description = "The alert's id")),
    responses((status = 200, description = "The alert", body = contract::Done<contract::Alert>)))]
pub(super) async fn silence(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(AlertId(id)): Id<AlertId>,
    Body(Silence { seconds }): Body<Silence>,
) -> Result<Response, Problem> {
    if !(1..=LONGEST_SILENCE_S).contains(&seconds) {
        let title = format!("seconds must be 1..={LONGEST_SILENCE_S}, got {seconds}");
        return Err(Problem::bad_field(Some("seconds".into()), title));
    }
    Ok(answer::done(state.ward.act(caller.actor(), SilenceAlert { alert: id, seconds }).await?))
}
