use serde::{Deserialize, Serialize};

use super::{Acknowledged, AlertState};
use crate::rules::{Condition, Priority};
use crate::vitals::{Decimal, Millis, RoomId};

/// One line of the alert log, which `replay` prints and the journal keeps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertLine {
    /// When it happened, by our clock.
    pub at: Millis,
    /// The room.
    pub room: RoomId,
    /// `a1` for one of the room's session, otherwise the whole id.
    pub alert: String,
    /// What it is about.
    pub condition: Condition,
    /// Its level after the change.
    pub priority: Priority,
    /// Its state after the change.
    pub state: AlertState,
    /// Who has taken it.
    pub acknowledged: Option<Acknowledged>,
    /// No sound until this time.
    pub silenced_until: Option<Millis>,
    /// The value that crossed.
    pub value: Option<Decimal>,
    /// The limit that it crossed.
    pub limit: Option<Decimal>,
}
