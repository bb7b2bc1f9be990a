//! Whatever a command takes away is gone at once, also from connections that are open.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::app::{App, send, text};

fn frame(seq: u64, spo2: u32) -> Value {
    json!({"type": "readings", "seq": seq, "readings": [{"vital": "spo2", "value": spo2}]})
}

#[tokio::test]
async fn a_monitors_socket_ends_with_its_token_and_what_it_says_after_that_is_not_taken() {
    let app = App::start().await;
    let token = app.add_device("mon-1", "1");
    let mut old = app.ingest(&token).await;
    old.say(frame(1, 97)).await;
    assert_eq!(old.hear().await.unwrap()["type"], "stored");
    let new = app.add_device("mon-1", "1");
    old.say_if_open(frame(2, 55)).await;
    while let Some(answer) = old.hear().await {
        assert_ne!(answer["seq"], 2, "{answer}");
    }
    let (status, _) = app.reading(&token, 3, json!([{"vital": "spo2", "value": 56}])).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let mut again = app.ingest(&new).await;
    again.say(frame(1, 98)).await;
    assert_eq!(again.hear().await.unwrap()["type"], "stored");
    let past = app.get("/api/v1/devices/mon-1/readings").await;
    let values: Vec<_> = past["readings"].as_array().unwrap().iter().map(|r| &r["value"]).collect();
    assert_eq!(values, [97, 98]);
}

#[tokio::test]
async fn a_programs_stream_ends_when_its_token_is_revoked() {
    let app = App::start().await;
    let mut stream = app.stream().await;
    stream.until_type("snapshot").await;
    let listed: Value = serde_json::from_str(&app.token(&["token", "list", "--json"])).unwrap();
    assert_eq!(
        (&listed["tokens"][0]["name"], &listed["tokens"][0]["role"]),
        (&json!("test"), &json!("nurse"))
    );
    let said = app.token(&["token", "revoke", "test"]);
    assert_eq!(said, "test no longer has a token.");
    while stream.hear().await.is_some() {}
    let (status, _) = app.call(Method::GET, "/api/v1/rooms", Value::Null).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    let again = app.command(&["token", "revoke", "test"], "");
    assert_eq!(again.status.code(), Some(1));
    assert!(text(&again.stderr).contains("no program called \"test\""), "{}", text(&again.stderr));
}

#[tokio::test]
async fn what_staff_may_do_changes_at_once_and_a_restart_remembers_it() {
    let mut app = App::start().await;
    app.add_staff("KM", "nurse", "correct horse");
    let sign_in = async |app: &App, password: &str| {
        let body = json!({"name": "KM", "password": password});
        let answer = send(reqwest::Client::new().post(app.url("/api/v1/login")).json(&body)).await;
        (answer.status, answer.cookie().unwrap_or_default())
    };
    let me = async |app: &App, cookie: &str| {
        let me = reqwest::Client::new().get(app.url("/api/v1/me"));
        send(me.header("cookie", cookie)).await.json()
    };
    let (_, cookie) = sign_in(&app, "correct horse").await;
    assert_eq!(me(&app, &cookie).await["role"], "nurse");
    assert_eq!(app.token(&["staff", "role", "KM", "lead"]), "KM is lead now.");
    assert_eq!(me(&app, &cookie).await["role"], "lead", "not five seconds later");
    let changed = app.command(&["staff", "password", "KM", "--password-stdin"], "battery staple\n");
    assert!(changed.status.success(), "{}", text(&changed.stderr));
    assert_eq!(me(&app, &cookie).await["code"], "not_signed_in");
    let (status, cookie) = sign_in(&app, "battery staple").await;
    assert_eq!(status, StatusCode::OK);
    app.kill();
    app.run().await;
    assert_eq!(me(&app, &cookie).await["role"], "lead");
    assert_eq!(app.token(&["staff", "disable", "KM"]), "KM may no longer sign in.");
    assert_eq!(me(&app, &cookie).await["code"], "not_signed_in");
    assert_eq!(sign_in(&app, "battery staple").await.0, StatusCode::UNAUTHORIZED);
}
