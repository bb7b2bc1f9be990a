//! Others hold all places, make ids up, or leave no files: who is of use gets in all the same.

use reqwest::{Method, StatusCode};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::app::{App, PATIENCE, text};
use super::hl7::Monitor;

/// As many of our own as there may be: we play thousands.
fn raise_the_limit_of_files() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).unwrap();
    assert!(maximum.is_none_or(|most| most > 6_000), "this test needs 6,000 files: {maximum:?}");
}

async fn half_a_sign_in(app: &App) -> TcpStream {
    let mut caller = TcpStream::connect(app.http).await.unwrap();
    let head = "POST /api/v1/login HTTP/1.1\r\nhost: x\r\ncontent-length: 500\r\n\r\n{\"name\":";
    // One that gave way already is no failure.
    let _ = caller.write_all(head.as_bytes()).await;
    caller
}

#[tokio::test]
async fn four_thousand_half_sent_sign_ins_keep_nobody_out() {
    raise_the_limit_of_files();
    let app = App::start().await;
    let mut screen = app.stream().await;
    screen.until_type("snapshot").await;
    let mut half = Vec::new();
    for _ in 0..4_200 {
        half.push(half_a_sign_in(&app).await);
    }
    let rooms = timeout(PATIENCE, app.get("/api/v1/rooms")).await.unwrap();
    assert_eq!(rooms["rooms"].as_array().unwrap().len(), 4);
    let mut monitor = Monitor::connect(app.hl7, "0011223344556677").await;
    monitor.send_vitals(97, 72).await;
    screen.until_type("heartbeat").await;
}

#[tokio::test]
async fn silent_hl7_connections_and_those_that_never_ended_keep_no_monitor_out() {
    raise_the_limit_of_files();
    let app = App::start().await;
    let mut known = Monitor::connect(app.hl7, "00A0370098F00701").await;
    known.send_vitals(97, 72).await;
    let mut silent = Vec::new();
    for _ in 0..520 {
        silent.push(TcpStream::connect(app.hl7).await.unwrap());
    }
    let mut tunnels = Vec::new();
    for _ in 0..520 {
        let mut tunnel = Monitor::connect(app.hl7, "00A0370098F00702").await;
        tunnel.send_vitals(97, 72).await;
        tunnels.push(tunnel);
    }
    let mut new = Monitor::connect(app.hl7, "00A0370098F00703").await;
    new.send_vitals(96, 71).await;
    known.send_vitals(95, 70).await;
    tunnels.pop().unwrap().send_vitals(94, 70).await;
}

