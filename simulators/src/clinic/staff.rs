//! The staff of a room of the clinic, who do what its visits require.

use std::time::Duration;

use serde_json::{Value, json};
use tokio::sync::mpsc::Receiver;
use tracing::{info, warn};

use super::action::StaffAction;
use super::entries::{entries, opening};
use crate::staff::{Entered, NOW, Nurse, StaffClient};

/// How often, and how many times, an action is retried that a gate still prevents: twelve minutes,
/// in which a pressure is measured twice.
const TRIED_EVERY: Duration = Duration::from_secs(15);
const MOST_TRIES: usize = 48;

/// Binds the monitor to the room, then does what is to be done, each with the time it happened at
/// (ms since 1970).
pub(super) async fn work(mut client: StaffClient, mut to_do: Receiver<(i64, StaffAction)>) {
    client.bind_at_last().await;
    while let Some((at_ms, action)) = to_do.recv().await {
        if let Some(about) = opening(&action) {
            client.open_session(&about).await;
        }
        perform(&mut client, &action, at_ms).await;
    }
}

async fn perform(client: &mut StaffClient, action: &StaffAction, at_ms: i64) {
    let Some(session) = to_go_on_with(client).await else { return };
    if *action == StaffAction::Discharge && !client.close_alerts().await {
        return;
    }
    for entry in entries(action, &session, client.has_second()) {
        let (mut tried, mut at_ms) = (0, at_ms);
        loop {
            match client.enter(entry.by, entry.event.clone(), at_ms).await {
                Entered::Taken => break,
                Entered::Unmet if tried < MOST_TRIES => tried += 1,
                Entered::Unmet | Entered::Refused => {
                    give_up(client, action).await;
                    break;
                }
            }
            tokio::time::sleep(TRIED_EVERY).await;
            if to_go_on_with(client).await.is_none() {
                return;
            }
            if *action == StaffAction::Discharge && !client.close_alerts().await {
                return;
            }
            // What had to wait is done as soon as it is possible.
            at_ms = NOW;
        }
    }
}

/// The session as it is shown; `None` if there is none, or if a person leads it by now: what people
/// do is never done over.
async fn to_go_on_with(client: &mut StaffClient) -> Option<Value> {
    client.session()?;
    let session = client.shown().await;
    let is_led = client.is_led_by_a_person(&session).await;
    if is_led {
        info!(room = client.room(), "a person leads this session: it is left to them");
    }
    (!is_led).then_some(session)
}

/// The chair is needed: a session that cannot be ended properly is ended with the reason.
async fn give_up(client: &mut StaffClient, action: &StaffAction) {
    if *action != StaffAction::Discharge {
        warn!(room = client.room(), "{action:?} was not possible");
        return;
    }
    let left = json!({"type": "abort", "reason": "simulated patient has left"});
    client.enter(Nurse::First, left, NOW).await;
}
