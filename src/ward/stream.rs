//! What screens send, and what they get when they connect.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::View;
use super::command::Command;
use super::core::{Core, room_removed};
use super::receipts::Noted;
use super::room_actor::{EntryExtras, RoomActor};
use super::written::written;
use crate::contract::{Battery, Details, Person, StreamFrame};
use crate::hub::{self, Class, Mailbox};
use crate::room::{Input, ScreenKind};
use crate::vitals::{Millis, RoomId, ScreenName};

/// The most rooms that are shown afresh beside others that resume; beyond that, all rooms are shown
/// afresh. So what a screen is sent besides its missed frames stays well within its mailbox.
const ANEW_MAX: usize = 16;

/// Distinguishes the connections of screens within one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ScreenId(pub u64);

impl ScreenId {
    /// What a screen is called that gives itself no name: this connection of it.
    pub(super) fn name(self) -> ScreenName {
        ScreenName::new(&format!("connection-{}", self.0)).expect("letters, a dash and digits")
    }
}

/// How a screen introduces itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Introduction {
    /// The name that it keeps over all of its connections.
    pub name: Option<ScreenName>,
    /// What it is used as.
    pub kind: Option<ScreenKind>,
}

/// What a screen asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hello {
    /// The rooms that it shows; `None` is all of them.
    pub rooms: Option<Vec<RoomId>>,
    /// The run that its revs belong to.
    pub epoch: Option<String>,
    /// The last rev that it has of each room.
    pub revs: HashMap<RoomId, u64>,
    /// Which screen it is.
    pub introduction: Introduction,
}

/// What a screen reports about itself every 2 s.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Presence {
    /// Its sound works.
    pub audible: bool,
    /// It is in the foreground.
    pub visible: bool,
    /// It is in a patient's room.
    pub quiet: bool,
}

/// A screen has connected: its frames go into the mailbox.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct Join {
    pub screen: ScreenId,
    pub view: View,
    pub me: Person,
    pub mailbox: Arc<Mailbox>,
}

impl Command for Join {
    type Answer = ();

    fn run(self, core: &mut Core, at: Millis) {
        core.screens.join(self.screen, (self.view, self.me), self.mailbox, at);
    }
}

/// A screen says what it wants: it gets what it missed, or everything. If too little is kept of a
/// few rooms, it gets a snapshot of those, and what it missed of the others.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct SayHello {
    pub screen: ScreenId,
    pub hello: Hello,
}

impl Command for SayHello {
    type Answer = ();

    fn run(self, core: &mut Core, at: Millis) {
        let Self { screen: id, hello } = self;
        let asked = hello.rooms.clone().unwrap_or_default();
        core.screens.choose(id, hello.rooms, hello.introduction);
        let Some(screen) = core.screens.get(id) else { return };
        let shown: Vec<&RoomActor> = core
            .rooms_in_order()
            .into_iter()
            .filter(|room_actor| screen.shows(room_actor.id()))
            .collect();
        let is_this_run = hello.epoch.as_deref() == Some(&*core.epoch);
        let mut missed: Vec<hub::Frame> = Vec::new();
        let mut resumed: BTreeMap<&RoomId, u64> = BTreeMap::new();
        let mut anew: Vec<&RoomActor> = Vec::new();
        for room_actor in &shown {
            let rev = hello.revs.get(room_actor.id()).filter(|_| is_this_run);
            match rev.and_then(|rev| room_actor.missed(screen.view, *rev)) {
                Some(frames) => {
                    missed.extend(frames);
                    resumed.insert(room_actor.id(), room_actor.rev());
                }
                None => anew.push(room_actor),
            }
        }
        let whole = |class, frame: &StreamFrame<'_>| {
            let json = written(frame).into();
            hub::Frame { rev: None, room: None, class, json }
        };
        let snapshot = |rooms: &[&RoomActor]| {
            let watching = |room_actor: &RoomActor| core.screens.watching(room_actor.id(), at);
            let frame = StreamFrame::Snapshot {
                epoch: &core.epoch,
                now: at,
                me: &screen.me,
                ward: core.own_alerts.snapshot(screen.view),
                rooms: rooms
                    .iter()
                    .map(|room_actor| room_actor.shown(screen.view, watching(room_actor), at))
                    .collect(),
            };
            written(&frame)
        };
        let snapshot = |class, rooms: &[&RoomActor]| {
            let json = snapshot(rooms).into();
            hub::Frame { rev: None, room: None, class, json }
        };
        for room in hello.revs.keys().filter(|room| !core.rooms.contains_key(room)) {
            screen.put(room_removed(room));
        }
        let is_unknown =
            |room: &&RoomId| !core.rooms.contains_key(room) && !hello.revs.contains_key(room);
        let unknown: Vec<&RoomId> = asked.iter().filter(is_unknown).collect();
        if !unknown.is_empty() {
            let problem = Box::new(Details::unknown_rooms(&unknown));
            screen.put(whole(Class::Kept, &StreamFrame::Error { problem }));
        }
        if resumed.is_empty() || anew.len() > ANEW_MAX {
            screen.put(snapshot(Class::Snapshot, &shown));
            return;
        }
        let word = StreamFrame::Resumed { epoch: &core.epoch, me: &screen.me, revs: resumed };
        screen.put(whole(Class::Resumed, &word));
        missed.into_iter().for_each(|frame| screen.put(frame));
        for frame in core.own_alerts.frames(screen.view) {
            screen.put(whole(Class::Kept, &frame));
        }
        if !anew.is_empty() {
            screen.put(snapshot(Class::Kept, &anew));
        }
    }
}

/// A screen says whether it is seen and heard.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct SayPresence {
    pub screen: ScreenId,
    pub presence: Presence,
    pub kind: Option<ScreenKind>,
    pub battery: Option<Battery>,
}

impl Command for SayPresence {
    type Answer = ();

    fn run(self, core: &mut Core, at: Millis) {
        core.screens.note_presence(self.screen, self.presence, at);
        core.screens.note_device(self.screen, self.kind, self.battery);
    }
}

/// A screen shows an alert.
#[derive(Debug)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct ConfirmReceipt {
    pub screen: ScreenId,
    pub alert: String,
}

impl Command for ConfirmReceipt {
    type Answer = ();

    fn run(self, core: &mut Core, at: Millis) {
        let alert = self.alert.as_str();
        let Some(screen) = core.screens.get(self.screen) else { return };
        let shown_on = Arc::clone(screen.shown_on());
        if core.own_alerts.get(alert).is_some() {
            core.own_alerts.receipt(alert, &shown_on, at);
            return;
        }
        let Ok(room) = core.room_of_alert(alert) else { return };
        let Some(mut room_actor) = core.rooms.get_mut(&room) else { return };
        let noted = room_actor.receipt(alert, &shown_on, at);
        drop(room_actor);
        if noted == Noted::First {
            let input = Input::Received { alert: alert.to_owned() };
            core.input(&room, &input, at, EntryExtras::default());
        }
    }
}

/// A screen has disconnected.
#[derive(Debug)]
#[expect(missing_docs, reason = "the field says it")]
pub struct Leave {
    pub screen: ScreenId,
}

impl Command for Leave {
    type Answer = ();

    fn run(self, core: &mut Core, _at: Millis) {
        core.screens.leave(self.screen);
    }
}
