//! What the release before left on disk in the middle of an infusion. `format-3.sql` is its
//! database: a session that was aborted with an alert that nobody saw, and another one under way,
//! with a baseline, an own limit, a note, a symptom, an alert that KM has, one that is silenced and
//! one that is nobody's. The process was stopped and started, heard three seconds more, and was
//! killed. `format-3.json` is the room as that release showed it when it started once more.

use serde_json::Value as Json;

use super::*;
use crate::journal::Verdict;

/// The second at which it is started again.
const STARTED: i64 = 84;

async fn clinic() -> Clinic {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("dripwatch.db");
    let pool = sqlx::SqlitePool::connect(&format!("sqlite://{}?mode=rwc", file.display())).await;
    let pool = pool.unwrap();
    sqlx::raw_sql(include_str!("format-3.sql")).execute(&pool).await.unwrap();
    pool.close().await;
    let core = core_in(folder.path(), START.plus(STARTED * 1_000)).await;
    Clinic { core, folder, second: STARTED, sent: 1_000 }
}

fn shown_then() -> Json {
    serde_json::from_str(include_str!("format-3.json")).unwrap()
}

#[tokio::test]
async fn an_infusion_of_the_release_before_goes_on_with_baseline_alerts_silences_and_claims() {
    let mut clinic = clinic().await;
    let (now, then) = (clinic.room_json(), shown_then());
    assert_eq!(then["session"]["phase"], "infusing");
    for part in ["limits", "unread_since"] {
        assert_eq!(now[part], then[part], "{part}");
    }
    // What an alert and a session show since then comes beside it.
    let alerts = then["alerts"].as_array().unwrap();
    assert_eq!(now["alerts"].as_array().unwrap().len(), alerts.len());
    for (n, alert) in alerts.iter().enumerate() {
        for (key, value) in alert.as_object().unwrap() {
            assert_eq!(now["alerts"][n][key], *value, "{key} of {n}");
        }
    }
    for (key, value) in then["session"].as_object().unwrap() {
        assert_eq!(now["session"][key], *value, "{key}");
    }
    // What is heard goes on from there: the high alert is silent until its time, and is KM's then.
    let low = then["alerts"].as_array().unwrap().iter().find(|a| a["condition"] == "spo2_low");
    let id = low.unwrap()["id"].as_str().unwrap().to_owned();
    let alert = |clinic: &mut Clinic| {
        let alerts = clinic.room_json()["alerts"].take();
        alerts.as_array().unwrap().iter().find(|alert| alert["id"] == id.as_str()).unwrap().clone()
    };
    let silenced_until = low.unwrap()["silenced_until"].as_i64().unwrap();
    let left_s = usize::try_from(Millis(silenced_until).since(clinic.now()) / 1_000).unwrap();
    clinic.each_second(84, left_s - 1);
    assert_eq!(alert(&mut clinic)["silenced_until"], silenced_until);
    clinic.each_second(84, 1);
    assert_eq!(alert(&mut clinic)["silenced_until"], Json::Null);
    let at = clinic.now();
    clinic.core.act(&km(), Acknowledge { alert: id.clone() }, at).unwrap();
    assert_eq!(alert(&mut clinic)["acknowledged"]["by"], "KM");
}

#[tokio::test]
async fn its_session_is_ended_exported_and_played_to_the_log_that_was_shown() {
    let mut clinic = clinic().await;
    let session = SessionId::new(shown_then()["session"]["id"].as_str().unwrap()).unwrap();
    clinic.each_second(84, 3);
    clinic.event(&session, Event::Stop { reason: None });
    clinic.event(&session, Event::Discharge { overrides: None });
    flush(&clinic.core.journal).await;
    let verdict = clinic.core.journal.verify(&Chain::Room(room())).await.unwrap();
    assert!(matches!(verdict, Verdict::Whole { .. }), "{verdict:?}");
    let mut recording = Vec::new();
    export::whole(&clinic.core.journal, &session, &mut recording).await.unwrap();
    let player = Player::new(recording.as_slice()).unwrap();
    assert_eq!(player.verify().unwrap(), []);
    // What was written about the patient before is no part of it.
    let recording = String::from_utf8(recording).unwrap();
    assert!(recording.contains("asleep, rousable") && !recording.contains("note of the first"));
}

