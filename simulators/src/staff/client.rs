//! The staff of one room: they bind its monitor, open its session, and enter what happens.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tracing::{info, warn};

use super::{Answer, StaffApi};
use crate::clock::Backoff;

/// What happened longer ago than this is entered with its own time.
const ENTERED_LATE_MS: i64 = 2000;

/// The time of what happens when it is entered.
pub(crate) const NOW: i64 = i64::MAX;

/// The steps that have a gate before them (docs/clinical.md#gates).
const GATED: [&str; 6] =
    ["check_in", "screening", "accept_baseline", "start", "spray", "discharge"];

/// What decides how a session continues: a person who enters one of these leads it.
const STEPS: [&str; 17] = [
    "open",
    "check_in",
    "screening",
    "accept_baseline",
    "order",
    "check",
    "start",
    "rate_change",
    "bolus",
    "spray",
    "pause",
    "resume",
    "stop",
    "move",
    "discharge",
    "abort",
    "transfer",
];

/// The authority that gives the simulated patients their numbers.
pub(crate) const SIMULATED_AUTHORITY: &str = "simulated clinic";

/// A member of the staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Nurse {
    /// The person who looks after the patient.
    First,
    /// The person who checks a dose.
    Second,
}

/// What became of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Entered {
    Taken,
    /// A gate still prevents it.
    Unmet,
    Refused,
}

/// A room and its monitor.
#[derive(Debug, Clone)]
pub(crate) struct Place {
    pub(crate) room: String,
    pub(crate) device: String,
}

/// The alerts without an outcome to which the simulation gives one, and whether there are others:
/// what a person took, that person says the cause of.
fn without_outcome<'a>(alerts: &'a [Value], ours: &[String]) -> (Vec<&'a str>, bool) {
    let is_taken = |alert: &&Value| {
        let by = ["acknowledged", "acknowledged_before"].map(|took| alert[took]["by"].as_str());
        by.into_iter().flatten().any(|by| !ours.iter().any(|initials| initials == by))
    };
    let open = alerts.iter().filter(|alert| alert["outcome"].is_null());
    let (theirs, mine): (Vec<_>, Vec<_>) = open.partition(is_taken);
    (mine.into_iter().filter_map(|alert| alert["id"].as_str()).collect(), !theirs.is_empty())
}

/// The staff of one room. What the server refuses is logged, and the play continues.
pub(crate) struct StaffClient {
    staff: StaffApi,
    /// Another person, who checks what the first one does.
    second: Option<StaffApi>,
    place: Place,
    /// The prefix of its idempotency keys.
    key: String,
    calls: u64,
    is_bound: bool,
    session: Option<String>,
    /// The session that ran in the room when these staff came: an earlier run may have left it
    /// open.
    found: Option<String>,
    /// The initials of the simulation's entries; not known before the server is asked.
    ours: Option<Vec<String>>,
    /// The number of the session's last entry when these staff came.
    before: u64,
}

impl StaffClient {
    pub(crate) fn new(staff: StaffApi, place: Place) -> Self {
        let key = format!("sim-{}-{}", staff.boot, place.room);
        Self {
            staff,
            second: None,
            place,
            key,
            calls: 0,
            is_bound: false,
            session: None,
            found: None,
            ours: None,
            before: 0,
        }
    }

    /// With another person, who checks what the first one does.
    pub(crate) fn with_second(self, second: Option<StaffApi>) -> Self {
        Self { second, ..self }
    }

    /// The monitor is already in the room, and this session runs there: as it was last shown.
    pub(crate) fn goes_on(self, session: Option<String>, shown: &Value) -> Self {
        Self { is_bound: true, session, before: entered(shown).max().unwrap_or(0), ..self }
    }

    pub(crate) fn room(&self) -> &str {
        &self.place.room
    }

