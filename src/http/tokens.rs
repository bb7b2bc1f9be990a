//! Tokens of programs. New ones are made with `dripwatch token add`, which shows them once.

use axum::Json;
use axum::extract::State;
use axum::response::Response;

use super::HttpState;
use super::answer;
use super::auth::Admin;
use super::paths::Id;
use super::problem::Problem;
use super::staff::StaffName;
use crate::contract::{self, Details, ProgramToken};
use crate::store::TokenKind;
use crate::ward::RevokeToken;

/// The programs that have a token. For administrators.
#[utoipa::path(get, path = "/tokens", operation_id = "list_tokens", tag = "staff",
    responses((status = 200, description = "By name", body = contract::ProgramTokens)))]
pub(super) async fn list(
    State(state): State<HttpState>,
    _: Admin,
) -> Json<contract::ProgramTokens> {
    let rows = state.store.register().tokens(TokenKind::Program, state.clock.now());
    Json(contract::ProgramTokens { tokens: rows.into_iter().map(ProgramToken::from).collect() })
}

/// Ends a program's token, and whatever it has open. For administrators.
#[utoipa::path(delete, path = "/tokens/{id}", operation_id = "revoke_token", tag = "staff",
    params(("id" = String, Path, description = "The program's name")),
    responses((status = 200, description = "It is ended", body = contract::Done<contract::Removed>),
        (status = 404, description = "No program of this name has a token", body = Details)))]
pub(super) async fn revoke(
    State(state): State<HttpState>,
    Admin(caller): Admin,
    Id(StaffName(name)): Id<StaffName>,
) -> Result<Response, Problem> {
    let register = state.store.register().clone();
    let _turn = register.changing().await;
    Ok(answer::done(state.ward.act(caller.actor(), RevokeToken { name }).await?))
}
