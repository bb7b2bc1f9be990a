//! The log of alerts, its table and its figures, as callers see them.

use super::*;
use crate::room::{AlertState, Outcome};
use crate::store::{AlertRow, OutcomeRow};
use crate::vitals::{RoomId, SessionId};

const NOON: i64 = 1_795_262_400_000;

/// An alert of the session of this room, raised so many minutes after noon, taken by KM after 20 s
/// and over after 90.
fn alert(id: &str, room: &str, minute: i64, condition: &str, outcome: Option<Outcome>) -> AlertRow {
    let raised_at = NOON + minute * 60_000;
    let json = json!({"text": format!("{condition}, worst 82 (limit 89)"), "unit": "%",
        "value": 84, "limit": 89, "worst": 82, "worst_at": raised_at,
        "profile": "ketamine-iv-adult@4", "outcome": outcome,
        "acknowledged": {"by": "KM", "at": raised_at + 20_000}});
    AlertRow {
        id: id.into(),
        room: RoomId::new(room).ok(),
        session: SessionId::new(&format!("s{room}")).ok(),
        condition: condition.into(),
        priority: "high".into(),
        state: AlertState::Resolved,
        raised_at: Millis(raised_at),
        ended_at: Some(Millis(raised_at + 90_000)),
        json: json.to_string(),
    }
}

async fn bench_with(rows: Vec<AlertRow>) -> Bench {
    let bench = Bench::new().await;
    put(&bench, rows.into_iter().map(Upsert::Alert).collect()).await;
    bench
}

async fn put(bench: &Bench, changes: Vec<Upsert>) {
    let (stored, told) = oneshot::channel();
    bench.state.store.put(changes, vec![stored]).unwrap();
    told.await.unwrap();
}

