//! What a ward knows after a restart, however its last checkpoint reads, and after it was frozen.

use super::*;
use crate::as_rows::rows_of;
use crate::profile::{Condition, DEFAULT_PROFILE, builtin};
use crate::room::Room;
use crate::ward::read_room::restore_room;

/// Every checkpoint of the room's chain from number `from` on has a format of the future.
async fn spoil_checkpoints(folder: &std::path::Path, from: u64) {
    let mut raw = rows_of(folder).await;
    let spoilt = sqlx::query(
        "UPDATE entries SET body = replace(body, '\"format\":', '\"format\":9') \
         WHERE is_checkpoint = 1 AND chain = 'room/3' AND seq >= ?",
    );
    let done = spoilt.bind(i64::try_from(from).unwrap()).execute(&mut raw).await.unwrap();
    assert!(done.rows_affected() > 0);
}

impl Clinic {
    /// The process dies, `change` is made to what is on disk, and another begins.
    async fn restart_after(self, change: impl AsyncFnOnce(&std::path::Path)) -> Self {
        let Self { core, folder, second, sent } = self;
        flush(&core.journal).await;
        core.journal.close(Duration::from_secs(5)).await.unwrap();
        drop(core);
        change(folder.path()).await;
        let core = core_in(folder.path(), START.plus((second + 2) * 1_000)).await;
        Self { core, folder, second: second + 2, sent }
    }

    async fn infusing() -> (Self, SessionId) {
        let mut clinic = Self::open().await;
        clinic.bind();
        clinic.each_second(97, 5);
        let session = clinic.open_session();
        let whole = |value| Some(Decimal::whole(value));
        clinic.event(
            &session,
            Event::AcceptBaseline(Acceptance {
                systolic: whole(118),
                diastolic: whole(74),
                heart_rate: whole(75),
                spo2: whole(97),
                ..Acceptance::default()
            }),
        );
        clinic.event(&session, Event::Start { overrides: None });
        (clinic, session)
    }

    fn conditions(&mut self) -> Vec<String> {
        let json = self.room_json();
        let alerts = json["alerts"].as_array().unwrap();
        alerts.iter().map(|alert| alert["condition"].as_str().unwrap().to_owned()).collect()
    }

    fn ward_conditions(&mut self) -> Vec<String> {
        let now = self.now();
        self.core.judge_own_alerts(now, self.core.journal.lag(now));
        let json = serde_json::json!(self.core.own_alerts.snapshot(View::Staff));
        let alerts = json["alerts"].as_array().unwrap();
        alerts.iter().map(|alert| alert["text"].as_str().unwrap().to_owned()).collect()
    }
}

#[tokio::test]
async fn a_checkpoint_that_cannot_be_read_loses_nothing_that_led_to_it() {
    let (mut clinic, session) = Clinic::infusing().await;
    clinic.each_second(84, 20);
    let open = clinic.conditions();
    assert!(open.contains(&"spo2_low".to_owned()), "{open:?}");
    // A restart writes a checkpoint, and this one goes unread; so does any before it.
    clinic = clinic.restart(2).await;
    clinic = clinic.restart_after(async |folder| spoil_checkpoints(folder, 1).await).await;
    let json = clinic.room_json();
    assert_eq!(json["session"]["id"], session.as_str());
    assert_eq!(json["session"]["phase"], "infusing");
    assert_eq!(json["session"]["baseline"]["spo2"], 97);
    assert_eq!(json["session"]["initials"], "J.T.");
    assert_eq!(clinic.conditions(), open);
    assert_eq!(json["unread_since"], serde_json::Value::Null, "all of it was replayed");
    assert_eq!(clinic.ward_conditions(), [] as [String; 0]);
}

