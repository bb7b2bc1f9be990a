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
    assert!(problem["detail"].as_str().unwrap().contains("in room 1 already"), "{problem}");
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
