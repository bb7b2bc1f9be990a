use super::stand_in::{Does, StandIn};
use super::*;
use crate::journal::Whose;
use crate::store::{MOST_TEXTS_SET_ASIDE, OutboundChange, OutboundText};

#[tokio::test]
async fn each_system_has_its_own_queue_and_one_that_is_gone_keeps_no_other_waiting() {
    let gone = StandIn::that([Does::Closes]).await.port;
    let ehr = StandIn::that([Does::answers(&["AA"])]).await;
    let both = vec![to_hl7("EHR", ehr.port, false), to_hl7("gone", gone, false)];
    let bench = Bench::sending_to(both.clone()).await;
    bench.ends(record("s-1", 130)).await;
    assert_eq!(bench.settled().await.arrived, 1);
    let shown = status(&bench.journal.store(), &both, Millis(START_MS)).await.unwrap();
    assert_eq!((shown.outbound[1].arrived, shown.outbound[1].waiting), (0, 1));
}

#[tokio::test]
async fn what_was_over_before_a_system_was_known_is_not_sent_there() {
    let mut ehr = StandIn::that([Does::answers(&["AA"])]).await;
    let bench = Bench::sending_to(vec![to_hl7("EHR", ehr.port, false)]).await;
    let mut old = record("s-0", 130);
    old.header.ended_at = Some(Millis(START_MS - 1));
    bench.ends(old).await;
    bench.ends(record("s-1", 130)).await;
    assert_eq!(field(&ehr.message().await, "OBR", 3), "s-1^dripwatch");
    assert_eq!(bench.settled().await.arrived, 1);
    assert_eq!(ehr.further(), [""; 0]);
}

#[tokio::test]
async fn a_system_that_wants_signed_sessions_gets_no_other() {
    let mut ehr = StandIn::that([Does::answers(&["AA"])]).await;
    let to = config::Outbound { when: When::SignedOff, ..to_hl7("EHR", ehr.port, false) };
    let bench = Bench::sending_to(vec![to]).await;
    let mut signed = record("s-1", 130);
    bench.ends(signed.clone()).await;
    bench.settled().await;
    assert_eq!(ehr.further(), [""; 0]);
    let (by, name, open) = ("KM".to_owned(), "Karla Maier".to_owned(), Vec::new());
    let at = Millis(START_MS + 400_000);
    signed.signatures = vec![crate::report::Signature { by, name, at, open, changed_since: false }];
    bench.ends(signed).await;
    assert_eq!(field(&ehr.message().await, "OBR", 3), "s-1^dripwatch");
}

#[tokio::test]
async fn whose_name_was_removed_is_not_sent_any_more_and_nothing_of_them_stays_in_the_queue() {
    let port = StandIn::that([Does::Closes]).await.port;
    let bench = Bench::sending_to(vec![to_hl7("EHR", port, false)]).await;
    bench.ends(record("s-1", 130)).await;
    bench.until(|to| to.not_reached_since.is_some()).await;
    let kept = bench.journal.store().outbound_next("EHR").await.unwrap().unwrap();
    assert!(kept.text.is_some_and(|text| text.contains("J.T.")));
    let (stored, told) = oneshot::channel();
    bench.journal.erase_private(Whose::Session(session("s-1")), vec![stored]).unwrap();
    in_time(told).await.unwrap();
    let mut removed = record("s-1", 130);
    removed.header.patient.is_removed = true;
    bench.ends(removed).await;
    bench.settled().await;
    let mut ehr = StandIn::on(port, [Does::answers(&["AA"])]).await;
    bench.ends(record("s-2", 130)).await;
    assert_eq!(field(&ehr.message().await, "OBR", 3), "s-2^dripwatch");
    bench.settled().await;
    assert_eq!(ehr.further(), [""; 0]);
}

#[tokio::test]
async fn a_record_that_cannot_be_read_keeps_nobody_waiting_for_ever() {
    let mut ehr = StandIn::that([Does::answers(&["AA"])]).await;
    let bench = Bench::sending_to(vec![to_hl7("EHR", ehr.port, false)]).await;
    let mut damaged = record("s-0", 130);
    damaged.header.session = session("unreadable");
    bench.ends(damaged).await;
    bench.ends(record("s-1", 130)).await;
    assert_eq!(field(&ehr.message().await, "OBR", 3), "s-1^dripwatch");
    let shown = bench.settled().await;
    assert_eq!(shown.set_aside[0].why, "the session's record cannot be read");
    assert_eq!(shown.set_aside[0].tries, MOST_TRIES);
}

#[tokio::test]
async fn a_session_that_is_no_more_is_not_sent() {
    let ehr = StandIn::that([Does::answers(&["AA"])]).await;
    let bench = Bench::sending_to(vec![to_hl7("EHR", ehr.port, false)]).await;
    bench.put(vec![ended(&record("gone", 130))]).await;
    let shown = bench.settled().await;
    assert_eq!((shown.arrived, shown.set_aside_count), (0, 0));
}

#[tokio::test]
async fn what_is_too_long_is_not_sent_and_is_shown() {
    let record = record("s-1", 130);
    let mut long = record.clone();
    long.addenda = vec![crate::record::Addendum {
        n: 1,
        at: Millis(START_MS),
        by: "KM".to_owned(),
        text: "x".repeat(MAX_TEXT_BYTES),
        after_sign_off: true,
    }];
    let to = to_fhir("http://127.0.0.1:9".to_owned());
    let bench = Bench::sending_to(vec![to]).await;
    bench.ends(long).await;
    let shown = bench.until(|to| to.set_aside_count == 1).await;
    assert_eq!(shown.set_aside[0].why, "it is too long to be sent");
}

