//! The ward's rooms, and when each of them has something due: time passes in those alone, however
//! many others there are.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::{Deref, DerefMut, Index};

use super::room_actor::RoomActor;
use crate::vitals::{Millis, RoomId};

/// Owns the rooms.
#[derive(Debug, Default)]
pub(super) struct WardRooms {
    rooms: BTreeMap<RoomId, Entered>,
    looks: Looks,
}

#[derive(Debug)]
struct Entered {
    room_actor: RoomActor,
    /// The time under which it is among the looks: never later than its next deadline.
    look_at: Option<Millis>,
}

/// When to look at a room again. Most deadlines move on with every frame and are never reached, so
/// a room is entered anew only for an earlier one, or when its time has come.
type Looks = BTreeSet<(Millis, RoomId)>;

impl Entered {
    fn note_deadline(&mut self, looks: &mut Looks) {
        let Some(deadline) = self.room_actor.next_deadline() else { return };
        if self.look_at.is_some_and(|look_at| look_at <= deadline) {
            return;
        }
        self.forget(looks);
        self.look_at = Some(deadline);
        looks.insert((deadline, self.room_actor.id().clone()));
    }

    fn forget(&mut self, looks: &mut Looks) {
        if let Some(look_at) = self.look_at.take() {
            looks.remove(&(look_at, self.room_actor.id().clone()));
        }
    }
}

impl WardRooms {
    pub(super) fn get(&self, room: &RoomId) -> Option<&RoomActor> {
        self.rooms.get(room).map(|entered| &entered.room_actor)
    }

    /// The room, to change it.
    pub(super) fn get_mut(&mut self, room: &RoomId) -> Option<RoomMut<'_>> {
        let looks = &mut self.looks;
        self.rooms.get_mut(room).map(|entered| RoomMut { entered, looks })
    }

    pub(super) fn insert(&mut self, room: RoomId, room_actor: RoomActor) {
        self.remove(&room);
        let mut entered = Entered { room_actor, look_at: None };
        entered.note_deadline(&mut self.looks);
        self.rooms.insert(room, entered);
    }

    pub(super) fn remove(&mut self, room: &RoomId) {
        if let Some(mut entered) = self.rooms.remove(room) {
            entered.forget(&mut self.looks);
        }
    }

    pub(super) fn contains_key(&self, room: &RoomId) -> bool {
        self.rooms.contains_key(room)
    }

    pub(super) fn len(&self) -> usize {
        self.rooms.len()
    }

    /// Their ids, in order.
    pub(super) fn keys(&self) -> impl Iterator<Item = &RoomId> {
        self.rooms.keys()
    }

    /// In the order of their ids.
    pub(super) fn values(&self) -> impl Iterator<Item = &RoomActor> {
        self.rooms.values().map(|entered| &entered.room_actor)
    }

    /// Changes every room, in the order of their ids.
    pub(super) fn for_each(&mut self, mut change: impl FnMut(&mut RoomActor)) {
        for entered in self.rooms.values_mut() {
            change(&mut RoomMut { entered, looks: &mut self.looks });
        }
    }

    /// Changes the rooms that may have something due, in the order of their ids.
    pub(super) fn for_each_due(&mut self, at: Millis, mut change: impl FnMut(&mut RoomActor)) {
        let mut due = Vec::new();
        while let Some(first) = self.looks.first().filter(|(look_at, _)| *look_at <= at).cloned() {
            self.looks.remove(&first);
            due.push(first.1);
        }
        due.sort_unstable();
        for room in &due {
            if let Some(mut room_actor) = self.get_mut(room) {
                room_actor.entered.look_at = None;
                change(&mut room_actor);
            }
        }
        debug_assert!(self.none_is_due(at), "a room was overlooked");
    }

    fn none_is_due(&self, at: Millis) -> bool {
        self.values().all(|room| room.next_deadline().is_none_or(|deadline| deadline > at))
    }
}

impl Index<&RoomId> for WardRooms {
    type Output = RoomActor;

    fn index(&self, room: &RoomId) -> &RoomActor {
        &self.rooms[room].room_actor
    }
}

/// A room that is being changed. Its next deadline is noted at the end.
pub(super) struct RoomMut<'a> {
    entered: &'a mut Entered,
    looks: &'a mut Looks,
}

impl Deref for RoomMut<'_> {
    type Target = RoomActor;

    fn deref(&self) -> &RoomActor {
        &self.entered.room_actor
    }
}

impl DerefMut for RoomMut<'_> {
    fn deref_mut(&mut self) -> &mut RoomActor {
        &mut self.entered.room_actor
    }
}

impl Drop for RoomMut<'_> {
    fn drop(&mut self) {
        self.entered.note_deadline(self.looks);
    }
}
