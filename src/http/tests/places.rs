//! Who is let in when all places are taken, over real connections.

use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::*;
use crate::ward::WardConfig;

const SOON: Duration = Duration::from_secs(20);

struct Clinic {
    bench: Bench,
    address: SocketAddr,
}

/// A few places, none of which is enough for a flood.
fn places(total: usize) -> Limits {
    let mut limits = Limits::default().at_most(total);
    (limits.screens, limits.monitors) = (2, 2);
    limits
}

impl Clinic {
    async fn open(limits: Limits) -> Self {
        let mut bench = Bench::new().await;
        let journal = bench.state.journal.clone();
        let config = WardConfig::default();
        let (ward, _) = crate::ward::start(journal, &config, bench.state.clock).await.unwrap();
        bench.state.ward = ward;
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (clock, stop) = (bench.state.clock, bench.state.shutdown.clone());
        tokio::spawn(serve(limits, listener, bench.router(), clock, stop));
        Self { bench, address }
    }

    async fn connect(&self) -> Caller {
        Caller(TcpStream::connect(self.address).await.unwrap())
    }

    async fn half_a_sign_in(&self) -> Caller {
        let mut caller = self.connect().await;
        let head =
            "POST /api/v1/login HTTP/1.1\r\nhost: x\r\ncontent-length: 500\r\n\r\n{\"name\":";
        caller.0.write_all(head.as_bytes()).await.unwrap();
        caller
    }
}

struct Caller(TcpStream);

impl Caller {
    async fn ask(&mut self, method: &str, path: &str, token: &str, body: &str) -> String {
        let length = body.len();
        let text = format!(
            "{method} {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
             content-length: {length}\r\n\r\n{body}"
        );
        self.0.write_all(text.as_bytes()).await.unwrap();
        self.head().await
    }

    /// The head of the answer; its body is read to its end.
    async fn head(&mut self) -> String {
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            let byte = timeout(SOON, self.0.read_u8()).await.unwrap();
            head.push(char::from(byte.unwrap()));
        }
        let length = |line: &str| line.strip_prefix("content-length: ")?.parse::<usize>().ok();
        let length = head.lines().find_map(length).unwrap_or(0);
        let mut body = vec![0; length];
        timeout(SOON, self.0.read_exact(&mut body)).await.unwrap().unwrap();
        head
    }

    async fn socket(&mut self, path: &str, token: &str) -> String {
        let text = format!(
            "GET {path} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {token}\r\n\
             connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        self.0.write_all(text.as_bytes()).await.unwrap();
        self.head().await
    }

    async fn closed_with(mut self) -> String {
        let mut rest = Vec::new();
        // One that gives way with something unread may be reset.
        let _ = timeout(SOON, self.0.read_to_end(&mut rest)).await.unwrap();
        String::from_utf8_lossy(&rest).into_owned()
    }
}

#[tokio::test]
async fn half_sent_sign_ins_keep_nobody_out_and_who_is_signed_in_stays() {
    let clinic = Clinic::open(places(8)).await;
    let mut nurse = clinic.connect().await;
    assert!(nurse.ask("GET", "/api/v1/me", "a-nurse", "").await.starts_with("HTTP/1.1 200"));
    let mut screen = clinic.connect().await;
    assert!(screen.socket("/api/v1/stream", "a-nurse").await.starts_with("HTTP/1.1 101"));
    let mut half = Vec::new();
    for _ in 0..50 {
        half.push(clinic.half_a_sign_in().await);
    }
    let mut new = clinic.connect().await;
    assert!(new.ask("GET", "/api/v1/me", "a-nurse", "").await.starts_with("HTTP/1.1 200"));
    assert!(nurse.ask("GET", "/api/v1/me", "a-nurse", "").await.starts_with("HTTP/1.1 200"));
    // Something comes from the ward each second: the socket is open.
    let mut frame = [0];
    timeout(SOON, screen.0.read_exact(&mut frame)).await.unwrap().unwrap();
    assert_eq!(half.remove(0).closed_with().await, "", "the one that was silent longest gave way");
}

