//! A session leaves a room for another one, and arrives there.

use tokio::sync::oneshot;

use super::departure::Departure;
use super::{Effects, RoomActor};
use crate::journal::{AppendError, Journal};
use crate::record::{Entry, Private, write_input};
use crate::room::{Input, MovedFrom, Moving, Opening};
use crate::vitals::Millis;
use crate::ward::came_down::Priorities;
use crate::ward::receipts::Receipts;
use crate::ward::screens::Screens;

impl RoomActor {
    /// The patient has left: screens of this room stop showing their alerts.
    pub(super) fn leaves(&mut self, moving: Moving, at: Millis, screens: &Screens) {
        let (mut receipts, mut priorities) = (Receipts::default(), Priorities::default());
        for id in moving.alerts() {
            self.receipts.part(&id, &mut receipts);
            self.priorities.part(&id, &mut priorities);
            if let Some(known) = self.screen_copy.forget(&id) {
                self.publish_alert(&known.resolved(at), screens);
            }
        }
        let unread_since = self.unread_since.take();
        if unread_since.is_some() {
            self.publish_room(screens);
        }
        let card = self.card.take();
        self.departure =
            card.map(|card| Departure { moving, card, receipts, priorities, unread_since });
    }

    /// Takes what came from another room, and records it: an entry that says so, and the state in
    /// which the session continues here.
    pub(in crate::ward) fn arrives(
        &mut self,
        departure: Departure,
        (from, staff): (MovedFrom, &str),
        (at, stored): (Millis, oneshot::Sender<()>),
        screens: &Screens,
        journal: &Journal,
    ) -> Result<(), AppendError> {
        let Departure { moving, mut card, receipts, priorities, unread_since } = departure;
        let mut effects = Effects::default();
        self.room.advance(at);
        self.drain(&mut effects, screens, (at, journal));
        let Some(session) = moving.session() else { return Ok(()) };
        let opening = Opening {
            session: session.id.clone(),
            profile: card.profile.clone(),
            planned_s: session.planned_s,
            phase: session.phase,
            staff: staff.to_owned(),
        };
        let alerts: Vec<String> = moving.alerts().collect();
        card.opened_seq = self.next_seq(journal);
        let private = Private::Open { patient: card.patient.clone() };
        self.card = Some(card);
        self.receipts.join(receipts);
        self.priorities.join(priorities);
        self.unread_since = unread_since;
        if unread_since.is_some() {
            self.publish_room(screens);
        }
        self.room.move_in(moving);
        let outputs = self.outputs();
        effects.entries.push(Entry {
            at,
            session: Some(opening.session.clone()),
            body: write_input(at, &Input::MoveIn { opening, from }),
            private: Some(private.json()),
            ..Entry::default()
        });
        effects.entries.push(self.checkpoint(at));
        for alert in &alerts {
            self.show_alert(alert, &mut effects, screens);
        }
        self.show(&mut effects, screens, (None, outputs), (at, journal));
        self.append(effects, vec![stored], at, journal)
    }
}
