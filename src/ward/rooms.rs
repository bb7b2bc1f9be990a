//! The rooms, their names and their order.

use std::sync::Arc;

use serde_json::json;

use super::act::Act;
use super::command::Command;
use super::core::Core;
use super::read_room::EarlierRoom;
use super::room_actor::{EntryExtras, RoomActor};
use super::written::written;
use super::{Actor, Pending, Refusal, View};
use crate::contract::Rooms;
use crate::name;
use crate::record::Chain;
use crate::room::{Input, Room};
use crate::store::{RoomRow, Upsert};
use crate::vitals::{MAX_ROOMS, Millis, RoomId};

/// `{"rooms":[…]}`, each as in the stream's snapshot.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct ListRooms {
    pub view: View,
}

impl Command for ListRooms {
    type Answer = String;

    fn run(self, core: &mut Core, at: Millis) -> String {
        core.pass_time_of_all(at);
        let rooms = core.rooms_in_order().into_iter();
        let rooms = rooms.map(|room_actor| {
            room_actor.shown(self.view, core.screens.watching(room_actor.id(), at), at)
        });
        written(&Rooms { rooms: rooms.collect() })
    }
}

/// Every room, in the order of the screens.
#[derive(Debug)]
pub struct ListRoomIds;

impl Command for ListRoomIds {
    type Answer = Vec<RoomId>;

    fn run(self, core: &mut Core, _at: Millis) -> Self::Answer {
        core.rooms_in_order().into_iter().map(|room_actor| room_actor.id().clone()).collect()
    }
}

/// One room, as in the stream's snapshot.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct ShowRoom {
    pub room: RoomId,
    pub view: View,
}

impl Command for ShowRoom {
    type Answer = Result<String, Refusal>;

    fn run(self, core: &mut Core, at: Millis) -> Self::Answer {
        core.pass_time_of(&self.room, at);
        let watching = core.screens.watching(&self.room, at);
        Ok(written(&core.room_actor(&self.room)?.shown(self.view, watching, at)))
    }
}

/// Names a room and gives it a place. A new room is added, as its earlier record, if there is one,
/// leaves it.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct RenameRoom {
    pub room: RoomId,
    pub name: Option<String>,
    pub order: Option<i64>,
    pub earlier: Option<EarlierRoom>,
}

impl Act for RenameRoom {
    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { room: id, name, order, earlier } = self;
        let id = &id;
        let is_new = !core.rooms.contains_key(id);
        if is_new && core.rooms.len() >= MAX_ROOMS {
            return Err(Refusal::NotNow(format!(
                "There are already {MAX_ROOMS} rooms: first remove one that is not used."
            )));
        }
        let name = name.or_else(|| is_new.then(|| format!("Room {id}")));
        if let Some(name) = &name {
            core.must_differ(id, name)?;
        }
        if is_new {
            core.add_room(id, earlier, at)?;
            core.note_staff();
        }
        let Some(mut room_actor) = core.rooms.get_mut(id) else {
            return Err(Refusal::NotFound { kind: "room", id: id.to_string() });
        };
        room_actor.name = name.unwrap_or_else(|| room_actor.name.clone());
        room_actor.order = order.unwrap_or(room_actor.order);
        room_actor.publish_room(&core.screens);
        let row =
            RoomRow { id: id.clone(), name: room_actor.name.clone(), order: room_actor.order };
        let json = written(&room_actor.shown(View::Staff, core.screens.watching(id, at), at));
        drop(room_actor);
        let what = json!({"staff": actor.initials, "room": {"id": id, "name": row.name, "order": row.order}});
        let mut pending = core.record(what, vec![Upsert::Room(row)], at);
        pending.json = json;
        Ok(pending)
    }
}

impl Core {
    /// No two rooms may be mistaken for each other.
    fn must_differ(&self, id: &RoomId, name: &str) -> Result<(), Refusal> {
        let key = name::key(name);
        let looks_the_same =
            |room_actor: &&RoomActor| room_actor.id() != id && name::key(&room_actor.name) == key;
        match self.rooms.values().find(looks_the_same) {
            None => Ok(()),
            Some(other) => Err(Refusal::NotNow(format!(
                "Room {} is already called {}: choose a name that looks different.",
                other.id(),
                other.name
            ))),
        }
    }

    fn add_room(
        &mut self,
        id: &RoomId,
        earlier: Option<EarlierRoom>,
        at: Millis,
    ) -> Result<(), Refusal> {
        let last = self.rooms.values().map(|room_actor| room_actor.order).max().unwrap_or(0);
        let outlet = self.config.outlet.clone();
        let steps = self.steps.clone();
        let room_actor = |room| {
            let mut added = RoomActor::new(room, String::new(), last.saturating_add(1), steps);
            added.follow_for_those_away(outlet, &[]);
            added
        };
        match (earlier, self.journal.next_seq(&Chain::Room(id.clone()))) {
            (None, 1) => {
                let room = Room::new(id.clone(), Arc::clone(&self.clinic_profile));
                self.rooms.insert(id.clone(), room_actor(room));
            }
            (Some(earlier), next_seq) if earlier.next_seq == next_seq => {
                let mut room_actor = room_actor(*earlier.room);
                room_actor.unread_since = earlier.unread_from;
                if room_actor.room.now() > at {
                    // The clock was set back while the room was not here.
                    let ms = at.since(room_actor.room.now());
                    let step = Input::ClockStep { ms, moves_at: true };
                    let extras = EntryExtras::default();
                    if let Err(error) =
                        room_actor.take(&step, at, extras, &self.screens, &self.journal)
                    {
                        tracing::error!(room = %id, %error, "the step of the clock is not recorded");
                    }
                }
                if let Some(blind_from) = earlier.last_entry {
                    let restart = Input::Restart { blind_from: blind_from.min(at), blind_to: at };
                    let extras = EntryExtras::default();
                    if let Err(error) =
                        room_actor.take(&restart, at, extras, &self.screens, &self.journal)
                    {
                        tracing::error!(room = %id, %error, "its return is not recorded");
                    }
                }
                self.rooms.insert(id.clone(), room_actor);
                self.renew_clinic_profile(id, at);
            }
            // It was removed or added just now.
            _ => {
                let text = "The room has an earlier record, which is being read: try again.";
                return Err(Refusal::NotNow(text.to_owned()));
            }
        }
        Ok(())
    }
    /// Every room, in the order of the screens.
    pub(super) fn rooms_in_order(&self) -> Vec<&RoomActor> {
        let mut rooms: Vec<&RoomActor> = self.rooms.values().collect();
        rooms.sort_by_key(|room_actor| room_actor.order);
        rooms
    }

    pub(super) fn room_actor(&self, room: &RoomId) -> Result<&RoomActor, Refusal> {
        self.rooms.get(room).ok_or_else(|| Refusal::NotFound { kind: "room", id: room.to_string() })
    }
}
