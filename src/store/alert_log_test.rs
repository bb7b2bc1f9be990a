//! The log of alerts over real files.

use serde_json::{Value as Json, json};
use sqlx::Connection;
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::alert_log::{asked, select};
use super::{AlertRow, Cursor, LogFilter, LogOutcome, OutcomeRow, SessionRow, Store, Upsert};
use crate::alertlog::{FirstTaken, LoggedAlert, MOST_SAID, Said, Tally};
use crate::journal::Journal;
use crate::room::{AlertState, Outcome};
use crate::rules::{Condition, Priority};
use crate::vitals::{Millis, RoomId, SessionId};

async fn open() -> (TempDir, Store) {
    let folder = tempfile::tempdir().unwrap();
    let store = Journal::open(folder.path()).await.unwrap().store();
    (folder, store)
}

async fn put(store: &Store, changes: Vec<Upsert>) {
    let (stored, told) = oneshot::channel();
    store.put(changes, vec![stored]).unwrap();
    told.await.unwrap();
}

/// An alert of room 3, raised at this time, with this in its JSON.
fn alert(id: &str, raised_at: i64, more: Json) -> AlertRow {
    let mut json = json!({"text": "SpO2 low 84 (limit 89)", "unit": "%", "profile": "p@1"});
    for (key, value) in more.as_object().unwrap() {
        json[key] = value.clone();
    }
    AlertRow {
        id: id.into(),
        room: RoomId::new("3").ok(),
        session: SessionId::new("s1").ok(),
        condition: "spo2_low".into(),
        priority: "medium".into(),
        state: AlertState::Active,
        raised_at: Millis(raised_at),
        ended_at: None,
        json: json.to_string(),
    }
}

fn over(row: AlertRow) -> AlertRow {
    AlertRow { state: AlertState::Resolved, ended_at: Some(row.raised_at.plus(90_000)), ..row }
}

fn by(who: &str, at: i64) -> Json {
    json!({"by": who, "at": at})
}

fn said(alert: &str, who: &str, at: i64, outcome: Option<Outcome>) -> Upsert {
    Upsert::AlertOutcome(OutcomeRow {
        alert: alert.into(),
        at: Millis(at),
        by: who.into(),
        outcome,
    })
}

async fn log(store: &Store, filter: LogFilter) -> Vec<LoggedAlert> {
    store.alert_log(&filter, 100).await.unwrap().rows
}

async fn ids(store: &Store, filter: LogFilter) -> Vec<String> {
    log(store, filter).await.into_iter().map(|alert| alert.id).collect()
}

#[tokio::test]
async fn the_log_keeps_how_high_it_was_and_who_came_first_whatever_became_of_it() {
    let (_folder, store) = open().await;
    let high = AlertRow { priority: "high".into(), ..alert("s1-a1", 1_000, json!({})) };
    let silenced =
        AlertRow { json: json!({"silenced_until": 130_000}).to_string(), ..high.clone() };
    // KM took it, it got worse and asked again, TJ took it and it came down.
    let taken = AlertRow {
        priority: "high".into(),
        ..alert("s1-a1", 1_000, json!({"acknowledged": by("KM", 22_500)}))
    };
    let asks_again = AlertRow {
        priority: "high".into(),
        ..alert("s1-a1", 1_000, json!({"acknowledged_before": by("KM", 22_500)}))
    };
    let last = over(alert(
        "s1-a1",
        1_000,
        json!({"acknowledged": by("TJ", 60_000), "acknowledged_before": by("KM", 22_500),
               "value": 84, "limit": 89, "worst": 82, "worst_at": 40_000,
               "outcome": "sensor_resited"}),
    ));
    let all = [high, silenced, taken, asks_again, last].map(Upsert::Alert);
    for _ in 0..2 {
        // Once more changes nothing.
        put(&store, all.to_vec()).await;
        let whose = Some(Outcome::SensorResited);
        put(&store, vec![said("s1-a1", "TJ", 99_000, whose)]).await;
        let [row] = &log(&store, LogFilter::default()).await[..] else { panic!() };
        assert_eq!(row.priority, Priority::High);
        assert_eq!(row.taken, Some(FirstTaken { by: "KM".into(), after_ms: 21_500 }));
        assert!(row.silenced);
        assert_eq!((row.ended_at, row.lasted_ms), (Some(Millis(91_000)), Some(90_000)));
        assert_eq!(row.worst.map(|worst| worst.to_string()).as_deref(), Some("82"));
        assert_eq!(row.outcome, whose);
        assert_eq!(row.said, [Said { by: "TJ".into(), at: Millis(99_000), outcome: whose }]);
        assert_eq!(row.profile.as_deref(), Some("p@1"));
    }
}

