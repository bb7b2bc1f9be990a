//! A clinic of two rooms against a small server that says no in every way the contract allows.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use simulators::clinic::{self, ClinicOptions};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio_tungstenite::tungstenite::Message;

#[derive(Debug)]
enum Heard {
    Call { is_second: bool, method: String, path: String, body: Value, status: u16 },
    Frame(Value),
    Hl7(String),
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound");
    (listener, address)
}

/// What changes in the server.
struct House {
    /// Room 2 still has the session that somebody left.
    left_open: AtomicBool,
    /// Somebody has looked at room 4.
    is_visited: AtomicBool,
}

/// HTTP calls and ingest sockets, told apart by their first line.
async fn serve_http(listener: TcpListener, heard: UnboundedSender<Heard>) {
    let house = Arc::new(House { left_open: true.into(), is_visited: false.into() });
    loop {
        let (stream, _) = listener.accept().await.expect("the listener lives");
        let (heard, house) = (heard.clone(), house.clone());
        tokio::spawn(async move {
            let mut first = [0; 24];
            let peeked = stream.peek(&mut first).await.unwrap_or(0);
            if first[..peeked].starts_with(b"GET /api/v1/ingest ") {
                ingest(stream, heard).await;
            } else {
                answer_call(stream, heard, house).await;
            }
        });
    }
}

async fn ingest(stream: TcpStream, heard: UnboundedSender<Heard>) {
    let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await else {
        return;
    };
    while let Some(Ok(message)) = socket.next().await {
        let Ok(text) = message.into_text() else {
            return;
        };
        let Ok(frame) = serde_json::from_str::<Value>(&text) else {
            return;
        };
        let answer = json!({"type": "stored", "seq": frame["seq"]}).to_string();
        let _ = heard.send(Heard::Frame(frame));
        if socket.send(Message::text(answer)).await.is_err() {
            return;
        }
    }
}

async fn answer_call(mut stream: TcpStream, heard: UnboundedSender<Heard>, house: Arc<House>) {
    let mut request = Vec::new();
    let head_end = loop {
        if let Some(at) = request.windows(4).position(|bytes| bytes == b"\r\n\r\n") {
            break at + 4;
        }
        if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return;
        }
    };
    let head = String::from_utf8_lossy(&request[..head_end]).to_lowercase();
    let is_second = head.contains("authorization: bearer second-token");
    assert!(is_second || head.contains("authorization: bearer staff-token"), "{head}");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.and_then(|length| length.parse().ok()).unwrap_or(0);
    while request.len() < head_end + length {
        if stream.read_buf(&mut request).await.unwrap_or(0) == 0 {
            return;
        }
    }
    let first_line = String::from_utf8_lossy(&request[..head_end]).into_owned();
    let mut words = first_line.split_whitespace().map(str::to_owned);
    let (method, path) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let body = serde_json::from_slice(&request[head_end..]).unwrap_or(Value::Null);
    let (status, reply) = judge(&method, &path, &body, &house);
    let _ = heard.send(Heard::Call { is_second, method, path, body, status });
    let reply = reply.to_string();
    let reply = format!(
        "HTTP/1.1 {status} X\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\
         connection: close\r\n\r\n{reply}",
        reply.len()
    );
    let _ = stream.write_all(reply.as_bytes()).await;
}

/// Room 3 has a patient of somebody's own from the beginning, room 4 gets one before the simulated
/// one comes, and in room 5 somebody takes the next step.
fn judge_people(method: &str, path: &str, house: &House) -> Option<(u16, Value)> {
    let entry = |n: u64, kind: &str, by: &str| json!({"n": n, "type": kind, "by": by});
    let answer = match (method, path) {
        ("GET", "/api/v1/me") => (200, json!({"initials": "SIM"})),
        ("GET", "/api/v1/rooms/3") => (200, json!({"session": {"id": "s-3"}})),
        ("GET", "/api/v1/sessions/s-3") => (200, json!({"events": [entry(1, "open", "KM")]})),
        // Empty when the staff come, and not when they want to begin.
        ("GET", "/api/v1/rooms/4") if !house.is_visited.swap(true, Ordering::SeqCst) => {
            (200, json!({"session": null}))
        }
        ("GET", "/api/v1/rooms/4") => (200, json!({"session": {"id": "s-4"}})),
        ("POST", "/api/v1/rooms/3/sessions" | "/api/v1/rooms/4/sessions") => {
            (409, json!({"title": "the room has a session"}))
        }
        ("POST", "/api/v1/rooms/5/sessions") => (201, json!({"id": "s-5"})),
        ("GET", "/api/v1/sessions/s-5") => (
            200,
            json!({"events": [
                entry(1, "open", "SIM"), entry(2, "symptom", "KM"), entry(3, "screening", "KM")]}),
        ),
        _ => return None,
    };
    Some(answer)
}

