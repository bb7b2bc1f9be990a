//! Labetalol: lag 2 min, tau 5 min, 3 to 6 h; −15 (−8 to −23) / −9 mmHg and −8 bpm.

use super::Effect;
use crate::Draws;
use crate::patient::Change;

const FULL: Change =
    Change { systolic: -15.0, diastolic: -9.0, heart_rate: -8.0, spo2: 0.0, temp: 0.0 };

pub(super) fn effect(spread: f64, draws: &mut Draws) -> Effect {
    let systolic = draws.normal_within(15.0, 4.0 * spread, 8.0, 23.0);
    Effect {
        full: FULL * (systolic / 15.0),
        lag_s: 120.0,
        tau_s: 300.0,
        lasts_s: 3600.0 * 4.5,
        sedates: 0,
        restlessness_left: 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patient::medicine::{Medicine, after};

    #[test]
    fn nothing_for_2_min_63_percent_at_7_min_and_full_from_20_min_for_hours() {
        assert_eq!(after(Medicine::Labetalol, 2).systolic, 0.0);
        assert!((after(Medicine::Labetalol, 7).systolic + 15.0 * 0.632).abs() < 0.05);
        let full = after(Medicine::Labetalol, 60);
        assert!((full.systolic + 15.0).abs() < 0.1 && (full.diastolic + 9.0).abs() < 0.1);
        assert!((full.heart_rate + 8.0).abs() < 0.1);
        assert!(after(Medicine::Labetalol, 180).systolic < -14.9);
        assert!(after(Medicine::Labetalol, 330).systolic > -1.0);
    }

    #[test]
    fn patients_differ_from_8_to_23() {
        let mut draws = Draws::new(1, 1);
        let falls: Vec<f64> = (0..1000).map(|_| -effect(1.0, &mut draws).full.systolic).collect();
        assert!(falls.iter().all(|fall| (7.99..=23.01).contains(fall)));
        assert!((falls.iter().sum::<f64>() / 1000.0 - 15.0).abs() < 0.5);
    }
}
