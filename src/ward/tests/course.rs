//! From a monitor to the screens and the disk, and back after a restart.

use super::*;

#[tokio::test]
async fn a_reading_is_on_the_screens_before_it_is_on_disk_and_stored_only_after() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    let mailbox = Arc::new(Mailbox::default());
    let now = clinic.now();
    clinic.core.screens.join(ScreenId(1), (View::Staff, somebody()), mailbox.clone(), now);
    clinic.core.ask(SayHello { screen: ScreenId(1), hello: hello_all() }, now);
    assert_eq!(lines(&mailbox).await[0]["type"], "snapshot");
    let mut told = clinic.send(vec![reading(Vital::Spo2, 97)]);
    assert!(told.try_recv().is_err());
    let frames = lines(&mailbox).await;
    let vitals = frames.iter().find(|frame| frame["type"] == "vitals").unwrap();
    assert_eq!(vitals["readings"][0]["value"], 97);
    assert_eq!(vitals["received_at"], now.0);
    told.await.unwrap();
}

#[tokio::test]
async fn a_device_never_heard_before_is_listed_unbound_with_its_readings() {
    let mut clinic = Clinic::open().await;
    clinic.send(vec![reading(Vital::Spo2, 96)]);
    let devices: serde_json::Value =
        serde_json::from_str(&clinic.core.ask(ListDevices, clinic.now())).unwrap();
    insta::assert_json_snapshot!(devices, @r#"
    {
      "devices": [
        {
          "adapter": "native",
          "clock_offset_ms": null,
          "conflict": false,
          "id": "mon-3",
          "last_seen": 1795262400000,
          "latest": [
            {
              "device": "mon-3",
              "quality": "good",
              "received_at": 1795262400000,
              "source": "monitor",
              "taken_at": 1795262400000,
              "unit": "%",
              "value": 96,
              "vital": "spo2"
            }
          ],
          "link": "up",
          "not_understood": [],
          "room": null
        }
      ]
    }
    "#);
    clinic.bind();
    clinic.send(vec![reading(Vital::Spo2, 95)]);
    assert_eq!(clinic.room_json()["vitals"]["spo2"]["value"], 95);
}

#[tokio::test]
async fn a_session_that_ends_while_the_journal_is_full_is_over_once_it_is_recorded() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    let session = clinic.open_session();
    clinic.each_second(97, 3);
    flush(&clinic.core.journal).await;
    clinic.fill_the_journal();
    clinic.event(&session, Event::Abort { reason: Some("moved to the ward".to_owned()) });
    assert!(clinic.core.room_actor(&room()).unwrap().is_unrecorded());
    clinic.wait_for_the_journal().await;
    clinic.each_second(97, 3);
    flush(&clinic.core.journal).await;
    let row = clinic.core.journal.store().session(&session).await.unwrap().unwrap();
    assert_eq!((row.ended_at.is_some(), row.phase.as_str()), (true, "aborted"));
    let last = clinic.core.journal.read(&Chain::Room(room()), row.ended_seq.unwrap(), 1).await;
    assert!(last.unwrap()[0].entry.body.contains("the journal could not keep up"));
}

#[tokio::test]
async fn a_session_that_ends_in_the_very_entry_that_makes_good_keeps_that_entry() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    let session = clinic.open_session();
    flush(&clinic.core.journal).await;
    clinic.fill_the_journal();
    clinic.each_second(97, 1);
    assert!(clinic.core.room_actor(&room()).unwrap().is_unrecorded());
    clinic.wait_for_the_journal().await;
    clinic.event(&session, Event::Abort { reason: Some("moved to the ward".to_owned()) });
    flush(&clinic.core.journal).await;
    let row = clinic.core.journal.store().session(&session).await.unwrap().unwrap();
    let all = clinic.core.journal.read(&Chain::Room(room()), row.opened_seq, 100).await.unwrap();
    let mut of_it = all.iter().filter(|stored| stored.seq <= row.ended_seq.unwrap());
    assert!(of_it.any(|stored| stored.entry.body.contains("\"abort\"")));
}

