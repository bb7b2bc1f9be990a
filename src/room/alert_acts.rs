//! What staff and screens do about an alert: the same for a room's alerts and for the ward's own.

use std::collections::BTreeSet;

use super::alarms::Alarms;
use super::alert::{Alert, AlertState, Change};
use super::receipt::Receipt;
use super::{Input, Output, Room};
use crate::rules::Condition;
use crate::vitals::Millis;

impl Alert {
    /// Takes an input about this alert, and returns what became of it.
    pub(crate) fn handle(&mut self, input: &Input, now: Millis) -> Change {
        match input {
            // The first person to take it has it.
            Input::Acknowledge { staff, .. } if self.is_open() && self.acknowledged.is_none() => {
                self.acknowledge(staff, now);
                Change::Line
            }
            Input::Silence { seconds, .. } if self.state == AlertState::Active => {
                self.silence(*seconds, now);
                Change::Line
            }
            Input::Outcome { staff, outcome, .. } => {
                self.outcome = *outcome;
                // Nothing but people can say that help is no longer needed: whoever does was there.
                if self.condition == Condition::Help && outcome.is_some() && self.is_open() {
                    if self.acknowledged.is_none() {
                        self.acknowledge(staff, now);
                    }
                    self.close(AlertState::Resolved, now);
                    return Change::Line;
                }
                Change::Words
            }
            Input::Received { .. } => {
                // That it is counted is shown with what screens report together (`receipt`).
                self.received = true;
                Change::Nothing
            }
            _ => Change::Nothing,
        }
    }
}

impl Input {
    /// The alert that it is about.
    pub(crate) fn alert(&self) -> Option<&str> {
        match self {
            Self::Acknowledge { alert, .. }
            | Self::Outcome { alert, .. }
            | Self::Silence { alert, .. }
            | Self::Received { alert } => Some(alert),
            _ => None,
        }
    }
}

impl Alarms {
    /// The place of the active alert of a condition: there is at most one.
    pub(crate) fn active(&self, condition: Condition) -> Option<usize> {
        let is_it =
            |alert: &Alert| alert.condition == condition && alert.state == AlertState::Active;
        self.alerts.iter().position(is_it)
    }

    /// The condition is over. Returns the place of its alert, if it was active.
    pub(crate) fn end(&mut self, condition: Condition, now: Millis) -> Option<usize> {
        let index = self.active(condition)?;
        self.alerts[index].end(now);
        Some(index)
    }
}

impl Room {
    /// Takes an input about one alert. An alert that the room does not know changes nothing.
    pub(super) fn handle_alert(&mut self, name: &str, input: &Input) {
        let Some(index) = self.alert_index(name) else { return };
        let alert = &mut self.alarms.alerts[index];
        match alert.handle(input, self.now) {
            Change::Nothing => {}
            Change::Words => self.outputs.push_back(Output::AlertTouched(alert.id())),
            Change::Line => self.log(index),
        }
    }

    /// Screens have shown alerts. Those that the room does not know change nothing.
    pub(super) fn note_receipts(&mut self, receipts: &[Receipt]) {
        let known = receipts.iter().filter_map(|receipt| self.alert_index(&receipt.alert));
        let shown: BTreeSet<usize> = known.collect();
        for index in shown {
            let alert = &mut self.alarms.alerts[index];
            alert.received = true;
            self.outputs.push_back(Output::AlertTouched(alert.id()));
        }
    }
}
