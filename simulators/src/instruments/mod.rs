//! The instruments on a patient, with their delays, errors and faults (clinical.md#instruments).

mod cuff;
mod oximeter;

pub use cuff::{Cuff, CuffActivity, CuffSize, Nibp};
pub use oximeter::{Oximeter, Oximetry, Quality, SensorStatus};

use crate::Draws;
use crate::patient::{Event, Patient, Truth};

/// A cuff on the arm of the clip hides the pulse from this long after it starts to inflate until
/// this long after it has deflated (clinical.md#instruments).
const SQUEEZED_FROM_S: i64 = 8;
const SQUEEZED_AFTER_S: i64 = 5;

/// What a monitor shows in one second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Readout {
    /// The finger clip.
    pub oximetry: Oximetry,
    /// The cuff.
    pub cuff: CuffActivity,
}

impl Readout {
    /// A monitor that is switched on but not connected to anybody.
    pub const NOBODY: Self =
        Self { oximetry: Oximetry::Absent(SensorStatus::SensorOff), cuff: CuffActivity::Idle };
}

/// When a cuff above the clip begins and ceases to hide the pulse.
#[derive(Debug, Clone, Copy)]
struct Squeeze {
    from_s: i64,
    until_s: Option<i64>,
}

/// A patient wearing a monitor's instruments.
#[derive(Debug, Clone)]
pub struct Bedside {
    patient: Patient,
    /// Public to the clinic and the scenarios, whose people move the patient.
    pub(crate) oximeter: Oximeter,
    same_arm: bool,
    squeezed: Option<Squeeze>,
    temp: f64,
    /// Public to the clinic and the scenarios, whose staff set its times.
    pub(crate) cuff: Cuff,
}

impl Bedside {
    /// Puts the instruments on a patient. `seed` and `subject` name the instruments' own draws;
    /// a calm patient (`restlessness` below 1) also has calm instruments.
    pub fn new(patient: Patient, seed: u64, subject: u64) -> Self {
        let restlessness = patient.traits().restlessness;
        Self {
            oximeter: Oximeter::new(Draws::new(seed, subject), restlessness),
            cuff: Cuff::new(Draws::new(seed, subject + 1), restlessness),
            same_arm: false,
            squeezed: None,
            temp: patient.traits().temp,
            patient,
        }
    }

    /// Puts instruments on a patient that fail and are wrong as often as in
    /// clinical.md#instruments.
    pub fn fallible(patient: Patient, seed: u64, subject: u64) -> Self {
        Self {
            oximeter: Oximeter::fallible(Draws::new(seed, subject)),
            cuff: Cuff::fallible(Draws::new(seed, subject + 1)),
            ..Self::new(patient, seed, subject)
        }
    }

    /// The cuff is placed correctly, has the right size, and is never grossly wrong.
    pub fn with_well_placed_cuff(self, seed: u64, subject: u64) -> Self {
        Self { cuff: Cuff::well_placed(Draws::new(seed, subject + 1)), ..self }
    }

    /// How many of 100 movements of the hand the oximeter does not notice. `seed` and `subject`
    /// name the draws that decide which: everything else stays the same.
    pub fn with_unflagged_motion(mut self, percent: u32, seed: u64, subject: u64) -> Self {
        self.oximeter.overlooks_motion(percent, Draws::new(seed, subject));
        self
    }

    /// Something happens to the patient.
    pub fn happens(&mut self, event: Event) {
        self.patient.happens(event);
    }

    /// The cuff is on the arm of the finger clip, or no longer.
    pub fn cuff_on_same_arm(&mut self, same_arm: bool) {
        self.same_arm = same_arm;
    }

    /// The patient.
    pub fn patient(&self) -> &Patient {
        &self.patient
    }

    /// What a thermometer shows, °C.
    pub fn temp(&self) -> f64 {
        self.temp
    }

    /// One second passes; it ends at `now_s`.
    pub fn step(&mut self, now_s: i64) -> Readout {
        self.live(now_s).0
    }

    /// The same, with the patient's true values.
    pub fn live(&mut self, now_s: i64) -> (Readout, Truth) {
        let truth = self.patient.step(1.0);
        let cuff = self.cuff.step(now_s, truth);
        let is_squeezed = self.is_squeezed(now_s, cuff);
        self.temp = truth.temp;
        (Readout { oximetry: self.oximeter.step(truth, is_squeezed), cuff }, truth)
    }

    fn is_squeezed(&mut self, now_s: i64, cuff: CuffActivity) -> bool {
        match cuff {
            CuffActivity::Starts if self.same_arm => {
                self.squeezed = Some(Squeeze { from_s: now_s + SQUEEZED_FROM_S, until_s: None });
            }
            CuffActivity::Done(_) | CuffActivity::Failed => {
                if let Some(squeeze) = &mut self.squeezed {
                    squeeze.until_s = Some(now_s + SQUEEZED_AFTER_S);
                }
            }
            CuffActivity::Starts | CuffActivity::Measuring | CuffActivity::Idle => {}
        }
        self.squeezed.is_some_and(|squeeze| {
            squeeze.from_s <= now_s && squeeze.until_s.is_none_or(|until_s| now_s < until_s)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::patient::Traits;

    #[test]
    fn a_cuff_on_the_clips_arm_hides_the_pulse_from_8_s_after_inflation_to_5_s_after_deflation() {
        let mut bedside = Bedside::new(Patient::new(Draws::new(1, 1), Traits::typical()), 1, 2);
        bedside.cuff_on_same_arm(true);
        bedside.cuff.measure(0);
        let absent: Vec<_> = (1..=100)
            .filter(|now_s| matches!(bedside.step(*now_s).oximetry, Oximetry::Absent(_)))
            .collect();
        assert!(absent.iter().all(|now_s| (9..39).contains(now_s)), "{absent:?}");
        assert!((15..=28).contains(&absent.len()), "{absent:?}");
    }
}
