//! Rooms that one shift hands to the next.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::auth::Nurse;
use super::body::Body;
use super::problem::Problem;
use super::{HttpState, answer};
use crate::contract::{self, Details};
use crate::name;
use crate::vitals::{MAX_ROOMS, RoomId};
use crate::ward::HandOverRooms;

pub(super) const MAX_INITIALS_CHARS: usize = 12;

/// Rooms to be handed over.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct HandedOverRooms {
    /// The rooms.
    #[schema(value_type = Vec<String>, min_items = 1)]
    rooms: Vec<RoomId>,
    /// Who has them from now on: somebody of the staff, by initials.
    to: String,
}

/// Hands rooms over to somebody, who has them from then on (`GET assignments`). The person who acts hands them over, and has identified
/// themselves; `GET days/{date}` lists it.
#[utoipa::path(post, path = "/handovers", operation_id = "hand_over", tag = "sessions", request_body = HandedOverRooms,
    responses((status = 201, description = "What was recorded", body = contract::Done<contract::HandOver>),
        (status = 403, description = "`needs_identity`: nobody has said who they are", body = Details),
        (status = 404, description = "There is no such room", body = Details),
        (status = 409, description = "Nobody has these initials, or they are one's own", body = Details)))]
pub(super) async fn hand_over(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Body(HandedOverRooms { rooms, to }): Body<HandedOverRooms>,
) -> Result<Response, Problem> {
    let refused = |field: &str, title: String| Problem::bad_field(Some(field.to_owned()), title);
    if rooms.is_empty() || rooms.len() > MAX_ROOMS {
        return Err(refused("rooms", format!("rooms must have 1 to {MAX_ROOMS} rooms")));
    }
    if let Some(twice) = (1..rooms.len()).find(|n| rooms[..*n].contains(&rooms[*n])) {
        let field = format!("rooms[{twice}]");
        return Err(refused(&field, format!("room {} is listed twice", rooms[twice])));
    }
    let to = name::checked(&to, MAX_INITIALS_CHARS)
        .map_err(|problem| refused("to", format!("to {problem}")))?;
    Ok(answer::done(state.ward.act(caller.actor(), HandOverRooms { rooms, to }).await?))
}
