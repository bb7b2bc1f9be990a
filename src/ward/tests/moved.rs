//! A patient moves to another room in mid-session, with everything.

use super::*;
use crate::journal::report;
use crate::profile::Condition;
use crate::record::Header;
use crate::report::{About, Assembly, LackKind, SessionRecord};
use crate::room::OwnLimits;

fn five() -> RoomId {
    RoomId::new("5").unwrap()
}

fn mon_5() -> DeviceId {
    DeviceId::new("mon-5").unwrap()
}

impl Clinic {
    async fn of_two_rooms() -> (Self, SessionId) {
        let mut clinic = Self::open().await;
        let now = clinic.now();
        let add = RenameRoom { room: five(), name: None, order: None, earlier: None };
        clinic.core.act(&km(), add, now).unwrap();
        clinic.bind();
        clinic.each_second(97, 5);
        let session = clinic.open_session();
        clinic.event(&session, usual_baseline());
        let own = OwnLimits { caution: Some(Decimal::whole(94)), ..OwnLimits::default() };
        let limits = [(Condition::Spo2Low, Some(own))].into();
        let reason = "knows her own lungs".to_owned();
        clinic.event(&session, Event::Limits { limits, reason, prescriber: None });
        clinic.event(&session, Event::Start { overrides: None });
        (clinic, session)
    }

    fn moves(&mut self, session: &SessionId, with_monitor: bool) -> Result<Pending, Refusal> {
        self.moves_to(five(), session, with_monitor)
    }

    fn moves_to(
        &mut self,
        room: RoomId,
        session: &SessionId,
        with_monitor: bool,
    ) -> Result<Pending, Refusal> {
        let event = Event::Move { room, with_monitor };
        let act = EnterEvent { session: session.clone(), event, occurred_at: None };
        let now = self.now();
        self.core.act(&km(), act, now)
    }

    fn json_of(&mut self, room: RoomId) -> serde_json::Value {
        let json = self.core.ask(ShowRoom { room, view: View::Staff }, self.now()).unwrap();
        serde_json::from_str(&json).unwrap()
    }

    /// What the rooms' chains say was shown of this session, in order of time.
    async fn shown_of(&self, session: &SessionId) -> Vec<AlertLine> {
        let mut all = Vec::new();
        for room in [room(), five()] {
            let entries = self.core.journal.read(&Chain::Room(room), 1, 100_000).await.unwrap();
            for stored in entries.iter().filter(|e| e.entry.session.as_ref() == Some(session)) {
                if let Line::Alert(line) = Line::read(&stored.entry.body).unwrap().1 {
                    all.push(line);
                }
            }
        }
        all.sort_by_key(|line| line.at);
        all
    }

    async fn record(&self, session: &SessionId) -> SessionRecord {
        report::session_record(&self.core.journal, session, About::default()).await.unwrap()
    }

    async fn recording(&self, session: &SessionId) -> Vec<u8> {
        let mut out = Vec::new();
        export::whole(&self.core.journal, session, &mut out).await.unwrap();
        out
    }
}

/// The same but for names of receipts and of the room, which are not the patient's.
fn of_patient(room: &serde_json::Value) -> serde_json::Value {
    let mut session = room["session"].clone();
    for key in ["room", "events", "gates", "tasks", "given", "next_nibp_due", "limits"] {
        session.as_object_mut().unwrap().remove(key);
    }
    session
}

