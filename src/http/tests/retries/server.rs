//! A server that can be stopped between what its ward does and what its callers are answered.

use std::path::{Path, PathBuf};
use std::pin::pin;

use super::super::*;
use crate::clock::Mark;
use crate::http::idempotency::Answers;
use crate::vitals::{DeviceId, RoomId};
use crate::ward::{Envelope, WardByHand, WardConfig, clock_set_by_ms};

/// A server whose ward does one thing at a time, when the test lets it.
pub(super) struct Server {
    pub(super) folder: PathBuf,
    pub(super) ward: WardByHand,
    pub(super) state: HttpState,
    pub(super) arrivals: mpsc::Receiver<Arrival>,
    pub(super) commands: mpsc::Receiver<Envelope>,
    /// How often the ward was asked for something.
    pub(super) asked: usize,
}

pub(super) enum WardInput {
    Command(Envelope),
    Arrival(Arrival),
}

impl Server {
    pub(super) async fn on(folder: &Path) -> Self {
        let clock = Clock::start();
        Self::begun(folder, clock, clock.mark()).await
    }

    /// Begins at this moment.
    pub(super) async fn begun(folder: &Path, clock: Clock, now: Mark) -> Self {
        let room = |id: &str| (RoomId::new(id).unwrap(), format!("Room {id}"));
        let rooms = vec![room("3"), room("4")];
        let devices = vec![(DeviceId::new("mon-3").unwrap(), RoomId::new("3").unwrap())];
        let config = WardConfig { rooms, devices, ..WardConfig::default() };
        let journal = Journal::open(folder).await.unwrap();
        let set_by_ms = clock_set_by_ms(&journal, &now).await.unwrap();
        let answers = Answers::load(&journal.store(), now.at, set_by_ms).await.unwrap();
        let ward = WardByHand::on(journal.clone(), &config, now).await.unwrap();
        let (intake, arrivals) = Intake::channel();
        let (orders, commands) = mpsc::channel(64);
        let state = HttpState {
            ward: Ward::new(orders, intake),
            store: journal.store(),
            journal,
            clock,
            source: Source::Monitor,
            frames_per_second: 1_000,
            metrics: PrometheusBuilder::new().build_recorder().handle(),
            secure_cookie: false,
            time_zone: None,
            clinic: None,
            captions: Arc::default(),
            retention: Retention::default(),
            health: Arc::default(),
            auth: Arc::default(),
            answers: Arc::new(answers),
            sockets: Arc::default(),
            rates: Arc::default(),
            large_bodies: Arc::default(),
            shutdown: CancellationToken::new(),
        };
        Self { folder: folder.to_owned(), ward, state, arrivals, commands, asked: 0 }
    }

    /// With a patient in room 3 whose pressure is far too high.
    pub(super) async fn with_an_alert(folder: &Path) -> (Self, String) {
        let mut server = Self::on(folder).await;
        let token = |kind, subject: &str, role: Option<&str>| {
            Upsert::Token(TokenRow {
                hash: token_hash(subject),
                kind,
                subject: subject.to_owned(),
                role: role.map(str::to_owned),
                created_at: Millis(0),
                expires_at: None,
                last_used: Some(server.state.clock.now()),
                ended: false,
            })
        };
        let nurse = StaffRow {
            name: "Karla Maier".into(),
            initials: "KM".into(),
            role: "nurse".into(),
            password_hash: "none".into(),
            pin_hash: None,
            active: true,
        };
        let known = vec![
            Upsert::Staff(nurse),
            token(TokenKind::Program, "an-admin", Some("admin")),
            token(TokenKind::Program, "a-prescriber", Some("prescriber")),
            token(TokenKind::Device, "mon-3", None),
        ];
        server.state.store.put(known, vec![]).unwrap();
        server.flush().await;
        let patient = r#"{"patient":{"initials":"J.T.","identity":{"ids":[{"number":"4711"}]}},
            "profile":"ketamine-iv-adult"}"#;
        let opened = server.post("/api/v1/rooms/3/sessions", patient).await;
        let session = opened["id"].as_str().unwrap().to_owned();
        let events = format!("/api/v1/sessions/{session}/events");
        let baseline =
            r#"{"type":"accept_baseline","systolic":118,"diastolic":74,"heart_rate":75,"spo2":97}"#;
        server.post(&events, baseline).await;
        server.post(&events, r#"{"type":"start"}"#).await;
        let high = r#"{"type":"readings","seq":1,"boot":"b","readings":[{"vital":"nibp","systolic":204,"diastolic":112}]}"#;
        let sent = server.ask(keyed("POST", "/api/v1/readings", "mon-3", None, high)).await;
        assert_eq!(sent.status, 200, "{}", sent.text);
        (server, session)
    }

