//! The instruments on a patient, with their delays, errors and faults (CLINICAL 4.5).

mod cuff;
mod oximeter;

pub use cuff::{Cuff, CuffActivity, Nibp};
pub use oximeter::{Oximeter, Oximetry, Quality, SensorStatus};

use crate::Draws;
use crate::patient::{Event, Patient};

/// What a monitor shows in one second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Shown {
    /// The finger clip.
    pub oximetry: Oximetry,
    /// The cuff.
    pub cuff: CuffActivity,
}

impl Shown {
    /// A monitor that is switched on but on nobody.
    pub const NOBODY: Self =
        Self { oximetry: Oximetry::Absent(SensorStatus::SensorOff), cuff: CuffActivity::Idle };
}

/// A patient wearing a monitor's instruments.
#[derive(Debug, Clone)]
pub struct Bedside {
    patient: Patient,
    oximeter: Oximeter,
    /// Public to the clinic, whose staff set its times.
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
            patient,
        }
    }

    /// Something happens to the patient.
    pub fn happens(&mut self, event: Event) {
        self.patient.happens(event);
    }

    /// The finger clip slips and then falls off.
    pub fn probe_slips(&mut self) {
        self.oximeter.slips();
    }

    /// Staff put the finger clip back.
    pub fn probe_resited(&mut self) {
        self.oximeter.resited();
    }

    /// The patient.
    pub fn patient(&self) -> &Patient {
        &self.patient
    }

    /// One second passes and ends at `now_s`.
    pub fn step(&mut self, now_s: i64) -> Shown {
        let truth = self.patient.step(1.0);
        Shown { oximetry: self.oximeter.step(truth), cuff: self.cuff.step(now_s, truth) }
    }
}