#[tokio::test]
async fn a_session_moves_with_its_monitor_and_everything_that_is_known_and_open() {
    let (mut clinic, session) = Clinic::of_two_rooms().await;
    clinic.each_second(84, 40);
    let now = clinic.now();
    let open = clinic.room_json()["alerts"].as_array().unwrap().clone();
    let low = open.iter().find(|alert| alert["condition"] == "spo2_low").unwrap();
    let alert = low["id"].as_str().unwrap().to_owned();
    clinic.core.act(&km(), Acknowledge { alert: alert.clone() }, now).unwrap();
    clinic.core.act(&km(), SilenceAlert { alert: alert.clone(), seconds: 100 }, now).unwrap();
    let before = clinic.room_json();
    let open = before["alerts"].as_array().unwrap().clone();
    assert!(open.iter().any(|alert| alert["condition"] == "spo2_low"), "{open:?}");

    let answer = clinic.moves(&session, true).unwrap();
    let answered: serde_json::Value = serde_json::from_str(&answer.json).unwrap();
    assert_eq!((&answered["id"], &answered["room"]), (&before["session"]["id"], &"5".into()));
    let (left, here) = (clinic.room_json(), clinic.json_of(five()));
    assert_eq!((&left["session"], &left["alerts"]), (&serde_json::Value::Null, &vec![0; 0].into()));
    assert_eq!(of_patient(&here), of_patient(&before));
    let without_room = |alerts: &[serde_json::Value]| {
        let mut alerts = alerts.to_vec();
        alerts.iter_mut().for_each(|alert| drop(alert.as_object_mut().unwrap().remove("room")));
        alerts
    };
    let moved = here["alerts"].as_array().unwrap();
    assert_eq!(without_room(moved), without_room(&open));
    assert!(moved.iter().all(|alert| alert["room"] == "5"), "{moved:?}");
    let said = here["session"]["events"].as_array().unwrap().last().unwrap().clone();
    assert_eq!(said["text"], "Moved to room 5, with the monitor");
    assert_eq!(here["vitals"]["spo2"]["value"], 84);

    // The monitor is in the new room, and the old one hears nothing of it.
    clinic.each_second(83, 2);
    assert_eq!(clinic.json_of(five())["vitals"]["spo2"]["value"], 83);
    assert_eq!(clinic.room_json()["vitals"], serde_json::json!({}));

    let before = clinic.json_of(five());
    let mut clinic = clinic.restart(1).await;
    let after = clinic.json_of(five());
    assert_eq!(of_patient(&after), of_patient(&before));
    assert_eq!(after["alerts"], before["alerts"]);
    assert_eq!(clinic.room_json()["session"], serde_json::Value::Null);
    clinic.each_second(97, 60);
    let open = clinic.json_of(five())["alerts"].clone();
    assert!(!open.to_string().contains("spo2_low"), "it ends where the patient is: {open}");
}

#[tokio::test]
async fn a_replay_across_the_move_shows_the_same_alerts() {
    for with_monitor in [true, false] {
        let (mut clinic, session) = Clinic::of_two_rooms().await;
        let now = clinic.now();
        let own = Bind { device: mon_5(), room: Some(five()), is_confirmed: false };
        clinic.core.act(&km(), own, now).unwrap();
        clinic.each_second(84, 40);
        clinic.moves(&session, with_monitor).unwrap();
        let device = if with_monitor { mon() } else { mon_5() };
        for second in 0..200 {
            let spo2 = if second < 60 { 85 } else { 97 };
            clinic.send_from(
                &device,
                vec![reading(Vital::Spo2, spo2), reading(Vital::PulseRate, 75)],
            );
            clinic.second += 1;
        }
        let done = Event::Stop { reason: None };
        clinic.event(&session, done);
        clinic.event(&session, Event::Abort { reason: None });
        flush(&clinic.core.journal).await;
        let recording = clinic.recording(&session).await;
        let differences = Player::new(recording.as_slice()).unwrap().verify().unwrap();
        assert_eq!(differences, [], "{with_monitor}");
        let played = Player::new(recording.as_slice()).unwrap().play().unwrap();
        let ended = |room: &str| {
            let is_it = |line: &&AlertLine| line.room.as_str() == room;
            played.iter().filter(is_it).filter(|l| l.condition == Condition::Spo2Low).count()
        };
        assert!(ended("3") >= 1 && ended("5") >= 1, "{with_monitor}: {played:?}");
        let shown = clinic.shown_of(&session).await;
        let of_low = |lines: &[AlertLine]| {
            let low = lines.iter().filter(|line| line.condition == Condition::Spo2Low);
            low.map(|line| (line.at, line.state, line.priority)).collect::<Vec<_>>()
        };
        assert_eq!(of_low(&played), of_low(&shown), "{with_monitor}");
    }
}

