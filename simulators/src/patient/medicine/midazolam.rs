//! Midazolam: 30 % of restlessness remains, −5 mmHg, one step more sedated. The times are our own
//! choice: given into the vein it acts within minutes and wears off within the hour.

use super::Effect;
use crate::patient::Change;

const FULL: Change =
    Change { systolic: -5.0, diastolic: 0.0, heart_rate: 0.0, spo2: 0.0, temp: 0.0 };

pub(super) fn effect() -> Effect {
    Effect {
        full: FULL,
        lag_s: 60.0,
        tau_s: 90.0,
        lasts_s: 3600.0,
        sedates: 1,
        restlessness_left: 0.3,
    }
}

#[cfg(test)]
mod tests {
    use crate::Draws;
    use crate::patient::{Event, Medicine, Patient, Traits};

    #[test]
    fn it_takes_5_mmhg_and_one_step_of_alertness() {
        let mut patient = Patient::new(Draws::new(1, 1), Traits::typical());
        patient.happens(Event::Given(Medicine::Midazolam));
        let truth = (0..900).map(|_| patient.step(1.0)).last().expect("900 steps");
        assert!((truth.systolic - 119.0).abs() < 0.1, "{truth:?}");
        assert_eq!(patient.sedation(), 1);
    }

    #[test]
    fn it_leaves_30_percent_of_a_restlessness() {
        let mut patient = Patient::new(Draws::new(1, 1), Traits::typical());
        patient.happens(Event::Given(Medicine::Midazolam));
        patient.happens(Event::Agitated { lasting_s: 1200.0 });
        let truth = (0..900).map(|_| patient.step(1.0)).last().expect("900 steps");
        assert!((truth.heart_rate - (72.0 + 0.3 * 25.0)).abs() < 0.1, "{truth:?}");
    }
}
