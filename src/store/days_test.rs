//! The sessions of a day.

use tokio::sync::oneshot;

use super::{AlertRow, SessionRow, Upsert};
use crate::journal::Journal;
use crate::room::AlertState;
use crate::vitals::{Millis, RoomId, SessionId};

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
        "waived":[{}],"patient":{"id":"p-1"}}"#;
    let changes = vec![
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
    assert_eq!(ids, ["over-midnight", "still-runs", "of-the-day"]);
    let row = &rows[2];
    assert_eq!((row.phase.as_str(), row.initials.as_str()), ("held", "J.T."));
    assert_eq!(row.patient.as_ref().map(|id| id.as_str()), Some("p-1"));
    assert!(row.has_unapproved_limits);
    assert_eq!((row.waived, row.planned_s), (1, 2_400));
    assert_eq!((row.alerts, row.high, row.open), (3, 3, 1));
    assert_eq!((row.with_outcome, row.without_outcome), (1, 1));
    assert_eq!((rows[1].alerts, rows[1].phase.as_str()), (0, "infusing"));
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