/// Room 1's gate asks for a reason, and room 2 knows nothing of the past and has a session open
/// that somebody left.
fn judge(method: &str, path: &str, body: &Value, house: &House) -> (u16, Value) {
    if let Some(answer) = judge_people(method, path, house) {
        return answer;
    }
    match (method, path) {
        ("GET", "/api/v1/rooms/2") => (200, json!({"id": "2", "session": {"id": "s-0"}})),
        ("POST", "/api/v1/sessions/s-0/events") if body["type"] == "abort" => {
            house.left_open.store(false, Ordering::SeqCst);
            (200, json!({}))
        }
        ("POST", "/api/v1/rooms/2/sessions") if house.left_open.load(Ordering::SeqCst) => {
            (409, json!({"title": "room 2 has a session"}))
        }
        ("GET", "/api/v1/sessions/s-1") => (200, form()),
        ("POST", "/api/v1/rooms/1/sessions") => (201, json!({"id": "s-1"})),
        ("POST", "/api/v1/rooms/2/sessions") => (201, json!({"id": "s-2"})),
        ("POST", "/api/v1/sessions/s-1/events")
            if body["type"] == "start" && body["override"].is_null() =>
        {
            (409, json!({"title": "the order is missing"}))
        }
        ("POST", "/api/v1/sessions/s-2/events") if !body["occurred_at"].is_null() => {
            (422, json!({"title": "occurred_at is not known"}))
        }
        _ => (200, json!({})),
    }
}

/// What room 1's session asks of people, and what it measures itself.
fn form() -> Value {
    let item = |name: &str, measured: bool| json!({"name": name, "measured": measured});
    json!({"id": "s-1", "gates": [
        {"step": "screening", "items": [item("heart", false), item("liver", false)]},
        {"step": "start", "items": [
            item("no_hold", true), item("order", false), item("second_check", false),
            item("kit", false)]},
    ]})
}

/// Answers every MLLP message with CA.
async fn serve_hl7(listener: TcpListener, heard: UnboundedSender<Heard>) {
    loop {
        let (mut stream, _) = listener.accept().await.expect("the listener lives");
        let heard = heard.clone();
        tokio::spawn(async move {
            let mut received = Vec::new();
            while stream.read_buf(&mut received).await.unwrap_or(0) > 0 {
                while let Some(end) = received.windows(2).position(|bytes| bytes == [0x1C, 0x0D]) {
                    let message = String::from_utf8_lossy(&received[1..end]).into_owned();
                    received.drain(..end + 2);
                    let control_id = message.split('|').nth(9).unwrap_or_default().to_owned();
                    let _ = heard.send(Heard::Hl7(message));
                    let ack = format!("\x0BMSH|^~\\&|TEST\rMSA|CA|{control_id}\r\x1C\r");
                    if stream.write_all(ack.as_bytes()).await.is_err() {
                        return;
                    }
                }
            }
        });
    }
}

/// Everything heard until `enough` says so.
async fn hear(
    heard: &mut UnboundedReceiver<Heard>,
    mut enough: impl FnMut(&[Heard]) -> bool,
) -> Vec<Heard> {
    let mut all = Vec::new();
    while !enough(&all) {
        let next = tokio::time::timeout(Duration::from_secs(20), heard.recv()).await;
        all.push(next.expect("the clinic goes on").expect("the server lives"));
    }
    all
}

fn calls<'a>(heard: &'a [Heard], path: &str) -> Vec<(&'a str, &'a Value, u16)> {
    let of_path = |heard: &'a Heard| match heard {
        Heard::Call { method, path: called, body, status, .. } if called == path => {
            Some((method.as_str(), body, *status))
        }
        _ => None,
    };
    heard.iter().filter_map(of_path).collect()
}