#[tokio::test]
async fn a_body_has_its_time_however_it_comes() {
    let body_within = Duration::from_millis(400);
    let clinic = Clinic::open(Limits { body_within, ..Limits::default() }).await;
    let silent = clinic.half_a_sign_in().await;
    let (mut answer, mut trickle) = clinic.half_a_sign_in().await.0.into_split();
    let trickling = tokio::spawn(async move {
        while trickle.write_all(b"x").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    });
    let told = silent.closed_with().await;
    assert!(told.starts_with("HTTP/1.1 408"), "{told}");
    let problem: Json = serde_json::from_str(told.lines().last().unwrap()).unwrap();
    assert_eq!(problem["code"], "too_slow");
    let mut told = Vec::new();
    let _ = timeout(SOON, answer.read_to_end(&mut told)).await.unwrap();
    timeout(SOON, trickling).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_head_has_its_time_and_its_length() {
    let headers_within = Duration::from_millis(300);
    let clinic = Clinic::open(Limits { headers_within, ..Limits::default() }).await;
    let mut half = clinic.connect().await;
    half.0.write_all(b"GET /healthz HTTP/1.1\r\nhost: ").await.unwrap();
    assert_eq!(half.closed_with().await, "");
    let mut long = clinic.connect().await;
    let head = format!("GET /healthz HTTP/1.1\r\nx: {}\r\n\r\n", "x".repeat(40_000));
    // It may be refused before all of it is sent.
    let _ = long.0.write_all(head.as_bytes()).await;
    let told = long.closed_with().await;
    assert!(told.is_empty() || told.starts_with("HTTP/1.1 431"), "{told}");
}

#[tokio::test]
async fn sockets_leave_places_for_calls() {
    let clinic = Clinic::open(places(8)).await;
    let mut open = Vec::new();
    for _ in 0..2 {
        let mut screen = clinic.connect().await;
        assert!(screen.socket("/api/v1/stream", "a-nurse").await.starts_with("HTTP/1.1 101"));
        open.push(screen);
    }
    let mut screen = clinic.connect().await;
    let refused = screen.socket("/api/v1/stream", "a-nurse").await;
    assert!(refused.starts_with("HTTP/1.1 503") && refused.contains("retry-after: 1"), "{refused}");
    let mut monitor = clinic.connect().await;
    assert!(monitor.socket("/api/v1/ingest", "mon-3").await.starts_with("HTTP/1.1 101"));
    let mut nurse = clinic.connect().await;
    assert!(nurse.ask("GET", "/api/v1/me", "a-nurse", "").await.starts_with("HTTP/1.1 200"));
    drop(open.pop());
    // The place is free as soon as the socket's end is noticed.
    let again = async {
        loop {
            let mut screen = clinic.connect().await;
            if screen.socket("/api/v1/stream", "a-nurse").await.starts_with("HTTP/1.1 101") {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(SOON, again).await.unwrap();
}

#[tokio::test]
async fn screens_behind_one_address_keep_no_colleague_out() {
    let mut limits = places(8);
    // As for an address that is not loopback.
    limits.places.of_loopback = 2;
    let clinic = Clinic::open(limits).await;
    let mut open = Vec::new();
    for _ in 0..limits.screens {
        let mut screen = clinic.connect().await;
        assert!(screen.socket("/api/v1/stream", "a-nurse").await.starts_with("HTTP/1.1 101"));
        open.push(screen);
    }
    let mut half = Vec::new();
    for _ in 0..10 {
        half.push(clinic.half_a_sign_in().await);
    }
    let mut nurse = clinic.connect().await;
    assert!(nurse.ask("GET", "/api/v1/me", "a-nurse", "").await.starts_with("HTTP/1.1 200"));
    assert_eq!(half.remove(0).closed_with().await, "", "those with nobody on them have a share");
}

#[tokio::test]
async fn an_answer_that_nobody_reads_keeps_nobody_out() {
    let clinic = Clinic::open(places(4)).await;
    let mut deaf = Vec::new();
    for _ in 0..20 {
        let mut caller = clinic.connect().await;
        // Asked again and again, and nothing of it is read.
        let ask = "GET /api/openapi.json HTTP/1.1\r\nhost: x\r\n\r\n".repeat(20);
        caller.0.write_all(ask.as_bytes()).await.unwrap();
        deaf.push(caller);
    }
    let mut nurse = clinic.connect().await;
    assert!(nurse.ask("GET", "/api/v1/me", "a-nurse", "").await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn readings_without_a_socket_are_paced_and_say_when_to_come_again() {
    let mut clinic = Clinic::open(Limits::default()).await;
    clinic.bench.state.frames_per_second = 1;
    let frame = r#"{"type":"readings","seq":1,"readings":[{"vital":"spo2","value":97}]}"#;
    let mut refused = None;
    // One a second: on a slow machine several may pass.
    for _ in 0..50 {
        let answer = clinic.bench.ask("POST", "/api/v1/readings", "mon-3", frame).await;
        if answer.status != 200 {
            refused = Some(answer);
            break;
        }
    }
    let refused = refused.unwrap();
    assert_eq!(refused.problem().0, 429);
    assert_eq!(refused.json()["code"], "too_fast");
    assert_eq!(refused.headers["retry-after"], "1");
}

#[tokio::test]
async fn who_has_not_signed_in_sends_small_bodies_alone_and_large_ones_are_counted() {
    let clinic = Clinic::open(Limits::default()).await;
    let mut caller = clinic.connect().await;
    let large = "x".repeat(super::super::body::LARGE_BYTES + 1);
    let refused = caller.ask("POST", "/api/v1/login", "none", &large).await;
    assert!(refused.starts_with("HTTP/1.1 413"), "{refused}");
    let mut half = Vec::new();
    for _ in 0..super::super::body::MAX_LARGE {
        let mut caller = clinic.connect().await;
        let head = "POST /api/v1/readings HTTP/1.1\r\nhost: x\r\nauthorization: Bearer mon-3\r\n\
                    content-length: 500000\r\n\r\n";
        caller.0.write_all(head.as_bytes()).await.unwrap();
        half.push(caller);
    }
    let too_many = async {
        loop {
            let mut caller = clinic.connect().await;
            let answer = caller.ask("POST", "/api/v1/readings", "mon-3", &large).await;
            if answer.starts_with("HTTP/1.1 503") {
                return;
            }
        }
    };
    timeout(SOON, too_many).await.unwrap();
    let mut caller = clinic.connect().await;
    let frame = r#"{"type":"readings","seq":1,"readings":[{"vital":"spo2","value":97}]}"#;
    let answer = caller.ask("POST", "/api/v1/readings", "mon-3", frame).await;
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}
