//! Who is offered at check-in, who is found again, and whom a session is about.

use serde_json::json;

use super::*;
use crate::adapters::Admission;
use crate::people::{NamedId, PatientNews, Person, StayNews, Told};
use crate::vitals::{CourseId, Observation, PatientId, Quality, Value};

fn quill(numbers: &[&str]) -> Person {
    let id = |number: &&str| NamedId { number: (*number).to_owned(), authority: "W".to_owned() };
    Person {
        ids: numbers.iter().map(id).collect(),
        family: Some("Quill".to_owned()),
        given: Some("Testa".to_owned()),
        birth_date: "1980-11-30".parse().ok(),
        sex: None,
    }
}

fn news(what: StayNews, at: Millis, person: &Person) -> PatientNews {
    let told = |text: &Option<String>| text.clone().map_or(Told::Nothing, Told::Value);
    PatientNews {
        what,
        at,
        ids: person.ids.clone(),
        family: told(&person.family),
        given: told(&person.given),
        birth_date: person.birth_date.map_or(Told::Nothing, Told::Value),
        sex: Told::Nothing,
        place: Told::Value("INF · 3".to_owned()),
    }
}

impl Clinic {
    /// The hospital's system says something of somebody.
    fn hears(&mut self, what: StayNews, person: &Person) {
        let (now, (stored, _)) = (self.now(), oneshot::channel());
        let news = Some(news(what, now, person));
        let (event, text) = ("A01".to_owned(), "MSH|…|Quill".to_owned());
        let adapter = "hl7-mllp";
        let admission = Admission { device: None, adapter, event, text, news, stored };
        self.core.arrive(Arrival::Admission(admission), now);
    }

    fn offered(&mut self) -> Vec<serde_json::Value> {
        let now = self.now();
        let listed = self.core.ask(ListArrivals, now).patients;
        listed.iter().map(|patient| json!(patient)).collect()
    }

    fn found(&mut self, text: &str) -> Vec<serde_json::Value> {
        let (now, text) = (self.now(), text.to_owned());
        let listed = self.core.ask(SearchPatients { text }, now).patients;
        listed.iter().map(|patient| json!(patient)).collect()
    }

    /// Opens a session; what the session shows, or why not.
    fn check_in(&mut self, session: NewSession) -> Result<serde_json::Value, String> {
        let (now, today) = (self.now(), "2026-11-29".parse().ok());
        let act = OpenSession { room: room(), session: NewSession { today, ..session } };
        let opened = self.core.act(&km(), act, now).map_err(|refusal| refusal.to_string())?;
        Ok(serde_json::from_str(&opened.json).unwrap())
    }

    fn abort(&mut self, session: &serde_json::Value) {
        let id = SessionId::new(session["id"].as_str().unwrap()).unwrap();
        self.event(&id, Event::Abort { reason: None });
    }
}

fn named(person: Person) -> NewSession {
    NewSession { named: Named::Person(person), ..NewSession::default() }
}

fn known(id: &serde_json::Value) -> NewSession {
    let id = PatientId::new(id.as_str().unwrap()).unwrap();
    NewSession { named: Named::Known(id), ..NewSession::default() }
}

#[tokio::test]
async fn who_is_admitted_is_offered_over_a_restart_and_gets_into_no_room() {
    let mut clinic = Clinic::open().await;
    clinic.hears(StayNews::Here, &quill(&["1"]));
    clinic.second += 60;
    clinic.hears(StayNews::SameAs(quill(&["2"]).ids), &quill(&["1"]));
    let mut clinic = clinic.restart(60).await;
    let offered = clinic.offered();
    assert_eq!(offered.len(), 1);
    assert_eq!(offered[0]["identity"]["family"], "Quill");
    assert_eq!(offered[0]["identity"]["ids"].as_array().unwrap().len(), 2);
    assert_eq!(
        (&offered[0]["initials"], &offered[0]["place"]),
        (&"T.Q.".into(), &"INF · 3".into())
    );
    assert!(offered[0]["id"].is_null(), "they were never here");
    assert!(clinic.room_json()["session"].is_null());
    clinic.hears(StayNews::Left, &quill(&["2"]));
    assert!(clinic.offered().is_empty());
    let mut clinic = clinic.restart(1).await;
    assert!(clinic.offered().is_empty());
}

