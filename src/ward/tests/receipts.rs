//! Which screens have shown an alert, who can hear, and the proof of the alarm path.

use super::*;
use crate::contract::Battery;
use crate::room::{Phase, ScreenKind};
use crate::vitals::ScreenName;

const SEEN: Presence = Presence { audible: true, visible: true, quiet: false };

fn person(initials: &str) -> crate::contract::Person {
    crate::contract::Person { initials: initials.to_owned(), ..somebody() }
}

impl Clinic {
    /// Somebody's screen connects, says hello and reads what it is sent.
    fn screen(&mut self, n: u64, name: &str, kind: ScreenKind, initials: &str) -> Arc<Mailbox> {
        let (mailbox, now) = (Arc::new(Mailbox::default()), self.now());
        let who = (View::Staff, person(initials));
        self.core.screens.join(ScreenId(n), who, mailbox.clone(), now);
        let name = Some(ScreenName::new(name).unwrap());
        let introduction = Introduction { name, kind: Some(kind) };
        let hello = Hello { introduction, ..Hello::default() };
        self.core.ask(SayHello { screen: ScreenId(n), hello }, now);
        self.say_presence(n, SEEN);
        mailbox
    }

    fn say_presence(&mut self, n: u64, presence: Presence) {
        let say = SayPresence { screen: ScreenId(n), presence, kind: None, battery: None };
        self.core.ask(say, self.now());
    }

    fn confirm(&mut self, n: u64, alert: &str) {
        let confirm = ConfirmReceipt { screen: ScreenId(n), alert: alert.to_owned() };
        self.core.ask(confirm, self.now());
    }

    fn beat(&mut self) {
        let now = self.now();
        self.core.pass_time(now);
        self.core.beat(Mark::by_our_clock_alone(now));
    }

    fn probe(&mut self, trip_ms: i64) {
        let now = self.now();
        self.core.ask(Probe { sent_at: now.plus(-trip_ms) }, now);
    }

    /// A saturation that alarms; the id of the alert.
    fn alert(&mut self) -> String {
        self.bind();
        self.each_second(84, 90);
        let json = self.room_json();
        let alerts = json["alerts"].as_array().unwrap();
        let spo2 = alerts.iter().find(|alert| alert["condition"] == "spo2_low").unwrap();
        spo2["id"].as_str().unwrap().to_owned()
    }

    fn shown(&mut self, alert: &str) -> serde_json::Value {
        let shown = self.core.ask(ShowAlert { alert: alert.to_owned() }, self.now()).unwrap();
        serde_json::from_str(&shown).unwrap()
    }

    fn screens(&mut self) -> serde_json::Value {
        serde_json::from_str(&self.core.ask(ListScreens, self.now())).unwrap()
    }

    fn own(&self, condition: &str) -> Option<serde_json::Value> {
        let snapshot = serde_json::json!(self.core.own_alerts.snapshot(View::Staff));
        let alerts = snapshot["alerts"].as_array().unwrap().iter();
        alerts.clone().find(|alert| alert["condition"] == condition).cloned()
    }
}

fn frames_of<'a>(lines: &'a [serde_json::Value], alert: &str) -> Vec<&'a serde_json::Value> {
    lines.iter().filter(|line| line["alert"]["id"] == *alert).collect()
}

#[tokio::test]
async fn each_screen_counts_once_over_its_connections_and_the_answer_names_them() {
    let mut clinic = Clinic::open().await;
    clinic.screen(1, "station-1", ScreenKind::Station, "KM");
    let alert = clinic.alert();
    assert_eq!(clinic.shown(&alert)["receipts"], 0);
    clinic.confirm(1, &alert);
    clinic.second += 1;
    let mailbox = clinic.screen(2, "phone-1", ScreenKind::Phone, "TJ");
    clinic.confirm(2, &alert);
    // Its network was away for a moment: the same screen on another connection.
    clinic.core.ask(Leave { screen: ScreenId(2) }, clinic.now());
    clinic.screen(3, "phone-1", ScreenKind::Phone, "TJ");
    clinic.confirm(3, &alert);
    let shown = clinic.shown(&alert);
    assert_eq!(shown["receipts"], 2);
    let at = clinic.now().0;
    assert_eq!(
        shown["received_by"],
        serde_json::json!([
            {"screen": "station-1", "kind": "station", "by": "KM", "at": at - 1_000},
            {"screen": "phone-1", "kind": "phone", "by": "TJ", "at": at},
        ])
    );
    let frames = lines(&mailbox).await;
    assert!(
        frames.iter().all(|frame| frame["alert"]["received_by"].is_null()),
        "not on the stream"
    );
}