#[tokio::test]
async fn each_filter_leaves_what_it_says_and_they_go_together() {
    let (_folder, store) = open().await;
    let rows = [
        alert("a1", 1_000, json!({})),
        over(alert("a2", 2_000, json!({"acknowledged": by("KM", 3_000)}))),
        AlertRow {
            room: RoomId::new("4").ok(),
            condition: "hr_high".into(),
            ..over(alert(
                "a3",
                3_000,
                json!({"outcome": "false_alert", "acknowledged": by("TJ", 4_000)}),
            ))
        },
        AlertRow { room: None, ..over(alert("a4", 4_000, json!({"outcome": "other"}))) },
        AlertRow { state: AlertState::Latched, ..over(alert("a5", 5_000, json!({}))) },
        AlertRow { json: "not json".into(), ..over(alert("a6", 6_000, json!({}))) },
    ];
    put(&store, rows.map(Upsert::Alert).to_vec()).await;
    let all = LogFilter::default;
    assert_eq!(ids(&store, all()).await, ["a6", "a5", "a4", "a3", "a2", "a1"]);
    let between = LogFilter { from: Some(Millis(2_000)), to: Some(Millis(3_000)), ..all() };
    assert_eq!(ids(&store, between).await, ["a3", "a2"]);
    let room = LogFilter { room: RoomId::new("4").ok(), ..all() };
    assert_eq!(ids(&store, room).await, ["a3"]);
    let about = LogFilter { condition: Some(Condition::HrHigh), ..all() };
    assert_eq!(ids(&store, about).await, ["a3"]);
    let is = |outcome| LogFilter { outcome: Some(outcome), ..all() };
    assert_eq!(ids(&store, is(LogOutcome::Is(Outcome::Other))).await, ["a4"]);
    assert_eq!(ids(&store, is(LogOutcome::Missing)).await, ["a6", "a5", "a2"], "a1 is not over");
    let taken_by = |who: &str| LogFilter { taken_by: Some(who.into()), ..all() };
    assert_eq!(ids(&store, taken_by("KM")).await, ["a2"]);
    let both = LogFilter { outcome: Some(LogOutcome::Missing), ..taken_by("TJ") };
    assert_eq!(ids(&store, both).await, [""; 0]);
}