#[tokio::test]
async fn the_next_sessions_record_holds_nothing_that_was_entered_of_this_one() {
    let mut clinic = clinic().await;
    let session = SessionId::new(shown_then()["session"]["id"].as_str().unwrap()).unwrap();
    clinic.event(&session, Event::Abort { reason: None });
    clinic.second += 10;
    let next = clinic.open_session();
    clinic.each_second(97, 3);
    clinic.event(&next, Event::Abort { reason: None });
    flush(&clinic.core.journal).await;
    let mut recording = Vec::new();
    export::whole(&clinic.core.journal, &next, &mut recording).await.unwrap();
    let recording = String::from_utf8(recording).unwrap();
    for entered in [r#""systolic":118"#, r#""symptom":"nausea"#, r#""caution":105"#, "known fast"] {
        assert!(!recording.contains(entered), "{entered}");
    }
}

#[tokio::test]
async fn its_sessions_are_in_their_day_and_the_next_ones_belong_to_a_course() {
    let mut clinic = clinic().await;
    flush(&clinic.core.journal).await;
    let store = clinic.core.journal.store();
    let rows = store.sessions_between(START, START.plus(86_400_000)).await.unwrap();
    let short: Vec<_> = rows.iter().map(|row| (row.phase.as_str(), row.waived)).collect();
    assert_eq!(short, [("aborted", 0), ("infusing", 0)]);
    assert_eq!(rows[0].signed_off, None);
    let aborted = rows[0].id.clone();
    let json = store.session(&aborted).await.unwrap().unwrap().json;
    let shown: Json = serde_json::from_str(&json).unwrap();
    for (key, nothing) in [
        ("gates", serde_json::json!([])),
        ("medications", serde_json::json!([])),
        ("given", Json::Null),
        ("peak", Json::Null),
        ("signed_off", Json::Null),
        ("addenda", serde_json::json!([])),
    ] {
        assert_eq!(shown.get(key), Some(&nothing), "{key}");
    }
    assert!(crate::contract::PastSession::read(&json).is_ok());

    // It is signed off and added to like any other.
    let now = clinic.now();
    let identified = Actor { is_identified: true, ..km() };
    let open = store.open_in(&aborted).await.unwrap();
    let ended = EndedSession::read(json).unwrap();
    let sign = SignOff { session: aborted.clone(), open, ended: ended.clone() };
    clinic.core.act(&identified, sign, now).unwrap();
    let add = Add { session: aborted.clone(), text: "late".to_owned(), ended: ended.clone() };
    clinic.core.act(&identified, add, now).unwrap();
    assert!(matches!(
        clinic.core.act(
            &km(),
            Add { session: aborted.clone(), text: "x".to_owned(), ended: ended.clone() },
            now
        ),
        Err(Refusal::NeedsIdentity(_))
    ));
    flush(&clinic.core.journal).await;
    let json = store.session(&aborted).await.unwrap().unwrap().json;
    let shown: Json = serde_json::from_str(&json).unwrap();
    assert_eq!(shown["signed_off"]["by"], "KM");
    assert_eq!(shown["addenda"][0]["after_sign_off"], true);

    // A course is opened for who comes next.
    let running = SessionId::new(rows[1].id.as_str()).unwrap();
    clinic.event(&running, Event::Abort { reason: None });
    let person = crate::people::Person {
        family: Some("Quill".to_owned()),
        given: Some("Testa".to_owned()),
        ..crate::people::Person::default()
    };
    let session = NewSession { named: Named::Person(person), ..NewSession::default() };
    let opened = clinic.core.act(&km(), OpenSession { room: room(), session }, now).unwrap();
    let opened: Json = serde_json::from_str(&opened.json).unwrap();
    let patient = crate::vitals::PatientId::new(opened["patient"]["id"].as_str().unwrap()).unwrap();
    let profile = "ketamine-iv-adult".to_owned();
    let course = OpenCourse { patient: patient.clone(), profile, planned: 6 };
    clinic.core.act(&km(), course, now).unwrap();
    flush(&clinic.core.journal).await;
    assert_eq!(store.courses_of(&patient).await.unwrap().len(), 1);
    assert_eq!(store.sessions_of_patient(&patient).await.unwrap().len(), 1);
}
