//! A server that dies right after the disk has what a request did, and before anybody heard of it:
//! whoever sends the request again to the next one gets the answer that they would have got, and
//! nothing is done twice.

mod server;

use std::collections::BTreeSet;
use std::panic::AssertUnwindSafe;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};

use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use sqlx::Connection;

use server::{Server, copied, keyed};

use super::*;
use crate::clock::{Mark, SinceBoot};
use crate::http::idempotency::at_most_once;
use crate::http::problem::Problem;
use crate::record::{AnswerRow, KeyedRequest};

/// A command: its line in the API's document, how it is called here, and what comes before it.
struct Case {
    route: &'static str,
    path: String,
    token: &'static str,
    body: String,
    before: Vec<&'static str>,
}

/// For the id of the patient in room 3.
const PATIENT: &str = "PATIENT";

/// The case, called by the id of the patient in room 3.
async fn addressed(case: Case, server: &mut Server, session: &str) -> Case {
    let shown = format!("/api/v1/sessions/{session}");
    let shown = server.ask(keyed("GET", &shown, "a-prescriber", None, "")).await.json();
    let patient = shown["patient"]["id"].as_str().unwrap();
    Case { path: case.path.replace(PATIENT, patient), ..case }
}

/// One for each call that records something; of a session's events those that change most.
fn cases(session: &str) -> Vec<Case> {
    let case = |route: &'static str, id: &str, body: Json| {
        let (start, rest) = route.split_once('{').unwrap();
        let (_, end) = rest.split_once('}').unwrap();
        let path = format!("{}{id}{end}", start.split_once(' ').unwrap().1);
        let (token, body, before) = ("a-prescriber", body.to_string(), Vec::new());
        Case { route, path, token, body, before }
    };
    let call = |route: &'static str, token: &'static str, body: Json| {
        let path = route.split_once(' ').unwrap().1.to_owned();
        Case { route, path, token, body: body.to_string(), before: Vec::new() }
    };
    let event = |body: Json, before: &[&'static str]| {
        let route = "POST /api/v1/sessions/{session}/events";
        Case { before: before.to_vec(), ..case(route, session, body) }
    };
    let alert = format!("{session}-a1");
    let wren = json!({"family": "Wren", "given": "Avis", "ids": [{"number": "4712"}]});
    let course = json!({"profile": "ketamine-iv-adult", "planned": 6});
    let list = json!({"version": 0, "items": [{"text": "Itching"}]});
    let why = json!({"reason": "asked for"});
    let mut ours = json!(crate::profile::builtin("ketamine-iv-adult").unwrap());
    ours["name"] = json!("ours");
    let version = ours["version"].clone();
    // The keys of the example in RFC 8291.
    let browser = json!({"endpoint": "https://push.example/k", "keys": {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg"}});
    let new_person =
        json!({"name": "Tove Jansson", "role": "nurse", "password": "snow in the garden"});
    let reading = json!({"type": "readings", "seq": 2, "boot": "b",
        "readings": [{"vital": "spo2", "value": 97}]});
    vec![
        case("PUT /api/v1/rooms/{room}", "4", json!({"name": "Garden"})),
        case("POST /api/v1/rooms/{room}/acknowledge", "3", json!({})),
        case("POST /api/v1/rooms/{room}/help", "3", json!({"priority": "high"})),
        case("POST /api/v1/rooms/{room}/sessions", "4", json!({"patient": {"initials": "A.B."}})),
        case("POST /api/v1/rooms/{room}/sessions", "4", json!({"patient": {"identity": wren}})),
        case("PUT /api/v1/patients/{patient}", PATIENT, wren),
        case("POST /api/v1/patients/{patient}/courses", PATIENT, course),
        case("POST /api/v1/outbound/{id}/again", "1", json!({})),
        case("PUT /api/v1/lists/{name}", "symptoms", list),
        case("PUT /api/v1/devices/{device}/binding", "mon-3", json!({"room": "4"})),
        case("PUT /api/v1/devices/{device}/binding", "never-heard", json!({"room": "3"})),
        event(json!({"type": "note", "text": "blanket"}), &[]),
        event(json!({"type": "rate_change", "to": 40, "unit": "mL/h"}), &[]),
        event(json!({"type": "manual_vitals", "systolic": 120, "diastolic": 80}), &[]),
        event(json!({"type": "stop"}), &[]),
        event(json!({"type": "transfer", "reason": "to the ward"}), &["stop"]),
        event(json!({"type": "order", "mg": 35}), &[]),
        event(json!({"type": "medication", "drug": "ondansetron", "dose": 4, "unit": "mg"}), &[]),
        event(json!({"type": "abort", "reason": "fire"}), &[]),
        case("POST /api/v1/alerts/{alert}/acknowledge", &alert, json!({})),
        case(
            "POST /api/v1/alerts/{alert}/outcome",
            &alert,
            json!({"outcome": "bp_repeated", "note": "204 again"}),
        ),
        case("POST /api/v1/alerts/{alert}/silence", &alert, json!({"seconds": 120})),
        case("PUT /api/v1/profiles/{name}", "ours", ours),
        case(
            "POST /api/v1/profiles/{name}/approve",
            "ketamine-iv-adult",
            json!({"version": version}),
        ),
        Case {
            before: vec!["abort"],
            ..case("POST /api/v1/sessions/{session}/redact", session, why.clone())
        },
        Case {
            before: vec!["abort"],
            ..case("POST /api/v1/sessions/{session}/delete", session, why.clone())
        },
        Case {
            before: vec!["abort"],
            ..case("POST /api/v1/patients/{patient}/redact", PATIENT, why)
        },
        call("POST /api/v1/readings", "mon-3", reading),
        call("POST /api/v1/handovers", "a-prescriber", json!({"rooms": ["3"], "to": "KM"})),
        call(
            "PUT /api/v1/assignments",
            "a-prescriber",
            json!({"assignments": [{"room": "3", "nurse": "KM"}]}),
        ),
        call("POST /api/v1/staff", "an-admin", new_person),
        call("POST /api/v1/push/subscriptions", "a-prescriber", browser),
    ]
}

/// The line takes half of a body, and the rest never comes.
fn cut_short(request: Request<Body>, body: &str) -> Request<Body> {
    let half = body.as_bytes()[..body.len() / 2].to_vec();
    let lost = std::io::Error::from(std::io::ErrorKind::ConnectionReset);
    let comes = futures_util::stream::iter([Ok(half), Err(lost)]);
    request.map(|_| Body::from_stream(comes))
}

#[tokio::test]
async fn a_request_of_which_the_line_took_a_part_is_done_once_it_comes_whole() {
    for index in 0..cases("s").len() {
        let folder = tempfile::tempdir().unwrap();
        let (mut server, session) = Server::with_an_alert(folder.path()).await;
        let case = cases(&session).remove(index);
        let case = addressed(case, &mut server, &session).await;
        for event in &case.before {
            let events = format!("/api/v1/sessions/{session}/events");
            server.post(&events, &json!({"type": event}).to_string()).await;
        }
        let method = case.route.split_once(' ').unwrap().0;
        let send = || keyed(method, &case.path, case.token, Some("k-1"), &case.body);
        let cut = server.ask(cut_short(send(), &case.body)).await;
        // A call without words of its own reads none.
        if !cut.status.is_success() {
            assert_eq!(cut.json()["code"], "cut_short", "{} {}", case.route, cut.text);
        }
        let whole = server.ask(send()).await;
        assert!(whole.status.is_success(), "{} {}: {}", case.route, case.body, whole.text);
    }
}

#[tokio::test]
async fn what_was_done_before_the_clock_was_set_is_known_in_every_run_of_that_day() {
    const YEARS_MS: i64 = 3_652 * 86_400_000;
    for step_ms in [-YEARS_MS, -3_600_000, 3_600_000, YEARS_MS] {
        let folder = tempfile::tempdir().unwrap();
        let (mut server, session) = Server::with_an_alert(folder.path()).await;
        let events = format!("/api/v1/sessions/{session}/events");
        let note = |key| {
            let body = json!({"type": "note", "text": key}).to_string();
            keyed("POST", &events, "a-prescriber", Some(key), &body)
        };
        let first = server.ask(note("k-1")).await;
        assert_eq!(first.status, 201, "{}", first.text);
        let boot = uuid::Uuid::from_u128(1);
        let mark = |at, ms| Mark { at, since_boot: Some(SinceBoot { boot, ms }) };
        let began = server.state.clock.now();
        server.state.journal.mark_alive(mark(began, 60_000));
        server.flush().await;
        let mut crashed = copied(folder.path());
        // In the first run after it somebody does something else, in each later one nobody does.
        for run in 1..=3 {
            let away_ms = run * 60_000;
            let now = mark(began.plus(step_ms + away_ms), 60_000 + away_ms);
            let mut next = Server::begun(crashed.path(), Clock::reading(now.at), now).await;
            next.state.journal.mark_alive(now);
            let other = next.ask(note("k-2")).await;
            assert_eq!(other.status, 201, "{step_ms} ms, run {run}: {}", other.text);
            let asked = next.asked;
            let again = next.ask(note("k-1")).await;
            let same = (again.status, &again.text) == (first.status, &first.text);
            assert!(same && next.asked == asked, "{step_ms} ms, run {run}: done again");
            next.flush().await;
            crashed = copied(crashed.path());
        }
    }
}

/// Calls whose answer is not recorded, and why that acts once all the same.
const NOT_RECORDED: [(&str, &str); 4] = [
    ("POST /api/v1/channels/{id}/test", "sends one more test, on which nobody acts"),
    ("POST /api/v1/login", "gives one more cookie, and has no caller whose key it could be"),
    ("POST /api/v1/logout", "the retry is not signed in any more"),
    ("POST /api/v1/identify", "who acts is in memory alone: after a crash nobody does"),
];

#[tokio::test]
async fn a_request_that_is_sent_again_after_a_crash_gets_the_same_answer_and_acts_once() {
    let count = cases("s").len();
    for index in 0..count {
        let folder = tempfile::tempdir().unwrap();
        let (mut server, session) = Server::with_an_alert(folder.path()).await;
        let case = cases(&session).remove(index);
        let case = addressed(case, &mut server, &session).await;
        for event in &case.before {
            let events = format!("/api/v1/sessions/{session}/events");
            server.post(&events, &json!({"type": event}).to_string()).await;
        }
        server.flush().await;
        let before = server.entries();
        let method = case.route.split_once(' ').unwrap().0;
        let send = || keyed(method, &case.path, case.token, Some("k-1"), &case.body);
        let (first, crashed) = server.ask_and_copy(send()).await;
        let what = format!("{} {}", case.route, case.body);
        assert!(first.status.is_success(), "{what}: {}", first.text);
        assert_ne!(server.entries(), before, "{what} records something");

        let mut next = Server::on(crashed.path()).await;
        // What a start records by itself.
        next.flush().await;
        let done = next.entries();
        let again = next.ask(send()).await;
        assert_eq!((again.status, &again.text), (first.status, &first.text), "{what}");
        assert_eq!(again.headers[header::CONTENT_TYPE], first.headers[header::CONTENT_TYPE]);
        next.flush().await;
        assert_eq!((next.asked, next.entries()), (0, done), "{what} is done once");

        let again = server.ask(send()).await;
        assert_eq!((again.status, &again.text), (first.status, &first.text), "{what}");
        assert_eq!(again.headers[header::CONTENT_TYPE], first.headers[header::CONTENT_TYPE]);
    }
}

#[tokio::test]
async fn every_call_that_changes_something_is_among_the_cases() {
    let bench = Bench::new().await;
    let document = bench.send(request("GET", "/api/openapi.json", &[], "")).await.json();
    let mut calls = BTreeSet::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for method in ["post", "put"].iter().filter(|method| methods.get(**method).is_some()) {
            calls.insert(format!("{} {path}", method.to_uppercase()));
        }
    }
    let mut known: BTreeSet<String> =
        cases("s").into_iter().map(|case| case.route.to_owned()).collect();
    known.extend(NOT_RECORDED.map(|(call, _)| call.to_owned()));
    assert_eq!(calls, known, "add a case for each new call, in `cases`");
}

/// Whoever hung up meanwhile asks again while it is still being done.
#[tokio::test]
async fn a_request_whose_caller_hangs_up_is_answered_to_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let (mut server, session) = Server::with_an_alert(folder.path()).await;
    let path = format!("/api/v1/sessions/{session}/events");
    let note = r#"{"type":"note","text":"blanket"}"#;
    let send = || keyed("POST", &path, "a-prescriber", Some("k-1"), note);
    {
        let mut hung_up = pin!(router(server.state.clone()).oneshot(send()));
        let asked = tokio::select! {
            _ = &mut hung_up => panic!("answered by nobody"),
            asked = server.next() => asked,
        };
        server.apply(asked);
    }
    let asked = server.asked;
    let again = server.ask(send()).await;
    assert_eq!((again.status.as_u16(), server.asked), (201, asked), "{}", again.text);
    let events = again.json()["events"].as_array().unwrap().clone();
    assert_eq!(events.iter().filter(|event| event["type"] == "note").count(), 1);
}

