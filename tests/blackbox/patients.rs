//! Patients: offered as the hospital names them, checked in by staff, found again.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::app::{App, send};
use super::hl7::Monitor;

fn admission(event: &str, rest: &str) -> String {
    format!(
        "MSH|^~\\&|HIS|WEST|||||ADT^{event}|S1|P|2.5\r\
         PID|1||4711^^^WEST~88^^^INS||Quill^Testa||19800229|F\r{rest}PV1|1|O|INF^3^A\r"
    )
}

async fn post(app: &App, path: &str, body: Value) -> (StatusCode, Value) {
    app.call(Method::POST, path, body).await
}

async fn end(app: &App, session: &Value) {
    let events = format!("/api/v1/sessions/{}/events", session["id"].as_str().unwrap());
    let (status, said) = post(app, &events, json!({"type": "abort"})).await;
    assert_eq!(status, StatusCode::CREATED, "{said}");
}

#[tokio::test]
async fn who_is_admitted_is_offered_checked_in_and_found_again_after_a_crash() {
    let mut app = App::start().await;
    let mut hospital = Monitor::connect(app.hl7, "-").await;
    let answer = hospital.ask(&admission("A01", "")).await;
    assert!(answer.contains("MSA|AA|S1"), "{answer}");
    let offered = app.get("/api/v1/patients?arrived=today").await;
    let identity = offered["patients"][0]["identity"].clone();
    assert_eq!(
        (&identity["family"], &identity["birth_date"]),
        (&json!("Quill"), &json!("1980-02-29"))
    );
    assert_eq!(offered["patients"][0]["place"], "INF · 3 · A");
    assert!(app.get("/api/v1/sessions").await["sessions"].as_array().unwrap().is_empty());

    let body = json!({"patient": {"identity": identity, "weight_kg": 70}});
    let (status, session) = post(&app, "/api/v1/rooms/1/sessions", body).await;
    assert_eq!(status, StatusCode::CREATED, "{session}");
    assert_eq!(session["initials"], "T.Q.");
    let patient = session["patient"]["id"].clone();
    let again = json!({"patient": {"id": patient}});
    let (status, problem) = post(&app, "/api/v1/rooms/2/sessions", again.clone()).await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");
    assert!(
        problem["detail"].as_str().unwrap().contains("already has a session in room 1"),
        "{problem}"
    );
    app.kill();
    app.run().await;
    let found = app.get("/api/v1/patients?query=quill%201980").await;
    assert_eq!(found["patients"][0]["id"], patient);
    let offered = app.get("/api/v1/patients?arrived=today").await;
    assert_eq!(offered["patients"][0]["id"], patient);
    end(&app, &session).await;
    let (status, _) = post(&app, "/api/v1/rooms/2/sessions", again).await;
    assert_eq!(status, StatusCode::CREATED);
    assert!(!app.log().contains("Quill"), "{}", app.log());
    let verified = app.command(&["verify"], "");
    assert!(verified.status.success(), "{verified:?}");
}

