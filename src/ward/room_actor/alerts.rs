//! A room's alerts, as screens and the store get them.

use std::sync::Arc;

use super::{Effects, EntryExtras, RoomActor};
use crate::contract::{self, StreamFrame};
use crate::hub::{Class, Subject};
use crate::journal::Journal;
use crate::notice::{AlertStep, Whose};
use crate::room::{Alert, Input};
use crate::store::Upsert;
use crate::vitals::Millis;
use crate::ward::alert_row::alert_row;
use crate::ward::receipts::{Noted, ShownOn};
use crate::ward::screens::Screens;

impl RoomActor {
    pub(super) fn show_alert(
        &mut self,
        name: &str,
        effects: &mut Effects,
        at: Millis,
        screens: &Screens,
    ) {
        let Some(alert) = self.room.alert(name) else { return };
        let whose = self.whose(alert);
        effects.views.extend(self.away.changed(alert, Some(self.room.id()), &whose, at));
        self.priorities.note(&alert.id(), alert.priority, self.room.now());
        let detailed = self.detailed_alert(alert);
        effects.views.push(Upsert::Alert(alert_row(&detailed)));
        let shown = contract::Alert { received_by: None, ..detailed };
        self.screen_copy.alert(&shown);
        self.publish_alert(&shown, screens);
    }

    /// Says a step of an alert to whoever listens, and to people away from the screens.
    pub(super) fn say_step(&mut self, step: AlertStep, effects: &mut Effects) {
        let whose = self.room.alert(&step.alert).map(|alert| self.whose(alert));
        effects.views.extend(self.away.called(&step, &whose.unwrap_or_default()));
        self.steps.say(step);
    }

    /// Whose alert it is. Of one from before the session nobody knows which patient's.
    fn whose(&self, alert: &Alert) -> Whose {
        let is_of_session =
            self.room.session().is_some_and(|it| alert.session.as_ref() == Some(&it.id));
        let card = self.card.as_ref().filter(|_| is_of_session);
        let initials = card.map(|card| card.patient.initials.clone());
        Whose { initials, staff: self.staff.clone() }
    }

    /// Publishes the end of alerts that the room closed and forgot in one step, and forgets what is
    /// known of those that the room no longer knows.
    pub(super) fn publish_forgotten(
        &mut self,
        effects: &mut Effects,
        at: Millis,
        screens: &Screens,
    ) {
        for alert in self.screen_copy.forgotten(&self.room, at) {
            let received_by = Some(self.receipts.list(&alert.shown.id));
            let detailed = contract::Alert { received_by, ..alert.clone() };
            effects.views.push(Upsert::Alert(alert_row(&detailed)));
            effects.views.extend(self.away.ended(&alert, at));
            self.publish_alert(&alert, screens);
        }
        let alerts = self.room.alerts();
        let is_known = |id: &str| alerts.iter().any(|alert| alert.is_called(id));
        self.receipts.retain(alerts.len(), is_known);
        self.priorities.retain(alerts.len(), is_known);
    }

    pub(super) fn publish_alert(&mut self, alert: &contract::Alert, screens: &Screens) {
        let class = Class::Whole(Subject::Alert(alert.shown.id.as_str().into()));
        self.publish(class, screens, |room_actor, view| StreamFrame::Alert {
            room: Some(room_actor.id()),
            rev: room_actor.rev,
            alert: alert.clone().seen(view),
        });
    }

    /// An alert in the shape of the contract.
    pub(in crate::ward) fn shown_alert(&self, alert: &Alert) -> contract::Alert {
        let id = alert.id();
        let known = (self.receipts.count(&id), self.priorities.came_down(&id));
        contract::Alert::of(alert, Some(self.id()), known)
    }

    /// The same with the screens that have shown it.
    pub(in crate::ward) fn detailed_alert(&self, alert: &Alert) -> contract::Alert {
        let received_by = Some(self.receipts.list(&alert.id()));
        contract::Alert { received_by, ..self.shown_alert(alert) }
    }

    /// A screen shows the alert.
    pub(in crate::ward) fn receipt(&mut self, alert: &str, on: &Arc<ShownOn>, at: Millis) -> Noted {
        let Some(id) = self.room.alert(alert).filter(|a| a.is_open()).map(Alert::id) else {
            return Noted::Nothing;
        };
        self.receipts.note(id, on, at)
    }

    /// Records and publishes which screens have shown which alerts since the last time.
    pub(in crate::ward) fn tell_receipts(
        &mut self,
        at: Millis,
        screens: &Screens,
        journal: &Journal,
    ) {
        if !self.receipts.has_news() {
            return;
        }
        let input = Input::Receipts(self.receipts.take_news());
        // A full journal is noted, and made up for with the next entry that fits.
        let _ = self.take(&input, at, EntryExtras::default(), screens, journal);
    }

    /// What the store has of the room's alerts, after a restart.
    pub(in crate::ward) fn recall(&mut self, stored: Vec<contract::Alert>) {
        for contract::Alert { shown, received_by, .. } in stored {
            if self.room.alerts().iter().any(|alert| alert.is_called(&shown.id)) {
                self.priorities.restore(shown.id.clone(), shown.priority, shown.came_down.as_ref());
                self.receipts.restore(shown.id, received_by.unwrap_or_default());
            }
        }
    }
}
