//! One thread, end to end: a monitor's message becomes an alert that a nurse acknowledges.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::app::{Answered, App, Socket, get, send};
use super::hl7::Monitor;

#[tokio::test]
async fn a_real_monitors_message_becomes_an_alert_that_a_nurse_acknowledges() {
    let app = App::start().await;
    let mut stream = app.stream().await;
    assert_eq!(stream.until_type("snapshot").await["rooms"].as_array().unwrap().len(), 4);

    let mut monitor = Monitor::connect(app.hl7, "00A03700AABBCCDD").await;
    monitor.send_vitals(97, 75).await;
    let devices = app.get("/api/v1/devices").await;
    let device = &devices["devices"][0];
    assert_eq!((&device["id"], &device["room"]), (&json!("00A03700AABBCCDD"), &Value::Null));
    assert_eq!(device["adapter"], "hl7-mllp");
    let spo2 = |readings: &Value| {
        let readings = readings.as_array().unwrap();
        readings.iter().find(|reading| reading["vital"] == "spo2").unwrap()["value"].clone()
    };
    assert_eq!(spo2(&device["latest"]), 97);

    let binding = "/api/v1/devices/00A03700AABBCCDD/binding";
    let (status, _) = app.call(Method::PUT, binding, json!({"room": "3"})).await;
    assert_eq!(status, StatusCode::OK);
    let session = app.infuse("3").await;
    monitor.send_vitals(97, 75).await;
    let vitals = stream.until_type("vitals").await;
    assert_eq!((&vitals["room"], spo2(&vitals["readings"])), (&json!("3"), json!(97)));

    for _ in 0..6 {
        monitor.send_vitals(84, 75).await;
        tokio::time::sleep(std::time::Duration::from_secs(1)).await;
    }
    // On a slow machine the fall itself is an alert before that.
    let frame = stream.until(|frame| frame["alert"]["condition"] == "spo2_low").await;
    let alert = &frame["alert"];
    assert_eq!(frame["room"], "3");
    assert_eq!(alert["priority"], "high");
    assert_eq!(alert["state"], "active");
    assert_eq!((&alert["value"], &alert["limit"]), (&json!(84), &json!(85)));
    assert_eq!(alert["text"], "SpO2 low 84 (limit 85)");
    let id = alert["id"].as_str().unwrap();
    assert!(id.starts_with(&format!("{session}-a")), "{id}");

    let taken = app.post(&format!("/api/v1/alerts/{id}/acknowledge"), json!({})).await;
    assert!(taken["acknowledged"]["by"].is_string());
    let frame = stream.until(|frame| frame["alert"]["acknowledged"].is_object()).await;
    assert_eq!(frame["alert"]["id"], id);

    let outcome = json!({"outcome": "sensor_resited", "note": "finger was cold"});
    let done = app.post(&format!("/api/v1/alerts/{id}/outcome"), outcome).await;
    assert_eq!(done["outcome"], "sensor_resited");
    let open = app.get("/api/v1/alerts?state=open").await;
    let open = open["alerts"].as_array().unwrap();
    assert!(open.iter().any(|alert| alert["id"] == id), "{open:?}");
}

#[tokio::test]
async fn the_first_person_wins_and_the_second_is_told() {
    let app = App::start().await;
    let token = app.add_device("mon-1", "1");
    let (status, _) =
        app.reading(&token, 1, json!([{"vital": "nibp", "systolic": 204, "diastolic": 110}])).await;
    assert_eq!(status, StatusCode::OK);
    let rooms = app.get("/api/v1/rooms/1").await;
    let id = rooms["alerts"][0]["id"].as_str().unwrap().to_owned();
    let other = app.token(&["token", "add", "Other Person", "--role", "nurse"]);
    let path = format!("/api/v1/alerts/{id}/acknowledge");
    app.post(&path, json!({})).await;
    let (status, problem) = app.call_as(&other, Method::POST, &path, json!({})).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(problem["code"], "already_acknowledged");
    assert_eq!(problem["alert"]["id"], id.as_str());
}

