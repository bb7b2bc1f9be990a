//! How long a connection may be silent. The tests move the runtime's time.

use std::sync::Arc;

use jiff::tz::TimeZone;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::super::driver_test::{assert_closed, framed, msa, vitals};
use super::super::{LARGE_MESSAGES, LIMITS, MAX_CONNECTIONS};
use super::*;
use crate::clock::pass;
use crate::places::Places;

pub(in crate::adapters::hl7) fn options() -> ListenerOptions {
    ListenerOptions {
        allow: Arc::new(|_| false),
        zone: TimeZone::UTC,
        default_device: None,
        connections: MAX_CONNECTIONS,
        now: Arc::new(|| Millis(1_791_201_600_000)),
    }
}

/// A monitor's end, what the ward receives from it, and our end.
async fn connected() -> (TcpStream, mpsc::Receiver<Arrival>, JoinHandle<()>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let monitor = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (stream, peer) = listener.accept().await.unwrap();
    let (intake, arrivals) = Intake::channel();
    let large = Semaphore::new(LARGE_MESSAGES);
    let shared = Shared { options: options(), limits: LIMITS, intake, large };
    let serving = tokio::spawn(async move {
        let place = Places::new(LIMITS.places).take(peer.ip(), Millis(0)).unwrap();
        run(stream, peer.ip(), &place, &shared, &CancellationToken::new()).await;
    });
    (monitor, arrivals, serving)
}

#[tokio::test]
async fn a_peer_that_is_there_and_says_nothing_for_six_hours_is_closed() {
    let (mut monitor, mut arrivals, serving) = connected().await;
    for id in ["a1", "a2"] {
        monitor.write_all(&framed(&vitals(id))).await.unwrap();
        let Some(Arrival::Frame(delivery)) = arrivals.recv().await else { panic!("no frame") };
        delivery.stored.send(()).unwrap();
        assert_eq!(msa(&mut monitor).await, format!("MSA|AA|{id}"));
        pass(DEAD_AFTER - Duration::from_secs(300)).await;
    }
    pass(Duration::from_secs(300)).await;
    assert_closed(&mut monitor).await;
    serving.await.unwrap();
}
