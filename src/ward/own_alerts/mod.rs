//! The ward's own alerts: nothing is being recorded, the disk is filling up, the clock was set, or
//! alerts do not get out of the house. Monitoring and alarms go on in any case. Their life is that of a room's alerts.

mod channels;
mod clock;
mod disk;
mod path;
mod recording;
mod report;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use super::View;
use super::receipts::{Receipts, ShownOn};
use crate::contract::{self, StreamFrame, WardState};
use crate::notice::step::AlertStep;
use crate::profile::{Condition, Escalation};
use crate::room::{Alarms, Alert, Change, Finding, Input};
use crate::vitals::{Millis, RoomId};

pub(super) use clock::Set;
pub use report::{NoteChannels, NoteDisk};

/// What the probes of the last seconds have shown.
#[derive(Debug, Default)]
struct Probes {
    /// Seconds since one came back.
    unproved: u32,
    /// How many in a row were in time.
    in_time: u32,
}

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
    /// What the probes show.
    probes: Probes,
    receipts: Receipts,
    /// Rooms whose running session could not be read from the record.
    unread: Vec<RoomId>,
    /// Channels over which nobody is reached.
    channels_down: Vec<String>,
}

impl OwnAlerts {
    /// The ward's part of a snapshot.
    pub(super) fn snapshot(&self, view: View) -> WardState {
        let open = self.alarms.alerts.iter().filter(|alert| alert.is_open());
        let alerts = open.map(|alert| self.shown(alert).seen(view)).collect();
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
        StreamFrame::Alert { room: None, rev: self.rev, alert: self.shown(alert).seen(view) }
    }

    /// An alert of the ward as it is shown.
    pub(super) fn shown(&self, alert: &Alert) -> contract::Alert {
        // The ward's own alerts keep their priority.
        contract::Alert::of(alert, None, (self.receipts.count(&alert.id()), None))
    }

    /// The same with the screens that have shown it.
    pub(super) fn detailed(&self, alert: &Alert) -> contract::Alert {
        let received_by = Some(self.receipts.list(&alert.id()));
        contract::Alert { received_by, ..self.shown(alert) }
    }

    /// A screen shows one of these.
    pub(super) fn receipt(&mut self, id: &str, on: &Arc<ShownOn>, at: Millis) {
        if let Some(alert) = self.get(id).filter(|alert| alert.is_open()) {
            self.receipts.note(alert.id(), on, at);
        }
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
        let known: Vec<String> =
            self.alarms.alerts.iter().chain(&self.replaced).map(Alert::id).collect();
        self.receipts.retain(known.len(), |id| known.iter().any(|known| known == id));
        self.alarms.alerts.push(Alert::raise(number, None, condition, None, finding, at));
    }
}
