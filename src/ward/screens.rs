//! The connected screens, and the rooms that somebody watches on them.

mod by_room;
#[cfg(test)]
mod choices_test;

use std::collections::{BTreeMap, HashSet};
use std::sync::Arc;

use self::by_room::{ByRoom, RoomChoice};
use super::receipts::ShownOn;
use super::{Introduction, Presence, ScreenId, View};
use crate::contract::{Battery, ConnectedScreen, Person, ScreenTrouble};
use crate::hub::{Frame, Mailbox};
use crate::room::ScreenKind;
use crate::vitals::{Millis, RoomId, ScreenName};

/// A screen that has not spoken for this long watches nothing (design.md#watching); nor does one
/// that speaks but reads nothing: it has not answered a ping for this long.
const HEARD_WITHIN_MS: i64 = 6_000;

#[derive(Debug)]
pub(super) struct Screen {
    pub(super) view: View,
    pub(super) me: Person,
    mailbox: Arc<Mailbox>,
    /// `None` before its first hello.
    rooms: Option<RoomChoice>,
    presence: Presence,
    battery: Option<Battery>,
    joined_at: Millis,
    heard_at: Millis,
    /// What receipts from here say.
    shown_on: Arc<ShownOn>,
}

impl Screen {
    pub(super) fn shows(&self, room: &RoomId) -> bool {
        match &self.rooms {
            None => false,
            Some(RoomChoice::All) => true,
            Some(RoomChoice::Some(rooms)) => rooms.contains(room),
        }
    }

    fn has_said_hello(&self) -> bool {
        self.rooms.is_some()
    }

    fn is_attended(&self, now: Millis) -> bool {
        self.trouble(now).is_none()
    }

    /// Why nobody would hear an alert here.
    fn trouble(&self, now: Millis) -> Option<ScreenTrouble> {
        let Presence { audible, visible, quiet } = self.presence;
        let speaks = now.since(self.heard_at) <= HEARD_WITHIN_MS;
        let reads = now.since(self.mailbox.answered_at()) <= HEARD_WITHIN_MS;
        let troubles = [
            (!speaks || !reads, ScreenTrouble::NotHeard),
            (!visible, ScreenTrouble::NotSeen),
            (quiet, ScreenTrouble::Quiet),
            (!audible, ScreenTrouble::SoundOff),
        ];
        troubles.into_iter().find_map(|(is_so, trouble)| is_so.then_some(trouble))
    }

    /// The screen, with who is signed in there, as receipts name it.
    pub(super) fn shown_on(&self) -> &Arc<ShownOn> {
        &self.shown_on
    }

    fn is_called(&mut self, screen: Option<ScreenName>, kind: Option<ScreenKind>) {
        let ShownOn { screen: called, kind: used_as, by } = &*self.shown_on;
        let screen = screen.unwrap_or_else(|| called.clone());
        let kind = kind.unwrap_or(*used_as);
        if screen != *called || kind != *used_as {
            self.shown_on = Arc::new(ShownOn { screen, kind, by: by.clone() });
        }
    }

    fn connected(&self, now: Millis) -> ConnectedScreen {
        let Presence { audible, visible, quiet } = self.presence;
        let trouble = self.trouble(now);
        ConnectedScreen {
            id: self.shown_on.screen.clone(),
            kind: self.shown_on.kind,
            person: self.me.clone(),
            connected_at: self.joined_at,
            heard_at: self.heard_at,
            audible,
            visible,
            quiet,
            can_hear: trouble.is_none(),
            trouble,
            battery: self.battery,
            rooms: match &self.rooms {
                None | Some(RoomChoice::All) => None,
                Some(RoomChoice::Some(rooms)) => {
                    let mut rooms: Vec<RoomId> = rooms.iter().cloned().collect();
                    rooms.sort();
                    Some(rooms)
                }
            },
        }
    }

    pub(super) fn put(&self, frame: Frame) {
        self.mailbox.put(frame);
    }
}

/// The rooms that somebody watches.
#[derive(Debug, Default)]
pub(super) struct Watched<'a> {
    all: bool,
    some: HashSet<&'a RoomId>,
}

impl Watched<'_> {
    pub(super) fn has(&self, room: &RoomId) -> bool {
        self.all || self.some.contains(room)
    }
}

#[derive(Debug, Default)]
pub(super) struct Screens {
    screens: BTreeMap<ScreenId, Screen>,
    /// Which of them show which room: a frame goes to those without a look at the others.
    by_room: ByRoom,
}

impl Screens {
    pub(super) fn join(
        &mut self,
        id: ScreenId,
        (view, me): (View, Person),
        mailbox: Arc<Mailbox>,
        at: Millis,
    ) {
        let presence = Presence::default();
        // It has only just connected.
        mailbox.answered(at);
        let shown_on = Arc::new(ShownOn {
            screen: id.name(),
            kind: ScreenKind::default(),
            by: me.initials.clone(),
        });
        let (rooms, battery, joined_at, heard_at) = (None, None, at, at);
        let screen =
            Screen { view, me, mailbox, rooms, presence, battery, joined_at, heard_at, shown_on };
        // A screen that joins again begins anew.
        self.leave(id);
        self.screens.insert(id, screen);
    }

    pub(super) fn leave(&mut self, id: ScreenId) {
        if let Some(Screen { view, rooms: Some(rooms), .. }) = self.screens.remove(&id) {
            self.by_room.remove((id, view), &rooms);
        }
    }