#[tokio::test]
async fn who_is_offered_is_not_any_more_after_a_day_and_is_not_kept_then() {
    let mut clinic = Clinic::open().await;
    clinic.hears(StayNews::Here, &quill(&["1"]));
    clinic.second += 24 * 3_600 + 1;
    assert!(clinic.offered().is_empty());
    clinic.hears(StayNews::Here, &Person { family: Some("Wren".into()), ..quill(&["2"]) });
    let clinic = clinic.restart(1).await;
    let kept = clinic.core.journal.store().arrivals().await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].person.family.as_deref(), Some("Wren"));
}

#[tokio::test]
async fn who_was_checked_in_is_found_again_over_a_restart_by_id_number_and_name() {
    let mut clinic = Clinic::open().await;
    let first = clinic.check_in(named(quill(&["1"]))).unwrap();
    assert_eq!((&first["initials"], &first["patient"]["age"]), (&"T.Q.".into(), &45.into()));
    let id = first["patient"]["id"].clone();
    clinic.abort(&first);
    let mut clinic = clinic.restart(3_600).await;
    assert_eq!(clinic.found("quill")[0]["id"], id);
    let by_id = clinic.check_in(known(&id)).unwrap();
    assert_eq!((&by_id["patient"]["id"], &by_id["initials"]), (&id, &"T.Q.".into()));
    clinic.abort(&by_id);
    let renamed = Person { family: Some("Quill-Wren".into()), ..quill(&["1", "9"]) };
    let by_number = clinic.check_in(named(renamed)).unwrap();
    assert_eq!((&by_number["patient"]["id"], &by_number["initials"]), (&id, &"T.Q.".into()));
    clinic.abort(&by_number);
    let found = clinic.found("");
    assert_eq!(found.len(), 1, "one person: {found:?}");
    assert_eq!(found[0]["identity"]["family"], "Quill-Wren");
    assert_eq!(found[0]["identity"]["ids"].as_array().unwrap().len(), 2);
    clinic.hears(StayNews::Here, &quill(&["9"]));
    assert_eq!(clinic.offered()[0]["id"], id);
    let other = clinic.check_in(named(quill(&["2"]))).unwrap();
    assert_ne!(other["patient"]["id"], id, "another number of the same authority");
}

#[tokio::test]
async fn a_running_session_knows_over_a_restart_who_it_is_about() {
    let mut clinic = Clinic::open().await;
    let session = clinic.check_in(named(quill(&["1"]))).unwrap();
    let mut clinic = clinic.restart(1).await;
    assert_eq!(clinic.room_json()["session"]["patient"], session["patient"]);
}

