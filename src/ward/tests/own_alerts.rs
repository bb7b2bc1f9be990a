//! The ward's own alerts reach screens, the list and the record, and take what staff do.

use super::*;
use crate::room::{AlertState, Outcome};
use crate::store::{AlertFilter, AlertRow};

const LOW_MIB: u64 = 2_048;

impl Clinic {
    /// The disk is low for so long that it is told. The id of the alert.
    fn lower_the_disk(&mut self) -> String {
        for _ in 0..4 {
            let now = self.now();
            self.core.ask(NoteDisk { free_mib: 900, low_mib: LOW_MIB }, now);
            self.second += 10;
        }
        let snapshot = serde_json::json!(self.core.own_alerts.snapshot(View::Staff));
        snapshot["alerts"][0]["id"].as_str().unwrap().to_owned()
    }

    async fn listed(&self) -> Vec<AlertRow> {
        flush(&self.core.journal).await;
        let of_the_ward = AlertFilter { of_the_ward: true, ..AlertFilter::default() };
        self.core.journal.store().alerts(&of_the_ward, 100).await.unwrap().rows
    }
}

#[tokio::test]
async fn a_low_disk_is_on_the_screens_in_the_list_and_in_the_clinics_chain() {
    let mut clinic = Clinic::open().await;
    let mailbox = Arc::new(Mailbox::default());
    let now = clinic.now();
    let who = (View::Staff, somebody());
    clinic.core.screens.join(ScreenId(1), who, mailbox.clone(), now);
    clinic.core.ask(SayHello { screen: ScreenId(1), hello: hello_all() }, now);
    let id = clinic.lower_the_disk();
    let frames = lines(&mailbox).await;
    let frame = frames.iter().find(|frame| frame["type"] == "alert").unwrap();
    assert_eq!(frame["alert"]["condition"], "disk_low");
    assert_eq!(frame["alert"]["priority"], "low");
    assert_eq!(frame["room"], serde_json::Value::Null);
    let rows = clinic.listed().await;
    assert_eq!((rows.len(), rows[0].id.as_str(), rows[0].state), (1, &*id, AlertState::Active));
    let entries = clinic.core.journal.read(&Chain::Clinic, 1, 100).await.unwrap();
    assert!(entries.iter().any(|stored| stored.entry.body.contains(&id)));
}

#[tokio::test]
async fn it_is_taken_silenced_and_given_an_outcome_as_any_other() {
    let mut clinic = Clinic::open().await;
    let id = clinic.lower_the_disk();
    let at = clinic.now();
    let silenced =
        clinic.core.act(&km(), SilenceAlert { alert: id.clone(), seconds: 120 }, at).unwrap().json;
    assert!(silenced.contains(&format!(r#""silenced_until":{}"#, at.plus(120_000))), "{silenced}");
    let taken = clinic.core.act(&km(), Acknowledge { alert: id.clone() }, at).unwrap().json;
    assert!(taken.contains(r#""by":"KM""#), "{taken}");
    let other = Actor { initials: "AB".to_owned(), ..km() };
    let refused = clinic.core.act(&other, Acknowledge { alert: id.clone() }, at).unwrap_err();
    assert!(matches!(refused, Refusal::AlreadyAcknowledged { by, .. } if by == "KM"));
    let note = Some("moved the backups".to_owned());
    let done = clinic
        .core
        .act(&km(), GiveOutcome { alert: id.clone(), outcome: Some(Outcome::Other), note }, at)
        .unwrap()
        .json;
    assert!(done.contains(r#""outcome":"other""#), "{done}");
    // A silence ends by itself.
    clinic.core.judge_own_alerts(at.plus(120_000), 0);
    let rows = clinic.listed().await;
    assert!(rows[0].json.contains(r#""silenced_until":null"#), "{}", rows[0].json);
    // Words of staff are kept apart from what is hashed.
    let entries = clinic.core.journal.read(&Chain::Clinic, 1, 100).await.unwrap();
    assert!(!entries.iter().any(|stored| stored.entry.body.contains("backups")));
}

/// Without an await nothing gets to the disk.
#[tokio::test]
async fn what_is_open_is_known_before_it_is_on_disk() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    clinic.each_second(84, 12);
    let own = clinic.lower_the_disk();
    let known = |clinic: &mut Clinic, filter: AlertFilter| -> Vec<String> {
        let rows = clinic.core.ask(ListAlerts { filter: filter.clone() }, clinic.now());
        rows.into_iter().map(|row| format!("{} {}", row.condition, row.state.name())).collect()
    };
    let all = AlertFilter::default();
    assert_eq!(known(&mut clinic, all.clone()), ["spo2_low active", "disk_low active"]);
    let of_room = AlertFilter { room: Some(room()), ..all.clone() };
    assert_eq!(known(&mut clinic, of_room), ["spo2_low active"]);
    assert_eq!(known(&mut clinic, AlertFilter { of_the_ward: true, ..all.clone() }).len(), 1);
    assert!(clinic.core.ask(ShowAlert { alert: own.clone() }, START).unwrap().contains("disk_low"));
    assert_eq!(clinic.core.ask(ShowAlert { alert: "none".to_owned() }, START), None);
    // What is over is told too while the disk is behind, which still calls it open.
    clinic.each_second(97, 60);
    assert_eq!(known(&mut clinic, all.clone()), ["spo2_low latched", "disk_low active"]);
    let id = clinic.core.ask(ListAlerts { filter: all.clone() }, clinic.now())[0].id.clone();
    let now = clinic.now();
    clinic.core.act(&km(), Acknowledge { alert: id.clone() }, now).unwrap();
    assert_eq!(known(&mut clinic, all.clone()), ["spo2_low resolved", "disk_low active"]);
    flush(&clinic.core.journal).await;
    assert_eq!(known(&mut clinic, all), ["disk_low active"], "now the disk knows");
}

#[tokio::test]
async fn what_the_run_before_left_open_is_over_and_judged_anew() {
    let mut clinic = Clinic::open().await;
    let first = clinic.lower_the_disk();
    let mut clinic = clinic.restart(5).await;
    let rows = clinic.listed().await;
    assert_eq!((rows.len(), rows[0].state), (1, AlertState::Resolved));
    assert!(rows[0].ended_at.is_some());
    let second = clinic.lower_the_disk();
    assert_ne!(first, second);
    assert_eq!(clinic.listed().await.len(), 2);
}
