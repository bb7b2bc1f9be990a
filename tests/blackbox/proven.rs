//! The record proves itself: what is cut off it is named, and no other begins in its place.

use std::fs;
use std::path::Path;

use reqwest::StatusCode;
use serde_json::{Value, json};
use sqlx::Connection;

use super::app::{App, get, text};
use super::as_rows::rows_of;

const SERVE: [&str; 3] = ["serve", "--listen", "127.0.0.1:0"];

fn verify(app: &App) -> (Option<i32>, String) {
    let output = app.command(&["verify"], "");
    (output.status.code(), text(&output.stdout))
}

fn state(app: &App) -> Value {
    serde_json::from_slice(&app.command(&["verify", "--json"], "").stdout).unwrap()
}

fn seq_of(state: &Value, chain: &str) -> u64 {
    let chains = state["chains"].as_array().unwrap();
    chains.iter().find(|it| it["chain"] == chain).unwrap()["seq"].as_u64().unwrap()
}

async fn edited(folder: &Path, sql: String) {
    let mut raw = rows_of(folder).await;
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut raw).await.unwrap();
    raw.close().await.unwrap();
}

/// A server that has recorded something in rooms 1 and 2, and was stopped.
async fn recorded() -> App {
    let mut app = App::start().await;
    let token = app.add_device("mon-1", "1");
    app.infuse("1").await;
    app.infuse("2").await;
    for seq in 1..=20 {
        app.reading(&token, seq, json!([{"vital": "spo2", "value": 97}])).await;
    }
    assert_eq!(app.terminate(), Some(0));
    app
}

#[tokio::test]
async fn what_is_cut_off_the_record_is_named_with_its_room_and_time_also_after_the_next_start() {
    let mut app = recorded().await;
    let whole = state(&app);
    assert_eq!(whole["whole"], true, "{whole}");
    assert_eq!(whole["database"], json!({"whole": true, "faults": []}));
    let (one, two) = (seq_of(&whole, "room/1"), seq_of(&whole, "room/2"));
    let cut = format!("DELETE FROM entries WHERE chain = 'room/1' AND seq > {}", one - 5);
    edited(&app.data_dir(), cut).await;
    edited(&app.data_dir(), "DELETE FROM entries WHERE chain = 'room/2'".to_owned()).await;
    let one = format!("room/1: BROKEN, entries {} to {one} are missing, from 20", one - 4);
    let two = format!("room/2: BROKEN, entries 1 to {two} are missing\n");
    let is_named = |(code, said): (Option<i32>, String)| {
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains(&one) && said.contains(&two), "{said}");
    };
    is_named(verify(&app));
    // A ward without its server would be worse: it starts, says so, and keeps what is known.
    app.run().await;
    let metrics = get(app.url("/metrics")).await.text;
    assert!(metrics.contains("dripwatch_chain_entries{chain=\"room/1\"}"), "{metrics}");
    let (code, said) = verify(&app);
    assert_eq!(code, Some(1), "{said}");
    for chain in ["room/1: BROKEN, ", "room/2: BROKEN, "] {
        assert!(said.contains(chain), "{said}");
    }
    // Somebody who knows goes on.
    let accepted = app.command(&["verify", "--accept"], "");
    assert!(accepted.status.success(), "{}", text(&accepted.stdout));
    assert_eq!(verify(&app).0, Some(0));
    assert_eq!(app.terminate(), Some(0));
    assert_eq!(verify(&app).0, Some(0));
}

#[tokio::test]
async fn a_server_whose_record_was_cut_off_starts_all_the_same_and_says_so() {
    let mut app = recorded().await;
    let last = seq_of(&state(&app), "room/1");
    let cut = format!("DELETE FROM entries WHERE chain = 'room/1' AND seq > {}", last - 5);
    edited(&app.data_dir(), cut).await;
    app.run().await;
    assert!(app.log().contains("the record ends earlier than it did"), "{}", app.log());
    assert_eq!(get(app.url("/readyz")).await.status, StatusCode::OK);
    let expected = format!("room/1: BROKEN, entries {} to {last} are missing, from 20", last - 4);
    for is_running in [true, false] {
        let (code, said) = verify(&app);
        assert!(code == Some(1) && said.contains(&expected), "{said}");
        if is_running {
            assert_eq!(app.terminate(), Some(0));
        }
    }
}

#[tokio::test]
async fn what_is_taken_from_the_lists_is_missed_and_the_audit_made_anew() {
    let mut app = App::start().await;
    let token = app.add_device("mon-1", "1");
    app.infuse("1").await;
    app.reading(&token, 1, json!([{"vital": "spo2", "value": 97}])).await;
    app.post("/api/v1/rooms/1/help", json!({"priority": "high"})).await;
    app.add_staff("Kim", "nurse", "correct horse battery");
    assert_eq!(app.terminate(), Some(0));
    let told = |name: &str| {
        let state = state(&app);
        let view = state["views"].as_array().unwrap().iter().find(|view| view["view"] == name);
        let view = view.unwrap();
        ["told", "missing", "different"].map(|key| view[key].as_u64().unwrap())
    };
    for name in ["audit", "sessions", "alerts"] {
        let [of, missing, different] = told(name);
        assert!(of > 0 && missing + different == 0, "{name}: {}", state(&app));
    }
    for table in ["audit", "sessions", "alerts"] {
        edited(&app.data_dir(), format!("DELETE FROM {table}")).await;
    }
    let (code, said) = verify(&app);
    assert_eq!(code, Some(1), "{said}");
    for table in ["audit", "sessions", "alerts"] {
        assert!(said.contains(&format!("{table}: BROKEN, of ")), "{said}");
        assert_eq!(told(table)[0], told(table)[1]);
    }
    assert_eq!(app.command(&["verify", "--rebuild"], "").status.code(), Some(1));
    assert_eq!((told("audit")[1], told("sessions")[1]), (0, 1));
}

#[tokio::test]
async fn a_record_without_what_says_how_far_it_reaches_is_not_taken_for_a_new_clinic() {
    let mut app = recorded().await;
    let heads = app.data_dir().join("dripwatch.heads");
    let kept = fs::read(&heads).unwrap();
    fs::remove_file(&heads).unwrap();
    for refused in [&SERVE[..], &["verify"], &["sessions"]] {
        let output = app.command(refused, "");
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{said}");
        assert!(said.contains("dripwatch.heads is gone") && said.contains("--accept"), "{said}");
    }
    fs::write(&heads, &kept).unwrap();
    assert_eq!(verify(&app).0, Some(0));
    // An empty database in the place of the record.
    let database = app.data_dir().join("dripwatch.db");
    let elsewhere = app.folder.path().join("kept.db");
    fs::rename(&database, &elsewhere).unwrap();
    fs::write(&database, "").unwrap();
    let output = app.command(&SERVE, "");
    let said = text(&output.stderr);
    assert!(
        !output.status.success() && said.contains("holds nothing of the record that was in it"),
        "{said}"
    );
    fs::rename(&elsewhere, &database).unwrap();
    app.run().await;
    assert_eq!(verify(&app).0, Some(0));
    // Killed, the file is behind and nothing is missing.
    app.kill();
    assert_eq!(verify(&app).0, Some(0));
}
