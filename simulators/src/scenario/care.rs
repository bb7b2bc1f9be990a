//! What the room's own machines do because of what staff did: the pump runs, the cuff measures at
//! its cadence.

use super::script::{Cadence, Regimen};
use super::staff::Event;
use crate::patient;

/// The pump and the cuff's cadence.
#[derive(Debug, Clone)]
pub(super) struct Care {
    ordered_mg_per_min: f64,
    /// Seconds at the ordered rate after which the pump is empty.
    planned_s: f64,
    pumped_s: f64,
    /// How fast it runs, as a share of the ordered rate.
    share: f64,
    runs: bool,
    cadence: Cadence,
    rounds: Option<Rounds>,
}

/// A reading every so many seconds after the phase began.
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

    /// What staff just did, at a second of the body; the pump reacts to it.
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

    /// Whether the cuff's cadence requires a reading of this patient now.
    pub(super) fn is_round_due(&self, now_s: i64) -> bool {
        self.rounds.is_some_and(|Rounds { since_s, every_s }| {
            now_s > since_s && (now_s - since_s) % every_s == 0
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::script::Regimen;

    /// When the pump begins and ceases to run, and at which rates, mg/min, when these things are
    /// done at these minutes after the start. 40 mg over 40 min were ordered.
    fn pumped(done: &[(i64, Event)]) -> Vec<(i64, f64)> {
        let over_min = 40.0.try_into().expect("it is between 1 and 240");
        let mg_per_kg = 1.0.try_into().expect("it is between 0 and 10");
        let regimen = Regimen { mg_per_kg, over_min };
        let mut care = Care::new(Some(regimen), Cadence::default(), 40.0);
        let mut rates = Vec::new();
        let mut heard = |minute, infuse: Option<patient::Event>| {
            if let Some(patient::Event::Infuse { rate_mg_per_min }) = infuse {
                rates.push((minute, rate_mg_per_min));
            }
        };
        heard(0, care.takes_note(&Event::Start { overrides: None }, 0));
        for second in 1..=2 * 3600 {
            // The second in which it runs empty is the first in which it gives nothing.
            heard((second - 1) / 60, care.pump_second());
            for (_, event) in done.iter().filter(|(minute, _)| minute * 60 == second) {
                heard(second / 60, care.takes_note(event, second));
            }
        }
        rates
    }

    fn to(from: u32, to: u32) -> Event {
        let rate = |rate| std::num::NonZeroU32::new(rate).expect("it runs");
        Event::RateChange { from: rate(from), to: rate(to), unit: "mL/h".to_owned() }
    }

    #[test]
    fn the_pump_gives_what_was_ordered_through_a_pause_and_at_half_the_rate() {
        assert_eq!(pumped(&[]), [(0, 1.0), (40, 0.0)]);
        let paused = [(20, Event::Pause { reason: None }), (30, Event::Resume {})];
        assert_eq!(pumped(&paused), [(0, 1.0), (20, 0.0), (30, 1.0), (50, 0.0)]);
        assert_eq!(pumped(&[(20, to(80, 40))]), [(0, 1.0), (20, 0.5), (60, 0.0)]);
        let back = [(20, to(80, 40)), (40, to(40, 80))];
        assert_eq!(pumped(&back), [(0, 1.0), (20, 0.5), (40, 1.0), (50, 0.0)]);
    }
}
