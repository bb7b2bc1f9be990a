//! Browsers in which staff are told of alerts while the page is closed.

use axum::Json;
use axum::extract::State;
use axum::response::Response;
use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD;
use serde::Deserialize;
use utoipa::ToSchema;

use super::auth::Nurse;
use super::body::Body;
use super::paths::{Id, Named};
use super::problem::Problem;
use super::{HttpState, answer};
use crate::access::Role;
use crate::contract::{self, Details};
use crate::notify::{Channels, NoBrowser};
use crate::store::{PushRow, Upsert};
use crate::ward::{Subscribe, Unsubscribe};

/// The key with which a browser subscribes, and the subscriptions of whoever is signed in.
#[utoipa::path(get, path = "/push", operation_id = "show_push", tag = "channels",
    responses((status = 200, description = "`null` when no channel is for browsers", body = contract::PushState)))]
pub(super) async fn show(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
) -> Json<contract::PushState> {
    Json(contract::PushState {
        key: state.channels.push_key(),
        subscriptions: state.channels.browsers_of(&caller.signed_in.name),
    })
}

/// What a browser gives who asks it to subscribe: its `PushSubscription` as JSON.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewSubscription {
    /// Where the browser's maker takes messages for it: 1,000 characters at most.
    endpoint: String,
    /// Its keys.
    keys: BrowserKeys,
    /// Some browsers say when it ends; it ends when it does.
    #[serde(default, rename = "expirationTime")]
    #[schema(value_type = Option<f64>)]
    _expiration_time: Option<f64>,
}

/// The keys of a browser, in base64url.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct BrowserKeys {
    /// A point of P-256: 65 bytes.
    p256dh: String,
    /// 16 bytes.
    auth: String,
}

/// From now on this browser is told of alerts while the page is closed. Each person may have ten:
/// their oldest gives way.
#[utoipa::path(post, path = "/push/subscriptions", operation_id = "subscribe", tag = "channels", request_body = NewSubscription,
    responses((status = 201, description = "It is told", body = contract::Done<contract::Subscribed>),
        (status = 409, description = "No channel is for browsers, or too many are told", body = Details),
        (status = 422, description = "The address or a key is none of a browser's", body = Details)))]
pub(super) async fn subscribe(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Body(NewSubscription { endpoint, keys, .. }): Body<NewSubscription>,
) -> Result<Response, Problem> {
    let name = caller.signed_in.name.clone();
    match state.channels.check_browser(&endpoint, &name) {
        Some(Ok(())) => {}
        Some(Err(full @ NoBrowser::Full)) => return Err(Problem::not_now(&full.to_string())),
        Some(Err(bad)) => return Err(Problem::bad_field(Some("endpoint".into()), bad.to_string())),
        None => {
            let title = "no channel is for browsers: an administrator adds one of kind push";
            return Err(Problem::not_now(title));
        }
    }
    let row = PushRow {
        id: Channels::browser_id(&endpoint),
        name,
        endpoint,
        p256dh: bytes("keys.p256dh", &keys.p256dh)?,
        auth: bytes("keys.auth", &keys.auth)?,
        since: state.clock.now(),
    };
    let done = state.ward.act(caller.actor(), Subscribe { row: row.clone() }).await?;
    let gave_way = state.channels.add_browser(row);
    let gone = gave_way.into_iter().map(|id| Upsert::PushGone { id }).collect::<Vec<_>>();
    if !gone.is_empty() {
        // Without room for it one browser more is told after a restart.
        let _ = state.store.put(gone, Vec::new());
    }
    Ok(answer::done(done))
}

fn bytes<const N: usize>(field: &str, text: &str) -> Result<[u8; N], Problem> {
    let decoded = BASE64_URL_SAFE_NO_PAD.decode(text.trim_end_matches('='));
    let bytes = decoded.ok().and_then(|bytes| bytes.try_into().ok());
    bytes.ok_or_else(|| {
        Problem::bad_field(
            Some(field.to_owned()),
            format!("{field} must be {N} bytes in base64url"),
        )
    })
}

/// A subscription in a path.
pub(super) struct SubscriptionId(String);

impl Named for SubscriptionId {
    fn named(text: &str) -> Result<Self, Problem> {
        Ok(Self(text.to_owned()))
    }
}

/// From now on this browser is not told. One's own, or as an administrator anybody's.
#[utoipa::path(delete, path = "/push/subscriptions/{id}", operation_id = "unsubscribe", tag = "channels",
    params(("id" = String, Path, description = "As it was answered")),
    responses((status = 200, description = "It is not told", body = contract::Done<contract::Removed>),
        (status = 404, description = "No browser of one's own has it", body = Details)))]
pub(super) async fn unsubscribe(
    State(state): State<HttpState>,
    Nurse(caller): Nurse,
    Id(SubscriptionId(id)): Id<SubscriptionId>,
) -> Result<Response, Problem> {
    let owner = state.channels.owner_of_browser(&id);
    let is_ones_own = owner.as_ref() == Some(&caller.signed_in.name);
    if owner.is_none() || !(is_ones_own || caller.role() == Role::Admin) {
        return Err(Problem::not_found("subscription", &id));
    }
    let done = state.ward.act(caller.actor(), Unsubscribe { id: id.clone() }).await?;
    state.channels.remove_browser(&id);
    Ok(answer::done(done))
}
