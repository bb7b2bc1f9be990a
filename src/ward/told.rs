//! What the screens were last told of a room's readings, cuff and monitors. Whatever changes it,
//! the change is told: a screen that follows the frames ends where a fresh snapshot begins.

use std::collections::BTreeMap;

use super::devices;
use super::inflation::Inflation;
use crate::contract::{self, Link};
use crate::hub::VitalSet;
use crate::room::{Latest, Monitor, NotLive, Room};
use crate::store::{AlertRow, AlertStates};
use crate::vitals::{DeviceId, Frame, Millis, Source, Vital};

/// As a fresh snapshot shows it, and as the frames so far have told it.
#[derive(Debug, Default)]
pub(super) struct Told {
    latest: Vec<Latest>,
    inflation: Option<Inflation>,
    monitors: Vec<contract::Monitor>,
    /// Alerts that were told as open, by their id, and as the store knows them.
    open: BTreeMap<String, (AlertRow, contract::Alert)>,
}

/// What is to be told of the readings.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Vitals of which something changed, as they now are.
    pub(super) latest: Vec<Latest>,
    /// Vitals of which nothing is known any more.
    pub(super) gone: Vec<Vital>,
    /// Whether the cuff's inflation changed.
    pub(super) inflation: bool,
}

impl Changes {
    pub(super) fn is_empty(&self) -> bool {
        self.latest.is_empty() && self.gone.is_empty() && !self.inflation
    }

    /// Vitals of which a frame with these says everything.
    pub(super) fn vitals(&self) -> VitalSet {
        let named = self.latest.iter().map(|latest| latest.vital).chain(self.gone.iter().copied());
        named.fold(VitalSet::default(), VitalSet::with)
    }
}

impl Told {
    pub(super) fn inflation(&self) -> Option<&Inflation> {
        self.inflation.as_ref()
    }

    pub(super) fn monitors(&self) -> &[contract::Monitor] {
        &self.monitors
    }

    /// Whether time alone may change what screens know of the readings.
    pub(super) fn may_change_by_time(&self) -> bool {
        self.inflation.as_ref().is_some_and(Inflation::is_under_way)
    }

    /// The server has started: of the cuff only the room knows.
    pub(super) fn restart(&mut self, room: &Room) {
        self.inflation = room.cuff_measuring_since().map(Inflation::begun);
    }

    /// After something has happened in the room, perhaps by this frame: what of its readings the
    /// screens do not know yet.
    pub(super) fn readings(
        &mut self,
        room: &Room,
        frame: Option<(&Frame, &[(usize, NotLive)])>,
        session_ended: bool,
        at: Millis,
    ) -> Changes {
        let mut changes = Changes::default();
        let cuff_spoke = frame.is_some_and(|(frame, _)| is_of_cuff(frame));
        if session_ended {
            // The next patient's tile must not begin with this one's cuff.
            changes.inflation = self.inflation.take().is_some();
        } else if cuff_spoke || self.inflation.is_some() {
            changes.inflation = self.follow_cuff(room, frame, at);
        }
        self.latest.retain(|told| {
            let is_known = room.latest().iter().any(|latest| latest.vital == told.vital);
            if !is_known {
                changes.gone.push(told.vital);
            }
            is_known
        });
        for latest in room.latest() {
            let told = self.latest.iter_mut().find(|told| told.vital == latest.vital);
            match told {
                Some(told) if told == latest => {
                    if !(changes.inflation && latest.vital == Vital::Nibp) {
                        continue;
                    }
                }
                Some(told) => told.clone_from(latest),
                None => self.latest.push(latest.clone()),
            }
            changes.latest.push(latest.clone());
        }
        if changes.gone.contains(&Vital::Nibp) {
            self.inflation = None;
        } else if changes.inflation && !changes.latest.iter().any(|l| l.vital == Vital::Nibp) {
            changes.gone.push(Vital::Nibp);
        }
        // One frame says all of a vital: with the pressure what the cuff does, and the other way.
        let mut of_cuff =
            changes.latest.iter().map(|latest| latest.vital).chain(changes.gone.iter().copied());
        changes.inflation |= of_cuff.any(|vital| vital == Vital::Nibp);
        changes
    }

