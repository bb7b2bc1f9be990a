//! Monitors outside the process that speak the contract.

use std::process::Command;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};

use super::app::{App, examples, in_time, output, text};

#[tokio::test]
async fn frames_are_answered_in_their_order_and_parts_of_them_refused_by_name() {
    let app = App::start().await;
    let token = app.add_device("mon-1", "1");
    let mut socket = app.ingest(&token).await;
    let frames = [
        json!({"type": "readings", "seq": 17, "readings": [{"vital": "spo2", "value": 97}]}),
        json!({"type": "status", "seq": 18, "vital": "spo2", "status": "sensor_off"}),
        json!({"type": "readings", "seq": 19, "readings": [
            {"vital": "spo2", "value": 130}, {"vital": "pulse_rate", "value": 72}]}),
        json!({"type": "readings", "seq": 20, "readings": [{"vital": "spo2", "value": 130}]}),
        json!({"type": "readings", "seq": 21, "readings": [{"vital": "spo2", "value": 96.5}]}),
    ];
    let lines: Vec<_> = frames.iter().map(Value::to_string).collect();
    socket.say_text(lines.join("\n")).await;
    let mut answers: Vec<Value> = Vec::new();
    while answers.last().is_none_or(|answer| answer["seq"] != 21) {
        answers.push(socket.hear().await.unwrap());
    }
    let seqs: Vec<_> = answers.iter().map(|answer| answer["seq"].as_u64().unwrap()).collect();
    assert!(seqs.is_sorted(), "{answers:?}");
    let of = |seq: u64| answers.iter().find(|answer| answer["seq"] == seq).unwrap();
    assert_eq!(of(19)["type"], "stored");
    assert_eq!(of(19)["problems"][0]["title"], "spo2 must be 1..=100, got 130");
    assert_eq!(of(19)["problems"][0]["field"], "readings[0].value");
    assert_eq!(of(20)["type"], "rejected");
    let refused = "no usable reading: spo2 must be 1..=100, got 130";
    assert_eq!(of(20)["problem"]["title"], refused);
    let room = app.get("/api/v1/rooms/1").await;
    assert_eq!(room["vitals"]["spo2"]["value"], 96.5);
}

#[tokio::test]
async fn each_accepted_frame_is_one_vitals_frame_in_order_with_its_time_unchanged() {
    let app = App::start().await;
    let token = app.add_device("mon-1", "1");
    let mut stream = app.stream().await;
    stream.until_type("snapshot").await;
    let mut socket = app.ingest(&token).await;
    let at = |seq: i64| 1_795_262_400_000 + seq * 1_000;
    for seq in 1..=50 {
        let readings = json!([{"vital": "spo2", "value": 90 + seq % 10}]);
        let frame = json!({"type": "readings", "seq": seq, "sent_at": at(seq), "taken_at": at(seq), "readings": readings});
        socket.say(frame).await;
    }
    let mut rev = 0;
    for seq in 1..=50 {
        let frame = stream.until_type("vitals").await;
        assert_eq!(frame["taken_at"], at(seq));
        assert_eq!(frame["readings"][0]["value"], 90 + seq % 10);
        assert!(frame["rev"].as_i64().unwrap() > rev);
        rev = frame["rev"].as_i64().unwrap();
    }
}

#[tokio::test]
async fn a_new_socket_of_a_device_replaces_the_old_one() {
    let app = App::start().await;
    let token = app.add_device("mon-1", "1");
    let mut old = app.ingest(&token).await;
    let frame = |seq: u64| json!({"type": "readings", "seq": seq, "readings": [{"vital": "spo2", "value": 97}]});
    old.say(frame(1)).await;
    assert_eq!(old.hear().await.unwrap()["seq"], 1);
    let mut new = app.ingest(&token).await;
    new.say(frame(1)).await;
    assert_eq!(new.hear().await.unwrap()["type"], "stored");
    assert!(old.hear().await.is_none());
    let history = app.get("/api/v1/devices/mon-1/readings").await;
    let count = history["readings"].as_array().unwrap().len();
    assert_eq!(count, 2, "without a boot, a new socket that starts again at 1 loses nothing");
}

#[tokio::test]
async fn one_frame_can_be_posted_and_the_same_again_is_stored_once() {
    let app = App::start().await;
    let token = app.add_device("mon-1", "1");
    let spo2 = || json!([{"vital": "spo2", "value": 97}]);
    for _ in 0..2 {
        let (status, answer) = app.reading(&token, 7, spo2()).await;
        assert_eq!((status, &answer["type"]), (StatusCode::OK, &json!("stored")));
    }
    let (status, answer) = app.reading(&token, 8, json!([{"vital": "spo2", "value": 0}])).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer["type"], "rejected");
    let history = app.get("/api/v1/devices/mon-1/readings").await;
    assert_eq!(history["readings"].as_array().unwrap().len(), 1);
    let (status, _) = app.reading("wrong", 9, spo2()).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_new_token_ends_the_old_one() {
    let app = App::start().await;
    let old = app.add_device("mon-1", "1");
    let new = app.add_device("mon-1", "2");
    let spo2 = || json!([{"vital": "spo2", "value": 97}]);
    assert_eq!(app.reading(&old, 1, spo2()).await.0, StatusCode::UNAUTHORIZED);
    assert_eq!(app.reading(&new, 1, spo2()).await.0, StatusCode::OK);
    assert_eq!(app.get("/api/v1/rooms/2").await["vitals"]["spo2"]["value"], 97);
}