#[tokio::test]
async fn two_rooms_are_bound_opened_and_started_and_both_monitors_speak() {
    let (http, http_address) = listen().await;
    let (hl7, hl7_address) = listen().await;
    let (tell, mut heard) = unbounded_channel();
    tokio::spawn(serve_http(http, tell.clone()));
    tokio::spawn(serve_hl7(hl7, tell));
    let clinic = tokio::spawn(clinic::run(ClinicOptions {
        base_url: format!("http://{http_address}"),
        hl7: hl7_address,
        api_token: "staff-token".to_owned(),
        second_token: None,
        device_tokens: vec![("sim-2".to_owned(), "device-token".to_owned())],
        rooms: 2,
        seed: 1,
        speed: 20.0,
        chance: false,
    }));

    let heard = hear(&mut heard, |heard| {
        let frames = heard.iter().filter(|heard| matches!(heard, Heard::Frame(_))).count();
        let messages = heard.iter().filter(|heard| matches!(heard, Heard::Hl7(_))).count();
        let (one, two) = ("/api/v1/sessions/s-1/events", "/api/v1/sessions/s-2/events");
        frames >= 20
            && messages >= 20
            && calls(heard, one).len() >= 4
            && calls(heard, two).len() >= 6
    })
    .await;
    clinic.abort();

    let bound = calls(&heard, "/api/v1/devices/sim-2/binding");
    assert_eq!(bound, [("PUT", &json!({"room": "2"}), 200)]);
    let bound = calls(&heard, "/api/v1/devices/0253494D00000001/binding");
    assert_eq!(bound, [("PUT", &json!({"room": "1"}), 200)]);
    let opened = calls(&heard, "/api/v1/rooms/1/sessions")[0].1;
    assert_eq!(
        (&opened["profile"], &opened["planned_s"]),
        (&json!("ketamine-iv-adult"), &json!(2400))
    );
    assert!(opened["patient"]["weight_kg"].as_f64().is_some_and(|kg| (40.0..120.0).contains(&kg)));

    let statuses: Vec<u16> =
        calls(&heard, "/api/v1/rooms/2/sessions").iter().map(|(_, _, status)| *status).collect();
    assert_eq!(statuses, [409, 201]);
    let named = |heard: &Heard| match heard {
        Heard::Hl7(message) => message.contains("|0253494D00000001^^0253494D00000001^EUI-64"),
        _ => true,
    };
    assert!(heard.iter().all(named));

    let one = calls(&heard, "/api/v1/sessions/s-1/events");
    assert_eq!((&one[0].1["type"], one[0].2), (&json!("check_in"), 200));
    assert_eq!((&one[1].1["type"], one[1].2), (&json!("accept_baseline"), 200));
    assert!(one[1].1["occurred_at"].is_i64() && one[1].1["systolic"].is_i64());
    assert_eq!((&one[2].1["type"], one[2].2), (&json!("start"), 409));
    assert_eq!((&one[3].1["type"], one[3].2), (&json!("start"), 200));
    assert!(one[3].1["override"]["reason"].is_string());
    let two: Vec<(Value, u16)> = calls(&heard, "/api/v1/sessions/s-2/events")
        .into_iter()
        .map(|(_, event, status)| (json!([event["type"], event["occurred_at"].is_i64()]), status))
        .collect();
    for (index, kind) in ["check_in", "accept_baseline", "start"].into_iter().enumerate() {
        assert_eq!(two[2 * index], (json!([kind, true]), 422));
        assert_eq!(two[2 * index + 1], (json!([kind, false]), 200));
    }

    let sequence: Vec<u64> = heard
        .iter()
        .filter_map(|heard| match heard {
            Heard::Frame(frame) => frame["seq"].as_u64(),
            _ => None,
        })
        .collect();
    assert!(sequence.iter().copied().eq(1..=sequence.len() as u64), "{sequence:?}");
}

