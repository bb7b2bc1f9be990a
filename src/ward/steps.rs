//! What people are told of alerts, for whoever carries it to them. Whoever listens is never waited
//! for: one that is behind by more than the queue holds is told so, and asks again.

use tokio::sync::broadcast;

use super::command::Command;
use super::core::Core;
use super::room_actor::RoomActor;
use crate::notice::step::AlertStep;
use crate::vitals::Millis;

/// What happened to an alert that nobody needs any more is still said this long afterwards to a
/// listener that begins.
const SAID_FOR_MS: i64 = 600_000;

/// Listens to what people are to be told: what is open now, and from then on every step once. A
/// listener that does not know whether it has told something tells it again: the alert, the step
/// and its time are the same, also after a restart.
#[derive(Debug)]
pub struct FollowSteps;

/// What is to be told.
#[derive(Debug)]
pub struct Followed {
    /// Every step so far of alerts that somebody must still know of: of each alert in the order in
    /// which they happened.
    pub so_far: Vec<AlertStep>,
    /// Every further one.
    pub next: broadcast::Receiver<AlertStep>,
}

impl Command for FollowSteps {
    type Answer = Followed;

    fn run(self, core: &mut Core, at: Millis) -> Followed {
        let next = core.steps.listen();
        let of_rooms = core.rooms.values().flat_map(RoomActor::alerts);
        let all = of_rooms.chain(core.own_alerts.all());
        let is_needed = |ended_at: Option<Millis>| {
            ended_at.is_none_or(|ended_at| at.since(ended_at) <= SAID_FOR_MS)
        };
        let so_far = all
            .filter(|(alert, _)| alert.is_open() || is_needed(alert.ended_at))
            .flat_map(|(alert, room)| alert.steps_so_far(room))
            .collect();
        Followed { so_far, next }
    }
}
