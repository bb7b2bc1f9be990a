//! Every layout that a database ever had becomes today's in its place.

use std::borrow::Cow;

use serde_json::{Value as Json, json};
use sqlx::migrate::Migrator;

use super::*;
use crate::notice::{Delivery, Told};
use crate::store::DeliveryRow;

/// A database as it was after the first `steps`, with an alert that somebody took.
async fn database_after(steps: usize, folder: &Path) {
    let all = sqlx::migrate!();
    let first = all.migrations[..steps].to_vec();
    let options =
        SqliteConnectOptions::new().filename(folder.join("dripwatch.db")).create_if_missing(true);
    let mut connection = SqliteConnection::connect_with(&options).await.unwrap();
    Migrator { migrations: Cow::Owned(first), ..Migrator::DEFAULT }
        .run(&mut connection)
        .await
        .unwrap();
    let alert = json!({"id": "s-a1", "value": 82, "value_at": 1_000, "raised_at": 2_000,
        "worst": 71, "worst_at": 3_000, "active_since": 2_000,
        "acknowledged": {"by": "KM", "at": 5_000}});
    sqlx::query(
        "INSERT INTO alerts (id, room, session, condition, priority, state, raised_at, json) \
         VALUES ('s-a1', '3', 's', 'spo2_low', 'high', 'active', 2000, ?1)",
    )
    .bind(alert.to_string())
    .execute(&mut connection)
    .await
    .unwrap();
    connection.close().await.unwrap();
}

#[tokio::test]
async fn a_database_of_every_earlier_layout_opens_and_keeps_what_it_had() {
    let layouts = sqlx::migrate!().migrations.len();
    for steps in 1..=layouts {
        let folder = tempfile::tempdir().unwrap();
        database_after(steps, folder.path()).await;
        let journal = Journal::open(folder.path()).await.unwrap();
        let bench = Bench { folder, journal };
        bench.append(&room("3"), vec![note(6_000, "goes on")]);
        bench.all_stored().await;
        let mut raw = bench.raw().await;
        let (text, highest, taken_by, after): (String, i64, Option<String>, Option<i64>) =
            sqlx::query_as("SELECT json, highest, taken_by, taken_after_ms FROM alerts")
                .fetch_one(&mut raw)
                .await
                .unwrap();
        let alert: Json = serde_json::from_str(&text).unwrap();
        assert_eq!((&alert["worst"], &alert["acknowledged"]["by"]), (&json!(71), &json!("KM")));
        // The last of the steps fills these from what an alert said.
        let expected =
            if steps < 18 { (3, Some("KM".to_owned()), Some(3_000)) } else { (0, None, None) };
        assert_eq!((highest, taken_by, after), expected, "{steps} steps");
        // What only today's layout has a place for.
        let said = message();
        let row = Upsert::Delivery(DeliveryRow::waiting(&said));
        bench.journal.store().put(vec![row], Vec::new()).unwrap();
        bench.all_stored().await;
        let waiting = bench.journal.store().waiting_deliveries(9).await.unwrap();
        assert_eq!(waiting, [said], "{steps} steps");
        drop(raw);
        let again = bench.reopened().await;
        assert_eq!(again.journal.read(&room("3"), 1, 9).await.unwrap().len(), 1);
    }
}

fn message() -> Delivery {
    use crate::notice::{AlertStep, Audience, Route, Step, Whose};
    use crate::rules::{Condition, Priority};
    let step = AlertStep {
        alert: "s-a1".to_owned(),
        room: Some(RoomId::new("3").unwrap()),
        priority: Priority::High,
        condition: Condition::Spo2Low,
        state: crate::room::AlertState::Active,
        step: Step::Raised,
        at: Millis(2_000),
        audience: Audience::First,
    };
    let route = Route {
        channel: "pager".to_owned(),
        priorities: vec![Priority::High],
        audiences: vec![Audience::First],
        has_initials: false,
    };
    Told::default().tell(&step, &[route], &Whose::default()).remove(0)
}
