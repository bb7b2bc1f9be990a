use std::collections::{BTreeMap, BTreeSet};

use crate::room::Moving;
use crate::vitals::Millis;
use crate::ward::ScreenId;
use crate::ward::away::KnownAway;
use crate::ward::render::SessionCard;

/// What leaves a room with its session.
#[derive(Debug)]
pub(in crate::ward) struct Departure {
    pub(in crate::ward) moving: Moving,
    pub(in crate::ward) card: SessionCard,
    /// The alerts that screens have shown.
    pub(super) receipts: BTreeMap<String, BTreeSet<ScreenId>>,
    /// What people away from the screens know of the alerts.
    pub(super) away: Vec<(String, KnownAway)>,
    pub(super) unread_since: Option<Millis>,
}
