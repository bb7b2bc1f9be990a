//! Monitors, and the rooms that they belong to.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::HttpState;
use super::answer;
use super::auth::{Lead, Nurse, Viewer};
use super::body::Body;
use super::paths::Id;
use super::problem::Problem;
use crate::contract::{self, Details};
use crate::vitals::{DeviceId, RoomId};
use crate::ward::{Bind, ListDevices, RemoveDevice};

/// Every device that has ever sent data, bound or not.
#[utoipa::path(get, path = "/devices", operation_id = "list_devices", tag = "devices",
    responses((status = 200, description = "With their latest readings", body = contract::Devices)))]
pub(super) async fn list(State(state): State<HttpState>, _: Viewer) -> Result<Response, Problem> {
    Ok(answer::json(StatusCode::OK, state.ward.ask(ListDevices).await?))
}

/// Forgets a device that belongs to no room, and ends its token. A monitor that still speaks
/// without a token comes back, without a room. For leads.
#[utoipa::path(delete, path = "/devices/{device}", operation_id = "remove_device", tag = "devices",
    params(("device" = String, Path, description = "The device's id")),
    responses((status = 200, description = "It is forgotten", body = contract::Done<contract::Removed>),
        (status = 404, description = "It has never sent data and has no token", body = Details),
        (status = 409, description = "It belongs to a room, or is in the configuration: the detail says which", body = Details)))]
pub(super) async fn remove(
    State(state): State<HttpState>,
    Lead(caller): Lead,
    Id(device): Id<DeviceId>,
) -> Result<Response, Problem> {
    Ok(answer::done(state.ward.act(caller.actor(), RemoveDevice { device }).await?))
}

/// Where a device belongs.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Binding {
    /// The room's id; `null` takes the device out of its room.
    #[serde(deserialize_with = "Option::deserialize")]
    room: Option<String>,
    /// Needed if a session will have no monitor.
    #[serde(default)]
    confirm: bool,
}

/// Binds a device to a room. A nurse alone at night must be able to. If it leaves a session without
/// a monitor, the person who does it has to identify themselves (`POST identify`) and confirm it; a
/// program needs the token of a lead.
#[utoipa::path(put, path = "/devices/{device}/binding", operation_id = "bind_device", tag = "devices", request_body = Binding,
    params(("device" = String, Path, description = "The device's id")),
    responses((status = 200, description = "Where it belongs now", body = contract::Done<contract::Bound>),
        (status = 403, description = "`needs_identity`: a session will have no monitor", body = Details),
        (status = 409, description = "`needs_confirmation`: a session will have no monitor", body = Details)))]
pub(super) async fn bind(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(device): Id<DeviceId>,
    Body(Binding { room, confirm }): Body<Binding>,
) -> Result<Response, Problem> {
    let room = room
        .as_deref()
        .map(RoomId::new)
        .transpose()
        .map_err(|problem| Problem::bad_field(Some("room".into()), problem.to_string()))?;
    let done = state.ward.act(caller.actor(), Bind { device, room, is_confirmed: confirm }).await?;
    Ok(answer::done(done))
}
