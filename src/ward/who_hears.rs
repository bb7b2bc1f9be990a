//! Who can hear: which screens there are, what is wrong with each, and which rooms nobody hears.

use super::command::Command;
use super::core::Core;
use super::written::written;
use crate::contract::Screens;
use crate::vitals::Millis;

/// Every screen that has said what it shows.
#[derive(Debug)]
pub struct ListScreens;

impl Command for ListScreens {
    type Answer = String;

    fn run(self, core: &mut Core, at: Millis) -> Self::Answer {
        let mut screens = core.screens.connected(at);
        screens.sort_by(|a, b| {
            let order = |screen: &crate::contract::ConnectedScreen| {
                (screen.can_hear, screen.trouble, screen.person.name.clone(), screen.id.clone())
            };
            order(a).cmp(&order(b))
        });
        let watched = core.screens.watched(at);
        let rooms = core.rooms_in_order().into_iter().map(|room_actor| room_actor.id());
        let unheard = rooms.filter(|room| !watched.has(room)).cloned().collect();
        written(&Screens { now: at, screens, unheard })
    }
}