#[tokio::test]
async fn without_its_monitor_the_rooms_own_one_feeds_and_its_old_numbers_are_nobodys() {
    let (mut clinic, session) = Clinic::of_two_rooms().await;
    let now = clinic.now();
    let own = Bind { device: mon_5(), room: Some(five()), is_confirmed: false };
    clinic.core.act(&km(), own, now).unwrap();
    for _ in 0..10 {
        clinic.send_from(&mon_5(), vec![reading(Vital::Spo2, 99), reading(Vital::PulseRate, 61)]);
        clinic.each_second(84, 1);
    }
    clinic.each_second(84, 30);
    clinic.moves(&session, false).unwrap();
    let here = clinic.json_of(five());
    assert_eq!(here["vitals"].get("spo2"), None, "99 was of nobody who is here: {here}");
    assert!(here["alerts"].to_string().contains("spo2_low"), "{here}");
    // Her own limits and her baseline judge what the room's own monitor gives.
    for _ in 0..40 {
        clinic.send_from(&mon_5(), vec![reading(Vital::Spo2, 93), reading(Vital::PulseRate, 75)]);
        clinic.second += 1;
    }
    let here = clinic.json_of(five());
    let low = here["alerts"].as_array().unwrap().iter().find(|a| a["condition"] == "spo2_low");
    assert_eq!(low.unwrap()["state"], "active", "93 is below her 94");
    clinic.each_second(98, 3);
    assert_eq!(clinic.room_json()["vitals"]["spo2"]["value"], 98, "the old monitor stayed");
    assert_eq!(clinic.room_json()["alerts"], serde_json::json!([]));
}

#[tokio::test]
async fn a_patient_whom_no_monitor_awaits_is_soon_said_to_be_without() {
    let (mut clinic, session) = Clinic::of_two_rooms().await;
    clinic.each_second(97, 30);
    clinic.moves(&session, false).unwrap();
    for _ in 0..70 {
        clinic.second += 1;
        let now = clinic.now();
        clinic.core.pass_time(now);
    }
    let here = clinic.json_of(five());
    let alerts = here["alerts"].as_array().unwrap();
    let lost = alerts.iter().find(|alert| alert["condition"] == "monitor_lost");
    assert_eq!(lost.expect("nobody measures")["priority"], "high", "{alerts:?}");
}

#[tokio::test]
async fn a_room_with_a_session_takes_no_other_and_of_two_who_move_one_is_told() {
    let (mut clinic, session) = Clinic::of_two_rooms().await;
    let now = clinic.now();
    let patient = Patient { initials: "A.B.".to_owned(), ..Patient::default() };
    let other = NewSession { patient, ..NewSession::default() };
    let opened = clinic.core.act(&km(), OpenSession { room: five(), session: other }, now).unwrap();
    let why = clinic.moves(&session, false).unwrap_err().to_string();
    assert!(
        why.contains("Room 5 has a session already, opened by KM: choose a room without one."),
        "{why}"
    );
    let opened: serde_json::Value = serde_json::from_str(&opened.json).unwrap();
    let opened = SessionId::new(opened["id"].as_str().unwrap()).unwrap();
    clinic.event(&opened, Event::Abort { reason: None });
    clinic.moves(&session, false).unwrap();
    let why = clinic.moves(&session, false).unwrap_err().to_string();
    assert!(why.contains("The patient is in Room 5 already, moved by KM."), "{why}");
    let event = Event::Move { room: RoomId::new("77").unwrap(), with_monitor: false };
    let act = EnterEvent { session, event, occurred_at: None };
    let nowhere = clinic.core.act(&km(), act, now).unwrap_err();
    assert!(matches!(nowhere, Refusal::NotFound { kind: "room", .. }), "{nowhere}");
}