    fn follow_cuff(
        &mut self,
        room: &Room,
        frame: Option<(&Frame, &[(usize, NotLive)])>,
        at: Millis,
    ) -> bool {
        let before = self.inflation.clone();
        let mut now = before.clone();
        if let Some((frame, asides)) = frame {
            now = Inflation::after(now, frame, asides, at);
        }
        let is_there =
            |known: &Inflation| room.monitors().iter().any(|monitor| known.is_of(&monitor.device));
        self.inflation =
            now.filter(|known| !known.has_device() || is_there(known)).map(|known| known.at(at));
        // When a monitor last said so is no news.
        !Inflation::is_shown_alike(before.as_ref(), self.inflation.as_ref())
    }

    /// An alert was told as it is in this row.
    pub(super) fn alert(&mut self, row: &AlertRow, alert: &contract::Alert) {
        if AlertStates::Open.has(&row.state) {
            self.open.insert(row.id.clone(), (row.clone(), alert.clone()));
        } else {
            self.open.remove(&row.id);
        }
    }

    /// The alerts that were told as open and that the room has closed and forgotten in one go,
    /// when it has as many closed ones as it keeps: nobody was told of their end.
    pub(super) fn forgotten(
        &mut self,
        room: &Room,
        at: Millis,
    ) -> Vec<(AlertRow, contract::Alert)> {
        let is_known = |id: &str| room.alerts().iter().any(|alert| alert.is_called(id));
        let forgotten: Vec<String> = self.open.keys().filter(|id| !is_known(id)).cloned().collect();
        let told = forgotten.iter().filter_map(|id| self.open.remove(id));
        told.map(|(row, alert)| (row.resolved(at), alert.resolved(at))).collect()
    }

    /// The monitors of which the screens know something else: each as it now is, and those that
    /// have gone.
    pub(super) fn monitors_that_changed(
        &mut self,
        room: &Room,
        at: Millis,
    ) -> (Vec<contract::Monitor>, Vec<DeviceId>) {
        let is_as_told = room.monitors().len() == self.monitors.len()
            && room.monitors().iter().zip(&self.monitors).all(|(monitor, told)| {
                monitor.device == told.id
                    && shown_link(monitor, at) == told.link
                    && source_of(room, &monitor.device) == told.source
            });
        if is_as_told {
            return (Vec::new(), Vec::new());
        }
        let now: Vec<contract::Monitor> = (room.monitors().iter())
            .map(|monitor| contract::Monitor {
                id: monitor.device.clone(),
                link: shown_link(monitor, at),
                source: source_of(room, &monitor.device),
            })
            .collect();
        let before = std::mem::replace(&mut self.monitors, now.clone());
        let changed = now.iter().filter(|monitor| !before.contains(monitor)).cloned().collect();
        let is_gone = |told: &contract::Monitor| now.iter().all(|monitor| monitor.id != told.id);
        let gone = before.into_iter().filter(is_gone).map(|told| told.id).collect();
        (changed, gone)
    }
}

fn shown_link(monitor: &Monitor, at: Millis) -> Link {
    devices::link(monitor.link_is_down, at.since(monitor.last_heard))
}

/// As its newest reading says.
fn source_of(room: &Room, device: &DeviceId) -> Source {
    let latest = room.latest().iter().filter(|latest| latest.device == *device);
    latest.max_by_key(|latest| latest.heard_at).map_or(Source::Monitor, |latest| latest.source)
}

fn is_of_cuff(frame: &Frame) -> bool {
    frame.readings.iter().any(|reading| reading.vital == Vital::Nibp)
}
