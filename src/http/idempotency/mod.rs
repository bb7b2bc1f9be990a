//! The same key gets the same answer for 24 h: a caller that got no answer asks again without the
//! risk of doing it twice.
//!
//! The ward records the answer with the effect (`ward/act.rs`), so a crash leaves both or neither.
//! This is the memory of it: a request that is new, or was answered a while ago, is recognised
//! without waiting for the disk. What had no effect (a refusal) is kept only in memory. If
//! answering failed, the disk is asked the next time whether it was done.

mod known;

use std::collections::HashSet;
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::to_bytes;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use tokio::sync::{Notify, oneshot};
use tokio::time::timeout;

use super::HttpState;
use super::auth::Viewer;
use crate::clock::Clock;
use crate::http::problem::{PROBLEM_JSON, Problem};
use crate::journal::ReadError;
use crate::record::KeyedRequest;
use crate::store::{ANSWER_KEPT_MS, Store};
use crate::vitals::Millis;
use known::{BODY_BYTES, Kept, Known, REQUESTS, Recalled};

const KEY: &str = "idempotency-key";
const MAX_KEY_CHARS: usize = 128;
/// The most requests with a key that run at once.
const IN_FLIGHT: usize = 1_024;
/// How many of them may be one caller's: somebody who sends halves of many keeps nobody else out.
const IN_FLIGHT_OF_ONE: usize = 256;
/// How long the same request waits for the first one's answer.
pub(super) const FIRST_WITHIN: Duration = Duration::from_secs(10);
/// How long an old answer is looked for on a disk that may hang.
const DISK_WITHIN: Duration = Duration::from_millis(250);

/// Requests with a key: those that are being answered, and those of the last day.
#[derive(Debug, Default)]
pub struct Answers {
    open: Mutex<HashSet<KeyedRequest>>,
    closed: Notify,
    known: Mutex<Known>,
}

/// While it exists, the same request waits.
struct Turn {
    answers: Arc<Answers>,
    request: KeyedRequest,
    /// Set while it is not known whether it was done: if the turn ends like that, the next caller
    /// with this key asks the disk.
    in_doubt: Option<Clock>,
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some(clock) = self.in_doubt {
            lock(&self.answers.known).doubt(&self.request, clock.now());
        }
        lock(&self.answers.open).remove(&self.request);
        self.answers.closed.notify_waiters();
    }
}

impl Answers {
    /// Starts with what was answered in the day before `now`. The clock was set by `clock_set_ms`
    /// since then: answers dated ahead of it would be kept for too long, and earlier ones not long
    /// enough.
    ///
    /// # Errors
    /// The data cannot be read.
    pub async fn load(store: &Store, now: Millis, clock_set_ms: i64) -> Result<Self, ReadError> {
        let since = now.plus(-clock_set_ms).plus(-ANSWER_KEPT_MS);
        let mut rows = store.recent_answers(since, REQUESTS, BODY_BYTES).await?;
        for row in &mut rows {
            row.at = row.at.plus(clock_set_ms).min(now);
        }
        Ok(Self { known: Mutex::new(Known::of(rows)), ..Self::default() })
    }

    async fn turn(self: &Arc<Self>, request: &KeyedRequest) -> Result<Turn, Problem> {
        loop {
            let closed = self.closed.notified();
            {
                let mut open = lock(&self.open);
                if !open.contains(request) {
                    let own = open.iter().filter(|other| other.who == request.who).count();
                    if open.len() >= IN_FLIGHT || own >= IN_FLIGHT_OF_ONE {
                        return Err(Problem::busy());
                    }
                    open.insert(request.clone());
                    let (answers, request) = (Arc::clone(self), request.clone());
                    return Ok(Turn { answers, request, in_doubt: None });
                }
            }
            closed.await;
        }
    }
}

/// Answers a command with a key once.
pub(super) async fn once(
    State(state): State<HttpState>,
    Viewer(mut caller): Viewer,
    mut request: Request,
    next: Next,
) -> Result<Response, Problem> {
    let kind = if caller.has_cookie { "login" } else { "program" };
    let who = format!("{kind} {}", caller.signed_in.name);
    let Some(keyed) = keyed(&request, who)? else {
        return Ok(next.run(request).await);
    };
    at_most_once(&state, keyed, |keyed| {
        // The caller acts by this request: the ward records its answer with what it does.
        caller.request = Some(keyed);
        request.extensions_mut().insert(caller);
        next.run(request)
    })
    .await
}

