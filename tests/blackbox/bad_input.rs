//! Any bytes on any port: a clear answer, and nobody else disturbed.

use std::net::TcpListener;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;

use super::app::{App, run, send, text};
use super::hl7::Monitor;

#[tokio::test]
async fn nonsense_on_the_hl7_port_disturbs_no_other_monitor() {
    let app = App::start().await;
    let mut good = Monitor::connect(app.hl7, "00A0370011223344").await;
    good.send_vitals(97, 75).await;
    let mut bad = Monitor::connect(app.hl7, "x").await;
    let answer = bad.ask("this is no message").await;
    assert!(answer.contains("MSA|AR") || answer.is_empty(), "{answer}");
    let mut huge = Monitor::connect(app.hl7, "x").await;
    huge.send(b"\x0bMSH|^~\\&|").await;
    let filler = vec![b'x'; 256 * 1024];
    for _ in 0..8 {
        // The server closes in the middle: that is the point.
        let mut socket = TcpStream::connect(app.hl7).await.unwrap();
        let _ = socket.write_all(&filler).await;
    }
    for noise in [&b"\x00\xff\xfe\x1c\r\x0b\x0b\x1c\x1c\r\r"[..], b"GET / HTTP/1.1\r\n\r\n"] {
        let mut socket = TcpStream::connect(app.hl7).await.unwrap();
        socket.write_all(noise).await.unwrap();
    }
    good.send_vitals(96, 75).await;
    let patient = Monitor::connect(app.hl7, "00A0370011223355").await;
    let named = "PID|||SECRET77^^^H^PI||Confidential^Person\rnonsense";
    let mut patient = patient;
    patient.ask(&patient.message(named)).await;
    let log = app.log();
    assert!(!log.contains("SECRET77") && !log.contains("Confidential"), "{log}");
}

#[tokio::test]
async fn a_message_beyond_1_mib_is_refused_and_its_sender_goes_on() {
    let app = App::start().await;
    for end in ["\r\x1c\r", ""] {
        let mut monitor = Monitor::connect(app.hl7, "00A0370011223344").await;
        let header = monitor.message("").split('\r').next().unwrap().to_owned();
        let chunk = "x".repeat(64 * 1024);
        monitor.send(format!("\x0b{header}\rNTE|1||").as_bytes()).await;
        for _ in 0..64 {
            monitor.send(chunk.as_bytes()).await;
        }
        monitor.send(end.as_bytes()).await;
        let answer = monitor.answer().await;
        assert!(answer.contains("MSA|CR|T0|the message is longer than 1 MiB"), "{answer}");
        monitor.send_vitals(97, 75).await;
    }
}

