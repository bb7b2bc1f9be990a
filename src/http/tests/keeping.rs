//! What becomes of a session's record, with the ward and the packing as they are.

use super::sockets::Clinic;
use super::*;
use crate::journal::report;
use crate::record::Chain;
use crate::report::{About, Form, Table, csv, fhir};
use crate::sealing::{Retention, Sealing};
use crate::vitals::{RoomId, SessionId};

/// Frames of the session's monitor.
const FRAMES: u64 = 900;

impl Clinic {
    async fn call(&self, method: &str, path: &str, token: &str, body: Json) -> Answered {
        let path = format!("/api/v1/{path}");
        self.bench.ask(method, &path, token, &body.to_string()).await
    }

    async fn done(&self, path: &str, body: Json) -> Json {
        let answered = self.call("POST", path, "a-prescriber", body).await;
        assert!(answered.status.is_success(), "{path}: {}", answered.text);
        answered.json()
    }

    async fn get(&self, path: &str) -> Answered {
        self.call("GET", path, "a-nurse", json!({})).await
    }

    /// A session with words and alerts that is over; gives its id.
    async fn session_over(&self) -> String {
        let patient = json!({"initials": "J.T.", "identity": {
            "family": "Quillfeather", "given": "Testa", "birth_date": "1980-02-29",
            "ids": [{"number": "MRN-471147"}]}});
        let opened = self.done("rooms/3/sessions", json!({"patient": patient})).await;
        let session = opened["id"].as_str().unwrap().to_owned();
        let events = format!("sessions/{session}/events");
        self.done(
            &events,
            json!({"type": "accept_baseline", "systolic": 118, "diastolic": 74,
            "heart_rate": 75, "spo2": 97}),
        )
        .await;
        self.done(&events, json!({"type": "start"})).await;
        let nausea = json!({"type": "symptom", "symptom": "nausea", "note": "WORDS-1"});
        self.done(&events, nausea).await;
        let given = json!({"type": "medication", "drug": "ondansetron", "dose": 4, "unit": "mg",
            "note": "WORDS-2"});
        self.done(&events, given).await;
        let adverse = json!({"type": "adverse_event", "text": "WORDS-3", "severity": "mild",
            "action": "WORDS-8"});
        self.done(&events, adverse).await;
        let mut socket = self.socket("ingest", "mon-3").await;
        for seq in 1..=FRAMES {
            let nibp = json!({"vital": "nibp", "systolic": 204, "diastolic": 112});
            let readings = if seq == 5 {
                json!([nibp])
            } else {
                json!([{"vital": "spo2", "value": 90 + seq % 9}, {"vital": "pulse_rate", "value": 72}])
            };
            let frame = json!({"type": "readings", "seq": seq, "boot": "b", "readings": readings});
            socket.say(frame.to_string()).await;
        }
        socket.hear(|line| line["type"] == "stored" && line["seq"] == FRAMES).await;
        self.done(&format!("alerts/{session}-a1/acknowledge"), json!({})).await;
        let outcome = json!({"outcome": "bp_repeated", "note": "WORDS-4"});
        self.done(&format!("alerts/{session}-a1/outcome"), outcome).await;
        self.done(&events, json!({"type": "note", "text": "WORDS-5"})).await;
        self.done(&events, json!({"type": "abort", "reason": "WORDS-6"})).await;
        self.done(&events, json!({"type": "note", "text": "WORDS-7"})).await;
        self.stored().await;
        session
    }

    async fn stored(&self) {
        let (stored, told) = oneshot::channel();
        self.bench.state.journal.barrier(stored);
        told.await.unwrap();
    }

    fn sealing(&self, retention: Retention) -> Sealing {
        let HttpState { ward, journal, clock, .. } = self.bench.state.clone();
        Sealing::new(ward, journal, clock, retention)
    }

    /// Does all that is due, one step after another; gives how many that were.
    async fn seal(&self) -> usize {
        let mut sealing = self.sealing(Retention { seal_after_hours: 0, ..Retention::default() });
        let mut steps = 0;
        while sealing.step().await {
            steps += 1;
            assert!(steps < 1_000, "it never ends");
            self.stored().await;
        }
        steps
    }

