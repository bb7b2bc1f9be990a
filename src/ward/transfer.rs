//! A session moves to another room.

use serde_json::json;
use tokio::sync::oneshot;

use super::core::Core;
use super::written::written;
use super::{Actor, Pending, Refusal, View};
use crate::room::{Event, Input, ListedType, MovedFrom};
use crate::store::Upsert;
use crate::vitals::{DeviceId, Millis, RoomId};

impl Core {
    /// Why the session of a room cannot go to that one.
    fn may_move(&self, from: &RoomId, to: &RoomId) -> Result<(), Refusal> {
        let (here, there) = (self.room_actor(from)?, self.room_actor(to)?);
        if from == to {
            let moved = here.room.session().and_then(|session| {
                let is_move = |listed: &&crate::room::ShownEvent| {
                    matches!(listed.kind, ListedType::Event(crate::room::EventType::Move))
                };
                session.events.iter().rfind(is_move)
            });
            let by = moved.map_or_else(String::new, |listed| format!(", moved by {}", listed.by));
            return Err(Refusal::NotNow(format!("The patient is already in {}{by}.", there.name)));
        }
        if here.is_unrecorded() || there.is_unrecorded() {
            return Err(Refusal::not_recorded());
        }
        if let Some(known) = there.room.session() {
            let opened = known.events.iter().find(|listed| listed.kind == ListedType::Open);
            let by = opened.map_or_else(String::new, |listed| format!(", opened by {}", listed.by));
            return Err(Refusal::NotNow(format!(
                "{} already has a session{by}: choose a room without one.",
                there.name
            )));
        }
        Ok(())
    }

    /// The session moves to another room with everything in it: in both chains at once, or not at
    /// all.
    pub(super) fn move_session(
        &mut self,
        actor: &Actor,
        from: &RoomId,
        (event, to, occurred_at): (Event, &RoomId, Option<Millis>),
        at: Millis,
    ) -> Result<Pending, Refusal> {
        self.may_move(from, to)?;
        self.pass_time_of(to, at);
        let here = self.room_actor(from)?;
        let opened_seq = here.card.as_ref().map_or(1, |card| card.opened_seq);
        let moved_seq = here.next_seq(&self.journal);
        let moved_from = MovedFrom { room: from.clone(), opened_seq, moved_seq };
        let input = Input::Staff { staff: actor.initials.clone(), event, occurred_at };
        drop(self.staff_input(from, &input, at, (None, vec![])));
        let departure = self.rooms.get_mut(from).and_then(|mut here| here.departure.take());
        let departure = departure.ok_or(Refusal::Stopping)?;
        let along: Vec<DeviceId> = departure.moving.monitors().cloned().collect();
        self.rebind(actor, &along, to, at);
        let (stored, told) = oneshot::channel();
        let mut there = self.rooms.get_mut(to).ok_or(Refusal::Stopping)?;
        let by = (moved_from, actor.initials.as_str());
        let (screens, journal) = (&self.screens, &self.journal);
        if let Err(error) = there.arrives(departure, by, (at, stored), screens, journal) {
            tracing::error!(room = %to, %error, "not recorded; monitoring goes on");
        }
        drop(there);
        let json = written(&self.room_actor(to)?.session(View::Staff));
        self.renew_clinic_profile(from, at);
        Ok(Pending { json, stored: told })
    }

    /// Monitors that move with their patient belong to the other room from now on.
    fn rebind(&mut self, actor: &Actor, along: &[DeviceId], to: &RoomId, at: Millis) {
        for id in along {
            let mut views = vec![Upsert::Binding { device: id.clone(), room: Some(to.clone()) }];
            views.extend(self.settle_binding(id));
            if let Some(device) = self.devices.get_mut(id) {
                device.settle(Some(to.clone()));
            }
            let binding = json!({"device": id, "room": to, "with_session": true});
            drop(self.record(json!({"staff": actor.initials, "binding": binding}), views, at));
        }
    }
}
