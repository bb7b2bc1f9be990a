//! A command's answer is lost with the server: whoever sends it again gets the same answer, and it
//! is done once.

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::app::{self, App};

async fn send(app: &App, token: &str, path: &str, key: &str, body: &Value) -> (StatusCode, String) {
    let request = reqwest::Client::new().post(app.url(path)).bearer_auth(token);
    let answer = app::send(request.header("Idempotency-Key", key).json(body)).await;
    (answer.status, answer.text)
}

/// Rounds that count: the answer said that it was recorded, and the server died at once.
const ROUNDS: usize = 4;
/// On a machine whose disk takes longer than 250 ms to answer, some do not count.
const TRIES: usize = 60;

#[tokio::test]
async fn after_kill_9_a_command_that_is_sent_again_is_done_once() {
    let mut app = App::start().await;
    let device = app.add_device("mon-1", "1");
    let session = app.infuse("1").await;
    let events = format!("/api/v1/sessions/{session}/events");
    let nurse = app.program_token.clone();
    let mut counted = 0;
    for round in 0..TRIES {
        let note = json!({"type": "note", "text": format!("round {round}")});
        let rate = json!({"type": "rate_change", "to": 100 + round, "unit": "mL/h"});
        let body = if round % 2 == 0 { &note } else { &rate };
        let key = format!("key-{round}");
        let (status, text) = send(&app, &nurse, &events, &key, body).await;
        app.kill();
        app.run().await;
        assert_eq!(status, StatusCode::CREATED, "{text}");
        if text.contains(r#""recorded":false"#) {
            continue;
        }
        assert_eq!(send(&app, &nurse, &events, &key, body).await, (status, text), "round {round}");
        let json = app.get(&format!("/api/v1/sessions/{session}")).await;
        let texts = [format!("round {round}"), format!("Rate changed to {} mL/h", 100 + round)];
        let is_it = |event: &&Value| texts.iter().any(|text| event["text"] == text.as_str());
        let done = json["events"].as_array().unwrap().iter().filter(is_it).count();
        assert_eq!(done, 1, "{json}");
        counted += 1;
        if counted == ROUNDS {
            break;
        }
    }
    assert_eq!(counted, ROUNDS, "the disk was hardly ever quick enough to tell");

    let frame = json!({"type": "readings", "seq": 1, "readings": [{"vital": "spo2", "value": 97}]});
    let first = send(&app, &device, "/api/v1/readings", "frame", &frame).await;
    assert_eq!(first.0, StatusCode::OK, "{}", first.1);
    app.kill();
    app.run().await;
    assert_eq!(send(&app, &device, "/api/v1/readings", "frame", &frame).await, first);
    // The key decides, not what is sent with it.
    let other = json!({"type": "readings", "seq": 2, "readings": [{"vital": "spo2", "value": 96}]});
    assert_eq!(send(&app, &device, "/api/v1/readings", "frame", &other).await, first);
    let history = app.get("/api/v1/devices/mon-1/readings").await;
    assert_eq!(history["readings"].as_array().unwrap().len(), 1);
}
