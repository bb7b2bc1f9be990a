//! The staff of a room of the clinic: what its visits want done.

use serde_json::{Value, json};
use tokio::sync::mpsc::Receiver;

use super::room::StaffAction;
use super::visit::INFUSION_S;
use crate::staff::StaffClient;

const PROFILE: &str = "ketamine-iv-adult";

/// Binds the monitor to the room, then does what is to do, each with the time it happened at
/// (ms since 1970).
pub(super) async fn work(mut client: StaffClient, mut to_do: Receiver<(i64, StaffAction)>) {
    client.bind_at_last().await;
    while let Some((at_ms, action)) = to_do.recv().await {
        if let StaffAction::CheckIn { initials, age, weight_kg } = &action {
            let patient = json!({"initials": initials, "age": age, "weight_kg": weight_kg});
            let about = json!({"patient": patient, "profile": PROFILE, "planned_s": INFUSION_S});
            client.open_session(&about).await;
        }
        let is_taken = client.enter(event(&action), at_ms).await;
        if !is_taken && action == StaffAction::Discharge {
            let left = json!({"type": "abort", "reason": "simulated patient has left"});
            client.enter(left, at_ms).await;
        }
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
