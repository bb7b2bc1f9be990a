//! The patient goes to another room in mid-session.

use super::Assembly;
use super::kept::{MOST_OTHERS, WatchedFrom};
use crate::report::{InterruptionKind, RoomStay};
use crate::room::{EventType, ListedType, Moving, Room};
use crate::vitals::Millis;

impl Assembly {
    /// The patient has left the room: until the state of the next one comes, nothing is known that
    /// could be judged.
    pub(super) fn moved_out(&mut self, moving: &Moving) {
        self.session = moving.session().cloned();
        self.room = None;
        self.is_in_gap = true;
        self.is_on_the_way = true;
        if let Some(stay) = self.kept.rooms.last_mut() {
            stay.to = Some(self.at);
        }
        // A monitor that stays behind is awaited no more.
        let goes_along: Vec<String> =
            moving.monitors().map(|id| no_connection(id.as_str())).collect();
        for down in self.kept.interruptions.iter_mut() {
            let is_down = down.kind == InterruptionKind::MonitorDown && down.to.is_none();
            if is_down && !goes_along.contains(&down.text) {
                down.to = Some(self.at);
            }
        }
    }

    /// In which room the session is now.
    pub(super) fn note_room(&mut self) {
        let (Some(room), Some(session)) = (self.room.as_ref().map(Room::id), &self.session) else {
            return;
        };
        let last = self.kept.rooms.last();
        if last.is_some_and(|last| last.to.is_none() && last.room == *room) {
            return;
        }
        let is_move = |kind| kind == ListedType::Event(EventType::Move);
        let moved = last.and(session.events.iter().rfind(|listed| is_move(listed.kind)));
        let from = if last.is_some() { self.at } else { session.opened_at };
        let by = moved.map_or_else(String::new, |moved| moved.by.clone());
        let stay = RoomStay { room: room.clone(), from, to: None, by };
        self.kept.keep(|kept| &mut kept.rooms, MOST_OTHERS, "rooms", stay);
    }

    /// Without a word of it a room counts as watched.
    pub(super) fn note_watched(&mut self, is_watched: bool, at: Millis) {
        if self.kept.watched.last().is_none_or(|last| last.is_watched) == is_watched {
            return;
        }
        let watched = WatchedFrom { at, is_watched };
        self.kept.keep(|kept| &mut kept.watched, MOST_OTHERS, "screens", watched);
    }
}

/// How an interruption names a monitor.
pub(super) fn no_connection(device: &str) -> String {
    format!("No connection to monitor {device}")
}
