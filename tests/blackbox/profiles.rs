//! Profiles are data: put, approved, run by, and written in sentences; over HTTP and at the terminal.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::app::{App, run, send, text};

const MADE_UP: &str = include_str!("../../src/profile/tests/made-up.toml");
const PATH: &str = "/api/v1/profiles/made-up";

async fn put_toml(app: &App, token: &str, key: &str, toml: String) -> (StatusCode, Value) {
    let request = reqwest::Client::new().put(app.url(PATH)).bearer_auth(token);
    let request = request.header("content-type", "application/toml").header("idempotency-key", key);
    let answer = send(request.body(toml)).await;
    (answer.status, answer.json())
}

#[tokio::test]
async fn a_made_up_profile_is_put_and_a_session_alarms_by_its_numbers() {
    let app = App::start().await;
    let prescriber = app.token(&["token", "add", "dr", "--role", "prescriber"]);
    let nurse = &app.program_token;
    assert_eq!(put_toml(&app, nurse, "k0", MADE_UP.into()).await.0, StatusCode::FORBIDDEN);

    let slow = MADE_UP.replace("absolute = 91 }, for_s = 10", "absolute = 91 }, for_s = 3600");
    let slow = slow.replace("planned_s = 1800", "planned_s = 1");
    let (status, refused) = put_toml(&app, &prescriber, "k1", slow).await;
    assert_eq!(
        (status, &refused["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("refused_profile"))
    );
    assert_eq!(
        refused["problems"],
        json!([
            {"place": "planned_s", "line": 5, "what": "must be 60..=86400 s, got 1"},
            {"place": "conditions[0].rule.held.stages[1].for_s", "line": 25,
             "what": "must be 3..=30 s, got 3600"},
        ])
    );
    assert_eq!(app.call(Method::GET, PATH, Value::Null).await.0, StatusCode::NOT_FOUND);

    for _ in 0..2 {
        let kept = put_toml(&app, &prescriber, "k2", MADE_UP.into()).await;
        assert_eq!(kept, (StatusCode::OK, json!({"name": "made-up", "version": 1})));
    }
    let listed = app.get("/api/v1/profiles").await;
    let ours = listed["profiles"].as_array().unwrap().iter().find(|p| p["name"] == "made-up");
    let ours = ours.unwrap();
    assert_eq!((&ours["version"], &ours["approved"]), (&json!(1), &Value::Null));
    assert_eq!((&ours["changed"]["by"], &ours["shipped"]), (&json!("dr"), &json!(false)));

    let monitor = app.add_device("mon-2", "2");
    let session = json!({"patient": {"initials": "J.T."}, "profile": "made-up"});
    let opened = app.post("/api/v1/rooms/2/sessions", session).await;
    let events = format!("/api/v1/sessions/{}/events", opened["id"].as_str().unwrap());
    let start = json!({"type": "start", "override": {"reason": "seen by the prescriber"}});
    app.call_as(&prescriber, Method::POST, &events, start).await;
    // High here from 190 on; every shipped profile waits for 200.
    let nibp = json!([{"vital": "nibp", "systolic": 195, "diastolic": 80}]);
    app.reading(&monitor, 1, nibp).await;
    let alerts = app.get("/api/v1/alerts?state=open").await;
    let alerts = alerts["alerts"].as_array().unwrap();
    let alert = alerts.iter().find(|alert| alert["condition"] == "systolic_high").unwrap();
    assert_eq!((&alert["priority"], &alert["limit"]), (&json!("high"), &json!(190)));
    assert_eq!(alert["profile"], "made-up@1");
}

#[tokio::test]
async fn what_was_read_is_edited_put_as_json_and_approved_and_survives_a_restart() {
    let mut app = App::start().await;
    let prescriber = app.token(&["token", "add", "dr", "--role", "prescriber"]);
    let path = "/api/v1/profiles/iron-iv";
    let shipped = app.get(path).await;
    let version = shipped["version"].as_u64().unwrap();
    let mut edited = shipped.clone();
    edited["title"] = json!("Iron, our way");
    let put = async |body: Value| app.call_as(&prescriber, Method::PUT, path, body).await;
    let kept = json!({"name": "iron-iv", "version": version + 1});
    assert_eq!(put(edited.clone()).await, (StatusCode::OK, kept));
    let mut other = edited.clone();
    other["name"] = json!("iron");
    let (status, refused) = put(other).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(refused["problems"][0]["place"], "name");

    let approve = async |version: u64| {
        let path = format!("{path}/approve");
        app.call_as(&prescriber, Method::POST, &path, json!({"version": version})).await
    };
    let (status, problem) = approve(version).await;
    assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("not_now")));
    let (status, approved) = approve(version + 1).await;
    assert_eq!((status, &approved["approved"]["by"]), (StatusCode::OK, &json!("dr")));

    app.kill();
    app.run().await;
    let now = app.get(path).await;
    assert_eq!((&now["title"], &now["approved"]["by"]), (&json!("Iron, our way"), &json!("dr")));
    assert_eq!(app.get(&format!("{path}?version={version}")).await, shipped);
    let unknown = app.call(Method::GET, &format!("{path}?version=99"), Value::Null).await;
    assert_eq!(unknown.0, StatusCode::NOT_FOUND);

    let rules = app.get(&format!("{path}/rules")).await;
    assert_eq!((&rules["version"], &rules["approved"]["by"]), (&json!(version + 1), &json!("dr")));
    let first = &rules["sections"][0];
    assert_eq!(
        (&first["condition"], &first["kind"]),
        (&json!("spo2_low"), &json!("physiological"))
    );
    assert_eq!(first["stages"][0]["name"], "caution");
}