    pub(super) fn choose(
        &mut self,
        id: ScreenId,
        rooms: Option<Vec<RoomId>>,
        Introduction { name, kind }: Introduction,
    ) {
        if let Some(screen) = self.screens.get_mut(&id) {
            screen.is_called(name, kind);
            let rooms = match rooms {
                None => RoomChoice::All,
                Some(rooms) => RoomChoice::Some(rooms.into_iter().collect()),
            };
            if let Some(before) = &screen.rooms {
                self.by_room.remove((id, screen.view), before);
            }
            self.by_room.add((id, screen.view), &rooms, &screen.mailbox);
            screen.rooms = Some(rooms);
        }
    }

    pub(super) fn get(&self, id: ScreenId) -> Option<&Screen> {
        self.screens.get(&id)
    }

    pub(super) fn note_presence(&mut self, id: ScreenId, presence: Presence, at: Millis) {
        if let Some(screen) = self.screens.get_mut(&id) {
            screen.presence = presence;
            screen.heard_at = at;
        }
    }

    /// What it reports of itself beside its presence.
    pub(super) fn note_device(
        &mut self,
        id: ScreenId,
        kind: Option<ScreenKind>,
        battery: Option<Battery>,
    ) {
        if let Some(screen) = self.screens.get_mut(&id) {
            screen.battery = battery;
            screen.is_called(None, kind);
        }
    }

    /// Every screen that has said what it shows.
    pub(super) fn connected(&self, now: Millis) -> Vec<ConnectedScreen> {
        let known = self.screens.values().filter(|screen| screen.has_said_hello());
        known.map(|screen| screen.connected(now)).collect()
    }

    /// Puts a room's frame into the mailboxes of the screens that show the room, by view. Nothing
    /// is made for a view that nobody has.
    pub(super) fn publish(&self, room: &RoomId, frame: impl Fn(View) -> Frame) {
        for view in [View::Staff, View::Display] {
            for mailbox in self.by_room.mailboxes(room, view) {
                mailbox.put(frame(view));
            }
        }
    }

    /// Puts a frame that belongs to no room into every mailbox that is listening.
    pub(super) fn publish_to_all(&self, frame: impl Fn(View) -> Frame) {
        let of_staff = frame(View::Staff);
        let of_displays = frame(View::Display);
        for screen in self.screens.values().filter(|screen| screen.has_said_hello()) {
            screen.put(match screen.view {
                View::Staff => of_staff.clone(),
                View::Display => of_displays.clone(),
            });
        }
    }

    /// How many live, audible screens show the room.
    pub(super) fn watching(&self, room: &RoomId, now: Millis) -> usize {
        let showing = self.by_room.screens(room).filter_map(|id| self.screens.get(&id));
        showing.filter(|screen| screen.is_attended(now)).count()
    }

    /// The rooms that at least one live, audible screen shows.
    pub(super) fn watched(&self, now: Millis) -> Watched<'_> {
        let mut watched = Watched::default();
        for screen in self.screens.values().filter(|screen| screen.is_attended(now)) {
            match &screen.rooms {
                None => {}
                Some(RoomChoice::All) => watched.all = true,
                Some(RoomChoice::Some(rooms)) => watched.some.extend(rooms),
            }
        }
        watched
    }

    /// How many screens can be heard.
    pub(super) fn audible(&self, now: Millis) -> usize {
        self.screens.values().filter(|screen| screen.is_attended(now)).count()
    }

    pub(super) fn close_all(&mut self) {
        for screen in self.screens.values() {
            screen.mailbox.close();
        }
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SEEN: Presence = Presence { audible: true, visible: true, quiet: false };

    fn nobody() -> Person {
        Person { name: String::new(), initials: String::new(), role: crate::access::Role::Nurse }
    }

    fn one_screen(rooms: Option<Vec<RoomId>>) -> (Screens, Arc<Mailbox>) {
        let (mut screens, mailbox) = (Screens::default(), Arc::new(Mailbox::default()));
        screens.join(ScreenId(1), (View::Staff, nobody()), mailbox.clone(), Millis(0));
        screens.choose(ScreenId(1), rooms, Introduction::default());
        screens.note_presence(ScreenId(1), SEEN, Millis(0));
        (screens, mailbox)
    }

    fn room(id: &str) -> RoomId {
        RoomId::new(id).unwrap()
    }

    #[test]
    fn a_screen_watches_while_it_speaks_and_reads_and_no_longer() {
        let (mut screens, mailbox) = one_screen(None);
        let watches = |screens: &Screens, second: i64| {
            let now = Millis(second * 1_000);
            assert_eq!(
                screens.watched(now).has(&room("3")),
                screens.watching(&room("3"), now) == 1
            );
            screens.watched(now).has(&room("3"))
        };
        assert!(watches(&screens, 6));
        assert!(!watches(&screens, 7), "its network went without a word");
        screens.note_presence(ScreenId(1), SEEN, Millis(7_000));
        assert!(!watches(&screens, 7), "it speaks and reads nothing");
        mailbox.answered(Millis(7_500));
        assert!(watches(&screens, 8));
        mailbox.answered(Millis(14_000));
        assert!(!watches(&screens, 14), "it reads, and nobody there draws anything");
    }

    #[test]
    fn a_screen_watches_the_rooms_that_it_shows() {
        let (mut screens, _mailbox) = one_screen(Some(vec![room("3")]));
        let watched = screens.watched(Millis(1));
        assert!(watched.has(&room("3")) && !watched.has(&room("4")));
        for unheard in [
            Presence { audible: false, ..SEEN },
            Presence { visible: false, ..SEEN },
            Presence { quiet: true, ..SEEN },
        ] {
            screens.note_presence(ScreenId(1), unheard, Millis(2));
            assert!(!screens.watched(Millis(3)).has(&room("3")), "{unheard:?}");
        }
    }
}
