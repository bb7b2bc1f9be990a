use super::*;
use crate::adapters::hl7::connection::MAX_UNANSWERED;
use crate::adapters::{Copies, NotUnderstood};

#[tokio::test]
async fn a_message_is_answered_only_when_it_is_stored() {
    let mut clinic = Clinic::open().await;
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
    let mut clinic = Clinic::open().await;
    let mut monitor = clinic.connect().await;
    monitor.write_all(&framed(&vitals("a1"))).await.unwrap();
    drop(clinic.delivery().await);
    let answer = msa(&mut monitor).await;
    assert_eq!(answer, "MSA|AE|a1|could not be stored, send again");
}

#[tokio::test]
async fn answers_keep_the_order_while_reading_goes_on() {
    let mut clinic = Clinic::open().await;
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
    let mut clinic = Clinic::open().await;
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
    // One more may be held by the reader, which found the queue full.
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
    let mut clinic = Clinic::open().await;
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
    let mut clinic = Clinic::open().await;
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
    let mut clinic = Clinic::open().await;
    let mut monitor = clinic.connect().await;
    monitor.write_all(b"\x00\xff\x0bhello\x1c\r").await.unwrap();
    assert!(msa(&mut monitor).await.starts_with("MSA|AR||"));
    monitor.write_all(&framed(&vitals("a1"))).await.unwrap();
    clinic.delivery().await.stored.send(()).unwrap();
    assert_eq!(msa(&mut monitor).await, "MSA|AA|a1");
}

#[tokio::test]
async fn a_sender_that_asks_for_both_is_told_at_once_that_it_came_and_then_that_it_is_stored() {
    let mut clinic = Clinic::open().await;
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
    let mut clinic = Clinic::open().await;
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
async fn a_message_without_anything_usable_is_answered_once_its_sender_is_listed_with_it() {
    let mut clinic = Clinic::open().await;
    let mut monitor = clinic.connect().await;
    let message = vitals("a1").replace("150456^^MDC", "PEEP^^99X").replace("|%|", "|cmH2O|");
    monitor.write_all(&framed(&message)).await.unwrap();
    let Arrival::Unusable(unusable, taken) = clinic.arrival().await else { panic!("usable") };
    assert_eq!(unusable.frame.device.as_str(), "Cart");
    assert_eq!(unusable.not_understood, [NotUnderstood::new("PEEP", "cmH2O", "")]);
    let nothing = timeout(Duration::from_millis(100), msa(&mut monitor)).await;
    assert!(nothing.is_err(), "nobody can see yet what it says");
    taken.send(()).unwrap();
    assert_eq!(msa(&mut monitor).await, "MSA|AA|a1");
}

#[tokio::test]
async fn who_judges_a_copy_knows_whether_its_first_was_answered() {
    let mut clinic = Clinic::open().await;
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
    // An answer from further on shows that those before it are settled.
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
async fn an_acknowledgement_is_not_answered() {
    let mut clinic = Clinic::open().await;
    let mut monitor = clinic.connect().await;
    let echo = framed("MSH|^~\\&|Cart||||||ACK^R01|x|P|2.6\rMSA|AA|1\r");
    let burst = [echo, framed(&vitals("a1"))].concat();
    monitor.write_all(&burst).await.unwrap();
    clinic.delivery().await.stored.send(()).unwrap();
    assert_eq!(msa(&mut monitor).await, "MSA|AA|a1");
}
