//! What people away from the screens are to be told leaves the ward here. It is recorded together
//! with its cause, so that a restart finds both or neither, and nobody in the ward waits for it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{mpsc, oneshot};

use crate::contract;
use crate::journal::Journal;
use crate::notice::{
    AlertStep, Audience, Delivery, KnownAlert, Route, Step, Told, Whose, step_between,
};
use crate::room::{Alert, AlertState};
use crate::rules::Condition;
use crate::store::{DeliveryRow, Upsert};
use crate::vitals::{Millis, RoomId};

/// Deliveries on their way from the ward to the channels. Beyond it they are read from the disk,
/// where they are all the same.
pub const MAX_OUTGOING: usize = 4_096;

/// A delivery on its way out.
#[derive(Debug)]
pub struct Outgoing {
    /// What is to be said.
    pub delivery: Delivery,
    /// Completes when its cause is on disk; dropped instead when it cannot be recorded.
    pub stored: oneshot::Receiver<()>,
}

/// Where the ward's deliveries arrive.
#[derive(Debug)]
pub struct Outgoings {
    queue: mpsc::Receiver<Outgoing>,
    has_overflowed: Arc<AtomicBool>,
}

impl Outgoings {
    /// The next delivery; `None` when the ward has ended.
    pub async fn next(&mut self) -> Option<Outgoing> {
        self.queue.recv().await
    }

    /// The next delivery, if there is one now.
    #[cfg(test)]
    pub(super) fn try_next(&mut self) -> Option<Outgoing> {
        self.queue.try_recv().ok()
    }

    /// Whether there were more than the queue holds since this was last asked: they are on disk.
    pub fn has_overflowed(&self) -> bool {
        self.has_overflowed.swap(false, Ordering::Relaxed)
    }
}

/// The way to the channels; by default there are none. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Outlet {
    routes: Arc<[Route]>,
    queue: Option<mpsc::Sender<Outgoing>>,
    has_overflowed: Arc<AtomicBool>,
}

impl Outlet {
    /// The way to channels that want this, and where it ends.
    #[must_use]
    pub fn new(routes: Vec<Route>) -> (Self, Outgoings) {
        let (sender, queue) = mpsc::channel(MAX_OUTGOING);
        let has_overflowed = Arc::<AtomicBool>::default();
        let outgoings = Outgoings { queue, has_overflowed: Arc::clone(&has_overflowed) };
        (Self { routes: routes.into(), queue: Some(sender), has_overflowed }, outgoings)
    }

    /// Whether there is any channel for alerts.
    pub(super) fn has_routes(&self) -> bool {
        !self.routes.is_empty()
    }

    fn send(&self, outgoing: Outgoing) {
        let is_taken = self.queue.as_ref().is_none_or(|queue| queue.try_send(outgoing).is_ok());
        if !is_taken {
            self.has_overflowed.store(true, Ordering::Relaxed);
        }
    }
}

/// What is known of an open alert away from the screens.
#[derive(Clone, Debug)]
pub(super) struct KnownAway {
    last: KnownAlert,
    told: Told,
}

/// Follows the alerts of a room, or of the ward itself, for those who are away.
#[derive(Debug, Default)]
pub(super) struct Away {
    outlet: Outlet,
    alerts: BTreeMap<String, KnownAway>,
    /// What is not on its way yet: it goes with the record of its cause.
    fresh: Vec<Delivery>,
}

impl Away {
    pub(super) fn new(outlet: Outlet) -> Self {
        Self { outlet, ..Self::default() }
    }

    /// After a restart: this is what an earlier run told of an alert, which is as it was then.
    pub(super) fn restore(&mut self, alert: &Alert, told: &[Delivery]) {
        if alert.state == AlertState::Resolved || !self.outlet.has_routes() {
            return;
        }
        let id = alert.id();
        let mut known = KnownAway { last: KnownAlert::from(alert), told: Told::default() };
        told.iter().filter(|one| one.alert == id).for_each(|one| known.told.note(one));
        self.alerts.insert(id, known);
    }

