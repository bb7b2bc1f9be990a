//! What came of an alert: said, taken back, said otherwise; the log knows all of it.

use super::*;
use crate::room::Outcome;
use crate::store::LogFilter;

impl Clinic {
    /// An alert of room 3 that somebody has taken.
    fn a_taken_alert(&mut self) -> String {
        self.bind();
        let session = self.open_session();
        self.event(&session, usual_baseline());
        self.event(&session, Event::Start { overrides: None });
        self.each_second(84, 12);
        let alert = format!("{session}-a1");
        let now = self.now();
        self.core.act(&km(), Acknowledge { alert: alert.clone() }, now).unwrap();
        self.each_second(98, 60);
        alert
    }

    fn say(&mut self, alert: &str, who: &Actor, outcome: Option<Outcome>) -> serde_json::Value {
        let given = GiveOutcome { alert: alert.to_owned(), outcome, note: None };
        self.second += 2;
        let now = self.now();
        let done = self.core.act(who, given, now).unwrap();
        serde_json::from_str(&done.json).unwrap()
    }

    fn owed(&mut self) -> usize {
        let tasks = self.room_json()["session"]["tasks"].clone();
        let tasks = tasks.as_array().unwrap();
        tasks.iter().filter(|task| task["kind"] == "outcome_missing").count()
    }
}

#[tokio::test]
async fn an_outcome_that_was_taken_back_is_owed_again_and_the_log_says_both() {
    let mut clinic = Clinic::open().await;
    let alert = clinic.a_taken_alert();
    assert_eq!(clinic.owed(), 1);
    let said = clinic.say(&alert, &km(), Some(Outcome::FalseAlert));
    assert_eq!((&said["outcome"], clinic.owed()), (&serde_json::json!("false_alert"), 0));
    let said = clinic.say(&alert, &km(), None);
    assert_eq!((&said["outcome"], clinic.owed()), (&serde_json::Value::Null, 1));
    let tj = Actor { initials: "TJ".to_owned(), ..km() };
    clinic.say(&alert, &tj, Some(Outcome::SensorResited));

    // The next start knows the same.
    let clinic = clinic.restart(5).await;
    let log = clinic.core.journal.store().alert_log(&LogFilter::default(), 10).await.unwrap();
    let [row] = &log.rows[..] else { panic!("{log:?}") };
    assert_eq!((&row.id, row.outcome), (&alert, Some(Outcome::SensorResited)));
    let said: Vec<_> = row.said.iter().map(|said| (said.by.as_str(), said.outcome)).collect();
    let expected =
        [("KM", Some(Outcome::FalseAlert)), ("KM", None), ("TJ", Some(Outcome::SensorResited))];
    assert_eq!(said, expected);
    assert_eq!(row.taken.as_ref().map(|taken| taken.by.as_str()), Some("KM"));
    let entries = clinic.core.journal.read(&Chain::Room(room()), 1, 100_000).await.unwrap();
    let is_taken_back = |body: &str| body.contains(r#""outcome":null"#) && body.contains("staff");
    assert!(entries.iter().any(|stored| is_taken_back(&stored.entry.body)));
}

#[tokio::test]
async fn the_log_has_the_wards_own_alerts_with_what_was_said_of_them() {
    let mut clinic = Clinic::open().await;
    for _ in 0..4 {
        let now = clinic.now();
        clinic.core.ask(NoteDisk { free_mib: 900, low_mib: 2_048 }, now);
        clinic.second += 10;
    }
    let snapshot = serde_json::json!(clinic.core.own_alerts.snapshot(View::Staff));
    let id = snapshot["alerts"][0]["id"].as_str().unwrap().to_owned();
    clinic.say(&id, &km(), Some(Outcome::Other));
    flush(&clinic.core.journal).await;
    let log = clinic.core.journal.store().alert_log(&LogFilter::default(), 10).await.unwrap();
    let [row] = &log.rows[..] else { panic!("{log:?}") };
    assert_eq!((&row.id, &row.room, row.said.len()), (&id, &None, 1));
}
