//! What staff have measured, and what becomes of it when they take it back.

use serde::{Deserialize, Serialize};

use super::cuff::Origin;
use super::{AlertState, ManualVitals, Output, Room};
use crate::profile::{ContinuousVital, Rule};
use crate::vitals::{Millis, Observation, Source, Value, Vital, moved};

/// Entries that can still be taken back.
const KEPT: usize = 32;

/// Values that staff have entered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ByHand {
    /// The number of the entry.
    entry: u32,
    /// When they were measured.
    measured_at: Millis,
    /// When they were entered.
    entered_at: Millis,
    vitals: ManualVitals,
}

moved!(ByHand { moves: measured_at, entered_at; stays: entry, vitals });

impl Room {
    /// Remembers what staff have measured.
    pub(super) fn note_by_hand(&mut self, entry: u32, vitals: ManualVitals, measured_at: Millis) {
        if self.stay.by_hand.len() == KEPT {
            self.stay.by_hand.pop_front();
        }
        let entered_at = self.now;
        self.stay.by_hand.push_back(ByHand { entry, measured_at, entered_at, vitals });
    }

    /// Whether the values of this entry can still be taken back.
    pub(super) fn is_by_hand(&self, entry: u32) -> bool {
        self.stay.by_hand.iter().any(|known| known.entry == entry)
    }

    /// Takes back what staff have measured: it counts as if it had never been entered, and what
    /// it alone raised is over.
    pub(super) fn withdraw_by_hand(&mut self, entry: u32) {
        let Some(index) = self.stay.by_hand.iter().position(|known| known.entry == entry) else {
            return;
        };
        let Some(ByHand { measured_at, entered_at, vitals, .. }) = self.stay.by_hand.remove(index)
        else {
            return;
        };
        for reading in vitals.readings() {
            let Observation::Measured(value, _) = reading.observation else { continue };
            if let Value::Pressure(_) = value {
                if !self.withdraw_pressure(&Origin::Entry(entry)) {
                    self.forget_shown_by_hand(Vital::Nibp, measured_at);
                }
                continue;
            }
            self.forget_shown_by_hand(reading.vital, measured_at);
            if let Some(vital) = ContinuousVital::of(reading.vital) {
                self.history_mut(vital).withdraw(measured_at);
                self.end_by_hand(vital, entered_at);
                self.judge_revised(vital, entered_at);
            }
        }
    }

    fn forget_shown_by_hand(&mut self, vital: Vital, measured_at: Millis) {
        let is_it = |latest: &super::Latest| {
            latest.vital == vital
                && latest.source == Source::Manual
                && latest.heard_at == measured_at
        };
        if self.bedside.latest.iter().any(is_it) {
            self.bedside.latest.retain(|latest| !is_it(latest));
            self.outputs.push_back(Output::Shown(vital));
        }
    }

    /// What was raised by a value that somebody counted is over when that is taken back.
    fn end_by_hand(&mut self, vital: ContinuousVital, entered_at: Millis) {
        let profile = self.stay.profile.clone();
        for row in &profile.conditions {
            let is_of_it = matches!(&row.rule, Rule::Held { vital: of, .. } if *of == vital);
            let is_by_it = self.alarms.alerts.iter().any(|alert| {
                alert.condition == row.condition
                    && alert.state == AlertState::Active
                    && alert.value_at == Some(entered_at)
            });
            if is_of_it && is_by_it {
                self.end(row.condition);
            }
        }
    }
}