#[tokio::test]
async fn the_same_frame_again_is_stored_once_also_after_a_restart() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    let key = FrameKey::of(&[b"17"]);
    let readings = || vec![reading(Vital::Spo2, 97)];
    clinic.send_as(key, Identity::default(), readings()).await.unwrap();
    clinic.send_as(key, Identity::default(), readings()).await.unwrap();
    let mut clinic = clinic.restart(5).await;
    clinic.send_as(key, Identity::default(), readings()).await.unwrap();
    // What came after the last mark of being alive is known as well.
    clinic.core.journal.mark_alive(Mark::by_our_clock_alone(clinic.now()));
    clinic.second += 1;
    let last = FrameKey::of(&[b"last"]);
    clinic.send_as(last, Identity::default(), readings()).await.unwrap();
    let mut clinic = clinic.restart(5).await;
    clinic.send_as(last, Identity::default(), readings()).await.unwrap();
    let entries = clinic.core.journal.read(&Chain::Room(room()), 1, 100).await.unwrap();
    assert_eq!(entries.iter().filter(|stored| stored.entry.frame_key == Some(last)).count(), 1);
    // However long nobody listened: it waits for its answer.
    clinic.second += 300;
    clinic.send_as(FrameKey::of(&[b"18"]), Identity::default(), readings()).await.unwrap();
    let mut clinic = clinic.restart(7_200).await;
    clinic.send_as(key, Identity::default(), readings()).await.unwrap();
    let entries = clinic.core.journal.read(&Chain::Room(room()), 1, 100).await.unwrap();
    let frames = entries.iter().filter(|stored| stored.entry.frame_key == Some(key)).count();
    assert_eq!(frames, 1);
}

#[tokio::test]
async fn after_a_restart_session_alerts_and_acknowledgements_stand() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    let session = clinic.open_session();
    clinic.event(&session, usual_baseline());
    clinic.event(&session, Event::Start { overrides: None });
    clinic.event(&session, Event::Note { text: "arm warmed".to_owned() });
    clinic.each_second(84, 6);
    let alert = format!("{session}-a1");
    let now = clinic.now();
    clinic.core.act(&km(), Acknowledge { alert: alert.clone() }, now).unwrap();
    let before = clinic.room_json();
    assert_eq!(before["alerts"][0]["acknowledged"]["by"], "KM");
    let mut clinic = clinic.restart(4).await;
    let after = clinic.room_json();
    assert_eq!(after["alerts"], before["alerts"]);
    assert_eq!(after["session"], before["session"]);
    assert_eq!(after["session"]["initials"], "J.T.");
    // What the alert suggested is in the record as well.
    let events = after["session"]["events"].as_array().unwrap();
    let text = |event: &serde_json::Value| event["text"].as_str().unwrap().to_owned();
    let texts: Vec<_> = events.iter().map(text).collect();
    assert_eq!(texts.len(), 5, "{texts:?}");
    assert!(texts[4].starts_with("Suggest: rouse the patient"), "{texts:?}");
}

#[tokio::test]
async fn what_staff_wrote_stands_only_in_private_parts() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    let session = clinic.open_session();
    clinic.event(&session, Event::Note { text: "cried for her mother".to_owned() });
    let clinic = clinic.restart(1).await;
    flush(&clinic.core.journal).await;
    let entries = clinic.core.journal.read(&Chain::Room(room()), 1, 100).await.unwrap();
    assert!(entries.iter().all(|stored| !stored.entry.body.contains("mother")));
    assert!(entries.iter().all(|stored| !stored.entry.body.contains("J.T.")));
    let private = entries.iter().filter_map(|stored| stored.entry.private.as_deref());
    assert!(private.clone().any(|text| text.contains("mother")));
}

#[tokio::test]
async fn the_log_of_a_live_run_is_the_log_of_its_export() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    clinic.each_second(90, 40);
    let session = clinic.open_session();
    clinic.event(&session, usual_baseline());
    clinic.event(&session, Event::Start { overrides: None });
    clinic.each_second(84, 20);
    let now = clinic.now();
    let open = clinic.room_json()["alerts"][0]["id"].as_str().unwrap().to_owned();
    clinic.core.act(&km(), Acknowledge { alert: open.clone() }, now).unwrap();
    clinic.each_second(97, 40);
    clinic.second += 75;
    let now = clinic.now();
    clinic.core.pass_time(now);
    let mut clinic = clinic.restart(20).await;
    clinic.each_second(97, 10);
    clinic.each_second(84, 10);
    clinic.event(&session, Event::Stop { reason: None });
    clinic.event(&session, Event::Transfer { reason: None });
    flush(&clinic.core.journal).await;
    let shown = shown(&clinic.core.journal).await;
    let mut recording = Vec::new();
    export::whole(&clinic.core.journal, &session, &mut recording).await.unwrap();
    let player = Player::new(recording.as_slice()).unwrap();
    let replayed = player.play().unwrap();
    assert!(replayed.len() >= 6, "{replayed:?}");
    let opened_at = START.plus(40_000);
    let live: Vec<_> = shown.into_iter().filter(|line| line.at > opened_at).collect();
    assert_eq!(replayed, live);
    let player = Player::new(recording.as_slice()).unwrap();
    assert_eq!(player.verify().unwrap(), []);
}

