use std::time::Duration;

use axum::extract::ws::close_code;
use axum::extract::{Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;

use super::super::HttpState;
use super::super::stream::Ending;
use super::acting::Acts;
use super::{Caller, cookie, lock, origin};
use crate::access::{Right, Role, initials, token_hash};
use crate::contract::Person;
use crate::http::problem::Problem;
use crate::store::{StaffRow, TokenKind, TokenRow, Upsert};
use crate::vitals::{DeviceId, Millis};

/// The last use of a token is noted at most this often.
const NOTE_USE_MS: i64 = 60 * 60 * 1_000;

/// How often the caller of an open socket is looked up again, which counts as a use of their login:
/// a wall that people only look at stays signed in. What ends a right takes effect at once.
const LOOK_EVERY: Duration = Duration::from_secs(60);

/// The name of the person who acts, as the screen shows it, escaped as in an address. A command
/// under the name of somebody who no longer acts there is refused: two tabs of a browser share one
/// login.
const AS_WHOM: &str = "dripwatch-as";

/// Lets only signed-in callers through, and tells the rest of the request who they are.
pub(in crate::http) async fn require(
    State(state): State<HttpState>,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let (parts, body) = request.into_parts();
    let caller = caller(&state, &parts)?;
    request = Request::from_parts(parts, body);
    request.extensions_mut().insert(caller);
    Ok(next.run(request).await)
}

fn caller(state: &HttpState, parts: &Parts) -> Result<Caller, Problem> {
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
    let (signed_in, right) = person(state, &token, has_cookie)?;
    let acting = lock(&state.auth.acting).at(&token, state.clock.now());
    let acting =
        acting.and_then(|acts| Some(Acts { person: still_acting(state, acts.person)?, ..acts }));
    let caller = Caller { signed_in, acting, token, has_cookie, right, request: None };
    let as_whom = parts.headers.get(AS_WHOM);
    if let Some(named) = as_whom.filter(|_| !parts.method.is_safe())
        && named.as_bytes() != escaped(caller.name()).as_bytes()
    {
        return Err(Problem::not_as_named(caller.name()));
    }
    Ok(caller)
}

/// Text as a browser's `encodeURIComponent` writes it: a header cannot hold other letters.
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

/// Waits until the caller of an open socket may no longer use it: the login or token has ended or
/// expired, or belongs to somebody whose rights have changed.
pub(in crate::http) async fn right_ended(state: &HttpState, caller: &Caller) -> Ending {
    loop {
        let expires_at = state.store.register().expires_at(&caller.token);
        let left = expires_at.map_or(LOOK_EVERY, |end| state.clock.until(end));
        tokio::select! {
            why = caller.right.ended() => return (close_code::POLICY, why),
            () = tokio::time::sleep(left.min(LOOK_EVERY)) => {}
        }
        let is_same = |person: &Person| person.role.is_staff() == caller.signed_in.role.is_staff();
        if !person(state, &caller.token, caller.has_cookie)
            .is_ok_and(|(person, _)| is_same(&person))
        {
            return (close_code::POLICY, "sign in again");
        }
    }
}

/// The device whose token this is, and its right to send, which ends with the token.
pub(in crate::http) fn device_of(
    state: &HttpState,
    headers: &HeaderMap,
) -> Result<(DeviceId, Right), Problem> {
    let token = bearer(headers).ok_or_else(Problem::not_signed_in)?;
    let now = state.clock.now();
    let known = state.store.register().token(&token_hash(token), now);
    let (row, right) = known.ok_or_else(Problem::not_signed_in)?;
    if row.kind != TokenKind::Device {
        return Err(Problem::wrong_token("readings are accepted only with a device's token"));
    }
    note_use(state, &row, now, None);
    Ok((DeviceId::new(&row.subject)?, right))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
}

fn person(
    state: &HttpState,
    token: &[u8; 32],
    has_cookie: bool,
) -> Result<(Person, Right), Problem> {
    let now = state.clock.now();
    let known = state.store.register().token(token, now);
    let (row, right) = known.ok_or_else(Problem::not_signed_in)?;
    let person = match (row.kind, has_cookie) {
        (TokenKind::Login, true) => {
            let person = staff(state, &row.subject).ok_or_else(Problem::not_signed_in)?;
            // An account that was a display's: its long login was not meant for staff.
            if person.role.is_staff() && lives_longer_than(&row, person.role) {
                return Err(Problem::not_signed_in());
            }
            person
        }
        (TokenKind::Program, false) => program(&row),
        (TokenKind::Device, false) => {
            return Err(Problem::wrong_token("a device's token is only for readings"));
        }
        // A login belongs to a browser and a program's token to a program: one cannot be used for
        // the other, or `Origin` could be circumvented.
        _ => return Err(Problem::not_signed_in()),
    };
    let is_wall = row.kind == TokenKind::Login && person.role == Role::Display;
    note_use(state, &row, now, is_wall.then(|| now.plus(cookie::life_s(Role::Display) * 1_000)));
    Ok((person, right))
}

/// The person with this name, if they may sign in.
fn staff(state: &HttpState, name: &str) -> Option<Person> {
    let row = state.store.register().staff_named(name).filter(|row| row.active)?;
    let role = role_of(&row);
    Some(Person { name: row.name, initials: row.initials, role })
}

/// A role that this version does not know may look, and no more.
fn role_of(row: &StaffRow) -> Role {
    row.role.parse().unwrap_or(Role::Display)
}

/// The person who identified themselves at a station, with no more than they may do by now; `None`
/// if they may no longer sign in.
fn still_acting(state: &HttpState, person: Person) -> Option<Person> {
    let role = staff(state, &person.name)?.role.min(person.role);
    role.is_staff().then_some(Person { role, ..person })
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
