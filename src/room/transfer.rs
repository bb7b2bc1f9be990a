//! A patient moves to another room in mid-session, with everything that judges them and everything
//! that was raised about them.
//!
//! The room that they leave takes the event like any other and begins a new stay. The room that
//! they enter begins with a checkpoint, as after a gap: it holds what came with them.
//! they come to begins with a checkpoint, as after a gap: what came with them is in it.

use serde::{Deserialize, Serialize};

use super::alert::Alert;
use super::inflation::Inflation;
use super::pulse_gate::PulseGate;
use super::{AlertState, Latest, Monitor, Room, Session, Stay};
use crate::rules::{Condition, Kind};
use crate::vitals::{DeviceId, RoomId};

/// The most closed alerts that come along: as many as a room keeps.
const CLOSED_ALERTS: usize = 64;

/// Where a session was before it came to a room, by the chain of the earlier room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MovedFrom {
    /// Which room.
    pub room: RoomId,
    /// The session's first entry there.
    pub opened_seq: u64,
    /// Its last entry there: the move.
    pub moved_seq: u64,
}

/// A patient on the way: what judges them, what was alerted about them, what their monitors last
/// gave.
#[derive(Clone, Debug, PartialEq)]
pub struct Moving {
    stay: Box<Stay>,
    alerts: Vec<Alert>,
    /// What came from the patient and not from a monitor that stays behind: pressures, and what
    /// people measured; if the monitors go along, everything that they gave.
    latest: Vec<Latest>,
    /// The monitors that go along.
    monitors: Vec<Monitor>,
}

impl Moving {
    /// The session.
    #[must_use]
    pub fn session(&self) -> Option<&Session> {
        self.stay.session.as_ref()
    }

    /// The monitors that go along.
    pub fn monitors(&self) -> impl Iterator<Item = &DeviceId> {
        self.monitors.iter().map(|monitor| &monitor.device)
    }

    /// The whole ids of the alerts that go along.
    pub fn alerts(&self) -> impl Iterator<Item = String> {
        self.alerts.iter().map(Alert::id)
    }
}

impl Room {
    /// The patient leaves for another room. A monitor that claims two beds stays, and so does the
    /// alert about it.
    pub(super) fn move_out(&mut self, with_monitor: bool) -> Option<Moving> {
        let session = self.stay.session.as_ref()?.id.clone();
        let goes = |monitor: &mut Monitor| with_monitor && !monitor.is_in_conflict;
        let monitors: Vec<Monitor> = self.bedside.monitors.extract_if(.., goes).collect();
        let is_along = |device: &DeviceId| monitors.iter().any(|known| known.device == *device);
        let goes = |latest: &mut Latest| !latest.is_of_bedside() || is_along(&latest.device);
        let latest = self.bedside.latest.extract_if(.., goes).collect();
        self.bedside.latest.iter_mut().for_each(Latest::patient_left);
        if !monitors.is_empty() {
            self.bedside.unbound_at = self.now;
        }
        let is_theirs = |alert: &mut Alert| {
            let is_of_session = alert.session.as_ref() == Some(&session);
            let is_of_stay = !alert.is_past && alert.is_open();
            (is_of_session || is_of_stay) && alert.condition != Condition::DeviceConflict
        };
        let alerts = self.alarms.alerts.extract_if(.., is_theirs).collect();
        let fresh = Stay::new(self.clinic_profile.clone());
        let mut stay = Box::new(std::mem::replace(&mut self.stay, fresh));
        stay.leaves_monitors(with_monitor, is_along);
        Some(Moving { stay, alerts, latest, monitors })
    }

    /// The patient comes from another room. What the monitors of this room gave earlier was of
    /// somebody else, or of nobody.
    pub fn move_in(&mut self, moving: Moving) {
        self.found = super::Found::default();
        let Moving { stay, alerts, latest, monitors } = moving;
        self.give_way();
        self.ended = None;
        self.stay = *stay;
        let now = self.now;
        if let Some(session) = &mut self.stay.session {
            session.here_since = Some(now);
        }
        self.bedside.latest = latest;
        self.bedside.monitors.iter_mut().for_each(|own| own.comes_from_elsewhere(now));
        let is_new = |device: &DeviceId| monitors.iter().all(|known| known.device != *device);
        self.bedside.monitors.retain(|own| is_new(&own.device));
        self.bedside.monitors.extend(monitors);
        self.alarms.alerts.extend(alerts);
        while self.alarms.alerts.iter().filter(|alert| !alert.is_open()).count() > CLOSED_ALERTS {
            let oldest = self.alarms.alerts.iter().position(|alert| !alert.is_open());
            oldest.map(|index| self.alarms.alerts.remove(index));
        }
        self.judge_anew();
        self.on_time();
        self.outputs.push_back(super::Output::Session);
    }

    /// What was raised here is no longer about anybody who is here. Alerts that were only about
    /// measuring are closed; those about a patient that nobody has seen stay until somebody has.
    pub(super) fn give_way(&mut self) {
        let still_conflicts = self.bedside.is_any_in_conflict();
        for index in 0..self.alarms.alerts.len() {
            let alert = &mut self.alarms.alerts[index];
            let is_open = alert.is_open();
            // Which bed the monitor is at is still to be decided.
            if is_open && alert.condition == Condition::DeviceConflict && still_conflicts {
                continue;
            }
            alert.is_past = true;
            let is_unseen =
                alert.condition.kind() == Kind::Physiological && alert.acknowledged.is_none();
            let state = if is_unseen { AlertState::Latched } else { AlertState::Resolved };
            if is_open && alert.state != state {
                alert.close(state, self.now);
                self.log(index);
            }
        }
    }
}

impl Stay {
    /// Nothing more is expected of monitors that stay behind: their cuff, their link, their clock.
    /// What they measured of the patient still judges the patient.
    fn leaves_monitors(&mut self, with_monitor: bool, is_along: impl Fn(&DeviceId) -> bool) {
        self.known_lost.retain(|device| is_along(device));
        self.waiting_cuffs.retain(|waiting| is_along(&waiting.device));
        if !with_monitor {
            self.inflation = Inflation::default();
            self.pulse_gate = PulseGate::default();
            self.drops.clear();
            self.refusals.clear();
        }
    }
}