#[tokio::test]
async fn a_second_person_is_told_who_has_the_alert() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    clinic.each_second(84, 6);
    let id = clinic.room_json()["alerts"][0]["id"].as_str().unwrap().to_owned();
    let now = clinic.now();
    let tj = Actor { initials: "TJ".to_owned(), name: "TJ".to_owned(), ..km() };
    clinic.core.act(&km(), Acknowledge { alert: id.clone() }, now).unwrap();
    clinic.core.act(&km(), Acknowledge { alert: id.clone() }, now).unwrap();
    let refused = clinic.core.act(&tj, Acknowledge { alert: id.clone() }, now).unwrap_err();
    assert!(matches!(refused, Refusal::AlreadyAcknowledged { by, .. } if by == "KM"));
}

#[tokio::test]
async fn a_device_that_names_two_beds_feeds_no_room_until_staff_decide() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    let identity = |bed: &str| Identity { bed: Some(bed.to_owned()), ..Identity::default() };
    let key = |n: u8| FrameKey::of(&[&[n]]);
    clinic.send_as(key(1), identity("1"), vec![reading(Vital::Spo2, 97)]);
    clinic.send_as(key(2), identity("2"), vec![reading(Vital::Spo2, 60)]);
    let json = clinic.room_json();
    assert_eq!(json["vitals"]["spo2"]["value"], 97);
    assert_eq!(json["alerts"][0]["condition"], "device_conflict");
    assert_eq!(json["alerts"][0]["priority"], "high");
    clinic.bind();
    clinic.send_as(key(3), identity("2"), vec![reading(Vital::Spo2, 96)]);
    assert_eq!(clinic.room_json()["vitals"]["spo2"]["value"], 96);
}

#[tokio::test]
async fn a_screen_resumes_with_what_it_missed_or_gets_everything() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    clinic.each_second(97, 3);
    let rev = clinic.room_json()["rev"].as_u64().unwrap();
    clinic.each_second(96, 2);
    let now = clinic.now();
    let mut resume = |epoch: Option<String>, rev: u64| {
        let mailbox = Arc::new(Mailbox::default());
        let who = (View::Staff, somebody());
        clinic.core.screens.join(ScreenId(rev), who, mailbox.clone(), now);
        let revs = [(room(), rev)].into();
        clinic.core.ask(
            SayHello { screen: ScreenId(rev), hello: Hello { epoch, revs, ..Hello::default() } },
            now,
        );
        mailbox
    };
    let mailbox = resume(Some(START.to_string()), rev);
    let frames = lines(&mailbox).await;
    let types: Vec<_> = frames.iter().map(|frame| frame["type"].as_str().unwrap()).collect();
    assert_eq!(types, ["resumed", "vitals", "vitals"]);
    let mailbox = resume(Some("another".to_owned()), rev + 1);
    assert_eq!(lines(&mailbox).await[0]["type"], "snapshot");
}

#[tokio::test]
async fn a_room_is_watched_by_a_live_audible_screen_alone() {
    let mut clinic = Clinic::open().await;
    let mailbox = Arc::new(Mailbox::default());
    let now = clinic.now();
    let who = (View::Staff, somebody());
    clinic.core.screens.join(ScreenId(1), who, mailbox.clone(), now);
    clinic.core.ask(SayHello { screen: ScreenId(1), hello: hello_all() }, now);
    let mut watched = |presence: Presence, wait_s: i64| {
        let now = clinic.now();
        clinic.core.screens.note_presence(ScreenId(1), presence, now);
        mailbox.answered(now);
        clinic.second += wait_s;
        let now = clinic.now();
        clinic.core.screens.watching(&room(), now) > 0
    };
    let attended = Presence { audible: true, visible: true, quiet: false };
    assert!(watched(attended, 1));
    assert!(!watched(attended, 7), "not heard for 6 s");
    assert!(!watched(Presence { audible: false, ..attended }, 1));
    assert!(!watched(Presence { quiet: true, ..attended }, 1));
    assert!(watched(attended, 1));
}
