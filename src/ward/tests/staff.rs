//! Who may do what: a monitor that is taken from a patient, limits that are loosened, rooms that
//! are claimed, values that are taken back.

use super::*;
use crate::gates::{CheckIn, Escort, Identifier, Override, Screening, Step};
use crate::profile::{Condition, DEFAULT_PROFILE};
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

#[tokio::test]
async fn no_monitor_is_taken_from_an_infusion_by_one_tap_not_even_one_of_two() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    clinic.each_second(97, 1);
    let session = clinic.open_session();
    clinic.event(&session, usual_baseline());
    clinic.event(&session, Event::Start { overrides: None });
    let cuff = DeviceId::new("cuff-3").unwrap();
    let at = clinic.now();
    let bind = Bind { device: cuff.clone(), room: Some(room()), is_confirmed: false };
    clinic.core.act(&km(), bind, at).expect("one more monitor is no loss");

    clinic.send_from(&cuff, vec![reading(Vital::PulseRate, 75)]);
    let refused = move_monitor(&mut clinic, &km(), None, true).unwrap_err();
    let Refusal::NeedsIdentity(words) = refused else { panic!("{refused:?}") };
    assert!(words.starts_with("Room 3 will lose mon-3 (infusing: J.T.). Say who"), "{words}");
    let refused = move_monitor(&mut clinic, &by_pin(), None, false).unwrap_err();
    assert!(matches!(refused, Refusal::NeedsConfirmation(_)), "{refused:?}");
    move_monitor(&mut clinic, &by_pin(), Some(room()), false).expect("it stays where it is");
    move_monitor(&mut clinic, &by_pin(), None, true).unwrap();
    let refused =
        clinic.core.act(&by_pin(), Bind { device: cuff, room: None, is_confirmed: false }, at);
    let words = refused.map(drop).unwrap_err().to_string();
    assert!(words.starts_with("Room 3 will have no monitor (infusing: J.T.)."), "{words}");
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
    let refused = enter(&doctor, looser.clone()).unwrap_err();
    assert!(matches!(refused, Refusal::NeedsIdentity(_)), "whoever uses the doctor's station");
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

fn because(reason: &str) -> Option<Override> {
    Some(Override { reason: reason.to_owned() })
}

impl Clinic {
    fn tries(&mut self, actor: &Actor, session: &SessionId, event: Event) -> Result<(), Refusal> {
        let at = self.now();
        let act = EnterEvent { session: session.clone(), event, occurred_at: None };
        self.core.act(actor, act, at).map(drop)
    }
}

/// Of the items of check-in the number in the series is missing, which a nurse may go on without.
fn check_in_without_number() -> CheckIn {
    CheckIn {
        identifiers: vec![Identifier::Name, Identifier::BirthDate],
        consent: Some(true),
        escort: Some(Escort { name: "D.B.".to_owned(), phone: "555 0101".to_owned() }),
        ..CheckIn::default()
    }
}

#[tokio::test]
async fn a_reason_lets_nobody_go_on_who_has_not_said_who_they_are() {
    let mut clinic = Clinic::open().await;
    let session = clinic.open_session();
    let plain = check_in_without_number();
    let refused = clinic.tries(&km(), &session, Event::CheckIn(plain.clone())).unwrap_err();
    assert!(matches!(refused, Refusal::Unmet { .. }), "there is no reason yet: {refused:?}");
    let stated = CheckIn { overrides: because("first one here"), ..plain };
    let stated = Event::CheckIn(stated);
    let refused = clinic.tries(&km(), &session, stated.clone()).unwrap_err();
    let Refusal::NeedsIdentity(words) = refused else { panic!("{refused:?}") };
    assert!(words.starts_with("Number in the series: number in the series is missing."), "{words}");
    assert!(words.ends_with("Say who you are with your PIN or your password."), "{words}");
    clinic.tries(&by_pin(), &session, stated).unwrap();
    let waived = clinic.room_json()["session"]["waived"].clone();
    assert_eq!(
        (&waived[0]["items"], &waived[0]["by"]),
        (&serde_json::json!(["Number in the series"]), &serde_json::json!("KM"))
    );
}

