//! Real connections to the real server: what of a body nobody wanted does not end them, or the
//! answer says that they end.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::timeout;

use super::*;

const SOON: Duration = Duration::from_secs(20);
/// More than a server finds in its first reads: most of it is still on its way when the answer is
/// ready.
const LONG: usize = 900_000;

struct Wire(TcpStream);

struct Answer {
    status: u16,
    head: String,
}

impl Answer {
    fn ends(&self) -> bool {
        self.head.to_ascii_lowercase().contains("\r\nconnection: close")
    }
}

impl Wire {
    async fn to(bench: &Bench) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (clock, stop) = (bench.state.clock, bench.state.shutdown.clone());
        tokio::spawn(serve(Limits::default(), listener, bench.router(), clock, stop));
        Self(TcpStream::connect(address).await.unwrap())
    }

    async fn write(&mut self, text: &str) {
        timeout(SOON, self.0.write_all(text.as_bytes())).await.unwrap().unwrap();
    }

    async fn read(&mut self) -> Answer {
        let reading = async {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(self.0.read_u8().await.unwrap());
            }
            let head = String::from_utf8(head).unwrap();
            let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
            let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
            self.0.read_exact(&mut body).await.unwrap();
            Answer { status: head[9..12].parse().unwrap(), head }
        };
        timeout(SOON, reading).await.unwrap()
    }

    async fn is_at_its_end(&mut self) -> bool {
        timeout(SOON, self.0.read(&mut [0])).await.unwrap().is_ok_and(|bytes| bytes == 0)
    }

    async fn is_answered(&mut self) -> bool {
        self.write("GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n").await;
        self.read().await.status == 200
    }
}

fn head(method_path: &str, headers: &[&str], length: usize) -> String {
    let headers: String = headers.iter().map(|header| format!("{header}\r\n")).collect();
    format!("{method_path} HTTP/1.1\r\nhost: x\r\n{headers}content-length: {length}\r\n\r\n")
}

#[tokio::test]
async fn a_connection_goes_on_after_an_answer_that_did_not_wait_for_the_body() {
    let mut bench = Bench::new().await;
    let _heard = bench.answer_commands();
    let mut wire = Wire::to(&bench).await;
    let nurse = "authorization: Bearer a-nurse";
    let display = "authorization: Bearer a-display";
    let binding = "PUT /api/v1/devices/mon-3/binding";
    let key = "idempotency-key: k-1";
    for (method_path, headers, status) in [
        (binding, vec![nurse, key], 422),
        (binding, vec![nurse, key], 422),
        (binding, vec![], 401),
        (binding, vec![display], 403),
        (binding, vec![nurse, "idempotency-key: "], 400),
        ("POST /api/v1/readings", vec![nurse], 403),
        ("POST /api/v1/beds", vec![nurse], 404),
        ("DELETE /api/v1/rooms", vec![nurse], 405),
        ("POST /index.html", vec![], 405),
    ] {
        let body = format!(r#"{{"room":"{}"}}"#, "x".repeat(LONG));
        wire.write(&head(method_path, &headers, body.len())).await;
        wire.write(&body).await;
        let heard = wire.read().await;
        assert_eq!((heard.status, heard.ends()), (status, false), "{method_path} {headers:?}");
        assert!(wire.is_answered().await, "{method_path} {headers:?}");
    }
}

#[tokio::test]
async fn where_the_body_is_not_worth_it_the_answer_says_that_the_connection_ends() {
    let bench = Bench::new().await;
    let binding = "PUT /api/v1/devices/mon-3/binding";
    for (what, headers, length, sent) in [
        ("never comes", vec![], 100, 0),
        ("is far too long", vec![], 40 << 20, 3 << 20),
        ("waits to be wanted", vec!["expect: 100-continue"], 100, 0),
    ] {
        let mut wire = Wire::to(&bench).await;
        wire.write(&head(binding, &headers, length)).await;
        // What the server no longer reads may be refused.
        let _ = timeout(SOON, wire.0.write_all(&vec![b'x'; sent])).await;
        let heard = wire.read().await;
        assert_eq!((heard.status, heard.ends()), (401, true), "a body that {what}");
    }
    let mut wire = Wire::to(&bench).await;
    wire.write(&head(binding, &["expect: 100-continue"], 100)).await;
    assert_eq!(wire.read().await.status, 401);
    assert!(wire.is_at_its_end().await);
}