#[tokio::test]
async fn names_are_in_private_parts_alone() {
    let mut clinic = Clinic::open().await;
    clinic.hears(StayNews::Here, &quill(&["1"]));
    clinic.check_in(named(quill(&["1"]))).unwrap();
    flush(&clinic.core.journal).await;
    let mut private = String::new();
    for chain in [Chain::Clinic, Chain::Room(room())] {
        for stored in clinic.core.journal.read(&chain, 1, 100).await.unwrap() {
            let body = &stored.entry.body;
            assert!(!body.contains("Quill") && !body.contains("1980-"), "{body}");
            private += stored.entry.private.as_deref().unwrap_or_default();
        }
    }
    assert!(private.contains(r#""patient":{"person":{"birth_date":"1980-11-30""#));
}

#[tokio::test]
async fn what_contradicts_itself_is_refused_and_changes_nothing() {
    let mut clinic = Clinic::open().await;
    let nobody = clinic.check_in(known(&json!("p-none"))).unwrap_err();
    assert_eq!(nobody, "there is no patient \"p-none\"");
    let aged = Patient { age: Some(44), ..Patient::default() };
    let aged = NewSession { patient: aged, ..named(quill(&["1"])) };
    let refused = clinic.check_in(aged).unwrap_err();
    assert!(refused.starts_with("The age is given as 44, but by the birth date it is 45"));
    let session = clinic.check_in(named(quill(&["1"]))).unwrap();
    clinic.abort(&session);
    let other_date = Person { birth_date: "1980-11-29".parse().ok(), ..quill(&["1"]) };
    let refused = clinic.check_in(named(other_date)).unwrap_err();
    assert!(refused.starts_with("The number is that of a patient with another birth date"));
    let of_another = OfCourse {
        id: CourseId::new("c-1").unwrap(),
        patient: PatientId::new("p-other").unwrap(),
        number: 1,
    };
    let of_another = NewSession { of_course: Some(of_another), ..named(quill(&["1"])) };
    let refused = clinic.check_in(of_another).unwrap_err();
    assert!(refused.starts_with("The course is another patient's"));
    assert_eq!(clinic.found("").len(), 1);
    assert!(clinic.room_json()["session"].is_null());
}

#[tokio::test]
async fn a_patient_is_in_one_room_at_a_time() {
    let mut clinic = Clinic::open().await;
    let five = RoomId::new("5").unwrap();
    let now = clinic.now();
    let place =
        RenameRoom { room: five.clone(), name: Some("Room 5".into()), order: None, earlier: None };
    clinic.core.act(&km(), place, now).unwrap();
    let session = clinic.check_in(named(quill(&["1"]))).unwrap();
    let again = OpenSession { room: five.clone(), session: named(quill(&["1"])) };
    let refused = clinic.core.act(&km(), again, now).unwrap_err().to_string();
    assert_eq!(refused, "This patient already has a session in room 3: end that one, or move it.");
    clinic.abort(&session);
    let again = OpenSession { room: five, session: named(quill(&["1"])) };
    assert!(clinic.core.act(&km(), again, now).is_ok());
}

#[tokio::test]
async fn who_somebody_is_can_be_put_right_but_not_as_somebody_else() {
    let mut clinic = Clinic::open().await;
    let session = clinic.check_in(named(quill(&["1"]))).unwrap();
    let id = PatientId::new(session["patient"]["id"].as_str().unwrap()).unwrap();
    clinic.abort(&session);
    let wren = Person { family: Some("Wren".into()), ..quill(&["2"]) };
    let session = clinic.check_in(named(wren.clone())).unwrap();
    clinic.abort(&session);
    let now = clinic.now();
    let as_other = CorrectPatient { id: id.clone(), person: wren };
    assert!(clinic.core.act(&km(), as_other, now).is_err());
    let right = Person { birth_date: "1980-10-30".parse().ok(), ..quill(&["1"]) };
    clinic.core.act(&km(), CorrectPatient { id, person: right }, now).unwrap();
    let mut clinic = clinic.restart(1).await;
    assert_eq!(clinic.found("quill")[0]["identity"]["birth_date"], "1980-10-30");
}

#[tokio::test]
async fn while_nothing_can_be_recorded_nobody_new_is_known() {
    let mut clinic = Clinic::open().await;
    clinic.fill_the_journal();
    assert!(clinic.check_in(named(quill(&["1"]))).is_err());
    assert!(clinic.found("").is_empty());
}

#[tokio::test]
async fn a_course_has_its_sessions_by_patient_and_number_in_the_store() {
    let mut clinic = Clinic::open().await;
    let session = clinic.check_in(named(quill(&["1"]))).unwrap();
    let patient = PatientId::new(session["patient"]["id"].as_str().unwrap()).unwrap();
    clinic.abort(&session);
    let now = clinic.now();
    let open = |patient: &PatientId, profile: &str| OpenCourse {
        patient: patient.clone(),
        profile: profile.to_owned(),
        planned: 6,
    };
    assert!(clinic.core.act(&km(), open(&patient, "no-such"), now).is_err());
    let nobody = PatientId::new("p-none").unwrap();
    assert!(clinic.core.act(&km(), open(&nobody, "ketamine-iv-adult"), now).is_err());
    let course = clinic.core.act(&km(), open(&patient, "ketamine-iv-adult"), now).unwrap();
    let course: serde_json::Value = serde_json::from_str(&course.json).unwrap();
    let id = CourseId::new(course["id"].as_str().unwrap()).unwrap();
    let of_course = OfCourse { id: id.clone(), patient: patient.clone(), number: 2 };
    let session = NewSession { of_course: Some(of_course), ..named(quill(&["1"])) };
    let session = clinic.check_in(session).unwrap();
    assert_eq!(session["patient"]["number"], 2);
    assert_eq!(session["patient"]["course"], course["id"]);
    clinic.abort(&session);
    let clinic = clinic.restart(1).await;
    let store = clinic.core.journal.store();
    assert_eq!(store.course(&id).await.unwrap().unwrap().patient, patient);
    assert_eq!(store.courses_of(&patient).await.unwrap().len(), 1);
    assert_eq!(store.sessions_of_patient(&patient).await.unwrap().len(), 2);
    let of_course = store.sessions_of_course(&id).await.unwrap();
    assert_eq!(of_course.len(), 1);
    assert_eq!(of_course[0].id.as_str(), session["id"].as_str().unwrap());
}

#[tokio::test]
async fn so_many_people_are_offered_and_the_last_heard_first() {
    let mut clinic = Clinic::open().await;
    for n in 0..=200 {
        let family = Some(format!("Quill{n}"));
        clinic.hears(StayNews::Here, &Person { family, ..quill(&[&n.to_string()]) });
        clinic.second += 1;
    }
    let offered = clinic.offered();
    assert_eq!(offered.len(), 200);
    assert_eq!(offered[0]["identity"]["family"], "Quill200");
    assert_eq!(offered[199]["identity"]["family"], "Quill1");
}

#[tokio::test]
async fn the_peak_of_a_treatment_is_kept_over_a_restart_and_after_its_end() {
    let mut clinic = Clinic::open().await;
    clinic.bind();
    let session = clinic.open_session();
    let pressure = |systolic, diastolic| {
        let part = |value| Some(Decimal::whole(value));
        let pressure = crate::vitals::Pressure {
            systolic: part(systolic),
            diastolic: part(diastolic),
            mean: None,
        };
        let observation = Observation::Measured(Value::Pressure(pressure), Quality::Good);
        Reading::new(Vital::Nibp, observation)
    };
    clinic.each_second(95, 20);
    clinic.event(&session, usual_baseline());
    let peak = |clinic: &mut Clinic| clinic.room_json()["session"]["peak"].clone();
    assert!(peak(&mut clinic).is_null(), "before the start");
    clinic.event(&session, Event::Start { overrides: None });
    clinic.second += 1;
    clinic.each_second(97, 20);
    clinic.send(vec![pressure(141, 88)]);
    clinic.second += 60;
    clinic.send(vec![pressure(132, 90)]);
    clinic.send(vec![reading(Vital::Spo2, 96), reading(Vital::PulseRate, 101)]);
    let expected = json!({"systolic": 141, "diastolic": 90, "heart_rate": 101, "spo2": 96});
    assert_eq!(peak(&mut clinic), expected);
    let mut clinic = clinic.restart(5).await;
    assert_eq!(peak(&mut clinic), expected);
    clinic.event(&session, Event::Abort { reason: None });
    flush(&clinic.core.journal).await;
    let row = clinic.core.journal.store().session(&session).await.unwrap().unwrap();
    let ended: serde_json::Value = serde_json::from_str(&row.json).unwrap();
    assert_eq!(ended["peak"], expected);
}
