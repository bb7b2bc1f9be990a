use serde::{Deserialize, Serialize};

use super::{Acknowledged, AlertState};
use crate::rules::{Condition, Priority};
use crate::vitals::{Decimal, Millis, RoomId};

/// One line of the alert log, which `replay` prints and the journal keeps.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AlertLine {
    /// When.
    pub at: Millis,
    /// Where.
    pub room: RoomId,
    /// `a1` for one of the room's session, else the whole id.
    pub alert: String,
    /// What it is about.
    pub condition: Condition,
    /// As it is after the change.
    pub priority: Priority,
    /// As it is after the change.
    pub state: AlertState,
    /// Who has it.
    pub acknowledged: Option<Acknowledged>,
    /// No sound until then.
    pub silenced_until: Option<Millis>,
    /// The value that crossed.
    pub value: Option<Decimal>,
    /// The limit that it crossed.
    pub limit: Option<Decimal>,
}