    /// Every answer about a session, as bytes.
    async fn answers(&self, session: &str) -> Vec<(String, Vec<u8>)> {
        let mut all = Vec::new();
        for path in [
            format!("sessions/{session}"),
            format!("sessions/{session}/recording.ndjson"),
            format!("sessions/{session}/readings"),
            format!("sessions/{session}/readings?step=10"),
            format!("alerts?session={session}"),
            "sessions?room=3".to_owned(),
            "devices/mon-3/readings".to_owned(),
        ] {
            let answered = self.get(&path).await;
            assert_eq!(answered.status, 200, "{path}: {}", answered.text);
            all.push((path, answered.text.into_bytes()));
        }
        let record = self.record(session).await;
        for form in [Form::Html, Form::Pdf, Form::Svg, Form::Png, Form::Csv] {
            all.push((form.name().to_owned(), form.render(&record).unwrap()));
        }
        all.push(("alerts.csv".to_owned(), csv(&record, Table::Alerts).into_bytes()));
        all.push(("fhir".to_owned(), fhir(&record).into_bytes()));
        all.push(("json".to_owned(), serde_json::to_vec(&record).unwrap()));
        all
    }

    /// The record, as if it were made at the same moment each time.
    async fn record(&self, session: &str) -> crate::report::SessionRecord {
        let session = SessionId::new(session).unwrap();
        let journal = &self.bench.state.journal;
        let patient = Some(report::patient(journal, &session).await.unwrap());
        let about = About { patient, made_at: Millis(1), ..About::default() };
        report::session_record(journal, &session, about).await.unwrap()
    }

    /// The room's chain and the clinic's verify; gives how many entries of the room's have left.
    async fn verified(&self) -> u64 {
        let journal = &self.bench.state.journal;
        let views = journal.prove().await.unwrap().views;
        assert!(views.iter().all(|view| view.whole), "{views:?}");
        let left = async |chain: Chain| match journal.verify(&chain).await.unwrap() {
            crate::journal::Verdict::Whole { left, .. } => left,
            crate::journal::Verdict::Broken(broken) => panic!("{chain}: {broken:?}"),
        };
        assert_eq!(left(Chain::Clinic).await, 0);
        left(Chain::Room(RoomId::new("3").unwrap())).await
    }

    async fn state(&self, session: &str) -> Json {
        self.get(&format!("sessions/{session}/keeping")).await.json()
    }

    /// All bytes of the database and its log.
    fn on_disk(&self) -> Vec<u8> {
        let files =
            ["dripwatch.db", "dripwatch.db-wal"].map(|name| self.bench.folder.path().join(name));
        files.iter().flat_map(|file| std::fs::read(file).unwrap_or_default()).collect()
    }
}

