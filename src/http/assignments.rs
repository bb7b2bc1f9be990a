//! Who has which rooms in this shift.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use utoipa::ToSchema;

use super::auth::Nurse;
use super::body::Body;
use super::handovers::MAX_INITIALS_CHARS;
use super::problem::Problem;
use super::{HttpState, answer};
use crate::access::Role;
use crate::contract::{self, Details};
use crate::name;
use crate::shift::Assignment;
use crate::vitals::{MAX_ROOMS, RoomId};
use crate::ward::{PutAssignments, ShowAssignments};

/// Breaks that begin or end at once.
const MAX_BREAKS: usize = 100;

/// Who has which rooms, and who is on a break.
#[utoipa::path(get, path = "/assignments", operation_id = "show_assignments", tag = "rooms",
    responses((status = 200, description = "Every room, and who can be assigned", body = contract::Assignments)))]
pub(super) async fn show(
    State(state): State<HttpState>,
    _: Nurse,
) -> Result<Json<contract::Assignments>, Problem> {
    Ok(Json(state.ward.ask(ShowAssignments).await?))
}

/// Who has a room from now on.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssignedRoom {
    /// The room.
    #[schema(value_type = String)]
    room: RoomId,
    /// By initials; `null`, or left out, when it is nobody's.
    #[serde(default)]
    nurse: Option<String>,
    /// Who goes when the nurse cannot.
    #[serde(default)]
    backup: Option<String>,
}

/// Whether somebody is on a break.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Break {
    /// By initials.
    initials: String,
    /// `false` when they are back.
    on_break: bool,
}

/// What changes. What is not named stays as it is.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangedAssignments {
    /// Rooms that are somebody's from now on, or nobody's.
    #[serde(default)]
    assignments: Vec<AssignedRoom>,
    /// Who takes a break, and who is back: oneself, or for a lead anybody.
    #[serde(default)]
    people: Vec<Break>,
}

/// Assigns rooms, and notes who takes a break and who is back.
#[utoipa::path(put, path = "/assignments", operation_id = "put_assignments", tag = "rooms", request_body = ChangedAssignments,
    responses((status = 200, description = "What it is now", body = contract::Done<contract::Assignments>),
        (status = 403, description = "`needs_identity`: a break is one's own, and nobody has said who they are", body = Details),
        (status = 404, description = "There is no such room", body = Details),
        (status = 409, description = "Nobody has these initials, one person is both, or the break is another's", body = Details)))]
pub(super) async fn put(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Body(ChangedAssignments { assignments, people }): Body<ChangedAssignments>,
) -> Result<Response, Problem> {
    let refused = |field: String, title: String| Problem::bad_field(Some(field), title);
    if assignments.len() > MAX_ROOMS {
        let title = format!("assignments must have at most {MAX_ROOMS} rooms");
        return Err(refused("assignments".to_owned(), title));
    }
    if people.len() > MAX_BREAKS {
        let title = format!("people must have at most {MAX_BREAKS} entries");
        return Err(refused("people".to_owned(), title));
    }
    let initials = |text: String, field: String| {
        name::checked(&text, MAX_INITIALS_CHARS).map_err(|problem| {
            let title = format!("{field} {problem}");
            refused(field, title)
        })
    };
    let mut rooms: Vec<(RoomId, Assignment)> = Vec::with_capacity(assignments.len());
    for (n, AssignedRoom { room, nurse, backup }) in assignments.into_iter().enumerate() {
        if rooms.iter().any(|(known, _)| *known == room) {
            let title = format!("room {room} is listed twice");
            return Err(refused(format!("assignments[{n}].room"), title));
        }
        let of = |who: Option<String>, key: &str| {
            who.map(|who| initials(who, format!("assignments[{n}].{key}"))).transpose()
        };
        rooms
            .push((room, Assignment { nurse: of(nurse, "nurse")?, backup: of(backup, "backup")? }));
    }
    let breaks = people.into_iter().enumerate().map(|(n, Break { initials: who, on_break })| {
        Ok((initials(who, format!("people[{n}].initials"))?, on_break))
    });
    let breaks = breaks.collect::<Result<_, Problem>>()?;
    let for_others = caller.role() >= Role::Lead;
    let act = PutAssignments { rooms, breaks, for_others };
    Ok(answer::done(state.ward.act(caller.actor(), act).await?))
}
