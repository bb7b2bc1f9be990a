//! Alerts as the store lists them.

use super::written::written;
use crate::contract;
use crate::room::AlertState;
use crate::store::AlertRow;
use crate::vitals::Millis;

/// The row of an alert.
pub(super) fn alert_row(alert: &contract::Alert) -> AlertRow {
    let contract::DisplayAlert { id, room, session, condition, priority, .. } = &alert.shown;
    AlertRow {
        id: id.clone(),
        room: room.clone(),
        session: session.clone(),
        condition: condition.name().to_owned(),
        priority: priority.name().to_owned(),
        state: alert.shown.state,
        raised_at: alert.shown.raised_at,
        ended_at: alert.shown.ended_at,
        json: written(alert),
    }
}

/// A stored alert that is over, by `at` at the latest.
pub(super) fn resolved(row: AlertRow, at: Millis) -> AlertRow {
    match serde_json::from_str::<contract::Alert>(&row.json) {
        Ok(alert) => alert_row(&alert.resolved(at)),
        Err(error) => {
            tracing::error!(alert = row.id, %error, "a stored alert cannot be read; it is closed");
            let ended_at = row.ended_at.or(Some(at));
            AlertRow { state: AlertState::Resolved, ended_at, ..row }
        }
    }
}
