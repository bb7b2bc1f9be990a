use super::Change;
use super::dip::Dip;

const BACK_TAU_S: f64 = 180.0;

/// Values that are at least this high for a while, wherever the patient would be otherwise: the
/// event by which sensitivity is judged (clinical.md#alarm-burden). What varies from beat to beat
/// is added.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Raised {
    to: Aim,
    shape: Dip,
    elapsed_s: f64,
}

/// What they are raised to; what is left out stays the patient's.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Aim {
    /// mmHg.
    pub systolic: Option<f64>,
    /// mmHg.
    pub diastolic: Option<f64>,
    /// 1/min.
    pub heart_rate: Option<f64>,
}

impl Raised {
    /// There within `over_s`, for `lasting_s`, and then back with a tau of 3 min.
    pub fn new(to: Aim, over_s: f64, lasting_s: f64) -> Self {
        let shape = Dip { on_s: 0.0, fall_s: over_s, hold_s: lasting_s, tau_s: BACK_TAU_S };
        Self { to, shape, elapsed_s: 0.0 }
    }

    /// What it adds for a patient at this level.
    pub(super) fn step(&mut self, dt_s: f64, level: Change) -> Change {
        self.elapsed_s += dt_s;
        let height = self.shape.at(self.elapsed_s);
        let missing =
            |aim: Option<f64>, level: f64| aim.map_or(0.0, |aim| height * (aim - level).max(0.0));
        Change {
            systolic: missing(self.to.systolic, level.systolic),
            diastolic: missing(self.to.diastolic, level.diastolic),
            heart_rate: missing(self.to.heart_rate, level.heart_rate),
            ..Change::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::Draws;
    use crate::patient::{Aim, Event, Patient, Raised, Traits};

    #[test]
    fn a_patient_raised_to_183_113_stands_there_for_10_min_whatever_the_drug_does() {
        let to = Aim { systolic: Some(183.0), diastolic: Some(113.0), heart_rate: None };
        let mut patient = Patient::new(Draws::new(1, 1), Traits::typical());
        patient.happens(Event::Infuse { rate_mg_per_min: 0.5 * 70.0 / 40.0 });
        patient.happens(Event::Raised(Raised::new(to, 60.0, 600.0)));
        let truths: Vec<_> = (0..1200).map(|_| patient.step(1.0)).collect();
        let is_raised = |index: usize| {
            let truth = truths[index];
            (truth.systolic - 183.0).abs() < 1e-6 && (truth.diastolic - 113.0).abs() < 1e-6
        };
        assert!(!is_raised(57) && (60..660).all(is_raised) && !is_raised(670));
        assert!(truths.iter().all(|truth| truth.heart_rate < 80.0));
    }
}
