//! The person who looks after the patient: measures, accepts the baseline, starts and stops, takes
//! alerts.

use std::collections::VecDeque;

use super::StaffAction;
use super::order::{Order, Timeline, Treatment};
use crate::Draws;
use crate::instruments::{Cuff, CuffActivity, Nibp, Oximetry, Quality, Readout};

/// How urgent an alert is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Priority {
    /// Technical.
    Low,
    /// Look soon.
    Medium,
    /// Go now.
    High,
}

impl Priority {
    /// After how long a nurse takes such an alert (clinical.md#alarm-burden).
    fn taken_after_s(self) -> (f64, f64) {
        match self {
            Self::High => (8.0, 40.0),
            Self::Medium => (20.0, 150.0),
            Self::Low => (40.0, 240.0),
        }
    }
}

/// When the readings of the baseline are due, before the start. The first of the three is taken on
/// arrival.
const FIRST_READING_S: u32 = 60;
const BASELINE_READINGS_S: [u32; 2] = [210, 30];
const ACCEPTS_BEFORE_START_S: u32 = 15;
/// How long after it should have been complete an incomplete baseline is accepted.
const PATIENCE_S: u32 = 300;
const ENOUGH_READINGS: usize = 2;
/// How long it takes until a requested reading is there.
const WANTED_AFTER_S: (f64, f64) = (60.0, 90.0);
/// No cuff takes longer.
const TAKES_AT_MOST_S: u32 = 45;
/// Below this nobody starts (clinical.md#holds-before-the-start): what was measured earlier does
/// not count.
const TOO_LOW_MMHG: i32 = 100;

/// The most alerts, and the most readings, that a nurse keeps in mind.
const MOST_ALERTS: usize = 16;
const MOST_READINGS: usize = 16;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    Baseline,
    Accepted { at_s: u32 },
    Dosing { since_s: u32 },
    Recovering,
}

/// A nurse with one patient.
#[derive(Debug, Clone)]
pub(super) struct Nurse {
    draws: Draws,
    timeline: Timeline,
    treatment: Treatment,
    start_s: u32,
    phase: Phase,
    started_s: Option<u32>,
    due_s: VecDeque<u32>,
    wanted_s: Option<u32>,
    baseline: Vec<Nibp>,
    alerts: Vec<Raised>,
    sprays: u32,
}

/// An alert that was raised, and when the nurse takes it.
#[derive(Debug, Clone, Copy)]
struct Raised {
    alert: u32,
    priority: Priority,
    taken_s: u32,
}

impl Nurse {
    pub(super) fn new(draws: Draws, order: &Order, start_s: u32) -> Self {
        let later = BASELINE_READINGS_S.map(|before_s| start_s.saturating_sub(before_s));
        Self {
            draws,
            timeline: order.timeline,
            treatment: order.treatment,
            start_s,
            phase: Phase::Baseline,
            started_s: None,
            due_s: std::iter::once(FIRST_READING_S).chain(later).collect(),
            wanted_s: None,
            baseline: Vec::with_capacity(MOST_READINGS),
            alerts: Vec::new(),
            sprays: 0,
        }
    }

    /// A reading is wanted now: it comes 60 to 90 s later, unless the cuff fails.
    pub(super) fn wants_reading(&mut self, now_s: u32) {
        if self.wanted_s.is_none() {
            let (soonest_s, latest_s) = WANTED_AFTER_S;
            self.wanted_s = Some(now_s + self.draws.uniform(soonest_s, latest_s) as u32);
        }
    }

    /// An alert was raised, or became more urgent.
    pub(super) fn hears(&mut self, alert: u32, priority: Priority, now_s: u32) {
        let (soonest_s, latest_s) = priority.taken_after_s();
        let taken_s = now_s + self.draws.uniform(soonest_s, latest_s) as u32;
        if let Some(known) = self.alerts.iter_mut().find(|known| known.alert == alert) {
            if priority > known.priority {
                *known = Raised { alert, priority, taken_s: known.taken_s.min(taken_s) };
            }
            return;
        }
        if self.alerts.len() == MOST_ALERTS {
            self.alerts.remove(0);
        }
        self.alerts.push(Raised { alert, priority, taken_s });
    }

    /// Presses the button in time for the reading that is due next.
    pub(super) fn measures(&mut self, cuff: &mut Cuff, now_s: u32) {
        let round_s = self.due_s.front().copied();
        let Some(due_s) = [round_s, self.wanted_s].into_iter().flatten().min() else { return };
        if due_s > now_s + TAKES_AT_MOST_S || !cuff.is_idle() {
            return;
        }
        cuff.measure_by(i64::from(due_s));
        if self.wanted_s == Some(due_s) {
            self.wanted_s = None;
        } else {
            self.due_s.pop_front();
            self.goes_round(due_s);
        }
    }

