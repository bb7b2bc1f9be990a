//! Who has which rooms in this shift, and who is on a break. Pure.

use std::collections::BTreeMap;

use serde::Serialize;
use utoipa::ToSchema;

use crate::vitals::{Millis, RoomId};

/// Who has a room.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Assignment {
    /// By initials.
    pub nurse: Option<String>,
    /// Who goes when the nurse cannot, by initials.
    pub backup: Option<String>,
}

/// Who has a room, and who is told of its alerts now. Where nobody is named, everybody is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoomStaff {
    /// Whose room it is, by initials.
    #[schema(required)]
    pub nurse: Option<String>,
    /// Who goes when the nurse cannot.
    #[schema(required)]
    pub backup: Option<String>,
    /// Who is told first: the nurse, or the backup while the nurse is on a break.
    #[schema(required)]
    pub first: Option<String>,
    /// Who is told second of what nobody has taken.
    #[schema(required)]
    pub second: Option<String>,
}

/// The shift as it is now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Shift {
    rooms: BTreeMap<RoomId, Assignment>,
    on_break: BTreeMap<String, Millis>,
}

impl Shift {
    /// Somebody has a room from now on, or nobody has.
    pub fn assign(&mut self, room: RoomId, to: Assignment) {
        if to == Assignment::default() {
            self.rooms.remove(&room);
        } else {
            self.rooms.insert(room, to);
        }
    }

    /// Somebody takes a break, or is back.
    pub fn set_break(&mut self, initials: &str, since: Option<Millis>) {
        match since {
            Some(since) => drop(self.on_break.insert(initials.to_owned(), since)),
            None => drop(self.on_break.remove(initials)),
        }
    }

    /// Who has the room.
    #[must_use]
    pub fn assignment(&self, room: &RoomId) -> Assignment {
        self.rooms.get(room).cloned().unwrap_or_default()
    }

    /// Since when somebody has been on a break.
    #[must_use]
    pub fn break_since(&self, initials: &str) -> Option<Millis> {
        self.on_break.get(initials).copied()
    }

    /// Who is named anywhere.
    pub fn people(&self) -> impl Iterator<Item = &str> {
        self.rooms.values().flat_map(|of| [&of.nurse, &of.backup]).flatten().map(String::as_str)
    }

    /// Who has the room, and who is told of its alerts now. Who is not on the staff any more is told
    /// nothing.
    pub fn staff(&self, room: &RoomId, is_of_staff: impl Fn(&str) -> bool) -> RoomStaff {
        let Assignment { nurse, backup } = self.assignment(room);
        let can_go = |who: &&String| self.break_since(who).is_none() && is_of_staff(who);
        let mut told = nurse.iter().chain(&backup).filter(can_go).cloned();
        let (first, second) = (told.next(), told.next());
        RoomStaff { nurse, backup, first, second }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shift(nurse: Option<&str>, backup: Option<&str>) -> (Shift, RoomId) {
        let (mut shift, room) = (Shift::default(), RoomId::new("3").unwrap());
        let own = |initials: Option<&str>| initials.map(str::to_owned);
        shift.assign(room.clone(), Assignment { nurse: own(nurse), backup: own(backup) });
        (shift, room)
    }

    fn told(shift: &Shift, room: &RoomId) -> (String, String) {
        let RoomStaff { first, second, .. } = shift.staff(room, |initials| initials != "XX");
        (first.unwrap_or_default(), second.unwrap_or_default())
    }

    #[test]
    fn the_nurse_is_told_first_and_the_backup_second() {
        let (shift, room) = shift(Some("KM"), Some("TJ"));
        assert_eq!(told(&shift, &room), ("KM".into(), "TJ".into()));
        assert_eq!(shift.people().collect::<Vec<_>>(), ["KM", "TJ"]);
    }

    #[test]
    fn the_backup_is_told_first_while_the_nurse_is_on_a_break_and_nobody_second() {
        let (mut shift, room) = shift(Some("KM"), Some("TJ"));
        shift.set_break("KM", Some(Millis(7)));
        assert_eq!(told(&shift, &room), ("TJ".into(), String::new()));
        assert_eq!(shift.break_since("KM"), Some(Millis(7)));
        shift.set_break("TJ", Some(Millis(8)));
        assert_eq!(told(&shift, &room), (String::new(), String::new()), "everybody is told");
        shift.set_break("KM", None);
        assert_eq!(told(&shift, &room), ("KM".into(), String::new()));
    }

    #[test]
    fn who_has_left_the_staff_is_told_nothing_and_a_room_of_nobody_is_everybodys() {
        let (shift_of_two, room) = shift(Some("XX"), Some("TJ"));
        assert_eq!(told(&shift_of_two, &room), ("TJ".into(), String::new()));
        let (nobodys, room) = shift(None, None);
        assert_eq!(nobodys, Shift::default());
        assert_eq!(nobodys.staff(&room, |_| true), RoomStaff::default());
        let (backed, room) = shift(None, Some("TJ"));
        assert_eq!(told(&backed, &room), ("TJ".into(), String::new()));
    }
}