#[tokio::test]
async fn made_up_hl7_ids_keep_no_new_monitor_out_also_after_a_restart() {
    let mut app = App::start().await;
    let mut bound = Monitor::connect(app.hl7, "00A0370098F00701").await;
    bound.send_vitals(97, 72).await;
    app.call(Method::PUT, "/api/v1/devices/00A0370098F00701/binding", json!({"room": "1"})).await;
    let mut flood = Monitor::connect(app.hl7, "unused").await;
    let message = |n: u32| {
        format!(
            "\x0bMSH|^~\\&|Made^up||||||ORU^R01|{n}|P|2.6\rPV1||I|^^{n}\r\
             OBX|1|NM|150456^^MDC||97|%|||||F\r\x1c\r"
        )
    };
    for n in 0..4_200 {
        flood.send(message(n).as_bytes()).await;
        if n % 100 == 99 {
            for _ in 0..100 {
                flood.answer().await;
            }
        }
    }
    let listed = async |app: &App| {
        let devices = app.get("/api/v1/devices").await;
        let devices = devices["devices"].as_array().unwrap();
        devices.iter().map(|d| d["id"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    for device in ["00A0370098F00703", "00A0370098F00704"] {
        Monitor::connect(app.hl7, device).await.send_vitals(96, 71).await;
        let known = listed(&app).await;
        assert!(known.iter().any(|id| id == device) && known.len() <= 4_096, "{}", known.len());
        assert!(known.iter().any(|id| id == "00A0370098F00701"));
        assert_eq!(app.terminate(), Some(0));
        app.run().await;
    }
}

#[tokio::test]
async fn few_files_end_nobody_and_the_limit_is_raised_where_it_can_be() {
    raise_the_limit_of_files();
    let mut app = App::start().await;
    assert_eq!(app.terminate(), Some(0));
    app.run_limited("-S -n 512").await;
    let limits = std::fs::read_to_string(format!("/proc/{}/limits", app.process())).unwrap();
    let files = limits.lines().find(|line| line.starts_with("Max open files")).unwrap();
    let [soft, hard] = files.split_whitespace().skip(3).take(2).collect::<Vec<_>>()[..] else {
        panic!("{files}")
    };
    assert_eq!(soft, hard, "{files}");
    assert_eq!(app.terminate(), Some(0));

    app.run_limited("-n 400").await;
    assert!(app.log().contains("too few files open"), "{}", app.log());
    let mut silent = Vec::new();
    for n in 0..600 {
        silent.push(match n % 2 {
            0 => TcpStream::connect(app.hl7).await.unwrap(),
            _ => half_a_sign_in(&app).await,
        });
    }
    let rooms = timeout(PATIENCE, app.get("/api/v1/rooms")).await.unwrap();
    assert_eq!(rooms["rooms"].as_array().unwrap().len(), 4);
    Monitor::connect(app.hl7, "0011223344556677").await.send_vitals(97, 72).await;
    drop(silent);
    assert_eq!(app.terminate(), Some(0));
}

#[tokio::test]
async fn devices_are_listed_with_what_they_call_themselves_and_removed() {
    let mut app = App::start().await;
    let lead = app.token(&["token", "add", "lead", "--role", "lead"]);
    let mut monitor = Monitor::connect(app.hl7, "unused").await;
    for name in ["bed/1", "bed#1"] {
        let message = format!(
            "MSH|^~\\&|{name}||||||ORU^R01|{name}|P|2.6\rOBX|1|NM|150456^^MDC||97|%|||||F\r"
        );
        assert!(monitor.ask(&message).await.contains("MSA|AA|"));
    }
    let listed = |app: &App| -> Vec<Value> {
        let output = app.command(&["device", "list", "--json"], "");
        let json: Value = serde_json::from_slice(&output.stdout).unwrap();
        json["devices"].as_array().unwrap().clone()
    };
    let devices = listed(&app);
    let original = |device: &Value| device["original"].as_str().unwrap().to_owned();
    let mut originals: Vec<_> = devices.iter().map(original).collect();
    originals.sort();
    assert_eq!(originals, ["bed#1", "bed/1"]);
    let ids: Vec<_> = devices.iter().map(|d| d["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids.len(), 2);

    let path = format!("/api/v1/devices/{}", ids[0]);
    let binding = format!("{path}/binding");
    app.call(Method::PUT, &binding, json!({"room": "1"})).await;
    let nurse = app.call(Method::DELETE, &path, Value::Null).await;
    assert_eq!(nurse.0, StatusCode::FORBIDDEN);
    let (status, problem) = app.call_as(&lead, Method::DELETE, &path, Value::Null).await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");
    let refused = app.command(&["device", "remove", &ids[0]], "");
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).contains("belongs to Room 1"), "{}", text(&refused.stderr));
    app.call_as(&lead, Method::PUT, &binding, json!({"room": null, "confirm": true})).await;
    let (status, gone) = app.call_as(&lead, Method::DELETE, &path, Value::Null).await;
    assert_eq!((status, &gone["id"]), (StatusCode::OK, &json!(ids[0])));
    assert_eq!(app.terminate(), Some(0));
    let removed = app.command(&["device", "remove", &ids[1], "--json"], "");
    assert!(removed.status.success(), "{}", text(&removed.stderr));
    assert_eq!(text(&removed.stdout), format!("{{\"id\":\"{}\"}}\n", ids[1]));
    assert_eq!(listed(&app), Vec::<Value>::new());
    let again = app.command(&["device", "remove", &ids[1]], "");
    assert!(text(&again.stderr).contains("device list"), "{}", text(&again.stderr));
}

#[tokio::test]
async fn rooms_are_added_with_names_that_differ_and_removed_when_empty() {
    let app = App::start().await;
    let lead = app.token(&["token", "add", "lead", "--role", "lead"]);
    let put = async |name: &str| {
        app.call_as(&lead, Method::PUT, "/api/v1/rooms/9", json!({"name": name})).await
    };
    for (name, status) in [
        ("Gar\u{200b}den", 422),
        ("Gar\u{202e}den", 422),
        ("Gar\tden", 422),
        ("Garden\u{a0}9", 422),
        ("room  3", 409),
        ("Garden", 200),
    ] {
        let (found, json) = put(name).await;
        assert_eq!(found.as_u16(), status, "{name:?}: {json}");
    }
    let mut screen = app.stream().await;
    screen.until_type("snapshot").await;
    let remove = async |room: &str| {
        app.call_as(&lead, Method::DELETE, &format!("/api/v1/rooms/{room}"), Value::Null).await
    };
    assert_eq!(remove("3").await.0, StatusCode::CONFLICT, "it is in the configuration");
    assert_eq!(remove("9").await.0, StatusCode::OK);
    screen.until(|frame| frame["type"] == "room_removed" && frame["room"] == "9").await;
    assert_eq!(remove("9").await.0, StatusCode::NOT_FOUND);
    assert_eq!(put("Garden").await.0, StatusCode::OK, "with its record it goes on");
}
