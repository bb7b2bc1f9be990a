//! The sessions of a day, and of a patient.

use tokio::sync::oneshot;

use super::{AlertRow, CourseRow, SessionRow, Upsert};
use crate::journal::Journal;
use crate::room::AlertState;
use crate::vitals::{CourseId, Millis, PatientId, RoomId, SessionId};

const HOUR: i64 = 3_600_000;

fn session(id: &str, opened_at: i64, ended_at: Option<i64>, json: &str) -> Upsert {
    Upsert::Session(SessionRow {
        id: SessionId::new(id).unwrap(),
        room: RoomId::new("3").unwrap(),
        profile: "ketamine-iv-adult".into(),
        phase: "infusing".into(),
        opened_at: Millis(opened_at),
        started_at: None,
        ended_at: ended_at.map(Millis),
        opened_seq: 1,
        ended_seq: None,
        json: json.into(),
    })
}

fn alert(id: &str, of: &str, state: AlertState, outcome: &str) -> Upsert {
    Upsert::Alert(AlertRow {
        id: id.into(),
        room: None,
        session: Some(SessionId::new(of).unwrap()),
        condition: "spo2_low".into(),
        priority: "high".into(),
        state,
        raised_at: Millis(0),
        ended_at: None,
        json: format!(r#"{{"outcome":{outcome}}}"#),
    })
}

#[tokio::test]
async fn a_day_shows_what_ran_in_it_with_its_alerts_counted() {
    let folder = tempfile::tempdir().unwrap();
    let store = Journal::open(folder.path()).await.unwrap().store();
    let (from, to) = (Millis(100 * HOUR), Millis(124 * HOUR));
    let shown = r#"{"initials":"J.T.","phase":"held","planned_s":2400,"approved":null,
        "waived":[{}],"patient":{"id":"p-1"},"title":"Ketamine IV, adult",
        "events":[{"by":"KM"},{"by":"TJ"},{"by":"","type":"task"}]}"#;
    let changes = vec![
        session("runs-for-days", 0, None, "{}"),
        session("over-before", 95 * HOUR, Some(99 * HOUR), "{}"),
        session("over-midnight", 95 * HOUR, Some(100 * HOUR), "{}"),
        session("still-runs", 96 * HOUR, None, "not json"),
        session("of-the-day", 101 * HOUR, Some(102 * HOUR), shown),
        session("of-the-next", 124 * HOUR, None, "{}"),
        alert("a1", "of-the-day", AlertState::Resolved, r#"{"outcome":"false_alert"}"#),
        alert("a2", "of-the-day", AlertState::Resolved, "null"),
        alert("a3", "of-the-day", AlertState::Active, "null"),
        alert("a4", "over-before", AlertState::Active, "null"),
    ];
    let (stored, told) = oneshot::channel();
    store.put(changes, vec![stored]).unwrap();
    told.await.unwrap();
    let rows = store.sessions_between(from, to).await.unwrap();
    let ids: Vec<_> = rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(ids, ["runs-for-days", "over-midnight", "still-runs", "of-the-day"]);
    let row = &rows[3];
    assert_eq!((row.phase.as_str(), row.initials.as_str()), ("held", "J.T."));
    assert_eq!(row.patient.as_ref().map(|id| id.as_str()), Some("p-1"));
    assert!(row.has_unapproved_limits);
    assert_eq!((row.waived, row.planned_s), (1, 2_400));
    assert_eq!((row.alerts, row.high, row.open), (3, 3, 1));
    assert_eq!((row.with_outcome, row.without_outcome), (1, 1));
    assert_eq!((row.title.as_str(), row.by.as_deref()), ("Ketamine IV, adult", Some("TJ")));
    assert_eq!((rows[2].alerts, rows[2].phase.as_str()), (0, "infusing"));
    assert_eq!((rows[2].title.as_str(), &rows[2].by), ("ketamine-iv-adult", &None));
}

#[tokio::test]
async fn of_a_day_so_many_sessions_are_shown_and_one_more_says_that_there_are_more() {
    let folder = tempfile::tempdir().unwrap();
    let store = Journal::open(folder.path()).await.unwrap().store();
    let most = i64::from(super::MAX_OF_A_DAY);
    let changes = (0..most + 5).map(|n| session(&format!("s{n}"), n, None, "{}")).collect();
    let (stored, told) = oneshot::channel();
    store.put(changes, vec![stored]).unwrap();
    told.await.unwrap();
    let rows = store.sessions_between(Millis(0), Millis(HOUR)).await.unwrap();
    assert_eq!(rows.len() as i64, most + 1);
}

#[tokio::test]
async fn of_a_patient_so_many_sessions_and_courses_are_shown_the_newest_first() {
    let folder = tempfile::tempdir().unwrap();
    let store = Journal::open(folder.path()).await.unwrap().store();
    let patient = PatientId::new("p-1").unwrap();
    let json = r#"{"patient":{"id":"p-1","course":"c-1"}}"#;
    let sessions = (0..=100).map(|n| session(&format!("s{n}"), n, None, json));
    let other = session("other", 500, None, r#"{"patient":{"id":"p-2"}}"#);
    let courses = (0..=50).map(|n| {
        Upsert::Course(CourseRow {
            id: CourseId::new(&format!("c-{n}")).unwrap(),
            patient: patient.clone(),
            opened_at: Millis(n),
            json: "{}".into(),
        })
    });
    let (stored, told) = oneshot::channel();
    store.put(sessions.chain([other]).chain(courses).collect(), vec![stored]).unwrap();
    told.await.unwrap();
    let sessions = store.sessions_of_patient(&patient).await.unwrap();
    assert_eq!((sessions.len(), sessions[0].id.as_str()), (100, "s100"));
    let of_course = store.sessions_of_course(&CourseId::new("c-1").unwrap()).await.unwrap();
    assert_eq!(of_course.len(), 100);
    let courses = store.courses_of(&patient).await.unwrap();
    assert_eq!((courses.len(), courses[0].id.as_str()), (50, "c-50"));
}

#[tokio::test]
async fn what_was_given_is_counted_and_what_cannot_be_read_is_passed_over() {
    let folder = tempfile::tempdir().unwrap();
    let store = Journal::open(folder.path()).await.unwrap().store();
    let given = r#"{"medications":[{"drug":"labetalol"},{"drug":"labetalol"},{"drug":"oxygen"},{"drug":7},"x"]}"#;
    let changes = vec![
        session("long-ago", 9, None, given),
        session("s1", 90 * 86_400_000 + 10, None, given),
        session("s2", 90 * 86_400_000 + 10, None, r#"{"medications":[{"drug":"oxygen"}]}"#),
        session("s3", 3, None, "not json"),
        session("s4", 4, None, "{}"),
    ];
    let (stored, told) = oneshot::channel();
    store.put(changes, vec![stored]).unwrap();
    told.await.unwrap();
    let used = store.drugs_by_use(Millis(90 * 86_400_000 + 10)).await.unwrap();
    let expected = [("labetalol".to_owned(), 2), ("oxygen".to_owned(), 2)];
    assert_eq!(used, expected.into());
}

#[tokio::test]
async fn of_a_day_so_many_hand_overs_are_shown_the_first_ones() {
    let folder = tempfile::tempdir().unwrap();
    let store = Journal::open(folder.path()).await.unwrap().store();
    let rows = (0..=500).map(|n| {
        let hand_over = crate::contract::HandOver {
            at: Millis(n),
            by: "KM".to_owned(),
            to: "TJ".to_owned(),
            rooms: Vec::new(),
        };
        let seq = u64::try_from(n).unwrap();
        Upsert::HandOver(crate::store::HandOverRow { seq, hand_over })
    });
    let (stored, told) = oneshot::channel();
    store.put(rows.collect(), vec![stored]).unwrap();
    told.await.unwrap();
    let shown = store.hand_overs_between(Millis(0), Millis(1_000)).await.unwrap();
    assert_eq!((shown.len(), shown[499].at), (500, Millis(499)));
    assert_eq!(store.hand_overs_between(Millis(499), Millis(500)).await.unwrap().len(), 1);
}
