//! The record over HTTP and by the command.

use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::app::{App, run, text};
use crate::as_rows::rows_of;

const FORMS: [(&str, &str); 8] = [
    ("record.html", "text/html"),
    ("record.pdf", "application/pdf"),
    ("record.json", "application/json"),
    ("record.csv", "text/csv"),
    ("record.csv?table=alerts", "text/csv"),
    ("record.svg", "image/svg+xml"),
    ("record.png", "image/png"),
    ("fhir", "application/fhir+json"),
];

/// An infusion with an alert that somebody took.
async fn treated(app: &App) -> String {
    let token = app.add_device("mon-1", "1");
    let session = app.infuse("1").await;
    app.reading(
        &token,
        1,
        json!([{"vital": "spo2", "value": 97}, {"vital": "pulse_rate", "value": 70}]),
    )
    .await;
    app.reading(&token, 2, json!([{"vital": "nibp", "systolic": 204, "diastolic": 112}])).await;
    let alert = format!("{session}-a1");
    app.post(&format!("/api/v1/alerts/{alert}/acknowledge"), json!({})).await;
    let outcome = json!({"outcome": "clinician_called", "note": "came at once"});
    app.post(&format!("/api/v1/alerts/{alert}/outcome"), outcome).await;
    session
}

async fn fetch(app: &App, token: &str, path: &str) -> (StatusCode, String, String) {
    let request = reqwest::Client::new().get(app.url(path)).bearer_auth(token);
    let answered = crate::app::send(request).await;
    let kind = answered.headers.get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
    (answered.status, kind.unwrap_or_default(), answered.text)
}

#[tokio::test]
async fn staff_read_a_record_in_every_form_and_displays_in_none() {
    let app = App::start().await;
    let session = treated(&app).await;
    let wall = app.token(&["token", "add", "wall", "--role", "display"]);
    for (form, kind) in FORMS {
        let path = format!("/api/v1/sessions/{session}/{form}");
        let (status, got, body) = fetch(&app, &app.program_token, &path).await;
        assert_eq!(status, StatusCode::OK, "{form}: {body:.300}");
        assert!(got.starts_with(kind), "{form}: {got}");
        assert!(!body.is_empty());
        let (status, _, body) = fetch(&app, wall.trim(), &path).await;
        assert_eq!(status, StatusCode::FORBIDDEN, "{form}");
        assert!(!body.replace(&session, "").contains("204"));
    }
    let record = app.get(&format!("/api/v1/sessions/{session}/record.json")).await;
    let alert = &record["alerts"][0];
    assert_eq!((&alert["id"], &alert["worst"]), (&json!("a1"), &json!(204)));
    assert_eq!(alert["outcome"]["note"], "came at once");
    assert_eq!(alert["taken"][0]["by"], alert["outcome"]["by"]);
    assert_eq!(record["lacks"][0]["kind"], "running");
    let shown = app.get(&format!("/api/v1/sessions/{session}")).await;
    for (vital, of) in [
        ("systolic", "highest"),
        ("diastolic", "highest"),
        ("heart_rate", "highest"),
        ("spo2", "lowest"),
    ] {
        assert_eq!(record["summary"][vital][of]["value"], shown["peak"][vital], "{vital}");
    }
    let (status, _, body) =
        fetch(&app, &app.program_token, "/api/v1/sessions/none/record.json").await;
    assert_eq!(status, StatusCode::NOT_FOUND, "{body}");
}

#[tokio::test]
async fn the_command_writes_the_record_of_a_session_and_of_its_recording() {
    let mut app = App::start().await;
    let session = treated(&app).await;
    let file = |name: &str| app.folder.path().join(name).display().to_string();
    let (page, recording, again) = (file("s.html"), file("s.ndjson"), file("again.json"));
    let made = app.command(&["report", &session, "-o", &page], "");
    assert!(made.status.success(), "{}", text(&made.stderr));
    assert!(std::fs::read_to_string(&page).unwrap().contains("Session record"));
    let data = file("s.json");
    assert!(app.command(&["report", &session, "-o", &data], "").status.success());
    assert!(app.command(&["export", &session, "-o", &recording], "").status.success());
    let made = run(&["report", &recording, "-o", &again]);
    assert!(made.status.success(), "{}", text(&made.stderr));
    let read = |file: &str| {
        serde_json::from_str::<Value>(&std::fs::read_to_string(file).unwrap()).unwrap()
    };
    let (of_session, of_recording) = (read(&data), read(&again));
    for part in ["pressures", "trends", "summary", "alerts", "events", "phases", "limits", "table"]
    {
        assert_eq!(of_session[part], of_recording[part], "{part}");
    }
    for (ending, begins) in [("pdf", &b"%PDF-"[..]), ("png", b"\x89PNG"), ("fhir.json", b"{")] {
        for of in [&session, &recording] {
            let name = file(&format!("s.{ending}"));
            let made = app.command(&["report", of, "-o", &name], "");
            assert!(made.status.success(), "{ending}: {}", text(&made.stderr));
            assert!(std::fs::read(&name).unwrap().starts_with(begins), "{ending}");
        }
    }
    let form = file("s.rems.html");
    for (args, why) in [
        (["report", session.as_str(), "-o", form.as_str()], "is for esketamine; this session is"),
        (["report", recording.as_str(), "-o", form.as_str()], "is for esketamine"),
        (["report", "none", "-o", page.as_str()], "there is no session"),
        (["report", session.as_str(), "-o", "s.docx"], "ends in .html"),
        (["report", "gone.ndjson", "-o", page.as_str()], "no such recording"),
    ] {
        let failed = app.command(&args, "");
        assert!(!failed.status.success());
        assert!(text(&failed.stderr).contains(why), "{}", text(&failed.stderr));
    }
    app.terminate();
}

