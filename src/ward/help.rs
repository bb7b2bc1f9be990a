//! A call for help from a room.

use super::act::Act;
use super::core::Core;
use super::written::written;
use super::{Actor, Pending, Refusal};
use crate::profile::{Condition, Priority};
use crate::room::Input;
use crate::vitals::{Millis, RoomId};

/// Calls for help in a room, whether or not a session runs in it: an alert as any other, for
/// everybody. A call that changes nothing is answered with the one that is open.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct CallForHelp {
    pub room: RoomId,
    /// Medium, or high for an emergency.
    pub priority: Priority,
}

impl Act for CallForHelp {
    const IS_NEW: bool = true;

    fn room(&self, _core: &Core) -> Option<RoomId> {
        Some(self.room.clone())
    }

    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { room, priority } = self;
        core.room_actor(&room)?;
        core.pass_time_of(&room, at);
        let input = Input::Help { staff: actor.initials.clone(), priority };
        let stored = core.staff_input(&room, &input, at, (None, vec![]));
        let room_actor = core.room_actor(&room)?;
        let mut alerts = room_actor.room.alerts().iter();
        let call = alerts.find(|alert| alert.condition == Condition::Help && alert.is_open());
        let json = written(&call.map(|alert| room_actor.shown_alert(alert)));
        Ok(Pending { json, stored })
    }
}
