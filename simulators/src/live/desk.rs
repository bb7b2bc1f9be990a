//! The staff of a scenario, as calls to the server's HTTP interface (DESIGN 4, HTTP).

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::mpsc::Receiver;
use tracing::{info, warn};

use crate::clinic::staff::{Answer, Staff};
use crate::clock::Backoff;
use crate::scenario::{Header, Line, Scenario};

/// An alert that staff take may be raised a little later here than in the recording.
const ALERT_WITHIN_ATTEMPTS: u32 = 20;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(250);

/// Those who look after the scenario's room.
pub(super) struct Desk {
    staff: Staff,
    room: String,
    device: String,
    header: Header,
    key: String,
    is_bound: bool,
    session: Option<String>,
    calls: u64,
}

impl Desk {
    pub(super) fn new(staff: Staff, room: &str, device: &str, scenario: &Scenario) -> Self {
        Self {
            key: format!("{}-{}", scenario.name(), staff.boot()),
            staff,
            room: room.to_owned(),
            device: device.to_owned(),
            header: scenario.header(),
            is_bound: false,
            session: None,
            calls: 0,
        }
    }

    /// Opens the session and puts the monitor into the room, if the server knows it already.
    pub(super) async fn prepare(&mut self) {
        self.bind().await;
        self.open_session().await;
    }

    /// Does what the scenario's staff do, in order.
    pub(super) async fn work(mut self, mut lines: Receiver<Line>) {
        // A server may know a monitor only once it has heard it.
        let mut backoff = Backoff::default();
        while !self.is_bound {
            backoff.wait().await;
            self.bind().await;
        }
        while let Some(line) = lines.recv().await {
            self.act(line).await;
        }
    }

    async fn bind(&mut self) {
        let path = format!("/api/v1/devices/{}/binding", self.device);
        let body = json!({"room": self.room});
        let answer = self.call(Method::PUT, &path, Some(&body)).await;
        self.is_bound = answer.status.is_success();
        if self.is_bound {
            info!(room = self.room, device = self.device, "bound");
        } else if answer.status != StatusCode::NOT_FOUND {
            warn!(room = self.room, device = self.device, "not bound: {}", answer.said());
        }
    }

    async fn open_session(&mut self) {
        let path = format!("/api/v1/rooms/{}/sessions", self.room);
        let Header { profile, patient, .. } = &self.header;
        let body = json!({"patient": patient, "profile": profile});
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

    async fn act(&mut self, line: Line) {
        let Some(session) = self.session.clone() else { return };
        match line {
            Line::Event { event, .. } => {
                let event = serde_json::to_value(event).expect("words always become JSON");
                self.enter(&session, event).await;
            }
            Line::Acknowledge { acknowledge, .. } => {
                let alert = json!({"alert": acknowledge});
                self.on_alert(&session, alert, "acknowledge").await;
            }
            Line::Outcome { outcome, .. } => {
                let outcome = serde_json::to_value(outcome).expect("words always become JSON");
                self.on_alert(&session, outcome, "outcome").await;
            }
            Line::Silence { silence, .. } => {
                let silence = serde_json::to_value(silence).expect("words always become JSON");
                self.on_alert(&session, silence, "silence").await;
            }
            _ => {}
        }
    }

    async fn enter(&mut self, session: &str, mut event: Value) {
        let path = format!("/api/v1/sessions/{session}/events");
        let mut answer = self.call(Method::POST, &path, Some(&event)).await;
        if answer.status == StatusCode::CONFLICT {
            event["override"] = json!({"reason": "simulated: the checklist is not played"});
            answer = self.call(Method::POST, &path, Some(&event)).await;
        }
        if !answer.status.is_success() {
            warn!(room = self.room, "{} was refused: {}", event["type"], answer.said());
        }
    }

    /// The room numbers the alerts of a session; the public id is the session's and the number.
    async fn on_alert(&mut self, session: &str, mut said: Value, what: &str) {
        let fields = said.as_object_mut().expect("what is said of an alert has fields");
        let name = fields.remove("alert").unwrap_or_default();
        let name = name.as_str().unwrap_or_default();
        let path = format!("/api/v1/alerts/{session}-{name}/{what}");
        for _ in 0..ALERT_WITHIN_ATTEMPTS {
            let answer = self.call(Method::POST, &path, Some(&said)).await;
            if answer.status.is_success() {
                return;
            }
            if answer.status != StatusCode::NOT_FOUND {
                warn!(room = self.room, "{what} of {name} was refused: {}", answer.said());
                return;
            }
            tokio::time::sleep(BETWEEN_ATTEMPTS).await;
        }
        warn!(room = self.room, "{what} of {name}: the server has raised no such alert");
    }

    async fn call(&mut self, method: Method, path: &str, body: Option<&Value>) -> Answer {
        self.calls += 1;
        let key = format!("{}-{}", self.key, self.calls);
        self.staff.call(method, path, &key, body).await
    }
}
