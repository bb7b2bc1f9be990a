use crate::room::Moving;
use crate::vitals::Millis;
use crate::ward::away::KnownAway;
use crate::ward::came_down::Priorities;
use crate::ward::receipts::Receipts;
use crate::ward::render::SessionCard;

/// What leaves a room with its session.
#[derive(Debug)]
pub(in crate::ward) struct Departure {
    pub(in crate::ward) moving: Moving,
    pub(in crate::ward) card: SessionCard,
    /// The alerts that screens have shown.
    pub(super) receipts: Receipts,
    /// How high their priorities have been.
    pub(super) priorities: Priorities,
    /// What people away from the screens know of the alerts.
    pub(super) away: Vec<(String, KnownAway)>,
    pub(super) unread_since: Option<Millis>,
}
