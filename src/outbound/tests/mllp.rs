use super::stand_in::{Does, StandIn};
use super::*;

/// Tries a receiver that does `first` and then accepts: the message comes twice, the same to the byte.
async fn is_repeated_after(first: Does) -> OutboundDestination {
    let mut ehr = StandIn::that([first.clone(), Does::answers(&["AA"])]).await;
    let to = config::Outbound { timeout_s: 1, ..to_hl7("EHR", ehr.port, false) };
    let bench = Bench::sending_to(vec![to]).await;
    bench.ends(record("s-1", 130)).await;
    let one = ehr.message().await;
    let two = ehr.message().await;
    assert_eq!(one, two, "{first:?}");
    let shown = bench.settled().await;
    assert_eq!((shown.arrived, shown.set_aside_count), (1, 0), "{first:?}");
    assert_eq!((shown.not_reached_since, &shown.why), (None, &None));
    assert_eq!(ehr.further(), [""; 0]);
    shown
}

#[tokio::test]
async fn a_session_that_is_over_arrives_once() {
    let mut ehr = StandIn::that([Does::answers(&["AA"])]).await;
    let bench = Bench::sending_to(vec![to_hl7("EHR", ehr.port, false)]).await;
    bench.ends(record("s-1", 130)).await;
    let message = ehr.message().await;
    assert_eq!(field(&message, "MSH", 9), "ORU^R01^ORU_R01");
    assert_eq!([field(&message, "MSH", 15), field(&message, "MSH", 16)], ["", ""]);
    assert_eq!(field(&message, "OBR", 3), "s-1^dripwatch");
    assert_eq!(second_systolic(&message), Some(("130", "F")));
    let shown = bench.settled().await;
    assert_eq!((shown.arrived, shown.waiting, shown.set_aside_count), (1, 0, 0));
    assert!(shown.last_arrived_at.is_some());
    // Something of it is written again that changes nothing.
    bench.ends(record("s-1", 130)).await;
    bench.settled().await;
    assert_eq!(ehr.further(), [""; 0]);
}

#[tokio::test]
async fn a_receiver_that_answers_twice_is_waited_for() {
    let mut ehr = StandIn::that([Does::answers(&["CA", "AA"])]).await;
    let bench = Bench::sending_to(vec![to_hl7("EHR", ehr.port, true)]).await;
    bench.ends(record("s-1", 130)).await;
    let message = ehr.message().await;
    assert_eq!([field(&message, "MSH", 15), field(&message, "MSH", 16)], ["AL", "AL"]);
    assert_eq!(bench.settled().await.arrived, 1);
    // That it has arrived is not yet that it was taken.
    ehr.now_does(Does::answers(&["CA", "AE"]));
    bench.ends(record("s-2", 130)).await;
    let shown = bench.until(|to| to.set_aside_count == 1).await;
    assert_eq!(shown.set_aside[0].why, "error (AE): said AE");
}

#[tokio::test]
async fn a_receiver_that_only_says_that_it_has_arrived_again_and_again_is_asked_anew() {
    let mut ehr = StandIn::that([Does::answers(&["CA"; 9]), Does::answers(&["CA", "AA"])]).await;
    let bench = Bench::sending_to(vec![to_hl7("EHR", ehr.port, true)]).await;
    bench.ends(record("s-1", 130)).await;
    assert_eq!(ehr.message().await, ehr.message().await);
    assert_eq!(bench.settled().await.arrived, 1);
}

#[tokio::test]
async fn our_own_listener_reads_what_is_sent_as_it_was_measured() {
    let message = crate::report::hl7(&record("s-1", 182));
    let decoded = crate::adapters::hl7::decode(
        message.as_bytes(),
        &crate::adapters::hl7::Context {
            arrived_at: Millis(START_MS + 3_600_000),
            zone: &jiff::tz::TimeZone::UTC,
            sender: crate::adapters::hl7::Sender {
                peer: std::net::Ipv4Addr::LOCALHOST.into(),
                default_device: None,
            },
        },
    );
    assert!(decoded.not_understood.is_empty(), "{:?}", decoded.not_understood);
    let readings = decoded.frame.unwrap().readings;
    let pressures: Vec<_> = readings
        .iter()
        .filter_map(|reading| match reading.observation {
            crate::vitals::Observation::Measured(crate::vitals::Value::Pressure(pressure), _) => {
                Some((reading.taken_at, pressure.systolic, pressure.diastolic))
            }
            _ => None,
        })
        .collect();
    let is = |second: i64, systolic: i32| {
        let at = Millis(START_MS + second * 1_000);
        (Some(at), Some(Decimal::whole(systolic)), Some(Decimal::whole(80)))
    };
    assert_eq!(pressures, [is(10, 121), is(310, 182)]);
}

#[tokio::test]
async fn whatever_leaves_it_open_whether_a_message_arrived_it_is_sent_again_to_the_byte() {
    is_repeated_after(Does::Closes).await;
    is_repeated_after(Does::says("HTTP/1.1 400 Bad Request\r\n\r\n\u{1c}\r")).await;
    let other = Does::says("\u{b}MSH|^~\\&|EHR\rMSA|AA|DW-OF-ANOTHER\r\u{1c}\r");
    is_repeated_after(other).await;
    // Half of an answer, and then nothing.
    is_repeated_after(Does::says("\u{b}MSH|^~\\&|EHR\rMSA|A")).await;
    is_repeated_after(Does::answers(&["CA"])).await;
}

