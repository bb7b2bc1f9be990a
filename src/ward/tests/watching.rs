//! Who watches a room, and what the screens are told without anybody speaking.

use super::*;

fn join(clinic: &mut Clinic) -> Arc<Mailbox> {
    let (mailbox, now) = (Arc::new(Mailbox::default()), clinic.now());
    let me = (View::Staff, somebody());
    clinic.core.screens.join(ScreenId(1), me, mailbox.clone(), now);
    clinic.core.ask(SayHello { screen: ScreenId(1), hello: hello_all() }, now);
    mailbox
}

fn conditions(clinic: &mut Clinic) -> Vec<String> {
    let json = clinic.room_json();
    let alerts = json["alerts"].as_array().unwrap();
    alerts.iter().map(|alert| alert["condition"].as_str().unwrap().to_owned()).collect()
}

/// A second in which the monitor speaks, and the screen when it does.
fn second(clinic: &mut Clinic, screen: Option<&Mailbox>) {
    clinic.each_second(97, 1);
    let now = clinic.now();
    if let Some(mailbox) = screen {
        let seen = Presence { audible: true, visible: true, quiet: false };
        clinic.core.screens.note_presence(ScreenId(1), seen, now);
        mailbox.answered(now);
    }
    clinic.core.pass_time(now);
    clinic.core.beat(Mark::by_our_clock_alone(now));
}

#[tokio::test]
async fn a_room_whose_only_screen_goes_silent_is_unwatched_within_21_s() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    clinic.open_session();
    let mailbox = join(&mut clinic);
    (0..30).for_each(|_| second(&mut clinic, Some(&mailbox)));
    assert!(clinic.core.room_actor(&room()).unwrap().room.is_watched());
    assert_eq!(conditions(&mut clinic), [] as [&str; 0]);
    let told_after = (1..60).find(|_| {
        second(&mut clinic, None);
        conditions(&mut clinic).contains(&"unwatched".to_owned())
    });
    assert!(told_after.is_some_and(|seconds| (15..=22).contains(&seconds)), "{told_after:?}");
    (0..40).for_each(|_| second(&mut clinic, Some(&mailbox)));
    assert_eq!(conditions(&mut clinic), [] as [&str; 0], "somebody is there again");
}

#[tokio::test]
async fn a_screen_hears_that_a_link_is_late_that_a_room_is_renamed_and_that_a_cuff_said_no_more() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    let mailbox = join(&mut clinic);
    clinic.send(vec![
        Reading::absent(Vital::Nibp, crate::vitals::Absent::Measuring),
        reading(Vital::Spo2, 97),
    ]);
    let now = clinic.now();
    let name = Some("Garden".to_owned());
    clinic
        .core
        .act(&km(), RenameRoom { room: room(), name, order: Some(7), earlier: None }, now)
        .unwrap();
    lines(&mailbox).await;
    let heard = async |clinic: &mut Clinic, seconds: i64, kind: &str| {
        clinic.second += seconds;
        let now = clinic.now();
        clinic.core.beat(Mark::by_our_clock_alone(now));
        clinic.core.ask(Probe { sent_at: now }, now);
        let lines = lines(&mailbox).await;
        lines.into_iter().find(|line| line["type"] == kind).unwrap_or_default()
    };
    assert_eq!(heard(&mut clinic, 6, "device").await["device"]["link"], "late");
    assert_eq!(heard(&mut clinic, 8, "device").await["device"]["link"], "down");
    assert_eq!(heard(&mut clinic, 2, "device").await, serde_json::Value::Null, "told already");
    let over = heard(&mut clinic, 180, "vitals").await;
    assert_eq!(over["inflation"]["state"], "unknown");
    let json = clinic.room_json();
    assert_eq!(json["inflation"], over["inflation"]);
    assert_eq!((&json["name"], &json["devices"][0]["link"]), (&"Garden".into(), &"down".into()));
}

#[tokio::test]
async fn a_screen_that_missed_too_much_of_one_room_gets_that_room_anew_and_the_rest_of_the_others()
{
    let mut clinic = Clinic::open().await;
    clinic.bind();
    let now = clinic.now();
    clinic
        .core
        .act(
            &km(),
            RenameRoom {
                room: RoomId::new("4").unwrap().clone(),
                name: None,
                order: None,
                earlier: None,
            },
            now,
        )
        .unwrap();
    clinic.each_second(97, 700);
    let (mailbox, now) = (Arc::new(Mailbox::default()), clinic.now());
    let me = (View::Staff, somebody());
    clinic.core.screens.join(ScreenId(2), me, mailbox.clone(), now);
    let revs = [(room(), 1), (RoomId::new("4").unwrap(), 1)].into();
    let epoch = Some(clinic.core.epoch.clone());
    let hello = Hello { epoch, revs, ..Hello::default() };
    clinic.core.ask(SayHello { screen: ScreenId(2), hello }, now);
    let lines = lines(&mailbox).await;
    let kinds: Vec<&str> = lines.iter().map(|line| line["type"].as_str().unwrap()).collect();
    assert_eq!(kinds, ["resumed", "snapshot"]);
    assert_eq!(lines[0]["revs"], serde_json::json!({"4": 1}));
    assert_eq!(lines[1]["rooms"].as_array().unwrap().len(), 1);
    assert_eq!(lines[1]["rooms"][0]["vitals"]["spo2"]["value"], 97);
}
