//! The screens that are connected, and which rooms somebody watches on them.

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use serde_json::Value as Json;

use super::{Presence, ScreenId, View};
use crate::hub::{Frame, Mailbox};
use crate::vitals::{Millis, RoomId};

/// A screen that did not speak for this long watches nothing (DESIGN 2, "Watching").
const HEARD_WITHIN_MS: i64 = 6_000;

#[derive(Debug)]
pub(super) struct Screen {
    pub(super) view: View,
    pub(super) me: Json,
    mailbox: Arc<Mailbox>,
    /// `None` before its first hello.
    rooms: Option<Shown>,
    presence: Presence,
    heard_at: Millis,
}

#[derive(Debug)]
enum Shown {
    All,
    Some(HashSet<RoomId>),
}

impl Screen {
    pub(super) fn shows(&self, room: &RoomId) -> bool {
        match &self.rooms {
            None => false,
            Some(Shown::All) => true,
            Some(Shown::Some(rooms)) => rooms.contains(room),
        }
    }

    fn has_said_hello(&self) -> bool {
        self.rooms.is_some()
    }

    fn is_attended(&self, now: Millis) -> bool {
        let Presence { audible, visible, quiet } = self.presence;
        audible && visible && !quiet && now.since(self.heard_at) <= HEARD_WITHIN_MS
    }

    pub(super) fn put(&self, frame: Frame) {
        self.mailbox.put(frame);
    }
}

#[derive(Debug, Default)]
pub(super) struct Screens(BTreeMap<ScreenId, Screen>);

impl Screens {
    pub(super) fn join(
        &mut self,
        id: ScreenId,
        (view, me): (View, Json),
        mailbox: Arc<Mailbox>,
        at: Millis,
    ) {
        let presence = Presence::default();
        let screen = Screen { view, me, mailbox, rooms: None, presence, heard_at: at };
        self.0.insert(id, screen);
    }

    pub(super) fn leave(&mut self, id: ScreenId) {
        self.0.remove(&id);
    }

    pub(super) fn choose(&mut self, id: ScreenId, rooms: Option<Vec<RoomId>>) {
        if let Some(screen) = self.0.get_mut(&id) {
            screen.rooms = Some(match rooms {
                None => Shown::All,
                Some(rooms) => Shown::Some(rooms.into_iter().collect()),
            });
        }
    }

    pub(super) fn get(&self, id: ScreenId) -> Option<&Screen> {
        self.0.get(&id)
    }

    pub(super) fn hear(&mut self, id: ScreenId, presence: Presence, at: Millis) {
        if let Some(screen) = self.0.get_mut(&id) {
            screen.presence = presence;
            screen.heard_at = at;
        }
    }

    /// Puts a room's frame into the mailboxes of the screens that show it, by view.
    pub(super) fn publish(&self, room: &RoomId, view: View, frame: &Frame) {
        for screen in self.0.values().filter(|s| s.view == view && s.shows(room)) {
            screen.put(frame.clone());
        }
    }

    /// Puts a frame of no room into every mailbox that is listening.
    pub(super) fn publish_to_all(&self, frame: &Frame) {
        for screen in self.0.values().filter(|screen| screen.has_said_hello()) {
            screen.put(frame.clone());
        }
    }

    /// How many live, audible screens show the room.
    pub(super) fn watching(&self, room: &RoomId, now: Millis) -> usize {
        self.0.values().filter(|s| s.shows(room) && s.is_attended(now)).count()
    }

    /// How many screens can be heard.
    pub(super) fn audible(&self, now: Millis) -> usize {
        self.0.values().filter(|screen| screen.is_attended(now)).count()
    }

    pub(super) fn close_all(&mut self) {
        for screen in self.0.values() {
            screen.mailbox.close();
        }
        self.0.clear();
    }
}
