//! The ward's own alert: nothing is recorded any more. Monitoring and alarms go on.

use serde_json::{Value as Json, json};

use super::Actor;
use crate::room::{Acknowledged, AlertState};
use crate::vitals::Millis;

/// The journal is behind by more than this: `recording_stopped` (DESIGN 2).
const STOPPED_AFTER_MS: i64 = 2_000;
/// It has caught up to within this.
const RESUMED_WITHIN_MS: i64 = 1_000;

/// Whether recording has stopped, and who knows of it.
#[derive(Debug, Default)]
pub(super) struct Recording {
    rev: u64,
    counted: u32,
    alert: Option<Alert>,
}

#[derive(Debug)]
struct Alert {
    id: String,
    raised_at: Millis,
    ended_at: Option<Millis>,
    state: AlertState,
    acknowledged: Option<Acknowledged>,
}

impl Recording {
    /// Judges how far the journal is behind. `true` when the alert changed.
    pub(super) fn judge(&mut self, lag_ms: i64, at: Millis) -> bool {
        let is_active = self.alert.as_ref().is_some_and(|a| a.state == AlertState::Active);
        if lag_ms > STOPPED_AFTER_MS && !is_active {
            self.counted += 1;
            self.alert = Some(Alert {
                id: format!("ward-{}-{}-a{}", at.day(), at.0, self.counted),
                raised_at: at,
                ended_at: None,
                state: AlertState::Active,
                acknowledged: None,
            });
        } else if lag_ms < RESUMED_WITHIN_MS && is_active {
            if let Some(alert) = &mut self.alert {
                alert.state = AlertState::Resolved;
                alert.ended_at = Some(at);
            }
        } else {
            return false;
        }
        self.rev += 1;
        true
    }

    /// Somebody takes it; `None` when it is not this alert.
    pub(super) fn acknowledge(&mut self, id: &str, actor: &Actor, at: Millis) -> Option<Json> {
        let alert = self.alert.as_mut().filter(|alert| alert.id == id)?;
        if alert.acknowledged.is_none() {
            alert.acknowledged = Some(Acknowledged { by: actor.initials.clone(), at });
            self.rev += 1;
        }
        self.json()
    }

    /// The ward's part of a snapshot.
    pub(super) fn snapshot(&self) -> Json {
        let open = self.alert.as_ref().filter(|alert| alert.state == AlertState::Active);
        let alerts: Vec<_> = open.and_then(|_| self.json()).into_iter().collect();
        json!({"rev": self.rev, "alerts": alerts})
    }

    /// The frame that tells screens of a change; none while there never was an alert.
    pub(super) fn frame(&self) -> Option<Json> {
        let alert = self.json()?;
        Some(json!({"type": "alert", "room": null, "rev": self.rev, "alert": alert}))
    }

    fn json(&self) -> Option<Json> {
        let alert = self.alert.as_ref()?;
        Some(json!({
            "id": alert.id, "room": null, "session": null, "condition": "recording_stopped",
            "kind": "technical", "priority": "medium", "state": alert.state, "value": null,
            "limit": null, "unit": null, "raised_at": alert.raised_at, "ended_at": alert.ended_at,
            "escalated": 0, "acknowledged": alert.acknowledged, "outcome": null,
            "silenced_until": null, "receipts": 0,
            "text": "Recording has stopped: the disk cannot keep up. Monitoring goes on.",
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::room::Authority;

    #[test]
    fn it_is_raised_when_the_disk_is_two_seconds_behind_and_ends_when_it_has_caught_up() {
        let mut recording = Recording::default();
        assert!(!recording.judge(1_900, Millis(0)));
        assert!(recording.judge(2_100, Millis(1_000)));
        assert!(!recording.judge(5_000, Millis(2_000)));
        assert_eq!(recording.snapshot()["alerts"][0]["condition"], "recording_stopped");
        let id = recording.snapshot()["alerts"][0]["id"].as_str().unwrap().to_owned();
        let actor =
            Actor { initials: "KM".to_owned(), name: "KM".to_owned(), authority: Authority::Nurse };
        let taken = recording.acknowledge(&id, &actor, Millis(3_000)).unwrap();
        assert_eq!(taken["acknowledged"]["by"], "KM");
        assert!(!recording.judge(1_500, Millis(4_000)));
        assert!(recording.judge(500, Millis(5_000)));
        assert_eq!(recording.frame().unwrap()["alert"]["state"], "resolved");
        assert_eq!(recording.snapshot()["alerts"], json!([]));
    }
}
