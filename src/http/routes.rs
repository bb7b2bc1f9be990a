//! The table of contents: every call, grouped by who makes it. The OpenAPI document comes from the
//! same lines, so the two cannot drift apart.

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use tower_http::catch_panic::CatchPanicLayer;

use super::auth::{identify, login, require};
use super::calls::{self, Group, call};
use super::document::completed;
use super::{
    HttpState, MAX_BODY_BYTES, alertlog, alerts, assignments, body, channels, courses, days, demo,
    devices, docs, edge, handovers, health, history, idempotency, ingest, keeping, lists, outbound,
    patients, profiles, push, record, recording, rooms, screens, seats, sessions, staff, stream,
    tokens,
};

/// The server's calls and its page.
pub fn router(state: HttpState) -> Router {
    calls::handlers(table(&state))
        .merge(docs::router(document))
        .fallback(edge::elsewhere)
        .method_not_allowed_fallback(edge::wrong_method)
        .layer(DefaultBodyLimit::max(MAX_BODY_BYTES))
        .layer(CatchPanicLayer::custom(edge::caught))
        .layer(from_fn(edge::edge))
        .with_state(state)
}

/// The OpenAPI document of [`router`].
fn document(state: &HttpState) -> serde_json::Value {
    completed(&calls::described(docs::head(), &table(state)))
}

fn table(state: &HttpState) -> Vec<Group> {
    vec![anybody(), monitors(), signed_in(state.clone()), operation()]
}

fn anybody() -> Group {
    Group {
        prefix: "/api/v1",
        calls: vec![call!(login::login)],
        before: Box::new(|calls| {
            calls
                .route_layer(from_fn(body::small))
                .route_layer(DefaultBodyLimit::max(body::LARGE_BYTES))
        }),
    }
}

/// With a device's token, which each of them checks itself.
fn monitors() -> Group {
    Group {
        prefix: "/api/v1",
        calls: vec![call!(ingest::socket), call!(ingest::post)],
        before: Box::new(|calls| calls),
    }
}

/// With a cookie or a program's token.
fn signed_in(state: HttpState) -> Group {
    Group {
        prefix: "/api/v1",
        calls: vec![
            call!(login::logout),
            call!(login::me),
            call!(identify::identify, identify::end),
            call!(rooms::list),
            call!(rooms::show, rooms::place, rooms::remove),
            call!(rooms::acknowledge),
            call!(rooms::call_for_help),
            call!(assignments::show, assignments::put),
            call!(devices::list),
            call!(devices::bind),
            call!(devices::remove),
            call!(history::of_device),
            call!(sessions::open),
            call!(sessions::list),
            call!(sessions::show),
            call!(sessions::enter_event),
            call!(history::of_session),
            call!(keeping::show),
            call!(keeping::redact),
            call!(keeping::delete),
            call!(recording::recording),
            call!(record::html),
            call!(record::document),
            call!(record::json),
            call!(record::table),
            call!(record::chart),
            call!(record::picture),
            call!(record::fhir_document),
            call!(record::rems_form),
            call!(record::rems_html),
            call!(alerts::list),
            call!(alertlog::log),
            call!(alertlog::table),
            call!(alertlog::figures),
            call!(alerts::show),
            call!(alerts::acknowledge),
            call!(alerts::outcome),
            call!(alerts::silence),
            call!(screens::list),
            call!(patients::list),
            call!(courses::of_patient, patients::correct),
            call!(keeping::redact_patient),
            call!(courses::open),
            call!(courses::show),
            call!(days::show),
            call!(handovers::hand_over),
            call!(lists::show, lists::put),
            call!(outbound::list),
            call!(outbound::again),
            call!(push::show),
            call!(push::subscribe),
            call!(push::unsubscribe),
            call!(channels::list),
            call!(channels::test),
            call!(staff::list, staff::add),
            call!(staff::change, staff::disable),
            call!(tokens::list),
            call!(tokens::revoke),
            call!(profiles::list),
            call!(profiles::show, profiles::put),
            call!(profiles::rules),
            call!(profiles::approve),
            call!(stream::stream),
            call!(demo::show),
        ],
        before: Box::new(move |calls| {
            calls
                .route_layer(from_fn_with_state(state.clone(), idempotency::once))
                .route_layer(from_fn(seats::note_signed_in))
                .route_layer(from_fn_with_state(state, require))
        }),
    }
}

/// For those who keep the server running.
fn operation() -> Group {
    Group {
        prefix: "",
        calls: vec![call!(health::healthz), call!(health::readyz), call!(health::metrics)],
        before: Box::new(|calls| calls),
    }
}