#[tokio::test]
async fn a_page_says_where_the_next_begins_until_all_were_listed_once() {
    let (_folder, store) = open().await;
    let rows = (0..7).map(|n| Upsert::Alert(alert(&format!("a{n}"), 1_000 * (n / 2), json!({}))));
    put(&store, rows.collect()).await;
    let (mut found, mut after): (Vec<String>, Option<Cursor>) = (Vec::new(), None);
    loop {
        let filter = LogFilter { after, ..LogFilter::default() };
        let page = store.alert_log(&filter, 3).await.unwrap();
        assert!(page.rows.len() <= 3);
        found.extend(page.rows.into_iter().map(|row| row.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(found, ["a6", "a5", "a4", "a3", "a2", "a1", "a0"]);
}

#[tokio::test]
async fn of_what_was_said_of_one_alert_the_last_times_are_shown() {
    let (_folder, store) = open().await;
    let most = i64::from(MOST_SAID);
    let mut changes = vec![Upsert::Alert(over(alert("a1", 1_000, json!({"outcome": "other"}))))];
    changes.extend((0..=most).map(|n| said("a1", "KM", n, Some(Outcome::Other))));
    put(&store, changes).await;
    let [row] = &log(&store, LogFilter::default()).await[..] else { panic!() };
    let times: Vec<i64> = row.said.iter().map(|said| said.at.0).collect();
    assert_eq!(times, (1..=most).collect::<Vec<_>>());
}

#[tokio::test]
async fn tallies_count_what_is_alike_between_two_times_and_sessions_that_were_opened() {
    let (_folder, store) = open().await;
    let taken = |id: &str, at, after_ms| {
        over(alert(id, at, json!({"acknowledged": by("KM", at + after_ms), "outcome": "other"})))
    };
    let session = |id: &str, opened_at| {
        Upsert::Session(SessionRow {
            id: SessionId::new(id).unwrap(),
            room: RoomId::new("3").unwrap(),
            profile: "p".into(),
            phase: "infusing".into(),
            opened_at: Millis(opened_at),
            started_at: None,
            ended_at: None,
            opened_seq: 1,
            ended_seq: None,
            json: "{}".into(),
        })
    };
    let rows = [
        taken("before", 999, 5_000),
        taken("a1", 1_000, 5_000),
        taken("a2", 1_500, 5_999),
        AlertRow { session: None, priority: "high".into(), ..alert("a3", 1_999, json!({})) },
        taken("after", 2_000, 5_000),
    ];
    let mut changes = rows.map(Upsert::Alert).to_vec();
    changes.extend([session("s0", 999), session("s1", 1_000), session("s2", 1_999)]);
    put(&store, changes).await;
    let (from, to) = (Millis(1_000), Millis(2_000));
    let mut tallies = store.alert_tallies(from, to).await.unwrap();
    tallies.sort_by_key(|tally| tally.count);
    let one = Tally {
        condition: "spo2_low".into(),
        profile: Some("p@1".into()),
        was_high: true,
        is_over: false,
        in_session: false,
        outcome: None,
        taken_after_s: None,
        count: 1,
    };
    let two = Tally {
        was_high: false,
        is_over: true,
        in_session: true,
        outcome: Some(Outcome::Other),
        taken_after_s: Some(5),
        count: 2,
        ..one.clone()
    };
    assert_eq!(tallies, [one, two]);
    assert_eq!(store.sessions_opened(from, to).await.unwrap(), 2);
}

/// What each question would read: none goes through all alerts of the clinic.
#[tokio::test]
async fn with_a_hundred_thousand_alerts_each_question_goes_by_an_index() {
    let (folder, store) = open().await;
    put(&store, vec![Upsert::Alert(alert("a1", 1, json!({})))]).await;
    let file = folder.path().join("dripwatch.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(file);
    let mut raw = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000) \
         INSERT INTO alerts (id, room, session, condition, priority, state, raised_at, ended_at, \
             json, highest, taken_by, taken_after_ms) \
         SELECT 'x' || i, i % 8, 's' || (i / 10), \
             CASE i % 3 WHEN 0 THEN 'hr_high' ELSE 'spo2_low' END, 'high', 'resolved', i * 1000, \
             i * 1000 + 500, json_object('profile', 'p@1', 'outcome', \
                 CASE i % 50 WHEN 0 THEN 'false_alert' WHEN 1 THEN NULL ELSE 'other' END), 3, \
             CASE i % 5 WHEN 0 THEN 'KM' ELSE 'TJ' END, i % 90000 FROM n",
    )
    .execute(&mut raw)
    .await
    .unwrap();
    let all = LogFilter::default;
    for filter in [
        all(),
        LogFilter { from: Some(Millis(50_000_000)), to: Some(Millis(60_000_000)), ..all() },
        LogFilter { room: RoomId::new("3").ok(), condition: Some(Condition::HrHigh), ..all() },
        LogFilter { outcome: Some(LogOutcome::Is(Outcome::FalseAlert)), ..all() },
        LogFilter { outcome: Some(LogOutcome::Missing), taken_by: Some("KM".into()), ..all() },
        LogFilter { taken_by: Some("nobody".into()), ..all() },
        LogFilter { condition: Some(Condition::DiskLow), ..all() },
    ] {
        let mut plan = asked(&format!("EXPLAIN QUERY PLAN {}", select()), &filter, 100);
        let plan: Vec<(i64, i64, i64, String)> =
            plan.query.build_query_as().fetch_all(&mut raw).await.unwrap();
        let of_alerts: Vec<&str> = plan
            .iter()
            .map(|step| step.3.as_str())
            .filter(|step| step.contains(" alerts "))
            .collect();
        assert!(!of_alerts.is_empty(), "{plan:?}");
        assert!(of_alerts.iter().all(|step| step.contains("USING INDEX alerts_by_")), "{plan:?}");
        let page = store.alert_log(&filter, 100).await.unwrap();
        assert!(page.rows.len() <= 100);
    }
    let tallies = store.alert_tallies(Millis(0), Millis(i64::MAX)).await.unwrap();
    assert_eq!(tallies.iter().map(|tally| tally.count).sum::<u64>(), 100_001);
}
