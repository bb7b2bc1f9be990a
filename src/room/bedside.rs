//! What stays in the room whoever is in it: its monitors, what they last said, who is watching.

use serde::{Deserialize, Serialize};

use super::{Latest, Link, Monitor, Output, Room};
use crate::rules::{Condition, ContinuousVital};
use crate::vitals::{DeviceId, Millis, moved};

/// The monitors of a room and its screens; nothing here judges a patient.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Bedside {
    pub(super) monitors: Vec<Monitor>,
    /// The last reading of every vital, by whichever sensor is preferred for it.
    pub(super) latest: Vec<Latest>,
    /// Since when no live, audible screen shows the room.
    pub(super) unwatched_since: Option<Millis>,
    /// Ages of data count from this time at the earliest: the end of the last blind time.
    pub(super) ages_from: Millis,
    /// When a monitor was last taken out of the room.
    pub(super) unbound_at: Millis,
}

moved!(Bedside { moves: monitors, latest, unwatched_since, ages_from, unbound_at; stays: });

impl Bedside {
    pub(super) fn is_any_in_conflict(&self) -> bool {
        self.monitors.iter().any(|monitor| monitor.is_in_conflict)
    }
}

impl Room {
    pub(super) fn link(&mut self, device: &DeviceId, link: Link) {
        match link {
            Link::Up | Link::Down => {
                let index = self.monitor_index(device);
                self.bedside.monitors[index].link_is_down = link == Link::Down;
            }
            Link::Unbound => {
                self.bedside.monitors.retain(|monitor| monitor.device != *device);
                // What the wrong monitor said does not count towards what the right one will say.
                let said = self.bedside.latest.extract_if(.., |latest| latest.device == *device);
                let vitals = said.filter_map(|latest| ContinuousVital::of(latest.vital));
                self.stay.forget_monitor(device, vitals);
                self.bedside.unbound_at = self.now;
                if !self.bedside.is_any_in_conflict() {
                    self.end(Condition::DeviceConflict);
                }
            }
            Link::Bound => {
                let index = self.monitor_index(device);
                self.bedside.monitors[index].comes_from_elsewhere(self.now);
            }
            Link::Conflict => {
                let index = self.monitor_index(device);
                self.bedside.monitors[index].is_in_conflict = true;
                self.report(Condition::DeviceConflict);
            }
        }
        self.outputs.push_back(Output::Monitor(device.clone()));
    }

    pub(super) fn monitor_index(&mut self, device: &DeviceId) -> usize {
        let known = self.bedside.monitors.iter().position(|monitor| monitor.device == *device);
        known.unwrap_or_else(|| {
            self.bedside.monitors.push(Monitor::new(device.clone(), self.now));
            self.outputs.push_back(Output::Monitor(device.clone()));
            self.bedside.monitors.len() - 1
        })
    }
}
