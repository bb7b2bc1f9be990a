//! After the session: it moves, is signed off and added to, and the next shift gets the rooms.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::app::App;
use super::day::Visit;
use super::hl7::Monitor;

async fn day(app: &App) -> Value {
    app.get("/api/v1/days/today").await
}

fn of_day<'a>(day: &'a Value, session: &str) -> &'a Value {
    let sessions = day["sessions"].as_array().unwrap();
    sessions.iter().find(|listed| listed["id"] == session).unwrap()
}

#[tokio::test]
async fn a_session_is_signed_off_once_and_what_is_added_later_says_so() {
    let app = App::start().await;
    let nurse = app.program_token.clone();
    let other = app.token(&["token", "add", "Toma Juric", "--role", "nurse"]);
    let visit = Visit::infusing(&app, "1").await;
    let sign = json!({"type": "sign_off"});
    let (why, _) = visit.refused(&nurse, sign.clone()).await;
    assert!(why.starts_with("A session is signed off once it is over."), "{why}");
    visit.does(&nurse, json!({"type": "abort", "reason": "feels unwell"})).await;
    let listed = day(&app).await;
    let unsigned = of_day(&listed, &visit.id)["unsigned"].to_string();
    assert!(unsigned.contains("not_signed_off"), "{unsigned}");

    visit.does(&other, json!({"type": "note", "text": "forgot: 250 mL <b>"})).await;
    let both = tokio::join!(visit.tries(&nurse, sign.clone()), visit.tries(&other, sign.clone()));
    let (won, lost) = if both.0.0 == StatusCode::CREATED { both } else { (both.1, both.0) };
    assert_eq!(
        (won.0, lost.0),
        (StatusCode::CREATED, StatusCode::CONFLICT),
        "{} {}",
        won.1,
        lost.1
    );
    let by = won.1["signed_off"]["by"].as_str().unwrap().to_owned();
    let why = lost.1["detail"].as_str().unwrap();
    assert_eq!(why, format!("{by} has already signed off this session."));
    let open = won.1["signed_off"]["open"].clone();
    assert!(open.to_string().contains("limits_not_approved"), "{open}");

    visit.does(&other, json!({"type": "note", "text": "was 300 mL"})).await;
    let session = visit.now().await;
    assert_eq!(session["signed_off"]["by"], by.as_str());
    let added: Vec<_> = session["addenda"].as_array().unwrap().iter().collect();
    let said = |n: usize| (&added[n]["text"], &added[n]["after_sign_off"]);
    assert_eq!(said(0), (&json!("forgot: 250 mL <b>"), &json!(false)));
    assert_eq!(said(1), (&json!("was 300 mL"), &json!(true)));
    let listed = day(&app).await;
    let listed = of_day(&listed, &visit.id);
    assert!(!listed["unsigned"].to_string().contains("not_signed_off"), "{listed}");
    assert_eq!(
        (&listed["signed_off"]["by"], &listed["added_after_sign_off"]),
        (&json!(by), &json!(1))
    );
    let (status, _) = visit.tries(&nurse, json!({"type": "pause"})).await;
    assert_eq!(status, StatusCode::CONFLICT, "a session that is over takes nothing else");
}