#[tokio::test]
async fn nonsense_on_the_sockets_is_answered_in_words() {
    let app = App::start().await;
    let token = app.add_device("mon-1", "1");
    let mut ingest = app.ingest(&token).await;
    ingest.say_text("nonsense".to_owned()).await;
    let answer = ingest.hear().await.unwrap();
    assert_eq!(answer["type"], "rejected");
    assert!(answer["problem"]["title"].as_str().unwrap().starts_with("not a frame"), "{answer}");
    ingest.say(json!({"type": "readings", "readings": [{"vital": "spo2", "value": 97}]})).await;
    let answer = ingest.hear().await.unwrap();
    assert!(answer["problem"].to_string().contains("seq"), "{answer}");
    let frame = json!({"type": "readings", "seq": 1, "readings": [{"vital": "spo2", "value": 97}]});
    ingest.say(frame).await;
    assert_eq!(ingest.hear().await.unwrap()["type"], "stored");

    let mut stream = app.stream().await;
    stream.until_type("snapshot").await;
    stream.say_text("{\"type\":\"hello\",".to_owned()).await;
    stream.until_type("error").await;
    stream.say(json!({"type": "ping", "sent_at": 5})).await;
    assert_eq!(stream.until_type("pong").await["sent_at"], 5);
    stream.say(json!({"type": "received", "alert": "nonsense"})).await;
    stream.say(json!({"type": "hello", "version": 2, "rooms": "all"})).await;
    let problem = stream.until_type("error").await["problem"].clone();
    assert_eq!(
        (&problem["code"], &problem["field"]),
        (&json!("unknown_version"), &json!("version"))
    );
    stream.say(json!({"type": "hello", "version": 1, "rooms": ["3", "nowhere"]})).await;
    let problem = stream.until_type("error").await["problem"].clone();
    assert_eq!(problem["title"], "there is no room \"nowhere\"");
    assert_eq!((&problem["status"], &problem["field"]), (&json!(404), &json!("rooms")));
    let rooms = stream.until_type("snapshot").await["rooms"].clone();
    assert_eq!(rooms.as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn every_route_answers_bad_requests_with_a_problem() {
    let app = App::start().await;
    let bad: [(Method, &str, Value, u16); 11] = [
        (Method::GET, "/api/v1/nowhere", Value::Null, 404),
        (Method::GET, "/api/v1/rooms/99", Value::Null, 404),
        (Method::GET, "/api/v1/sessions/none", Value::Null, 404),
        (Method::GET, "/api/v1/sessions/none/readings", Value::Null, 404),
        (Method::GET, "/api/v1/devices/mon-1/readings?from=yesterday", Value::Null, 400),
        (Method::POST, "/api/v1/rooms/1/sessions", json!({"patient": 7}), 422),
        (
            Method::POST,
            "/api/v1/rooms/1/sessions",
            json!({"patient": {"initials": "A"}, "profile": "x"}),
            404,
        ),
        (Method::POST, "/api/v1/alerts/none/acknowledge", json!({}), 404),
        (Method::POST, "/api/v1/alerts/none/silence", json!({"seconds": "long"}), 422),
        (Method::DELETE, "/api/v1/rooms", json!({}), 405),
        (Method::PUT, "/api/v1/devices/mon%201/binding", json!({"room": "1"}), 400),
    ];
    for (method, path, body, status) in bad {
        let (answered, problem) = app.call(method.clone(), path, body).await;
        assert_eq!(answered.as_u16(), status, "{method} {path}: {problem}");
        assert_eq!(problem["status"], status, "{method} {path}: {problem}");
        assert!(problem["title"].is_string(), "{method} {path}: {problem}");
    }
    let client = reqwest::Client::new();
    let post = client.post(app.url("/api/v1/rooms/1/sessions")).bearer_auth(&app.program_token);
    let answer = send(post.header("Content-Type", "application/json").body("{")).await;
    assert!(answer.status.is_client_error());
    let kind = answer.headers["content-type"].to_str().unwrap().to_owned();
    assert_eq!(kind, "application/problem+json");
    let huge = client.post(app.url("/api/v1/rooms/1/sessions")).bearer_auth(&app.program_token);
    let answer = huge.json(&json!({"x": "y".repeat(2 << 20)})).send().await;
    assert!(answer.is_err() || answer.unwrap().status() == StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn a_port_that_is_taken_and_a_folder_that_cannot_be_written_are_one_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("dripwatch.toml");
    let serve = |listen: &str, data_dir: &str| {
        let text = format!("[server]\nlisten = \"{listen}\"\ndata_dir = {data_dir:?}\n");
        std::fs::write(&config, text).unwrap();
        run(&["serve", "--config", config.to_str().unwrap()])
    };
    let data = folder.path().join("data");
    let output = serve(&taken.local_addr().unwrap().to_string(), data.to_str().unwrap());
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("another program"), "{said}");
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let output = serve("127.0.0.1:0", file.join("data").to_str().unwrap());
    assert_eq!(output.status.code(), Some(1));
    let said = text(&output.stderr);
    assert!(said.contains("data") && !said.contains("RUST_BACKTRACE"), "{said}");
}

#[tokio::test]
async fn a_bad_configuration_names_every_problem_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("bad.toml");
    let text_of_it =
        "[server]\nlisten = \"nowhere\"\ncolour = \"red\"\n[[rooms]]\nid = \"a b\"\nname = \"A\"\n";
    std::fs::write(&config, text_of_it).unwrap();
    for args in [["check-config", "--config"], ["serve", "--config"]] {
        let output = run(&[args[0], args[1], config.to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(64), "{args:?}");
        let said = text(&output.stdout) + &text(&output.stderr);
        for line in ["bad.toml:2", "bad.toml:3", "bad.toml:5"] {
            assert!(said.contains(line), "{args:?}: {said}");
        }
    }
}
