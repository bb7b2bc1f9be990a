//! Who may do what: a monitor that is taken from a patient, limits that are loosened, rooms that
//! are claimed, values that are taken back.

use super::*;
use crate::gates::CheckIn;
use crate::profile::Condition;
use crate::room::{ManualVitals, OwnLimits};

fn by_pin() -> Actor {
    Actor { is_identified: true, ..km() }
}

fn move_monitor(
    clinic: &mut Clinic,
    actor: &Actor,
    to: Option<RoomId>,
    is_confirmed: bool,
) -> Result<(), Refusal> {
    let at = clinic.now();
    clinic.core.act(actor, Bind { device: mon(), room: to, is_confirmed }, at).map(drop)
}

#[tokio::test]
async fn a_monitor_is_taken_from_a_session_only_by_somebody_who_is_known_and_confirms_it() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    clinic.each_second(97, 3);
    move_monitor(&mut clinic, &km(), None, false).expect("nobody is treated there");
    clinic.bind();
    clinic.each_second(97, 1);
    let session = clinic.open_session();
    let refused = move_monitor(&mut clinic, &km(), None, true).unwrap_err();
    let Refusal::NeedsIdentity(words) = refused else { panic!("{refused:?}") };
    assert!(words.starts_with("Room 3 will have no monitor (checked in)."), "{words}");
    let refused = move_monitor(&mut clinic, &by_pin(), None, false).unwrap_err();
    assert!(matches!(refused, Refusal::NeedsConfirmation(_)), "{refused:?}");
    assert_eq!(clinic.room_json()["devices"].as_array().unwrap().len(), 1, "nothing has changed");
    clinic.bind();
    move_monitor(&mut clinic, &by_pin(), None, true).unwrap();
    assert_eq!(clinic.room_json()["devices"].as_array().unwrap().len(), 0);

    clinic.bind();
    clinic.each_second(97, 1);
    let program = Actor { is_identified: true, is_program: true, ..km() };
    move_monitor(&mut clinic, &program, None, false).expect("a program knows what it does");

    clinic.bind();
    clinic.each_second(97, 1);
    clinic.event(&session, Event::Abort { reason: None });
    move_monitor(&mut clinic, &km(), None, false).expect("the patient has left");
}

fn own(condition: Condition, caution: i32, prescriber: Option<&str>) -> Event {
    let own = OwnLimits { caution: Some(Decimal::whole(caution)), ..OwnLimits::default() };
    Event::Limits {
        limits: [(condition, Some(own))].into(),
        reason: "known".to_owned(),
        prescriber: prescriber.map(str::to_owned),
    }
}

#[tokio::test]
async fn a_limit_is_loosened_by_a_prescriber_who_is_surely_there_and_by_no_typed_name() {
    let mut clinic = Clinic::open().await;
    let session = clinic.open_session();
    let doctor = Actor { authority: Authority::Prescriber, name: "Dr Bell".to_owned(), ..km() };
    let at = clinic.now();
    let mut enter = |actor: &Actor, event: Event| {
        let answer = clinic.core.act(
            actor,
            EnterEvent { session: session.clone(), event, occurred_at: None },
            at,
        )?;
        let json: serde_json::Value = serde_json::from_str(&answer.json).unwrap();
        Ok::<_, Refusal>(json["personal_limits"][0].clone())
    };
    let looser = own(Condition::Spo2Low, 90, Some("N. Weber"));
    assert!(enter(&km(), looser.clone()).is_err(), "a nurse who names somebody");
    assert!(enter(&by_pin(), looser.clone()).is_err(), "a nurse with a PIN");
    assert!(enter(&doctor, looser.clone()).is_err(), "whoever uses the doctor's station");
    let identified = Actor { is_identified: true, ..doctor };
    let limit = enter(&identified, looser).unwrap();
    assert_eq!(limit["prescriber"], "Dr Bell", "who it is, not who was named");

    // A prescriber who gave a PIN is asked for the password; a nurse's would not help.
    let by_pin_of_doctor = Actor { authority_by_password: Authority::Prescriber, ..by_pin() };
    let looser = own(Condition::Spo2Low, 89, None);
    let refused = enter(&by_pin_of_doctor, looser.clone()).unwrap_err();
    assert!(
        matches!(&refused, Refusal::NeedsPassword(why) if why.contains("password")),
        "{refused}"
    );
    assert!(matches!(enter(&by_pin(), looser).unwrap_err(), Refusal::NotNow(_)));

    let tighter = own(Condition::Spo2Low, 94, Some("N. Weber"));
    let limit = enter(&km(), tighter).unwrap();
    assert_eq!(limit["reason"], "known (N. Weber named, not identified)");
}

