//! The driver over real sockets, with a ward that stores when told to.

mod answers;
mod large;
mod places;

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use jiff::tz::TimeZone;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::adapters::{Arrival, Delivery, Intake, ListenerOptions};
use crate::vitals::Millis;

const LIMIT: Duration = Duration::from_secs(10);

struct Clinic {
    address: std::net::SocketAddr,
    arrivals: mpsc::Receiver<Arrival>,
    shutdown: CancellationToken,
    served: JoinHandle<()>,
}

impl Clinic {
    async fn open() -> Self {
        Self::within(LIMITS).await
    }

    async fn within(limits: Limits) -> Self {
        Self::start(limits, |_| true).await
    }

    /// Serves the `allowed` addresses.
    async fn start(
        limits: Limits,
        allowed: impl Fn(IpAddr) -> bool + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (intake, arrivals) = Intake::channel();
        let shutdown = CancellationToken::new();
        let clock = AtomicI64::new(1_791_201_600_000);
        let options = ListenerOptions {
            allow: Arc::new(allowed),
            zone: TimeZone::UTC,
            default_device: None,
            connections: MAX_CONNECTIONS,
            now: Arc::new(move || Millis(clock.fetch_add(1, Ordering::Relaxed))),
        };
        let served =
            tokio::spawn(serve_within(limits, listener, options, intake, shutdown.clone()));
        Self { address, arrivals, shutdown, served }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    async fn arrival(&mut self) -> Arrival {
        timeout(LIMIT, self.arrivals.recv()).await.unwrap().unwrap()
    }

    async fn delivery(&mut self) -> Delivery {
        match self.arrival().await {
            Arrival::Frame(delivery) => delivery,
            other => panic!("no frame with readings: {other:?}"),
        }
    }
}

pub(super) fn vitals(control_id: &str) -> String {
    let header = "MSH|^~\\&|Cart||||20261005120000||ORU^R01";
    format!("{header}|{control_id}|P|2.6\rOBX|1|NM|150456^^MDC||96|%|||||F\r")
}

pub(super) fn framed(message: &str) -> Vec<u8> {
    format!("\x0b{message}\x1c\r").into_bytes()
}

/// The next answer's MSA segment.
pub(super) async fn msa(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut framer = Framer::default();
    loop {
        if let Some(Framed::Message(message)) = framer.next() {
            let text = String::from_utf8(message).unwrap();
            let msa = text.split('\r').find(|s| s.starts_with("MSA"));
            return msa.unwrap().to_owned();
        }
        // One byte at a time, to leave the next answer for the next call.
        let mut byte = [0];
        let read = timeout(LIMIT, stream.read_exact(&mut byte)).await;
        read.unwrap().unwrap();
        framer.push(&byte);
    }
}

pub(super) async fn assert_closed(stream: &mut TcpStream) {
    let mut rest = Vec::new();
    let end = timeout(LIMIT, stream.read_to_end(&mut rest)).await.unwrap();
    assert!(end.is_err() || rest.is_empty(), "{rest:?}");
}

/// A monitor of this name that sends one message and is answered.
async fn answered(clinic: &mut Clinic, name: &str, id: &str) -> TcpStream {
    let mut monitor = clinic.connect().await;
    tell(clinic, &mut monitor, name, id).await;
    monitor
}

async fn tell(clinic: &mut Clinic, monitor: &mut TcpStream, name: &str, id: &str) {
    let message = vitals(id).replace("|Cart|", &format!("|{name}|"));
    monitor.write_all(&framed(&message)).await.unwrap();
    let delivery = clinic.delivery().await;
    assert_eq!(delivery.frame.device.as_str(), name);
    delivery.stored.send(()).unwrap();
    assert_eq!(msa(monitor).await, format!("MSA|AA|{id}"));
}

#[tokio::test]
async fn a_dead_peer_is_asked_after_and_what_is_sent_to_it_is_not_waited_for_for_ever() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let _peer = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (stream, _) = listener.accept().await.unwrap();
    notice_a_dead_peer(&stream);
    let socket = SockRef::from(&stream);
    assert!(socket.keepalive().unwrap());
    assert_eq!(socket.tcp_keepalive_time().unwrap(), ASKED_AFTER);
    assert_eq!(socket.tcp_keepalive_interval().unwrap(), ASKED_EVERY);
    assert_eq!(socket.tcp_keepalive_retries().unwrap(), ASKED_TIMES);
    assert_eq!(socket.tcp_user_timeout().unwrap(), Some(UNANSWERED_FOR));
    assert!(ASKED_AFTER + ASKED_EVERY * ASKED_TIMES <= UNANSWERED_FOR);
}

#[tokio::test]
async fn shutdown_answers_what_waits_and_ends() {
    let mut clinic = Clinic::open().await;
    let mut monitor = clinic.connect().await;
    monitor.write_all(&framed(&vitals("a1"))).await.unwrap();
    let delivery = clinic.delivery().await;
    tokio::time::sleep(Duration::from_millis(50)).await;
    clinic.shutdown.cancel();
    delivery.stored.send(()).unwrap();
    assert_eq!(msa(&mut monitor).await, "MSA|AA|a1");
    assert_closed(&mut monitor).await;
    timeout(LIMIT, clinic.served).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_ward_that_has_ended_stores_nothing() {
    let mut clinic = Clinic::open().await;
    clinic.arrivals.close();
    let mut monitor = clinic.connect().await;
    monitor.write_all(&framed(&vitals("a1"))).await.unwrap();
    assert!(msa(&mut monitor).await.starts_with("MSA|AE|a1|"));
}