#[tokio::test]
async fn a_hundred_screens_are_one_frame_a_second_and_one_entry() {
    let mut clinic = Clinic::open().await;
    let watching = clinic.screen(1, "station-1", ScreenKind::Station, "KM");
    let alert = clinic.alert();
    lines(&watching).await;
    for n in 2..=101 {
        clinic.screen(n, &format!("screen-{n}"), ScreenKind::Phone, "TJ");
        clinic.confirm(n, &alert);
    }
    clinic.beat();
    let before = lines(&watching).await;
    let frames = frames_of(&before, &alert);
    assert_eq!(frames.len(), 1, "{frames:?}");
    assert_eq!(frames[0]["alert"]["receipts"], 100);
    clinic.second += 1;
    clinic.beat();
    clinic.probe(0);
    let after = lines(&watching).await;
    assert_eq!(frames_of(&after, &alert).len(), 0, "nothing new");
    flush(&clinic.core.journal).await;
    let entries = clinic.core.journal.read(&Chain::Room(room()), 1, 10_000).await.unwrap();
    let inputs = || entries.iter().filter(|stored| !stored.entry.is_checkpoint);
    let bodies = || inputs().map(|stored| stored.entry.body.as_str());
    assert_eq!(bodies().filter(|body| body.contains(r#""received":"#)).count(), 1, "the first");
    let together: Vec<&str> = bodies().filter(|body| body.contains(r#""receipts":["#)).collect();
    assert_eq!(together.len(), 1);
    assert_eq!(together[0].matches(r#""kind":"phone""#).count(), 100);
}

#[tokio::test]
async fn receipts_stay_with_an_alert_that_is_over_and_over_a_restart() {
    let mut clinic = Clinic::open().await;
    clinic.screen(1, "station-1", ScreenKind::Station, "KM");
    clinic.screen(2, "phone-1", ScreenKind::Phone, "TJ");
    let alert = clinic.alert();
    clinic.confirm(1, &alert);
    clinic.confirm(2, &alert);
    clinic.beat();
    let now = clinic.now();
    clinic.core.act(&km(), Acknowledge { alert: alert.clone() }, now).unwrap();
    clinic.each_second(97, 60);
    assert_eq!(clinic.shown(&alert)["state"], "resolved");
    assert_eq!(clinic.shown(&alert)["receipts"], 2);
    let mut clinic = clinic.restart(30).await;
    let shown = clinic.shown(&alert);
    assert_eq!(shown["receipts"], 2);
    assert_eq!(shown["received_by"].as_array().map(Vec::len), Some(2), "{shown}");
    // The screen that is connected again is none more.
    clinic.screen(7, "phone-1", ScreenKind::Phone, "TJ");
    clinic.confirm(7, &alert);
    assert_eq!(clinic.shown(&alert)["receipts"], 2);
}

#[tokio::test]
async fn an_alert_of_the_ward_has_receipts_too() {
    let mut clinic = Clinic::open().await;
    let mailbox = clinic.screen(1, "station-1", ScreenKind::Station, "KM");
    clinic.probe(9_000);
    let id = clinic.own("alarm_path").unwrap()["id"].as_str().unwrap().to_owned();
    lines(&mailbox).await;
    clinic.confirm(1, &id);
    clinic.confirm(1, &id);
    clinic.beat();
    let told = lines(&mailbox).await;
    let frames = frames_of(&told, &id);
    assert_eq!((frames.len(), &frames[0]["alert"]["receipts"]), (1, &1.into()));
    assert_eq!(clinic.shown(&id)["received_by"][0]["by"], "KM");
    flush(&clinic.core.journal).await;
    let entries = clinic.core.journal.read(&Chain::Clinic, 1, 100).await.unwrap();
    assert!(entries.iter().any(|stored| stored.entry.body.contains(r#""screen":"station-1""#)));
}

#[tokio::test]
async fn an_alert_that_somebody_has_says_from_where_its_priority_came_down() {
    let mut clinic = Clinic::open().await;
    let mailbox = clinic.screen(1, "station-1", ScreenKind::Station, "KM");
    let alert = clinic.alert();
    assert_eq!(clinic.shown(&alert)["priority"], "high");
    assert_eq!(clinic.shown(&alert)["came_down"], serde_json::Value::Null);
    clinic.each_second(91, 60);
    assert_eq!(clinic.shown(&alert)["priority"], "high", "nobody has it: it never falls");
    let now = clinic.now();
    clinic.core.act(&km(), Acknowledge { alert: alert.clone() }, now).unwrap();
    lines(&mailbox).await;
    clinic.each_second(91, 60);
    let shown = clinic.shown(&alert);
    assert_eq!((&shown["priority"], &shown["state"]), (&"medium".into(), &"active".into()));
    assert_eq!(shown["came_down"]["from"], "high", "{shown}");
    let at = shown["came_down"]["at"].as_i64().unwrap();
    assert!(at >= now.0 && at <= clinic.now().0);
    let told = lines(&mailbox).await;
    let last = frames_of(&told, &alert).last().map(|frame| frame["alert"]["came_down"].clone());
    assert_eq!(last, Some(shown["came_down"].clone()));
    let mut clinic = clinic.restart(5).await;
    assert_eq!(clinic.shown(&alert)["came_down"], shown["came_down"], "also after a restart");
    // Worse ends it, and asks for somebody again.
    clinic.each_second(80, 90);
    let worse = clinic.shown(&alert);
    assert_eq!((&worse["priority"], &worse["came_down"]), (&"high".into(), &().into()));
    assert_eq!(worse["acknowledged"], serde_json::Value::Null);
    assert_eq!(worse["acknowledged_before"]["by"], "KM");
}

#[tokio::test]
async fn the_board_says_what_is_wrong_with_each_screen_and_which_rooms_nobody_hears() {
    let mut clinic = Clinic::open().await;
    clinic.screen(1, "station-1", ScreenKind::Station, "KM");
    let phone = clinic.screen(2, "phone-1", ScreenKind::Phone, "TJ");
    let battery = Some(Battery { percent: 12, charging: false });
    let muted = Presence { audible: false, ..SEEN };
    let kind = Some(ScreenKind::Phone);
    let say = SayPresence { screen: ScreenId(2), presence: muted, kind, battery };
    clinic.core.ask(say, clinic.now());
    let board = clinic.screens();
    assert_eq!(board["unheard"], serde_json::json!([]));
    let [first, second] = &board["screens"].as_array().unwrap()[..] else { panic!("{board}") };
    assert_eq!((&first["id"], &first["trouble"]), (&"phone-1".into(), &"sound_off".into()));
    assert_eq!(first["battery"], serde_json::json!({"percent": 12, "charging": false}));
    assert_eq!(first["person"]["initials"], "TJ");
    assert_eq!((&second["can_hear"], &second["trouble"]), (&true.into(), &().into()));
    assert_eq!(second["rooms"], serde_json::Value::Null, "all of them");

    // The station's network dies without a word; the phone goes on.
    clinic.second += 7;
    clinic.say_presence(2, Presence { visible: false, ..SEEN });
    phone.answered(clinic.now());
    let board = clinic.screens();
    let trouble = |n: usize| board["screens"][n]["trouble"].as_str().unwrap();
    assert_eq!((trouble(0), trouble(1)), ("not_heard", "not_seen"));
    assert_eq!(board["unheard"], serde_json::json!(["3"]));
    clinic.say_presence(2, Presence { quiet: true, ..SEEN });
    let of_phone = clinic.screens()["screens"]
        .as_array()
        .unwrap()
        .iter()
        .find(|screen| screen["id"] == "phone-1")
        .unwrap()["trouble"]
        .clone();
    assert_eq!(of_phone, "quiet");
}

#[tokio::test]
async fn an_infusion_that_nobody_watches_is_medium_at_15_s_and_high_at_60_s() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    let session = clinic.open_session();
    let mailbox = clinic.screen(1, "station-1", ScreenKind::Station, "KM");
    clinic.beat();
    clinic.event(&session, usual_baseline());
    clinic.event(
        &session,
        Event::Start { overrides: Some(crate::room::Override { reason: "a test".to_owned() }) },
    );
    assert_eq!(clinic.room_json()["session"]["phase"], Phase::Infusing.name());
    let mut told: Vec<(i64, String)> = Vec::new();
    for second in 1..=90 {
        clinic.each_second(97, 1);
        // It reads on; and nobody draws anything there.
        mailbox.answered(clinic.now());
        clinic.beat();
        let json = clinic.room_json();
        let alerts = json["alerts"].as_array().unwrap();
        let unwatched = alerts.iter().find(|alert| alert["condition"] == "unwatched");
        let priority = unwatched.map(|alert| alert["priority"].as_str().unwrap().to_owned());
        if let Some(priority) =
            priority.filter(|now| told.last().is_none_or(|(_, known)| known != now))
        {
            told.push((second, priority));
        }
    }
    // The screen counts for 6 s after its last word; the second is the one in which that is noticed.
    let at = |n: usize| told[n].0;
    assert_eq!(
        told.iter().map(|(_, priority)| priority.as_str()).collect::<Vec<_>>(),
        ["medium", "high"]
    );
    assert!((15 + 6..=15 + 8).contains(&at(0)), "{told:?}");
    assert!((60 + 6..=60 + 8).contains(&at(1)), "{told:?}");
}

#[tokio::test]
async fn a_loop_in_which_no_probe_comes_back_raises_alarm_path_and_ends_it_when_proved_again() {
    let mut clinic = Clinic::open().await;
    let mailbox = clinic.screen(1, "station-1", ScreenKind::Station, "KM");
    for _ in 0..10 {
        clinic.second += 1;
        clinic.beat();
        clinic.probe(1);
    }
    assert_eq!(clinic.own("alarm_path"), None);
    // The queue that the probe takes is stuck: the beat goes on, and no probe comes back.
    let raised_after = (1..30).find(|_| {
        clinic.second += 1;
        clinic.beat();
        clinic.own("alarm_path").is_some()
    });
    assert_eq!(raised_after, Some(6));
    let alert = clinic.own("alarm_path").unwrap();
    assert_eq!((&alert["priority"], &alert["room"]), (&"medium".into(), &().into()));
    let told = lines(&mailbox).await;
    assert_eq!(frames_of(&told, alert["id"].as_str().unwrap()).len(), 1);
    for proved in 1..=5 {
        assert!(clinic.own("alarm_path").is_some(), "{proved}");
        clinic.second += 1;
        clinic.beat();
        clinic.probe(1);
    }
    assert_eq!(clinic.own("alarm_path"), None);
}

#[tokio::test]
async fn a_room_whose_clock_is_ahead_of_the_loop_is_not_proved() {
    let mut clinic = Clinic::open().await;
    let ahead = clinic.now().plus(3_600_000);
    clinic.core.rooms.get_mut(&room()).unwrap().room.advance(ahead);
    for _ in 0..6 {
        clinic.second += 1;
        clinic.core.each_second(clinic.now(), 0);
        clinic.probe(1);
    }
    assert!(clinic.own("alarm_path").is_some());
}