#[tokio::test]
async fn an_older_checkpoint_serves_when_the_newest_cannot_be_read() {
    let (mut clinic, session) = Clinic::infusing().await;
    clinic = clinic.restart(2).await;
    clinic.each_second(84, 20);
    let before = clinic.core.journal.committed_seq(&Chain::Room(room()));
    clinic = clinic.restart(2).await;
    clinic = clinic.restart_after(async |folder| spoil_checkpoints(folder, before).await).await;
    assert_eq!(clinic.room_json()["session"]["id"], session.as_str());
    assert!(clinic.conditions().contains(&"spo2_low".to_owned()));
}

/// Bytes that are no text, as a disk leaves them: they keep no ward from watching its patients.
#[tokio::test]
async fn whichever_entry_is_damaged_the_ward_begins_and_the_other_rooms_lose_nothing() {
    for (spoilt, is_unread) in [
        ("seq = (SELECT opened_seq FROM sessions)", false),
        ("is_checkpoint = 1", true),
        ("seq = (SELECT max(seq) FROM entries WHERE chain = 'room/3')", true),
        ("seq > (SELECT max(seq) - 3 FROM entries WHERE chain = 'room/3')", true),
        ("seq > 0", true),
    ] {
        let (mut clinic, session) = Clinic::infusing().await;
        clinic = clinic.restart(2).await;
        clinic.each_second(97, 5);
        clinic = clinic
            .restart_after(async |folder| {
                let mut raw = rows_of(folder).await;
                let sql = format!(
                    "UPDATE entries SET body = CAST(x'ff' AS TEXT) WHERE chain = 'room/3' AND {spoilt}"
                );
                let spoil = sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut raw).await.unwrap();
                assert!(spoil.rows_affected() > 0, "{spoilt}");
            })
            .await;
        let json = clinic.room_json();
        assert_eq!(json["unread_since"].is_i64(), is_unread, "{spoilt}: {json}");
        let since = json["unread_since"].as_i64().unwrap_or(START.0);
        assert!((START.0..=clinic.now().0).contains(&since), "{spoilt}: {since}");
        if spoilt != "seq > 0" {
            assert_eq!(json["session"]["id"], session.as_str(), "{spoilt}");
        }
        let told = clinic.ward_conditions();
        assert_eq!(
            told.iter().any(|text| text.contains("record of room 3")),
            is_unread,
            "{told:?}"
        );
        clinic.each_second(97, 5);
        assert_eq!(clinic.room_json()["vitals"]["spo2"]["value"], 97, "{spoilt}: it is watched");
    }
}

#[tokio::test]
async fn a_room_whose_past_cannot_be_read_says_so_until_its_next_session() {
    let (mut clinic, session) = Clinic::infusing().await;
    clinic.each_second(97, 5);
    clinic = clinic
        .restart_after(async |folder| {
            let mut raw = rows_of(folder).await;
            let spoilt = "UPDATE entries SET body = 'nonsense' \
                          WHERE chain = 'room/3' AND body LIKE '%accept_baseline%'";
            sqlx::query(spoilt).execute(&mut raw).await.unwrap();
            drop(raw);
            spoil_checkpoints(folder, 1).await;
        })
        .await;
    let json = clinic.room_json();
    assert_eq!(json["session"]["id"], session.as_str(), "what can be read is there");
    assert!(json["unread_since"].is_i64());
    let told = clinic.ward_conditions();
    assert!(told.len() == 1 && told[0].contains("record of room 3"), "{told:?}");
    let snapshot = serde_json::json!(clinic.core.own_alerts.snapshot(View::Staff));
    assert_eq!(snapshot["alerts"][0]["condition"], "recording_stopped");
    let (mailbox, now) = (Arc::new(Mailbox::default()), clinic.now());
    let me = (View::Staff, somebody());
    clinic.core.screens.join(ScreenId(1), me, mailbox.clone(), now);
    clinic.core.ask(SayHello { screen: ScreenId(1), hello: hello_all() }, now);
    assert_eq!(lines(&mailbox).await[0]["rooms"][0]["unread_since"], json["unread_since"]);
    clinic.event(&session, Event::Abort { reason: None });
    clinic.open_session();
    assert_eq!(clinic.room_json()["unread_since"], serde_json::Value::Null);
    // A screen that was told so is told that it is over.
    let frames = lines(&mailbox).await;
    let room = frames.iter().find(|frame| frame["type"] == "room").expect("a frame of the room");
    assert_eq!(room.get("unread_since"), Some(&serde_json::Value::Null));
    assert_eq!(room["name"], "Room 3");
    flush(&clinic.core.journal).await;
    clinic.wait_for_the_journal().await;
    assert_eq!(clinic.ward_conditions(), [] as [String; 0]);
}

