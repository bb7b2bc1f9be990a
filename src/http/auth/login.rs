//! Signing in and out.

use std::net::SocketAddr;

use axum::extract::{ConnectInfo, State};
use axum::http::{Extensions, HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::super::HttpState;
use super::super::body::Body;
use super::checks::{Giver, Turn};
use super::tries::Aim;
use super::{Viewer, cookie, lock, origin, wrong};
use crate::access::{Role, Token, token_hash};
use crate::contract::{self, Details, Me, Person};
use crate::http::problem::Problem;
use crate::store::{AuditRow, BrowserRow, StaffRow, TokenKind, TokenRow, Upsert};
use crate::vitals::Millis;

/// Who signs in.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(in crate::http) struct Login {
    /// The name, as in `dripwatch staff add NAME`.
    name: String,
    /// The password.
    password: String,
}

/// Signs a browser in for 16 hours; the login of a display renews itself. What others try under the
/// name delays a right password: from a browser that this person has used before it is checked at
/// once, from elsewhere after at most 4 s.
#[utoipa::path(post, path = "/login", operation_id = "login", tag = "who", request_body = Login, security(()),
    responses((status = 200, description = "Who it is", body = contract::Me),
        (status = 401, description = "`wrong_secret`: name or password", body = Details),
        (status = 429, description = "`too_many_tries`: so many are under way that it was not checked", body = Details)))]
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
    let from = extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip());
    // A browser has one login: whoever was signed in with it no longer is, in any of its tabs.
    let before = cookie::token(&headers, state.secure_cookie).map(token_hash);
    let giver = Giver { by: None, browser: before, from };
    let row = state.store.register().staff_named(&login.name).filter(|row| row.active);
    let mut turn = Turn::begin(&state, &login.name, row.is_some(), &giver)?;
    let hash = row.as_ref().map(|row| row.password_hash.clone());
    let is_right = turn.is_right(login.password, hash).await?;
    let Some(row) = row.as_ref().filter(|_| is_right) else {
        let aim = row.map_or(Aim::Nobody(from), |row| Aim::Person(row.name));
        turn.wrong(aim, &giver).await;
        return Err(Problem::wrong_password());
    };
    let response = sign_in(&state, row.clone(), before).await?;
    if let Some(before) = before {
        end_login(&state, before, "somebody has signed in with this browser");
    }
    Ok(response)
}

async fn sign_in(
    state: &HttpState,
    row: StaffRow,
    before: Option<[u8; 32]>,
) -> Result<Response, Problem> {
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
    let mut views = vec![Upsert::Token(given_out), audit(now, &person.name, "signed in")];
    views.extend(before.map(|before| renew_browser(state, before, token.hash())));
    views.extend(remember_browser(state, &person.name, token.hash()));
    lock(&state.auth.tries).signed_in(&person.name);
    views.push(wrong::shown(state, &person.name));
    // It counts even while the disk is behind, which must not keep staff from alarms.
    state.ward.record(what, views).await?;
    let cookie = cookie::set(token.as_str(), state.secure_cookie);
    let wrong_tries = Some(wrong::of(state, &person.name));
    let time_zone = state.time_zone.clone();
    let me = Me { person, time_zone, acting: None, wrong_tries };
    Ok(with_cookie(axum::Json(me).into_response(), cookie))
}

/// At this browser they do not wait because of what others try under their name.
pub(super) fn remember_browser(state: &HttpState, name: &str, browser: [u8; 32]) -> Vec<Upsert> {
    let used_at = state.clock.now();
    let forgotten = lock(&state.auth.browsers).remember(name, browser, used_at);
    let name = name.to_owned();
    let forget = forgotten.map(|hash| Upsert::ForgetBrowser { hash, name: name.clone() });
    let row = BrowserRow { hash: browser, name: name.clone(), used_at };
    std::iter::once(Upsert::Browser(row)).chain(forget).collect()
}

fn renew_browser(state: &HttpState, before: [u8; 32], now: [u8; 32]) -> Upsert {
    lock(&state.auth.browsers).renew(before, now);
    Upsert::RenewBrowser { before, now }
}

/// Signs out; from then on the cookie only shows that this browser was used before.
#[utoipa::path(post, path = "/logout", operation_id = "logout", tag = "who",
    responses((status = 204, description = "Signed out")))]
pub(in crate::http) async fn logout(
    State(state): State<HttpState>,
    Viewer(caller): Viewer,
) -> Result<StatusCode, Problem> {
    if !caller.has_cookie {
        return Err(Problem::wrong_token("only an administrator can end a program's token"));
    }
    end_login(&state, caller.token, "signed out");
    let name = &caller.signed_in.name;
    let what = json!({"staff": caller.signed_in.initials, "logout": {"name": name}});
    state.ward.record(what, vec![audit(state.clock.now(), name, "signed out")]).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The login with this token is no longer valid, and its screens are closed at once.
fn end_login(state: &HttpState, token: [u8; 32], why: &'static str) {
    state.store.end_token(token, why);
    lock(&state.auth.acting).end(&token);
}

/// Who is signed in, and who acts.
#[utoipa::path(get, path = "/me", operation_id = "me", tag = "who",
    responses((status = 200, description = "Who it is", body = contract::Me)))]
pub(in crate::http) async fn me(
    State(state): State<HttpState>,
    headers: HeaderMap,
    Viewer(caller): Viewer,
) -> Response {
    let me = Me {
        person: caller.signed_in.clone(),
        time_zone: state.time_zone.clone(),
        acting: caller.acting_here(),
        wrong_tries: caller.has_cookie.then(|| wrong::of(&state, &caller.signed_in.name)),
    };
    // A wall asks this from time to time and so keeps its cookie; anything that a wall does renews
    // the server's side of the login.
    let is_wall = caller.has_cookie && caller.signed_in.role == Role::Display;
    let token = cookie::token(&headers, state.secure_cookie).filter(|_| is_wall);
    let renewed = token.and_then(|token| cookie::set(token, state.secure_cookie));
    with_cookie(axum::Json(me).into_response(), renewed)
}

pub(super) fn audit(at: Millis, who: &str, what: &str) -> Upsert {
    let (who, what) = (who.to_owned(), what.to_owned());
    Upsert::Audit(AuditRow { at, who, what, detail: String::new() })
}

fn with_cookie(mut response: Response, cookie: Option<HeaderValue>) -> Response {
    if let Some(cookie) = cookie {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}
