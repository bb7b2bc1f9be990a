//! The staff of a room: what they do, as calls to the server's HTTP interface (DESIGN 4, HTTP).

use std::time::Duration;

use anyhow::{Context, bail};
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::mpsc::Receiver;
use tracing::{info, warn};

use super::room::StaffAction;
use super::visit::INFUSION_S;
use crate::clock::{Backoff, Pace};

const PROFILE: &str = "ketamine-iv-adult";
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// What happened longer ago than this is entered with its own time.
const ENTERED_LATE_MS: i64 = 2000;

/// The server, as staff reach it.
#[derive(Debug, Clone)]
pub(crate) struct Staff {
    http: Client,
    base_url: String,
    token: String,
    pace: Pace,
    boot: String,
}

impl Staff {
    pub(crate) fn new(base_url: &str, token: &str, pace: Pace, boot: &str) -> anyhow::Result<Self> {
        if token.trim().is_empty() {
            bail!(
                "the staff need an API token: make one with `dripwatch token add NAME --role nurse`"
            );
        }
        let http = Client::builder()
            .timeout(ANSWER_WITHIN)
            .build()
            .context("the HTTP client cannot start")?;
        Ok(Self {
            http,
            base_url: base_url.trim_end_matches('/').to_owned(),
            token: token.trim().to_owned(),
            pace,
            boot: boot.to_owned(),
        })
    }

    /// What tells this run from any other.
    pub(crate) fn boot(&self) -> &str {
        &self.boot
    }

    /// One call, repeated until the server gives an answer that a repetition would not change.
    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        key: &str,
        body: Option<&Value>,
    ) -> Answer {
        let mut backoff = Backoff::default();
        loop {
            backoff.wait().await;
            let problem = match self.attempt(method.clone(), path, key, body).await {
                Ok(answer) if answer.is_final() => return answer,
                Ok(answer) if answer.status == StatusCode::UNAUTHORIZED => {
                    "the API token was refused: make one with `dripwatch token add NAME --role nurse`"
                        .to_owned()
                }
                Ok(answer) => answer.said(),
                Err(problem) => format!("{problem:#}"),
            };
            warn!("{method} {path} failed, trying again: {problem}");
        }
    }

    async fn attempt(
        &self,
        method: Method,
        path: &str,
        key: &str,
        body: Option<&Value>,
    ) -> anyhow::Result<Answer> {
        let mut request =
            self.http.request(method, format!("{}{path}", self.base_url)).bearer_auth(&self.token);
        if let Some(body) = body {
            request = request.header("idempotency-key", key).json(body);
        }
        let response = request.send().await?;
        let status = response.status();
        let text = response.text().await?;
        Ok(Answer { status, body: serde_json::from_str(&text).unwrap_or(Value::String(text)) })
    }
}

/// What the server said to a call.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) body: Value,
}

impl Answer {
    /// A busy or failing server, and a token that does not work yet, may change their mind.
    fn is_final(&self) -> bool {
        !(self.status.is_server_error()
            || matches!(
                self.status,
                StatusCode::TOO_MANY_REQUESTS
                    | StatusCode::REQUEST_TIMEOUT
                    | StatusCode::UNAUTHORIZED
            ))
    }

    pub(crate) fn said(&self) -> String {
        format!("{} {}", self.status, self.body)
    }
}

/// The staff who look after one room.
pub(super) struct RoomDesk {
    staff: Staff,
    room: String,
    device: String,
    session: Option<String>,
    calls: u64,
}

impl RoomDesk {
    pub(super) fn new(staff: Staff, room: String, device: String) -> Self {
        Self { staff, room, device, session: None, calls: 0 }
    }

    /// Binds the monitor to the room, then does what is to do, each with the time it happened at
    /// (ms since 1970).
    pub(super) async fn work(mut self, mut to_do: Receiver<(i64, StaffAction)>) {
        self.bind_monitor().await;
        while let Some((at_ms, action)) = to_do.recv().await {
            match action {
                StaffAction::CheckIn { ref initials, age, weight_kg } => {
                    let patient = json!({"initials": initials, "age": age, "weight_kg": weight_kg});
                    self.open_session(patient).await;
                    self.enter(at_ms, &action).await;
                }
                action => self.enter(at_ms, &action).await,
            }
        }
    }

