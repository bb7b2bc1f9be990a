//! A hand-made chain, as the room's owner writes it.

use serde_json::json;
use tempfile::TempDir;
use tokio::sync::oneshot;

use super::*;
use crate::profile::{DEFAULT_PROFILE, builtin};
use crate::record::{Entry, write_alert, write_checkpoint, write_input};
use crate::replay::Player;
use crate::room::{AlertLine, Event, Opening, Output, Phase, Room};
use crate::store::Upsert;

const START: Millis = Millis(1_763_726_400_000);

/// A room and its chain, of which every input and alert is written down.
struct Bench {
    _folder: TempDir,
    journal: Journal,
    chain: Chain,
    room: Room,
    shown: Vec<AlertLine>,
    /// Written once more when a session is opened.
    shown_at_opening: Option<AlertLine>,
}

impl Bench {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).await.unwrap();
        let id = RoomId::new("3").unwrap();
        let room = Room::new(id.clone(), builtin(DEFAULT_PROFILE).unwrap());
        Self {
            _folder: folder,
            journal,
            chain: Chain::Room(id),
            room,
            shown: Vec::new(),
            shown_at_opening: None,
        }
    }

    fn append(&self, at: Millis, body: String, private: Option<String>, is_checkpoint: bool) {
        let entry = Entry { at, body, private, is_checkpoint, ..Entry::default() };
        let seq = self.journal.next_seq(&self.chain);
        self.journal.append(&self.chain, seq, vec![entry], vec![], vec![]).unwrap();
    }

    fn take(&mut self, seconds: i64, input: &Input, private: Option<String>) {
        let at = START.plus(seconds * 1_000);
        self.room.advance(at);
        self.drain();
        self.append(at, write_input(at, input), private, false);
        self.room.handle(input, at);
        if matches!(input, Input::Open(_)) {
            self.append(at, write_checkpoint(at, &self.room), None, true);
            if let Some(line) = self.shown_at_opening.take() {
                self.append(at, write_alert(&AlertLine { at, ..line }), None, false);
            }
        }
        self.drain();
    }

    fn drain(&mut self) {
        loop {
            match self.room.poll_output() {
                Output::Alert(line) => {
                    self.append(line.at, write_alert(&line), None, false);
                    self.shown.push(line);
                }
                Output::Wait(_) => return,
                _ => {}
            }
        }
    }

    fn frame(&mut self, seconds: i64, spo2: u8) {
        let at = START.plus(seconds * 1_000);
        let line = json!({"at": at, "device": "mon-3", "frame": {"type": "readings", "readings": [
            {"vital": "spo2", "value": spo2}, {"vital": "pulse_rate", "value": 72}]}});
        let Line::Input(input) = Line::read(&line.to_string()).unwrap().1 else { panic!() };
        self.take(seconds, &input, None);
    }

    /// A session with one desaturation, opened at second 10; with something before it and behind it.
    async fn with_a_session() -> (Self, SessionId) {
        let mut bench = Self::new().await;
        bench.frame(0, 97);
        let session = bench.session().await;
        (bench, session)
    }

    async fn session(&mut self) -> SessionId {
        let bench = self;
        let session = SessionId::new("s1").unwrap();
        let opening = Opening {
            session: session.clone(),
            profile: builtin(DEFAULT_PROFILE).unwrap(),
            planned_s: 2_400,
            phase: Phase::Baseline,
            staff: "KM".into(),
        };
        let patient = json!({"open": {"patient": {"initials": "J.T.", "age": 44}}}).to_string();
        let opened_seq = bench.journal.next_seq(&bench.chain);
        bench.take(10, &Input::Open(opening), Some(patient));
        bench.shown.clear();
        for second in 11..100 {
            bench.frame(second, if second < 30 { 97 } else { 84 });
        }
        let ended_seq = bench.journal.next_seq(&bench.chain);
        let abort = Input::Staff {
            staff: "KM".into(),
            event: serde_json::from_value::<Event>(json!({"type": "abort"})).unwrap(),
            occurred_at: None,
        };
        bench.take(100, &abort, None);
        bench.frame(101, 98);
        let row = SessionRow {
            id: session.clone(),
            room: RoomId::new("3").unwrap(),
            profile: DEFAULT_PROFILE.into(),
            phase: "aborted".into(),
            opened_at: START.plus(10_000),
            started_at: None,
            ended_at: Some(START.plus(100_000)),
            opened_seq,
            ended_seq: Some(ended_seq),
            json: "{}".into(),
        };
        bench.put(row).await;
        session
    }

    async fn put(&self, row: SessionRow) {
        let (stored, told) = oneshot::channel();
        self.journal.store().put(vec![Upsert::Session(row)], vec![stored]).unwrap();
        told.await.unwrap();
    }

    async fn export(&self, session: &SessionId) -> Result<String, ExportError> {
        let mut out = Vec::new();
        whole(&self.journal, session, &mut out).await?;
        Ok(String::from_utf8(out).unwrap())
    }
}

