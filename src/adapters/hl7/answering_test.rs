//! How long a sender may leave its answers unread. The tests move the runtime's time.

use std::net::IpAddr;

use jiff::tz::TimeZone;
use tokio::io::duplex;
use tokio::time::sleep;

use super::*;
use crate::adapters::hl7::connection::tests::options;
use crate::adapters::hl7::driver_test::{msa, vitals};
use crate::adapters::hl7::{Context, Decoded, Sender, decode};
use crate::vitals::Millis;

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
        let acknowledgement = owed.0.clone();
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
        assert_eq!(acknowledgement.is_lost(), !is_taken);
    }
}
