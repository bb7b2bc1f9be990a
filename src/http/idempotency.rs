//! The same key gets the same answer for 24 h: a caller that heard nothing asks again without
//! fear of doing it twice.

use std::collections::{HashSet, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::Notify;

use super::HttpState;
use super::auth::Viewer;
use crate::error::{PROBLEM_JSON, Problem};
use crate::store::{ANSWER_KEPT_MS, AnswerRow};

const KEY: &str = "idempotency-key";
const MAX_KEY_CHARS: usize = 128;
/// Requests with a key that run at once.
const IN_FLIGHT: usize = 1_024;
/// Answers that are kept in memory until the disk surely has them.
const RECENT: usize = 512;
/// No answer to a command is longer.
const MAX_ANSWER_BYTES: usize = 1 << 20;

/// Whose key, for which call.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Question {
    key: String,
    who: String,
    method_path: String,
}

/// Questions that are being answered, and the newest answers.
#[derive(Debug, Default)]
pub(super) struct Given {
    open: Mutex<HashSet<Question>>,
    closed: Notify,
    recent: Mutex<VecDeque<AnswerRow>>,
}

/// While it lives, the same question waits.
struct Turn<'a> {
    given: &'a Given,
    question: Question,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        lock(&self.given.open).remove(&self.question);
        self.given.closed.notify_waiters();
    }
}

impl Given {
    async fn turn(&self, question: &Question) -> Result<Turn<'_>, Problem> {
        loop {
            let closed = self.closed.notified();
            {
                let mut open = lock(&self.open);
                if !open.contains(question) {
                    if open.len() >= IN_FLIGHT {
                        return Err(Problem::busy());
                    }
                    open.insert(question.clone());
                    return Ok(Turn { given: self, question: question.clone() });
                }
            }
            closed.await;
        }
    }

    fn recent(&self, question: &Question) -> Option<AnswerRow> {
        let recent = lock(&self.recent);
        let is_it = |row: &&AnswerRow| {
            row.key == question.key
                && row.who == question.who
                && row.method_path == question.method_path
        };
        recent.iter().rev().find(is_it).cloned()
    }

    fn keep(&self, row: AnswerRow) {
        let mut recent = lock(&self.recent);
        if recent.len() == RECENT {
            recent.pop_front();
        }
        recent.push_back(row);
    }
}

/// Answers a command with a key once.
pub(super) async fn once(
    State(state): State<HttpState>,
    Viewer(caller): Viewer,
    request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let is_command = matches!(*request.method(), Method::POST | Method::PUT);
    let Some(key) = key(request.headers())?.filter(|_| is_command) else {
        return Ok(next.run(request).await);
    };
    let method_path = format!("{} {}", request.method(), request.uri().path());
    let kind = if caller.has_cookie { "login" } else { "program" };
    let who = format!("{kind} {}", caller.signed_in.name);
    let question = Question { key, who, method_path };
    let _turn = state.desk.given.turn(&question).await?;
    if let Some(row) = answered(&state, &question).await? {
        return Ok(again(row));
    }
    let response = next.run(request).await;
    if is_final(response.status()) { keep(&state, question, response).await } else { Ok(response) }
}

fn key(headers: &HeaderMap) -> Result<Option<String>, Problem> {
    let Some(value) = headers.get(KEY) else {
        return Ok(None);
    };
    let text = value.to_str().ok().filter(|text| (1..=MAX_KEY_CHARS).contains(&text.len()));
    text.map(|text| Some(text.to_owned())).ok_or_else(|| {
        let title = format!("a key has 1 to {MAX_KEY_CHARS} visible ASCII characters");
        Problem::bad_request(KEY, title)
    })
}

/// Whether asking again would be answered the same.
fn is_final(status: StatusCode) -> bool {
    !(status.is_server_error()
        || matches!(
            status,
            StatusCode::UNAUTHORIZED | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS
        ))
}

async fn answered(state: &HttpState, question: &Question) -> Result<Option<AnswerRow>, Problem> {
    if let Some(row) = state.desk.given.recent(question) {
        return Ok(Some(row));
    }
    let since = state.clock.now().plus(-ANSWER_KEPT_MS);
    let Question { key, who, method_path } = question;
    Ok(state.store.answer(key, who, method_path, since).await?)
}

async fn keep(
    state: &HttpState,
    question: Question,
    response: Response,
) -> Result<Response, Problem> {
    let (parts, body) = response.into_parts();
    let body = to_bytes(body, MAX_ANSWER_BYTES).await.map_err(|error| {
        tracing::error!("an answer could not be kept: {error}");
        Problem::our_fault()
    })?;
    let Question { key, who, method_path } = question;
    let status = parts.status.as_u16();
    let row =
        AnswerRow { key, who, method_path, status, body: body.to_vec(), at: state.clock.now() };
    state.desk.given.keep(row.clone());
    if let Err(error) = state.store.remember_answer(row) {
        // It is kept in memory, for as long as others do not push it out.
        tracing::debug!("an answer is kept in memory alone: {error}");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn again(row: AnswerRow) -> Response {
    let status = StatusCode::from_u16(row.status).unwrap_or(StatusCode::OK);
    let kind = if status.as_u16() >= 400 { PROBLEM_JSON } else { "application/json" };
    let mut response = (status, row.body).into_response();
    if status != StatusCode::NO_CONTENT {
        let kind = HeaderValue::from_static(kind);
        response.headers_mut().insert(header::CONTENT_TYPE, kind);
    }
    response
}

fn lock<T>(part: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it is held.
    part.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn question(key: &str) -> Question {
        Question { key: key.into(), who: "login KM".into(), method_path: "POST /x".into() }
    }

    #[tokio::test]
    async fn the_same_question_waits_until_the_first_is_answered() {
        let given = Given::default();
        let first = given.turn(&question("k")).await.unwrap();
        assert!(given.turn(&question("other")).await.is_ok());
        let asked = question("k");
        let second = given.turn(&asked);
        tokio::pin!(second);
        assert!(tokio::time::timeout(Duration::from_millis(20), &mut second).await.is_err());
        drop(first);
        assert!(tokio::time::timeout(Duration::from_secs(5), second).await.unwrap().is_ok());
    }

    #[test]
    fn what_may_change_is_not_kept() {
        for status in [401, 408, 429, 500, 503] {
            assert!(!is_final(StatusCode::from_u16(status).unwrap()));
        }
        for status in [200, 201, 204, 404, 409, 422] {
            assert!(is_final(StatusCode::from_u16(status).unwrap()));
        }
    }

    #[test]
    fn keys_are_short() {
        let of = |text: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(KEY, text.parse().unwrap());
            key(&headers)
        };
        assert_eq!(of("k-1").ok().flatten().as_deref(), Some("k-1"));
        assert!(of("").is_err());
        assert!(of(&"x".repeat(129)).is_err());
        assert!(key(&HeaderMap::new()).is_ok_and(|key| key.is_none()));
    }
}
