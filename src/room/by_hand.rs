//! Values that a person measured: entered, and taken back as if they had never been.

use serde::{Deserialize, Serialize};

use super::event::ManualVitals;
use super::session::SHOWN_EVENTS;
use super::tasks::{Rise, Wanted, Why};
use super::{AlertState, Latest, Room};
use crate::profile::{Condition, ContinuousVital, Kind};
use crate::vitals::{Millis, Observation, Source, Value, Vital};

/// What a person measured, and what it took the place of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct ByHand {
    /// Its number in the session's list.
    pub(super) n: u32,
    /// When it was measured.
    at: Millis,
    /// When it was entered: it is judged as of then.
    entered_at: Millis,
    vitals: ManualVitals,
    /// What was known of each of its vitals before.
    before: Vec<Latest>,
    /// What staff were asked for before: a reading ends that.
    tasks: PressureTasks,
}

/// What a pressure changes of what staff are asked for.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
struct PressureTasks {
    wanted: Option<Wanted>,
    rate_reading_due: Option<Millis>,
    watch_until_two_inside: Option<Condition>,
    rise: Option<Rise>,
}

impl Room {
    fn pressure_tasks(&self) -> PressureTasks {
        PressureTasks {
            wanted: self.wanted,
            rate_reading_due: self.rate_reading_due,
            watch_until_two_inside: self.watch_until_two_inside,
            rise: self.rise,
        }
    }

    fn restore_tasks(&mut self, tasks: PressureTasks, since: Millis) {
        let is_newer = |wanted: &Wanted| wanted.why == Why::Asked && wanted.since > since;
        self.wanted = self.wanted.filter(is_newer).or(tasks.wanted);
        self.rate_reading_due = self.rate_reading_due.or(tasks.rate_reading_due);
        self.watch_until_two_inside = tasks.watch_until_two_inside;
        self.rise = tasks.rise;
    }

    /// Takes what a person measured `at` this time, and remembers how to take it back.
    pub(super) fn enter_by_hand(&mut self, vitals: &ManualVitals, at: Millis) {
        let readings = vitals.readings();
        let is_of_it = |latest: &&Latest| readings.iter().any(|r| r.vital == latest.vital);
        let before = self.latest.iter().filter(is_of_it).cloned().collect();
        let tasks = self.pressure_tasks();
        if let Some(session) = &mut self.session {
            let n = session.counted_events;
            let entry = ByHand { n, at, entered_at: self.now, vitals: *vitals, before, tasks };
            session.by_hand.push(entry);
            let more = session.by_hand.len().saturating_sub(SHOWN_EVENTS);
            session.by_hand.drain(..more);
        }
        self.take_manual(vitals, at);
    }

    /// An entry was withdrawn: if it was of values, they no longer count.
    pub(super) fn values_were_withdrawn(&mut self, n: u32) {
        let Some(session) = &mut self.session else { return };
        let Some(index) = session.by_hand.iter().position(|entry| entry.n == n) else { return };
        let entry = session.by_hand.remove(index);
        for later in &mut session.by_hand[index..] {
            let was_there = |known: &Latest| entry.before.iter().any(|b| b.vital == known.vital);
            later.before.retain(|known| !entry.is(known) || was_there(known));
            later.before.iter_mut().filter(|known| entry.is(known)).for_each(|known| {
                entry.restore(known);
            });
        }
        for reading in entry.vitals.readings() {
            self.forget_latest(&entry, reading.vital);
            match reading.observation {
                Observation::Measured(Value::Pressure(pressure), _) => {
                    let was_newest = self.cuff.last_at() == Some(entry.entered_at);
                    if self.cuff.take_back(entry.entered_at, pressure) {
                        if was_newest {
                            self.restore_tasks(entry.tasks.clone(), entry.entered_at);
                        }
                        self.end_what_stood_by(&entry, reading.vital);
                        if self.current_pressure().is_some() {
                            // The one before is the newest again; a first one waits again.
                            self.judge_cuff(true);
                        }
                    }
                }
                Observation::Measured(Value::Number(value), _) => {
                    let Some(vital) = ContinuousVital::of(reading.vital) else { continue };
                    self.history_mut(vital).take_back(entry.at, value);
                    self.end_what_stood_by(&entry, reading.vital);
                    self.judge_what_is_left(reading.vital);
                }
                Observation::Absent(_) => {}
            }
        }
    }

    /// The vital shows again what it showed before, unless something newer came since.
    fn forget_latest(&mut self, entry: &ByHand, vital: Vital) {
        let Some(index) = self.latest.iter().position(|latest| latest.vital == vital) else {
            return;
        };
        let latest = &mut self.latest[index];
        if entry.is(latest) {
            match entry.before.iter().find(|before| before.vital == vital) {
                Some(before) => *latest = before.clone(),
                None => drop(self.latest.remove(index)),
            }
        } else if latest.last_value.is_some_and(|last| last.heard_at == entry.at) {
            // It is gone, and was the last value: that is the one before.
            entry.restore(latest);
        }
    }

    /// Ends the alerts that have their value from this entry.
    fn end_what_stood_by(&mut self, entry: &ByHand, vital: Vital) {
        let is_by_it = |at: Option<Millis>| at == Some(entry.entered_at) || at == Some(entry.at);
        for condition in Condition::ALL {
            let alert = self.alerts.iter().find(|alert| {
                alert.condition == condition
                    && alert.state == AlertState::Active
                    && !alert.is_past
                    && alert.condition.kind() == Kind::Physiological
                    && is_by_it(alert.value_at)
            });
            let is_of_it = self.profile.row(condition).is_some_and(|row| row.is_about(vital));
            if alert.is_some() && is_of_it {
                self.end(condition);
            }
        }
    }

    /// A value by hand that was entered before counts again; a monitor's values do anyway.
    fn judge_what_is_left(&mut self, vital: Vital) {
        let Some(of) = ContinuousVital::of(vital) else { return };
        let latest = self.latest.iter().find(|latest| latest.vital == vital);
        let by_hand = latest.filter(|latest| latest.source == Source::Manual);
        match by_hand.map(|latest| (latest.observation, latest.heard_at)) {
            Some((Observation::Measured(Value::Number(value), _), at)) => {
                self.judge_by_hand(of, (value, at), false);
            }
            _ => self.judge_continuous(of),
        }
    }
}

impl ByHand {
    /// Whether this is the value of the entry.
    fn is(&self, latest: &Latest) -> bool {
        let is_one = |reading: &crate::vitals::Reading| {
            reading.vital == latest.vital && reading.observation == latest.observation
        };
        latest.source == Source::Manual
            && latest.heard_at == self.at
            && self.vitals.readings().iter().any(is_one)
    }

    /// Puts what was there before in the place of the value of the entry.
    fn restore(&self, known: &mut Latest) {
        let before = self.before.iter().find(|before| before.vital == known.vital);
        if self.is(known) {
            if let Some(before) = before {
                *known = before.clone();
            }
        } else {
            known.last_value = before.and_then(|before| before.last_value);
        }
    }
}
