//! How long a socket may say nothing, or leave unread what it is sent. Both ends are in memory, so
//! that the runtime's time goes on whenever both wait.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::io::{DuplexStream, duplex};
use tokio::time::{advance, sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Message, protocol::frame::CloseFrame};

use super::*;
use crate::http::{ingest, stream};

const MS: Duration = Duration::from_millis(1);
/// Nothing takes so long here. While both ends wait, it is over at once.
const LONG: Duration = Duration::from_secs(300);

/// The other end of a socket. It answers pings while it listens.
struct Peer {
    bench: Bench,
    socket: WebSocketStream<DuplexStream>,
}

impl Peer {
    /// Between the two is place for so many bytes each way. From now on time stands still while
    /// anybody has something to do.
    async fn open(path: &str, token: &str, bytes: usize) -> Self {
        let bench = Bench::new().await;
        let (ours, theirs) = duplex(bytes);
        let calls = TowerToHyperService::new(bench.router());
        let serving = hyper::server::conn::http1::Builder::new()
            .serve_connection(TokioIo::new(ours), calls)
            .with_upgrades();
        tokio::spawn(serving);
        let mut request = format!("ws://h/api/v1/{path}").into_client_request().unwrap();
        let bearer = format!("Bearer {token}").parse().unwrap();
        request.headers_mut().insert("authorization", bearer);
        let (socket, _) = tokio_tungstenite::client_async(request, theirs).await.unwrap();
        tokio::time::pause();
        Self { bench, socket }
    }

    async fn say(&mut self, text: impl Into<String>) {
        self.socket.send(Message::text(text.into())).await.unwrap();
    }

    /// Listens until so many lines of this type have come.
    async fn hear(&mut self, kind: &str, mut count: usize) {
        let listening = async {
            while count > 0 {
                let message = self.socket.next().await.unwrap().unwrap();
                let Message::Text(text) = message else { continue };
                let lines = text.lines().map(|line| serde_json::from_str::<Json>(line).unwrap());
                count -= lines.filter(|line| line["type"] == kind).count();
            }
        };
        timeout(LONG, listening).await.expect("it does not come");
    }