#[tokio::test]
async fn what_the_form_asks_is_answered_and_a_dose_is_checked_by_another_person() {
    let (http, http_address) = listen().await;
    let (hl7, hl7_address) = listen().await;
    let (tell, mut heard) = unbounded_channel();
    tokio::spawn(serve_http(http, tell.clone()));
    tokio::spawn(serve_hl7(hl7, tell));
    let clinic = tokio::spawn(clinic::run(ClinicOptions {
        base_url: format!("http://{http_address}"),
        hl7: hl7_address,
        api_token: "staff-token".to_owned(),
        second_token: Some("second-token".to_owned()),
        device_tokens: Vec::new(),
        rooms: 1,
        seed: 1,
        speed: 1.0,
        chance: false,
    }));
    let events = "/api/v1/sessions/s-1/events";
    let heard = hear(&mut heard, |heard| {
        calls(heard, events)
            .iter()
            .any(|(_, event, status)| event["type"] == "start" && *status < 300)
    })
    .await;
    clinic.abort();

    let entered: Vec<(&Value, bool)> = heard
        .iter()
        .filter_map(|heard| match heard {
            Heard::Call { is_second, path, body, .. } if path == events => Some((body, *is_second)),
            _ => None,
        })
        .collect();
    let types: Vec<_> = entered.iter().filter_map(|(event, _)| event["type"].as_str()).collect();
    assert_eq!(
        types,
        ["check_in", "screening", "accept_baseline", "order", "check", "check", "start", "start"]
    );
    assert_eq!(entered[0].0["identifiers"], json!(["name", "birth_date"]));
    assert_eq!(entered[1].0["answers"], json!({"heart": false, "liver": false}));
    assert_eq!((&entered[4].0["item"], entered[4].1), (&json!("second_check"), true));
    assert_eq!((&entered[5].0["item"], entered[5].1), (&json!("kit"), false));
    assert_eq!(entered.iter().filter(|(_, is_second)| *is_second).count(), 1);
    // It began before the monitor was connected: that is why, and nothing else is.
    let reason = entered[7].0["override"]["reason"].as_str();
    assert_eq!(reason, Some("simulated: this was before the monitor was connected"));
}

#[tokio::test]
async fn what_people_do_is_left_to_them() {
    let (http, http_address) = listen().await;
    let (hl7, hl7_address) = listen().await;
    let (tell, mut heard) = unbounded_channel();
    tokio::spawn(serve_http(http, tell.clone()));
    tokio::spawn(serve_hl7(hl7, tell));
    let token = |id: &str| (id.to_owned(), "device-token".to_owned());
    let clinic = tokio::spawn(clinic::run(ClinicOptions {
        base_url: format!("http://{http_address}"),
        hl7: hl7_address,
        api_token: "staff-token".to_owned(),
        second_token: Some("second-token".to_owned()),
        device_tokens: vec![token("sim-2"), token("sim-4")],
        rooms: 5,
        seed: 1,
        speed: 20.0,
        chance: false,
    }));
    let opened = |heard: &[Heard], room: &str| {
        !calls(heard, &format!("/api/v1/rooms/{room}/sessions")).is_empty()
    };
    // In each of the rooms several steps are due at once, since they were before second 0.
    let heard = hear(&mut heard, |heard| {
        ["3", "4", "5"].iter().all(|room| opened(heard, room))
            && calls(heard, "/api/v1/sessions/s-5").len() >= 2
            && calls(heard, "/api/v1/sessions/s-1/events").iter().any(|c| c.1["type"] == "start")
    })
    .await;
    clinic.abort();

    for room in ["3", "4"] {
        let tries = calls(&heard, &format!("/api/v1/rooms/{room}/sessions"));
        assert_eq!(tries.len(), 1, "nothing is opened over a person's session");
    }
    for session in ["s-3", "s-4", "s-5"] {
        let entered = calls(&heard, &format!("/api/v1/sessions/{session}/events"));
        assert!(entered.is_empty(), "{session}: {entered:?}");
    }
}

#[tokio::test]
async fn a_missing_device_token_is_named_at_once_with_what_to_do() {
    let problem = clinic::run(ClinicOptions {
        base_url: "http://127.0.0.1:1".to_owned(),
        hl7: SocketAddr::from(([127, 0, 0, 1], 1)),
        api_token: "staff-token".to_owned(),
        second_token: None,
        device_tokens: Vec::new(),
        rooms: 2,
        seed: 1,
        speed: 1.0,
        chance: false,
    })
    .await
    .expect_err("room 2 has no token");
    assert!(problem.to_string().contains("dripwatch device add sim-2"), "{problem}");
}

#[test]
fn even_rooms_have_native_monitors() {
    assert_eq!(clinic::native_device_ids(5), ["sim-2", "sim-4"]);
}
