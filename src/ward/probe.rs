//! Proves that the way from the loop through every room to the screens is open.

use std::sync::Arc;

use super::command::Command;
use super::core::Core;
use super::written::written;
use crate::contract::{AlarmPath, StreamFrame};
use crate::hub::{self, Class};
use crate::vitals::Millis;

/// Goes the way that commands take, passes every room, and gives the screens its round trip time
/// with their heartbeat.
#[derive(Debug)]
pub(super) struct Probe {
    pub(super) sent_at: Millis,
}

impl Command for Probe {
    type Answer = ();

    fn run(self, core: &mut Core, at: Millis) {
        // Once a second is often enough to forget what devices sent ten minutes ago.
        core.devices.values_mut().for_each(|device| device.known_frames.expire(at));
        let is_alive = core.rooms.values().all(|room_actor| room_actor.room.now() <= at);
        if is_alive {
            let round_trip_ms = at.since(self.sent_at);
            core.probed = Some((at, round_trip_ms));
            core.judge_probe(round_trip_ms, at);
        }
        let path = |(proved_at, round_trip_ms)| AlarmPath { proved_at, round_trip_ms };
        let heartbeat = StreamFrame::Heartbeat {
            epoch: &core.epoch,
            now: at,
            alarm_path: core.probed.map(path),
            audible_screens: core.screens.audible(at),
        };
        let json: Arc<str> = written(&heartbeat).into();
        let frame = hub::Frame { rev: None, room: None, class: Class::Heartbeat, json };
        core.screens.publish_to_all(|_| frame.clone());
    }
}

/// How long ago the alarm path was last proved, ms; `None` before the first time.
#[derive(Debug)]
pub struct AlarmPathAge;

impl Command for AlarmPathAge {
    type Answer = Option<i64>;

    fn run(self, core: &mut Core, at: Millis) -> Self::Answer {
        core.probed.map(|(proved_at, _)| at.since(proved_at))
    }
}