    /// An alert is as it is here now. Gives what has to be recorded with that.
    pub(super) fn changed(
        &mut self,
        alert: &Alert,
        room: Option<&RoomId>,
        whose: &Whose,
        at: Millis,
    ) -> Vec<Upsert> {
        if !self.outlet.has_routes() {
            return Vec::new();
        }
        let id = alert.id();
        let now = KnownAlert::from(alert);
        let before = self.alerts.get(&id);
        let step = step_between(before.map(|known| &known.last), &now);
        let mut known =
            before.cloned().unwrap_or_else(|| KnownAway { last: now, told: Told::default() });
        known.last = now;
        let step = match step {
            Some(Step::Raised) if alert.condition == Condition::Help => Some(Step::Help),
            step => step,
        };
        let audience = match step {
            Some(Step::Acknowledged | Step::Resolved | Step::Help) => Audience::All,
            _ => Audience::First,
        };
        let step = step.map(|step| AlertStep {
            alert: id.clone(),
            room: room.cloned(),
            priority: alert.priority,
            condition: alert.condition,
            state: alert.state,
            step,
            at,
            audience,
        });
        let views = step.map(|step| self.tell(&mut known.told, &step, whose));
        if alert.state == AlertState::Resolved {
            self.alerts.remove(&id);
        } else {
            self.alerts.insert(id, known);
        }
        views.unwrap_or_default()
    }

    /// Nobody has taken an alert for so long that it is said again, or that others are called. What
    /// else happens to it is seen when it has changed.
    pub(super) fn called(&mut self, step: &AlertStep, whose: &Whose) -> Vec<Upsert> {
        let is_call = matches!(step.step, Step::Repeat | Step::SecondNurse | Step::Prescriber);
        if !is_call {
            return Vec::new();
        }
        let Some(mut known) = self.alerts.remove(&step.alert) else { return Vec::new() };
        let views = self.tell(&mut known.told, step, whose);
        self.alerts.insert(step.alert.clone(), known);
        views
    }

    /// An alert ended without having been seen again: screens know only what they were shown.
    pub(super) fn ended(&mut self, shown: &contract::Alert, at: Millis) -> Vec<Upsert> {
        let Some(mut known) = self.alerts.remove(&shown.shown.id) else { return Vec::new() };
        self.tell(&mut known.told, &end_of(shown, at), &Whose::default())
    }

    /// An alert of an earlier run ended, of which these deliveries told.
    pub(super) fn ended_before(
        &mut self,
        shown: &contract::Alert,
        told: &[Delivery],
        at: Millis,
    ) -> Vec<Upsert> {
        let mut known = Told::default();
        told.iter().filter(|one| one.alert == shown.shown.id).for_each(|one| known.note(one));
        self.tell(&mut known, &end_of(shown, at), &Whose::default())
    }

    fn tell(&mut self, told: &mut Told, step: &AlertStep, whose: &Whose) -> Vec<Upsert> {
        let deliveries = told.tell(step, &self.outlet.routes, whose);
        let rows = deliveries.iter().map(|one| Upsert::Delivery(DeliveryRow::waiting(one)));
        let rows = rows.collect();
        self.fresh.extend(deliveries);
        rows
    }

    /// What was recorded, or could not be, goes out.
    pub(super) fn send(&mut self, journal: &Journal) {
        for delivery in self.fresh.drain(..) {
            let (stored, told) = oneshot::channel();
            // Without room in the journal it is dropped, and the delivery goes at once.
            journal.barrier(stored);
            self.outlet.send(Outgoing { delivery, stored: told });
        }
    }

    /// Alerts that leave for another room with their session.
    pub(super) fn leave(&mut self, ids: &BTreeSet<String>) -> Vec<(String, KnownAway)> {
        let of_them = self.alerts.extract_if(.., |id, _| ids.contains(id));
        of_them.collect()
    }

    /// Alerts that come from another room with their session.
    pub(super) fn arrive(&mut self, alerts: Vec<(String, KnownAway)>) {
        self.alerts.extend(alerts);
    }
}

fn end_of(shown: &contract::Alert, at: Millis) -> AlertStep {
    let contract::DisplayAlert { id, room, priority, condition, .. } = &shown.shown;
    AlertStep {
        alert: id.clone(),
        room: room.clone(),
        priority: *priority,
        condition: *condition,
        state: AlertState::Resolved,
        step: Step::Resolved,
        at,
        audience: Audience::All,
    }
}
