//! The calls as a caller sees them. The ward behind them is one that was never started, or one
//! that answers as a test says.

mod alertlog;
mod bounds;
mod calls;
mod channels;
mod guessing;
mod keep_alive;
mod keeping;
mod outbound;
mod patience;
mod places;
mod retries;
mod rights;
mod sockets;
mod staff;
mod stalled;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, Response, StatusCode, header};
use metrics_exporter_prometheus::PrometheusBuilder;
use serde_json::{Value as Json, json};
use tempfile::TempDir;
use tokio::sync::{mpsc, oneshot};
use tower::ServiceExt;

use super::*;
use crate::access::{hash_secret, token_hash};
use crate::adapters::{Arrival, Intake};
use crate::store::{Register, StaffRow, TokenKind, TokenRow, Upsert};
use crate::vitals::Millis;
use crate::ward::{
    Acknowledge, AcknowledgeRoom, Bind, By, Command, Envelope, ListAlerts, ListSessions, Record,
    Refusal, ShowAlert, ShowProfile, ShowRoom, ShowSession,
};

pub(super) struct Bench {
    folder: TempDir,
    pub(super) state: HttpState,
    arrivals: mpsc::Receiver<Arrival>,
    commands: mpsc::Receiver<Envelope>,
}

impl Bench {
    pub(super) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let journal = Journal::open(folder.path()).await.unwrap();
        let (intake, arrivals) = Intake::channel();
        let (orders, commands) = mpsc::channel(64);
        let clock = Clock::start();
        let channels = Channels::none((clock, journal.store()));
        let state = HttpState {
            ward: Ward::new(orders, intake),
            store: journal.store(),
            journal,
            clock,
            source: Source::Monitor,
            frames_per_second: 1_000,
            metrics: PrometheusBuilder::new().build_recorder().handle(),
            secure_cookie: false,
            time_zone: Some("Europe/Berlin".into()),
            clinic: None,
            outbound: Arc::default(),
            captions: Arc::default(),
            retention: Retention::default(),
            channels,
            health: Arc::default(),
            auth: Arc::default(),
            answers: Arc::default(),
            sockets: Arc::default(),
            rates: Arc::default(),
            large_bodies: Arc::default(),
            shutdown: CancellationToken::new(),
        };
        let bench = Self { folder, state, arrivals, commands };
        bench.give_tokens().await;
        bench
    }

    /// Who may come in, as the next start finds it.
    async fn on_disk(&self) -> Register {
        let options = sqlx::sqlite::SqliteConnectOptions::new()
            .filename(self.folder.path().join("dripwatch.db"));
        let mut connection =
            <sqlx::SqliteConnection as sqlx::Connection>::connect_with(&options).await.unwrap();
        Register::load(&mut connection).await.unwrap()
    }

    async fn give_tokens(&self) {
        let token = |kind, subject: &str, role: Option<&str>| {
            Upsert::Token(TokenRow {
                hash: token_hash(subject),
                kind,
                subject: subject.to_owned(),
                role: role.map(str::to_owned),
                created_at: Millis(0),
                expires_at: None,
                last_used: None,
                ended: false,
            })
        };
        let staff = Upsert::Staff(StaffRow {
            name: "Karla Maier".into(),
            initials: "KM".into(),
            role: "nurse".into(),
            password_hash: hash_secret("correct horse").unwrap(),
            pin_hash: Some(hash_secret("2468").unwrap()),
            active: true,
        });
        let (stored, told) = oneshot::channel();
        let changes = vec![
            staff,
            token(TokenKind::Program, "a-nurse", Some("nurse")),
            token(TokenKind::Program, "a-lead", Some("lead")),
            token(TokenKind::Program, "a-prescriber", Some("prescriber")),
            token(TokenKind::Program, "a-display", Some("display")),
            token(TokenKind::Program, "an-admin", Some("admin")),
            token(TokenKind::Device, "mon-3", None),
            token(TokenKind::Login, "Karla Maier", None),
        ];
        self.state.store.put(changes, vec![stored]).unwrap();
        told.await.unwrap();
    }

    fn router(&self) -> Router {
        router(self.state.clone())
    }

    async fn send(&self, request: Request<Body>) -> Answered {
        Answered::of(self.router().oneshot(request).await.unwrap()).await
    }

    /// As the program or device with this token.
    async fn ask(&self, method: &str, path: &str, token: &str, body: &str) -> Answered {
        self.send(request(method, path, &[("authorization", &format!("Bearer {token}"))], body))
            .await
    }

    /// Plays the ward: stores what is recorded, answers a binding, knows no rooms.
    fn answer_commands(&mut self) -> mpsc::UnboundedReceiver<String> {
        let (said, heard) = mpsc::unbounded_channel();
        let mut commands = std::mem::replace(&mut self.commands, mpsc::channel(1).1);
        let store = self.state.store.clone();
        tokio::spawn(async move {
            while let Some(command) = commands.recv().await {
                let (done, stored) = oneshot::channel();
                let pending = |json: &str| crate::ward::Pending { json: json.to_owned(), stored };
                let command = match command.take::<Record>() {
                    Ok((Record { views, .. }, reply)) => {
                        store.put(views, vec![done]).unwrap();
                        let _ = reply.send(pending("{}"));
                        continue;
                    }
                    Err(command) => command,
                };
                let command = match command.take::<By<Bind>>() {
                    Ok((By { actor, act: Bind { device, is_confirmed, .. } }, reply)) => {
                        let known = if actor.is_identified { ", known" } else { "" };
                        let sure = if is_confirmed { ", confirmed" } else { "" };
                        let _ =
                            said.send(format!("{} binds {device}{known}{sure}", actor.initials));
                        let _ = done.send(());
                        let _ = reply.send(Ok(pending(r#"{"id":"mon-3"}"#)));
                        continue;
                    }
                    Err(command) => command,
                };
                let taken = || {
                    let (by, alert) = ("TS".to_owned(), r#"{"id":"s-a1"}"#.to_owned());
                    Err(Refusal::AlreadyAcknowledged { by, alert })
                };
                let no_room = |asked: ShowRoom| {
                    Err(Refusal::NotFound { kind: "room", id: asked.room.to_string() })
                };
                let unanswered = answered(command, no_room)
                    .and_then(|command| answered(command, |_: ShowAlert| None))
                    .and_then(|command| answered(command, |_: ListSessions| Vec::new()))
                    .and_then(|command| answered(command, |_: ShowSession| None))
                    .and_then(|command| answered(command, |_: ShowProfile| None))
                    .and_then(|command| answered(command, |_: ListAlerts| Vec::new()))
                    .and_then(|command| answered(command, |_: By<AcknowledgeRoom>| taken()))
                    .and_then(|command| answered(command, |_: By<Acknowledge>| taken()));
                if let Some(command) = unanswered {
                    panic!("{command:?}");
                }
            }
        });
        heard
    }
}

/// Answers a command, when it is one of this kind; gives back any other.
fn answered<C: Command>(
    command: Envelope,
    answer: impl FnOnce(C) -> C::Answer,
) -> Option<Envelope> {
    let (command, reply) = match command.take::<C>() {
        Ok(taken) => taken,
        Err(other) => return Some(other),
    };
    // Whoever asked may have gone.
    let _ = reply.send(answer(command));
    None
}

fn request(method: &str, path: &str, headers: &[(&str, &str)], body: &str) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Body::from(body.to_owned())).unwrap()
}

struct Answered {
    status: StatusCode,
    headers: axum::http::HeaderMap,
    text: String,
}

impl Answered {
    async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, usize::MAX).await.unwrap();
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        Self { status: parts.status, headers: parts.headers, text }
    }

    fn json(&self) -> Json {
        serde_json::from_str(&self.text).unwrap_or_default()
    }

    /// Status and title of a problem.
    fn problem(&self) -> (u16, String) {
        let json = self.json();
        assert_eq!(self.headers[header::CONTENT_TYPE], "application/problem+json", "{}", self.text);
        assert_eq!(json["status"], self.status.as_u16());
        (self.status.as_u16(), json["title"].as_str().unwrap().to_owned())
    }
}
