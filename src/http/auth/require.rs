use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;

use super::super::HttpState;
use super::{Caller, Person, cookie, lock, origin};
use crate::access::{Role, initials, token_hash};
use crate::error::Problem;
use crate::store::{TokenKind, TokenRow, Upsert};
use crate::vitals::{DeviceId, Millis};

/// A token that was looked up is believed for this long.
const BELIEVED_MS: i64 = 5_000;
/// The last use of a token is noted no more often than this.
const NOTE_USE_MS: i64 = 60 * 60 * 1_000;

/// Names who acts, as the screen shows it, escaped as in an address. A command under the name of
/// somebody who no longer acts there is refused: two tabs of a browser share one login.
const AS_WHOM: &str = "dripwatch-as";

/// Lets nobody through who is not signed in, and tells the rest of the request who it is.
pub(in crate::http) async fn require(
    State(state): State<HttpState>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let caller = caller(&state, &parts).await?;
    request = Request::from_parts(parts, body);
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

async fn caller(state: &HttpState, parts: &Parts) -> Result<Caller, Problem> {
    let (token, has_cookie) = match bearer(&parts.headers) {
        Some(token) => (token, false),
        None => {
            let token = cookie::token(&parts.headers, state.secure_cookie);
            (token.ok_or_else(Problem::not_signed_in)?, true)
        }
    };
    if has_cookie
        && origin::must_be_named(&parts.method, &parts.headers)
        && !origin::is_ours(&parts.headers, &parts.uri)
    {
        return Err(Problem::foreign_origin());
    }
    let token = token_hash(token);
    let signed_in = person(state, &token, has_cookie).await?;
    let acting = lock(&state.desk.acting).at(&token, state.clock.now());
    let caller = Caller { signed_in, acting, token, has_cookie, request: None };
    let as_whom = parts.headers.get(AS_WHOM);
    if let Some(named) = as_whom.filter(|_| !parts.method.is_safe())
        && named.as_bytes() != escaped(caller.name()).as_bytes()
    {
        return Err(Problem::not_as_named(caller.name()));
    }
    Ok(caller)
}

/// Text as a browser's `encodeURIComponent` writes it: a header is no place for other letters.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => escaped.push(char::from(byte)),
            b'-' | b'_' | b'.' | b'!' | b'~' | b'*' | b'\'' | b'(' | b')' => {
                escaped.push(char::from(byte));
            }
            _ => escaped.push_str(&format!("%{byte:02X}")),
        }
    }
    escaped
}

/// Whether the caller of an open socket may go on listening.
pub(in crate::http) async fn still_signed_in(state: &HttpState, caller: &Caller) -> bool {
    match person(state, &caller.token, caller.has_cookie).await {
        Ok(person) => person.role.is_staff() == caller.signed_in.role.is_staff(),
        // A disk that does not answer must not blind a screen.
        Err(problem) => problem.status().is_server_error(),
    }
}

/// The device whose token this is.
pub(in crate::http) async fn device_of(
    state: &HttpState,
    headers: &HeaderMap,
) -> Result<DeviceId, Problem> {
    let token = bearer(headers).ok_or_else(Problem::not_signed_in)?;
    let now = state.clock.now();
    let row = state.store.token(&token_hash(token), now).await?;
    let row = row.ok_or_else(Problem::not_signed_in)?;
    if row.kind != TokenKind::Device {
        return Err(Problem::wrong_token("readings are taken with a device's token alone"));
    }
    note_use(state, &row, now, None);
    Ok(DeviceId::new(&row.subject)?)
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

async fn person(state: &HttpState, token: &[u8; 32], has_cookie: bool) -> Result<Person, Problem> {
    let now = state.clock.now();
    let key = known_as(token, has_cookie);
    {
        let tokens = lock(&state.desk.tokens);
        if tokens.has_ended(&key) {
            return Err(Problem::not_signed_in());
        }
        if let Some(person) = tokens.person(&key, now) {
            return Ok(person);
        }
    }
    let row = state.store.token(token, now).await?.ok_or_else(Problem::not_signed_in)?;
    let person = match (row.kind, has_cookie) {
        (TokenKind::Login, true) => {
            let person = staff(state, &row.subject).await?;
            // An account that was a display's: its long login was not meant for staff.
            if person.role.is_staff() && lives_longer_than(&row, person.role) {
                return Err(Problem::not_signed_in());
            }
            person
        }
        (TokenKind::Program, false) => program(&row),
        (TokenKind::Device, false) => {
            return Err(Problem::wrong_token("a device's token is for readings alone"));
        }
        // A login is a browser's and a program's token a program's: one does not stand for the
        // other, or `Origin` could be got around.
        _ => return Err(Problem::not_signed_in()),
    };
    let is_wall = row.kind == TokenKind::Login && person.role == Role::Display;
    note_use(state, &row, now, is_wall.then(|| now.plus(cookie::life_s(Role::Display) * 1_000)));
    let until = row.expires_at.map_or(Millis(i64::MAX), |end| end).min(now.plus(BELIEVED_MS));
    lock(&state.desk.tokens).remember(key, person.clone(), now, until);
    Ok(person)
}

/// Under what a token is remembered: as a cookie and as a Bearer token it is not the same.
pub(super) fn known_as(token: &[u8; 32], has_cookie: bool) -> [u8; 32] {
    let mut key = *token;
    key[31] = key[31].wrapping_add(u8::from(has_cookie));
    key
}

async fn staff(state: &HttpState, name: &str) -> Result<Person, Problem> {
    let row = state.store.staff_named(name).await?.filter(|row| row.active);
    let row = row.ok_or_else(Problem::not_signed_in)?;
    // A role that this version does not know may look, and no more.
    let role = row.role.parse().unwrap_or(Role::Display);
    Ok(Person { name: row.name, initials: row.initials, role })
}

fn program(row: &TokenRow) -> Person {
    let role = row.role.as_deref().and_then(|role| role.parse().ok()).unwrap_or(Role::Display);
    Person { name: row.subject.clone(), initials: initials(&row.subject), role }
}

fn lives_longer_than(row: &TokenRow, role: Role) -> bool {
    let life_ms = cookie::life_s(role) * 1_000;
    row.expires_at.is_some_and(|end| end.since(row.created_at) > life_ms)
}

fn note_use(state: &HttpState, row: &TokenRow, now: Millis, expires_at: Option<Millis>) {
    if row.last_used.is_none_or(|last| now.since(last) > NOTE_USE_MS) {
        let used = Upsert::TokenUsed { hash: row.hash, at: now, expires_at };
        // A full queue has more important things to keep.
        let _ = state.store.put(vec![used], Vec::new());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_escaped_as_browsers_do() {
        assert_eq!(escaped("Jo O'Neil-Ümit (RN) 100%"), "Jo%20O'Neil-%C3%9Cmit%20(RN)%20100%25");
    }

    #[test]
    fn the_bearer_token_is_read_whatever_the_case_of_its_scheme() {
        let of = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            bearer(&headers).map(str::to_owned)
        };
        assert_eq!(of("Bearer abc").as_deref(), Some("abc"));
        assert_eq!(of("bearer  abc ").as_deref(), Some("abc"));
        for bad in ["Basic abc", "Bearer", "Bearer ", "abc"] {
            assert_eq!(of(bad), None, "{bad}");
        }
    }
}