#[tokio::test]
async fn a_reason_that_nothing_needs_asks_for_no_pin_and_a_program_is_never_asked() {
    let mut clinic = Clinic::open().await;
    let session = clinic.open_session();
    clinic.event(&session, usual_baseline());
    let start = Event::Start { overrides: because("as ever") };
    clinic.tries(&km(), &session, start).expect("nothing is missing");
    clinic.event(&session, Event::Abort { reason: None });
    let session = clinic.open_session();
    let program = Actor { is_program: true, ..km() };
    let stated = CheckIn { overrides: because("kept elsewhere"), ..check_in_without_number() };
    clinic.tries(&program, &session, Event::CheckIn(stated)).unwrap();
}

#[tokio::test]
async fn at_a_shared_station_nobody_decides_as_more_than_a_nurse_unless_it_is_surely_they() {
    let mut clinic = Clinic::open().await;
    let session = clinic.open_session();
    clinic.event(&session, by_hand(82, 50));
    clinic.second += 600;
    clinic.event(&session, usual_baseline());
    clinic.event(&session, by_hand(118, 76));
    let start = || Event::Start { overrides: because("awake, pulse felt") };
    let station =
        Actor { authority: Authority::Lead, authority_by_password: Authority::Lead, ..km() };
    let refused = clinic.tries(&station, &session, start()).unwrap_err();
    let Refusal::NeedsIdentity(words) = refused else { panic!("{refused:?}") };
    assert!(words.starts_with("Start waits: systolic 100"), "{words}");
    let refused = clinic.tries(&km(), &session, start()).unwrap_err();
    assert!(matches!(refused, Refusal::Unmet { .. }), "a nurse's station: {refused:?}");
    let lead_by_pin = Actor { authority_by_password: Authority::Lead, ..by_pin() };
    let refused = clinic.tries(&lead_by_pin, &session, start()).unwrap_err();
    assert!(matches!(refused, Refusal::NeedsPassword(_)), "{refused:?}");
    let lead = Actor { is_identified: true, ..station };
    clinic.tries(&lead, &session, start()).unwrap();
}

#[tokio::test]
async fn a_yes_is_looked_at_by_a_prescriber_who_is_surely_there() {
    let mut clinic = Clinic::open().await;
    let session = clinic.open_session();
    let stated = CheckIn { overrides: because("first one here"), ..check_in_without_number() };
    clinic.tries(&by_pin(), &session, Event::CheckIn(stated)).unwrap();
    let profile = clinic.core.profiles.get(DEFAULT_PROFILE).unwrap();
    let asked = profile.gate(Step::Screening).unwrap().items.iter();
    let answers = asked.map(|item| (item.name.clone(), item.name == "heart")).collect();
    let reviewed = Screening { answers, reviewed: true, ..Screening::default() };
    let reviewed = || Event::Screening(reviewed.clone());
    let refused = clinic.tries(&by_pin(), &session, reviewed()).unwrap_err();
    assert!(matches!(refused, Refusal::NotNow(_)), "a nurse: {refused:?}");
    let doctor = Actor { authority: Authority::Prescriber, ..km() };
    let refused = clinic.tries(&doctor, &session, reviewed()).unwrap_err();
    assert!(matches!(refused, Refusal::NeedsIdentity(_)), "anybody there: {refused:?}");
    let by_pin_of_doctor = Actor { authority_by_password: Authority::Prescriber, ..by_pin() };
    let refused = clinic.tries(&by_pin_of_doctor, &session, reviewed()).unwrap_err();
    assert!(matches!(refused, Refusal::NeedsPassword(_)), "by PIN: {refused:?}");
    let doctor = Actor { is_identified: true, ..doctor };
    clinic.tries(&doctor, &session, reviewed()).unwrap();
    assert_eq!(clinic.room_json()["session"]["phase"], "baseline");
}
