//! What a request may hold, and how much is answered at once.

use std::time::Duration;

use futures_util::poll;

use super::sockets::Clinic;
use super::*;
use crate::clock::pass;
use crate::http::alerts::MAX_NOTE_CHARS;
use crate::http::auth::HISTORIES_AT_ONCE;
use crate::http::idempotency::FIRST_WITHIN;
use crate::http::reads::LONG_WAIT;

#[tokio::test]
async fn long_answers_beyond_those_that_are_made_at_a_time_wait_five_seconds_for_their_turn() {
    let bench = Bench::new().await;
    // None of those under way comes to its end.
    let stalled = bench.state.journal.stall(bench.folder.path()).await;
    let ask = || Box::pin(bench.ask("GET", "/api/v1/devices/mon-3/readings", "a-nurse", ""));
    let mut asked: Vec<_> = (0..=HISTORIES_AT_ONCE).map(|_| ask()).collect();
    for one in &mut asked {
        assert!(poll!(one.as_mut()).is_pending());
    }
    pass(LONG_WAIT + Duration::from_millis(1)).await;
    let further = asked.pop().unwrap().await;
    assert_eq!((further.problem().0, &further.json()["code"]), (503, &json!("busy")));
    assert_eq!(further.headers[header::RETRY_AFTER], "1");
    for one in asked {
        assert_eq!(one.await.json()["code"], "record_unreadable", "it had its turn");
    }
    stalled.end().await;
}

#[tokio::test]
async fn a_note_on_an_alert_has_a_longest() {
    let clinic = Clinic::open().await;
    let mut screen = clinic.socket("stream", "a-nurse").await;
    screen.say(r#"{"type":"hello"}"#).await;
    screen.hear_type("snapshot").await;
    let cuff = r#"{"seq":1,"type":"readings","readings":[{"vital":"nibp","systolic":215}]}"#;
    let mut monitor = clinic.socket("ingest", "mon-3").await;
    monitor.say(cuff).await;
    let shown = screen.hear(|line| line["type"] == "alert" && line["room"] == "3").await;
    let alert = shown["alert"]["id"].as_str().unwrap();
    let path = format!("/api/v1/alerts/{alert}/outcome");
    let note = async |characters: usize| {
        let body = json!({"outcome": "clinician_called", "note": "é".repeat(characters)});
        clinic.bench.ask("POST", &path, "a-nurse", &body.to_string()).await
    };
    let refused = note(MAX_NOTE_CHARS + 1).await;
    assert_eq!(refused.problem(), (422, "note must have at most 2000 characters".into()));
    assert_eq!(refused.json()["field"], "note");
    assert_eq!(note(MAX_NOTE_CHARS).await.status, 200);
}

#[tokio::test]
async fn the_same_request_waits_ten_seconds_for_the_answer_of_the_first_and_no_longer() {
    let mut bench = Bench::new().await;
    let bind = || {
        let headers = [("authorization", "Bearer a-nurse"), ("idempotency-key", "k-1")];
        request("PUT", "/api/v1/devices/mon-3/binding", &headers, r#"{"room":"3"}"#)
    };
    let first = tokio::spawn(bench.router().oneshot(bind()));
    let (_, reply) = bench.commands.recv().await.unwrap().take::<By<Bind>>().unwrap();
    let mut second = Box::pin(bench.send(bind()));
    assert!(poll!(second.as_mut()).is_pending());
    pass(FIRST_WITHIN / 2).await;
    assert!(poll!(second.as_mut()).is_pending());
    pass(FIRST_WITHIN / 2).await;
    let second = second.await;
    assert_eq!((second.problem().0, &second.json()["code"]), (503, &json!("busy")));
    let (told, stored) = oneshot::channel();
    told.send(()).unwrap();
    reply.send(Ok(crate::ward::Pending { json: "{}".to_owned(), stored })).unwrap();
    assert_eq!(first.await.unwrap().unwrap().status(), 200);
}
