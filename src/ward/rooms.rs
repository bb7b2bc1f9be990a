//! Rooms: which there are, and their names and places.

use std::sync::Arc;

use serde_json::json;

use super::act::Act;
use super::bed::{Bed, Beside};
use super::command::Command;
use super::core::Core;
use super::read_room::EarlierRoom;
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
        let rooms = core.beds_in_order().into_iter();
        let rooms = rooms.map(|bed| bed.shown(self.view, core.screens.watching(bed.id(), at), at));
        written(&Rooms { rooms: rooms.collect() })
    }
}

/// Every room there is, in their order on screen.
#[derive(Debug)]
pub struct ListRoomIds;

impl Command for ListRoomIds {
    type Answer = Vec<RoomId>;

    fn run(self, core: &mut Core, _at: Millis) -> Self::Answer {
        core.beds_in_order().into_iter().map(|bed| bed.id().clone()).collect()
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
        let watching = core.screens.watching(&self.room, at);
        Ok(written(&core.bed(&self.room)?.shown(self.view, watching, at)))
    }
}

/// Names and places a room. One that is not there yet is added, as its earlier record, where there
/// is one, leaves it.
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
        let is_new = !core.beds.contains_key(id);
        if is_new && core.beds.len() >= MAX_ROOMS {
            return Err(Refusal::NotNow(format!(
                "There are {MAX_ROOMS} rooms already: remove one that is not used first."
            )));
        }
        let name = name.or_else(|| is_new.then(|| format!("Room {id}")));
        if let Some(name) = &name {
            core.must_differ(id, name)?;
        }
        if is_new {
            core.add_room(id, earlier, at)?;
        }
        let Some(bed) = core.beds.get_mut(id) else {
            return Err(Refusal::NotFound { kind: "room", id: id.to_string() });
        };
        bed.name = name.unwrap_or_else(|| bed.name.clone());
        bed.order = order.unwrap_or(bed.order);
        bed.publish_room(&core.screens);
        let row = RoomRow { id: id.clone(), name: bed.name.clone(), order: bed.order };
        let json = written(&bed.shown(View::Staff, core.screens.watching(id, at), at));
        let what = json!({"staff": actor.initials, "room": {"id": id, "name": row.name, "order": row.order}});
        let mut pending = core.record(what, vec![Upsert::Room(row)], at);
        pending.json = json;
        Ok(pending)
    }
}

impl Core {
    /// Nobody may take one room for another.
    fn must_differ(&self, id: &RoomId, name: &str) -> Result<(), Refusal> {
        let key = name::key(name);
        let looks_the_same = |bed: &&Bed| bed.id() != id && name::key(&bed.name) == key;
        match self.beds.values().find(looks_the_same) {
            None => Ok(()),
            Some(other) => Err(Refusal::NotNow(format!(
                "Room {} is called {} already: choose a name that looks different.",
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
        let last = self.beds.values().map(|bed| bed.order).max().unwrap_or(0);
        let bed = |room| Bed::new(room, String::new(), last.saturating_add(1));
        match (earlier, self.journal.next_seq(&Chain::Room(id.clone()))) {
            (None, 1) => {
                let room = Room::new(id.clone(), Arc::clone(&self.clinic_profile));
                self.beds.insert(id.clone(), bed(room));
            }
            (Some(earlier), next_seq) if earlier.next_seq == next_seq => {
                let mut bed = bed(*earlier.room);
                bed.unread_since = earlier.unread_from;
                if bed.room.now() > at {
                    // The clock was set back while the room was not here.
                    let ms = at.since(bed.room.now());
                    let step = Input::ClockStep { ms, moves_at: true };
                    let beside = Beside::default();
                    if let Err(error) = bed.take(&step, at, beside, &self.screens, &self.journal) {
                        tracing::error!(room = %id, %error, "the step of the clock is not recorded");
                    }
                }
                if let Some(blind_from) = earlier.last_entry {
                    let restart = Input::Restart { blind_from: blind_from.min(at), blind_to: at };
                    let beside = Beside::default();
                    if let Err(error) = bed.take(&restart, at, beside, &self.screens, &self.journal)
                    {
                        tracing::error!(room = %id, %error, "its return is not recorded");
                    }
                }
                self.beds.insert(id.clone(), bed);
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
    pub(super) fn beds_in_order(&self) -> Vec<&Bed> {
        let mut beds: Vec<&Bed> = self.beds.values().collect();
        beds.sort_by_key(|bed| bed.order);
        beds
    }

    pub(super) fn bed(&self, room: &RoomId) -> Result<&Bed, Refusal> {
        self.beds.get(room).ok_or_else(|| Refusal::NotFound { kind: "room", id: room.to_string() })
    }
}