#[tokio::test]
async fn a_display_sees_no_names_and_no_ids_of_patients() {
    let app = App::start().await;
    let wall = app.token(&["token", "add", "wall", "--role", "display"]);
    let body = json!({"patient": {"identity": {"family": "Quill", "ids": [{"number": "4711"}]}}});
    let (_, session) = post(&app, "/api/v1/rooms/1/sessions", body).await;
    let as_wall = async |path: String| {
        send(reqwest::Client::new().get(app.url(&path)).bearer_auth(&wall)).await
    };
    let patient = session["patient"]["id"].as_str().unwrap().to_owned();
    for path in
        ["patients".to_owned(), "patients?arrived=today".to_owned(), format!("patients/{patient}")]
    {
        assert_eq!(as_wall(format!("/api/v1/{path}")).await.status, StatusCode::FORBIDDEN);
    }
    for path in [
        "rooms".to_owned(),
        "sessions".to_owned(),
        format!("sessions/{}", session["id"].as_str().unwrap()),
    ] {
        let answer = as_wall(format!("/api/v1/{path}")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert!(
            !answer.text.contains("Quill") && !answer.text.contains(&patient),
            "{}",
            answer.text
        );
    }
}

#[tokio::test]
async fn what_is_wrong_with_a_patient_is_said_with_its_field() {
    let app = App::start().await;
    for (patient, field) in [
        (
            json!({"identity": {"birth_date": "2199-01-01", "ids": [{"number": "1"}]}}),
            "patient.identity.birth_date",
        ),
        (
            json!({"identity": {"family": "x".repeat(500), "ids": [{"number": "1"}]}}),
            "patient.identity.family",
        ),
        (json!({"identity": {"family": "Quill"}}), "patient.identity.ids"),
        (json!({"identity": {"born": "1980-02-29"}}), "patient.identity.born"),
        (json!({}), "patient.initials"),
    ] {
        let (status, problem) =
            post(&app, "/api/v1/rooms/1/sessions", json!({"patient": patient})).await;
        assert_eq!(
            (status, &problem["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)),
            "{problem}"
        );
    }
    let odd = "<b>\"O'Quill\"</b> \u{5d0}\u{5d1}";
    let identity = json!({"family": odd, "ids": [{"number": "'; DROP TABLE patients"}]});
    let body = json!({"patient": {"initials": "O.Q.", "identity": identity}});
    let (status, session) = post(&app, "/api/v1/rooms/1/sessions", body).await;
    assert_eq!(status, StatusCode::CREATED, "{session}");
    let found = app.get("/api/v1/patients?query=drop").await;
    assert_eq!(found["patients"][0]["identity"]["family"], odd);
}

#[tokio::test]
async fn a_course_numbers_its_treatments_and_suggests_the_last_baseline() {
    let mut app = App::start().await;
    let identity = json!({"family": "Quill", "given": "Testa", "birth_date": "1980-02-29"});
    let body = json!({"patient": {"identity": identity}});
    let (_, session) = post(&app, "/api/v1/rooms/1/sessions", body).await;
    end(&app, &session).await;
    let patient = session["patient"]["id"].as_str().unwrap().to_owned();
    let courses = format!("/api/v1/patients/{patient}/courses");
    let (status, problem) =
        post(&app, &courses, json!({"profile": "ketamine-iv-adult", "planned": 0})).await;
    assert_eq!((status, &problem["field"]), (StatusCode::UNPROCESSABLE_ENTITY, &json!("planned")));
    let wanted = json!({"profile": "ketamine-iv-adult", "planned": 6});
    let (status, course) = post(&app, &courses, wanted).await;
    assert_eq!(status, StatusCode::CREATED, "{course}");
    let body = json!({"patient": {"id": patient}, "course": course["id"]});
    let mut numbers = Vec::new();
    for begins in [false, true, true] {
        let (status, session) = post(&app, "/api/v1/rooms/1/sessions", body.clone()).await;
        assert_eq!(status, StatusCode::CREATED, "{session}");
        numbers.push(session["patient"]["number"].clone());
        let events = format!("/api/v1/sessions/{}/events", session["id"].as_str().unwrap());
        for event in [
            json!({"type": "accept_baseline", "systolic": 118, "diastolic": 74, "heart_rate": 72, "spo2": 97}),
            json!({"type": "start"}),
            json!({"type": "note", "text": "calm"}),
        ] {
            if begins {
                let (status, said) = post(&app, &events, event).await;
                assert_eq!(status, StatusCode::CREATED, "{said}");
            }
        }
        end(&app, &session).await;
    }
    assert_eq!(numbers, [1, 1, 2], "who went home before the start is treated another day");
    app.kill();
    app.run().await;
    let shown = app.get(&format!("/api/v1/courses/{}", course["id"].as_str().unwrap())).await;
    assert_eq!((&shown["planned"], &shown["begun"]), (&json!(6), &json!(2)));
    assert_eq!(shown["suggested_baseline"]["baseline"]["systolic"], 118);
    assert_eq!(shown["sessions"][0]["remarks"][0]["text"], "calm");
    assert_eq!(shown["sessions"].as_array().unwrap().len(), 3);
    let of_patient = app.get(&format!("/api/v1/patients/{patient}")).await;
    assert_eq!(of_patient["courses"][0]["id"], course["id"]);
    assert_eq!(of_patient["sessions"].as_array().unwrap().len(), 4);
    let (_, session) = post(&app, "/api/v1/rooms/1/sessions", body).await;
    assert_eq!(session["baseline"], Value::Null, "it is suggested, and not taken");
    let other = json!({"patient": {"identity": {"ids": [{"number": "1"}]}, "initials": "X"}, "course": course["id"]});
    let (status, problem) = post(&app, "/api/v1/rooms/2/sessions", other).await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");
}

#[tokio::test]
async fn a_search_has_a_longest_text_and_one_way_at_a_time() {
    let app = App::start().await;
    let ask = async |query: &str| {
        app.call(Method::GET, &format!("/api/v1/patients?{query}"), Value::Null).await
    };
    assert_eq!(ask(&format!("query={}", "x".repeat(200))).await.0, StatusCode::OK);
    let (status, problem) = ask(&format!("query={}", "x".repeat(201))).await;
    assert_eq!((status, &problem["field"]), (StatusCode::BAD_REQUEST, &json!("query")));
    assert_eq!(ask("query=x&arrived=today").await.0, StatusCode::BAD_REQUEST);
    assert_eq!(ask("arrived=yesterday").await.0, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_day_shows_its_sessions_and_what_the_next_shift_is_told() {
    let mut app = App::start().await;
    let running = app.infuse("2").await;
    let events = format!("/api/v1/sessions/{running}/events");
    app.post(&events, json!({"type": "note", "text": "likes it dark"})).await;
    let (_, over) =
        post(&app, "/api/v1/rooms/1/sessions", json!({"patient": {"initials": "A.B."}})).await;
    end(&app, &over).await;
    app.kill();
    app.run().await;
    // It may be midnight meanwhile.
    let opened_at = over["opened_at"].as_i64().unwrap();
    let date = jiff::Timestamp::from_millisecond(opened_at).unwrap();
    let date = date.to_zoned(jiff::tz::TimeZone::UTC).date();
    assert!(app.get("/api/v1/days/today").await["sessions"].is_array());
    let day = app.get(&format!("/api/v1/days/{date}")).await;
    let sessions = day["sessions"].as_array().unwrap();
    assert_eq!(sessions.len(), 2, "{day}");
    assert_eq!((&sessions[0]["id"], &sessions[0]["phase"]), (&json!(running), &json!("infusing")));
    assert_eq!(
        (&sessions[1]["initials"], &sessions[1]["phase"]),
        (&json!("A.B."), &json!("aborted"))
    );
    assert_eq!(sessions[1]["unsigned"], json!(["limits_not_approved", "not_signed_off"]));
    let told = day["hand_over"].as_array().unwrap();
    assert_eq!(
        told.len(),
        1,
        "who has left and lacks nothing of their own is not handed over: {day}"
    );
    assert_eq!(
        (&told[0]["room"], &told[0]["remarks"][0]["text"]),
        (&json!("2"), &json!("likes it dark"))
    );
    let other = app.get("/api/v1/days/2020-02-29").await;
    assert!(
        !other["sessions"].as_array().unwrap().iter().any(|session| session["id"] == over["id"])
    );
    let (status, problem) = app.call(Method::GET, "/api/v1/days/2026-2-9", Value::Null).await;
    assert_eq!((status, &problem["field"]), (StatusCode::BAD_REQUEST, &json!("date")));
}

#[tokio::test]
async fn the_clinic_s_lists_are_read_by_nurses_and_changed_by_leads_one_after_another() {
    let mut app = App::start().await;
    let lead = app.token(&["token", "add", "lead", "--role", "lead"]);
    let list = app.get("/api/v1/lists/medications").await;
    assert_eq!((&list["version"], &list["items"][0]["drug"]), (&json!(0), &json!("ondansetron")));
    let session = app.infuse("1").await;
    let given =
        json!({"type": "medication", "drug": "Labetalol", "dose": 5, "unit": "mg", "route": "iv"});
    app.post(&format!("/api/v1/sessions/{session}/events"), given).await;
    let list = app.get("/api/v1/lists/medications").await;
    assert_eq!(list["items"][0]["drug"], "labetalol", "most used first");
    let path = "/api/v1/lists/symptoms";
    let put = json!({"version": 0, "items": [{"text": "Itching"}]});
    let (status, _) = app.call(Method::PUT, path, put.clone()).await;
    assert_eq!(status, StatusCode::FORBIDDEN, "a nurse reads");
    let (status, changed) = app.call_as(&lead, Method::PUT, path, put.clone()).await;
    assert_eq!((status, &changed["version"]), (StatusCode::OK, &json!(1)));
    let (status, problem) = app.call_as(&lead, Method::PUT, path, put).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(problem["detail"].as_str().unwrap().contains("changed by lead"), "{problem}");
    let wrong = json!({"version": 1, "items": [{"text": "Itching"}, {"text": ""}]});
    let (status, problem) = app.call_as(&lead, Method::PUT, path, wrong).await;
    assert_eq!(
        (status, &problem["field"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("items[1].text"))
    );
    assert_eq!(
        app.call(Method::GET, "/api/v1/lists/wines", Value::Null).await.0,
        StatusCode::NOT_FOUND
    );
    app.kill();
    app.run().await;
    assert_eq!(app.get(path).await["items"], json!([{"text": "Itching"}]));
}
