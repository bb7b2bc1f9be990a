//! A faint at a needle: a short rush, then heart rate and pressure fall together
//! (clinical.md#events).

use super::Change;
use super::dip::Dip;

const HEART_RATE: Dip = Dip { on_s: 60.0, fall_s: 40.0, hold_s: 45.0, tau_s: 60.0 };
const PRESSURE: Dip = Dip { on_s: 60.0, fall_s: 60.0, hold_s: 30.0, tau_s: 150.0 };

/// A faint, from the needle on.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Vasovagal {
    elapsed_s: f64,
    has_legs_up: bool,
}

impl Vasovagal {
    pub(super) fn puts_legs_up(&mut self) {
        self.has_legs_up = true;
    }

    pub(super) fn step(&mut self, dt_s: f64) -> Change {
        // With the legs up half the tau: from the lowest point on time passes twice as fast.
        let is_passing = self.elapsed_s >= PRESSURE.on_s + PRESSURE.fall_s + PRESSURE.hold_s;
        self.elapsed_s += if self.has_legs_up && is_passing { 2.0 * dt_s } else { dt_s };
        let from_rush = (self.elapsed_s - 30.0) / 20.0;
        let rush = 8.0 * libm::exp(-from_rush * from_rush);
        let pressure = PRESSURE.at(self.elapsed_s);
        Change {
            systolic: -45.0 * pressure,
            diastolic: -25.0 * pressure,
            heart_rate: rush - 34.0 * HEART_RATE.at(self.elapsed_s),
            ..Change::default()
        }
    }

    /// Fingers are pale while the pressure is at its lowest.
    pub(super) fn has_poor_perfusion(self) -> bool {
        PRESSURE.holds(self.elapsed_s)
    }
}

#[cfg(test)]
mod tests {
    use crate::Draws;
    use crate::patient::{Event, Patient, Traits};

    #[test]
    fn the_values_of_clinical_4_6_follow_the_needle() {
        let traits = Traits { heart_rate: 72.0, systolic: 118.0, ..Traits::typical() };
        let mut patient = Patient::new(Draws::new(1, 1), traits);
        patient.happens(Event::Vasovagal);
        let truths: Vec<_> = (0..600).map(|_| patient.step(1.0)).collect();
        let expected = [
            (30, 80., 118.),
            (90, 47., 96.),
            (120, 38., 73.),
            (180, 53., 81.),
            (300, 69., 101.),
            (600, 72., 116.),
        ];
        for (second, heart_rate, systolic) in expected {
            let truth = truths[second - 1];
            assert!((truth.heart_rate - heart_rate).abs() <= 1.0, "{second} s: {truth:?}");
            assert!((truth.systolic - systolic).abs() <= 1.0, "{second} s: {truth:?}");
        }
        let below_85 = truths.iter().position(|truth| truth.systolic < 85.0).map(|i| i + 1);
        assert_eq!(below_85, Some(105));
        let back = truths.iter().rposition(|truth| truth.systolic < 100.0).map(|i| i + 2);
        assert!(back.is_some_and(|second| second.abs_diff(288) <= 3), "{back:?}");
    }

    #[test]
    fn with_the_legs_up_it_passes_in_half_the_time() {
        let traits = Traits { systolic: 118.0, ..Traits::typical() };
        let systolic_at = |legs_up: bool, second: usize| {
            let mut patient = Patient::new(Draws::new(1, 1), traits.clone());
            patient.happens(Event::Vasovagal);
            if legs_up {
                patient.happens(Event::LegsUp);
            }
            (0..second).map(|_| patient.step(1.0).systolic).last().expect("some seconds")
        };
        assert_eq!(systolic_at(true, 150), systolic_at(false, 150));
        assert!((systolic_at(true, 225) - systolic_at(false, 300)).abs() < 0.1);
    }
}
