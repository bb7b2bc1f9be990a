//! Somebody calls for help, nobody comes, and the program dies at each stage of what follows; and
//! who is told first and second.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::app::App;

/// The one alert of room 1.
async fn call(app: &App) -> Value {
    let room = app.get("/api/v1/rooms/1").await;
    let alerts = room["alerts"].as_array().unwrap();
    alerts.iter().find(|alert| alert["condition"] == "help").unwrap().clone()
}

/// The stream's next word on the call that fits.
async fn heard(app: &App, fits: impl Fn(&Value) -> bool) -> Value {
    let mut stream = app.stream().await;
    let is_it = |alert: &Value| alert["condition"] == "help" && fits(alert);
    let frame = stream
        .until(|frame| {
            let of_room = frame["rooms"][0]["alerts"].as_array();
            is_it(&frame["alert"]) || of_room.is_some_and(|all| all.iter().any(&is_it))
        })
        .await;
    if frame["type"] == "alert" { frame["alert"].clone() } else { call(app).await }
}

#[tokio::test]
async fn kill_9_at_each_stage_loses_nothing_of_an_escalation() {
    let mut app = App::start().await;
    let prescriber = app.token(&["token", "add", "Dr Senn", "--role", "prescriber"]);
    let mut quick = app.get("/api/v1/profiles/ketamine-iv-adult").await;
    quick["name"] = json!("quick");
    quick["escalation"]["high"] = json!({"repeat_s": 5, "second_nurse_s": 10, "prescriber_s": 20});
    let path = "/api/v1/profiles/quick";
    let (status, put) = app.call_as(&prescriber, Method::PUT, path, quick).await;
    assert!(status.is_success(), "{put}");
    let session = json!({"patient": {"initials": "J.T."}, "profile": "quick"});
    app.post("/api/v1/rooms/1/sessions", session).await;
    let raised = app.post("/api/v1/rooms/1/help", json!({"priority": "high"})).await;
    assert_eq!((&raised["escalated"], &raised["priority"]), (&json!(0), &json!("high")));
    let at = |alert: &Value| alert["escalated_at"].as_i64().unwrap();
    let began = raised["raised_at"].as_i64().unwrap();
    // Screens do not wait for the disk; an answer to staff does, and what came before is there too.
    // A silence stops nobody from being called.
    let silence = format!("/api/v1/alerts/{}/silence", raised["id"].as_str().unwrap());

    app.kill();
    app.run().await;
    assert_eq!(call(&app).await["escalated"], 0);
    let second = heard(&app, |alert| alert["escalated"] == 1).await;
    assert!((10_000..13_000).contains(&(at(&second) - began)), "{second}");
    app.post(&silence, json!({"seconds": 120})).await;

    app.kill();
    app.run().await;
    assert_eq!(call(&app).await["escalated_at"], second["escalated_at"]);
    let third = heard(&app, |alert| alert["escalated"] == 2).await;
    assert!((20_000..23_000).contains(&(at(&third) - began)), "{third}");
    app.post(&silence, json!({"seconds": 120})).await;

    app.kill();
    app.run().await;
    let known = call(&app).await;
    assert_eq!((&known["escalated"], &known["escalated_at"]), (&json!(2), &third["escalated_at"]));
    let id = known["id"].as_str().unwrap().to_owned();
    app.post(&format!("/api/v1/alerts/{id}/acknowledge"), json!({})).await;

    app.kill();
    app.run().await;
    let taken = call(&app).await;
    assert!(taken["acknowledged"]["by"].is_string(), "{taken}");
    assert_eq!(taken["state"], "active");
    app.post(&format!("/api/v1/alerts/{id}/outcome"), json!({"outcome": "other"})).await;
    let over = app.get(&format!("/api/v1/alerts/{id}")).await;
    assert_eq!((&over["state"], &over["outcome"]), (&json!("resolved"), &json!("other")));
    assert!(app.command(&["verify"], "").status.success());
}

#[tokio::test]
async fn help_is_called_in_any_room_and_a_wrong_call_is_told_what_is_wrong() {
    let app = App::start().await;
    let mut stream = app.stream().await;
    stream.until_type("snapshot").await;
    let raised = app.post("/api/v1/rooms/2/help", json!({"priority": "medium"})).await;
    assert_eq!((&raised["room"], &raised["session"]), (&json!("2"), &Value::Null));
    let frame = stream.until(|frame| frame["alert"]["condition"] == "help").await;
    assert_eq!(frame["alert"]["id"], raised["id"]);
    stream.say(json!({"type": "received", "alert": raised["id"]})).await;
    let again = app.post("/api/v1/rooms/2/help", json!({"priority": "medium"})).await;
    assert_eq!(again["id"], raised["id"], "the same call twice is one");
    let graver = app.post("/api/v1/rooms/2/help", json!({"priority": "high"})).await;
    assert_eq!((&graver["id"], &graver["priority"]), (&raised["id"], &json!("high")));
    for (body, status) in [
        (json!({"priority": "low"}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({}), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"priority": "high", "why": "x"}), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let (got, problem) = app.call(Method::POST, "/api/v1/rooms/2/help", body.clone()).await;
        assert_eq!(got, status, "{body} {problem}");
    }
    let body = json!({"priority": "high"});
    let (status, _) = app.call(Method::POST, "/api/v1/rooms/99/help", body.clone()).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
    let display = app.token(&["token", "add", "wall", "--role", "display"]);
    let (status, _) = app.call_as(&display, Method::POST, "/api/v1/rooms/2/help", body).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
}