#[tokio::test]
async fn a_ward_that_was_frozen_is_as_blind_as_one_that_was_restarted() {
    let (mut clinic, _) = Clinic::infusing().await;
    clinic.each_second(97, 20);
    let blind_from = clinic.now();
    clinic.second += 120;
    let now = clinic.now();
    clinic.core.was_frozen(blind_from, now);
    assert_eq!(clinic.conditions(), [] as [String; 0], "nobody listened: nothing is missing yet");
    flush(&clinic.core.journal).await;
    let chain = Chain::Room(room());
    let entries = clinic.core.journal.read(&chain, 1, 1_000).await.unwrap();
    let is_marked = entries.iter().any(|stored| {
        stored.entry.body.contains("\"restart\"")
            && stored.entry.body.contains(&format!("\"blind_from\":{blind_from}"))
    });
    assert!(is_marked, "the record says so");
    clinic.second += 13;
    let later = clinic.now();
    clinic.core.pass_time(later);
    assert!(
        clinic.core.rooms[&room()]
            .room
            .alerts()
            .iter()
            .any(|alert| { alert.condition == Condition::MonitorLost && alert.is_open() })
    );
}

#[tokio::test]
async fn a_ward_that_stopped_in_good_order_judges_nothing_anew() {
    let (mut clinic, session) = Clinic::infusing().await;
    clinic.each_second(84, 20);
    clinic.core.stop(clinic.now());
    let before = clinic.room_json()["alerts"].clone();
    assert_ne!(before, serde_json::json!([]));
    // As if other rules came with another version: by these entries there would be no alert.
    clinic = clinic
        .restart_after(async |folder| {
            let mut raw = rows_of(folder).await;
            let tamed = "UPDATE entries SET body = replace(body, '\"value\":84', '\"value\":97') \
                         WHERE is_checkpoint = 0 AND chain = 'room/3'";
            let done = sqlx::query(tamed).execute(&mut raw).await.unwrap();
            assert!(done.rows_affected() >= 20);
        })
        .await;
    assert_eq!(clinic.room_json()["alerts"], before);
    assert_eq!(clinic.room_json()["session"]["id"], session.as_str());
}

#[tokio::test]
async fn a_room_that_never_had_an_entry_gets_none_when_the_ward_stops() {
    let mut clinic = Clinic::open().await;
    clinic.core.stop(clinic.now());
    flush(&clinic.core.journal).await;
    assert_eq!(clinic.core.journal.next_seq(&Chain::Room(room())), 1);
}

#[tokio::test]
async fn without_a_checkpoint_so_many_entries_are_replayed_and_what_was_before_is_unread() {
    let (mut clinic, _) = Clinic::infusing().await;
    clinic.each_second(84, 20);
    let Clinic { core, folder, .. } = clinic.restart(2).await;
    flush(&core.journal).await;
    core.journal.close(Duration::from_secs(5)).await.unwrap();
    spoil_checkpoints(folder.path(), 1).await;
    let journal = Journal::open(folder.path()).await.unwrap();
    let all = journal.committed_seq(&Chain::Room(room()));
    for (most, is_cut) in [(all, false), (all - 1, true)] {
        let empty = Room::new(room(), builtin(DEFAULT_PROFILE).unwrap());
        let restored = restore_room(&journal, empty, most).await.unwrap();
        assert_eq!(restored.unread_from.is_some(), is_cut, "{most} of {all}");
    }
}
