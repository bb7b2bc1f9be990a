//! What alarms and what staff enter, from outside: entries, own limits, known-low baselines,
//! cuffs, impossible values; and the same after a kill.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::app::App;

async fn entered(app: &App, token: &str, session: &str, event: Value) -> (StatusCode, Value) {
    app.call_as(token, Method::POST, &format!("/api/v1/sessions/{session}/events"), event).await
}

async fn open(app: &App, room: &str) -> String {
    let session = json!({"patient": {"initials": "J.T."}, "profile": "ketamine-iv-adult"});
    let opened = app.post(&format!("/api/v1/rooms/{room}/sessions"), session).await;
    opened["id"].as_str().unwrap().to_owned()
}

fn conditions(session: &str, alerts: &Value) -> Vec<String> {
    let of_session = |alert: &&Value| alert["session"] == session;
    let words = |alert: &Value| {
        let text = |key: &str| alert[key].as_str().unwrap().to_owned();
        format!("{} {} {}", text("condition"), text("priority"), text("state"))
    };
    alerts["alerts"].as_array().unwrap().iter().filter(of_session).map(words).collect()
}

#[tokio::test]
async fn a_low_baseline_needs_its_tick_and_its_prescriber() {
    let app = App::start().await;
    let nurse = &app.program_token;
    let session = open(&app, "1").await;
    let low = json!({"type": "accept_baseline", "systolic": 118, "diastolic": 74,
        "heart_rate": 75, "spo2": 91});
    let (status, refused) = entered(&app, nurse, &session, low.clone()).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(refused["detail"].as_str().unwrap().contains("known low"), "{refused}");
    let mut known = low;
    known["known_low"] = json!(true);
    known["prescriber"] = json!("N. Weber");
    let (status, accepted) = entered(&app, nurse, &session, known).await;
    assert_eq!(status, StatusCode::CREATED, "{accepted}");
    assert_eq!(accepted["known_low"], true);
    assert_eq!(accepted["limits"]["spo2"]["low"], 88);
}

#[tokio::test]
async fn after_a_fall_a_start_names_what_it_waits_for_and_a_nurse_lead_may_override() {
    let app = App::start().await;
    let nurse = app.program_token.clone();
    let lead = app.token(&["token", "add", "brandt", "--role", "lead"]);
    let session = open(&app, "1").await;
    let before = json!({"type": "accept_baseline", "systolic": 118, "diastolic": 74,
        "heart_rate": 75, "spo2": 97});
    assert_eq!(entered(&app, &nurse, &session, before).await.0, StatusCode::CREATED);
    let faint = json!({"type": "manual_vitals", "systolic": 82, "diastolic": 50});
    let (status, told) = entered(&app, &nurse, &session, faint).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(told["tasks"][0]["kind"], "hold");

    let start = json!({"type": "start"});
    let (status, refused) = entered(&app, &nurse, &session, start.clone()).await;
    assert_eq!(status, StatusCode::CONFLICT);
    let waits = "Start waits: systolic 100 and heart rate 50 or more for 5 minutes. ";
    assert!(refused["detail"].as_str().unwrap().starts_with(waits), "{refused}");
    let unmet = json!([
        "Systolic at or above 100 for 5:00 min: not known yet, measure it",
        "Heart rate at or above 50 for 5:00 min: not known yet, measure it",
    ]);
    assert_eq!((&refused["code"], &refused["unmet"]), (&json!("not_now"), &unmet));
    let (status, _) = entered(&app, &lead, &session, start).await;
    assert_eq!(status, StatusCode::CONFLICT, "a lead gives a reason");

    let better = json!({"type": "manual_vitals", "systolic": 112, "diastolic": 70});
    assert_eq!(entered(&app, &nurse, &session, better).await.0, StatusCode::CREATED);
    let all_the_same = json!({"type": "start", "override": {"reason": "awake, pulse felt"}});
    let (status, refused) = entered(&app, &nurse, &session, all_the_same.clone()).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(refused["detail"].as_str().unwrap().contains("Only a prescriber or a nurse lead"));
    let (status, started) = entered(&app, &lead, &session, all_the_same).await;
    assert_eq!(status, StatusCode::CREATED, "{started}");
    assert_eq!(started["phase"], "infusing");
    let noted = started["events"].as_array().unwrap();
    let is_noted =
        |event: &Value| event["text"].as_str().unwrap().starts_with("Overridden: Start waits");
    assert!(noted.iter().any(is_noted), "{started}");
}