#[tokio::test]
async fn of_what_was_set_aside_the_texts_of_the_oldest_are_not_kept() {
    let bench = Bench::sending_to(Vec::new()).await;
    let mut changes = Vec::new();
    for n in 1..=u64::from(MOST_TEXTS_SET_ASIDE) + 2 {
        let (destination, session) = ("EHR".to_owned(), session(&format!("s-{n}")));
        let (at, why) = (Millis(START_MS), "error (AE)".to_owned());
        let text = OutboundText {
            text: "MSH|".to_owned(),
            control: "DW1".to_owned(),
            content: "1".to_owned(),
            filed: "[]".to_owned(),
            is_correction: false,
        };
        changes.extend([
            OutboundChange::Queued { destination, session, at },
            OutboundChange::Begun { n },
            OutboundChange::Written { n, text },
            OutboundChange::SetAside { n, at, tries: MOST_TRIES, why },
        ]);
    }
    bench.put(changes.into_iter().map(Upsert::Outbound).collect()).await;
    let store = bench.journal.store();
    let has_text = async |n: u64| store.outbound(n).await.unwrap().unwrap().text.is_some();
    assert_eq!([has_text(1).await, has_text(2).await, has_text(3).await], [false, false, true]);
    let newest = store.outbound(u64::from(MOST_TEXTS_SET_ASIDE) + 2).await.unwrap().unwrap();
    assert_eq!((newest.state, newest.text.is_some()), (OutboundState::SetAside, true));
    // Listed are the last hundred.
    let to = [to_hl7("EHR", 9, false)];
    let shown = status(&store, &to, Millis(START_MS)).await.unwrap();
    assert_eq!(shown.outbound[0].set_aside_count, u64::from(MOST_TEXTS_SET_ASIDE) + 2);
    assert_eq!(shown.outbound[0].set_aside.len(), 100);
    assert_eq!(shown.outbound[0].set_aside[0].id, newest.n.to_string());
}

#[tokio::test]
async fn more_changes_than_one_look_takes_all_come_to_their_turn() {
    let ehr = StandIn::that([Does::answers(&["AA"])]).await;
    let bench = Bench::sending_to(vec![to_hl7("EHR", ehr.port, false)]).await;
    let mut rows = Vec::new();
    for n in 0..150 {
        let record = record(&format!("s-{n}"), 130);
        rows.push(ended(&record));
        bench.shelf.put(record);
    }
    bench.put(rows).await;
    assert_eq!(bench.until(|to| to.arrived == 150).await.set_aside_count, 0);
}

#[tokio::test]
async fn a_system_that_is_not_reached_for_ten_minutes_is_reported_as_lost() {
    let port = StandIn::that([Does::Closes]).await.port;
    let bench = Bench::sending_to(vec![to_hl7("EHR", port, false)]).await;
    bench.ends(record("s-1", 130)).await;
    let shown = bench.until(|to| to.not_reached_since.is_some()).await;
    let since = shown.not_reached_since.unwrap();
    for (after_ms, is_lost) in [(LOST_AFTER_MS - 1, false), (LOST_AFTER_MS, true)] {
        let now = since.plus(after_ms);
        let shown = status(&bench.journal.store(), &bench.destinations, now).await.unwrap();
        assert_eq!(shown.outbound[0].is_lost, is_lost);
    }
}

#[tokio::test]
async fn each_change_of_the_queue_applied_twice_is_the_same_as_once() {
    let bench = Bench::sending_to(Vec::new()).await;
    let (store, at) = (bench.journal.store(), Millis(START_MS));
    let queued =
        || OutboundChange::Queued { destination: "EHR".to_owned(), session: session("s-1"), at };
    let text = OutboundText {
        text: "MSH|".to_owned(),
        control: "DW1".to_owned(),
        content: "1".to_owned(),
        filed: "[]".to_owned(),
        is_correction: false,
    };
    let why = || "error (AE)".to_owned();
    let tried = OutboundChange::Tried { n: 1, at, tries: 1, why: why(), trouble_since: Some(at) };
    let changes = [
        (OutboundChange::Known { destination: "EHR".to_owned(), at }, (0, 0, 0)),
        (queued(), (1, 0, 0)),
        (OutboundChange::Begun { n: 1 }, (1, 0, 0)),
        (OutboundChange::Written { n: 1, text }, (1, 0, 0)),
        (tried, (1, 0, 0)),
        (OutboundChange::SetAside { n: 1, at, tries: 5, why: why() }, (0, 0, 1)),
        (OutboundChange::Again { n: 1 }, (1, 0, 0)),
        (OutboundChange::Begun { n: 1 }, (1, 0, 0)),
        (OutboundChange::Arrived { n: 1, at }, (0, 1, 0)),
        (queued(), (1, 1, 0)),
        (OutboundChange::Dropped { n: 2 }, (0, 1, 0)),
    ];
    for (change, expected) in changes {
        let change = Upsert::Outbound(change);
        bench.put(vec![change.clone(), change.clone()]).await;
        let counts = store.outbound_counts("EHR").await.unwrap();
        let counted = (counts.waiting, counts.arrived, counts.set_aside);
        assert_eq!(counted, expected, "{change:?}");
    }
    let arrived = store.outbound_arrived("EHR", &session("s-1")).await.unwrap().unwrap();
    assert_eq!((arrived.text, arrived.control.as_deref()), (None, Some("DW1")));
}