#[tokio::test]
async fn a_room_is_claimed_with_all_its_alerts() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    let at = clinic.now();
    let none = clinic.core.act(&km(), AcknowledgeRoom { room: room() }, at).unwrap().json;
    assert_eq!(none, r#"{"alerts":[]}"#);
    for _ in 0..70 {
        clinic.send(vec![reading(Vital::Spo2, 84), reading(Vital::PulseRate, 45)]);
        clinic.second += 1;
    }
    let at = clinic.now();
    let open = clinic.room_json()["alerts"].as_array().unwrap().len();
    assert!(open >= 2, "{open}");
    let taken = clinic.core.act(&km(), AcknowledgeRoom { room: room() }, at).unwrap();
    taken.stored.await.unwrap();
    let json: serde_json::Value = serde_json::from_str(&taken.json).unwrap();
    assert_eq!(json["alerts"].as_array().unwrap().len(), open);
    let is_hers = |alert: &serde_json::Value| alert["acknowledged"]["by"] == "KM";
    assert!(json["alerts"].as_array().unwrap().iter().all(is_hers), "{json}");
    let again = clinic.core.act(&km(), AcknowledgeRoom { room: room() }, at).unwrap().json;
    assert_eq!(serde_json::from_str::<serde_json::Value>(&again).unwrap(), json, "hers already");
    let tj = Actor { initials: "TJ".to_owned(), ..km() };
    let refused = clinic.core.act(&tj, AcknowledgeRoom { room: room() }, at).unwrap_err();
    assert!(matches!(refused, Refusal::AlreadyAcknowledged { by, .. } if by == "KM"));
    let nowhere = RoomId::new("99").unwrap();
    let refused =
        clinic.core.act(&km(), AcknowledgeRoom { room: nowhere.clone() }, at).unwrap_err();
    assert!(matches!(refused, Refusal::NotFound { .. }));
}

fn by_hand(systolic: i32, diastolic: i32) -> Event {
    Event::ManualVitals(ManualVitals {
        systolic: Some(Decimal::whole(systolic)),
        diastolic: Some(Decimal::whole(diastolic)),
        ..ManualVitals::default()
    })
}

#[tokio::test]
async fn screens_are_sent_what_a_withdrawn_pressure_gives_way_to() {
    let mut clinic = Clinic::open().await;
    let session = clinic.open_session();
    clinic.event(&session, by_hand(118, 76));
    clinic.second += 30;
    let mailbox = Arc::new(Mailbox::default());
    let now = clinic.now();
    let who = (View::Staff, somebody());
    clinic.core.screens.join(ScreenId(1), who, mailbox.clone(), now);
    clinic.core.ask(SayHello { screen: ScreenId(1), hello: hello_all() }, now);
    clinic.event(&session, by_hand(150, 90));
    let n =
        clinic.room_json()["session"]["events"].as_array().unwrap().last().unwrap()["n"].clone();
    let n = u32::try_from(n.as_u64().unwrap()).unwrap();
    clinic.second += 5;
    clinic.event(&session, Event::Correct { event: n, reason: None });
    let frames = lines(&mailbox).await;
    let pressures: Vec<_> = frames
        .iter()
        .filter(|frame| frame["type"] == "vitals")
        .map(|frame| (&frame["readings"][0]["systolic"], &frame["readings"][0]["source"]))
        .collect();
    let manual = serde_json::json!("manual");
    assert_eq!(pressures, [(&serde_json::json!(150), &manual), (&serde_json::json!(118), &manual)]);
    assert_eq!(clinic.room_json()["vitals"]["nibp"]["systolic"], 118);
    let events = clinic.room_json()["session"]["events"].clone();
    let entry = events.as_array().unwrap().iter().find(|event| event["n"] == n).unwrap();
    assert_eq!(
        (&entry["values"]["systolic"], &entry["withdrawn"]["by"]),
        (&serde_json::json!(150), &serde_json::json!("KM"))
    );
}

#[tokio::test]
async fn screens_are_sent_the_limits_again_when_an_alert_hides_some_of_them() {
    let mut clinic = Clinic::open().await;
    let session = clinic.open_session();
    clinic.event(&session, Event::CheckIn(CheckIn::default()));
    let baseline = |value| Some(Decimal::whole(value));
    clinic.event(
        &session,
        Event::AcceptBaseline(Acceptance {
            systolic: baseline(118),
            diastolic: baseline(74),
            heart_rate: baseline(75),
            spo2: baseline(97),
            ..Acceptance::default()
        }),
    );
    clinic.event(&session, Event::Start { overrides: None });
    let diastolic =
        |json: serde_json::Value| json["session"]["limits"]["diastolic"]["high"].clone();
    assert_eq!(diastolic(clinic.room_json()), 95);
    let mailbox = Arc::new(Mailbox::default());
    let now = clinic.now();
    let who = (View::Staff, somebody());
    clinic.core.screens.join(ScreenId(1), who, mailbox.clone(), now);
    clinic.core.ask(SayHello { screen: ScreenId(1), hello: hello_all() }, now);
    clinic.event(&session, by_hand(172, 80));
    let frames = lines(&mailbox).await;
    let last = frames.iter().rfind(|frame| frame["type"] == "session").unwrap();
    assert_eq!(last["session"]["limits"]["diastolic"]["high"], 110, "cautions are hidden");
}

#[tokio::test]
async fn what_staff_enter_later_happened_within_the_last_four_hours() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    let session = clinic.open_session();
    clinic.second += 5 * 3_600;
    let at = clinic.now();
    let mut note = |occurred_at: Millis| {
        let event = Event::Note { text: "felt dizzy".to_owned() };
        let occurred_at = Some(occurred_at);
        let act = EnterEvent { session: session.clone(), event, occurred_at };
        clinic.core.act(&km(), act, at).map(drop)
    };
    assert_eq!(note(at.plus(-LONGEST_AGO_MS)), Ok(()));
    assert_eq!(note(at), Ok(()));
    let refused = Err(Refusal::NotNow("occurred_at must be within the last four hours.".into()));
    assert_eq!(note(at.plus(-LONGEST_AGO_MS - 1)), refused);
    assert_eq!(note(at.plus(1)), refused, "nor is it still to come");
}