    pub(super) async fn flush(&self) {
        let (stored, told) = oneshot::channel();
        self.state.journal.barrier(stored);
        told.await.unwrap();
    }

    pub(super) fn apply(&mut self, input: WardInput) {
        self.asked += 1;
        let at = self.state.clock.now();
        match input {
            WardInput::Command(command) => self.ward.open_envelope(command, at),
            WardInput::Arrival(arrival) => self.ward.arrive(arrival, at),
        }
    }

    pub(super) async fn next(&mut self) -> WardInput {
        tokio::select! {
            Some(command) = self.commands.recv() => WardInput::Command(command),
            Some(arrival) = self.arrivals.recv() => WardInput::Arrival(arrival),
        }
    }

    /// Sends a request, does what the ward is asked for, and gives the answer.
    pub(super) async fn ask(&mut self, request: Request<Body>) -> Answered {
        let mut answering = pin!(router(self.state.clone()).oneshot(request));
        loop {
            tokio::select! {
                answered = &mut answering => return Answered::of(answered.unwrap()).await,
                input = self.next() => self.apply(input),
            }
        }
    }

    /// The same, with a copy of the data as they are on disk once the ward has done it, while
    /// nobody has heard of it yet.
    pub(super) async fn ask_and_copy(&mut self, request: Request<Body>) -> (Answered, TempDir) {
        let mut answering = pin!(router(self.state.clone()).oneshot(request));
        let before = self.entries();
        // What is only looked up before it is done is recorded nowhere.
        while self.entries() == before {
            let input = tokio::select! {
                answered = &mut answering => {
                    let answered = Answered::of(answered.unwrap()).await;
                    panic!("it did nothing: {}", answered.text);
                }
                input = self.next() => input,
            };
            self.apply(input);
            self.flush().await;
        }
        let copy = copied(&self.folder);
        loop {
            tokio::select! {
                answered = &mut answering => {
                    return (Answered::of(answered.unwrap()).await, copy);
                }
                input = self.next() => self.apply(input),
            }
        }
    }

    pub(super) async fn post(&mut self, path: &str, body: &str) -> Json {
        let answered = self.ask(keyed("POST", path, "a-prescriber", None, body)).await;
        assert!(answered.status.is_success(), "{path}: {}", answered.text);
        answered.json()
    }

    /// How many entries each chain has.
    pub(super) fn entries(&self) -> Vec<u64> {
        let journal = &self.state.journal;
        journal.chains().iter().map(|chain| journal.committed_seq(chain)).collect()
    }
}

pub(super) fn keyed(
    method: &str,
    path: &str,
    token: &str,
    key: Option<&str>,
    body: &str,
) -> Request<Body> {
    let bearer = format!("Bearer {token}");
    let mut headers = vec![("authorization", &*bearer)];
    headers.extend(key.map(|key| ("idempotency-key", key)));
    request(method, path, &headers, body)
}

/// What a crash leaves: the files as they are, the log beside the database.
pub(super) fn copied(folder: &Path) -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for file in std::fs::read_dir(folder).unwrap() {
        let file = file.unwrap();
        std::fs::copy(file.path(), copy.path().join(file.file_name())).unwrap();
    }
    copy
}
