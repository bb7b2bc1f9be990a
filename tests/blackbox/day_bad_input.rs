//! What cannot be so in a session is refused in words that say what is right; odd text is kept as
//! it is.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::app::App;
use super::day::{Visit, stated};

fn now() -> i64 {
    std::time::SystemTime::UNIX_EPOCH.elapsed().unwrap().as_millis() as i64
}

#[tokio::test]
async fn what_cannot_be_so_is_refused_in_words() {
    let app = App::start().await;
    let nurse = app.program_token.clone();
    let visit = Visit::open(&app, "1", "ketamine-iv-adult").await;
    visit.does(&nurse, stated()).await;
    for (event, words) in [
        (json!({"type": "check_in", "weight_kg": 700}), "The weight is 20 to 350 kg, got 700."),
        (json!({"type": "check_in", "weight_kg": -3}), "The weight is 20 to 350 kg, got -3."),
        (
            json!({"type": "check_in", "series": {"number": 9, "of": 8}}),
            "The number in the series is 1 to 8, got 9.",
        ),
        (
            json!({"type": "check_in", "series": {"number": 0}}),
            "The number in the series is 1 to 500, got 0.",
        ),
        (json!({"type": "order", "mg": 4125}), "Ketamine is given as 5 to 150, got 4125 mg."),
        (
            json!({"type": "order", "mg_per_kg": 0.5, "mg": 90}),
            "0.5 mg/kg × 82.5 kg is 41.25 mg, not 90 mg.",
        ),
        (
            json!({"type": "order", "mg": 40, "minutes": 2}),
            "Ketamine is given as 20 to 120, got 2 minutes.",
        ),
        (
            json!({"type": "order", "drug": "Infliximab", "mg": 40}),
            "This session is for Ketamine: choose another profile.",
        ),
        (
            json!({"type": "check", "item": "two_pressures"}),
            "cannot be ticked: it is measured or stated.",
        ),
        (json!({"type": "check", "item": "wings"}), "wings is not one of this profile's items."),
        (
            json!({"type": "screening", "answers": {"wings": false}}),
            "wings is not one of this profile's questions.",
        ),
        (json!({"type": "stop"}), "No infusion is running."),
        (json!({"type": "discharge"}), "Stop the infusion first"),
        (json!({"type": "bolus", "mg": 5}), "No infusion is running."),
        (json!({"type": "spray"}), "This profile gives no sprays."),
        (
            json!({"type": "medication", "drug": "ondansetron", "dose": -4, "unit": "mg"}),
            "A dose is above 0",
        ),
        (json!({"type": "oxygen", "flow_l_min": 16}), "Oxygen is 0 (off) to 15 L/min, got 16."),
        (json!({"type": "score", "score": "aldrete", "value": 11}), "Aldrete is 0 to 10, got 11."),
        (
            json!({"type": "note", "text": "x", "occurred_at": now() + 3_600_000}),
            "occurred_at must be within the last four hours.",
        ),
    ] {
        let (status, problem) = visit.tries(&nurse, event.clone()).await;
        assert_eq!(status, StatusCode::CONFLICT, "{event} {problem}");
        assert!(problem["detail"].as_str().unwrap().contains(words), "{event}: {problem}");
    }
    for (event, field) in [
        (json!({"type": "check_in", "identifiers": ["shoe_size"]}), "shoe_size"),
        (json!({"type": "adverse_event", "text": "x", "severity": "huge"}), "huge"),
        (json!({"type": "order", "mg": "much"}), "much"),
        (json!({"type": "medication", "drug": " ", "dose": 4, "unit": "mg"}), "drug"),
        (json!({"type": "check_in", "birth_date": "2090-01-01"}), "birth_date"),
    ] {
        let (status, problem) = visit.tries(&nurse, event.clone()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{event} {problem}");
        assert!(problem.to_string().contains(field), "{event}: {problem}");
    }
    for (event, field) in [
        (json!({"type": "order", "mg": {}}), "mg"),
        (json!({"type": "check_in", "weight_kg": [70]}), "weight_kg"),
        (json!({"type": "check_in", "series": {"number": "third"}}), "series.number"),
        (json!({"type": "check_in", "series": {"of": 6}}), "series.number"),
        (json!({"type": "check_in", "escort": {"name": 5}}), "escort.name"),
        (json!({"type": "check_in", "escort": {"fax": "5"}}), "escort.fax"),
        (json!({"type": "check_in", "identifiers": ["name", 7]}), "identifiers[1]"),
        (json!({"type": "screening", "answers": {"heart": "no"}}), "answers.heart"),
        (json!({"type": "start", "override": {"reason": 3}}), "override.reason"),
        (
            json!({"type": "limits", "limits": {"spo2_low": {"caution": "low"}}, "reason": "x"}),
            "limits.spo2_low.caution",
        ),
        (json!({"type": "pause", "reason": 9}), "reason"),
        (json!({"type": "check"}), "item"),
        (json!({"type": "score", "score": "moaa_s", "value": "five"}), "value"),
        (json!({"type": "stop", "why": "x"}), "why"),
    ] {
        let (status, problem) = visit.tries(&nurse, event.clone()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{event} {problem}");
        assert_eq!(problem["field"], field, "{event}: {problem}");
    }
    let patient = json!({"patient": {"initials": "J.T.", "weight_kg": 700}});
    let (status, _) = app.call(Method::POST, "/api/v1/rooms/4/sessions", patient).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let unborn = json!({"patient": {"identity": {"family": "Quill", "given": "Testa",
        "birth_date": "2090-01-01"}}});
    let (status, problem) = app.call(Method::POST, "/api/v1/rooms/4/sessions", unborn).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{problem}");
    assert_eq!(problem["field"], "patient.identity.birth_date", "{problem}");
    let second = json!({"patient": {"initials": "A.B."}});
    let (status, problem) = app.call(Method::POST, "/api/v1/rooms/1/sessions", second).await;
    assert_eq!(status, StatusCode::CONFLICT, "two patients in one room: {problem}");
    let session = visit.now().await;
    assert_eq!((&session["phase"], &session["order"]), (&json!("screening"), &Value::Null));
    assert_eq!(session["stated"]["weight_kg"], 82.5, "what was refused has changed nothing");
}

#[tokio::test]
async fn the_end_is_not_before_the_start_nor_the_resuming_before_the_pause() {
    let app = App::start().await;
    let nurse = app.program_token.clone();
    let visit = Visit::infusing(&app, "1").await;
    let an_hour_ago = || now() - 3_600_000;
    let late = |kind: &str| json!({"type": kind, "occurred_at": an_hour_ago()});
    let (why, _) = visit.refused(&nurse, late("stop")).await;
    let words = "occurred_at is 60 min ago, and the session is infusing only since 0 min ago: correct the time.";
    assert_eq!(why, words);
    let mut rate = late("rate_change");
    rate["to"] = json!(40);
    assert_eq!(visit.refused(&nurse, rate).await.0, words);
    visit.does(&nurse, json!({"type": "pause"})).await;
    let (why, _) = visit.refused(&nurse, late("resume")).await;
    assert!(why.contains("the session is paused only since 0 min ago"), "{why}");
    // A person's minute is not the server's: it counts from the pause on.
    let resume = json!({"type": "resume", "occurred_at": now() - 30_000});
    let session = visit.does(&nurse, resume).await;
    let since = |event: &Value| event["at"].as_i64().unwrap();
    let events = session["events"].as_array().unwrap();
    let [.., pause, resume] = &events[..] else { panic!("{events:?}") };
    assert_eq!(since(pause), since(resume));
}

#[tokio::test]
async fn nobody_leaves_while_an_urgent_alert_is_active() {
    let app = App::start().await;
    let nurse = app.program_token.clone();
    let prescriber = app.token(&["token", "add", "Sara Novak", "--role", "prescriber"]);
    let visit = Visit::infusing(&app, "1").await;
    visit.does(&nurse, json!({"type": "stop"})).await;
    visit.does(&nurse, json!({"type": "symptom", "symptom": "chest_pain"})).await;
    let leaves = json!({"type": "discharge", "override": {"reason": "feels well"}});
    let (why, unmet) = visit.refused(&prescriber, leaves.clone()).await;
    assert!(why.ends_with("Nobody can go on without: No urgent alert active."), "{why}");
    let unmet = unmet.to_string();
    assert!(unmet.contains("No urgent alert active: Symptom: Chest pain"), "{unmet}");
    visit.does(&nurse, json!({"type": "symptom", "symptom": "chest_pain", "over": true})).await;
    let alert = format!("/api/v1/alerts/{}-a1", visit.id);
    app.post(&format!("{alert}/acknowledge"), json!({})).await;
    let session = visit.does(&prescriber, leaves).await;
    assert_eq!(session["phase"], "discharged");
}

#[tokio::test]
async fn odd_text_is_kept_as_it_is_and_breaks_nothing() {
    let mut app = App::start().await;
    let nurse = app.program_token.clone();
    let long = "ж".repeat(500);
    let odd =
        ["<img src=x onerror=alert(1)>", "\"quoted\" 'twice' \\ back", "טיפול מחר 12:30", &long];
    let visit = Visit::open(&app, "2", "ketamine-iv-adult").await;
    visit.does(&nurse, stated()).await;
    let session = visit.id.clone();
    let mut kept = 0;
    for text in odd {
        for event in [
            json!({"type": "note", "text": text}),
            json!({"type": "medication", "drug": text, "dose": 1, "unit": "mg", "note": text}),
            json!({"type": "adverse_event", "text": text, "severity": "mild", "action": text}),
            json!({"type": "check_in", "allergies": text,
                "escort": {"name": text, "phone": text}}),
            json!({"type": "oxygen", "flow_l_min": 2, "device": text}),
            json!({"type": "order", "mg": 40, "ordered_by": text}),
        ] {
            let (status, answer) = visit.tries(&nurse, event.clone()).await;
            let is_known = matches!(status, StatusCode::CREATED | StatusCode::UNPROCESSABLE_ENTITY);
            assert!(is_known, "{event}: {status} {answer}");
            kept += usize::from(status == StatusCode::CREATED);
        }
    }
    assert!(kept >= 18, "the first three texts are short: {kept}");
    let before = visit.now().await;
    assert!(before["adverse_events"].to_string().contains("<img src=x"), "{before}");
    assert!(before["medications"].to_string().contains("טיפול"), "{before}");
    app.kill();
    app.run().await;
    let after = app.get(&format!("/api/v1/sessions/{session}")).await;
    for part in ["medications", "adverse_events", "stated", "order", "oxygen"] {
        assert_eq!(after[part], before[part], "{part}");
    }
    let log = app.log();
    assert!(!log.contains("onerror") && !log.contains("טיפול"), "{log}");
}
