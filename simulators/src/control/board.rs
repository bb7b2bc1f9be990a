use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard};

use serde::Serialize;

use super::Switch;

/// The orders for each room. All clones share them.
#[derive(Debug, Clone, Default)]
pub struct Board {
    rooms: Arc<Mutex<Vec<RoomSwitches>>>,
}

#[derive(Debug)]
struct RoomSwitches {
    room: String,
    /// Its patient follows a script, and only faults can be switched.
    is_scripted: bool,
    on: BTreeSet<Switch>,
    /// What the room has not taken yet; the last of several orders for one switch.
    ordered: BTreeMap<Switch, bool>,
}

/// The room's end of the board.
#[derive(Debug)]
pub struct Orders {
    board: Board,
    index: usize,
}

/// Why an order cannot be given, in words for the person who gave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// There is no room of this name.
    NoRoom(String),
    /// The room exists, but it cannot do this.
    NotHere(String),
}

impl Refusal {
    /// What is wrong, and what is allowed.
    pub fn text(&self) -> &str {
        match self {
            Self::NoRoom(text) | Self::NotHere(text) => text,
        }
    }
}

/// A room on the control page.
#[derive(Debug, Serialize)]
pub(super) struct RoomShown {
    room: String,
    is_scripted: bool,
    on: Vec<&'static str>,
}

impl Board {
    /// Adds a room, which takes orders from now on. A scenario's room follows its script.
    pub fn room(&self, room: &str, is_scripted: bool) -> Orders {
        let mut rooms = self.lock();
        rooms.push(RoomSwitches {
            room: room.to_owned(),
            is_scripted,
            on: BTreeSet::new(),
            ordered: BTreeMap::new(),
        });
        Orders { board: self.clone(), index: rooms.len() - 1 }
    }

    /// Switches something.
    ///
    /// # Errors
    /// There is no such room, or it follows a script.
    pub fn order(&self, room: &str, switch: Switch, on: bool) -> Result<(), Refusal> {
        let mut rooms = self.lock();
        let Some(found) = rooms.iter_mut().find(|known| known.room == room) else {
            let known: Vec<_> = rooms.iter().map(|known| known.room.as_str()).collect();
            return Err(Refusal::NoRoom(format!(
                "there is no room {room:?}; allowed are {}",
                known.join(", ")
            )));
        };
        if found.is_scripted && matches!(switch, Switch::Trouble(_)) {
            return Err(Refusal::NotHere(format!(
                "the patient of room {room} follows a scenario: only faults can be switched"
            )));
        }
        if on && switch.stays() {
            found.on.insert(switch);
        } else {
            found.on.remove(&switch);
        }
        found.ordered.insert(switch, on);
        Ok(())
    }

    pub(super) fn shown(&self) -> Vec<RoomShown> {
        let shown = |room: &RoomSwitches| RoomShown {
            room: room.room.clone(),
            is_scripted: room.is_scripted,
            on: room.on.iter().map(|switch| switch.name()).collect(),
        };
        self.lock().iter().map(shown).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<RoomSwitches>> {
        // Nothing that holds it can panic halfway through a change.
        self.rooms.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Orders {
    /// The orders since the last call.
    pub(crate) fn take(&self) -> Vec<(Switch, bool)> {
        let mut rooms = self.board.lock();
        let ordered = rooms.get_mut(self.index).map(|room| std::mem::take(&mut room.ordered));
        ordered.unwrap_or_default().into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::control::Trouble;
    use crate::monitors::Fault;

    const DELAY: Switch = Switch::Fault(Fault::Delay);
    const SURGE: Switch = Switch::Trouble(Trouble::Surge);

    #[test]
    fn a_room_takes_each_order_once_and_of_several_the_last() {
        let board = Board::default();
        let (one, two) = (board.room("1", false), board.room("2", false));
        board.order("2", DELAY, true).expect("there is a room 2");
        board.order("2", SURGE, true).expect("there is a room 2");
        board.order("2", DELAY, false).expect("there is a room 2");
        assert_eq!(one.take(), []);
        assert_eq!(two.take(), [(SURGE, true), (DELAY, false)]);
        assert_eq!(two.take(), []);
    }

    #[test]
    fn what_stays_on_is_shown_and_what_happens_once_is_not() {
        let board = Board::default();
        board.room("1", false);
        board.order("1", DELAY, true).expect("there is a room 1");
        board.order("1", SURGE, true).expect("there is a room 1");
        assert_eq!(board.shown()[0].on, ["delay"]);
        board.order("1", DELAY, false).expect("there is a room 1");
        assert!(board.shown()[0].on.is_empty());
    }

    #[test]
    fn an_unknown_room_is_told_the_known_ones_and_a_script_is_not_changed() {
        let board = Board::default();
        board.room("1", false);
        board.room("3", true);
        let refusal = board.order("9", DELAY, true).expect_err("there is no room 9");
        assert_eq!(refusal.text(), "there is no room \"9\"; allowed are 1, 3");
        assert!(board.order("3", DELAY, true).is_ok());
        let refusal = board.order("3", SURGE, true).expect_err("it follows a script");
        assert!(refusal.text().contains("only faults"), "{refusal:?}");
    }
}