/// The request, if it is a command with a key.
pub(super) fn keyed(request: &Request, who: String) -> Result<Option<KeyedRequest>, Problem> {
    let is_command = matches!(*request.method(), Method::POST | Method::PUT);
    let key = key(request.headers())?.filter(|_| is_command);
    let method_path = || format!("{} {}", request.method(), request.uri().path());
    Ok(key.map(|key| KeyedRequest { key, who, method_path: method_path() }))
}

/// Gives the answer that the request got before, or has it answered now. Answering continues to the
/// end even if the caller hangs up: a caller who asks again waits for it, and gets it.
pub(super) async fn at_most_once<A>(
    state: &HttpState,
    request: KeyedRequest,
    answer: impl FnOnce(Arc<KeyedRequest>) -> A,
) -> Result<Response, Problem>
where
    A: Future<Output = Response> + Send + 'static,
{
    let turn = timeout(FIRST_WITHIN, state.answers.turn(&request)).await;
    let mut turn = turn.map_err(|_| Problem::busy())??;
    if let Some(kept) = answered(state, &request).await? {
        return Ok(again(&kept));
    }
    let request = Arc::new(request);
    let answering = answer(Arc::clone(&request));
    let state = state.clone();
    let answering = tokio::spawn(async move {
        // It may have been done although a panic, or a later failure, removed its answer.
        turn.in_doubt = Some(state.clock);
        let response = keep(&state, &request, answering.await).await;
        if !response.status().is_server_error() {
            turn.in_doubt = None;
        }
        drop(turn);
        response
    });
    match answering.await {
        Ok(response) => Ok(response),
        Err(failed) => match failed.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            Err(_) => Err(Problem::our_fault()),
        },
    }
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

/// Whether the same answer would come if it were asked again.
fn is_final(status: StatusCode) -> bool {
    !(status.is_server_error()
        || matches!(
            status,
            StatusCode::UNAUTHORIZED | StatusCode::REQUEST_TIMEOUT | StatusCode::TOO_MANY_REQUESTS
        ))
}

async fn answered(state: &HttpState, request: &KeyedRequest) -> Result<Option<Arc<Kept>>, Problem> {
    let now = state.clock.now();
    let recalled = lock(&state.answers.known).recall(request, now);
    let was_done = match recalled {
        Recalled::New => return Ok(None),
        Recalled::Answered(kept) => return Ok(Some(kept)),
        Recalled::Done => true,
        Recalled::Unsure => false,
    };
    let since = now.plus(-ANSWER_KEPT_MS);
    let on_disk = async {
        // Its effect may be among what waits for the disk.
        if !was_done && state.journal.counters().waiting > 0 {
            let (stored, told) = oneshot::channel();
            state.journal.barrier(stored);
            told.await.map_err(|_| Problem::answer_not_found())?;
        }
        let read = state.store.answer(request, since).await;
        read.map_err(|_| Problem::answer_not_found())
    };
    match timeout(DISK_WITHIN, on_disk).await {
        Ok(Ok(Some(row))) => {
            let (status, body) = (row.status, row.body);
            Ok(Some(Arc::new(Kept { status, content_type: None, body })))
        }
        // Its effect is in no record, or not yet; doing it twice is worse than waiting.
        Ok(Ok(None)) if was_done => Err(Problem::answer_not_found()),
        Ok(Ok(None)) => Ok(None),
        Ok(Err(_)) | Err(_) => Err(Problem::answer_not_found()),
    }
}

async fn keep(state: &HttpState, request: &KeyedRequest, response: Response) -> Response {
    if !is_final(response.status()) {
        return response;
    }
    let (parts, body) = response.into_parts();
    // Answers to commands are already in memory: no bound would make them smaller.
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return Problem::our_fault().into_response();
    };
    let content_type = parts.headers.get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|kind| kind.to_str().ok()).map(str::to_owned);
    let kept = Kept { status: parts.status.as_u16(), content_type, body: body.to_vec() };
    lock(&state.answers.known).keep(request, Arc::new(kept), state.clock.now());
    Response::from_parts(parts, body.into())
}