fn add_nurse(app: &App, name: &str, initials: &str) {
    let args = ["staff", "add", name, "--role", "nurse", "--initials", initials];
    let args = [&args[..], &["--password-stdin"]].concat();
    assert!(app.command(&args, "purple monkey\n").status.success());
}

#[tokio::test]
async fn rooms_are_assigned_and_a_break_is_ones_own() {
    let mut app = App::start().await;
    add_nurse(&app, "Karla Maier", "KM");
    add_nurse(&app, "Toma Juric", "TJ");
    let lead = app.token(&["token", "add", "Lena Lead", "--role", "lead"]);
    let path = "/api/v1/assignments";
    let mut stream = app.stream().await;
    let snapshot = stream.until_type("snapshot").await;
    let nobody = json!({"nurse": null, "backup": null, "first": null, "second": null});
    assert_eq!(snapshot["rooms"][0]["staff"], nobody);
    let to = |room: &str, nurse: Value, backup: Value| json!({"assignments": [{"room": room, "nurse": nurse, "backup": backup}]});
    let (status, put) = app.call(Method::PUT, path, to("1", json!("km"), json!("TJ"))).await;
    assert_eq!(status, StatusCode::OK, "{put}");
    let staff = json!({"nurse": "KM", "backup": "TJ", "first": "KM", "second": "TJ"});
    let frame = stream.until(|frame| frame["staff"] == staff).await;
    assert_eq!((&frame["type"], &frame["room"]), (&json!("room"), &json!("1")));
    let initials: Vec<_> =
        put["people"].as_array().unwrap().iter().map(|one| one["initials"].clone()).collect();
    assert_eq!(initials, ["KM", "TJ"]);

    let on_break = |who: &str, is: bool| json!({"people": [{"initials": who, "on_break": is}]});
    let (status, problem) = app.call(Method::PUT, path, on_break("KM", true)).await;
    assert_eq!(status, StatusCode::CONFLICT, "{problem}");
    let why = "A break is one's own: KM says so, or a lead does.";
    assert_eq!(problem["detail"], why);
    let (status, _) = app.call_as(&lead, Method::PUT, path, on_break("KM", true)).await;
    assert_eq!(status, StatusCode::OK);
    let frame = stream.until(|frame| frame["staff"]["first"] == "TJ").await;
    assert_eq!(frame["staff"]["second"], Value::Null);

    app.kill();
    app.run().await;
    let room = app.get("/api/v1/rooms/1").await;
    assert_eq!((&room["staff"]["nurse"], &room["staff"]["first"]), (&json!("KM"), &json!("TJ")));
    let known = app.get(path).await;
    assert_eq!(known["people"][0]["on_break"], true);
    assert!(known["people"][0]["on_break_since"].is_i64());

    // Whoever takes rooms over has them, and is there.
    let given = json!({"rooms": ["1", "2"], "to": "KM"});
    let (status, done) = app.call_as(&lead, Method::POST, "/api/v1/handovers", given).await;
    assert_eq!(status, StatusCode::CREATED, "{done}");
    for room in ["1", "2"] {
        let room = app.get(&format!("/api/v1/rooms/{room}")).await;
        assert_eq!(room["staff"]["first"], "KM", "{room}");
    }

    for (body, status) in [
        (to("1", json!("ZZ"), Value::Null), StatusCode::CONFLICT),
        (to("1", json!("KM"), json!("KM")), StatusCode::CONFLICT),
        (to("99", json!("KM"), Value::Null), StatusCode::NOT_FOUND),
        (to("1", json!(""), Value::Null), StatusCode::UNPROCESSABLE_ENTITY),
        (json!({"assignments": [{"room": "1"}, {"room": "1"}]}), StatusCode::UNPROCESSABLE_ENTITY),
        (
            json!({"people": vec![json!({"initials": "KM", "on_break": true}); 101]}),
            StatusCode::UNPROCESSABLE_ENTITY,
        ),
    ] {
        let (got, problem) = app.call_as(&lead, Method::PUT, path, body.clone()).await;
        assert_eq!(got, status, "{body} {problem}");
    }
    let (_, put) = app.call(Method::PUT, path, to("1", Value::Null, Value::Null)).await;
    assert_eq!(put["assignments"][0]["nurse"], Value::Null);

    // Somebody who may no longer sign in is told nothing.
    assert!(app.command(&["staff", "disable", "Karla Maier"], "").status.success());
    let mut stream = app.stream().await;
    let is_gone = |frame: &Value| frame["room"] == "2" && frame["staff"]["first"].is_null();
    let is_gone_from = |frame: &Value| frame["rooms"][1]["staff"]["first"] == Value::Null;
    let frame = stream
        .until(|frame| is_gone(frame) || frame["type"] == "snapshot" && is_gone_from(frame))
        .await;
    assert!(frame.is_object());
}
