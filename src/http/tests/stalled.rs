//! A disk that hangs blinds nobody: a whole alert is worked while nothing can be read or written.

use std::time::Duration;

use tokio::time::timeout;

use super::sockets::Clinic;
use super::*;
use crate::record::Chain;
use crate::store::{AlertFilter, SessionFilter};
use crate::vitals::RoomId;

/// Half of what a question waited for a reader; what answers from memory takes no part of it.
const BOUND: Duration = Duration::from_secs(5);

fn header_of(cookie: &str) -> [(&str, &str); 3] {
    [("cookie", cookie), ("origin", "http://h"), ("host", "h")]
}

async fn ask(clinic: &Clinic, cookie: &str, method: &str, path: &str, body: &str) -> Answered {
    let path = format!("/api/v1/{path}");
    let sending = clinic.bench.send(request(method, &path, &header_of(cookie), body));
    timeout(BOUND, sending).await.unwrap_or_else(|_| panic!("{path} waits for the disk"))
}

async fn sign_in(clinic: &Clinic) -> String {
    let body = r#"{"name":"Karla Maier","password":"correct horse"}"#;
    let answered = ask(clinic, "", "POST", "login", body).await;
    assert_eq!(answered.status, 200, "{}", answered.text);
    let cookie = answered.headers[header::SET_COOKIE].to_str().unwrap();
    cookie.split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_disk_that_hangs_keeps_nobody_from_an_alert_and_afterwards_all_is_recorded_once() {
    let clinic = Clinic::open().await;
    let bench = &clinic.bench;
    let before = sign_in(&clinic).await;
    let stalled = bench.state.journal.stall(bench.folder.path()).await;

    // Who was signed in still is, and somebody else signs in.
    let nurse = sign_in(&clinic).await;
    for cookie in [&before, &nurse] {
        assert_eq!(ask(&clinic, cookie, "GET", "me", "").await.json()["name"], "Karla Maier");
    }
    // A screen connects, then a monitor.
    let login = nurse.split_once('=').unwrap().1.to_owned();
    let mut screen = clinic.tab(&login).await;
    screen.say(r#"{"type":"hello"}"#).await;
    assert_eq!(screen.hear_type("snapshot").await["rooms"][0]["id"], "3");
    let mut monitor = clinic.socket("ingest", "mon-3").await;
    let cuff = json!({"type": "readings", "seq": 1,
        "readings": [{"vital": "nibp", "systolic": 215, "diastolic": 130}]});
    monitor.say(cuff.to_string()).await;
    let shown = screen.hear(|line| line["type"] == "alert" && line["room"] == "3").await;
    let alert = shown["alert"]["id"].as_str().unwrap().to_owned();

    // What staff look at is there.
    for path in [
        "rooms",
        "rooms/3",
        "devices",
        "alerts",
        "alerts?state=open",
        "sessions",
        "sessions?state=open",
        "profiles",
        "profiles/ketamine-iv-adult",
        "profiles/ketamine-iv-adult/rules",
        &format!("alerts/{alert}"),
    ] {
        let answered = ask(&clinic, &nurse, "GET", path, "").await;
        assert_eq!(answered.status, 200, "{path}: {}", answered.text);
    }
    let listed = ask(&clinic, &nurse, "GET", "alerts?state=open", "").await.json();
    let of_room = |listed: &Json| {
        let alerts = listed["alerts"].as_array().unwrap().iter();
        alerts.filter(|one| one["room"] == "3").map(|one| one["id"].clone()).collect::<Vec<_>>()
    };
    assert_eq!(of_room(&listed), [json!(alert)]);
    let all = ask(&clinic, &nurse, "GET", "alerts", "").await.json();
    assert_eq!((of_room(&all), &all["complete"]), (vec![json!(alert)], &json!(false)));

    // The alert is taken, and said what came of it.
    let taken = ask(&clinic, &nurse, "POST", &format!("alerts/{alert}/acknowledge"), "").await;
    assert_eq!(taken.status, 200, "{}", taken.text);
    assert_eq!(taken.json()["recorded"], false);
    assert_eq!(taken.json()["acknowledged"]["by"], "KM");
    screen.hear(|line| line["alert"]["acknowledged"]["by"] == "KM").await;
    let silence = format!("alerts/{alert}/silence");
    let silenced = ask(&clinic, &nurse, "POST", &silence, r#"{"seconds":30}"#).await;
    assert_eq!(silenced.json()["recorded"], false, "{}", silenced.text);
    let outcome = format!("alerts/{alert}/outcome");
    let body = r#"{"outcome":"clinician_called"}"#;
    assert_eq!(ask(&clinic, &nurse, "POST", &outcome, body).await.json()["recorded"], false);

    // A patient comes.
    let patient = r#"{"patient":{"initials":"J.T."}}"#;
    let opened = ask(&clinic, &nurse, "POST", "rooms/3/sessions", patient).await;
    assert_eq!((opened.status.as_u16(), &opened.json()["recorded"]), (201, &json!(false)));
    let session = opened.json()["id"].as_str().unwrap().to_owned();
    let running = ask(&clinic, &nurse, "GET", &format!("sessions/{session}"), "").await;
    assert_eq!(running.json()["initials"], "J.T.", "{}", running.text);
    let events = format!("sessions/{session}/events");
    let told = ask(&clinic, &nurse, "POST", &events, r#"{"type":"note","text":"calm"}"#).await;
    assert_eq!((told.status.as_u16(), &told.json()["recorded"]), (201, &json!(false)));

    // They leave: that is known although the disk does not know it.
    let left = r#"{"type":"abort","reason":"felt unwell"}"#;
    let ended = ask(&clinic, &nurse, "POST", &events, left).await;
    assert_eq!(ended.status, 201, "{}", ended.text);
    let shown = ask(&clinic, &nurse, "GET", &format!("sessions/{session}"), "").await.json();
    assert_eq!(shown["phase"], "aborted", "{shown}");
    let running = ask(&clinic, &nurse, "GET", "sessions?state=open", "").await.json();
    assert_eq!(running["sessions"], json!([]));
    let all = ask(&clinic, &nurse, "GET", "sessions", "").await.json();
    assert_eq!(
        (&all["sessions"][0]["phase"], &all["complete"]),
        (&json!("aborted"), &json!(false))
    );

    // Whoever signs out is out.
    assert_eq!(ask(&clinic, &before, "POST", "logout", "").await.status, 204);
    assert_eq!(ask(&clinic, &before, "GET", "me", "").await.status, 401);

    // What is past says that it cannot be read now.
    for path in ["sessions/none", "alerts/none", "profiles/ketamine-iv-adult?version=77"] {
        let answered = ask(&clinic, &nurse, "GET", path, "").await;
        assert_eq!(answered.problem(), (503, "the record cannot be read now".into()), "{path}");
        assert_eq!(answered.json()["code"], "record_unreadable");
        assert_eq!(answered.headers[header::RETRY_AFTER], "5");
    }
    // Those who watch over the server are answered.
    let ready = timeout(BOUND, async {
        loop {
            let ready = bench.send(request("GET", "/readyz", &[], "")).await;
            if ready.status == StatusCode::SERVICE_UNAVAILABLE {
                return ready.problem().1;
            }
            tokio::task::yield_now().await;
        }
    });
    assert!(ready.await.unwrap().starts_with("the disk is"));
    let metrics = bench.send(request("GET", "/metrics", &[], ""));
    assert_eq!(timeout(BOUND, metrics).await.unwrap().status, 200);

    stalled.end().await;
    monitor.hear(|line| line["type"] == "stored" && line["seq"] == 1).await;
    let (stored, told) = oneshot::channel();
    bench.state.journal.barrier(stored);
    told.await.unwrap();
    let room = RoomId::new("3").unwrap();
    let of_room = AlertFilter { room: Some(room.clone()), ..AlertFilter::default() };
    let rows = bench.state.store.alerts(&of_room, 10).await.unwrap().rows;
    let row: Json = serde_json::from_str(&rows[0].json).unwrap();
    assert_eq!(
        (rows.len(), &*rows[0].id, &row["outcome"]),
        (1, &*alert, &json!("clinician_called"))
    );
    assert_eq!(row["acknowledged"]["by"], "KM");
    let sessions = bench.state.store.sessions(&SessionFilter::default(), 10).await.unwrap().rows;
    assert_eq!((sessions.len(), sessions[0].id.as_str()), (1, &*session));
    assert!(sessions[0].ended_at.is_some());
    let entries = bench.state.journal.read(&Chain::Room(room), 1, 1_000).await.unwrap();
    for once in
        ["\"acknowledge\":", "\"silence\":", "\"outcome\":{", "\"systolic\":215", "\"open\":"]
    {
        let bodies = entries.iter().map(|stored| &stored.entry);
        let is_it = |entry: &&crate::record::Entry| {
            // Neither a checkpoint nor the alert's own lines are what was done.
            !entry.is_checkpoint && entry.body.contains(once) && !entry.body.contains("\"engine\"")
        };
        assert_eq!(bodies.filter(is_it).count(), 1, "{once}");
    }
    // The next start knows who is signed in.
    let audit = bench.state.store.audit(None, 100).await.unwrap().rows;
    let count = |what: &str| audit.iter().filter(|line| line.what == what).count();
    assert_eq!((count("signed in"), count("signed out")), (2, 1));
    let known = bench.on_disk().await;
    let now = bench.state.clock.now();
    assert!(known.token(&token_hash(&login), now).is_some());
    assert!(known.token(&token_hash(before.split_once('=').unwrap().1), now).is_none());
}
