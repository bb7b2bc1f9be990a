//! An allergic reaction: everything drifts the wrong way until the drug is stopped
//! (clinical.md#events).

use super::Change;
use super::decay::Decay;

/// The diastolic keeps its share of the pressure.
const PER_MIN: Change =
    Change { systolic: -1.5, diastolic: -0.9, heart_rate: 2.0, spo2: -0.3, temp: 0.05 };
const LONGEST_S: f64 = 1200.0;
const OFF_TAU_S: f64 = 900.0;

/// A reaction, from its onset.
#[derive(Debug, Clone)]
pub(super) struct Allergy {
    left_s: f64,
    grown_min: f64,
    going: Decay,
}

impl Allergy {
    /// It grows for this long, 20 min at most, and then fades.
    pub(super) fn new(lasting_s: f64) -> Self {
        Self { left_s: lasting_s.min(LONGEST_S), grown_min: 0.0, going: Decay::with_tau(OFF_TAU_S) }
    }

    pub(super) fn step(&mut self, dt_s: f64) -> Change {
        if self.left_s > 0.0 {
            self.grown_min += dt_s / 60.0;
            self.left_s -= dt_s;
        } else {
            self.grown_min *= self.going.over(dt_s);
        }
        PER_MIN * self.grown_min
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_minutes_take_30_mmhg_and_then_it_fades_with_tau_15_min() {
        let mut allergy = Allergy::new(1200.0);
        let full = (0..1200).map(|_| allergy.step(1.0)).last().expect("1200 steps");
        assert!((full.systolic + 30.0).abs() < 0.1, "{full:?}");
        assert!((full.heart_rate - 40.0).abs() < 0.1, "{full:?}");
        assert!((full.spo2 + 6.0).abs() < 0.1 && (full.temp - 1.0).abs() < 0.01, "{full:?}");
        let after = (0..900).map(|_| allergy.step(1.0)).last().expect("900 steps");
        assert!((after.systolic + 30.0 * 0.368).abs() < 0.1, "{after:?}");
    }
}
