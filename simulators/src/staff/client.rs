//! The staff of one room: they bind its monitor, open its session, and enter what happens.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tracing::{info, warn};

use super::{Answer, StaffApi};
use crate::clock::Backoff;

/// What happened longer ago than this is entered with its own time.
const ENTERED_LATE_MS: i64 = 2000;

/// It happens when it is entered.
pub(crate) const NOW: i64 = i64::MAX;

/// What a gate is before (docs/clinical.md#gates).
const GATED: [&str; 6] =
    ["check_in", "screening", "accept_baseline", "start", "spray", "discharge"];

/// Who of the staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nurse {
    /// Who looks after the patient.
    First,
    /// Who checks a dose.
    Second,
}

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entered {
    Taken,
    /// A gate still waits for something.
    Unmet,
    Refused,
}

/// A room and its monitor.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) room: String,
    pub(crate) device: String,
}

/// The staff of one room. What the server refuses is logged, and the play goes on.
pub(crate) struct StaffClient {
    staff: StaffApi,
    /// Another person, who checks what the first one does.
    second: Option<StaffApi>,
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
        Self { staff, second: None, place, key, calls: 0, is_bound: false, session: None }
    }

    /// With another person, who checks what the first one does.
    pub(crate) fn with_second(self, second: Option<StaffApi>) -> Self {
        Self { second, ..self }
    }

    /// The monitor is in the room already, and this session runs there.
    pub(crate) fn goes_on(self, session: Option<String>) -> Self {
        Self { is_bound: true, session, ..self }
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

    /// Whether there is another person, who checks what the first one does.
    pub(crate) fn has_second(&self) -> bool {
        self.second.is_some()
    }

    /// The session as staff see it; nothing while there is none.
    pub(crate) async fn shown(&mut self) -> Value {
        let Some(session) = &self.session else { return Value::Null };
        let path = format!("/api/v1/sessions/{session}");
        self.call(Method::GET, &path, None).await.body
    }

    /// Gives every alert of the session that has no outcome yet its outcome.
    pub(crate) async fn close_alerts(&mut self) {
        let Some(session) = &self.session else { return };
        let path = format!("/api/v1/alerts?state=all&session={session}");
        let listed = self.call(Method::GET, &path, None).await;
        let alerts = listed.body["alerts"].as_array().cloned().unwrap_or_default();
        for alert in alerts.iter().filter(|alert| alert["outcome"].is_null()) {
            let Some(id) = alert["id"].as_str() else { continue };
            let said = json!({"outcome": "expected_effect"});
            self.call(Method::POST, &format!("/api/v1/alerts/{id}/outcome"), Some(&said)).await;
        }
    }

    /// Enters what happened at `at_ms` (ms since 1970), with the time of its entry where the
    /// server does not take its own. A gate is gone through with a reason only where the
    /// simulation itself is the reason.
    pub(crate) async fn enter(&mut self, by: Nurse, mut event: Value, at_ms: i64) -> Entered {
        let Some(session) = &self.session else { return Entered::Refused };
        let path = format!("/api/v1/sessions/{session}/events");
        if self.staff.pace.now_ms().saturating_sub(at_ms) > ENTERED_LATE_MS {
            event["occurred_at"] = json!(at_ms);
        }
        let mut answer = self.call_by(by, Method::POST, &path, Some(&event)).await;
        if answer.status == StatusCode::UNPROCESSABLE_ENTITY && event["occurred_at"].is_i64() {
            warn!(room = self.place.room, "not taken with its own time: {}", answer.said());
            event.as_object_mut().map(|fields| fields.remove("occurred_at"));
            answer = self.call_by(by, Method::POST, &path, Some(&event)).await;
        }
        let has_gate = event["type"].as_str().is_some_and(|kind| GATED.contains(&kind));
        if answer.status == StatusCode::CONFLICT
            && has_gate
            && let Some(reason) = self.staff.pace.excuse(at_ms)
        {
            event["override"] = json!({"reason": reason});
            answer = self.call_by(by, Method::POST, &path, Some(&event)).await;
        }
        let is_unmet = answer.body["unmet"].as_array().is_some_and(|unmet| !unmet.is_empty());
        let entered = match answer.status {
            status if status.is_success() => Entered::Taken,
            StatusCode::CONFLICT if is_unmet => Entered::Unmet,
            _ => Entered::Refused,
        };
        if entered != Entered::Taken {
            warn!(room = self.place.room, "{} was refused: {}", event["type"], answer.said());
        }
        entered
    }

    /// Calls the server, once for all: a call that is repeated has the key that it had.
    pub(crate) async fn call(
        &mut self,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        self.call_by(Nurse::First, method, path, body).await
    }

    async fn call_by(
        &mut self,
        by: Nurse,
        method: Method,
        path: &str,
        body: Option<&Value>,
    ) -> Answer {
        self.calls += 1;
        let key = format!("{}-{}", self.key, self.calls);
        let staff = match by {
            Nurse::First => &self.staff,
            Nurse::Second => self.second.as_ref().unwrap_or(&self.staff),
        };
        staff.call(method, path, &key, body).await
    }
}