#[tokio::test]
async fn phases_that_cannot_be_are_refused_with_a_remedy() {
    let app = App::start().await;
    let session = app.infuse("2").await;
    let events = format!("/api/v1/sessions/{session}/events");
    let (status, problem) = app.call(Method::POST, &events, json!({"type": "discharge"})).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(problem.to_string().contains("Stop the infusion first"), "{problem}");
    let (status, problem) = app.call(Method::POST, &events, json!({"type": "fly"})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(problem.to_string().contains("accept_baseline"), "{problem}");
    for event in ["pause", "resume", "stop"] {
        app.post(&events, json!({"type": event})).await;
    }
    let (status, problem) = app.call(Method::POST, &events, json!({"type": "discharge"})).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(problem["unmet"][0], "Stay of 30 min: 0 of 30 min");
    app.post(&events, json!({"type": "transfer", "reason": "to the ward"})).await;
    let ended = app.get(&format!("/api/v1/sessions/{session}")).await;
    assert_eq!(ended["phase"], "transferred");
    assert_eq!(app.get("/api/v1/rooms/2").await["session"], Value::Null);
}

#[tokio::test]
async fn the_same_idempotency_key_gives_the_same_answer_and_one_event() {
    let app = App::start().await;
    let session = app.infuse("1").await;
    let url = app.url(&format!("/api/v1/sessions/{session}/events"));
    let note = || async {
        let client = reqwest::Client::new();
        let request = client.post(&url).bearer_auth(&app.program_token);
        let note = json!({"type": "note", "text": "blanket"});
        let answer = send(request.header("Idempotency-Key", "k1").json(&note)).await;
        (answer.status, answer.text)
    };
    let first = note().await;
    assert_eq!(note().await, first);
    let session = app.get(&format!("/api/v1/sessions/{session}")).await;
    let events = session["events"].as_array().unwrap();
    assert_eq!(events.iter().filter(|event| event["type"] == "note").count(), 1);
}

#[tokio::test]
async fn staff_sign_in_with_a_cookie_and_act_only_from_the_same_origin() {
    let app = App::start().await;
    app.add_staff("KM", "nurse", "correct horse");
    app.add_staff("WALL", "display", "looks only");
    let client = reqwest::Client::new();
    let sign_in = |name: &'static str, password: &'static str| {
        let request = client.post(app.url("/api/v1/login"));
        send(request.json(&json!({"name": name, "password": password})))
    };
    assert_eq!(sign_in("KM", "wrong").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in("nobody", "wrong").await.status, StatusCode::UNAUTHORIZED);
    let cookie = |answer: &Answered| {
        let header = answer.headers["set-cookie"].to_str().unwrap();
        assert!(header.contains("HttpOnly") && header.contains("SameSite=Strict"), "{header}");
        answer.cookie().unwrap()
    };
    let signed_in = sign_in("KM", "correct horse").await;
    assert_eq!(signed_in.status, StatusCode::OK);
    let cookie_of_km = cookie(&signed_in);
    let open = |cookie: String, origin: Option<String>| {
        let mut request = client.post(app.url("/api/v1/rooms/1/sessions")).header("Cookie", cookie);
        if let Some(origin) = origin {
            request = request.header("Origin", origin);
        }
        send(request.json(&json!({"patient": {"initials": "A.B."}})))
    };
    let own = Some(format!("http://{}", app.http));
    let foreign = Some("http://evil.example".to_owned());
    assert_eq!(open(cookie_of_km.clone(), None).await.status, StatusCode::FORBIDDEN);
    assert_eq!(open(cookie_of_km.clone(), foreign).await.status, StatusCode::FORBIDDEN);
    let display = cookie(&sign_in("WALL", "looks only").await);
    assert_eq!(open(display, own.clone()).await.status, StatusCode::FORBIDDEN);
    assert_eq!(open(cookie_of_km, own).await.status, StatusCode::CREATED);
    let (status, _) = app.call_as("nonsense", Method::GET, "/api/v1/rooms", Value::Null).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_display_sees_no_profile_and_no_words_of_staff() {
    let app = App::start().await;
    let session = app.infuse("1").await;
    let events = format!("/api/v1/sessions/{session}/events");
    let symptom = json!({"type": "symptom", "symptom": "nausea", "note": "secretly"});
    let score = json!({"type": "score", "score": "moaa_s", "value": 5, "note": "secretly"});
    let limits = json!({"type": "limits", "limits": {"spo2_low": {"caution": 94}},
        "reason": "secretly"});
    for event in [symptom, score, limits] {
        app.post(&events, event).await;
    }
    let display = app.token(&["token", "add", "hallway", "--role", "display"]);
    let mut wall = Socket::connect(app.http, "/api/v1/stream", &display).await;
    wall.say(json!({"type": "hello", "rooms": "all"})).await;
    let mut shown = vec![wall.until_type("snapshot").await];
    for path in [
        "rooms".to_owned(),
        "rooms/1".to_owned(),
        "sessions".to_owned(),
        format!("sessions/{session}"),
        "alerts".to_owned(),
    ] {
        let path = format!("/api/v1/{path}");
        let (status, json) = app.call_as(&display, Method::GET, &path, Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{path}");
        shown.push(json);
    }
    // The same when only the disk knows of it.
    app.post(&events, json!({"type": "abort", "reason": "secretly"})).await;
    app.infuse("1").await;
    let path = format!("/api/v1/sessions/{session}");
    shown.push(app.call_as(&display, Method::GET, &path, Value::Null).await.1);
    for json in shown {
        let text = json.to_string();
        assert!(text.contains("J.T.") || text.contains("alerts"), "{text}");
        for hidden in ["ketamine", "events", "secretly", "nausea", "moaa_s", "tasks", "prescriber"]
        {
            assert!(!text.contains(hidden), "{hidden}: {text}");
        }
    }
}

#[tokio::test]
async fn the_document_of_the_interface_and_the_figures_are_there() {
    let app = App::start().await;
    let document = app.get("/api/openapi.json").await;
    for path in ["/api/v1/rooms", "/api/v1/alerts/{alert}/acknowledge", "/api/v1/readings"] {
        let known = document["paths"].as_object().unwrap();
        assert!(known.contains_key(path), "{path} in {:?}", known.keys().collect::<Vec<_>>());
    }
    for path in ["/healthz", "/readyz", "/metrics", "/api/docs", "/"] {
        assert_eq!(get(app.url(path)).await.status, StatusCode::OK, "{path}");
    }
    let token = app.add_device("mon-1", "1");
    app.reading(&token, 1, json!([{"vital": "spo2", "value": 97}])).await;
    let figures = get(app.url("/metrics")).await.text;
    assert!(figures.contains("dripwatch_frames_total{adapter=\"native\"} 1"), "{figures}");
}
