//! Any speed puts the same bytes on the wire: whole scenarios in memory without waiting, and a few
//! seconds over real sockets in real time.

use std::sync::{Arc, Mutex};

use futures_util::{SinkExt, StreamExt};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{mpsc, watch};
use tokio_tungstenite::tungstenite::Message;

use super::{Stage, WAITING_LINES};
use crate::clock::Pace;
use crate::control::Board;
use crate::monitors::{Dial, Dialect, Fault, Link, Monitor, Nameplate, Tcp};
use crate::scenario::{START_MS, Scenario};

/// A server in memory: each connection is handed to the listener.
struct InMemory(UnboundedSender<DuplexStream>);

impl Dial for InMemory {
    type Stream = DuplexStream;

    async fn dial(&self) -> anyhow::Result<DuplexStream> {
        let (ours, theirs) = tokio::io::duplex(64 * 1024);
        self.0.send(theirs)?;
        Ok(ours)
    }
}

/// What came in, connection by connection.
type Wire = Arc<Mutex<Vec<u8>>>;

/// A server's end of a connection to a monitor.
trait Connection: AsyncRead + AsyncWrite + Unpin + Send + 'static {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send + 'static> Connection for S {}

/// Answers every MLLP message, and keeps all bytes.
async fn listen_hl7(mut connections: UnboundedReceiver<impl Connection>, wire: Wire) {
    while let Some(mut stream) = connections.recv().await {
        wire.lock().expect("no panic").extend(b"\n<connected>\n");
        let mut received = Vec::new();
        while stream.read_buf(&mut received).await.unwrap_or(0) > 0 {
            while let Some(end) = received.windows(2).position(|bytes| bytes == [0x1C, 0x0D]) {
                let message = String::from_utf8_lossy(&received[1..end]).into_owned();
                wire.lock().expect("no panic").extend(received.drain(..end + 2));
                let header = message.split('\r').next().unwrap_or_default();
                let control_id = header.split('|').nth(9).unwrap_or_default();
                let answer = format!("\x0BMSH|^~\\&|TEST\rMSA|AA|{control_id}\r\x1C\r");
                if stream.write_all(answer.as_bytes()).await.is_err() {
                    break;
                }
            }
        }
        wire.lock().expect("no panic").extend(&received);
    }
}

/// Stores every frame, and keeps the messages as they were before they were masked: the masks
/// are random.
async fn listen_native(mut connections: UnboundedReceiver<impl Connection>, wire: Wire) {
    while let Some(stream) = connections.recv().await {
        wire.lock().expect("no panic").extend(b"\n<connected>\n");
        let Ok(mut socket) = tokio_tungstenite::accept_async(stream).await else { continue };
        while let Some(Ok(Message::Text(text))) = socket.next().await {
            wire.lock().expect("no panic").extend(text.as_bytes());
            let frame: Value = serde_json::from_str(&text).expect("frames are JSON");
            let stored = serde_json::json!({"type": "stored", "seq": frame["seq"]});
            if socket.send(Message::text(stored.to_string())).await.is_err() {
                break;
            }
        }
    }
}

/// How a scenario is played.
#[derive(Clone, Copy)]
struct Way {
    dialect: Dialect,
    speed: f64,
    fault: Option<Fault>,
}

/// Everything that a scenario puts on the wire.
async fn wire(name: &str, dialect: Dialect, speed: f64, fault: Option<Fault>) -> Vec<u8> {
    let mut all = Scenario::all().expect("all are in order").into_iter();
    let scenario = all.find(|scenario| scenario.name() == name).expect("it is there");
    let (dialled, connections) = unbounded_channel();
    play(&scenario, Way { dialect, speed, fault }, InMemory(dialled), connections, || {}).await
}

/// The same over TCP.
async fn socket(scenario: &Scenario, dialect: Dialect, speed: f64) -> Vec<u8> {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("it is bound").to_string();
    let (accepted, connections) = unbounded_channel();
    let accepting = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if accepted.send(stream).is_err() {
                return;
            }
        }
    });
    let way = Way { dialect, speed, fault: None };
    play(scenario, way, Tcp { address }, connections, || accepting.abort()).await
}

