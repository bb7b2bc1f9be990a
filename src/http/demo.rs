//! The story of a demo.

use axum::extract::State;

use super::HttpState;
use super::auth::Viewer;
use crate::contract;

/// The story of a demo, with what to try; without lines if this is not a demo.
#[utoipa::path(get, path = "/demo", operation_id = "show_demo", tag = "demo",
    responses((status = 200, description = "Its captions", body = contract::Demo)))]
pub(super) async fn show(
    State(state): State<HttpState>,
    Viewer(_caller): Viewer,
) -> axum::Json<contract::Demo> {
    axum::Json(contract::Demo { captions: state.captions.to_vec() })
}