#[tokio::test]
async fn a_recording_follows_a_hundred_moves() {
    let (mut clinic, session) = Clinic::of_two_rooms().await;
    for n in 0..101 {
        let to = if n % 2 == 0 { five() } else { room() };
        let event = Event::Move { room: to, with_monitor: false };
        clinic.event(&session, event);
        clinic.second += 1;
    }
    flush(&clinic.core.journal).await;
    let recording = clinic.recording(&session).await;
    let header = recording.split(|byte| *byte == b'\n').next().unwrap();
    let header: serde_json::Value = serde_json::from_slice(header).unwrap();
    assert_eq!(header["room"], "5", "it begins where the first move led");
    assert_eq!(Player::new(recording.as_slice()).unwrap().verify().unwrap(), []);
    let record = clinic.record(&session).await;
    assert_eq!(record.header.rooms.len(), 101);
    let is_said = |lack: &crate::report::Lack| lack.kind == LackKind::TooMuch;
    assert!(record.lacks.iter().any(is_said), "{:?}", record.lacks);
}

/// The same made of the recording that is exported.
fn record_of(recording: &[u8], session: &SessionId) -> SessionRecord {
    let mut lines = std::str::from_utf8(recording).unwrap().lines();
    let header = Header::read(lines.next().unwrap()).unwrap();
    let about = About { session: Some(session.clone()), ..About::default() };
    let mut assembly = Assembly::new(header, about);
    for (number, line) in (2..).zip(lines) {
        assembly.line(number, line).unwrap();
    }
    assembly.finish()
}

