//! Rooms are added, named apart, and removed when nothing is in them.

use super::*;
use crate::journal::Verdict;
use crate::vitals::MAX_ROOMS;
use crate::ward::EarlierRoom;

fn nine() -> RoomId {
    RoomId::new("9").unwrap()
}

async fn put(clinic: &mut Clinic, id: &str, name: Option<&str>) -> Result<Pending, Refusal> {
    let id = RoomId::new(id).unwrap();
    let earlier = match clinic.core.room_actor(&id) {
        Ok(_) => None,
        Err(_) => {
            flush(&clinic.core.journal).await;
            EarlierRoom::of(&clinic.core.journal, &id).await.unwrap()
        }
    };
    let now = clinic.now();
    clinic.core.act(
        &km(),
        RenameRoom { room: id.clone(), name: name.map(str::to_owned), order: None, earlier },
        now,
    )
}

#[tokio::test]
async fn no_two_rooms_have_names_that_look_the_same() {
    let mut clinic = Clinic::open().await;
    put(&mut clinic, "9", Some("Garden")).await.unwrap();
    for same in ["room  3", "ROOM 3", "\u{ff32}oom 3"] {
        let refused = put(&mut clinic, "9", Some(same)).await.unwrap_err();
        assert_eq!(
            refused.to_string(),
            "Room 3 is already called Room 3: choose a name that looks different.",
            "{same}"
        );
        assert!(put(&mut clinic, "10", Some(same)).await.is_err());
    }
    put(&mut clinic, "9", Some("GARDEN")).await.unwrap();
    put(&mut clinic, "9", None).await.unwrap();
    put(&mut clinic, "11", Some("Room 12")).await.unwrap();
    assert!(put(&mut clinic, "12", None).await.is_err(), "its usual name is another's");
}

#[tokio::test]
async fn there_are_so_many_rooms_and_one_more_when_one_is_removed() {
    let mut clinic = Clinic::open().await;
    for n in 1..MAX_ROOMS {
        put(&mut clinic, &format!("x{n}"), None).await.unwrap();
    }
    let refused = put(&mut clinic, "y", None).await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "There are already 1000 rooms: first remove one that is not used."
    );
    let now = clinic.now();
    clinic.core.act(&km(), RemoveRoom { room: RoomId::new("x7").unwrap().clone() }, now).unwrap();
    put(&mut clinic, "y", None).await.unwrap();
}

#[tokio::test]
async fn a_room_is_removed_when_nothing_is_in_it_and_screens_are_told() {
    let mut clinic = Clinic::open().await;
    put(&mut clinic, "9", None).await.unwrap();
    let now = clinic.now();
    let refused = |clinic: &mut Clinic, id: &RoomId| {
        let now = clinic.now();
        clinic.core.act(&km(), RemoveRoom { room: id.clone() }, now).unwrap_err().to_string()
    };
    assert_eq!(
        refused(&mut clinic, &room()),
        "Room 3 is in the configuration: remove it from [[rooms]] there and restart."
    );
    clinic
        .core
        .act(&km(), Bind { device: mon(), room: Some(nine()), is_confirmed: false }, now)
        .unwrap();
    assert_eq!(refused(&mut clinic, &nine()), "mon-3 belongs to Room 9: take it out first.");
    let patient = Patient { initials: "J.T.".to_owned(), ..Patient::default() };
    let session = NewSession { patient, ..NewSession::default() };
    let opened = clinic.core.act(&km(), OpenSession { room: nine(), session }, now).unwrap();
    assert_eq!(refused(&mut clinic, &nine()), "Room 9 has a session: discharge or abort it first.");
    let opened: serde_json::Value = serde_json::from_str(&opened.json).unwrap();
    let session = SessionId::new(opened["id"].as_str().unwrap()).unwrap();
    clinic.event(&session, Event::Abort { reason: None });
    clinic.core.act(&km(), Bind { device: mon(), room: None, is_confirmed: true }, now).unwrap();

    let mailbox = Arc::new(Mailbox::default());
    let who = (View::Display, somebody());
    clinic.core.screens.join(ScreenId(1), who, mailbox.clone(), now);
    clinic.core.ask(SayHello { screen: ScreenId(1), hello: hello_all() }, now);
    assert_eq!(lines(&mailbox).await[0]["rooms"].as_array().unwrap().len(), 2);
    clinic.core.act(&km(), RemoveRoom { room: nine() }, now).unwrap();
    let told = lines(&mailbox).await;
    assert_eq!(told.last().unwrap(), &serde_json::json!({"type": "room_removed", "room": "9"}));
    // One that was away hears of it when it comes back.
    let revs = [(room(), 0), (nine(), 4)].into();
    let epoch = Some(START.to_string());
    clinic.core.ask(
        SayHello { screen: ScreenId(1), hello: Hello { epoch, revs, ..Hello::default() } },
        now,
    );
    assert!(lines(&mailbox).await.iter().any(|frame| frame["type"] == "room_removed"));
    assert!(clinic.core.ask(ShowRoom { room: nine(), view: View::Staff }, now).is_err());
    let clinic = clinic.restart(1).await;
    assert!(clinic.core.room_actor(&nine()).is_err());
}

#[tokio::test]
async fn a_room_that_is_added_again_goes_on_from_its_record() {
    let mut clinic = Clinic::open().await;
    put(&mut clinic, "9", None).await.unwrap();
    let alerts = |clinic: &mut Clinic| -> Vec<String> {
        let json =
            clinic.core.ask(ShowRoom { room: nine(), view: View::Staff }, clinic.now()).unwrap();
        let json: serde_json::Value = serde_json::from_str(&json).unwrap();
        let alerts = json["alerts"].as_array().unwrap().iter();
        alerts.map(|alert| alert["id"].as_str().unwrap().to_owned()).collect()
    };
    let low = |clinic: &mut Clinic| {
        let now = clinic.now();
        clinic
            .core
            .act(&km(), Bind { device: mon(), room: Some(nine()), is_confirmed: false }, now)
            .unwrap();
        clinic.each_second(80, 12);
        let raised = alerts(clinic);
        assert_eq!(raised.len(), 1, "{raised:?}");
        let now = clinic.now();
        let refused = clinic.core.act(&km(), RemoveRoom { room: nine() }, now);
        assert!(refused.is_err());
        clinic.each_second(98, 60);
        let now = clinic.now();
        clinic.core.act(&km(), AcknowledgeRoom { room: nine() }, now).unwrap();
        clinic
            .core
            .act(&km(), Bind { device: mon(), room: None, is_confirmed: true }, now)
            .unwrap();
        raised[0].clone()
    };
    let first = low(&mut clinic);
    let now = clinic.now();
    clinic.core.act(&km(), RemoveRoom { room: nine() }, now).unwrap();
    // The record is read beside the ward; what was read before a change does not count.
    let id = nine();
    let unread = clinic.core.act(
        &km(),
        RenameRoom { room: id.clone(), name: None, order: None, earlier: None },
        now,
    );
    assert!(unread.is_err(), "not without its record");
    clinic.second += 5;
    put(&mut clinic, "9", Some("Garden")).await.unwrap();
    let second = low(&mut clinic);
    assert_ne!(first, second, "no alert takes another's id");
    let clinic = clinic.restart(1).await;
    let chain = Chain::Room(nine());
    let state = clinic.core.journal.verify(&chain).await.unwrap();
    assert!(matches!(state, Verdict::Whole { .. }), "{state:?}");
}