#[tokio::test]
async fn the_command_line_does_the_same_beside_a_server_and_without_one() {
    let mut app = App::start().await;
    let file = app.folder.path().join("ours.toml");
    let name = file.to_str().unwrap();
    std::fs::write(
        &file,
        MADE_UP.replace("\"medium\", after_s = 20", "\"medium\", after_s = 3600"),
    )
    .unwrap();
    let bad = run(&["profiles", "check", name]);
    assert_eq!(bad.status.code(), Some(1));
    let lines = text(&bad.stdout);
    assert!(
        lines.contains("ours.toml line 131: conditions[8].rule.unwatched.stages[0].after_s: must be 5..=30 s, got 3600\n"),
        "{lines}"
    );
    let refused = app.command(&["profiles", "put", name], "");
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused.stderr).ends_with("Nothing was changed.\n"), "{}", text(&refused.stderr));

    std::fs::write(&file, MADE_UP).unwrap();
    assert!(run(&["profiles", "check", name]).status.success());
    let put = app.token(&["profiles", "put", name]);
    assert!(put.starts_with("made-up is now version 1, which nobody has approved yet"), "{put}");
    assert_eq!(app.get(PATH).await["version"], 1);
    assert_eq!(app.terminate(), Some(0));

    let shown = app.token(&["profiles", "show", "made-up", "--toml"]);
    std::fs::write(&file, shown.replace("Made up", "Made up again")).unwrap();
    app.token(&["profiles", "put", name]);
    let late = app.command(&["profiles", "approve", "made-up", "--version", "1"], "");
    assert_eq!(late.status.code(), Some(1));
    assert!(text(&late.stderr).contains("is 2, not 1"), "{}", text(&late.stderr));
    app.token(&["profiles", "approve", "made-up", "--version", "2", "--by", "Dr Bell"]);
    let rules = app.token(&["rules", "made-up"]);
    assert!(rules.contains("Profile `made-up`, version 2. Approved by Dr Bell on "), "{rules}");
    let unapproved = app.token(&["rules", "made-up", "--version", "1"]);
    assert!(unapproved.contains("**Nobody has approved this version.**"));
    let first: Value =
        serde_json::from_str(&app.token(&["profiles", "show", "made-up", "--version", "1"]))
            .unwrap();
    assert_eq!(first["title"], "Made up");

    app.run().await;
    let listed = app.token(&["profiles", "list"]);
    assert!(listed.contains("made-up"), "{listed}");
    assert_eq!(app.get(PATH).await["approved"]["by"], "Dr Bell");
}