#[tokio::test]
async fn own_limits_are_a_prescribers_to_loosen_and_stand_over_a_kill() {
    let mut app = App::start().await;
    let prescriber = app.token(&["token", "add", "weber", "--role", "prescriber"]);
    let nurse = app.program_token.clone();
    let session = app.infuse("1").await;
    let looser = json!({"type": "limits", "reason": "lives at 170",
        "limits": {"systolic_high": {"caution": 180, "urgent": 195, "extreme": 210}}});
    let (status, refused) = entered(&app, &nurse, &session, looser.clone()).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(refused["detail"].as_str().unwrap().contains("prescriber"), "{refused}");
    let (status, changed) = entered(&app, &prescriber, &session, looser).await;
    assert_eq!(status, StatusCode::CREATED, "{changed}");
    let own = &changed["personal_limits"][0];
    assert_eq!((&own["condition"], &own["urgent"]), (&json!("systolic_high"), &json!(195)));
    assert_eq!(own["reason"], "lives at 170");
    assert!(own["prescriber"].as_str().unwrap().contains("weber"));

    app.kill();
    app.run().await;
    let again = app.get(&format!("/api/v1/sessions/{session}")).await;
    assert_eq!(again["personal_limits"], changed["personal_limits"]);
    let by_hand = json!({"type": "manual_vitals", "systolic": 184, "diastolic": 80});
    let (status, told) = entered(&app, &nurse, &session, by_hand).await;
    assert_eq!(status, StatusCode::CREATED);
    assert_eq!(told["tasks"][0]["text"], "BP now: Systolic high");
    let alerts = app.get("/api/v1/alerts?state=all").await;
    assert_eq!(conditions(&session, &alerts), ["systolic_high medium active"]);
}

#[tokio::test]
async fn what_staff_enter_alarms_and_is_in_the_stream() {
    let app = App::start().await;
    let session = app.infuse("2").await;
    let mut stream = app.stream().await;
    stream.until_type("snapshot").await;
    let events = format!("/api/v1/sessions/{session}/events");
    app.post(&events, json!({"type": "symptom", "symptom": "Chest pain"})).await;
    let alert = stream.until_type("alert").await;
    assert_eq!(alert["alert"]["text"], "Symptom: Chest pain");
    assert_eq!(alert["alert"]["priority"], "high");
    app.post(&events, json!({"type": "score", "score": "moaa_s", "value": 3})).await;
    let sedation = |line: &Value| line["alert"]["condition"] == "sedation";
    let alert = stream.until(sedation).await;
    assert_eq!(alert["alert"]["text"], "Sedation score low 3 (limit 3)");
    app.post(&events, json!({"type": "manual_vitals", "systolic": 124, "diastolic": 80})).await;
    let vitals = stream.until_type("vitals").await;
    assert_eq!(vitals["readings"][0]["source"], "manual");
    assert_eq!(vitals["readings"][0]["systolic"], 124);
    let room = app.get("/api/v1/rooms/2").await;
    assert_eq!(room["session"]["symptoms"][0]["text"], "Chest pain");
    let (status, refused) =
        entered(&app, &app.program_token, &session, json!({"type": "symptom", "symptom": "itch"}))
            .await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(refused["detail"].as_str().unwrap().contains("chest_pain"), "{refused}");
}

#[tokio::test]
async fn a_monitor_of_impossible_values_is_neither_trusted_nor_lost() {
    let app = App::start().await;
    let token = app.add_device("mon-3", "3");
    let session = app.infuse("3").await;
    let mut stream = app.stream().await;
    for seq in 1..=6 {
        let (status, answer) =
            app.reading(&token, seq, json!([{"vital": "spo2", "value": 0}])).await;
        assert_eq!(
            (status, &answer["type"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("rejected"))
        );
    }
    let alert = stream.until_type("alert").await["alert"].take();
    assert_eq!(
        (&alert["condition"], &alert["priority"]),
        (&json!("implausible_values"), &json!("low"))
    );
    let history = app.get("/api/v1/devices/mon-3/readings").await;
    assert_eq!(history["readings"], json!([]));
    let file = app.folder.path().join("session.ndjson");
    let mut replayed = String::new();
    // What was refused is not answered after the disk: it is there a moment later.
    for _ in 0..50 {
        let exported = app.command(&["export", &session, "-o", file.to_str().unwrap()], "");
        assert!(exported.status.success());
        let played = app.command(&["replay", file.to_str().unwrap(), "--json"], "");
        replayed = String::from_utf8(played.stdout).unwrap();
        if !replayed.is_empty() {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert_eq!(replayed.lines().count(), 1, "{replayed}");
    assert!(replayed.contains("implausible_values"));
}

#[tokio::test]
async fn a_cuff_that_inflates_is_in_the_snapshot_and_its_failure_is_a_task() {
    let app = App::start().await;
    let token = app.add_device("mon-4", "4");
    let session = app.infuse("4").await;
    let status_of = |status: &str| json!([{"vital": "nibp", "absent": status}]);
    app.reading(&token, 1, status_of("measuring")).await;
    let room = app.get("/api/v1/rooms/4").await;
    assert_eq!(room["cuff"]["state"], "measuring");
    app.reading(&token, 2, status_of("failed")).await;
    let room = app.get("/api/v1/rooms/4").await;
    assert_eq!(room["cuff"], Value::Null);
    assert_eq!(room["session"]["tasks"][0]["text"], "BP failed: repeat it");
    app.reading(&token, 3, status_of("measuring")).await;
    app.reading(&token, 4, status_of("failed")).await;
    let alerts = app.get("/api/v1/alerts").await;
    assert_eq!(conditions(&session, &alerts), ["nibp_failed low active"]);
}
