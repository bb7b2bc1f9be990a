//! What is sent to the hospital's systems.

use axum::Json;
use axum::extract::State;
use axum::response::Response;

use super::auth::Lead;
use super::paths::{Id, Named};
use super::problem::Problem;
use super::{HttpState, answer, reads};
use crate::contract::{self, Details};
use crate::outbound::status;
use crate::store::OutboundState;
use crate::ward::SendAgain;

/// A message's number.
pub(super) struct Number(u64);

impl Named for Number {
    fn named(text: &str) -> Result<Self, Problem> {
        text.parse().map(Self).map_err(|_| Problem::not_found("message", text))
    }
}

/// How it goes with each of the hospital's systems: what waits, what arrived, and what was refused.
/// For leads and administrators.
#[utoipa::path(get, path = "/outbound", operation_id = "list_outbound", tag = "operation",
    responses((status = 200, description = "In the order of the configuration", body = contract::Outbound)))]
pub(super) async fn list(
    State(state): State<HttpState>,
    _: Lead,
) -> Result<Json<contract::Outbound>, Problem> {
    let now = state.clock.now();
    Ok(Json(reads::short(status(&state.store, &state.outbound, now)).await?))
}

/// Has a message sent again that was set aside. What has changed of its session meanwhile is in it.
/// For leads and administrators.
#[utoipa::path(post, path = "/outbound/{id}/again", operation_id = "send_again", tag = "operation",
    params(("id" = String, Path, description = "The message's id")),
    responses((status = 200, description = "It waits to be sent", body = contract::Done<contract::SentAgain>),
        (status = 404, description = "There is no such message", body = Details),
        (status = 409, description = "It was not set aside, or is being sent again already", body = Details)))]
pub(super) async fn again(
    State(state): State<HttpState>,
    Lead(caller): Lead,
    Id(Number(n)): Id<Number>,
) -> Result<Response, Problem> {
    let row = reads::short(state.store.outbound(n)).await?;
    let row = row.ok_or_else(|| Problem::not_found("message", &n.to_string()))?;
    if row.state != OutboundState::SetAside {
        return Err(Problem::not_now("This message was not set aside: there is nothing to do."));
    }
    let act = SendAgain { n, destination: row.destination, session: row.session };
    Ok(answer::done(state.ward.act(caller.actor(), act).await?))
}
