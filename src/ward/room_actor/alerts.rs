//! A room's alerts, as screens and the store get them.

use std::collections::BTreeSet;

use super::{Effects, RoomActor};
use crate::contract::{self, StreamFrame};
use crate::hub::Class;
use crate::room::Alert;
use crate::store::Upsert;
use crate::vitals::Millis;
use crate::ward::ScreenId;
use crate::ward::alert_row::alert_row;
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
        let shown = self.shown_alert(alert);
        // Of an alert from before the session nobody knows whose it was.
        let session = self.room.session().filter(|it| alert.session.as_ref() == Some(&it.id));
        let card = self.card.as_ref().filter(|_| session.is_some());
        let initials = card.map(|card| card.patient.initials.as_str());
        effects.views.extend(self.away.changed(alert, Some(self.room.id()), initials, at));
        let ended = (!alert.is_open()).then(|| alert.id());
        self.screen_copy.alert(&shown);
        effects.views.push(Upsert::Alert(alert_row(&shown)));
        if let Some(id) = ended {
            self.receipts.remove(&id);
        }
        self.publish_alert(&shown, screens);
    }

    /// Publishes the end of alerts that the room closed and forgot in one step.
    pub(super) fn publish_forgotten(
        &mut self,
        effects: &mut Effects,
        at: Millis,
        screens: &Screens,
    ) {
        for alert in self.screen_copy.forgotten(&self.room, at) {
            self.receipts.remove(&alert.shown.id);
            effects.views.push(Upsert::Alert(alert_row(&alert)));
            effects.views.extend(self.away.ended(&alert, at));
            self.publish_alert(&alert, screens);
        }
    }

    pub(super) fn publish_alert(&mut self, alert: &contract::Alert, screens: &Screens) {
        self.publish(Class::Kept, screens, |room_actor, view| StreamFrame::Alert {
            room: Some(room_actor.id()),
            rev: room_actor.rev,
            alert: alert.clone().seen(view),
        });
    }

    /// An alert in the shape of the contract.
    pub(in crate::ward) fn shown_alert(&self, alert: &Alert) -> contract::Alert {
        let receipts = self.receipts.get(&alert.id()).map_or(0, BTreeSet::len);
        contract::Alert::of(alert, Some(self.id()), receipts)
    }

    /// A screen shows the alert; returns `true` if it is the first.
    pub(in crate::ward) fn receipt(&mut self, alert: &str, screen: ScreenId) -> bool {
        let Some(id) = self.room.alert(alert).filter(|a| a.is_open()).map(Alert::id) else {
            return false;
        };
        let screens = self.receipts.entry(id).or_default();
        screens.insert(screen) && screens.len() == 1
    }
}
