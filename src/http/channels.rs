//! The ways by which alerts reach people away from the screens. They are set in the configuration;
//! here an administrator sees whether they work. For administrators, by their own sign-in.

use axum::Json;
use axum::extract::State;
use serde_json::json;

use super::HttpState;
use super::auth::Admin;
use super::paths::{Id, Named};
use super::problem::Problem;
use crate::contract::{self, Details};

/// A channel's name in a path.
pub(super) struct ChannelId(String);

impl Named for ChannelId {
    fn named(text: &str) -> Result<Self, Problem> {
        Ok(Self(text.to_owned()))
    }
}

/// The channels, and whether they work. For administrators.
#[utoipa::path(get, path = "/channels", operation_id = "list_channels", tag = "channels",
    responses((status = 200, description = "In the order of the configuration", body = contract::Channels)))]
pub(super) async fn list(State(state): State<HttpState>, _: Admin) -> Json<contract::Channels> {
    Json(state.channels.shown())
}

/// Sends a test over a channel, and waits up to 6 s for what comes of it. For administrators.
#[utoipa::path(post, path = "/channels/{id}/test", operation_id = "test_channel", tag = "channels",
    params(("id" = String, Path, description = "Its name in the configuration")),
    responses((status = 200, description = "What came of it", body = contract::ChannelTest),
        (status = 404, description = "There is no such channel", body = Details)))]
pub(super) async fn test(
    State(state): State<HttpState>,
    Admin(caller): Admin,
    Id(ChannelId(id)): Id<ChannelId>,
) -> Result<Json<contract::ChannelTest>, Problem> {
    let tested = state.channels.test(&id).await;
    let tested = tested.ok_or_else(|| Problem::not_found("channel", &id))?;
    let what = json!({"channel": id, "delivered": tested.delivered});
    let who = caller.actor().initials;
    state.ward.record(json!({"staff": who, "tested": what}), Vec::new()).await?;
    Ok(Json(tested))
}