    async fn is_answered(&mut self) {
        self.say(r#"{"type":"ping","sent_at":1}"#).await;
        self.hear("pong", 1).await;
    }

    async fn frame_is_stored(&mut self, seq: u64) {
        self.say(frame(seq)).await;
        self.next_frame().await.send(()).unwrap();
        self.hear("stored", 1).await;
    }

    /// Tells that the next frame that comes to the ward is stored.
    async fn next_frame(&mut self) -> oneshot::Sender<()> {
        loop {
            if let Arrival::Frame(delivery) = self.bench.arrivals.recv().await.unwrap() {
                return delivery.stored;
            }
        }
    }

    /// Answers the pings that have come; all that it has said so far is heard before this is over.
    async fn settle(&mut self) {
        assert!(timeout(MS, self.hear("nothing", 1)).await.is_err());
    }

    /// Why it was closed; `None` when it was not told.
    async fn ending(&mut self) -> Option<String> {
        let listening = async {
            while let Some(Ok(message)) = self.socket.next().await {
                if let Message::Close(frame) = message {
                    return frame.map(|CloseFrame { reason, .. }| reason.to_string());
                }
            }
            None
        };
        timeout(LONG, listening).await.expect("it is not closed")
    }
}

fn frame(seq: u64) -> String {
    let readings = r#"[{"vital":"spo2","value":97}]"#;
    format!(r#"{{"type":"readings","seq":{seq},"boot":"b","readings":{readings}}}"#)
}

#[tokio::test]
async fn a_screen_of_which_nothing_is_heard_for_a_minute_is_closed() {
    let mut screen = Peer::open("stream", "a-display", 64 << 10).await;
    for _ in 0..2 {
        screen.is_answered().await;
        screen.settle().await;
        // At once: of a screen that answers no ping we know sooner that it is gone.
        advance(stream::HEARD_WITHIN - 2 * MS).await;
    }
    screen.is_answered().await;
    screen.settle().await;
    advance(stream::HEARD_WITHIN).await;
    assert_eq!(screen.ending().await.as_deref(), Some("nothing was heard for 60 s"));
}

#[tokio::test]
async fn a_screen_that_reads_nothing_for_ten_seconds_is_closed() {
    // More answers than there is place for on the way.
    let mut screen = Peer::open("stream", "a-display", 1 << 10).await;
    let pings = "{\"type\":\"ping\",\"sent_at\":1}\n".repeat(100);
    screen.say(&*pings).await;
    sleep(stream::READ_WITHIN - MS).await;
    screen.hear("pong", 100).await;
    screen.is_answered().await;
    screen.say(&*pings).await;
    sleep(stream::READ_WITHIN + MS).await;
    assert_eq!(screen.ending().await.as_deref(), Some("nothing was read for 10 s"));
}

#[tokio::test]
async fn a_screen_whose_word_is_too_long_is_closed() {
    let mut screen = Peer::open("stream", "a-display", 256 << 10).await;
    let ping = |bytes: usize| {
        let word = r#"{"type":"ping","sent_at":1}"#;
        word.to_owned() + &" ".repeat(bytes - word.len())
    };
    screen.say(ping(stream::MAX_MESSAGE_BYTES)).await;
    screen.hear("pong", 1).await;
    screen.say(ping(stream::MAX_MESSAGE_BYTES + 1)).await;
    assert_eq!(screen.ending().await, None);
}

#[tokio::test]
async fn a_monitor_of_which_nothing_is_heard_for_twelve_seconds_is_closed() {
    let mut monitor = Peer::open("ingest", "mon-3", 64 << 10).await;
    // It says nothing, and answers the pings of every five seconds.
    let nothing = timeout(Duration::from_secs(31), monitor.hear("stored", 1)).await;
    assert!(nothing.is_err(), "it is heard, and stays");
    monitor.frame_is_stored(1).await;
    monitor.settle().await;
    sleep(ingest::HEARD_WITHIN - 2 * MS).await;
    monitor.frame_is_stored(2).await;
    monitor.settle().await;
    sleep(ingest::HEARD_WITHIN).await;
    assert_eq!(monitor.ending().await.as_deref(), Some("nothing was heard for 12 s"));
}

#[tokio::test]
async fn a_monitor_that_takes_no_answers_for_ten_seconds_is_closed() {
    // More answers than there is place for on the way.
    let mut monitor = Peer::open("ingest", "mon-3", 1 << 10).await;
    let nonsense = "nonsense\n".repeat(50);
    monitor.say(&*nonsense).await;
    sleep(ingest::READ_WITHIN - MS).await;
    monitor.hear("rejected", 50).await;
    monitor.frame_is_stored(1).await;
    monitor.say(&*nonsense).await;
    sleep(ingest::READ_WITHIN + MS).await;
    assert_eq!(monitor.ending().await.as_deref(), Some("no answer was read for 10 s"));
}

#[tokio::test]
async fn of_one_monitor_a_bounded_number_of_frames_waits_for_the_disk() {
    let mut monitor = Peer::open("ingest", "mon-3", 4 << 20).await;
    let all = u64::try_from(ingest::IN_FLIGHT).unwrap() + 500;
    let frames: Vec<String> = (1..=all).map(frame).collect();
    for message in frames.chunks(1_000) {
        monitor.say(message.join("\n")).await;
    }
    let mut waiting = Vec::new();
    while let Ok(stored) = timeout(Duration::from_secs(9), monitor.next_frame()).await {
        waiting.push(stored);
    }
    assert_eq!(waiting.len(), ingest::IN_FLIGHT);
    waiting.into_iter().for_each(|stored| stored.send(()).unwrap());
    for _ in 0..500 {
        monitor.next_frame().await.send(()).unwrap();
    }
    let last = format!(r#""seq":{all}"#);
    let answered = async {
        loop {
            let message = monitor.socket.next().await.unwrap().unwrap();
            if matches!(message, Message::Text(text) if text.contains(&last)) {
                return;
            }
        }
    };
    timeout(LONG, answered).await.expect("it is not answered");
}

#[tokio::test]
async fn a_posted_frame_that_is_not_on_disk_in_ten_seconds_is_to_be_sent_again() {
    let mut bench = Bench::new().await;
    tokio::time::pause();
    for (seq, stored_after, status) in
        [(1, ingest::STORED_WITHIN - MS, 200), (2, ingest::STORED_WITHIN + MS, 503)]
    {
        let posting =
            request("POST", "/api/v1/readings", &[("authorization", "Bearer mon-3")], &frame(seq));
        let answer = tokio::spawn(bench.router().oneshot(posting));
        let Some(Arrival::Frame(delivery)) = bench.arrivals.recv().await else {
            panic!("no frame")
        };
        sleep(stored_after).await;
        // Nobody may wait for it any more.
        let _ = delivery.stored.send(());
        let answered = Answered::of(answer.await.unwrap().unwrap()).await;
        assert_eq!(answered.status, status, "{}", answered.text);
    }
}
