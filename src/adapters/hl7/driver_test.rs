//! The driver over real sockets, with a ward that stores when told to.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::connection::MAX_UNANSWERED;
use super::*;
use crate::adapters::{Arrival, Copies, Delivery, Intake, NotUnderstood};

const LIMIT: Duration = Duration::from_secs(10);

struct Clinic {
    address: std::net::SocketAddr,
    arrivals: mpsc::Receiver<Arrival>,
    shutdown: CancellationToken,
    served: JoinHandle<()>,
}

impl Clinic {
    async fn open(allow: &str) -> Self {
        Self::within(allow, LIMITS).await
    }

    async fn within(allow: &str, limits: Limits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (intake, arrivals) = Intake::channel();
        let shutdown = CancellationToken::new();
        let clock = AtomicI64::new(1_791_201_600_000);
        let options = Hl7Options {
            allow: vec![allow.parse().unwrap()],
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

#[tokio::test]
async fn a_message_is_answered_only_when_it_is_stored() {
    let mut clinic = Clinic::open("127.0.0.0/8").await;
    let mut monitor = clinic.connect().await;
    monitor.write_all(&framed(&vitals("a1"))).await.unwrap();
    let delivery = clinic.delivery().await;
    assert_eq!(delivery.adapter, "hl7-mllp");
    assert_eq!(delivery.frame.device.as_str(), "Cart");
    assert_eq!(delivery.same_within_ms, 600_000);
    let nothing = timeout(Duration::from_millis(100), msa(&mut monitor)).await;
    assert!(nothing.is_err(), "answered before it was stored");
    delivery.stored.send(()).unwrap();
    assert_eq!(msa(&mut monitor).await, "MSA|AA|a1");
}

#[tokio::test]
async fn what_could_not_be_stored_is_asked_for_again() {
    let mut clinic = Clinic::open("127.0.0.1").await;
    let mut monitor = clinic.connect().await;
    monitor.write_all(&framed(&vitals("a1"))).await.unwrap();
    drop(clinic.delivery().await);
    let answer = msa(&mut monitor).await;
    assert_eq!(answer, "MSA|AE|a1|could not be stored, send again");
}

#[tokio::test]
async fn answers_keep_the_order_while_reading_goes_on() {
    let mut clinic = Clinic::open("127.0.0.0/8").await;
    let mut monitor = clinic.connect().await;
    let event = "MSH|^~\\&|Cart||||||ORU^R40|e|P|2.6\r";
    let burst = [framed(&vitals("a")), framed(event), framed(&vitals("b"))].concat();
    monitor.write_all(&burst).await.unwrap();
    let (first, second) = (clinic.delivery().await, clinic.delivery().await);
    second.stored.send(()).unwrap();
    let nothing = timeout(Duration::from_millis(100), msa(&mut monitor)).await;
    assert!(nothing.is_err(), "the first is not stored yet");
    first.stored.send(()).unwrap();
    for expected in ["MSA|AA|a", "MSA|AA|e", "MSA|AA|b"] {
        assert_eq!(msa(&mut monitor).await, expected);
    }
}

#[tokio::test]
async fn a_bounded_number_of_messages_waits_for_answers() {
    const SENT: usize = MAX_UNANSWERED + 144;
    let mut clinic = Clinic::open("127.0.0.0/8").await;
    let (mut answers, mut monitor) = clinic.connect().await.into_split();
    let sending = tokio::spawn(async move {
        for n in 0..SENT {
            let message = framed(&vitals(&n.to_string()));
            monitor.write_all(&message).await.unwrap();
        }
        monitor
    });
    let mut waiting = Vec::new();
    let soon = Duration::from_millis(500);
    while let Ok(Some(Arrival::Frame(d))) = timeout(soon, clinic.arrivals.recv()).await {
        waiting.push(d.stored);
    }
    // One more may be in the hand of the reader, which found the queue full.
    assert!((MAX_UNANSWERED..=MAX_UNANSWERED + 1).contains(&waiting.len()), "{}", waiting.len());
    let kept = waiting.len();
    for stored in waiting {
        stored.send(()).unwrap();
    }
    for _ in kept..SENT {
        clinic.delivery().await.stored.send(()).unwrap();
    }
    let _monitor = sending.await.unwrap();
    let mut framer = Framer::default();
    let mut count = 0;
    while count < SENT {
        let mut buffer = [0; 4096];
        let read = timeout(LIMIT, answers.read(&mut buffer)).await;
        framer.push(&buffer[..read.unwrap().unwrap()]);
        while let Some(Framed::Message(answer)) = framer.next() {
            let text = String::from_utf8(answer).unwrap();
            assert!(text.ends_with(&format!("MSA|AA|{count}\r")), "{text}");
            count += 1;
        }
    }
}

#[tokio::test]
async fn a_sender_without_frames_is_answered_after_its_silence_or_close() {
    let mut clinic = Clinic::open("127.0.0.0/8").await;
    let mut monitor = clinic.connect().await;
    monitor.write_all(vitals("a1").as_bytes()).await.unwrap();
    clinic.delivery().await.stored.send(()).unwrap();
    assert_eq!(msa(&mut monitor).await, "MSA|AA|a1");
    monitor.write_all(vitals("a2").as_bytes()).await.unwrap();
    monitor.shutdown().await.unwrap();
    clinic.delivery().await.stored.send(()).unwrap();
    assert_eq!(msa(&mut monitor).await, "MSA|AA|a2");
    assert_closed(&mut monitor).await;
}

#[tokio::test]
async fn several_devices_share_a_connection_and_the_same_message_has_the_same_key() {
    let mut clinic = Clinic::open("127.0.0.0/8").await;
    let mut monitor = clinic.connect().await;
    let bed = |n: u8| vitals("same").replace("OBX|1", &format!("PV1||I|^^{n}\rOBX|1"));
    let burst = [framed(&bed(1)), framed(&bed(2)), framed(&bed(1))].concat();
    monitor.write_all(&burst).await.unwrap();
    let mut heard = Vec::new();
    for _ in 0..3 {
        let delivery = clinic.delivery().await;
        assert_eq!(delivery.identity.bed.as_deref().map(str::len), Some(1));
        heard.push((delivery.frame.device.as_str().to_owned(), delivery.key));
        delivery.stored.send(()).unwrap();
    }
    assert_eq!((heard[0].0.as_str(), heard[1].0.as_str()), ("Cart:1", "Cart:2"));
    assert_eq!(heard[0], heard[2]);
    assert_ne!(heard[0].1, heard[1].1);
}

#[tokio::test]
async fn what_is_not_hl7_is_rejected_and_the_connection_goes_on() {
    let mut clinic = Clinic::open("127.0.0.0/8").await;
    let mut monitor = clinic.connect().await;
    monitor.write_all(b"\x00\xff\x0bhello\x1c\r").await.unwrap();
    assert!(msa(&mut monitor).await.starts_with("MSA|AR||"));
    monitor.write_all(&framed(&vitals("a1"))).await.unwrap();
    clinic.delivery().await.stored.send(()).unwrap();
    assert_eq!(msa(&mut monitor).await, "MSA|AA|a1");
}

#[tokio::test]
async fn a_message_that_is_too_long_is_refused_and_blocks_neither_its_sender_nor_others() {
    let mut clinic = Clinic::open("127.0.0.0/8").await;
    let mut other = clinic.connect().await;
    let (mut answers, mut monitor) = clinic.connect().await.into_split();
    let flood = async {
        monitor.write_all(b"\x0bMSH|^~\\&|Cart||||||ORU^R01|big|P|2.6\rNTE|1||").await.unwrap();
        let block = vec![b'x'; 64 * 1024];
        for _ in 0..128 {
            monitor.write_all(&block).await.unwrap();
        }
        monitor.write_all(&framed(&vitals("after"))).await.unwrap();
    };
    timeout(LIMIT, flood).await.unwrap();
    clinic.delivery().await.stored.send(()).unwrap();
    let refused = "MSA|AR|big|the message is longer than 1 MiB: send less in one message";
    assert_eq!(msa(&mut answers).await, refused);
    assert_eq!(msa(&mut answers).await, "MSA|AA|after");
    other.write_all(&framed(&vitals("a1"))).await.unwrap();
    clinic.delivery().await.stored.send(()).unwrap();
    assert_eq!(msa(&mut other).await, "MSA|AA|a1");
}

#[tokio::test]
async fn a_sender_that_asks_for_both_is_told_at_once_that_it_came_and_then_that_it_is_stored() {
    let mut clinic = Clinic::open("127.0.0.0/8").await;
    let mut monitor = clinic.connect().await;
    let both = |id: &str| framed(&vitals(id).replace("|P|2.6", "|P|2.6|||AL|AL"));
    monitor.write_all(&[both("a1"), both("a2")].concat()).await.unwrap();
    let (first, second) = (clinic.delivery().await, clinic.delivery().await);
    assert_eq!(msa(&mut monitor).await, "MSA|CA|a1");
    assert_eq!(msa(&mut monitor).await, "MSA|CA|a2");
    second.stored.send(()).unwrap();
    let nothing = timeout(Duration::from_millis(100), msa(&mut monitor)).await;
    assert!(nothing.is_err(), "the first is not stored yet");
    first.stored.send(()).unwrap();
    assert_eq!(msa(&mut monitor).await, "MSA|AA|a1");
    assert_eq!(msa(&mut monitor).await, "MSA|AA|a2");
    monitor.write_all(&both("a3")).await.unwrap();
    drop(clinic.delivery().await);
    assert_eq!(msa(&mut monitor).await, "MSA|CA|a3");
    assert_eq!(msa(&mut monitor).await, "MSA|AE|a3|could not be stored, send again");
}

#[tokio::test]
async fn a_stay_is_handed_on_and_never_holds_up_its_sender() {
    let mut clinic = Clinic::open("127.0.0.0/8").await;
    let mut monitor = clinic.connect().await;
    for (id, kind) in [("e1", "ADT^A01"), ("e2", "ADT_A02"), ("e3", "adt^a40^ADT_A39")] {
        let stay = format!("MSH|^~\\&|Cart||||||{kind}|{id}|P|2.6\rPID|||7||Quill^Testa\r");
        monitor.write_all(&framed(&stay)).await.unwrap();
        let Arrival::Admission(admission) = clinic.arrival().await else { panic!("no stay") };
        assert_eq!(admission.text, stay);
        assert!(["A01", "A02", "A40"].contains(&admission.event.as_str()), "{kind}");
        // Whether it could be kept or not.
        drop(admission.stored);
        assert_eq!(msa(&mut monitor).await, format!("MSA|AA|{id}"));
    }
}

#[tokio::test]
async fn a_message_without_anything_usable_is_answered_at_once_and_its_sender_is_told_of() {
    let mut clinic = Clinic::open("127.0.0.0/8").await;
    let mut monitor = clinic.connect().await;
    let message = vitals("a1").replace("150456^^MDC", "PEEP^^99X").replace("|%|", "|cmH2O|");
    monitor.write_all(&framed(&message)).await.unwrap();
    let Arrival::Unusable(unusable) = clinic.arrival().await else { panic!("usable") };
    assert_eq!(unusable.frame.device.as_str(), "Cart");
    assert_eq!(unusable.not_understood, [NotUnderstood::new("PEEP", "cmH2O", "")]);
    assert_eq!(msa(&mut monitor).await, "MSA|AA|a1");
}

#[tokio::test]
async fn who_judges_a_copy_knows_whether_its_first_was_answered() {
    let mut clinic = Clinic::open("127.0.0.0/8").await;
    let mut monitor = clinic.connect().await;
    let mut sendings = Vec::new();
    for id in ["a1", "a2"] {
        monitor.write_all(&framed(&vitals(id))).await.unwrap();
        let delivery = clinic.delivery().await;
        let Copies::ByAnswer(sending) = delivery.copies else { panic!("by its key alone") };
        sendings.push((sending, delivery.stored));
    }
    let (second, never_stored) = sendings.pop().unwrap();
    let (first, stored) = sendings.pop().unwrap();
    assert_eq!(first.connection, second.connection);
    assert!(!first.answer.is_written() && !first.answer.is_lost());
    stored.send(()).unwrap();
    assert_eq!(msa(&mut monitor).await, "MSA|AA|a1");
    drop(never_stored);
    assert_eq!(msa(&mut monitor).await, "MSA|AE|a2|could not be stored, send again");
    monitor.write_all(&framed(&vitals("a3"))).await.unwrap();
    let third = clinic.delivery().await;
    // An answer that comes from further on shows that those before it are settled.
    third.stored.send(()).unwrap();
    assert_eq!(msa(&mut monitor).await, "MSA|AA|a3");
    assert!(first.answer.is_written());
    assert!(second.answer.is_refused());

    let mut gone = clinic.connect().await;
    gone.write_all(&framed(&vitals("b1"))).await.unwrap();
    let delivery = clinic.delivery().await;
    let Copies::ByAnswer(lost) = delivery.copies else { panic!("by its key alone") };
    assert_ne!(lost.connection, first.connection);
    clinic.shutdown.cancel();
    drop((gone, delivery.stored));
    timeout(LIMIT, clinic.served).await.unwrap().unwrap();
    assert!(!lost.answer.is_written());
}

#[tokio::test]
async fn strangers_are_closed() {
    let clinic = Clinic::open("10.0.0.0/8").await;
    let mut stranger = clinic.connect().await;
    assert_closed(&mut stranger).await;
}

/// Few places, none of them kept.
fn places(total: usize) -> Limits {
    let places = Bounds { total, of_loopback: total, kept_for_known: 0, ..LIMITS.places };
    Limits { places, ..LIMITS }
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
async fn silent_connections_keep_no_monitor_out() {
    let mut clinic = Clinic::within("127.0.0.0/8", places(4)).await;
    let mut known = answered(&mut clinic, "Known", "a1").await;
    let mut silent = Vec::new();
    for _ in 0..40 {
        let mut stranger = clinic.connect().await;
        stranger.write_all(b"\x0bMSH|half a mess").await.unwrap();
        silent.push(stranger);
    }
    let _new = answered(&mut clinic, "New", "b1").await;
    tell(&mut clinic, &mut known, "Known", "a2").await;
    assert_closed(&mut silent[0]).await;
}

#[tokio::test]
async fn a_monitor_that_comes_anew_again_and_again_keeps_no_other_out_and_itself_neither() {
    let mut clinic = Clinic::within("127.0.0.0/8", places(4)).await;
    let mut never_ended = Vec::new();
    for n in 0..12 {
        never_ended.push(answered(&mut clinic, "Tunnel", &format!("t{n}")).await);
    }
    let mut other = answered(&mut clinic, "Other", "o1").await;
    let mut newest = never_ended.pop().unwrap();
    tell(&mut clinic, &mut newest, "Tunnel", "t99").await;
    tell(&mut clinic, &mut other, "Other", "o2").await;
    assert_closed(&mut never_ended[0]).await;
}

#[tokio::test]
async fn a_connection_is_closed_when_all_others_speak_and_taken_in_when_one_is_gone() {
    let mut clinic = Clinic::within("127.0.0.0/8", places(1)).await;
    let mut first = answered(&mut clinic, "Cart", "a1").await;
    assert_closed(&mut clinic.connect().await).await;
    first.shutdown().await.unwrap();
    assert_closed(&mut first).await;
    answered(&mut clinic, "Cart", "a2").await;
}

#[tokio::test]
async fn places_are_kept_for_monitors_that_have_been_here_before() {
    let mut limits = places(2);
    limits.places.kept_for_known = 1;
    let mut clinic = Clinic::within("127.0.0.0/8", limits).await;
    let mut known = connect_from(&clinic, 2).await;
    tell(&mut clinic, &mut known, "Known", "k1").await;
    known.shutdown().await.unwrap();
    assert_closed(&mut known).await;
    let mut stranger = connect_from(&clinic, 3).await;
    tell(&mut clinic, &mut stranger, "Stranger", "s1").await;
    assert_closed(&mut connect_from(&clinic, 4).await).await;
    let mut known = connect_from(&clinic, 2).await;
    tell(&mut clinic, &mut known, "Known", "k2").await;
    tell(&mut clinic, &mut stranger, "Stranger", "s2").await;
}

async fn connect_from(clinic: &Clinic, last: u8) -> TcpStream {
    let socket = tokio::net::TcpSocket::new_v4().unwrap();
    socket.bind(std::net::SocketAddr::from(([127, 0, 0, last], 0))).unwrap();
    socket.connect(clinic.address).await.unwrap()
}

#[tokio::test]
async fn a_connection_that_says_nothing_that_makes_sense_is_closed_whatever_else_it_says() {
    let first_message_within = Duration::from_millis(300);
    let clinic = Clinic::within("127.0.0.0/8", Limits { first_message_within, ..LIMITS }).await;
    let mut silent = clinic.connect().await;
    let (mut answers, mut talkative) = clinic.connect().await.into_split();
    let talking = tokio::spawn(async move {
        while talkative.write_all(b"\x0bhello\x1c\r").await.is_ok() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    });
    assert_closed(&mut silent).await;
    let mut refused = Vec::new();
    // Closed with something unread, it may be reset.
    let _ = timeout(LIMIT, answers.read_to_end(&mut refused)).await.unwrap();
    assert!(String::from_utf8_lossy(&refused).contains("MSA|AR||"));
    timeout(LIMIT, talking).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_message_that_is_never_ended_is_used_and_its_connection_goes_on() {
    let message_within = Duration::from_millis(200);
    let limits = Limits { message_within, ..LIMITS };
    let mut clinic = Clinic::within("127.0.0.0/8", limits).await;
    let mut monitor = clinic.connect().await;
    for id in ["a1", "a2"] {
        monitor.write_all(format!("\x0b{}", vitals(id)).as_bytes()).await.unwrap();
        clinic.delivery().await.stored.send(()).unwrap();
        assert_eq!(msa(&mut monitor).await, format!("MSA|AA|{id}"));
    }
}

#[tokio::test]
async fn large_messages_that_never_end_leave_room_for_others() {
    let message_within = Duration::from_millis(300);
    let limits = Limits { message_within, ..LIMITS };
    let mut clinic = Clinic::within("127.0.0.0/8", limits).await;
    let begin = format!("\x0b{}NTE|1||{}", vitals("x"), "y".repeat(2 * LARGE_BYTES));
    let mut large = Vec::new();
    for _ in 0..LARGE_MESSAGES {
        let mut monitor = clinic.connect().await;
        monitor.write_all(begin.as_bytes()).await.unwrap();
        large.push(monitor);
    }
    let _usual = answered(&mut clinic, "Usual", "u1").await;
    let mut another = clinic.connect().await;
    let whole = format!("{}NTE|1||{}", vitals("big"), "y".repeat(2 * LARGE_BYTES));
    another.write_all(&framed(&whole.replace("|Cart|", "|Big|"))).await.unwrap();
    loop {
        let delivery = clinic.delivery().await;
        let is_it = delivery.frame.device.as_str() == "Big";
        delivery.stored.send(()).unwrap();
        if is_it {
            break;
        }
    }
    assert_eq!(msa(&mut another).await, "MSA|AA|big");
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
async fn an_acknowledgement_is_not_answered() {
    let mut clinic = Clinic::open("127.0.0.0/8").await;
    let mut monitor = clinic.connect().await;
    let echo = framed("MSH|^~\\&|Cart||||||ACK^R01|x|P|2.6\rMSA|AA|1\r");
    let burst = [echo, framed(&vitals("a1"))].concat();
    monitor.write_all(&burst).await.unwrap();
    clinic.delivery().await.stored.send(()).unwrap();
    assert_eq!(msa(&mut monitor).await, "MSA|AA|a1");
}

#[tokio::test]
async fn shutdown_answers_what_waits_and_ends() {
    let mut clinic = Clinic::open("127.0.0.0/8").await;
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
    let mut clinic = Clinic::open("127.0.0.0/8").await;
    clinic.arrivals.close();
    let mut monitor = clinic.connect().await;
    monitor.write_all(&framed(&vitals("a1"))).await.unwrap();
    assert!(msa(&mut monitor).await.starts_with("MSA|AE|a1|"));
}