#[tokio::test]
async fn rooms_are_handed_over_to_somebody_of_the_staff_by_somebody_who_is_known() {
    let app = App::start().await;
    let args = ["staff", "add", "Toma Juric", "--role", "nurse", "--initials", "TJ"];
    let args = [&args[..], &["--password-stdin"]].concat();
    assert!(app.command(&args, "purple monkey\n").status.success());
    let visit = Visit::infusing(&app, "1").await;
    let hand = |rooms: Value, to: &str| json!({"rooms": rooms, "to": to});
    let post = async |body: Value| app.call(Method::POST, "/api/v1/handovers", body).await;
    for (body, field) in [
        (hand(json!([]), "TJ"), "rooms"),
        (hand(json!(["1", "1"]), "TJ"), "rooms[1]"),
        (hand(json!(["1"]), ""), "to"),
    ] {
        let (status, problem) = post(body).await;
        assert_eq!(
            (status, &problem["field"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!(field)),
            "{problem}"
        );
    }
    let (status, problem) = post(hand(json!(["1"]), "ZZ")).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert_eq!(problem["detail"], "Nobody on the staff has the initials ZZ.");
    let (status, _) = post(hand(json!(["99"]), "TJ")).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let (status, given) = post(hand(json!(["1", "2"]), "TJ")).await;
    assert_eq!(status, StatusCode::CREATED, "{given}");
    assert_eq!((&given["to"], &given["rooms"][0]["session"]), (&json!("TJ"), &json!(visit.id)));
    assert_eq!(given["rooms"][0]["phase"], "infusing");
    assert_eq!(given["rooms"][1]["session"], Value::Null);
    let listed = day(&app).await;
    assert_eq!(listed["hand_overs"].as_array().unwrap().len(), 1, "{listed}");
    assert_eq!(listed["hand_overs"][0]["rooms"], given["rooms"]);
}

fn adt(event: &str, ids: &str, born: &str, rest: &str) -> String {
    format!(
        "MSH|^~\\&|HIS|WEST|||||ADT^{event}|{event}{}|P|2.5\r\
         PID|1||{ids}||Quill^Testa||{born}|F\r{rest}",
        ids.len()
    )
}

#[tokio::test]
async fn a_transfer_of_the_hospital_offers_a_room_and_a_nurse_moves_the_session() {
    let mut app = App::start().await;
    let mut hospital = Monitor::connect(app.hl7, "-").await;
    hospital.ask(&adt("A01", "4711^^^WEST", "19800229", "PV1|1|O|INF^1\r")).await;
    let listed = app.get("/api/v1/patients?arrived=today").await;
    assert_eq!(listed["patients"][0]["offered_room"], "1", "to be checked in there");
    let body = json!({"patient": {"identity": listed["patients"][0]["identity"]}});
    let session = app.post("/api/v1/rooms/1/sessions", body).await;
    hospital.ask(&adt("A02", "4711^^^WEST", "19800229", "PV1|1|O|INF^2\r")).await;
    let listed = app.get("/api/v1/patients?arrived=today").await;
    let patient = &listed["patients"][0];
    assert_eq!(
        (&patient["session"]["id"], &patient["session"]["room"]),
        (&session["id"], &json!("1"))
    );
    assert_eq!(patient["offered_room"], "2");
    assert_eq!(app.get("/api/v1/rooms/1").await["session"]["id"], session["id"], "nobody moved it");
    let somebody = json!({"patient": {"initials": "A.B."}});
    let in_the_way = app.post("/api/v1/rooms/2/sessions", somebody).await;
    let listed = app.get("/api/v1/patients?arrived=today").await;
    assert_eq!(listed["patients"][0]["offered_room"], Value::Null, "somebody is there");
    let aborted = json!({"type": "abort", "reason": "not today"});
    let path = format!("/api/v1/sessions/{}/events", in_the_way["id"].as_str().unwrap());
    app.post(&path, aborted).await;
    let path = format!("/api/v1/sessions/{}/events", session["id"].as_str().unwrap());
    let moved = json!({"type": "move", "room": "2"});
    let (status, answer) = app.call(Method::POST, &path, moved.clone()).await;
    assert_eq!((status, &answer["room"]), (StatusCode::CREATED, &json!("2")), "{answer}");
    let (status, problem) = app.call(Method::POST, &path, moved).await;
    assert_eq!(status, StatusCode::CONFLICT);
    assert!(
        problem["detail"].as_str().unwrap().contains("is already in Room 2, moved by"),
        "{problem}"
    );
    let (status, _) =
        app.call(Method::POST, &path, json!({"type": "move", "room": "nowhere"})).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    app.kill();
    app.run().await;
    let listed = app.get("/api/v1/patients?arrived=today").await;
    let patient = &listed["patients"][0];
    assert_eq!(
        (&patient["session"]["room"], &patient["offered_room"]),
        (&json!("2"), &Value::Null)
    );
}

#[tokio::test]
async fn two_patients_who_are_one_have_both_histories_and_both_numbers_find_them() {
    let mut app = App::start().await;
    let nurse = app.program_token.clone();
    let mut hospital = Monitor::connect(app.hl7, "-").await;
    let identity = |number: &str, family: &str, born: &str| {
        json!({"patient": {"identity": {"family": family, "given": "Testa", "birth_date": born,
            "ids": [{"number": number, "authority": "WEST"}]}}})
    };
    let mut ids = Vec::new();
    for (number, family, born) in
        [("1", "Quill", "1980-02-29"), ("2", "Quil", "1980-02-29"), ("3", "Wren", "1990-01-01")]
    {
        let body = identity(number, family, born);
        let session = app.post("/api/v1/rooms/1/sessions", body).await;
        let path =
            format!("/api/v1/patients/{}/courses", session["patient"]["id"].as_str().unwrap());
        app.post(&path, json!({"profile": "ketamine-iv-adult", "planned": 6})).await;
        let visit = Visit::of(&app, session["id"].as_str().unwrap());
        let accept = json!({"type": "accept_baseline", "systolic": 120, "diastolic": 75});
        visit.does(&nurse, json!({"type": "check_in"})).await;
        visit.does(&nurse, accept).await;
        visit.does(&nurse, json!({"type": "note", "text": "likes music"})).await;
        visit.does(&nurse, json!({"type": "abort"})).await;
        ids.push(session["patient"]["id"].as_str().unwrap().to_owned());
    }
    let merge = |remains: &str, other: &str| {
        let pid = format!("{remains}^^^WEST");
        format!("{}MRG|{other}^^^WEST\r", adt("A40", &pid, "", "").replace("Quill^Testa", ""))
    };
    let answer = hospital.ask(&merge("1", "2")).await;
    assert!(answer.contains("MSA|AA"), "{answer}");
    hospital.ask(&merge("1", "3").replace("A40|A40", "A40|A41")).await;
    app.kill();
    app.run().await;
    let (status, _) =
        app.call(Method::GET, &format!("/api/v1/patients/{}", ids[1]), Value::Null).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "it is the other one");
    let shown = app.get(&format!("/api/v1/patients/{}", ids[0])).await;
    assert_eq!(shown["sessions"].as_array().unwrap().len(), 2, "{shown}");
    assert_eq!(shown["courses"].as_array().unwrap().len(), 2);
    assert!(
        shown["courses"]
            .as_array()
            .unwrap()
            .iter()
            .all(|course| course["patient"] == ids[0].as_str())
    );
    let wren = app.get(&format!("/api/v1/patients/{}", ids[2])).await;
    assert_eq!(
        wren["sessions"].as_array().unwrap().len(),
        1,
        "another birth date is another person"
    );
    let again = app.post("/api/v1/rooms/1/sessions", identity("2", "Quill", "1980-02-29")).await;
    assert_eq!(again["patient"]["id"], ids[0].as_str(), "the old number finds them");
    let last = &again["patient"]["last"];
    assert_eq!(last["suggested_baseline"]["systolic"], 120);
    assert_eq!(last["remarks"][0]["text"], "likes music");
    assert_eq!(again["baseline"], Value::Null, "nothing is taken unasked");
    app.kill();
    app.run().await;
    let after = app.get(&format!("/api/v1/sessions/{}", again["id"].as_str().unwrap())).await;
    assert_eq!(after["patient"], again["patient"]);
}
