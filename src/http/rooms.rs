//! Rooms as they are now, their names and their order.

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
use crate::name::{self, LONGEST_ROOM_NAME};
use crate::profile::Priority;
use crate::vitals::RoomId;
use crate::ward::{
    AcknowledgeRoom, CallForHelp, EarlierRoom, ListRooms, Refusal, RemoveRoom, RenameRoom, ShowRoom,
};

/// Every room as it is now.
#[utoipa::path(get, path = "/rooms", operation_id = "list_rooms", tag = "rooms",
    responses((status = 200, description = "As in the stream's snapshot", body = contract::Rooms)))]
pub(super) async fn list(
    State(state): State<HttpState>,
    Viewer(caller): Viewer,
) -> Result<Response, Problem> {
    Ok(answer::json(StatusCode::OK, state.ward.ask(ListRooms { view: caller.view() }).await?))
}

/// One room as it is now.
#[utoipa::path(get, path = "/rooms/{room}", operation_id = "show_room", tag = "rooms",
    params(("room" = String, Path, description = "The room's id")),
    responses((status = 200, description = "As in the stream's snapshot", body = contract::Room)))]
pub(super) async fn show(
    State(state): State<HttpState>,
    Viewer(caller): Viewer,
    Id(room): Id<RoomId>,
) -> Result<Response, Problem> {
    Ok(answer::json(StatusCode::OK, state.ward.ask(ShowRoom { room, view: caller.view() }).await??))
}

/// Takes every open alert of a room that nobody has: a room is one thing to go to.
#[utoipa::path(post, path = "/rooms/{room}/acknowledge", operation_id = "acknowledge_room", tag = "rooms",
    params(("room" = String, Path, description = "The room's id")),
    responses((status = 200, description = "Those that are yours now", body = contract::Done<contract::Taken>),
        (status = 409, description = "Somebody else has them all", body = Details)))]
pub(super) async fn acknowledge(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(room): Id<RoomId>,
) -> Result<Response, Problem> {
    Ok(answer::done(state.ward.act(caller.actor(), AcknowledgeRoom { room }).await?))
}

/// How urgently help is needed.
#[derive(Clone, Copy, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
enum Urgency {
    /// Come when you can.
    Medium,
    /// An emergency.
    High,
}

/// A call for help.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Help {
    #[schema(inline)]
    priority: Urgency,
}

/// Calls for help in a room: an alert for everybody. While nobody has an earlier call, a further
/// one changes nothing unless it is graver, and is answered with that one.
#[utoipa::path(post, path = "/rooms/{room}/help", operation_id = "call_for_help", tag = "rooms", request_body = Help,
    params(("room" = String, Path, description = "The room's id")),
    responses((status = 201, description = "The alert", body = contract::Done<contract::Alert>),
        (status = 404, description = "There is no such room", body = Details)))]
pub(super) async fn call_for_help(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(room): Id<RoomId>,
    Body(Help { priority }): Body<Help>,
) -> Result<Response, Problem> {
    let priority = match priority {
        Urgency::Medium => Priority::Medium,
        Urgency::High => Priority::High,
    };
    Ok(answer::done(state.ward.act(caller.actor(), CallForHelp { room, priority }).await?))
}

/// The name of a room and its place in the order.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Place {
    /// On screen, 1 to 60 characters that can be seen, and unlike any other room's. Unchanged when
    /// left out.
    name: Option<String>,
    /// Lowest first. Unchanged when left out.
    order: Option<i64>,
}

/// Names a room and gives it a place; a new room is added. For leads.
#[utoipa::path(put, path = "/rooms/{room}", operation_id = "place_room", tag = "rooms", request_body = Place,
    params(("room" = String, Path, description = "The room's id")),
    responses((status = 200, description = "The room", body = contract::Done<contract::Room>),
        (status = 409, description = "Another room's name looks the same, or there are 1,000 rooms", body = Details)))]
pub(super) async fn place(
    State(state): State<HttpState>,
    Lead(caller): Lead,
    Id(room): Id<RoomId>,
    Body(Place { name, order }): Body<Place>,
) -> Result<Response, Problem> {
    let checked = |text: String| name::checked(&text, LONGEST_ROOM_NAME);
    let name = name
        .map(checked)
        .transpose()
        .map_err(|problem| Problem::bad_field(Some("name".into()), format!("name {problem}")))?;
    let earlier = match state.ward.ask(ShowRoom { room: room.clone(), view: caller.view() }).await?
    {
        Err(Refusal::NotFound { .. }) => EarlierRoom::of(&state.journal, &room).await?,
        _ => None,
    };
    let done = state.ward.act(caller.actor(), RenameRoom { room, name, order, earlier }).await?;
    Ok(answer::done(done))
}

/// Removes a room that has nothing in it: no session, no device, no open alert. Its record stays,
/// and continues if the room is added again. Screens receive `{"type":"room_removed","room":"9"}`.
/// For leads.
#[utoipa::path(delete, path = "/rooms/{room}", operation_id = "remove_room", tag = "rooms",
    params(("room" = String, Path, description = "The room's id")),
    responses((status = 200, description = "It is gone", body = contract::Done<contract::Removed>),
        (status = 409, description = "Something is in it, or it is in the configuration: the detail says what", body = Details)))]
pub(super) async fn remove(
    State(state): State<HttpState>,
    Lead(caller): Lead,
    Id(room): Id<RoomId>,
) -> Result<Response, Problem> {
    Ok(answer::done(state.ward.act(caller.actor(), RemoveRoom { room }).await?))
}
