use std::collections::{BTreeMap, BTreeSet};

use crate::room::Moving;
use crate::vitals::Millis;
use crate::ward::ScreenId;
use crate::ward::render::SessionCard;

/// What leaves a room with its session.
#[derive(Debug)]
pub(in crate::ward) struct Departure {
    pub(in crate::ward) moving: Moving,
    pub(in crate::ward) card: SessionCard,
    /// Which screens have shown its alerts.
    pub(super) receipts: BTreeMap<String, BTreeSet<ScreenId>>,
    pub(super) unread_since: Option<Millis>,
}