    /// The session that was opened last.
    pub(crate) fn session(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// Puts the monitor into the room, if the server already knows it.
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

    /// Binds it, and retries until the server knows the monitor.
    pub(crate) async fn bind_at_last(&mut self) {
        let mut backoff = Backoff::default();
        while !self.is_bound {
            backoff.wait().await;
            self.bind().await;
            if self.is_bound {
                self.look_around().await;
            }
        }
    }

    /// Remembers what runs in the room before these staff do anything. Whatever others open there
    /// later is theirs.
    pub(crate) async fn look_around(&mut self) {
        let room = self.room_as_shown().await;
        self.found = room["session"]["id"].as_str().map(str::to_owned);
    }

    async fn room_as_shown(&mut self) -> Value {
        let path = format!("/api/v1/rooms/{}", self.place.room);
        self.call(Method::GET, &path, None).await.body
    }

    /// `about`: the patient, the profile, and what else a session is opened with. If a person is
    /// treating somebody there, nothing is opened.
    pub(crate) async fn open_session(&mut self, about: &Value) {
        (self.session, self.before) = (None, 0);
        let path = format!("/api/v1/rooms/{}/sessions", self.place.room);
        let mut answer = self.call(Method::POST, &path, Some(about)).await;
        if answer.status == StatusCode::CONFLICT {
            if !self.end_what_was_left().await {
                info!(room = self.place.room, "somebody treats a patient here: nothing is opened");
                return;
            }
            answer = self.call(Method::POST, &path, Some(about)).await;
        }
        match answer.body["id"].as_str() {
            Some(id) if answer.status.is_success() => self.session = Some(id.to_owned()),
            _ => warn!(room = self.place.room, "no session was opened: {}", answer.said()),
        }
    }

    /// Ends a session that an earlier run left open in this room, and no other; returns whether it
    /// did.
    async fn end_what_was_left(&mut self) -> bool {
        let room = self.room_as_shown().await;
        let Some(runs) = room["session"]["id"].as_str().map(str::to_owned) else { return true };
        if self.found.as_ref() != Some(&runs) {
            return false;
        }
        let path = format!("/api/v1/sessions/{runs}");
        let shown = self.call(Method::GET, &path, None).await.body;
        if self.is_led_by_a_person(&shown).await && !self.is_simulated(&shown).await {
            return false;
        }
        let whose = shown["initials"].as_str().unwrap_or("somebody");
        warn!(
            room = self.place.room,
            "the session of {whose} is open here and no person leads it: it is ended now, so that \
             this simulation can begin"
        );
        let abort = json!({"type": "abort", "reason": "left open by an earlier simulation"});
        let answer = self.call(Method::POST, &format!("{path}/events"), Some(&abort)).await;
        info!(room = self.place.room, "ended it: {}", answer.status);
        true
    }

    /// Whether the patient is one of the simulation's.
    async fn is_simulated(&mut self, session: &Value) -> bool {
        let Some(patient) = session["patient"]["id"].as_str() else { return false };
        let path = format!("/api/v1/patients/{patient}");
        let known = self.call(Method::GET, &path, None).await.body;
        let ids = known["identity"]["ids"].as_array().into_iter().flatten();
        ids.into_iter().any(|id| id["authority"] == SIMULATED_AUTHORITY)
    }

    /// Whether a person has taken a step of this session since these staff came: then that person
    /// continues it. A symptom, a note or a medicine does not count.
    pub(crate) async fn is_led_by_a_person(&mut self, session: &Value) -> bool {
        let ours = self.ours().await;
        let before = self.before;
        let entries = session["events"].as_array().into_iter().flatten();
        let found = entries.filter(|entry| entry["n"].as_u64().is_some_and(|n| n > before));
        found.into_iter().any(|entry| {
            let is_step = entry["type"].as_str().is_some_and(|kind| STEPS.contains(&kind));
            is_step && !ours.iter().any(|initials| entry["by"] == initials.as_str())
        })
    }

    /// Whose entries are the simulation's.
    async fn ours(&mut self) -> Vec<String> {
        if self.ours.is_none() {
            self.ours = Some(self.initials().await);
        }
        self.ours.clone().unwrap_or_default()
    }

    /// The initials of the simulation's own entries.
    async fn initials(&mut self) -> Vec<String> {
        let mut found = Vec::new();
        for by in [Nurse::First, Nurse::Second] {
            let me = self.call_by(by, Method::GET, "/api/v1/me", None).await.body;
            found.extend(me["initials"].as_str().map(str::to_owned));
        }
        found
    }

    /// Whether there is another person, who checks what the first one does.
    pub(crate) fn has_second(&self) -> bool {
        self.second.is_some()
    }

    /// The session as staff see it; `None` while there is none.
    pub(crate) async fn shown(&mut self) -> Value {
        let Some(session) = &self.session else { return Value::Null };
        let path = format!("/api/v1/sessions/{session}");
        self.call(Method::GET, &path, None).await.body
    }

    /// Gives every alert of the session that has no outcome yet its outcome, but for those that a
    /// person took: what it was is theirs to say. Gives back whether all have one now.
    pub(crate) async fn close_alerts(&mut self) -> bool {
        let Some(session) = &self.session else { return true };
        let path = format!("/api/v1/alerts?state=all&session={session}");
        let listed = self.call(Method::GET, &path, None).await;
        let alerts = listed.body["alerts"].as_array().cloned().unwrap_or_default();
        let ours = self.ours().await;
        let (mine, is_left_to_a_person) = without_outcome(&alerts, &ours);
        for id in mine {
            let said = json!({"outcome": "expected_effect"});
            self.call(Method::POST, &format!("/api/v1/alerts/{id}/outcome"), Some(&said)).await;
        }
        if is_left_to_a_person {
            info!(room = self.place.room, "a person took an alert here: its outcome is theirs");
        }
        !is_left_to_a_person
    }

    /// Enters what happened at `at_ms` (ms since 1970), with the time of its entry if the server
    /// does not accept its own. A gate is passed with a reason only where the simulation itself is
    /// the reason.
    pub(crate) async fn enter(&mut self, by: Nurse, mut event: Value, at_ms: i64) -> Entered {
        let Some(session) = &self.session else { return Entered::Refused };
        let path = format!("/api/v1/sessions/{session}/events");
        if self.staff.pace.now_ms().saturating_sub(at_ms) > ENTERED_LATE_MS {
            event["occurred_at"] = json!(at_ms);
        }
        let mut answer = self.call_by(by, Method::POST, &path, Some(&event)).await;
        if answer.status == StatusCode::UNPROCESSABLE_ENTITY && event["occurred_at"].is_i64() {
            warn!(room = self.place.room, "not accepted with its own time: {}", answer.said());
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

    /// Calls the server, only once in effect: a repeated call has the key that it had.
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

/// The numbers of a session's entries.
fn entered(session: &Value) -> impl Iterator<Item = u64> {
    let entries = session["events"].as_array().into_iter().flatten();
    entries.filter_map(|entry| entry["n"].as_u64())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alert_that_a_person_took_gets_no_outcome_from_the_simulation() {
        let alert = |id: &str, by: Value, before: Value, outcome: Value| {
            json!({"id": id, "acknowledged": by, "acknowledged_before": before,
                "outcome": outcome})
        };
        let by = |initials: &str| json!({"by": initials, "at": 0});
        let nobody = || Value::Null;
        let alerts = [
            alert("a1", nobody(), nobody(), nobody()),
            alert("a2", by("SIM"), nobody(), nobody()),
            alert("a3", by("KM"), nobody(), nobody()),
            alert("a4", nobody(), by("KM"), nobody()),
            alert("a5", by("KM"), nobody(), json!("expected_effect")),
        ];
        let ours = ["SIM".to_owned()];
        assert_eq!(without_outcome(&alerts, &ours), (vec!["a1", "a2"], true));
        assert_eq!(without_outcome(&alerts[..2], &ours), (vec!["a1", "a2"], false));
        assert_eq!(without_outcome(&alerts[4..], &ours), (vec![], false));
    }
}
