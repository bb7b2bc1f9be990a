//! Who has which rooms, and who is told of their alerts first and second.

use std::collections::BTreeMap;

use serde_json::json;

use super::act::Act;
use super::command::Command;
use super::core::Core;
use super::written::written;
use super::{Actor, Pending, Refusal};
use crate::access::Role;
use crate::contract::{Assignments, OnShift, RoomAssignment};
use crate::shift::{Assignment, RoomStaff};
use crate::store::{AssignmentRow, BreakRow, StaffRow, Upsert};
use crate::vitals::{Millis, RoomId};

/// Who has which rooms.
#[derive(Debug)]
pub struct ShowAssignments;

impl Command for ShowAssignments {
    type Answer = Assignments;

    fn run(self, core: &mut Core, _at: Millis) -> Assignments {
        core.assignments()
    }
}

/// Assigns rooms, and notes who takes a break and who is back. What is not named stays as it is.
#[derive(Debug, Default)]
#[expect(missing_docs, reason = "the fields say it")]
pub struct PutAssignments {
    pub rooms: Vec<(RoomId, Assignment)>,
    /// Who, by initials, and whether they are on a break.
    pub breaks: Vec<(String, bool)>,
    /// Whether the person who acts may speak for others: a lead may.
    pub for_others: bool,
}

impl Act for PutAssignments {
    fn apply(self, core: &mut Core, actor: &Actor, at: Millis) -> Result<Pending, Refusal> {
        let Self { rooms, breaks, for_others } = self;
        let mut assigned = Vec::with_capacity(rooms.len());
        for (room, to) in rooms {
            core.room_actor(&room)?;
            let Assignment { nurse, backup } = to;
            // Whoever has left the staff may stay where they are named, and nowhere else.
            let before = core.shift.assignment(&room);
            let known = |who: Option<String>| match who {
                Some(who) if [&before.nurse, &before.backup].contains(&&Some(who.clone())) => {
                    Ok(Some(who))
                }
                who => who.map(|who| core.initials_of(&who)).transpose(),
            };
            let to = Assignment { nurse: known(nurse)?, backup: known(backup)? };
            if to.nurse.is_some() && to.nurse == to.backup {
                let who = to.nurse.unwrap_or_default();
                return Err(Refusal::NotNow(format!(
                    "{who} cannot be nurse and backup of one room: choose somebody else as backup."
                )));
            }
            assigned.push(AssignmentRow { room, to });
        }
        let mut changed = Vec::with_capacity(breaks.len());
        for (who, on_break) in breaks {
            let initials = core.initials_of(&who)?;
            if !for_others && !initials.eq_ignore_ascii_case(&actor.initials) {
                return Err(if actor.is_identified || actor.is_program {
                    let why = "A break is one's own";
                    Refusal::NotNow(format!("{why}: {initials} says so, or a lead does."))
                } else {
                    let how = "Say who you are with your PIN or your password.";
                    Refusal::NeedsIdentity(format!("A break is one's own. {how}"))
                });
            }
            let before = core.shift.break_since(&initials);
            let since = on_break.then_some(before.unwrap_or(at));
            changed.push(BreakRow { initials, since });
        }
        Ok(core.put_shift(actor, assigned, changed, at))
    }
}

impl Core {
    /// Keeps who has what from now on, in one entry of the clinic's chain.
    fn put_shift(
        &mut self,
        actor: &Actor,
        assigned: Vec<AssignmentRow>,
        breaks: Vec<BreakRow>,
        at: Millis,
    ) -> Pending {
        let room = |row: &AssignmentRow| json!({"room": row.room, "nurse": row.to.nurse, "backup": row.to.backup});
        let rest = |row: &BreakRow| json!({"staff": row.initials, "since": row.since});
        let what = json!({"staff": actor.initials, "assignments": {
            "rooms": assigned.iter().map(room).collect::<Vec<_>>(),
            "breaks": breaks.iter().map(rest).collect::<Vec<_>>(),
        }});
        let views = self.note_shift(assigned, breaks);
        let mut pending = self.record(what, views, at);
        pending.json = written(&self.assignments());
        pending
    }

