//! A monitor that sends once in five minutes is no clock: what staff do is judged at its own time.

use super::*;
use crate::room::{ManualVitals, Spray};

const EVERY_S: i64 = 300;

fn spray() -> Event {
    Event::Spray(Spray { dose_mg: None, lot: None, overrides: None })
}

impl Clinic {
    fn open_as(&mut self, profile: &str) -> SessionId {
        let patient = Patient { initials: "J.T.".to_owned(), ..Patient::default() };
        let profile = Some(profile.to_owned());
        let session = NewSession { patient, profile, ..NewSession::default() };
        let now = self.now();
        let opened = self.core.act(&km(), OpenSession { room: room(), session }, now).unwrap();
        let json: serde_json::Value = serde_json::from_str(&opened.json).unwrap();
        SessionId::new(json["id"].as_str().unwrap()).unwrap()
    }

    /// Nothing is heard and no time passes in the ward's loop until then.
    fn tries_at(
        &mut self,
        session: &SessionId,
        event: Event,
        occurred_at: Option<Millis>,
    ) -> Result<(), String> {
        let act = EnterEvent { session: session.clone(), event, occurred_at };
        let now = self.now();
        self.core.act(&km(), act, now).map(drop).map_err(|refused| refused.to_string())
    }

    fn sprayed(&mut self) -> SessionId {
        self.bind();
        let session = self.open_as("esketamine-nasal-adult");
        self.send(vec![reading(Vital::Spo2, 97), reading(Vital::PulseRate, 72)]);
        self.event(&session, Event::CheckIn(crate::gates::CheckIn::default()));
        let measured = ManualVitals {
            systolic: Some(Decimal::whole(118)),
            diastolic: Some(Decimal::whole(74)),
            ..ManualVitals::default()
        };
        self.event(&session, Event::ManualVitals(measured));
        self.event(&session, usual_baseline());
        self.event(&session, spray());
        session
    }
}

#[tokio::test]
async fn a_second_device_waits_five_minutes_of_the_clock_and_no_longer() {
    let mut clinic = Clinic::open().await;
    let session = clinic.sprayed();
    clinic.second += EVERY_S - 1;
    let why = clinic.tries_at(&session, spray(), None).unwrap_err();
    assert!(why.contains("the next one in 0:01 min."), "{why}");
    clinic.second += 1;
    clinic.tries_at(&session, spray(), None).unwrap();
}

#[tokio::test]
async fn a_device_that_is_entered_later_is_judged_by_when_it_was_given() {
    let mut clinic = Clinic::open().await;
    let session = clinic.sprayed();
    let first = clinic.now();
    clinic.second += EVERY_S + 60;
    let four_min = Some(first.plus(240_000));
    let why = clinic.tries_at(&session, spray(), four_min).unwrap_err();
    assert!(why.contains("the next one in 1:00 min."), "{why}");
    clinic.tries_at(&session, spray(), Some(first.plus(EVERY_S * 1_000))).unwrap();
    let why = clinic.tries_at(&session, spray(), None).unwrap_err();
    assert!(why.contains("the next one in 4:00 min."), "{why}");
}

#[tokio::test]
async fn the_form_counts_minutes_by_the_clock_as_the_refusal_does() {
    let mut clinic = Clinic::open().await;
    let session = clinic.sprayed();
    clinic.second += EVERY_S;
    clinic.tries_at(&session, spray(), None).unwrap();
    clinic.second += EVERY_S - 10;
    let stop = Event::Stop { reason: None };
    clinic.tries_at(&session, stop, None).unwrap();
    clinic.second += 200;
    let shown = clinic.core.ask(ShowSession { session: session.clone() }, clinic.now());
    let json: serde_json::Value = serde_json::from_str(&shown.unwrap().json).unwrap();
    let items = json["gates"][0]["items"].as_array().unwrap().clone();
    let stay = items.iter().find(|item| item["text"] == "Stay of 2 h from the first spray");
    // 300 + 290 + 200 s.
    assert_eq!(stay.unwrap()["detail"], "13 of 120 min");
    let act =
        EnterEvent { session, event: Event::Discharge { overrides: None }, occurred_at: None };
    let now = clinic.now();
    let Err(Refusal::Unmet { unmet, .. }) = clinic.core.act(&km(), act, now) else { panic!() };
    assert!(unmet.contains(&"Stay of 2 h from the first spray: 13 of 120 min".to_owned()));
}