fn ids(log: &Json) -> Vec<&str> {
    log["alerts"].as_array().unwrap().iter().map(|alert| alert["id"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn nurses_read_the_log_leads_its_figures_and_displays_neither() {
    let bench = Bench::new().await;
    let status =
        async |path: &str, who: &str| bench.ask("GET", path, who, "").await.status.as_u16();
    for path in ["/api/v1/alerts/log", "/api/v1/alerts/log.csv"] {
        assert_eq!(status(path, "a-nurse").await, 200, "{path}");
        assert_eq!(status(path, "a-display").await, 403, "{path}");
    }
    for (who, expected) in
        [("a-lead", 200), ("a-prescriber", 200), ("an-admin", 200), ("a-nurse", 403)]
    {
        assert_eq!(status("/api/v1/alerts/figures", who).await, expected, "{who}");
    }
}

#[tokio::test]
async fn a_row_says_what_it_was_who_came_how_soon_and_what_came_of_it() {
    let bench = bench_with(vec![alert("s3-a1", "3", 0, "spo2_low", Some(Outcome::Other))]).await;
    let said = |at, outcome| {
        Upsert::AlertOutcome(OutcomeRow {
            alert: "s3-a1".into(),
            at: Millis(NOON + at),
            by: "KM".into(),
            outcome,
        })
    };
    let changes = vec![
        said(100_000, Some(Outcome::FalseAlert)),
        said(104_000, None),
        said(110_000, Some(Outcome::Other)),
    ];
    put(&bench, changes).await;
    let log = bench.ask("GET", "/api/v1/alerts/log", "a-nurse", "").await.json();
    assert_eq!(
        log,
        json!({"next": null, "alerts": [{
            "id": "s3-a1", "room": "3", "session": "s3", "condition": "spo2_low",
            "profile": "ketamine-iv-adult@4", "priority": "high", "state": "resolved",
            "text": "spo2_low, worst 82 (limit 89)", "value": 84, "limit": 89, "worst": 82,
            "worst_at": NOON, "unit": "%", "raised_at": NOON,
            "taken": {"by": "KM", "after_ms": 20_000},
            "ended_at": NOON + 90_000, "lasted_ms": 90_000, "silenced": false, "outcome": "other",
            "said": [
                {"by": "KM", "at": NOON + 100_000, "outcome": "false_alert"},
                {"by": "KM", "at": NOON + 104_000, "outcome": null},
                {"by": "KM", "at": NOON + 110_000, "outcome": "other"},
            ],
        }]})
    );
}

#[tokio::test]
async fn the_log_is_filtered_paged_and_says_what_is_wrong_with_a_question() {
    let rows = vec![
        alert("s3-a1", "3", 0, "spo2_low", None),
        alert("s4-a1", "4", 1, "hr_high", Some(Outcome::FalseAlert)),
        alert("s3-a2", "3", 2, "hr_high", Some(Outcome::Other)),
    ];
    let bench = bench_with(rows).await;
    let ask = async |query: &str| {
        bench.ask("GET", &format!("/api/v1/alerts/log?{query}"), "a-nurse", "").await
    };
    for (query, expected) in [
        ("room=3", &["s3-a2", "s3-a1"][..]),
        ("condition=hr_high&room=", &["s3-a2", "s4-a1"]),
        ("outcome=false_alert", &["s4-a1"]),
        ("outcome=missing", &["s3-a1"]),
        ("person=KM", &["s3-a2", "s4-a1", "s3-a1"]),
        ("person=TJ", &[]),
        ("from=2026-11-21T12:01:00Z&to=1795262460000", &["s4-a1"]),
    ] {
        let log = ask(query).await.json();
        assert_eq!(ids(&log), expected, "{query}");
    }
    let first = ask("limit=2").await.json();
    assert_eq!(ids(&first), ["s3-a2", "s4-a1"]);
    let rest = ask(&format!("limit=2&after={}", first["next"].as_str().unwrap())).await.json();
    assert_eq!((ids(&rest), &rest["next"]), (vec!["s3-a1"], &Json::Null));
    for wrong in ["condition=nothing", "outcome=gone", "from=yesterday", "after=x", "who=KM"] {
        assert_eq!(ask(wrong).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn the_table_has_every_alert_however_many_and_no_formula() {
    let mut rows: Vec<AlertRow> =
        (0..1_203).map(|n| alert(&format!("s3-a{n}"), "3", n, "spo2_low", None)).collect();
    rows[7].json = json!({"text": "=1+1", "acknowledged": {"by": "@KM", "at": NOON}}).to_string();
    let bench = bench_with(rows).await;
    let answered = bench.ask("GET", "/api/v1/alerts/log.csv?room=3", "a-nurse", "").await;
    assert_eq!(answered.headers[header::CONTENT_TYPE], "text/csv; charset=utf-8; header=present");
    let name = answered.headers[header::CONTENT_DISPOSITION].to_str().unwrap();
    assert_eq!(name, "attachment; filename=\"alerts.csv\"");
    let mut reader = csv::Reader::from_reader(answered.text.as_bytes());
    let head = reader.headers().unwrap().clone();
    let column = |name: &str| head.iter().position(|column| column == name).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().collect::<Result<_, _>>().unwrap();
    assert_eq!(rows.len(), 1_203);
    let names: std::collections::BTreeSet<&str> = rows.iter().map(|row| &row[0]).collect();
    assert_eq!(names.len(), 1_203, "each once");
    let bad = rows.iter().find(|row| &row[0] == "s3-a7").unwrap();
    assert_eq!((&bad[column("text")], &bad[column("taken_by")]), ("'=1+1", "'@KM"));
    assert_eq!(&rows[1_202][column("raised_at")], "2026-11-21T13:00:00.000+01:00");
    let none = bench.ask("GET", "/api/v1/alerts/log.csv?room=9", "a-nurse", "").await;
    assert_eq!(none.text.lines().count(), 1, "{}", none.text);
}

#[tokio::test]
async fn figures_are_of_the_time_that_was_asked_for_and_name_what_deserves_another_limit() {
    let mut rows: Vec<AlertRow> = (0..6)
        .map(|n| alert(&format!("s3-a{n}"), "3", n, "spo2_low", Some(Outcome::FalseAlert)))
        .collect();
    rows.push(alert("s3-a6", "3", 6, "spo2_low", None));
    rows.push(alert("s4-a1", "4", 7, "hr_high", Some(Outcome::ClinicianCalled)));
    rows.push(alert("s4-a2", "4", 100_000, "hr_high", None));
    let bench = bench_with(rows).await;
    let ask = async |query: &str| {
        bench.ask("GET", &format!("/api/v1/alerts/figures?{query}"), "a-lead", "").await
    };
    let hour = format!("from={NOON}&to={}", NOON + 3_600_000);
    let figures = ask(&hour).await.json();
    let rule = &figures["rules"][0];
    assert_eq!(rule["condition"], "spo2_low");
    assert_eq!((&rule["count"], &rule["with_outcome"]), (&json!(7), &json!(6)));
    assert_eq!((&rule["outcome_missing"], &rule["actionable_rate"]), (&json!(1), &json!(0.0)));
    assert_eq!((&rule["median_s"], &rule["centile_90_s"]), (&json!(20), &json!(20)));
    assert_eq!(figures["rules"][1]["condition"], "hr_high");
    assert_eq!(figures["rules"][1]["count"], 1, "the other one is of another time");
    assert_eq!(
        figures["deserving"],
        json!([{"condition": "spo2_low", "profile": "ketamine-iv-adult", "count": 7,
                "with_outcome": 6, "not_actionable": 6, "score": 7.0}])
    );
    let day_ms = 86_400_000;
    let longest = format!("from={NOON}&to={}", NOON + 400 * day_ms);
    assert_eq!(ask(&longest).await.status, 200);
    let longer = format!("from={NOON}&to={}", NOON + 400 * day_ms + 1);
    assert_eq!(ask(&longer).await.problem().0, 400);
    assert_eq!(ask(&format!("from={NOON}&to={NOON}")).await.problem().0, 400);
    assert_eq!(ask("").await.status, 200, "the last seven days");
}