/// Over HTTP and by the command: who signed, and what was added.
#[tokio::test]
async fn a_record_has_who_signed_it_and_what_was_added_before_and_after() {
    let mut app = App::start().await;
    let session = treated(&app).await;
    let path = format!("/api/v1/sessions/{session}/events");
    let record =
        async |app: &App| app.get(&format!("/api/v1/sessions/{session}/record.json")).await;
    let open = |record: &Value| record["open"].to_string();
    app.post(&path, json!({"type": "abort", "reason": "feels unwell"})).await;
    app.post(&path, json!({"type": "note", "text": "forgot: 250 mL <b>"})).await;
    let unsigned = record(&app).await;
    assert_eq!(
        (&unsigned["signatures"], open(&unsigned).contains("Signature")),
        (&json!([]), true)
    );
    let signed = app.post(&path, json!({"type": "sign_off"})).await["signed_off"].clone();
    let first = record(&app).await;
    let signature = &first["signatures"][0];
    for part in ["by", "name", "at", "open"] {
        assert_eq!(signature[part], signed[part], "{part}");
    }
    assert_eq!(signature["changed_since"], false);
    assert!(!open(&first).contains("Signature"), "{}", open(&first));
    app.post(&path, json!({"type": "note", "text": "was 300 mL"})).await;

    let last = record(&app).await;
    assert_eq!(last["signatures"][0]["changed_since"], true);
    let added: Vec<_> = last["addenda"].as_array().unwrap().iter().collect();
    let said = |n: usize| (&added[n]["text"], &added[n]["after_sign_off"]);
    assert_eq!(said(0), (&json!("forgot: 250 mL <b>"), &json!(false)));
    assert_eq!(said(1), (&json!("was 300 mL"), &json!(true)));
    let page = format!("/api/v1/sessions/{session}/record.html");
    let (_, _, page) = fetch(&app, &app.program_token, &page).await;
    assert!(page.contains("forgot: 250 mL &lt;b&gt;") && page.contains("after sign-off"));
    assert!(page.contains("changed since"));
    let file = app.folder.path().join("s.json").display().to_string();
    assert!(app.command(&["report", &session, "-o", &file], "").status.success());
    let told: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!((&told["signatures"], &told["addenda"]), (&last["signatures"], &last["addenda"]));
    app.terminate();
}

#[tokio::test]
async fn an_entry_that_was_changed_in_the_store_is_named_in_the_record() {
    let mut app = App::start().await;
    let session = treated(&app).await;
    let whole = app.get(&format!("/api/v1/sessions/{session}/record.json")).await;
    assert_eq!(app.terminate(), Some(0));
    let mut connection = rows_of(&app.data_dir()).await;
    let changed = sqlx::query(
        "UPDATE entries SET body = replace(body, '204', '104') WHERE body LIKE '%\"systolic\":204%' AND chain = 'room/1' AND frame_key IS NOT NULL",
    );
    assert_eq!(changed.execute(&mut connection).await.unwrap().rows_affected(), 1);
    drop(connection);
    app.run().await;
    let record = app.get(&format!("/api/v1/sessions/{session}/record.json")).await;
    let lacks: Vec<_> = record["lacks"].as_array().unwrap().iter().collect();
    assert!(lacks.iter().any(|lack| lack["kind"] == "damaged"), "{lacks:?}");
    assert!(whole["lacks"].as_array().unwrap().iter().all(|lack| lack["kind"] != "damaged"));
    assert_eq!(record["alerts"][0]["outcome"], whole["alerts"][0]["outcome"], "the rest is there");
}

