//! A session is sealed by the real program, which dies in the middle of it.

use serde_json::{Value, json};

use super::app::{App, in_time};

const FRAMES: u64 = 6_000;
/// Every session is packed as soon as it is over.
const AT_ONCE: &str = "[retention]\nseal_after_hours = 0\n";

async fn keeping(app: &App, session: &str) -> Value {
    app.get(&format!("/api/v1/sessions/{session}/keeping")).await
}

/// How many entries are packed, as the file says.
async fn packed(app: &App) -> i64 {
    use sqlx::{Connection, Row};
    let options =
        sqlx::sqlite::SqliteConnectOptions::new().filename(app.data_dir().join("dripwatch.db"));
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
    let sum = "SELECT coalesce(sum(last_seq - first_seq + 1), 0) FROM pieces WHERE noted_seq > 0";
    sqlx::query(sum).fetch_one(&mut connection).await.unwrap().get(0)
}

async fn answers(app: &App, session: &str) -> Vec<String> {
    let mut all = Vec::new();
    for path in ["", "/recording.ndjson", "/readings"] {
        let url = app.url(&format!("/api/v1/sessions/{session}{path}"));
        let asked = reqwest::Client::new().get(url).bearer_auth(&app.program_token);
        let answered = asked.send().await.unwrap();
        assert!(answered.status().is_success(), "{path}");
        all.push(answered.text().await.unwrap());
    }
    all
}

fn verify(app: &App) -> Value {
    let output = app.command(&["verify", "--json"], "");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test]
async fn a_program_that_is_killed_while_it_seals_loses_nothing_and_goes_on() {
    let mut app = App::start().await;
    let token = app.add_device("mon-1", "1");
    let session = app.infuse("1").await;
    let mut socket = app.ingest(&token).await;
    for seq in 1..=FRAMES {
        socket
            .say(json!({"type": "readings", "seq": seq, "boot": "b1",
                "readings": [{"vital": "spo2", "value": 1 + seq % 100}]}))
            .await;
    }
    socket.until(|line| line["type"] == "stored" && line["seq"] == FRAMES).await;
    let events = format!("/api/v1/sessions/{session}/events");
    app.post(&events, json!({"type": "abort", "reason": "end of the test"})).await;
    let before = answers(&app, &session).await;
    assert_eq!(app.terminate(), Some(0));
    app.write_config(AT_ONCE);
    // Killed three times, each a little further on.
    let mut deaths_in_the_middle = 0;
    for more in [1, 1_500, 4_000] {
        app.run().await;
        in_time(async { while packed(&app).await < more {} }).await;
        app.kill();
        let now = packed(&app).await;
        deaths_in_the_middle += u32::from(now > 0 && now < i64::try_from(FRAMES).unwrap());
        let verdict = verify(&app);
        assert_eq!(verdict["whole"], true, "{verdict}");
    }
    assert!(deaths_in_the_middle >= 1, "it never died in the middle");
    app.run().await;
    assert_eq!(answers(&app, &session).await, before);
    in_time(async { while keeping(&app, &session).await["state"] != "sealed" {} }).await;
    assert_eq!(answers(&app, &session).await, before);
    assert_eq!(verify(&app)["whole"], true);
    assert_eq!(app.terminate(), Some(0));
    // A piece that somebody edits.
    {
        use sqlx::Connection;
        let options =
            sqlx::sqlite::SqliteConnectOptions::new().filename(app.data_dir().join("dripwatch.db"));
        let mut raw = sqlx::SqliteConnection::connect_with(&options).await.unwrap();
        let edit = "UPDATE pieces SET entries = (SELECT entries FROM pieces AS other \
                    WHERE other.id <> pieces.id LIMIT 1) WHERE id = \
                    (SELECT id FROM pieces WHERE noted_seq > 0 ORDER BY id LIMIT 1 OFFSET 2)";
        sqlx::query(edit).execute(&mut raw).await.unwrap();
    }
    let output = app.command(&["verify"], "");
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert_eq!(output.status.code(), Some(1), "{said}");
    let broken = said.lines().find(|line| line.starts_with("room/1: BROKEN")).unwrap();
    assert!(broken.contains(&format!("were changed, of session {session}, from 20")), "{said}");
}