#[tokio::test]
async fn the_record_follows_a_patient_through_the_rooms() {
    for with_monitor in [true, false] {
        let (mut clinic, session) = Clinic::of_two_rooms().await;
        let now = clinic.now();
        let own = Bind { device: mon_5(), room: Some(five()), is_confirmed: false };
        clinic.core.act(&km(), own, now).unwrap();
        let feed = |clinic: &mut Clinic, device: &DeviceId, spo2: i32, seconds: i32| {
            for _ in 0..seconds {
                let values = vec![reading(Vital::Spo2, spo2), reading(Vital::PulseRate, 75)];
                clinic.send_from(device, values);
                clinic.second += 1;
            }
        };
        // Somebody was in room 5 before, about whom an alert is left that nobody has seen.
        let patient = Patient { initials: "A.B.".to_owned(), ..Patient::default() };
        let other = NewSession { patient, ..NewSession::default() };
        let now = clinic.now();
        let other = clinic.core.act(&km(), OpenSession { room: five(), session: other }, now);
        let other: serde_json::Value = serde_json::from_str(&other.unwrap().json).unwrap();
        let other = SessionId::new(other["id"].as_str().unwrap()).unwrap();
        feed(&mut clinic, &mon_5(), 82, 40);
        clinic.event(&other, Event::Abort { reason: None });
        let left = clinic.json_of(five())["alerts"].clone();
        assert!(left.to_string().contains("latched"), "{left}");

        feed(&mut clinic, &mon(), 96, 20);
        let first_move = clinic.now();
        clinic.moves(&session, with_monitor).unwrap();
        let now = clinic.now();
        let of_other = left[0]["id"].as_str().unwrap().to_owned();
        clinic.core.act(&km(), Acknowledge { alert: of_other }, now).unwrap();
        let device = if with_monitor { mon() } else { mon_5() };
        feed(&mut clinic, &device, 84, 60);
        let second_move = clinic.now();
        clinic.moves_to(room(), &session, with_monitor).unwrap();
        feed(&mut clinic, &mon(), 98, 60);
        clinic.event(&session, Event::Stop { reason: None });
        clinic.event(&session, Event::Abort { reason: None });
        let ended = clinic.now();
        flush(&clinic.core.journal).await;

        let record = clinic.record(&session).await;
        let rooms: Vec<_> = record.header.rooms.iter().map(|s| (s.room.as_str(), s.to)).collect();
        assert_eq!(
            rooms,
            [("3", Some(first_move)), ("5", Some(second_move)), ("3", Some(ended))],
            "{with_monitor}"
        );
        assert_eq!((record.header.room.as_str(), record.header.rooms[1].by.as_str()), ("3", "KM"));
        let bad = |kind| matches!(kind, LackKind::Damaged | LackKind::Differs);
        assert!(!record.lacks.iter().any(|lack| bad(lack.kind)), "{:?}", record.lacks);
        let spo2 = record.trend(Vital::Spo2).unwrap();
        let at = |value: i32| {
            let of = spo2.points().filter(|(_, v)| *v == Decimal::whole(value)).map(|(at, _)| at);
            of.collect::<Vec<_>>()
        };
        assert_eq!((at(96).len(), at(84).len(), at(98).len()), (20, 60, 60), "{with_monitor}");
        assert_eq!(at(82).len(), 0, "that was somebody else");
        let moves: Vec<_> =
            record.events.iter().filter(|e| e.text.starts_with("Moved to room")).collect();
        assert_eq!(moves.len(), 2, "{:?}", record.events);
        let low: Vec<_> =
            record.alerts.iter().filter(|a| a.condition == Condition::Spo2Low).collect();
        assert_eq!(low.len(), 1, "one alert, raised in room 5: {low:?}");
        assert_eq!(low[0].worst, Some(Decimal::whole(84)));
        assert!(low[0].raised_at > first_move && low[0].ended_at > Some(second_move));
        // The recording that is exported gives the same.
        let recording = clinic.recording(&session).await;
        let again = record_of(&recording, &session);
        assert_eq!(
            (&again.header.rooms, &again.phases, &again.events, &again.trends, &again.alerts),
            (&record.header.rooms, &record.phases, &record.events, &record.trends, &record.alerts)
        );
        assert_eq!((&again.coverage, &again.limits), (&record.coverage, &record.limits));
    }
}

#[tokio::test]
async fn minutes_of_a_session_that_no_screen_showed_from_its_beginning_are_not_watched() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    for _ in 0..30 {
        clinic.each_second(97, 1);
        let now = clinic.now();
        clinic.core.pass_time(now);
        clinic.core.beat(Mark::by_our_clock_alone(now));
    }
    assert!(!clinic.core.room_actor(&room()).unwrap().room.is_watched());
    let session = clinic.open_session();
    clinic.event(&session, usual_baseline());
    clinic.event(&session, Event::Start { overrides: None });
    clinic.each_second(97, 60);
    flush(&clinic.core.journal).await;
    let record = clinic.record(&session).await;
    assert_eq!(record.coverage.watched_ms, 0, "{:?}", record.coverage);
    assert!(record.coverage.expected_ms > 55_000, "{:?}", record.coverage);
}

#[tokio::test]
async fn so_many_sign_offs_are_remembered_until_the_disk_has_them() {
    let mut clinic = Clinic::open().await;
    let now = clinic.now();
    let identified = Actor { is_identified: true, ..km() };
    for n in 0..=256 {
        let session = SessionId::new(&format!("s{n}")).unwrap();
        let ended = EndedSession { json: "{}".to_owned(), ..EndedSession::default() };
        let sign = SignOff { session, open: Vec::new(), ended };
        clinic.core.act(&identified, sign, now).unwrap();
    }
    assert_eq!(clinic.core.late_sign_offs.len(), 256);
    assert_eq!(clinic.core.late_sign_offs[0].0.as_str(), "s1");
}
