//! Who can hear: the screens that are connected.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::HttpState;
use super::answer;
use super::auth::Nurse;
use super::problem::Problem;
use crate::contract;
use crate::ward::ListScreens;

/// Every connected screen: who is signed in there, whether an alert would be seen and heard there
/// now, and why not.
#[utoipa::path(get, path = "/screens", operation_id = "list_screens", tag = "screens",
    responses((status = 200, description = "Those that cannot be heard first", body = contract::Screens)))]
pub(super) async fn list(
    State(state): State<HttpState>,
    Nurse(_): Nurse,
) -> Result<Response, Problem> {
    Ok(answer::json(StatusCode::OK, state.ward.ask(ListScreens).await?))
}