#[tokio::test]
async fn a_receiver_that_closes_at_once_or_is_silent_is_asked_again() {
    let ehr = StandIn::that([Does::Refuses, Does::Refuses, Does::answers(&["AA"])]).await;
    let bench = Bench::sending_to(vec![to_hl7("EHR", ehr.port, false)]).await;
    bench.ends(record("s-1", 130)).await;
    assert_eq!(bench.settled().await.arrived, 1);

    let mut slow = StandIn::that([Does::IsSilent, Does::answers(&["AA"])]).await;
    let to = config::Outbound { timeout_s: 1, ..to_hl7("EHR", slow.port, false) };
    let bench = Bench::sending_to(vec![to]).await;
    bench.ends(record("s-1", 130)).await;
    let shown = bench.until(|to| to.not_reached_since.is_some()).await;
    assert_eq!(shown.why.as_deref(), Some("no answer within 1 s"));
    let (one, two) = (slow.message().await, slow.message().await);
    assert_eq!(one, two);
    assert_eq!(bench.settled().await.arrived, 1);
}

#[tokio::test]
async fn a_receiver_that_is_gone_gets_everything_in_order_once_it_is_back() {
    let port = StandIn::that([Does::Closes]).await.port;
    let bench = Bench::sending_to(vec![to_hl7("EHR", port, false)]).await;
    for id in ["s-1", "s-2", "s-3"] {
        bench.ends(record(id, 130)).await;
        bench.until(|to| to.waiting > 0).await;
    }
    let shown = bench.until(|to| to.waiting == 3 && to.not_reached_since.is_some()).await;
    assert_eq!(shown.why.as_deref(), Some("nothing listens at this address"));
    assert!(!shown.is_lost, "not for ten minutes");
    let mut ehr = StandIn::on(port, [Does::answers(&["AA"])]).await;
    for id in ["s-1", "s-2", "s-3"] {
        assert_eq!(field(&ehr.message().await, "OBR", 3), format!("{id}^dripwatch"));
    }
    assert_eq!(bench.settled().await.arrived, 3);
}

#[tokio::test]
async fn what_is_always_refused_is_set_aside_and_the_next_goes_on() {
    let refuses: Vec<_> = (0..MOST_TRIES).map(|_| Does::answers(&["AE"])).collect();
    let mut ehr = StandIn::that(refuses.into_iter().chain([Does::answers(&["AA"])])).await;
    let bench = Bench::sending_to(vec![to_hl7("EHR", ehr.port, false)]).await;
    bench.ends(record("s-1", 130)).await;
    let first = ehr.message().await;
    bench.ends(record("s-2", 130)).await;
    for _ in 1..MOST_TRIES {
        assert_eq!(ehr.message().await, first, "each try is the same message");
    }
    assert_eq!(field(&ehr.message().await, "OBR", 3), "s-2^dripwatch");
    let shown = bench.settled().await;
    assert_eq!((shown.arrived, shown.set_aside_count), (1, 1));
    let aside = &shown.set_aside[0];
    assert_eq!((&*aside.why, aside.tries), ("error (AE): said AE", MOST_TRIES));
    assert_eq!(aside.session, session("s-1"));

    // A person has it sent again: nothing has changed, so it is the same message.
    let n = aside.id.parse().unwrap();
    bench.put(vec![Upsert::Outbound(crate::store::OutboundChange::Again { n })]).await;
    assert_eq!(ehr.message().await, first);
    let shown = bench.settled().await;
    assert_eq!((shown.arrived, shown.set_aside_count), (2, 0));
}

#[tokio::test]
async fn what_is_corrected_is_sent_as_a_correction_and_what_is_taken_back_as_that() {
    let mut ehr = StandIn::that([Does::answers(&["AA"])]).await;
    let bench = Bench::sending_to(vec![to_hl7("EHR", ehr.port, false)]).await;
    bench.ends(record("s-1", 182)).await;
    let first = ehr.message().await;
    assert_eq!(second_systolic(&first), Some(("182", "F")));
    bench.settled().await;

    let mut corrected = record("s-1", 182);
    corrected.pressures[1].systolic = Some(Decimal::whole(128));
    bench.ends(corrected.clone()).await;
    let second = ehr.message().await;
    assert_eq!(second_systolic(&second), Some(("128", "C")));
    assert_eq!(field(&second, "OBR", 25), "C");
    assert_ne!(field(&first, "MSH", 10), field(&second, "MSH", 10));
    bench.settled().await;

    corrected.pressures.pop();
    bench.ends(corrected).await;
    let third = ehr.message().await;
    assert_eq!(second_systolic(&third), Some(("128", "W")), "as it was sent last");
    bench.settled().await;
    assert_eq!(ehr.further(), [""; 0]);
}

#[tokio::test]
async fn a_message_on_its_way_is_the_same_to_the_byte_after_a_restart() {
    let mut ehr = StandIn::that([Does::IsSilent]).await;
    let mut bench = Bench::sending_to(vec![to_hl7("EHR", ehr.port, false)]).await;
    bench.ends(record("s-1", 182)).await;
    let before = ehr.message().await;
    // It changes while it is on its way: that is another message, after it.
    let mut corrected = record("s-1", 182);
    corrected.pressures[1].systolic = Some(Decimal::whole(128));
    bench.ends(corrected).await;
    bench.until(|to| to.waiting == 2).await;
    ehr.now_does(Does::answers(&["AA"]));
    bench.restart().await;
    assert_eq!(ehr.message().await, before);
    assert_eq!(second_systolic(&ehr.message().await), Some(("128", "C")));
    assert_eq!(bench.settled().await.arrived, 1);
    assert_eq!(ehr.further(), [""; 0]);
}
