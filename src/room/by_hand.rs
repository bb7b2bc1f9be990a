//! What staff have measured, and what happens when they withdraw it.

use serde::{Deserialize, Serialize};

use super::latest::Times;
use super::{AlertState, Latest, ManualVitals, Output, Room};
use crate::rules::{ContinuousVital, CuffReading, Held, Origin, Rule};
use crate::vitals::{
    Frame, LATE_AFTER_MS, Millis, Observation, Reading, Source, Value, Vital, moved,
};

/// The most entries that can still be withdrawn.
const KEPT: usize = 32;

/// Values that staff have entered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ByHand {
    /// The number of the entry.
    entry: u32,
    /// When the values were measured.
    measured_at: Millis,
    /// When the values were entered.
    entered_at: Millis,
    vitals: ManualVitals,
}

moved!(ByHand { moves: measured_at, entered_at; stays: entry, vitals });

impl Room {
    /// Takes what a person measured `at` this time: it counts at once, unless it is old. Where a
    /// monitor gives the same vital it may be the monitor's number written down: then only urgent
    /// values count.
    pub(super) fn take_manual(&mut self, vitals: &ManualVitals, at: Millis) {
        let is_late = self.now.since(at) > LATE_AFTER_MS;
        let counts_for_ms = self.cuff_counts_for_ms();
        let entry = self.stay.session.as_ref().map_or(0, super::Session::last_entry);
        self.note_by_hand(entry, *vitals, at);
        for reading in vitals.readings() {
            let is_live = reading.vital != Vital::Nibp && self.has_value(reading.vital);
            if !is_live {
                self.show_by_hand(&reading, at);
            }
            let is_watched = matches!(reading.vital, Vital::Spo2 | Vital::HeartRate) && {
                let sources = ContinuousVital::of(reading.vital).map_or(&[][..], |v| v.sources());
                sources.iter().any(|source| self.has_value(*source))
            };
            match (reading.observation, ContinuousVital::of(reading.vital)) {
                (Observation::Measured(Value::Pressure(pressure), _), _)
                    if self.now.since(at) <= counts_for_ms
                        && self.stay.cuff.last_at().is_none_or(|last| at >= last)
                        && !self.stay.cuff.is_newest(pressure, at.plus(-self.cadence_ms())) =>
                {
                    let (measured_at, at) = (at, self.now);
                    let origin = Origin::Entry(entry);
                    self.take_pressure(CuffReading { at, measured_at, pressure, origin });
                }
                (Observation::Measured(Value::Number(value), _), Some(vital)) if !is_late => {
                    self.judge_by_hand(vital, (value, at), is_watched);
                }
                _ => {}
            }
        }
    }

    fn show_by_hand(&mut self, reading: &Reading, at: Millis) {
        let times = Times { heard_at: at, taken_at: at, device_taken_at: None };
        let latest = Latest::new(&Frame::by_hand(Vec::new()), reading, times);
        match self.bedside.latest.iter_mut().find(|known| known.vital == reading.vital) {
            Some(known) if known.heard_at <= at => *known = latest,
            Some(_) => {}
            None => self.bedside.latest.push(latest),
        }
    }

    /// Remembers what staff have measured.
    fn note_by_hand(&mut self, entry: u32, vitals: ManualVitals, measured_at: Millis) {
        if self.stay.by_hand.len() == KEPT {
            self.stay.by_hand.pop_front();
        }
        let entered_at = self.now;
        self.stay.by_hand.push_back(ByHand { entry, measured_at, entered_at, vitals });
    }

    /// Whether the values of this entry can still be withdrawn.
    pub(super) fn is_by_hand(&self, entry: u32) -> bool {
        self.stay.by_hand.iter().any(|known| known.entry == entry)
    }

    /// Withdraws what staff have measured: it counts as if it had never been entered, and what it
    /// alone raised is over.
    pub(super) fn withdraw_by_hand(&mut self, entry: u32) {
        self.found = super::Found::default();
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

    /// What only a hand-counted value raised is over when that value is withdrawn.
    fn end_by_hand(&mut self, vital: ContinuousVital, entered_at: Millis) {
        let profile = self.stay.profile.clone();
        for row in &profile.conditions {
            let is_of_it = matches!(&row.rule, Rule::Held(Held { vital: of, .. }) if *of == vital);
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
