//! The ward's own alerts: nothing is being recorded, the disk is filling up, or the clock was set.
//! Monitoring and alarms go on in any case. Their life is that of a room's alerts.

mod clock;
mod disk;
mod recording;
mod report;
#[cfg(test)]
mod tests;

use super::View;
use crate::contract::{self, StreamFrame, WardState};
use crate::notice::step::AlertStep;
use crate::profile::{Condition, Escalation};
use crate::room::{Alarms, Alert, Change, Finding, Input};
use crate::vitals::{Millis, RoomId};

pub(super) use clock::Set;
pub use report::NoteDisk;

/// The ward's own alerts, at most one for each condition; a closed alert stays until the next one,
/// so that staff can still record what came of it.
#[derive(Debug, Default)]
pub(super) struct OwnAlerts {
    rev: u64,
    counted: u32,
    alarms: Alarms,
    /// Open alerts that a newer one of the same condition has replaced: their end is still to be
    /// published.
    replaced: Vec<Alert>,
    disk_low_since: Option<Millis>,
    /// Rooms whose running session could not be read from the record.
    unread: Vec<RoomId>,
}

impl OwnAlerts {
    /// The ward's part of a snapshot.
    pub(super) fn snapshot(&self, view: View) -> WardState {
        let open = self.alarms.alerts.iter().filter(|alert| alert.is_open());
        let alerts = open.map(|alert| shown(alert).seen(view)).collect();
        WardState { rev: self.rev, alerts }
    }

    /// All known alerts, open or over.
    pub(super) fn all(&self) -> impl Iterator<Item = (&Alert, Option<&RoomId>)> {
        self.alarms.alerts.iter().map(|alert| (alert, None))
    }

    /// Each alert as it is, for a screen that was disconnected.
    pub(super) fn frames(&self, view: View) -> impl Iterator<Item = StreamFrame<'static>> {
        self.alarms.alerts.iter().map(move |alert| self.frame(alert, view))
    }

    fn frame(&self, alert: &Alert, view: View) -> StreamFrame<'static> {
        StreamFrame::Alert { room: None, rev: self.rev, alert: shown(alert).seen(view) }
    }

    /// The alert with this id.
    pub(super) fn get(&self, id: &str) -> Option<&Alert> {
        self.alarms.alerts.iter().find(|alert| alert.is_called(id))
    }

    fn active(&mut self, condition: Condition) -> Option<&mut Alert> {
        self.alarms.active(condition).map(|index| &mut self.alarms.alerts[index])
    }

    /// Takes what staff do about an alert. Returns its condition, if it is one of these.
    fn handle(&mut self, id: &str, input: &Input, at: Millis) -> Option<Condition> {
        let alert = self.alarms.alerts.iter_mut().find(|alert| alert.is_called(id))?;
        alert.handle(input, at);
        // The clock was set once: as soon as somebody knows, it is over.
        if alert.condition == Condition::ClockSkew && alert.acknowledged.is_some() {
            alert.end(at);
        }
        Some(alert.condition)
    }

    /// Ends silences that have run out, asks again, and calls people as every profile does that says
    /// nothing of it. Returns what changed.
    fn on_time(&mut self, at: Millis) -> Vec<Condition> {
        let changed = |alert: &mut Alert| {
            let change = alert.on_time(&Escalation::default(), at);
            (change != Change::Nothing).then_some(alert.condition)
        };
        self.alarms.alerts.iter_mut().filter_map(changed).collect()
    }

    /// What is to be said of them.
    fn take_steps(&mut self, at: Millis) -> Vec<AlertStep> {
        let all = self.replaced.iter_mut().chain(&mut self.alarms.alerts);
        all.flat_map(|alert| alert.take_steps(None, at)).collect()
    }

    fn raise(&mut self, condition: Condition, finding: Finding, at: Millis) {
        self.counted += 1;
        let scope = format!("ward-{}-{}", at.day(), at.0);
        let of_it = self.alarms.alerts.extract_if(.., |alert| alert.condition == condition);
        self.replaced.extend(of_it.filter(Alert::is_open));
        let number = (scope, self.counted);
        self.alarms.alerts.push(Alert::raise(number, None, condition, None, finding, at));
    }
}

/// An alert of the ward as it is shown.
pub(super) fn shown(alert: &Alert) -> contract::Alert {
    contract::Alert::of(alert, None, 0)
}