/// The disk hangs: what is new is done, what was answered is answered, and of what nobody can look
/// up it is not claimed that it is new.
#[tokio::test]
async fn while_the_disk_hangs_new_requests_are_done_and_none_is_done_twice() {
    let folder = tempfile::tempdir().unwrap();
    let (mut server, session) = Server::with_an_alert(folder.path()).await;
    server.flush().await;
    let stalled = server.state.journal.stall(folder.path()).await;
    let path = format!("/api/v1/alerts/{session}-a1/silence");
    let silence = |key| keyed("POST", &path, "a-prescriber", Some(key), r#"{"seconds":100}"#);
    let first = server.ask(silence("k-1")).await;
    assert_eq!((first.status.as_u16(), &first.json()["recorded"]), (200, &json!(false)));
    let asked = server.asked;
    let again = server.ask(silence("k-1")).await;
    assert_eq!((again.status, &again.text, server.asked), (first.status, &first.text, asked));

    // A server that could load nothing knows nothing.
    let loaded = std::mem::take(&mut server.state.answers);
    for key in ["k-1", "k-2"] {
        let unknown = server.ask(silence(key)).await;
        assert_eq!(unknown.problem().0, 503);
        assert_eq!(unknown.json()["code"], "answer_not_found");
        assert_eq!(server.asked, asked, "nothing is done");
    }
    stalled.end().await;
    server.flush().await;
    let found = server.ask(silence("k-1")).await;
    assert_eq!((found.status.as_u16(), server.asked), (200, asked), "on disk meanwhile");
    server.state.answers = loaded;
    let again = server.ask(silence("k-1")).await;
    assert_eq!((again.text, server.asked), (first.text, asked));
}

/// A request that does something, records its answer with that, and fails before it has told it.
struct Failing {
    request: KeyedRequest,
    acted: Arc<AtomicUsize>,
    panics: bool,
}

impl Failing {
    fn new(panics: bool) -> Self {
        let (who, method_path) = ("program a-prescriber".into(), "POST /x".into());
        let request = KeyedRequest { key: "k-1".into(), who, method_path };
        Self { request, acted: Arc::default(), panics }
    }

    /// Its answer; `None` when there was a panic.
    async fn send(&self, state: &HttpState) -> Option<Result<Response, Problem>> {
        let (acted, panics) = (Arc::clone(&self.acted), self.panics);
        let (store, at) = (state.store.clone(), state.clock.now());
        let sent = at_most_once(state, self.request.clone(), |request| async move {
            acted.fetch_add(1, Ordering::Relaxed);
            let request = KeyedRequest::clone(&request);
            let row = AnswerRow { request, status: 201, body: b"{}".to_vec(), at };
            store.put(vec![Upsert::Answer(row)], vec![]).unwrap();
            assert!(!panics, "after its act");
            Problem::our_fault().into_response()
        });
        AssertUnwindSafe(sent).catch_unwind().await.ok()
    }

    fn acted(&self) -> usize {
        self.acted.load(Ordering::Relaxed)
    }
}

#[tokio::test]
async fn a_request_that_fails_after_its_act_gets_the_recorded_answer_and_acts_once() {
    for panics in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::on(folder.path()).await;
        let failing = Failing::new(panics);
        let failed = failing.send(&server.state).await;
        assert_eq!(
            failed.map(|answer| answer.unwrap().status().as_u16()),
            (!panics).then_some(500)
        );
        server.flush().await;
        let again = failing.send(&server.state).await.map(|answer| answer.unwrap().status());
        assert_eq!((again.map(|status| status.as_u16()), failing.acted()), (Some(201), 1));
    }
}

/// What it did may still wait for the disk, which then does not know of it.
#[tokio::test]
async fn a_request_that_failed_is_not_done_again_before_the_disk_can_know_of_it() {
    for panics in [true, false] {
        let folder = tempfile::tempdir().unwrap();
        let server = Server::on(folder.path()).await;
        server.flush().await;
        // It can be read meanwhile, but nothing is committed.
        let other = format!("sqlite://{}", folder.path().join("dripwatch.db").display());
        let mut other = sqlx::SqliteConnection::connect(&other).await.unwrap();
        sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
        let failing = Failing::new(panics);
        let _ = failing.send(&server.state).await;
        let again = failing.send(&server.state).await.and_then(Result::err);
        assert_eq!(
            (again.map(|problem| problem.status().as_u16()), failing.acted()),
            (Some(503), 1)
        );

        sqlx::query("ROLLBACK").execute(&mut other).await.unwrap();
        server.flush().await;
        let again = failing.send(&server.state).await.map(|answer| answer.unwrap().status());
        assert_eq!((again.map(|status| status.as_u16()), failing.acted()), (Some(201), 1));
    }
}
