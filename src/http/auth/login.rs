//! Signing in and out.

use std::net::SocketAddr;
use std::sync::OnceLock;
use std::time::Duration;

use axum::extract::{ConnectInfo, State};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use utoipa::ToSchema;

use super::super::HttpState;
use super::super::body::Body;
use super::throttle::Who;
use super::{Person, Viewer, cookie, lock, origin};
use crate::access::{Role, Token, hash_secret, token_hash, verify_secret};
use crate::error::Problem;
use crate::store::{AuditRow, StaffRow, TokenKind, TokenRow, Upsert};
use crate::vitals::Millis;

/// Longer than any password; hashing takes time with every byte.
const MAX_SECRET_BYTES: usize = 1_024;
/// How long one waits for a turn to have a password checked.
const WAIT_FOR_A_CHECK: Duration = Duration::from_secs(5);

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Login {
    /// As in `dripwatch staff add NAME`.
    name: String,
    /// The password.
    password: String,
}

/// Signs a browser in, with a cookie that lives for 16 hours; that of a display renews itself.
#[utoipa::path(post, path = "/login", tag = "who", request_body = Login, security(()),
    responses((status = 200, description = "Who it is", body = super::super::shapes::Me)))]
pub(in crate::http) async fn login(
    State(state): State<HttpState>,
    headers: HeaderMap,
    uri: Uri,
    extensions: Extensions,
    Body(login): Body<Login>,
) -> Result<Response, Problem> {
    if origin::is_named(&headers) && !origin::is_ours(&headers, &uri) {
        return Err(Problem::foreign_origin());
    }
    let peer = extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    let who = std::iter::once(Who::Name(login.name.chars().take(64).collect()));
    let who: Vec<_> = who.chain(peer.map(Who::Peer)).collect();
    begin_try(&state, &who)?;
    let row = state.store.register().staff_named(&login.name).filter(|row| row.active);
    let hash = row.as_ref().map(|row| row.password_hash.clone());
    if !is_right(&state, login.password, hash).await? {
        return Err(Problem::wrong_password());
    }
    let row = row.ok_or_else(Problem::wrong_password)?;
    end_tries(&state, &who);
    // A browser has one login: whoever was signed in with it is no more, in any of its tabs.
    let before = cookie::token(&headers, state.secure_cookie).map(token_hash);
    let response = sign_in(&state, row).await?;
    if let Some(before) = before {
        end_login(&state, before, "somebody has signed in with this browser");
    }
    Ok(response)
}

async fn sign_in(state: &HttpState, row: StaffRow) -> Result<Response, Problem> {
    let role = row.role.parse().unwrap_or(Role::Display);
    let person = Person { name: row.name, initials: row.initials, role };
    let token = Token::new()?;
    let now = state.clock.now();
    let expires_at = now.plus(cookie::life_s(role) * 1_000);
    let given_out = TokenRow {
        hash: token.hash(),
        kind: TokenKind::Login,
        subject: person.name.clone(),
        role: None,
        created_at: now,
        expires_at: Some(expires_at),
        last_used: Some(now),
        ended: false,
    };
    let what = json!({"staff": person.initials, "login": {"name": person.name}});
    let views = vec![Upsert::Token(given_out), audit(now, &person.name, "signed in")];
    // It is worth something also while the disk is behind, which must not keep staff from alarms.
    state.ward.record(what, views).await?;
    let cookie = cookie::set(token.as_str(), role, state.secure_cookie);
    Ok(with_cookie(axum::Json(described(state, &person)).into_response(), cookie))
}

/// Signs out; the cookie is worth nothing from then on.
#[utoipa::path(post, path = "/logout", tag = "who",
    responses((status = 204, description = "Signed out")))]
