//! Somebody in the room calls for help: an alert that no value raises and no value ends. It is over
//! when staff have said what came of it, or a while after somebody took it
//! (clinical.md#a-call-for-help).

use super::alert::Change;
use super::{Output, Room};
use crate::rules::{Condition, Finding, Priority};

impl Room {
    /// Somebody calls. While nobody has an earlier call, the same call again changes nothing, and a
    /// graver one makes it worse; once somebody has it, a further call is a new one.
    pub(super) fn call_for_help(&mut self, staff: &str, priority: Priority) {
        let condition = Condition::Help;
        let is_open = |alert: &super::Alert| alert.condition == condition && alert.is_open();
        let open = self.alarms.alerts.iter().position(is_open);
        if let Some(index) = open.filter(|index| self.alarms.alerts[*index].is_past) {
            self.give_way_to_own(index);
        } else if let Some(index) = open {
            let known = &mut self.alarms.alerts[index];
            let is_taken = known.acknowledged.is_some();
            if !is_taken && priority <= known.priority {
                return;
            }
            let call = Finding { is_anew: is_taken, ..call(staff, priority.max(known.priority)) };
            match known.update(call, false, self.now) {
                Change::Nothing => {}
                Change::Words => self.outputs.push_back(Output::AlertTouched(known.id())),
                Change::Line => self.log(index),
            }
            return;
        }
        self.raise(condition, None, call(staff, priority));
    }
}

fn call(staff: &str, priority: Priority) -> Finding {
    let text = match priority {
        Priority::High => format!("Emergency here, {staff} calls"),
        Priority::Medium | Priority::Low => format!("{staff} asks for help"),
    };
    Finding::of_stage(priority as u8, priority, &text)
}