    /// The next reading of the cadence, after one that was due at `due_s`.
    fn goes_round(&mut self, due_s: u32) {
        if let Some(started_s) = self.started_s {
            let next_s = started_s + self.timeline.reading_after(due_s - started_s);
            self.due_s.push_back(next_s);
        }
    }

    /// What is done in this second, given what the monitor shows. One thing at a time.
    pub(super) fn acts(&mut self, shown: &Readout, now_s: u32) -> Option<StaffAction> {
        if let CuffActivity::Done(nibp) = shown.cuff {
            self.reads(nibp);
        }
        self.treats(shown, now_s).or_else(|| self.takes_alert(now_s))
    }

    fn reads(&mut self, nibp: Nibp) {
        if self.phase != Phase::Baseline || self.baseline.len() == MOST_READINGS {
            return;
        }
        if nibp.systolic < TOO_LOW_MMHG {
            self.baseline.clear();
        }
        self.baseline.push(nibp);
    }

    fn treats(&mut self, shown: &Readout, now_s: u32) -> Option<StaffAction> {
        if now_s == self.timeline.total_s {
            return Some(StaffAction::Discharge);
        }
        match self.phase {
            Phase::Baseline if self.is_baseline_complete(shown, now_s) => {
                self.phase = Phase::Accepted { at_s: now_s };
                Some(StaffAction::AcceptBaseline)
            }
            Phase::Accepted { at_s } if now_s >= at_s + ACCEPTS_BEFORE_START_S => {
                self.phase = Phase::Dosing { since_s: now_s };
                self.started_s = Some(now_s);
                self.due_s.clear();
                self.goes_round(now_s);
                Some(StaffAction::Start)
            }
            Phase::Dosing { since_s } if self.is_spray_due(now_s - since_s) => {
                self.sprays += 1;
                Some(StaffAction::Spray { device: self.sprays })
            }
            Phase::Dosing { since_s } if now_s >= since_s + self.timeline.dosing_s => {
                self.phase = Phase::Recovering;
                Some(StaffAction::Stop)
            }
            _ => None,
        }
    }

    fn is_baseline_complete(&self, shown: &Readout, now_s: u32) -> bool {
        let accepts_s = self.start_s - ACCEPTS_BEFORE_START_S;
        if now_s < accepts_s || self.baseline.is_empty() {
            return false;
        }
        let is_good = matches!(shown.oximetry, Oximetry::Value { quality: Quality::Good, .. });
        let is_complete = is_good && self.baseline.len() >= ENOUGH_READINGS;
        is_complete || now_s >= accepts_s + PATIENCE_S
    }

    fn is_spray_due(&self, dosing_s: u32) -> bool {
        let Treatment::Esketamine(dose) = self.treatment else { return false };
        self.sprays < dose.devices() && dosing_s >= 300 * self.sprays
    }

    fn takes_alert(&mut self, now_s: u32) -> Option<StaffAction> {
        let due = self.alerts.iter().position(|raised| raised.taken_s <= now_s)?;
        let Raised { alert, .. } = self.alerts.swap_remove(due);
        Some(StaffAction::Acknowledge { alert })
    }

    /// Whether the treatment has not been started yet.
    pub(super) fn is_before_acceptance(&self) -> bool {
        self.phase == Phase::Baseline
    }

    /// The highest of each part of the baseline's readings.
    pub(super) fn highest(&self) -> Option<Nibp> {
        let systolic = self.baseline.iter().map(|nibp| nibp.systolic).max()?;
        let diastolic = self.baseline.iter().map(|nibp| nibp.diastolic).max()?;
        Some(Nibp::new(systolic, diastolic))
    }

    /// The readings of the baseline so far, as the median of each part.
    pub(super) fn baseline(&self) -> Option<Nibp> {
        let median = |part: fn(&Nibp) -> i32| {
            let mut parts: Vec<_> = self.baseline.iter().map(part).collect();
            parts.sort_unstable();
            let middle = parts.len() / 2;
            match parts.len() {
                0 => None,
                n if n % 2 == 1 => Some(parts[middle]),
                _ => Some((parts[middle - 1] + parts[middle]) / 2),
            }
        };
        Some(Nibp::new(median(|nibp| nibp.systolic)?, median(|nibp| nibp.diastolic)?))
    }
}