pub(in crate::http) async fn logout(
    State(state): State<HttpState>,
    Viewer(caller): Viewer,
) -> Result<Response, Problem> {
    if !caller.has_cookie {
        return Err(Problem::wrong_token("a program's token is ended by an administrator"));
    }
    end_login(&state, caller.token, "signed out");
    let name = &caller.signed_in.name;
    let what = json!({"staff": caller.signed_in.initials, "logout": {"name": name}});
    state.ward.record(what, vec![audit(state.clock.now(), name, "signed out")]).await?;
    Ok(with_cookie(StatusCode::NO_CONTENT.into_response(), cookie::clear(state.secure_cookie)))
}

/// The login with this token is worth nothing from now on, and its screens hear so at once.
fn end_login(state: &HttpState, token: [u8; 32], why: &'static str) {
    state.store.end_token(token, why);
    lock(&state.desk.acting).end(&token);
}

/// Who is signed in, and who acts.
#[utoipa::path(get, path = "/me", tag = "who",
    responses((status = 200, description = "Who it is", body = super::super::shapes::Me)))]
pub(in crate::http) async fn me(
    State(state): State<HttpState>,
    headers: HeaderMap,
    Viewer(caller): Viewer,
) -> Response {
    let mut me = described(&state, &caller.signed_in);
    if let Some((person, until)) = caller.acting {
        me["acting"] = person.to_json();
        me["acting"]["until"] = json!(until);
    }
    // A wall asks this from time to time, and so keeps its cookie; the server's side of the login
    // is renewed by whatever a wall does.
    let is_wall = caller.has_cookie && caller.signed_in.role == Role::Display;
    let token = cookie::token(&headers, state.secure_cookie).filter(|_| is_wall);
    let renewed = token.and_then(|token| cookie::set(token, Role::Display, state.secure_cookie));
    with_cookie(axum::Json(me).into_response(), renewed)
}

/// Who it is, and the zone of the clock times that the clinic reads.
fn described(state: &HttpState, person: &Person) -> Json {
    let mut json = person.to_json();
    json["time_zone"] = json!(state.time_zone);
    json
}

pub(super) fn audit(at: Millis, who: &str, what: &str) -> Upsert {
    let (who, what) = (who.to_owned(), what.to_owned());
    Upsert::Audit(AuditRow { at, who, what, detail: String::new() })
}

pub(super) fn begin_try(state: &HttpState, who: &[Who]) -> Result<(), Problem> {
    let mut throttle = lock(&state.desk.throttle);
    let now = state.clock.now();
    who.iter().try_for_each(|who| throttle.begin(who, now)).map_err(Problem::too_many_tries)
}

pub(super) fn end_tries(state: &HttpState, who: &[Who]) {
    let mut throttle = lock(&state.desk.throttle);
    who.iter().for_each(|who| throttle.right(who));
}

/// Checks a secret off the async loop, two at once. A missing hash takes as long as a wrong one.
pub(super) async fn is_right(
    state: &HttpState,
    secret: String,
    hash: Option<String>,
) -> Result<bool, Problem> {
    if secret.len() > MAX_SECRET_BYTES {
        return Ok(false);
    }
    let turn = tokio::time::timeout(WAIT_FOR_A_CHECK, state.desk.checks.acquire()).await;
    let Ok(Ok(_turn)) = turn else {
        return Err(Problem::busy());
    };
    let check = move || match hash {
        Some(hash) => verify_secret(&secret, &hash),
        None => {
            // Whatever it says, it took its time.
            let _ = verify_secret(&secret, nobodys_hash());
            false
        }
    };
    nobodys_hash_is_made().await;
    tokio::task::spawn_blocking(check).await.map_err(|_| Problem::our_fault())
}

static NOBODYS_HASH: OnceLock<String> = OnceLock::new();

fn nobodys_hash() -> &'static str {
    NOBODYS_HASH.get_or_init(|| hash_secret("nobody has this password").unwrap_or_default())
}

/// Made before the first check of any name, so that the first unknown one is no slower.
async fn nobodys_hash_is_made() {
    if NOBODYS_HASH.get().is_none() {
        // Should it panic, the check itself makes it.
        let _ = tokio::task::spawn_blocking(nobodys_hash).await;
    }
}

fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
