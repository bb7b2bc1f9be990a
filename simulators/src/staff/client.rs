//! The staff of one room: they bind its monitor, open its session, and enter what happens.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tracing::{info, warn};

use super::{Answer, StaffApi};
use crate::clock::Backoff;

/// What happened longer ago than this is entered with its own time.
const ENTERED_LATE_MS: i64 = 2000;

/// A room and its monitor.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) room: String,
    pub(crate) device: String,
}

/// The staff of one room. What the server refuses is logged, and the play goes on.
pub(crate) struct StaffClient {
    staff: StaffApi,
    place: Place,
    /// The beginning of its idempotency keys.
    key: String,
    calls: u64,
    is_bound: bool,
    session: Option<String>,
}

impl StaffClient {
    pub(crate) fn new(staff: StaffApi, place: Place) -> Self {
        let key = format!("sim-{}-{}", staff.boot, place.room);
        Self { staff, place, key, calls: 0, is_bound: false, session: None }
    }

    pub(crate) fn room(&self) -> &str {
        &self.place.room
    }

    /// The session that was opened last.
    pub(crate) fn session(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// Puts the monitor into the room, if the server knows it already.
    pub(crate) async fn bind(&mut self) {
        let Place { room, device } = self.place.clone();
        let path = format!("/api/v1/devices/{device}/binding");
        let answer = self.call(Method::PUT, &path, Some(&json!({"room": room}))).await;
        self.is_bound = answer.status.is_success();
        if self.is_bound {
            info!(room, device, "bound");
        } else if answer.status != StatusCode::NOT_FOUND {
            warn!(room, device, "not bound: {}", answer.said());
        }
    }

    /// Binds it, and tries again until the server knows the monitor.
    pub(crate) async fn bind_at_last(&mut self) {
        let mut backoff = Backoff::default();
        while !self.is_bound {
            backoff.wait().await;
            self.bind().await;
        }
    }

    /// `about`: the patient, the profile, and what else a session is opened with.
    pub(crate) async fn open_session(&mut self, about: &Value) {
        self.session = None;
        let path = format!("/api/v1/rooms/{}/sessions", self.place.room);
        let mut answer = self.call(Method::POST, &path, Some(about)).await;
        if answer.status == StatusCode::CONFLICT {
            self.end_what_runs().await;
            answer = self.call(Method::POST, &path, Some(about)).await;
        }
        match answer.body["id"].as_str() {
            Some(id) if answer.status.is_success() => self.session = Some(id.to_owned()),
            _ => warn!(room = self.place.room, "no session was opened: {}", answer.said()),
        }
    }

    /// Ends a session that an earlier run left open in this room.
    async fn end_what_runs(&mut self) {
        let path = format!("/api/v1/rooms/{}", self.place.room);
        let room = self.call(Method::GET, &path, None).await;
        if let Some(left) = room.body["session"]["id"].as_str() {
            let path = format!("/api/v1/sessions/{left}/events");
            let abort = json!({"type": "abort", "reason": "left open by an earlier simulation"});
            let answer = self.call(Method::POST, &path, Some(&abort)).await;
            let status = answer.status;
            info!(room = self.place.room, "ended a session of an earlier run: {status}");
        }
    }

    /// Enters what happened at `at_ms` (ms since 1970), all the same where a gate speaks against
    /// it, and with the time of its entry where the server does not take its own.
    pub(crate) async fn enter(&mut self, mut event: Value, at_ms: i64) -> bool {
        let Some(session) = &self.session else { return false };
        let path = format!("/api/v1/sessions/{session}/events");
        if self.staff.pace.now_ms() - at_ms > ENTERED_LATE_MS {
            event["occurred_at"] = json!(at_ms);
        }
        let mut answer = self.call(Method::POST, &path, Some(&event)).await;
        if answer.status == StatusCode::UNPROCESSABLE_ENTITY && event["occurred_at"].is_i64() {
            warn!(room = self.place.room, "not taken with its own time: {}", answer.said());
            event.as_object_mut().map(|fields| fields.remove("occurred_at"));
            answer = self.call(Method::POST, &path, Some(&event)).await;
        }
        let may_be_overridden = event["type"] == "start" || event["type"] == "accept_baseline";
        if answer.status == StatusCode::CONFLICT && may_be_overridden {
            event["override"] = json!({"reason": "simulated: the checklist is not played"});
            answer = self.call(Method::POST, &path, Some(&event)).await;
        }
        let is_taken = answer.status.is_success();
        if !is_taken {
            warn!(room = self.place.room, "{} was refused: {}", event["type"], answer.said());
        }
        is_taken
    }

    /// Calls the server, once for all: a call that is repeated has the key that it had.
    pub(crate) async fn call(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        self.calls += 1;
        let key = format!("{}-{}", self.key, self.calls);
        self.staff.call(method, path, &key, body).await
    }
}
