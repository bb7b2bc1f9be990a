//! Real sockets against a real ward: a monitor speaks, a screen shows it, the past remembers it.

use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Message, protocol::frame::CloseFrame};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::*;
use crate::vitals::RoomId;
use crate::ward::WardConfig;

const SOON: Duration = Duration::from_secs(10);

pub(super) struct Clinic {
    pub(super) bench: Bench,
    pub(super) address: SocketAddr,
}

impl Clinic {
    pub(super) async fn open() -> Self {
        let mut bench = Bench::new().await;
        let room = (RoomId::new("3").unwrap(), "Room 3".to_owned());
        let config = WardConfig { rooms: vec![room], ..WardConfig::default() };
        let journal = bench.state.journal.clone();
        let (ward, _) = crate::ward::start(journal, &config, bench.state.clock).await.unwrap();
        bench.state.ward = ward;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let calls = bench.router().into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, calls).await });
        let bound = bench.ask("PUT", "/api/v1/devices/mon-3/binding", "a-nurse", r#"{"room":"3"}"#);
        let bound = bound.await;
        assert_eq!(bound.status, 200, "{}", bound.text);
        Self { bench, address }
    }

    pub(super) async fn socket(&self, path: &str, token: &str) -> Socket {
        self.socket_with(path, &[("authorization", format!("Bearer {token}"))]).await
    }

    /// The stream, as in a browser with this login.
    pub(super) async fn tab(&self, login: &str) -> Socket {
        let origin = format!("http://{}", self.address);
        let cookie = format!("dripwatch_session={login}");
        self.socket_with("stream", &[("cookie", cookie), ("origin", origin)]).await
    }

    pub(super) async fn socket_with(
        &self,
        path: &str,
        headers: &[(&'static str, String)],
    ) -> Socket {
        let url = format!("ws://{}/api/v1/{path}", self.address);
        let mut request = url.into_client_request().unwrap();
        for (name, value) in headers {
            request.headers_mut().insert(*name, value.parse().unwrap());
        }
        let (socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
        Socket { socket, lines: Vec::new() }
    }
}

pub(super) struct Socket {
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    lines: Vec<Json>,
}

impl Socket {
    pub(super) async fn say(&mut self, text: impl Into<String>) {
        self.socket.send(Message::text(text.into())).await.unwrap();
    }

    /// The other side may be closing it already.
    pub(super) async fn say_if_open(&mut self, text: String) {
        let _ = self.socket.send(Message::text(text)).await;
    }

    /// The next line for which `is_it` holds; others are skipped.
    pub(super) async fn hear(&mut self, is_it: impl Fn(&Json) -> bool) -> Json {
        let hearing = async {
            loop {
                while !self.lines.is_empty() {
                    let line = self.lines.remove(0);
                    if is_it(&line) {
                        return line;
                    }
                }
                if let Message::Text(text) = self.socket.next().await.unwrap().unwrap() {
                    self.lines
                        .extend(text.lines().map(|l| serde_json::from_str(l).unwrap_or_default()));
                }
            }
        };
        timeout(SOON, hearing).await.unwrap()
    }

    pub(super) async fn hear_type(&mut self, kind: &str) -> Json {
        self.hear(|line| line["type"] == kind).await
    }

    pub(super) async fn closed(&mut self) -> (u16, String) {
        let closing = async {
            loop {
                match self.socket.next().await {
                    Some(Ok(Message::Close(Some(CloseFrame { code, reason })))) => {
                        return (code.into(), reason.to_string());
                    }
                    Some(Ok(_)) => {}
                    other => panic!("no close frame: {other:?}"),
                }
            }
        };
        timeout(SOON, closing).await.unwrap()
    }
}

fn frame(seq: u64, spo2: u32) -> String {
    json!({"type": "readings", "seq": seq, "boot": "b",
           "readings": [{"vital": "spo2", "value": spo2}, {"vital": "pulse_rate", "value": 72}]})
    .to_string()
}

#[tokio::test]
async fn what_a_monitor_says_is_shown_stored_and_found_again() {
    let clinic = Clinic::open().await;
    let mut screen = clinic.socket("stream", "a-nurse").await;
    screen.say(r#"{"type":"hello","version":1,"rooms":"all"}"#).await;
    let snapshot = screen.hear_type("snapshot").await;
    assert_eq!(snapshot["me"]["role"], "nurse");
    assert_eq!(snapshot["rooms"][0]["id"], "3");

    let mut monitor = clinic.socket("ingest", "mon-3").await;
    monitor.say(format!("{}\n{}", frame(1, 97), frame(2, 98))).await;
    monitor.hear(|line| line["type"] == "stored" && line["seq"] == 2).await;
    let vitals = screen.hear_type("vitals").await;
    assert_eq!(vitals["room"], "3");
    screen.say(r#"{"type":"ping","sent_at":123}"#).await;
    assert_eq!(screen.hear_type("pong").await["sent_at"], 123);

    monitor
        .say(format!(r#"{{"type":"readings","seq":3,"readings":[]}}{}{}"#, "\n", frame(4, 99)))
        .await;
    assert_eq!(monitor.hear(|line| line["seq"] == 3).await["type"], "rejected");
    assert_eq!(monitor.hear(|line| line["seq"] == 4).await["type"], "stored");

    let bench = &clinic.bench;
    let past = bench.ask("GET", "/api/v1/devices/mon-3/readings", "a-nurse", "").await.json();
    let values: Vec<_> = past["readings"].as_array().unwrap().iter().map(|r| &r["value"]).collect();
    assert_eq!(values, [97, 72, 98, 72, 99, 72]);
    assert_eq!(past["next"], Json::Null);
    assert_eq!(bench.ask("GET", "/api/v1/devices/none/readings", "a-nurse", "").await.status, 404);
}

#[tokio::test]
async fn staff_open_a_session_and_say_what_happens_in_it() {
    let clinic = Clinic::open().await;
    let bench = &clinic.bench;
    let patient = r#"{"patient":{"initials":"J.T.","age":44}}"#;
    let opened = bench.ask("POST", "/api/v1/rooms/3/sessions", "a-nurse", patient).await;
    assert_eq!(opened.status, 201, "{}", opened.text);
    let id = opened.json()["id"].as_str().unwrap().to_owned();
    let again = bench.ask("POST", "/api/v1/rooms/3/sessions", "a-nurse", patient).await;
    assert_eq!(again.problem().0, 409);
    let path = format!("/api/v1/sessions/{id}/events");
    let told = bench.ask("POST", &path, "a-nurse", r#"{"type":"check_in"}"#).await;
    assert_eq!(told.status, 201, "{}", told.text);
    let unknown = bench.ask("POST", &path, "a-nurse", r#"{"type":"bolus"}"#).await;
    assert_eq!(unknown.problem().0, 422);
    let listed = bench.ask("GET", "/api/v1/sessions?state=open", "a-nurse", "").await.json();
    assert_eq!(listed["sessions"][0]["id"], *id);
    assert_eq!(listed["sessions"][0]["profile"], "ketamine-iv-adult");
    let wall = bench.ask("GET", &format!("/api/v1/sessions/{id}"), "a-display", "").await.json();
    assert_eq!(
        (&wall["id"], &wall["profile"], &wall["events"]),
        (&json!(id), &Json::Null, &Json::Null)
    );
}

#[tokio::test]
async fn a_new_socket_of_a_monitor_replaces_the_old_one() {
    let clinic = Clinic::open().await;
    let mut old = clinic.socket("ingest", "mon-3").await;
    let mut new = clinic.socket("ingest", "mon-3").await;
    assert_eq!(old.closed().await, (1008, "replaced".to_owned()));
    new.say(frame(1, 97)).await;
    assert_eq!(new.hear_type("stored").await["seq"], 1);
}

#[tokio::test]
async fn when_somebody_signs_in_with_the_same_browser_the_first_tab_hears_it_at_once() {
    let clinic = Clinic::open().await;
    let mut first = clinic.tab("Karla Maier").await;
    first.say(r#"{"type":"hello"}"#).await;
    assert_eq!(first.hear_type("snapshot").await["me"]["name"], "Karla Maier");
    let mut elsewhere = clinic.socket("stream", "a-nurse").await;
    let cookie = [("cookie", "dripwatch_session=Karla Maier")];
    let body = r#"{"name":"Karla Maier","password":"correct horse"}"#;
    let signed_in = clinic.bench.send(request("POST", "/api/v1/login", &cookie, body)).await;
    assert_eq!(signed_in.status, 200, "{}", signed_in.text);
    let ended = (1008, "somebody has signed in with this browser".to_owned());
    assert_eq!(first.closed().await, ended);
    // What the disk may still say of the old login counts no more.
    let me = clinic.bench.send(request("GET", "/api/v1/me", &cookie, "")).await;
    assert_eq!(me.problem().0, 401);
    elsewhere.say(r#"{"type":"ping","sent_at":1}"#).await;
    assert_eq!(elsewhere.hear_type("pong").await["sent_at"], 1);
}

#[tokio::test]
async fn when_somebody_signs_out_every_tab_of_the_browser_hears_it_at_once() {
    let clinic = Clinic::open().await;
    let (mut first, mut second) =
        (clinic.tab("Karla Maier").await, clinic.tab("Karla Maier").await);
    let host = [("cookie", "dripwatch_session=Karla Maier"), ("origin", "http://h"), ("host", "h")];
    let out = clinic.bench.send(request("POST", "/api/v1/logout", &host, "")).await;
    assert_eq!(out.status, 204, "{}", out.text);
    assert_eq!(first.closed().await, (1008, "signed out".to_owned()));
    assert_eq!(second.closed().await.0, 1008);
}

#[tokio::test]
async fn a_tap_under_a_name_that_no_longer_acts_here_does_nothing_and_says_whose_screen_it_is() {
    let clinic = Clinic::open().await;
    let tap = async |named: &str| {
        let headers = [
            ("cookie", "dripwatch_session=Karla Maier"),
            ("origin", "http://h"),
            ("host", "h"),
            ("dripwatch-as", named),
        ];
        let body = r#"{"patient":{"initials":"J.T."}}"#;
        clinic.bench.send(request("POST", "/api/v1/rooms/3/sessions", &headers, body)).await
    };
    let refused = tap("Thea%20Sand").await;
    assert_eq!(refused.problem(), (409, "Karla Maier is signed in here now".into()));
    assert_eq!(refused.json()["code"], "not_as_named");
    assert_eq!(tap("Karla%20Maier").await.status, 201);
}

#[tokio::test]
async fn what_was_missed_says_whose_screen_it_is() {
    let clinic = Clinic::open().await;
    let mut screen = clinic.socket("stream", "a-nurse").await;
    screen.say(r#"{"type":"hello"}"#).await;
    let snapshot = screen.hear_type("snapshot").await;
    let (epoch, rev) = (&snapshot["epoch"], &snapshot["rooms"][0]["rev"]);
    screen.say(json!({"type": "hello", "epoch": epoch, "revs": {"3": rev}}).to_string()).await;
    let resumed = screen.hear_type("resumed").await;
    assert_eq!((&resumed["me"]["name"], &resumed["revs"]["3"]), (&json!("a-nurse"), rev));
}

#[tokio::test]
async fn a_screen_that_speaks_nonsense_is_told_and_then_closed() {
    let clinic = Clinic::open().await;
    let mut screen = clinic.socket("stream", "a-display").await;
    screen.say("nonsense").await;
    assert_eq!(screen.hear_type("error").await["problem"]["status"], 422);
    screen.say("nonsense\n".repeat(9)).await;
    assert_eq!(screen.closed().await.0, 1008);
}

#[tokio::test]
async fn at_the_end_every_socket_is_told_that_the_server_goes_away() {
    let clinic = Clinic::open().await;
    let mut screen = clinic.socket("stream", "a-nurse").await;
    let mut monitor = clinic.socket("ingest", "mon-3").await;
    monitor.say(frame(1, 97)).await;
    monitor.hear_type("stored").await;
    clinic.bench.state.shutdown.cancel();
    assert_eq!(screen.closed().await.0, 1001);
    assert_eq!(monitor.closed().await.0, 1001);
}

#[tokio::test]
async fn more_than_may_be_in_flight_is_read_later_and_answered_in_order() {
    let clinic = Clinic::open().await;
    let mut monitor = clinic.socket("ingest", "mon-3").await;
    for message in 0..4 {
        let frames: Vec<_> = (1..=1_000).map(|n| frame(message * 1_000 + n, 97)).collect();
        monitor.say(frames.join("\n")).await;
    }
    let mut last = 0;
    while last < 4_000 {
        let stored = monitor.hear_type("stored").await["seq"].as_u64().unwrap();
        assert!(stored > last);
        last = stored;
    }
}