fn has(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn every_answer_about_a_session_is_the_same_once_it_is_sealed() {
    let clinic = Clinic::open().await;
    let session = clinic.session_over().await;
    let before = clinic.answers(&session).await;
    let state = clinic.state(&session).await;
    assert_eq!((&state["state"], &state["sealed_at"]), (&json!("open"), &Json::Null));
    let due = state["seal_due_at"].as_i64().unwrap() - state["ended_at"].as_i64().unwrap();
    assert_eq!(due, 24 * 3_600_000);
    assert!(clinic.seal().await > 2);
    let state = clinic.state(&session).await;
    assert_eq!((&state["state"], &state["seal_due_at"]), (&json!("sealed"), &Json::Null));
    assert!(state["sealed_at"].is_i64());
    for ((what, before), (_, after)) in before.iter().zip(clinic.answers(&session).await) {
        let first = before.iter().zip(&after).position(|(a, b)| a != b).unwrap_or(0);
        let around = |all: &[u8]| {
            let end = all.len().min(first + 200);
            String::from_utf8_lossy(&all[first.saturating_sub(200)..end]).into_owned()
        };
        assert!(*before == after, "{what}: {} became {}", around(before), around(&after));
    }
    assert_eq!(clinic.verified().await, 0);
    let seq = clinic.bench.state.journal.next_seq(&Chain::Clinic);
    clinic.seal().await;
    assert_eq!(clinic.bench.state.journal.next_seq(&Chain::Clinic), seq, "and then it rests");
}

#[tokio::test]
async fn a_session_that_runs_or_is_not_due_is_not_sealed() {
    let clinic = Clinic::open().await;
    let opened = clinic.done("rooms/3/sessions", json!({"patient": {"initials": "A.B."}})).await;
    let running = opened["id"].as_str().unwrap();
    clinic.seal().await;
    assert_eq!(clinic.state(running).await["state"], "open");
    for act in ["redact", "delete"] {
        let refused = clinic
            .call("POST", &format!("sessions/{running}/{act}"), "a-lead", json!({"reason": "x"}))
            .await;
        assert_eq!(refused.status, 409);
        assert_eq!(refused.json()["detail"], "The session runs: end it first.");
    }
    let events = format!("sessions/{running}/events");
    clinic.done(&events, json!({"type": "abort", "reason": "fire"})).await;
    clinic.stored().await;
    let mut sealing = clinic.sealing(Retention::default());
    while sealing.step().await {}
    assert_eq!(clinic.state(running).await["state"], "open");
}

#[tokio::test]
async fn a_lead_removes_personal_details_with_a_reason_and_the_record_says_so() {
    let clinic = Clinic::open().await;
    let session = clinic.session_over().await;
    let path = format!("sessions/{session}/redact");
    let reason = json!({"reason": "asked for in writing"});
    let refused = clinic.call("POST", &path, "a-nurse", reason.clone()).await;
    assert_eq!(refused.problem(), (403, "this needs the role lead or a higher one".to_owned()));
    for bad in ["", " ", &"x".repeat(501)] {
        let refused = clinic.call("POST", &path, "a-lead", json!({"reason": bad})).await;
        assert_eq!(refused.status, 422, "{bad}");
    }
    clinic.seal().await;
    let done = clinic.call("POST", &path, "a-lead", reason.clone()).await;
    assert_eq!((done.status, &done.json()["state"]), (StatusCode::OK, &json!("redacted")));
    clinic.stored().await;
    let state = clinic.state(&session).await;
    assert_eq!(state["redacted"]["reason"], "asked for in writing");
    assert_eq!((&state["redacted"]["by"], &state["state"]), (&json!("AL"), &json!("redacted")));
    let again = clinic.call("POST", &path, "a-lead", reason).await;
    assert_eq!(again.status, 409, "{}", again.text);
    for (what, answer) in clinic.answers(&session).await {
        assert!(!has(&answer, "WORDS") && !has(&answer, "J.T."), "{what} still has words");
    }
    let record = clinic.record(&session).await;
    let lack = record.lacks.iter().find(|lack| lack.kind == crate::report::LackKind::Removed);
    let text = &lack.unwrap().text;
    assert!(text.starts_with("Personal fields were removed on "), "{text}");
    assert!(text.ends_with(" by AL: asked for in writing"), "{text}");
    assert!(record.lacks.iter().all(|lack| lack.kind != crate::report::LackKind::Damaged));
    assert_eq!(clinic.verified().await, 0);
    let listed = clinic.get("sessions?room=3").await.json();
    assert_eq!(listed["sessions"][0]["removed"], "personal");
    // Who it was is still known to the clinic, as a patient.
    assert!(clinic.get("patients?query=quillfeather").await.text.contains("Quillfeather"));
}

#[tokio::test]
async fn a_deleted_session_leaves_a_stub_that_says_so_and_chains_that_verify() {
    for is_sealed in [false, true] {
        let clinic = Clinic::open().await;
        let session = clinic.session_over().await;
        if is_sealed {
            clinic.seal().await;
        }
        let path = format!("sessions/{session}/delete");
        let reason = json!({"reason": "opened by mistake"});
        let refused = clinic.call("POST", &path, "a-nurse", reason.clone()).await;
        assert_eq!(refused.status, 403);
        let done = clinic.call("POST", &path, "a-lead", reason.clone()).await;
        assert_eq!((done.status, &done.json()["state"]), (StatusCode::OK, &json!("deleted")));
        clinic.stored().await;
        for part in ["recording.ndjson", "readings", "record.html", "record.json", "fhir"] {
            let gone = clinic.get(&format!("sessions/{session}/{part}")).await;
            assert_eq!(gone.problem(), (410, "this session was deleted".to_owned()), "{part}");
            assert_eq!(gone.json()["detail"], "By AL: opened by mistake");
        }
        let events = format!("sessions/{session}/events");
        let note = json!({"type": "note", "text": "late"});
        assert_eq!(clinic.call("POST", &events, "a-nurse", note).await.status, 410);
        assert_eq!(clinic.call("POST", &path, "a-lead", reason).await.status, 409);
        let listed = clinic.get("sessions?room=3").await.json();
        let stub = &listed["sessions"][0];
        assert_eq!((&stub["id"], &stub["removed"]), (&json!(session), &json!("session")));
        assert_eq!((&stub["initials"], &stub["events"]), (&json!(""), &json!([])));
        assert_eq!(
            clinic.get(&format!("alerts?session={session}")).await.json()["alerts"],
            json!([])
        );
        clinic.seal().await;
        assert!(clinic.verified().await > FRAMES, "the chain verifies over the hole");
        let of_device = clinic.get("devices/mon-3/readings").await.json();
        assert_eq!(of_device["readings"], json!([]));
        let state = clinic.state(&session).await;
        assert_eq!(state["deleted"]["reason"], "opened by mistake");
        assert_eq!(clinic.seal().await, clinic.seal().await, "nothing more is to be done");
    }
}

#[tokio::test]
async fn nothing_of_what_was_removed_is_left_in_the_database() {
    let clinic = Clinic::open().await;
    let session = clinic.session_over().await;
    clinic.seal().await;
    let reason = json!({"reason": "asked for"});
    let patient = clinic.get("patients?query=quillfeather").await.json();
    let patient = patient["patients"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("patients/{patient}/redact");
    assert_eq!(clinic.call("POST", &path, "a-nurse", reason.clone()).await.status, 403);
    let done = clinic.call("POST", &path, "a-lead", reason.clone()).await;
    assert_eq!(done.status, 200, "{}", done.text);
    clinic.stored().await;
    assert_eq!(clinic.state(&session).await["state"], "redacted");
    assert_eq!(clinic.call("POST", &path, "a-lead", reason).await.status, 404);
    assert_eq!(clinic.get("patients?query=quillfeather").await.json()["patients"], json!([]));
    assert_eq!(clinic.verified().await, 0);
    // The log holds pages of before until it is brought to the database.
    let journal = &clinic.bench.state.journal;
    journal.close(std::time::Duration::from_secs(60)).await.unwrap();
    let left = clinic.on_disk();
    for words in ["Quillfeather", "MRN-471147", "WORDS-"] {
        assert!(!has(&left, words), "{words} is still there");
    }
}

#[tokio::test]
async fn the_program_deletes_what_is_older_than_configured_and_says_that_it_was_it() {
    let clinic = Clinic::open().await;
    let session = clinic.session_over().await;
    // As if the session had ended two days ago.
    let folder = clinic.bench.folder.path().join("dripwatch.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(folder);
    let mut raw =
        <sqlx::SqliteConnection as sqlx::Connection>::connect_with(&options).await.unwrap();
    let two_days_ms = 2 * 24 * 3_600_000_i64;
    sqlx::query("UPDATE sessions SET ended_at = ended_at - ?1")
        .bind(two_days_ms)
        .execute(&mut raw)
        .await
        .unwrap();
    for (days, state) in [(3, "sealed"), (2, "deleted")] {
        let mut sealing =
            clinic.sealing(Retention { sessions_days: Some(days), ..Retention::default() });
        while sealing.step().await {
            clinic.stored().await;
        }
        assert_eq!(clinic.state(&session).await["state"], state);
    }
    let state = clinic.state(&session).await;
    assert_eq!(state["deleted"]["by"], Json::Null);
    assert_eq!(state["deleted"]["reason"], "Older than 2 days, as configured.");
    let gone = clinic.get(&format!("sessions/{session}/record.html")).await;
    let detail = "By the program, as configured: Older than 2 days, as configured.";
    assert_eq!(gone.json()["detail"], detail);
    assert!(clinic.verified().await > FRAMES);
}

#[tokio::test]
async fn readings_outside_sessions_are_dropped_after_their_time_and_alerts_stay() {
    let clinic = Clinic::open().await;
    let mut socket = clinic.socket("ingest", "mon-3").await;
    for seq in 1..=1_300_u64 {
        let frame = json!({"type": "readings", "seq": seq, "boot": "b",
            "readings": [{"vital": "spo2", "value": 97}]});
        socket.say(frame.to_string()).await;
    }
    socket.hear(|line| line["type"] == "stored" && line["seq"] == 1_300).await;
    let kept = async || {
        let readings = clinic.get("devices/mon-3/readings").await.json();
        readings["readings"].as_array().unwrap().len()
    };
    let mut early = clinic.sealing(Retention::default());
    while early.step().await {}
    assert_eq!(kept().await, 1_300, "none is old enough");
    let mut late = clinic.sealing(Retention { raw_hours: 0, ..Retention::default() });
    let mut steps = 0;
    while late.step().await {
        steps += 1;
        clinic.stored().await;
    }
    assert!(steps >= 3, "so many entries a step: {steps}");
    assert_eq!(kept().await, 0);
    assert!(clinic.verified().await >= 1_300);
    // A restart goes on from the state behind them.
    let room = clinic.get("rooms/3").await.json();
    assert_eq!(room["vitals"]["spo2"]["value"], 97);
}
