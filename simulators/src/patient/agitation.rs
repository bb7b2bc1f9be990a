//! Restless emergence: fast, high, and moving 60 % of the time (clinical.md#events).

use super::Change;
use super::decay::Decay;
use crate::Draws;

const FULL: Change =
    Change { systolic: 20.0, diastolic: 12.0, heart_rate: 25.0, spo2: 0.0, temp: 0.0 };
const ON_TAU_S: f64 = 60.0;
const OFF_TAU_S: f64 = 180.0;
/// Bursts of 12 s on average, with 8 s between them: 60 %.
const BURST_S: (f64, f64) = (6.0, 18.0);
const PAUSE_S: (f64, f64) = (4.0, 12.0);

/// A restless spell.
#[derive(Debug, Clone)]
pub(super) struct Agitation {
    left_s: f64,
    height: f64,
    coming: Decay,
    going: Decay,
    moves: bool,
    changes_in_s: f64,
}

impl Agitation {
    pub(super) fn new(lasting_s: f64) -> Self {
        Self {
            left_s: lasting_s,
            height: 0.0,
            coming: Decay::with_tau(ON_TAU_S),
            going: Decay::with_tau(OFF_TAU_S),
            moves: false,
            changes_in_s: 0.0,
        }
    }

    pub(super) fn step(&mut self, dt_s: f64, draws: &mut Draws) -> Change {
        let (aim, decay) =
            if self.left_s > 0.0 { (1.0, &mut self.coming) } else { (0.0, &mut self.going) };
        self.height = aim + (self.height - aim) * decay.over(dt_s);
        self.left_s -= dt_s;
        self.changes_in_s -= dt_s;
        if self.left_s <= 0.0 {
            self.moves = false;
        } else if self.changes_in_s <= 0.0 {
            self.moves = !self.moves;
            let (shortest_s, longest_s) = if self.moves { BURST_S } else { PAUSE_S };
            self.changes_in_s = draws.uniform(shortest_s, longest_s);
        }
        FULL * self.height
    }

    pub(super) fn moves(&self) -> bool {
        self.moves
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_comes_with_tau_60_s_moves_60_percent_of_the_time_and_fades() {
        let mut agitation = Agitation::new(3600.0);
        let mut draws = Draws::new(1, 1);
        let (mut moving_s, mut after_60_s) = (0, 0.0);
        for second in 1..=3600 {
            let change = agitation.step(1.0, &mut draws);
            moving_s += u32::from(agitation.moves());
            if second == 60 {
                after_60_s = change.heart_rate;
            }
        }
        assert!((after_60_s - 25.0 * 0.632).abs() < 0.1, "{after_60_s}");
        assert!((2000..=2320).contains(&moving_s), "{moving_s} of 3600 s");
        let faded = (0..540).map(|_| agitation.step(1.0, &mut draws)).last();
        assert!(faded.is_some_and(|change| change.systolic < 1.1 && !agitation.moves()));
    }
}
