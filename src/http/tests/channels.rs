//! Channels, and the browsers in which staff are told.

use super::*;
use crate::config;

const BROWSER: &str = r#"{"endpoint": "https://push.example/k", "expirationTime": null, "keys": {
    "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "auth": "BTBZMqHH6r4Tts7J_aSIgg"}}"#;

async fn bench() -> Bench {
    let mut bench = Bench::new().await;
    let push = "[[channels]]\nkind = \"push\"\ncontact = \"mailto:it@clinic.example\"\n\
        [[channels]]\nkind = \"webhook\"\nurl = \"https://hooks.example/T000/secret\"\n";
    let config = config::read_text(push).unwrap().channels;
    let with = (bench.state.clock, bench.state.store.clone());
    let (folder, zone) = (bench.folder.path(), jiff::tz::TimeZone::UTC);
    bench.state.channels = Channels::open(&config, folder, zone, with).unwrap();
    bench
}

#[tokio::test]
async fn an_administrator_alone_sees_the_channels_and_nobody_their_secrets() {
    let bench = bench().await;
    let nurse = bench.ask("GET", "/api/v1/channels", "a-nurse", "").await;
    assert_eq!(nurse.status, 403);
    let shown = bench.ask("GET", "/api/v1/channels", "an-admin", "").await;
    let channels = shown.json()["channels"].clone();
    assert_eq!(channels[0]["kind"], "push");
    assert_eq!(
        (&channels[1]["id"], &channels[1]["to"]),
        (&json!("webhook"), &json!("hooks.example"))
    );
    assert!(!shown.text.contains("secret"), "{}", shown.text);
    let unknown = bench.ask("POST", "/api/v1/channels/gone/test", "an-admin", "").await;
    assert_eq!(unknown.status, 404);
}

#[tokio::test]
async fn a_browser_is_told_until_whoever_has_it_ends_that() {
    let mut bench = bench().await;
    let before = bench.ask("GET", "/api/v1/push", "a-nurse", "").await.json();
    assert_eq!(before["subscriptions"], json!([]));
    assert_eq!(before["key"].as_str().unwrap().len(), 87);
    let id = Channels::browser_id("https://push.example/k");
    let _answering = bench.answer_commands();
    let display = bench.ask("POST", "/api/v1/push/subscriptions", "a-display", BROWSER).await;
    assert_eq!(display.status, 403);
    for (bad, field) in [
        (BROWSER.replace("https:", "ftp:"), "endpoint"),
        (BROWSER.replace("BTBZ", "BT"), "keys.auth"),
        (BROWSER.replace("BCVx", "BC"), "keys.p256dh"),
    ] {
        let refused = bench.ask("POST", "/api/v1/push/subscriptions", "a-nurse", &bad).await;
        assert_eq!(
            (refused.status, &refused.json()["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)),
            "{}",
            refused.text
        );
    }
    let path = format!("/api/v1/push/subscriptions/{id}");
    assert_eq!(bench.ask("DELETE", &path, "a-nurse", "").await.status, 404);
    bench.state.channels.add_browser(crate::store::PushRow {
        id: id.clone(),
        name: "a-nurse".to_owned(),
        endpoint: "https://push.example/k".to_owned(),
        p256dh: [4; 65],
        auth: [0; 16],
        since: Millis(0),
    });
    let after = bench.ask("GET", "/api/v1/push", "a-nurse", "").await.json();
    assert_eq!(after["subscriptions"], json!([id]));
    assert_eq!(bench.ask("DELETE", &path, "a-lead", "").await.status, 404, "another's");
}

#[tokio::test]
async fn without_a_channel_for_browsers_there_is_no_key_and_nobody_subscribes() {
    let bench = Bench::new().await;
    let shown = bench.ask("GET", "/api/v1/push", "a-nurse", "").await.json();
    assert_eq!(shown["key"], json!(null));
    let refused = bench.ask("POST", "/api/v1/push/subscriptions", "a-nurse", BROWSER).await;
    assert_eq!(refused.status, 409);
}