fn again(kept: &Kept) -> Response {
    let status = StatusCode::from_u16(kept.status).unwrap_or(StatusCode::OK);
    let of_disk = if status.as_u16() >= 400 { PROBLEM_JSON } else { "application/json" };
    let kind = kept.content_type.as_deref().unwrap_or(of_disk);
    let mut response = (status, kept.body.clone()).into_response();
    match HeaderValue::from_str(kind) {
        Ok(kind) if !kept.body.is_empty() => {
            response.headers_mut().insert(header::CONTENT_TYPE, kind)
        }
        _ => response.headers_mut().remove(header::CONTENT_TYPE),
    };
    response
}

fn lock<T>(part: &Mutex<T>) -> MutexGuard<'_, T> {
    // Nothing panics while it is held.
    part.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::AnswerRow;
    use crate::store::Upsert;

    fn request(who: &str, key: impl ToString) -> KeyedRequest {
        KeyedRequest { key: key.to_string(), who: who.into(), method_path: "POST /x".into() }
    }

    #[tokio::test]
    async fn the_same_request_waits_until_the_first_is_answered() {
        let answers = Arc::new(Answers::default());
        let first = answers.turn(&request("KM", "k")).await.unwrap();
        assert!(answers.turn(&request("KM", "other")).await.is_ok());
        let asked = request("KM", "k");
        let second = answers.turn(&asked);
        tokio::pin!(second);
        assert!(futures_util::poll!(&mut second).is_pending());
        drop(first);
        assert!(timeout(Duration::from_secs(5), second).await.unwrap().is_ok());
    }

    #[tokio::test]
    async fn one_caller_cannot_take_every_place() {
        let answers = Arc::new(Answers::default());
        let mut turns = Vec::new();
        for n in 0..IN_FLIGHT_OF_ONE {
            turns.push(answers.turn(&request("wild", n)).await.unwrap());
        }
        assert_eq!(answers.turn(&request("wild", "more")).await.err().unwrap().status(), 503);
        assert!(answers.turn(&request("KM", "k")).await.is_ok());
    }

    #[tokio::test]
    async fn so_many_requests_with_a_key_run_at_a_time_whoever_sends_them() {
        let answers = Arc::new(Answers::default());
        let mut turns = Vec::new();
        for n in 0..IN_FLIGHT {
            let caller = (n / IN_FLIGHT_OF_ONE).to_string();
            turns.push(answers.turn(&request(&caller, n)).await.unwrap());
        }
        let further = request("KM", "k");
        assert_eq!(answers.turn(&further).await.err().unwrap().status(), 503);
        turns.pop();
        assert!(answers.turn(&further).await.is_ok());
    }

    #[tokio::test]
    async fn what_was_answered_before_the_clock_was_set_is_known_after_it() {
        for set_ms in [-10 * 365 * ANSWER_KEPT_MS, 0, 10 * 365 * ANSWER_KEPT_MS] {
            let folder = tempfile::tempdir().unwrap();
            let journal = crate::journal::Journal::open(folder.path()).await.unwrap();
            let now = Millis(1_795_262_400_000);
            let answer = |key, ago_ms: i64| {
                let at = now.plus(-set_ms).plus(-ago_ms);
                let body = b"{}".to_vec();
                let row = AnswerRow { request: request("KM", key), status: 200, body, at };
                journal.store().put(vec![Upsert::Answer(row)], vec![]).unwrap();
            };
            answer("old", ANSWER_KEPT_MS);
            answer("new", 1_000);
            let (stored, told) = tokio::sync::oneshot::channel();
            journal.barrier(stored);
            told.await.unwrap();
            let answers = Answers::load(&journal.store(), now, set_ms).await.unwrap();
            let recall = |key, at| lock(&answers.known).recall(&request("KM", key), at);
            assert!(matches!(recall("new", now), Recalled::Answered(_)), "{set_ms}");
            assert_eq!(recall("old", now), Recalled::New, "{set_ms}");
            assert_eq!(recall("new", now.plus(ANSWER_KEPT_MS)), Recalled::New, "{set_ms}");
        }
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
