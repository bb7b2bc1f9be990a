//! The staff of a scenario, who do what its lines say.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::sync::mpsc::Receiver;
use tracing::warn;

use crate::scenario::{AlertName, Header, Line, Scenario, Wanted};
use crate::staff::{Entered, NOW, Nurse, StaffClient};

/// An alert that staff take may be raised slightly later here than in the recording.
const ALERT_WITHIN_ATTEMPTS: u32 = 20;
const BETWEEN_ATTEMPTS: Duration = Duration::from_millis(250);

/// Those who look after the scenario's room.
pub(super) struct ScenarioStaff {
    client: StaffClient,
    scenario: Scenario,
}

impl ScenarioStaff {
    pub(super) fn new(client: StaffClient, scenario: &Scenario) -> Self {
        Self { client, scenario: scenario.clone() }
    }

    /// Opens the session and puts the monitor into the room, if the server already knows it.
    pub(super) async fn prepare(&mut self) {
        self.client.bind().await;
        self.client.look_around().await;
        let Header { profile, patient, .. } = self.scenario.header();
        self.client.open_session(&json!({"patient": patient, "profile": profile})).await;
    }

    /// Does what the scenario's staff do, in order, each with the time it happened at.
    pub(super) async fn work(mut self, mut lines: Receiver<(i64, Line)>) {
        self.client.bind_at_last().await;
        while let Some((at_ms, line)) = lines.recv().await {
            if self.client.session().is_some() {
                self.act(at_ms, line).await;
            }
        }
    }

    async fn act(&mut self, at_ms: i64, line: Line) {
        match line {
            Line::Event { event, .. } => {
                let event = serde_json::to_value(event).expect("words always become JSON");
                self.enter(event, at_ms).await;
            }
            Line::Acknowledge { acknowledge, .. } => {
                self.on_alert(acknowledge, "acknowledge", json!({})).await;
            }
            Line::Outcome { outcome, .. } => {
                let said = json!({"outcome": outcome.outcome});
                self.on_alert(outcome.alert, "outcome", said).await;
            }
            Line::Silence { silence, .. } => {
                let said = json!({"seconds": silence.seconds});
                self.on_alert(silence.alert, "silence", said).await;
            }
            _ => {}
        }
    }

    /// A scenario is fixed: where a gate objects, its staff go on all the same, and what cannot be
    /// ended properly is ended with the reason.
    async fn enter(&mut self, mut event: Value, at_ms: i64) {
        let is_discharge = event["type"] == "discharge";
        if is_discharge && !self.client.close_alerts().await {
            return;
        }
        if self.client.enter(Nurse::First, event.clone(), at_ms).await != Entered::Unmet {
            return;
        }
        if is_discharge {
            let over = json!({"type": "abort", "reason": "the simulated scenario is over"});
            self.client.enter(Nurse::First, over, NOW).await;
        } else if event["override"].is_null() {
            event["override"] = json!({"reason": "simulated: the scenario goes on all the same"});
            self.client.enter(Nurse::First, event, at_ms).await;
        }
    }

    /// Here an alert is identified by what it is about: a server in use may have raised others, and
    /// then the recording's `a1` is not the session's.
    async fn on_alert(&mut self, name: AlertName, what: &str, said: Value) {
        let Some(wanted) = self.scenario.alert(name) else { return };
        for _ in 0..ALERT_WITHIN_ATTEMPTS {
            if let Some(id) = self.find(wanted).await {
                let path = format!("/api/v1/alerts/{id}/{what}");
                let answer = self.client.call(Method::POST, &path, Some(&said)).await;
                if answer.status.is_success() {
                    return;
                }
                if answer.status != StatusCode::NOT_FOUND {
                    let room = self.client.room();
                    warn!(
                        room,
                        "{what} of {id}, {}, was refused: {}",
                        wanted.condition,
                        answer.said()
                    );
                    return;
                }
            }
            tokio::time::sleep(BETWEEN_ATTEMPTS).await;
        }
        let room = self.client.room();
        warn!(room, "{what} of {name}: the server has raised no such alert {}", wanted.condition);
    }

    async fn find(&mut self, wanted: Wanted) -> Option<String> {
        let session = self.client.session()?.to_owned();
        let path = format!("/api/v1/alerts?state=all&session={session}");
        let answer = self.client.call(Method::GET, &path, None).await;
        find(&answer.body, wanted)
    }
}

/// The id of the wanted alert, in a list of the session's.
fn find(list: &Value, Wanted { condition, after }: Wanted) -> Option<String> {
    let alerts = list["alerts"].as_array()?;
    let mut found: Vec<_> =
        alerts.iter().filter(|alert| alert["condition"] == condition.word()).collect();
    found.sort_by_key(|alert| alert["raised_at"].as_i64());
    Some(found.get(after)?["id"].as_str()?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::Condition;

    #[test]
    fn an_alert_is_found_by_what_it_is_about_whatever_else_was_raised() {
        let alert = |number: u32, condition: &str, raised_at: i64| json!({"id": format!("s-a{number}"), "condition": condition, "raised_at": raised_at});
        // In the order in which the server lists them: those raised last first.
        let list = json!({"alerts": [
            alert(5, "spo2_low", 90), alert(4, "spo2_falling", 80), alert(3, "spo2_low", 70),
            alert(2, "clock_skew", 20), alert(1, "monitor_lost", 10),
        ]});
        let wanted = |condition, after| find(&list, Wanted { condition, after });
        assert_eq!(wanted(Condition::Spo2Falling, 0).as_deref(), Some("s-a4"));
        assert_eq!(wanted(Condition::Spo2Low, 0).as_deref(), Some("s-a3"));
        assert_eq!(wanted(Condition::Spo2Low, 1).as_deref(), Some("s-a5"));
        assert_eq!(wanted(Condition::HrLow, 0), None);
        assert_eq!(
            find(&json!({"title": "no"}), Wanted { condition: Condition::HrLow, after: 0 }),
            None
        );
    }
}
