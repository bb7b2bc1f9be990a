//! What screens know of a room's readings, cuff, monitors and alerts. Every change of it goes out
//! as a frame: a screen that follows the frames ends up with exactly what a fresh snapshot shows.

use std::collections::BTreeMap;

use super::device;
use super::inflation::Inflation;
use crate::contract::{self, Link};
use crate::hub::VitalSet;
use crate::room::{AlertState, Latest, Monitor, NotLive, Room};
use crate::vitals::{DeviceId, Frame, Millis, Source, Vital};

/// The room as the frames so far, and a fresh snapshot, show it.
#[derive(Debug, Default)]
pub(super) struct ScreenCopy {
    latest: Vec<Latest>,
    inflation: Option<Inflation>,
    monitors: Vec<contract::Monitor>,
    /// Alerts that screens know to be open, by their id.
    open: BTreeMap<String, contract::Alert>,
}

/// What screens do not know yet of the readings.
#[derive(Debug, Default)]
pub(super) struct Changes<'a> {
    /// Vitals that have changed, as they are now.
    pub(super) latest: Vec<&'a Latest>,
    /// Vitals of which nothing is known any more.
    pub(super) gone: Vec<Vital>,
    /// Whether the cuff's inflation changed.
    pub(super) inflation: bool,
}

impl Changes<'_> {
    pub(super) fn is_empty(&self) -> bool {
        self.latest.is_empty() && self.gone.is_empty() && !self.inflation
    }

    /// Vitals about which a frame with these readings says everything.
    pub(super) fn vitals(&self) -> VitalSet {
        let named = self.latest.iter().map(|latest| latest.vital).chain(self.gone.iter().copied());
        named.fold(VitalSet::default(), VitalSet::with)
    }
}

impl ScreenCopy {
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

    /// The server has started: only the room knows the cuff.
    pub(super) fn restart(&mut self, room: &Room) {
        self.inflation = room.cuff_measuring_since().map(Inflation::begun);
    }

    /// After something has happened in the room, perhaps because of this frame: what the screens do
    /// not know yet of its readings.
    pub(super) fn readings<'a>(
        &mut self,
        room: &'a Room,
        frame: Option<(&Frame, &[(usize, NotLive)])>,
        session_ended: bool,
        at: Millis,
    ) -> Changes<'a> {
        let mut changes = Changes::default();
        let cuff_spoke = frame.is_some_and(|(frame, _)| is_of_cuff(frame));
        if session_ended {
            // The next patient's tile must not begin with this one's cuff.
            changes.inflation = self.inflation.take().is_some();
        } else if cuff_spoke || self.inflation.is_some() {
            changes.inflation = self.follow_cuff(room, frame, at);
        }
        self.latest.retain(|known| {
            let is_known = room.latest().iter().any(|latest| latest.vital == known.vital);
            if !is_known {
                changes.gone.push(known.vital);
            }
            is_known
        });
        for latest in room.latest() {
            let known = self.latest.iter_mut().find(|known| known.vital == latest.vital);
            match known {
                Some(known) if known == latest => {
                    if !(changes.inflation && latest.vital == Vital::Nibp) {
                        continue;
                    }
                }
                Some(known) => known.clone_from(latest),
                None => self.latest.push(latest.clone()),
            }
            changes.latest.push(latest);
        }
        if changes.gone.contains(&Vital::Nibp) {
            self.inflation = None;
        } else if changes.inflation && !changes.latest.iter().any(|l| l.vital == Vital::Nibp) {
            changes.gone.push(Vital::Nibp);
        }
        // One frame says everything about a vital: a frame with the pressure also says what the
        // cuff does, and the other way round.
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
        // When a monitor last reported it is not news.
        !Inflation::is_shown_alike(before.as_ref(), self.inflation.as_ref())
    }

    /// Screens know the alert as it is here.
    pub(super) fn alert(&mut self, alert: &contract::Alert) {
        let contract::DisplayAlert { id, state, .. } = &alert.shown;
        if *state == AlertState::Resolved {
            self.open.remove(id);
        } else {
            self.open.insert(id.clone(), alert.clone());
        }
    }

    /// The alert has left this room; returns it as screens know it, if they know it as open.
    pub(super) fn forget(&mut self, id: &str) -> Option<contract::Alert> {
        self.open.remove(id)
    }

    /// Alerts that screens know as open and that the room has closed and forgotten in one step,
    /// because it keeps only so many closed ones: their end has not gone out.
    pub(super) fn forgotten(&mut self, room: &Room, at: Millis) -> Vec<contract::Alert> {
        let is_known = |id: &str| room.alerts().iter().any(|alert| alert.is_called(id));
        let forgotten: Vec<String> = self.open.keys().filter(|id| !is_known(id)).cloned().collect();
        let known = forgotten.iter().filter_map(|id| self.open.remove(id));
        known.map(|alert| alert.resolved(at)).collect()
    }

    /// The monitors that differ from what the screens know: each as it is now, and those that have
    /// gone.
    pub(super) fn monitors_that_changed(
        &mut self,
        room: &Room,
        at: Millis,
    ) -> (Vec<contract::Monitor>, Vec<DeviceId>) {
        let is_unchanged = room.monitors().len() == self.monitors.len()
            && room.monitors().iter().zip(&self.monitors).all(|(monitor, known)| {
                monitor.device == known.id
                    && shown_link(monitor, at) == known.link
                    && source_of(room, &monitor.device) == known.source
            });
        if is_unchanged {
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
        let is_gone = |known: &contract::Monitor| now.iter().all(|monitor| monitor.id != known.id);
        let gone = before.into_iter().filter(is_gone).map(|known| known.id).collect();
        (changed, gone)
    }
}

fn shown_link(monitor: &Monitor, at: Millis) -> Link {
    device::link(monitor.link_is_down, at.since(monitor.last_heard))
}

/// The source of the device's newest reading.
fn source_of(room: &Room, device: &DeviceId) -> Source {
    let latest = room.latest().iter().filter(|latest| latest.device == *device);
    latest.max_by_key(|latest| latest.heard_at).map_or(Source::Monitor, |latest| latest.source)
}

fn is_of_cuff(frame: &Frame) -> bool {
    frame.readings.iter().any(|reading| reading.vital == Vital::Nibp)
}