    /// A server may know a monitor only once it has heard it, so this is repeated until it works.
    async fn bind_monitor(&mut self) {
        let path = format!("/api/v1/devices/{}/binding", self.device);
        let body = json!({"room": self.room});
        let mut backoff = Backoff::default();
        loop {
            backoff.wait().await;
            let answer = self.call(Method::PUT, &path, Some(&body)).await;
            if answer.status.is_success() {
                info!(room = self.room, device = self.device, "bound");
                return;
            }
            if answer.status != StatusCode::NOT_FOUND {
                warn!(room = self.room, device = self.device, "not bound: {}", answer.said());
            }
        }
    }

    async fn open_session(&mut self, patient: Value) {
        self.session = None;
        let path = format!("/api/v1/rooms/{}/sessions", self.room);
        let body = json!({"patient": patient, "profile": PROFILE, "planned_s": INFUSION_S});
        let mut answer = self.call(Method::POST, &path, Some(&body)).await;
        if answer.status == StatusCode::CONFLICT {
            self.end_what_runs().await;
            answer = self.call(Method::POST, &path, Some(&body)).await;
        }
        match answer.body["id"].as_str() {
            Some(id) if answer.status.is_success() => self.session = Some(id.to_owned()),
            _ => warn!(room = self.room, "no session was opened: {}", answer.said()),
        }
    }

    /// A session that an earlier run left in this room would stand in the way.
    async fn end_what_runs(&mut self) {
        let room = self.call(Method::GET, &format!("/api/v1/rooms/{}", self.room), None).await;
        if let Some(left) = room.body["session"]["id"].as_str() {
            let path = format!("/api/v1/sessions/{left}/events");
            let abort = json!({"type": "abort", "reason": "left open by an earlier simulation"});
            let answer = self.call(Method::POST, &path, Some(&abort)).await;
            info!(room = self.room, "ended a session of an earlier run: {}", answer.status);
        }
    }

    async fn enter(&mut self, at_ms: i64, action: &StaffAction) {
        let Some(session) = self.session.clone() else {
            return;
        };
        let path = format!("/api/v1/sessions/{session}/events");
        let mut event = event(action);
        if self.staff.pace.now_ms() - at_ms > ENTERED_LATE_MS {
            event["occurred_at"] = json!(at_ms);
        }
        let mut answer = self.call(Method::POST, &path, Some(&event)).await;
        if answer.status == StatusCode::UNPROCESSABLE_ENTITY && event["occurred_at"].is_i64() {
            warn!(room = self.room, "not taken with its own time: {}", answer.said());
            event.as_object_mut().map(|fields| fields.remove("occurred_at"));
            answer = self.call(Method::POST, &path, Some(&event)).await;
        }
        if answer.status == StatusCode::CONFLICT {
            event["override"] = json!({"reason": "simulated clinic: the checklist is not played"});
            answer = self.call(Method::POST, &path, Some(&event)).await;
        }
        if !answer.status.is_success() && *action == StaffAction::Discharge {
            let abort = json!({"type": "abort", "reason": "simulated patient has left"});
            answer = self.call(Method::POST, &path, Some(&abort)).await;
        }
        if !answer.status.is_success() {
            warn!(room = self.room, "{} was refused: {}", event["type"], answer.said());
        }
    }

    async fn call(&mut self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        self.calls += 1;
        let key = format!("sim-{}-{}-{}", self.staff.boot, self.room, self.calls);
        self.staff.call(method, path, &key, body).await
    }
}

fn event(action: &StaffAction) -> Value {
    match action {
        StaffAction::CheckIn { .. } => json!({"type": "check_in"}),
        StaffAction::AcceptBaseline { nibp, heart_rate, spo2 } => json!({
            "type": "accept_baseline", "systolic": nibp.systolic, "diastolic": nibp.diastolic,
            "heart_rate": heart_rate, "spo2": spo2,
        }),
        StaffAction::Start => json!({"type": "start"}),
        StaffAction::Pause => json!({"type": "pause"}),
        StaffAction::Resume => json!({"type": "resume"}),
        StaffAction::Stop => json!({"type": "stop"}),
        StaffAction::Discharge => json!({"type": "discharge"}),
    }
}
