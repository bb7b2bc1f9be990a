//! What the room's own machines do because of what staff did: the pump runs, the cuff goes round.

use super::script::{Cadence, Regimen};
use super::staff::Event;
use crate::patient;

/// The pump and the cuff's rounds.
#[derive(Debug, Clone)]
pub(super) struct Care {
    ordered_mg_per_min: f64,
    /// Seconds of running at the ordered rate that empty the pump.
    planned_s: f64,
    pumped_s: f64,
    /// How fast it runs, as a share of the ordered rate.
    share: f64,
    runs: bool,
    cadence: Cadence,
    rounds: Option<Rounds>,
}

/// A reading each so many seconds after the phase began.
#[derive(Debug, Clone, Copy)]
struct Rounds {
    since_s: i64,
    every_s: i64,
}

impl Care {
    pub(super) fn new(regimen: Option<Regimen>, cadence: Cadence, weight_kg: f64) -> Self {
        let (ordered_mg_per_min, planned_s) = regimen.map_or((0.0, 0.0), |regimen| {
            let over_min = regimen.over_min.get();
            (regimen.mg_per_kg.get() * weight_kg / over_min, libm::round(over_min * 60.0))
        });
        Self {
            ordered_mg_per_min,
            planned_s,
            pumped_s: 0.0,
            share: 1.0,
            runs: false,
            cadence,
            rounds: None,
        }
    }

    /// What staff just did, at a second of the body; what the pump does because of it.
    pub(super) fn takes_note(&mut self, event: &Event, now_s: i64) -> Option<patient::Event> {
        match event {
            Event::Start { .. } => self.go_round(now_s, self.cadence.infusing_min.whole()),
            Event::Stop { .. } => self.go_round(now_s, self.cadence.recovery_min.whole()),
            Event::Discharge {} | Event::Abort { .. } => self.rounds = None,
            _ => {}
        }
        self.runs = match event {
            Event::Start { .. } | Event::Resume {} => true,
            Event::RateChange { from, to, .. } => {
                self.share *= f64::from(to.get()) / f64::from(from.get());
                self.runs
            }
            Event::Pause { .. } | Event::Stop { .. } | Event::Abort { .. } => false,
            _ => return None,
        };
        Some(self.infuse())
    }

    fn go_round(&mut self, since_s: i64, every_min: i32) {
        let every_s = i64::from(every_min) * 60;
        self.rounds = (every_s > 0).then_some(Rounds { since_s, every_s });
    }

    /// The pump runs for one second, and stops by itself when it is empty.
    pub(super) fn pump_second(&mut self) -> Option<patient::Event> {
        if !self.runs {
            return None;
        }
        self.runs = self.pumped_s < self.planned_s;
        self.pumped_s += self.share;
        (!self.runs).then(|| self.infuse())
    }

    fn infuse(&self) -> patient::Event {
        let rate_mg_per_min = if self.runs { self.ordered_mg_per_min * self.share } else { 0.0 };
        patient::Event::Infuse { rate_mg_per_min }
    }

    /// Whether the cuff's round comes to this patient now.
    pub(super) fn is_round_due(&self, now_s: i64) -> bool {
        self.rounds.is_some_and(|Rounds { since_s, every_s }| {
            now_s > since_s && (now_s - since_s) % every_s == 0
        })
    }
}
