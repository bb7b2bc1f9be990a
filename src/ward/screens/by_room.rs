//! Which mailboxes a frame of a room goes into. It follows from what the screens have chosen, so
//! it holds no more than they do.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use crate::hub::Mailbox;
use crate::vitals::RoomId;
use crate::ward::{ScreenId, View};

/// The rooms that a screen shows.
#[derive(Debug)]
pub(super) enum RoomChoice {
    All,
    Some(HashSet<RoomId>),
}

type Mailboxes = BTreeMap<ScreenId, Arc<Mailbox>>;

/// The screens that show each room, by view.
#[derive(Debug, Default)]
pub(super) struct ByRoom {
    staff: OfView,
    displays: OfView,
}

#[derive(Debug, Default)]
struct OfView {
    /// Of the screens that show every room.
    all: Mailboxes,
    /// Of the screens that chose this room, among others. Never empty.
    some: HashMap<RoomId, Mailboxes>,
}

impl ByRoom {
    /// A screen shows these rooms from now on.
    pub(super) fn add(
        &mut self,
        (id, view): (ScreenId, View),
        rooms: &RoomChoice,
        mailbox: &Arc<Mailbox>,
    ) {
        let of_view = self.of_view_mut(view);
        match rooms {
            RoomChoice::All => {
                of_view.all.insert(id, Arc::clone(mailbox));
            }
            RoomChoice::Some(rooms) => {
                for room in rooms {
                    let mailboxes = of_view.some.entry(room.clone()).or_default();
                    mailboxes.insert(id, Arc::clone(mailbox));
                }
            }
        }
    }

    /// A screen no longer shows these rooms.
    pub(super) fn remove(&mut self, (id, view): (ScreenId, View), rooms: &RoomChoice) {
        let of_view = self.of_view_mut(view);
        match rooms {
            RoomChoice::All => {
                of_view.all.remove(&id);
            }
            RoomChoice::Some(rooms) => {
                for room in rooms {
                    let Some(mailboxes) = of_view.some.get_mut(room) else { continue };
                    mailboxes.remove(&id);
                    if mailboxes.is_empty() {
                        of_view.some.remove(room);
                    }
                }
            }
        }
    }

    /// The mailboxes of the screens that show the room in this view.
    pub(super) fn mailboxes(&self, room: &RoomId, view: View) -> impl Iterator<Item = &Mailbox> {
        let OfView { all, some } = self.of_view(view);
        all.values().chain(some.get(room).into_iter().flat_map(Mailboxes::values)).map(Arc::as_ref)
    }

    /// The screens that show the room, in whatever view.
    pub(super) fn screens(&self, room: &RoomId) -> impl Iterator<Item = ScreenId> {
        [&self.staff, &self.displays].into_iter().flat_map(|OfView { all, some }| {
            all.keys().chain(some.get(room).into_iter().flat_map(Mailboxes::keys)).copied()
        })
    }

    fn of_view(&self, view: View) -> &OfView {
        match view {
            View::Staff => &self.staff,
            View::Display => &self.displays,
        }
    }

    fn of_view_mut(&mut self, view: View) -> &mut OfView {
        match view {
            View::Staff => &mut self.staff,
            View::Display => &mut self.displays,
        }
    }
}
