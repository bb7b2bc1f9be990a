//! How long a connection may be silent, or leave its answers unread. The runtime's time is set on.

use std::sync::Arc;

use jiff::tz::TimeZone;
use tokio::io::duplex;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::super::driver_test::{assert_closed, framed, msa, vitals};
use super::super::{LARGE_MESSAGES, LIMITS, MAX_CONNECTIONS};
use super::*;
use crate::clock::pass;
use crate::places::Places;

fn options() -> Hl7Options {
    Hl7Options {
        allow: Arc::new(|_| false),
        zone: TimeZone::UTC,
        default_device: None,
        connections: MAX_CONNECTIONS,
        now: Arc::new(|| Millis(1_791_201_600_000)),
    }
}

/// A monitor's end, what the ward hears of it, and our end.
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

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_not_taken_for_ten_seconds_ends_the_connection() {
    let ms = Duration::from_millis(1);
    for (read_after, is_taken) in [(WRITE_LIMIT - ms, true), (WRITE_LIMIT + ms, false)] {
        // No answer goes in at once.
        let (mut monitor, sink) = duplex(16);
        let (answers, waiting) = mpsc::channel(1);
        let (_at_once, prompt) = mpsc::channel(1);
        let written =
            tokio::spawn(async move { write_answers(sink, waiting, prompt, &options()).await });
        let zone = TimeZone::UTC;
        let sender = Sender { peer: IpAddr::from([127, 0, 0, 1]), default_device: None };
        let context = Context { arrived_at: Millis(0), zone: &zone, sender };
        let Decoded { ack, .. } = decode(vitals("a1").as_bytes(), &context);
        let (outcome, otherwise) = (Outcome::Accepted, NOT_STORED);
        let owed = OwedAnswer::default();
        let told = owed.0.clone();
        let answer = Answer { ack, outcome, stored: None, otherwise, owed };
        assert!(answers.send(answer).await.is_ok());
        sleep(read_after).await;
        if is_taken {
            assert_eq!(msa(&mut monitor).await, "MSA|AA|a1");
            drop(answers);
            assert!(written.await.unwrap().is_ok());
        } else {
            assert_eq!(written.await.unwrap().unwrap_err().kind(), io::ErrorKind::TimedOut);
        }
        assert_eq!(told.is_lost(), !is_taken);
    }
}

#[test]
fn of_one_connection_a_bounded_number_of_different_problems_is_logged() {
    let mut complaints = ProblemLog::default();
    let problem = |n: usize| format!("problem {n}");
    for n in 0..MAX_COMPLAINTS {
        assert_eq!(complaints.news(vec![problem(n)]), [problem(n)]);
        assert!(complaints.news(vec![problem(n), problem(0)]).is_empty(), "each once");
    }
    assert!(complaints.news(vec![problem(MAX_COMPLAINTS)]).is_empty());
}
