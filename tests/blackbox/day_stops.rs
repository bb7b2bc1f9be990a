//! The server is killed after every step of a session, and nothing is lost.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::app::App;
use super::day::{all_no, stated};

/// What must be after a restart as it was before.
const KEPT: [&str; 22] = [
    "id",
    "room",
    "initials",
    "phase",
    "phase_since",
    "opened_at",
    "started_at",
    "infused_ms",
    "planned_s",
    "baseline",
    "personal_limits",
    "symptoms",
    "scores",
    "stated",
    "order",
    "doses",
    "medications",
    "oxygen",
    "adverse_events",
    "waived",
    "signed_off",
    "addenda",
];

struct Stops {
    app: App,
    session: String,
    who: [String; 3],
}

fn now() -> i64 {
    std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis() as i64
}

fn entered(session: &Value) -> Vec<Value> {
    let events = session["events"].as_array().unwrap().iter();
    events.filter(|event| event["type"] != "task").cloned().collect()
}

impl Stops {
    async fn open(profile: &str) -> Self {
        let app = App::start().await;
        let who = [("Toma Juric", "nurse"), ("Lena Brandt", "nurse"), ("Sara Novak", "prescriber")]
            .map(|(name, role)| app.token(&["token", "add", name, "--role", role]));
        let opened = json!({"patient": {"initials": "Ö.Y."}, "profile": profile});
        let session = app.post("/api/v1/rooms/1/sessions", opened).await;
        let session = session["id"].as_str().unwrap().to_owned();
        Self { app, session, who }
    }

    /// Somebody does it, the server is killed at once, and everything is there.
    #[track_caller]
    fn step(&mut self, who: usize, event: Value) -> impl Future<Output = Value> {
        let at = std::panic::Location::caller();
        async move {
            let path = format!("/api/v1/sessions/{}", self.session);
            let events = format!("{path}/events");
            let token = &self.who[who];
            let (status, answer) =
                self.app.call_as(token, Method::POST, &events, event.clone()).await;
            assert_eq!(status, StatusCode::CREATED, "{at}: {event} {answer}");
            let before = self.app.get(&path).await;
            self.app.kill();
            self.app.run().await;
            let after = self.app.get(&path).await;
            for key in KEPT {
                assert_eq!(after[key], before[key], "{at}: {key} after {event}");
            }
            assert_eq!(entered(&after), entered(&before), "{at}: {event}");
            after
        }
    }
}

const NURSE: usize = 0;
const OTHER: usize = 1;
const PRESCRIBER: usize = 2;