#[tokio::test]
async fn the_adapter_in_python_needs_only_the_contract() {
    if Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: there is no python3");
        return;
    }
    let app = App::start().await;
    let token = app.add_device("mon-1", "1");
    let mut command = Command::new("python3");
    command.arg(examples().join("monitor_adapter.py"));
    command.args(["--url", &format!("http://{}", app.http), "--token", &token]);
    let done = tokio::task::spawn_blocking(move || output(command, "97 72\n96 73 128 82\n"));
    let done = done.await.unwrap();
    assert!(done.status.success(), "{}{}", text(&done.stdout), text(&done.stderr));
    let vitals = &app.get("/api/v1/rooms/1").await["vitals"];
    assert_eq!(vitals["spo2"]["value"], 96);
    assert_eq!(vitals["nibp"]["systolic"], 128);
}

#[tokio::test]
async fn two_boxes_with_one_token_are_a_conflict_and_feed_no_room() {
    let app = App::start().await;
    let token = app.add_device("mon-1", "1");
    let mut sockets = [app.ingest(&token).await, app.ingest(&token).await];
    for turn in 0..8 {
        let mine = turn % 2;
        let value = [97, 84][mine];
        // Its end of the socket is closed in answer, and it comes again.
        if sockets[mine].hear_within(std::time::Duration::from_millis(100)).await.is_none() {
            sockets[mine] = app.ingest(&token).await;
        }
        let readings = json!([{"vital": "spo2", "value": value}]);
        sockets[mine].say(json!({"type": "readings", "seq": turn, "readings": readings})).await;
        sockets[mine].hear().await;
    }
    let conflict = async || {
        let alerts = app.get("/api/v1/alerts?state=open&room=1").await;
        let alerts = alerts["alerts"].as_array().unwrap().clone();
        alerts.iter().any(|alert| alert["condition"] == "device_conflict")
    };
    assert!(conflict().await);
    let device = app.get("/api/v1/devices").await["devices"][0].clone();
    assert_eq!(device["conflict"], true);
}

#[tokio::test]
async fn a_monitor_whose_old_sockets_are_dead_is_no_conflict() {
    let app = App::start().await;
    let token = app.add_device("mon-1", "1");
    // Nobody reads them any more, as after a cable was pulled.
    let mut dead = Vec::new();
    for seq in 0..8 {
        let mut socket = app.ingest(&token).await;
        let readings = json!([{"vital": "spo2", "value": 97}]);
        socket.say(json!({"type": "readings", "seq": seq, "readings": readings})).await;
        assert_eq!(socket.hear().await.unwrap()["type"], "stored");
        dead.push(socket);
    }
    let alerts = app.get("/api/v1/alerts?state=open").await;
    assert_eq!(alerts["alerts"], json!([]));
    let device = app.get("/api/v1/devices").await["devices"][0].clone();
    assert_eq!(device["conflict"], false);
}

#[tokio::test]
async fn a_vital_of_its_own_is_told_back_and_shown_at_the_device() {
    let app = App::start().await;
    let token = app.add_device("mon-1", "1");
    let mut socket = app.ingest(&token).await;
    let glucose = json!({"vital": "glucose", "value": 5.1, "unit": "mmol/L"});
    let frame =
        |seq: u64, readings: Value| json!({"type": "readings", "seq": seq, "readings": readings});
    socket.say(frame(1, json!([glucose]))).await;
    assert_eq!(socket.hear().await.unwrap()["type"], "rejected");
    socket.say(frame(2, json!([glucose, {"vital": "spo2", "value": 97}]))).await;
    assert_eq!(socket.hear().await.unwrap()["type"], "stored");
    let device = app.get("/api/v1/devices").await["devices"][0].clone();
    let listed = device["not_understood"].as_array().unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!((&listed[0]["code"], &listed[0]["unit"]), (&json!("glucose"), &json!("mmol/L")));
    assert_eq!(listed[0]["count"], 2);
    assert_eq!(device["latest"].as_array().unwrap().len(), 1);
}

/// A client of the stream that a stranger could have written from `docs/stream.md`.
#[tokio::test]
async fn the_dashboard_in_python_shows_values_and_alerts_and_comes_back_after_a_restart() {
    if Command::new("python3").arg("--version").output().is_err() {
        println!("skipped: there is no python3");
        return;
    }
    let mut app = App::start().await;
    let token = app.add_device("mon-1", "1");
    app.infuse("1").await;
    let file = app.folder.path().join("token");
    std::fs::write(&file, app.token(&["token", "add", "wall", "--role", "display"])).unwrap();
    let dashboard = examples().join("dashboard.py");
    let lines = std::fs::read_to_string(&dashboard).unwrap().lines().count();
    assert!(lines <= 80, "{lines} lines are no example any more");
    let mut command = tokio::process::Command::new("python3");
    command.arg(dashboard).arg(app.url("")).arg(&file).kill_on_drop(true);
    let mut shown = command.stdout(std::process::Stdio::piped()).spawn().unwrap();
    let mut lines = BufReader::new(shown.stdout.take().unwrap()).lines();
    let mut until = async |words: &str| loop {
        let line = in_time(lines.next_line()).await.unwrap().expect("the dashboard ended");
        if line.contains(words) {
            return line;
        }
    };
    until("Room 4: nothing yet").await;
    app.reading(&token, 1, json!([{"vital": "spo2", "value": 97}])).await;
    until("Room 1: spo2 97").await;
    let low = json!([{"vital": "spo2", "value": 79}]);
    for seq in 2..80 {
        app.reading(&token, seq, low.clone()).await;
        let alerts = app.get("/api/v1/alerts?state=open&room=1").await["alerts"].clone();
        if alerts.as_array().unwrap().iter().any(|alert| alert["condition"] == "spo2_low") {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(500)).await;
    }
    let line = until("SpO2 low").await;
    assert!(line.starts_with("Room 1: ") && line.contains("spo2 79"), "{line}");
    app.kill();
    until("NOT LIVE").await;
    app.run().await;
    until("Room 1: ").await;
}
