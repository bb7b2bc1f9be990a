//! The answer of a request is recorded with its effect, also when that has to wait.

use super::*;
use crate::record::{AnswerRow, KeyedRequest};
use crate::vitals::Vital;

fn request(key: &str) -> KeyedRequest {
    let (who, method_path) = ("login KM".to_owned(), "POST /x".to_owned());
    KeyedRequest { key: key.to_owned(), who, method_path }
}

fn asking(key: &str) -> Actor {
    Actor { request: Some(Arc::new(request(key))), ..km() }
}

async fn answer(clinic: &Clinic, key: &str) -> Option<AnswerRow> {
    clinic.core.journal.store().answer(&request(key), START).await.unwrap()
}

fn text(row: Option<AnswerRow>) -> Option<String> {
    row.map(|row| String::from_utf8(row.body).unwrap())
}

#[tokio::test]
async fn what_has_no_place_in_the_journal_is_answered_on_disk_when_it_has() {
    let mut clinic = Clinic::open().await;
    let session = clinic.open_session();
    clinic.fill_the_journal();
    let note = || EnterEvent {
        session: session.clone(),
        event: Event::Note { text: "blanket".to_owned() },
        occurred_at: None,
    };
    let now = clinic.now();
    let mut done = clinic.core.act(&asking("note"), note(), now).unwrap();
    assert!(done.stored.try_recv().is_err(), "refused");
    clinic.wait_for_the_journal().await;
    assert_eq!(answer(&clinic, "note").await, None, "its effect is not on disk either");
    clinic.second += 2;
    clinic.send(vec![reading(Vital::Spo2, 97)]);
    clinic.bind();
    clinic.event(&session, Event::Note { text: "second".to_owned() });
    flush(&clinic.core.journal).await;
    assert_eq!(text(answer(&clinic, "note").await), Some(done.json));
    let mut clinic = clinic.restart(1).await;
    let events = clinic.room_json()["session"]["events"].clone();
    let notes = events.as_array().unwrap().iter().filter(|event| event["type"] == "note");
    assert_eq!(notes.count(), 2, "{events}");
}

#[tokio::test]
async fn a_room_that_is_taken_while_nothing_can_be_recorded_is_not_recorded() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    for _ in 0..70 {
        clinic.send(vec![reading(Vital::Spo2, 84), reading(Vital::PulseRate, 45)]);
        clinic.second += 1;
    }
    clinic.fill_the_journal();
    let now = clinic.now();
    for key in ["first", "hers already"] {
        let act = AcknowledgeRoom { room: room() };
        let mut taken = clinic.core.act(&asking(key), act, now).unwrap();
        let closed = oneshot::error::TryRecvError::Closed;
        assert_eq!(
            taken.stored.try_recv(),
            Err(closed),
            "{key}: a barrier may fit, its cause did not"
        );
    }
}

#[tokio::test]
async fn the_answer_of_an_act_that_changes_two_rooms_is_on_disk_with_both_or_with_neither() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    clinic.each_second(97, 2);
    flush(&clinic.core.journal).await;
    let commits = clinic.core.journal.counters().commits;
    let now = clinic.now();
    let act = Bind { device: mon(), room: None, is_confirmed: false };
    let done = clinic.core.act(&asking("bind"), act, now).unwrap();
    done.stored.await.unwrap();
    assert_eq!(clinic.core.journal.counters().commits, commits + 1, "one transaction");
    assert_eq!(text(answer(&clinic, "bind").await), Some(done.json));
}

#[tokio::test]
async fn a_refusal_is_not_recorded() {
    let mut clinic = Clinic::open().await;
    let now = clinic.now();
    let session = NewSession {
        patient: Patient { initials: "J.T.".to_owned(), ..Patient::default() },
        profile: Some("no such".to_owned()),
        ..NewSession::default()
    };
    let act = OpenSession { room: room(), session };
    assert!(clinic.core.act(&asking("open"), act, now).is_err());
    flush(&clinic.core.journal).await;
    assert_eq!(answer(&clinic, "open").await, None);
}