#[tokio::test]
async fn a_ketamine_session_survives_a_kill_at_every_step() {
    let mut stops = Stops::open("ketamine-iv-adult").await;
    let session = stops.step(NURSE, stated()).await;
    let reason = json!({"reason": "the clip comes with the pump"});
    stops.step(NURSE, json!({"type": "screening", "answers": all_no(&session)})).await;
    let mut measured = json!({"type": "manual_vitals", "systolic": 126, "diastolic": 81});
    measured["occurred_at"] = json!(now() - 240_000);
    stops.step(NURSE, measured).await;
    stops.step(NURSE, json!({"type": "manual_vitals", "systolic": 124, "diastolic": 79})).await;
    stops.step(NURSE, json!({"type": "score", "score": "moaa_s", "value": 5})).await;
    let accept = json!({"type": "accept_baseline", "systolic": 124, "diastolic": 79,
        "heart_rate": 71, "spo2": 98, "override": reason});
    stops.step(PRESCRIBER, accept).await;
    let order = json!({"type": "order", "mg_per_kg": 0.5, "ordered_by": "S. Novak"});
    stops.step(NURSE, order).await;
    for item in ["second_check", "kit", "call_button"] {
        stops.step(OTHER, json!({"type": "check", "item": item})).await;
    }
    let session = stops.step(NURSE, json!({"type": "start"})).await;
    assert_eq!(session["phase"], "infusing");
    for event in [
        json!({"type": "rate_change", "to": 60, "unit": "mL/h"}),
        json!({"type": "pause", "reason": "nausea"}),
        json!({"type": "medication", "drug": "ondansetron", "dose": 4, "unit": "mg", "route": "iv"}),
        json!({"type": "symptom", "symptom": "nausea"}),
        json!({"type": "oxygen", "flow_l_min": 2, "device": "nasal"}),
        json!({"type": "resume"}),
        json!({"type": "bolus", "mg": 5}),
        json!({"type": "symptom", "symptom": "nausea", "over": true}),
        json!({"type": "adverse_event", "text": "line came off", "severity": "mild"}),
        json!({"type": "bp_now"}),
        json!({"type": "note", "text": "calm"}),
    ] {
        stops.step(NURSE, event).await;
    }
    let session = stops.step(NURSE, json!({"type": "move", "room": "2"})).await;
    assert_eq!((&session["room"], &session["phase"]), (&json!("2"), &json!("infusing")));
    assert_eq!(stops.app.get("/api/v1/rooms/1").await["session"], Value::Null);
    assert_eq!(stops.app.get("/api/v1/rooms/2").await["session"]["id"], session["id"]);
    let session = stops.step(NURSE, json!({"type": "stop"})).await;
    assert_eq!(session["phase"], "recovery");
    let leaves = json!({"type": "discharge", "override": {"reason": "goes on to the ward"}});
    let session = stops.step(PRESCRIBER, leaves).await;
    assert_eq!(session["phase"], "discharged");
    let session = stops.step(OTHER, json!({"type": "sign_off"})).await;
    assert!(session["signed_off"]["at"].is_number(), "{session}");
    let session = stops.step(NURSE, json!({"type": "note", "text": "rang: she is well"})).await;
    assert_eq!(session["addenda"][0]["text"], "rang: she is well");
    let verified = stops.app.command(&["verify"], "");
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

#[tokio::test]
async fn an_esketamine_session_survives_a_kill_at_every_step() {
    let mut stops = Stops::open("esketamine-nasal-adult").await;
    let session = stops.step(NURSE, stated()).await;
    let gates = session["gates"].as_array().unwrap();
    let asked = gates.iter().find(|gate| gate["step"] == "screening").unwrap();
    let names = asked["items"].as_array().unwrap().iter();
    let answers: serde_json::Map<String, Value> =
        names.map(|item| (item["name"].as_str().unwrap().to_owned(), json!(false))).collect();
    stops.step(NURSE, json!({"type": "screening", "answers": answers})).await;
    let reason = json!({"reason": "measured by hand"});
    let accept = json!({"type": "accept_baseline", "systolic": 121, "diastolic": 77,
        "heart_rate": 71, "spo2": 98, "override": reason});
    stops.step(PRESCRIBER, accept).await;
    stops.step(NURSE, json!({"type": "order", "mg": 56, "ordered_by": "S. Novak"})).await;
    for item in ["prescriber_on_site", "kit", "call_button"] {
        stops.step(OTHER, json!({"type": "check", "item": item})).await;
    }
    let first = json!({"type": "spray", "lot": "L1", "occurred_at": now() - 360_000,
        "override": reason});
    let session = stops.step(PRESCRIBER, first).await;
    assert_eq!(session["phase"], "infusing");
    let session = stops.step(NURSE, json!({"type": "spray", "lot": "L2"})).await;
    assert_eq!(
        (&session["phase"], session["doses"].as_array().unwrap().len()),
        (&json!("recovery"), 2)
    );
    let late = json!({"type": "manual_vitals", "systolic": 128, "diastolic": 80});
    stops.step(NURSE, late).await;
    let session = stops.step(NURSE, json!({"type": "transfer", "reason": "to the ward"})).await;
    assert_eq!(session["phase"], "transferred");
    stops.step(NURSE, json!({"type": "sign_off"})).await;
}
