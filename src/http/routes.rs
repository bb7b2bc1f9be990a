//! The table of contents: every call, grouped by who makes it. The OpenAPI document is made of
//! the same lines, so the two cannot drift.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use super::auth::{identify, login, require};
use super::document::completed;
use super::{
    HttpState, MAX_BODY_BYTES, alerts, body, courses, days, demo, devices, docs, edge, handovers,
    health, history, idempotency, ingest, lists, patients, profiles, record, recording, rooms,
    seats, sessions, staff, stream, tokens,
};

/// The server's calls and its page.
pub fn router(state: HttpState) -> Router {
    let (calls, document) = table(&state).split_for_parts();
    calls
        .merge(docs::router(&completed(&document)))
        .fallback(edge::elsewhere)
        .method_not_allowed_fallback(edge::wrong_method)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(CatchPanicLayer::custom(edge::caught))
        .layer(from_fn(edge::edge))
        .with_state(state)
}

/// The OpenAPI document of [`router`].
#[must_use]
pub fn document(state: &HttpState) -> serde_json::Value {
    completed(&table(state).into_openapi())
}

fn table(state: &HttpState) -> OpenApiRouter<HttpState> {
    OpenApiRouter::with_openapi(docs::head())
        .nest("/api/v1", anybody().merge(monitors()).merge(signed_in(state)))
        .merge(operation())
}

fn anybody() -> OpenApiRouter<HttpState> {
    OpenApiRouter::default()
        .routes(routes!(login::login))
        .route_layer(from_fn(body::small))
        .route_layer(DefaultBodyLimit::max(body::LARGE_BYTES))
}

/// With a device's token, which each of them asks for itself.
fn monitors() -> OpenApiRouter<HttpState> {
    OpenApiRouter::default().routes(routes!(ingest::socket)).routes(routes!(ingest::post))
}

/// With a cookie or a program's token.
fn signed_in(state: &HttpState) -> OpenApiRouter<HttpState> {
    OpenApiRouter::default()
        .routes(routes!(login::logout))
        .routes(routes!(login::me))
        .routes(routes!(identify::identify, identify::end))
        .routes(routes!(rooms::list))
        .routes(routes!(rooms::show, rooms::place, rooms::remove))
        .routes(routes!(rooms::acknowledge))
        .routes(routes!(devices::list))
        .routes(routes!(devices::bind))
        .routes(routes!(devices::remove))
        .routes(routes!(history::of_device))
        .routes(routes!(sessions::open))
        .routes(routes!(sessions::list))
        .routes(routes!(sessions::show))
        .routes(routes!(sessions::enter_event))
        .routes(routes!(history::of_session))
        .routes(routes!(recording::recording))
        .routes(routes!(record::html))
        .routes(routes!(record::document))
        .routes(routes!(record::json))
        .routes(routes!(record::table))
        .routes(routes!(record::chart))
        .routes(routes!(record::picture))
        .routes(routes!(record::fhir_document))
        .routes(routes!(record::rems_form))
        .routes(routes!(record::rems_html))
        .routes(routes!(alerts::list))
        .routes(routes!(alerts::show))
        .routes(routes!(alerts::acknowledge))
        .routes(routes!(alerts::outcome))
        .routes(routes!(alerts::silence))
        .routes(routes!(patients::list))
        .routes(routes!(courses::of_patient, patients::correct))
        .routes(routes!(courses::open))
        .routes(routes!(courses::show))
        .routes(routes!(days::show))
        .routes(routes!(handovers::hand_over))
        .routes(routes!(lists::show, lists::put))
        .routes(routes!(staff::list, staff::add))
        .routes(routes!(staff::change, staff::disable))
        .routes(routes!(tokens::list))
        .routes(routes!(tokens::revoke))
        .routes(routes!(profiles::list))
        .routes(routes!(profiles::show, profiles::put))
        .routes(routes!(profiles::rules))
        .routes(routes!(profiles::approve))
        .routes(routes!(stream::stream))
        .routes(routes!(demo::show))
        .route_layer(from_fn_with_state(state.clone(), idempotency::once))
        .route_layer(from_fn(seats::note_signed_in))
        .route_layer(from_fn_with_state(state.clone(), require))
}

/// For those who keep the server running.
fn operation() -> OpenApiRouter<HttpState> {
    OpenApiRouter::default()
        .routes(routes!(health::healthz))
        .routes(routes!(health::readyz))
        .routes(routes!(health::metrics))
}
