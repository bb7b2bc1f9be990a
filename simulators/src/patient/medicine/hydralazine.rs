//! Hydralazine: lag 10 min, tau 8 min, 1 to 4 h; −20 (deviation 10) / −15 mmHg and +12 bpm.

use super::Effect;
use crate::Draws;
use crate::patient::Change;

const FULL: Change =
    Change { systolic: -20.0, diastolic: -15.0, heart_rate: 12.0, spo2: 0.0, temp: 0.0 };

pub(super) fn effect(spread: f64, draws: &mut Draws) -> Effect {
    let systolic = draws.normal_within(20.0, 10.0 * spread, 0.0, 50.0);
    Effect {
        full: FULL * (systolic / 20.0),
        lag_s: 600.0,
        tau_s: 480.0,
        lasts_s: 3600.0 * 2.5,
        sedates: 0,
        restlessness_left: 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patient::medicine::{Medicine, after};

    #[test]
    fn nothing_for_10_min_63_percent_at_18_min_and_all_but_full_at_an_hour() {
        assert_eq!(after(Medicine::Hydralazine, 10).systolic, 0.0);
        assert!((after(Medicine::Hydralazine, 18).systolic + 20.0 * 0.632).abs() < 0.05);
        let full = after(Medicine::Hydralazine, 60);
        assert!((full.systolic + 20.0).abs() < 0.1 && (full.diastolic + 15.0).abs() < 0.1);
        assert!((full.heart_rate - 12.0).abs() < 0.1);
    }

    #[test]
    fn it_cannot_be_foretold() {
        let mut draws = Draws::new(1, 1);
        let falls: Vec<f64> = (0..1000).map(|_| -effect(1.0, &mut draws).full.systolic).collect();
        let mean = falls.iter().sum::<f64>() / 1000.0;
        let variance = falls.iter().map(|fall| (fall - mean) * (fall - mean)).sum::<f64>() / 1000.0;
        assert!((mean - 20.0).abs() < 1.0, "{mean}");
        assert!((libm::sqrt(variance) - 10.0).abs() < 0.7, "{variance}");
    }
}
