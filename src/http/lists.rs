//! The clinic's lists: what screens offer by one tap.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;
use serde_json::Value;
use utoipa::ToSchema;

use super::auth::{Lead, Nurse};
use super::body::Body;
use super::paths::{Id, Named};
use super::problem::Problem;
use super::{HttpState, answer, reads};
use crate::contract::{self, Details};
use crate::lists::{ListItems, ListName, checked_items};
use crate::name;
use crate::ward::{PutList, ShowList};

impl Named for ListName {
    fn named(text: &str) -> Result<Self, Problem> {
        Self::named(text).ok_or_else(|| Problem::not_found("list", text))
    }
}

/// A list of the clinic. Medications come with those that were given most in the last 90 days first.
#[utoipa::path(get, path = "/lists/{name}", operation_id = "show_list", tag = "lists",
    params(("name" = String, Path, description = "`medications`, `symptoms` or `checklist`")),
    responses((status = 200, description = "The list", body = contract::ClinicList)))]
pub(super) async fn show(
    State(state): State<HttpState>,
    _: Nurse,
    Id(name): Id<ListName>,
) -> Result<Json<contract::ClinicList>, Problem> {
    let mut list = state.ward.ask(ShowList { name }).await?;
    // A disk that does not answer keeps nobody from seeing the list.
    if name == ListName::Medications
        && let Ok(used) = reads::short(state.store.drugs_by_use(state.clock.now())).await
    {
        let times = |drug: &str| {
            let key = name::key(drug);
            used.iter().filter(|(used, _)| name::key(used) == key).map(|(_, times)| times).sum()
        };
        list.items.sort_by_use(times);
    }
    Ok(Json(list))
}

/// The list as it should be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChangedList {
    /// The version that was read.
    version: u32,
    /// All of its items, in the clinic's order: at most 100.
    #[schema(value_type = ListItems)]
    items: Vec<Value>,
}

/// Keeps a list as its next version. For leads and administrators.
#[utoipa::path(put, path = "/lists/{name}", operation_id = "put_list", tag = "lists", request_body = ChangedList,
    params(("name" = String, Path, description = "`medications`, `symptoms` or `checklist`")),
    responses((status = 200, description = "What it is now", body = contract::Done<contract::ClinicList>),
        (status = 409, description = "Somebody else has changed it meanwhile: the detail says who", body = Details)))]
pub(super) async fn put(
    State(state): State<HttpState>,
    Lead(caller): Lead,
    Id(name): Id<ListName>,
    Body(ChangedList { version, items }): Body<ChangedList>,
) -> Result<Response, Problem> {
    let items = checked_items(name, items)
        .map_err(|problem| Problem::bad_field(Some(problem.field), problem.title))?;
    Ok(answer::done(state.ward.act(caller.actor(), PutList { name, version, items }).await?))
}
