//! Clonidine by mouth: lag 30 min, tau 30 min, −15/−8 mmHg and −6 bpm; up to 45 % are drowsy.

use super::Effect;
use crate::Draws;
use crate::patient::Change;

const FULL: Change =
    Change { systolic: -15.0, diastolic: -8.0, heart_rate: -6.0, spo2: 0.0, temp: 0.0 };
const DROWSY: f64 = 0.45;

pub(super) fn effect(spread: f64, draws: &mut Draws) -> Effect {
    let is_drowsy = draws.uniform(0.0, 1.0) < DROWSY * spread;
    Effect {
        full: FULL,
        lag_s: 1800.0,
        tau_s: 1800.0,
        lasts_s: 3600.0 * 6.0,
        sedates: u32::from(is_drowsy),
        restlessness_left: 1.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patient::medicine::{Medicine, after};

    #[test]
    fn nothing_for_30_min_63_percent_at_an_hour_and_all_but_full_from_2_to_4_h() {
        assert_eq!(after(Medicine::Clonidine, 30).systolic, 0.0);
        assert!((after(Medicine::Clonidine, 60).systolic + 15.0 * 0.632).abs() < 0.05);
        for minutes in [120, 180, 240] {
            let full = after(Medicine::Clonidine, minutes);
            assert!((full.systolic + 15.0).abs() < 0.8, "{full:?}");
            assert!((full.diastolic + 8.0).abs() < 0.5 && (full.heart_rate + 6.0).abs() < 0.4);
        }
    }

    #[test]
    fn not_quite_half_of_the_patients_are_drowsy() {
        let mut draws = Draws::new(1, 1);
        let drowsy: u32 = (0..1000).map(|_| effect(1.0, &mut draws).sedates).sum();
        assert!((420..=480).contains(&drowsy), "{drowsy}");
    }
}