    /// Who takes rooms over has them from now on, and is not on a break.
    pub(super) fn hand_over_to(&mut self, to: &str, rooms: &[RoomId]) -> Vec<Upsert> {
        let assigned = rooms.iter().map(|room| {
            let backup = self.shift.assignment(room).backup.filter(|backup| backup != to);
            let to = Assignment { nurse: Some(to.to_owned()), backup };
            AssignmentRow { room: room.clone(), to }
        });
        let assigned = assigned.collect();
        let back =
            self.shift.break_since(to).map(|_| BreakRow { initials: to.to_owned(), since: None });
        self.note_shift(assigned, back.into_iter().collect())
    }

    fn note_shift(&mut self, assigned: Vec<AssignmentRow>, breaks: Vec<BreakRow>) -> Vec<Upsert> {
        for AssignmentRow { room, to } in &assigned {
            self.shift.assign(room.clone(), to.clone());
        }
        for BreakRow { initials, since } in &breaks {
            self.shift.set_break(initials, *since);
        }
        self.tell_staff();
        let assigned = assigned.into_iter().map(Upsert::Assignment);
        assigned.chain(breaks.into_iter().map(Upsert::Break)).collect()
    }

    /// Tells screens of each room whose staff have changed: by an assignment, or because somebody
    /// was taken off the staff.
    pub(super) fn tell_staff(&mut self) {
        for (room, staff) in self.staff_of_rooms() {
            let Some(mut room_actor) = self.rooms.get_mut(&room) else { continue };
            if room_actor.staff != staff {
                room_actor.staff = staff;
                room_actor.publish_room(&self.screens);
            }
        }
    }

    /// Who has each room and who is told of it, without telling screens that have yet to connect.
    pub(super) fn note_staff(&mut self) {
        for (room, staff) in self.staff_of_rooms() {
            if let Some(mut room_actor) = self.rooms.get_mut(&room) {
                room_actor.staff = staff;
            }
        }
    }

    fn staff_of_rooms(&self) -> Vec<(RoomId, RoomStaff)> {
        let store = self.journal.store();
        let register = store.register();
        let is_here = |who: &str| !register.staff_with_initials(who).is_empty();
        let known: BTreeMap<&str, bool> =
            self.shift.people().map(|who| (who, is_here(who))).collect();
        let is_here = |who: &str| known.get(who).copied().unwrap_or(false);
        self.rooms.keys().map(|room| (room.clone(), self.shift.staff(room, is_here))).collect()
    }

    /// Somebody's initials as the staff list has them.
    fn initials_of(&self, who: &str) -> Result<String, Refusal> {
        let staff = self.journal.store().register().staff_with_initials(who);
        let known = staff.into_iter().find(works);
        known
            .map(|row| row.initials)
            .ok_or_else(|| Refusal::NotNow(format!("Nobody on the staff has the initials {who}.")))
    }

    fn assignments(&self) -> Assignments {
        let assignments = self.rooms_in_order().into_iter().map(|room_actor| RoomAssignment {
            room: room_actor.id().clone(),
            staff: room_actor.staff.clone(),
        });
        let mut people: Vec<OnShift> = Vec::new();
        for row in self.journal.store().register().staff().into_iter().filter(works) {
            let Ok(role) = row.role.parse::<Role>() else { continue };
            let since = self.shift.break_since(&row.initials);
            let on_break = since.is_some();
            let (initials, on_break_since) = (row.initials, since);
            match people.iter_mut().find(|known| known.initials == initials) {
                Some(known) => known.role = known.role.max(role),
                None => people.push(OnShift { initials, role, on_break, on_break_since }),
            }
        }
        people.sort_by(|a, b| a.initials.cmp(&b.initials));
        Assignments { assignments: assignments.collect(), people }
    }
}

/// Whether they go to patients: a display does not.
fn works(row: &StaffRow) -> bool {
    row.active && row.role.parse::<Role>().is_ok_and(Role::is_staff)
}
