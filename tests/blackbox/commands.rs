//! The command line, beside a running server and without one.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::app::{App, first_line, get, run, send, text};
use super::contract;

#[tokio::test]
async fn commands_take_effect_beside_a_running_server_and_without_one() {
    let mut app = App::start().await;
    app.add_staff("KM", "nurse", "correct horse");
    let sign_in = async |app: &App| {
        let body = json!({"name": "KM", "password": "correct horse"});
        send(reqwest::Client::new().post(app.url("/api/v1/login")).json(&body)).await
    };
    assert_eq!(sign_in(&app).await.status, StatusCode::OK);
    assert_eq!(app.terminate(), Some(0));
    let token = app.add_device("mon-9", "4");
    app.add_staff("TJ", "lead", "battery staple");
    app.run().await;
    assert_eq!(sign_in(&app).await.status, StatusCode::OK);
    let spo2 = json!([{"vital": "spo2", "value": 97}]);
    assert_eq!(app.reading(&token, 1, spo2).await.0, StatusCode::OK);
    assert_eq!(app.get("/api/v1/rooms/4").await["vitals"]["spo2"]["value"], 97);
}

#[tokio::test]
async fn many_devices_are_added_from_a_file() {
    let app = App::start().await;
    let list = app.folder.path().join("devices.txt");
    std::fs::write(&list, "mon-1 1\nmon-2 2\n").unwrap();
    let printed = app.token(&["device", "add", "--from", list.to_str().unwrap()]);
    let lines: Vec<Vec<&str>> =
        printed.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!((lines[0][0], lines[1][0], lines.len()), ("mon-1", "mon-2", 2));
    let spo2 = || json!([{"vital": "spo2", "value": 97}]);
    assert_eq!(app.reading(lines[1][1], 1, spo2()).await.0, StatusCode::OK);
    let unknown = app.command(&["device", "add", "mon-3", "--room", "77"], "");
    assert_eq!(unknown.status.code(), Some(1));
    assert!(text(&unknown.stderr).contains("77"), "{}", text(&unknown.stderr));
}

#[tokio::test]
async fn sessions_are_listed_exported_and_replayed() {
    let app = App::start().await;
    let token = app.add_device("mon-1", "1");
    let session = app.infuse("1").await;
    let nibp = json!([{"vital": "nibp", "systolic": 204, "diastolic": 112}]);
    app.reading(&token, 1, nibp).await;
    let alert = format!("{session}-a1");
    app.post(&format!("/api/v1/alerts/{alert}/acknowledge"), json!({})).await;
    let listed: Value = serde_json::from_str(&app.token(&["sessions", "--json"])).unwrap();
    assert_eq!(listed["sessions"][0]["id"], session.as_str());
    let file = app.folder.path().join("s.ndjson.zst");
    let file = file.to_str().unwrap();
    let exported = app.command(&["export", &session, "-o", file], "");
    assert!(exported.status.success(), "{}", text(&exported.stderr));
    let replayed = run(&["replay", file, "--json"]);
    assert!(replayed.status.success(), "{}", text(&replayed.stderr));
    let lines: Vec<Value> =
        text(&replayed.stdout).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 2);
    let keys: Vec<_> = lines[0].as_object().unwrap().keys().map(String::as_str).collect();
    let mut contract = [
        "at",
        "room",
        "alert",
        "condition",
        "priority",
        "state",
        "acknowledged",
        "silenced_until",
        "value",
        "limit",
    ];
    contract.sort_unstable();
    assert_eq!(keys, contract);
    assert_eq!((&lines[0]["alert"], &lines[0]["value"]), (&json!("a1"), &json!(204)));
    let live = app.get(&format!("/api/v1/alerts/{alert}")).await;
    assert_eq!(lines[0]["at"], live["raised_at"]);
    assert_eq!(lines[1]["acknowledged"], live["acknowledged"]);
    let verified = run(&["replay", file, "--verify"]);
    assert!(verified.status.success(), "{}", text(&verified.stderr));
    let (status, over_http) = app
        .call(Method::GET, &format!("/api/v1/sessions/{session}/recording.ndjson"), Value::Null)
        .await;
    assert_eq!(status, StatusCode::OK);
    let over_http = over_http.as_str().unwrap();
    assert_eq!(over_http.lines().filter(|line| line.contains("\"alert\"")).count(), 2);
}

#[tokio::test]
async fn the_demo_prints_where_it_is_and_who_may_sign_in_and_leaves_nothing_behind() {
    let mut child = std::process::Command::new(super::app::BIN)
        .args(["demo", "--listen", "127.0.0.1:0", "--rooms", "8", "--seed", "7", "--json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    let line = first_line(child.stdout.take().unwrap());
    let demo: Value = serde_json::from_str(&line).unwrap();
    let url = demo["url"].as_str().unwrap();
    let nurse = demo["accounts"].as_array().unwrap().iter().find(|a| a["role"] == "nurse").unwrap();
    let body = json!({"name": nurse["name"], "password": nurse["password"]});
    let client = reqwest::Client::new();
    contract::set(&get(format!("{url}/api/openapi.json")).await.text);
    let signed_in = send(client.post(format!("{url}/api/v1/login")).json(&body)).await;
    assert_eq!(signed_in.status, StatusCode::OK);
    let token = demo["api_token"].as_str().unwrap();
    let read = async |path: &str| {
        send(client.get(format!("{url}/api/v1/{path}")).bearer_auth(token)).await.json()
    };
    // It opens in mid-morning, and says what to try.
    let rooms = read("rooms").await;
    let phase = |room: usize| rooms["rooms"][room - 1]["session"]["phase"].clone();
    assert_eq!(
        (phase(5), phase(6), phase(8)),
        (json!("held"), json!("ready_to_leave"), json!(null))
    );
    let finished = read("sessions?state=ended").await;
    assert_eq!(finished["sessions"].as_array().unwrap().len(), 3);
    let captions = read("demo").await["captions"].clone();
    assert!(captions[0]["text"].as_str().unwrap().contains("desaturates"), "{captions}");
    assert!(captions.as_array().unwrap().len() >= 12, "{captions}");
    let opened = captions[0]["at"].as_i64().unwrap();
    let mut seen: Vec<String> = Vec::new();
    // Within a minute: a desaturation, a rise in pressure, a probe that came off.
    for _ in 0..75 {
        let alerts = client.get(format!("{url}/api/v1/alerts?state=all")).bearer_auth(token);
        let alerts = send(alerts).await.json();
        seen = alerts["alerts"]
            .as_array()
            .unwrap()
            .iter()
            // What was over before it opened is of the morning.
            .filter(|alert| alert["ended_at"].as_i64().is_none_or(|ended| ended >= opened))
            .map(|alert| {
                format!(
                    "{} {}",
                    alert["room"].as_str().unwrap(),
                    alert["condition"].as_str().unwrap()
                )
            })
            .collect();
        let has = |what: &str| seen.iter().any(|known| known == what);
        if has("2 spo2_low") && has("3 systolic_high") && has("4 spo2_no_value") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    seen.sort();
    seen.dedup();
    // Nobody has opened a screen, and the rooms in session say so.
    let unwatched: Vec<String> = seen.extract_if(.., |one| one.ends_with(" unwatched")).collect();
    assert!(unwatched.contains(&"1 unwatched".to_owned()), "{unwatched:?}");
    assert_eq!(seen, ["2 spo2_falling", "2 spo2_low", "3 systolic_high", "4 spo2_no_value"]);
    let killed = std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
}