#[tokio::test]
async fn an_exported_session_replays_to_the_alerts_that_were_shown() {
    let (bench, session) = Bench::with_a_session().await;
    let text = bench.export(&session).await.unwrap();
    let player = Player::new(text.as_bytes()).unwrap();
    assert_eq!(player.header().patient.initials, "J.T.");
    assert_eq!(player.header().room.as_str(), "3");
    assert_eq!(player.verify().unwrap(), []);
    let alerts = Player::new(text.as_bytes()).unwrap().play().unwrap();
    assert!(!alerts.is_empty());
    assert_eq!(alerts, bench.shown);
}

#[tokio::test]
async fn a_recording_is_the_checkpoint_and_what_followed_until_the_end() {
    let (bench, session) = Bench::with_a_session().await;
    let text = bench.export(&session).await.unwrap();
    let lines: Vec<&str> = text.lines().collect();
    assert!(lines[0].contains(r#""type":"recording""#));
    assert!(lines[1].contains(r#""checkpoint""#));
    assert!(!text.contains(r#""open":"#));
    assert!(!text.contains(r#""at":1763726501000"#), "the frame after the end");
    let last: serde_json::Value = serde_json::from_str(lines[lines.len() - 1]).unwrap();
    assert_eq!(last, json!({"at": 1_763_726_500_000_i64, "end": true}));
}

#[tokio::test]
async fn a_running_session_is_exported_as_far_as_it_got() {
    let (bench, session) = Bench::with_a_session().await;
    let row = bench.journal.store().session(&session).await.unwrap().unwrap();
    bench.put(SessionRow { ended_at: None, ended_seq: None, ..row }).await;
    let text = bench.export(&session).await.unwrap();
    assert!(text.ends_with("{\"at\":1763726501000,\"end\":true}\n"));
}

#[tokio::test]
async fn what_the_opening_did_to_alerts_is_part_of_where_it_starts() {
    let mut bench = Bench::new().await;
    for second in -120..10 {
        bench.frame(second, 84);
    }
    bench.shown_at_opening = Some(bench.shown[0].clone());
    let session = bench.session().await;
    let text = bench.export(&session).await.unwrap();
    assert_eq!(Player::new(text.as_bytes()).unwrap().verify().unwrap(), []);
}

#[tokio::test]
async fn an_alert_that_was_written_after_a_restart_does_not_turn_time_back() {
    let (mut bench, session) = Bench::with_a_session().await;
    let row = bench.journal.store().session(&session).await.unwrap().unwrap();
    let line = bench.shown.pop().unwrap();
    assert!(line.at < START.plus(101_000));
    bench.append(line.at, write_alert(&line), None, false);
    // Told when it is on disk, and what was written before with it.
    bench.put(SessionRow { ended_at: None, ended_seq: None, ..row }).await;
    let text = bench.export(&session).await.unwrap();
    assert!(Player::new(text.as_bytes()).unwrap().play().is_ok());
    let restored = text.lines().rev().nth(1).unwrap();
    let restored: serde_json::Value = serde_json::from_str(restored).unwrap();
    assert_eq!(restored["at"], json!(START.plus(101_000)));
    assert_eq!(restored["alert"]["at"], json!(line.at));
}

#[test]
fn nothing_is_told_of_the_patient_before() {
    let body = json!({"at": 1, "checkpoint": {"format": 1, "state": {
        "session": {"id": "s2", "events": []}, "ended_session": {"id": "s1", "events": []}}}});
    let words = |about: &str| json!({"events": [{"type": "note", "text": about}]});
    let private = json!({"checkpoint": {"state": {
        "session": words("hers"), "ended_session": words("his")}}});
    let of = |id: &str| {
        let (body, private) = (body.to_string(), private.to_string());
        words_of(&SessionId::new(id).unwrap(), &body, &private).unwrap()
    };
    assert!(of("s2").contains("hers") && !of("s2").contains("his"));
    assert!(of("s1").contains("his"));
}

#[tokio::test]
async fn what_is_no_session_is_said() {
    let (bench, session) = Bench::with_a_session().await;
    let other = SessionId::new("s2").unwrap();
    let error = bench.export(&other).await.unwrap_err();
    assert_eq!(error.to_string(), "there is no session \"s2\": `dripwatch sessions` lists them");
    let row = bench.journal.store().session(&session).await.unwrap().unwrap();
    bench.put(SessionRow { opened_seq: 1, ..row }).await;
    let error = bench.export(&session).await.unwrap_err();
    assert_eq!(error.to_string(), "entry 2 of room 3: the checkpoint of the opening is missing");
}

#[test]
fn private_parts_go_back_to_where_they_were_and_numbers_keep_their_digits() {
    let merged = merge_private(
        r#"{"at":1,"event":{"type":"note","temp":36.60}}"#,
        r#"{"event":{"text":"calls for J.T."}}"#,
    );
    assert_eq!(
        merged.unwrap(),
        r#"{"at":1,"event":{"temp":36.60,"text":"calls for J.T.","type":"note"}}"#
    );
    assert!(merge_private("[]", "{}").is_err());
}