/// As above, but the database itself cannot read what is there.
#[tokio::test]
async fn entries_that_cannot_be_read_from_the_store_are_said_and_the_rest_is_there() {
    let mut app = App::start().await;
    let session = treated(&app).await;
    let whole = app.get(&format!("/api/v1/sessions/{session}/record.json")).await;
    assert_eq!(app.terminate(), Some(0));
    let mut connection = rows_of(&app.data_dir()).await;
    let changed = sqlx::query(
        "UPDATE entries SET body = CAST(x'ff' AS TEXT) WHERE body LIKE '%\"spo2\"%' AND chain = 'room/1' AND frame_key IS NOT NULL",
    );
    assert_eq!(changed.execute(&mut connection).await.unwrap().rows_affected(), 1);
    drop(connection);
    app.run().await;
    let record = app.get(&format!("/api/v1/sessions/{session}/record.json")).await;
    let said = "1 stored entry is unreadable";
    let lack = &record["lacks"][0];
    assert_eq!(lack["kind"], "damaged");
    assert!(lack["text"].as_str().unwrap().starts_with(said), "{lack}");
    assert_eq!(record["pressures"], whole["pressures"], "the rest is there");
    assert_eq!(record["alerts"][0]["outcome"], whole["alerts"][0]["outcome"]);
    for (form, kind) in FORMS {
        let path = format!("/api/v1/sessions/{session}/{form}");
        let (status, got, body) = fetch(&app, &app.program_token, &path).await;
        assert_eq!((status, got.starts_with(kind)), (StatusCode::OK, true), "{form}: {body:.300}");
        if ["record.html", "fhir"].contains(&form) {
            assert!(body.contains(said), "{form}");
        }
    }
    // The entry that opened it, too: of whom, from where and by which limits is said to be unknown.
    let events = format!("/api/v1/sessions/{session}/events");
    app.post(&events, json!({"type": "abort", "reason": "feels unwell"})).await;
    // A room begins again with its last state, which is that of another session.
    app.infuse("1").await;
    assert_eq!(app.terminate(), Some(0));
    let mut connection = rows_of(&app.data_dir()).await;
    let opening = sqlx::query(
        "UPDATE entries SET hash = x'00' WHERE chain = 'room/1' AND seq = (SELECT opened_seq FROM sessions WHERE id = ?)",
    );
    let opening = opening.bind(&session).execute(&mut connection).await.unwrap();
    assert_eq!(opening.rows_affected(), 1);
    drop(connection);
    app.run().await;
    let record = app.get(&format!("/api/v1/sessions/{session}/record.json")).await;
    let lacks = record["lacks"].to_string();
    assert!(lacks.contains("The entry that opened the session cannot be read"), "{lacks}");
    assert!(lacks.contains("2 stored entries are unreadable"), "{lacks}");
    assert_eq!(record["pressures"], whole["pressures"], "the rest is there");
}

/// The list of sessions is a view of the chains, which know the session without it.
#[tokio::test]
async fn a_session_whose_row_in_the_list_is_damaged_has_a_record_that_says_so() {
    let mut app = App::start().await;
    let session = treated(&app).await;
    let events = format!("/api/v1/sessions/{session}/events");
    app.post(&events, json!({"type": "abort", "reason": "feels unwell"})).await;
    app.infuse("1").await;
    let whole = app.get(&format!("/api/v1/sessions/{session}/record.json")).await;
    assert_eq!(app.terminate(), Some(0));
    let url = format!("sqlite://{}", app.data_dir().join("dripwatch.db").display());
    let mut connection = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url).await.unwrap();
    let changed = sqlx::query("UPDATE sessions SET room = CAST(x'ff' AS TEXT) WHERE id = ?");
    let changed = changed.bind(&session).execute(&mut connection).await.unwrap();
    assert_eq!(changed.rows_affected(), 1);
    drop(connection);
    app.run().await;
    let record = app.get(&format!("/api/v1/sessions/{session}/record.json")).await;
    let lacks = record["lacks"].to_string();
    assert!(lacks.contains("Who signed the session off and what was added to it cannot be read"));
    for part in ["pressures", "events", "phases", "summary", "alerts"] {
        assert_eq!(record[part], whole[part], "{part}");
    }
    for part in ["session", "room", "ended_at", "patient", "profile"] {
        assert_eq!(record["header"][part], whole["header"][part], "{part}");
    }
}

#[tokio::test]
async fn the_rems_form_is_there_for_esketamine_and_refused_in_words_for_other_drugs() {
    let app = App::start().await;
    let ketamine = treated(&app).await;
    let opened = json!({"profile": "esketamine-nasal-adult", "patient": {"initials": "S.N."}});
    let opened = app.post("/api/v1/rooms/2/sessions", opened).await;
    let esketamine = opened["id"].as_str().unwrap().to_owned();
    let form = app.get(&format!("/api/v1/sessions/{esketamine}/rems")).await;
    assert_eq!((&form["session"], &form["is_over"]), (&json!(esketamine), &json!(false)));
    assert!(form["missing"].as_array().unwrap().contains(&json!("Dose")), "{form}");
    let page = format!("/api/v1/sessions/{esketamine}/rems.html");
    let (status, kind, body) = fetch(&app, &app.program_token, &page).await;
    assert_eq!((status, &*kind), (StatusCode::OK, "text/html; charset=utf-8"), "{body:.300}");
    assert!(body.contains("dripwatch does not submit it"));
    let wall = app.token(&["token", "add", "wall", "--role", "display"]);
    assert_eq!(fetch(&app, wall.trim(), &page).await.0, StatusCode::FORBIDDEN);
    for form in ["rems", "rems.html"] {
        let path = format!("/api/v1/sessions/{ketamine}/{form}");
        let (status, _, body) = fetch(&app, &app.program_token, &path).await;
        let problem: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, &problem["code"]), (StatusCode::CONFLICT, &json!("not_esketamine")));
        assert!(problem["detail"].as_str().unwrap().contains("for esketamine"), "{problem}");
    }
}