/// Plays to a server; `close` stops its listening.
async fn play<S: Connection>(
    scenario: &Scenario,
    Way { dialect, speed, fault }: Way,
    server: impl Dial + 'static,
    connections: UnboundedReceiver<S>,
    close: impl FnOnce(),
) -> Vec<u8> {
    let wire = Wire::default();
    let listening = if dialect.is_hl7() {
        tokio::spawn(listen_hl7(connections, wire.clone()))
    } else {
        tokio::spawn(listen_native(connections, wire.clone()))
    };
    let (link, carrying) = Link::over(dialect, server);
    let carrying = tokio::spawn(carrying);
    let nameplate =
        Nameplate { number: 3, boot: "7f3a".to_owned(), utc_offset_min: 0, gateway_every_s: None };
    let mut monitor = Monitor::new(dialect, nameplate);
    if let Some(fault) = fault {
        monitor.switch(fault, true, START_MS);
    }
    let (to_staff, _lines) = mpsc::channel(WAITING_LINES);
    let (watched, _seen) = watch::channel(true);
    let orders = Board::default().room("3", true);
    let mut stage = Stage { monitor, link, orders, to_staff, watched };
    let pace = Pace::start(speed);
    stage.play(scenario, pace, START_MS).await.expect("the link lives");
    drop(stage);
    carrying.await.expect("it ends when all is answered");
    close();
    listening.await.expect("it ends with the monitor");
    std::mem::take(&mut *wire.lock().expect("no panic"))
}

async fn assert_same(name: &str, dialect: Dialect, fault: Option<Fault>) {
    let real = wire(name, dialect, 1.0, fault).await;
    for speed in [0.25, 60.0, 1000.0] {
        let fast = wire(name, dialect, speed, fault).await;
        // Not assert_eq: it would print both.
        let at = real.iter().zip(&fast).position(|(real, fast)| real != fast);
        assert!(
            real == fast,
            "{name} in {dialect} at speed {speed} with {fault:?}: {} and {} bytes, different at {at:?}",
            real.len(),
            fast.len()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn speed_changes_no_byte_in_any_dialect() {
    for dialect in Dialect::ALL {
        for name in ["hypertensive-surge", "probe-off", "network-flapping", "monitor-unplugged"] {
            assert_same(name, dialect, None).await;
        }
        assert!(!wire("mild-dip", dialect, 60.0, None).await.is_empty());
    }
}

/// Three seconds with numbers, a doubt and a cuff that starts.
const SHORT: &str = r#"
shows = "Three seconds"
clinical = 1
lasting_min = 0.05
timed = true
temp_every_min = 1
patient = { systolic = 124, diastolic = 78, heart_rate = 72, spo2 = 97 }
steps = [
  { at_s = 0, cuff = "measure" },
  { at_s = 1, probe = { motion = { lasting_s = 1 } } },
]
"#;

#[tokio::test]
async fn speed_changes_no_byte_over_real_sockets_and_in_real_time() {
    let scenario = Scenario::read("short", "short.toml", SHORT).expect("it is in order");
    let of = async |dialect| {
        let (slowest, real, fast, fastest) = tokio::join!(
            socket(&scenario, dialect, 0.25),
            socket(&scenario, dialect, 1.0),
            socket(&scenario, dialect, 60.0),
            socket(&scenario, dialect, 1000.0),
        );
        assert!(
            !real.is_empty() && slowest == real && real == fast && fast == fastest,
            "{dialect}"
        );
    };
    let [native, mindray, efficia, loinc] = Dialect::ALL;
    tokio::join!(of(native), of(mindray), of(efficia), of(loinc));
}

#[tokio::test(start_paused = true)]
async fn speed_changes_no_byte_whatever_is_wrong_with_the_link() {
    for fault in Fault::ALL {
        // A cut ends a connection while earlier messages may be unanswered; how many depends on
        // real time.
        if fault != Fault::CutFrames {
            assert_same("mild-dip", Dialect::Native, Some(fault)).await;
        }
        assert_same("mild-dip", Dialect::Mindray, Some(fault)).await;
    }
}

#[tokio::test(start_paused = true)]
async fn an_unplugged_monitor_closes_its_connection_and_opens_another() {
    let bytes = wire("monitor-unplugged", Dialect::Mindray, 60.0, None).await;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    assert_eq!(text.matches("<connected>").count(), 2);
    let messages = text.matches("MSH|").count();
    // 9 min, of which it is silent for two.
    assert_eq!(messages, 541 - 120);
}
