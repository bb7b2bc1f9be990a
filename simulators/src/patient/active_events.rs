//! What acts on one patient at the moment, and what it adds up to.

use super::agitation::Agitation;
use super::allergy::Allergy;
use super::medicine::{Dose, Medicine};
use super::nausea::Nausea;
use super::raised::Raised;
use super::shift::Shift;
use super::surge::Surge;
use super::vasovagal::Vasovagal;
use super::{Change, Truth};
use crate::Draws;

/// The most doses of a session; beyond that the first are forgotten.
const MOST_DOSES: usize = 8;

/// What acts on one patient. A second faint, restlessness, nausea or reaction replaces the first.
#[derive(Debug, Clone, Default)]
pub(super) struct ActiveEvents {
    pub(super) surge: Surge,
    pub(super) vasovagal: Option<Vasovagal>,
    pub(super) agitation: Option<Agitation>,
    pub(super) nausea: Option<Nausea>,
    pub(super) allergy: Option<Allergy>,
    pub(super) raised: Option<Raised>,
    moves_left_s: f64,
    shifts: Vec<Shift>,
    given: Vec<Dose>,
}

impl ActiveEvents {
    pub(super) fn shifts(&mut self, shift: Shift) {
        self.shifts.retain(|shift| !shift.is_over());
        self.shifts.push(shift);
    }

    pub(super) fn moves_for(&mut self, lasting_s: f64) {
        // The second in which it was said still counts.
        self.moves_left_s = lasting_s + 1.0;
    }

    pub(super) fn is_given(&mut self, medicine: Medicine, spread: f64, draws: &mut Draws) {
        if self.given.len() == MOST_DOSES {
            self.given.remove(0);
        }
        self.given.push(Dose::new(medicine, spread, draws));
    }

    /// The current sum of all of it, except what depends on the current values.
    pub(super) fn step(&mut self, dt_s: f64, draws: &mut Draws) -> Change {
        self.moves_left_s = (self.moves_left_s - dt_s).max(0.0);
        let mut change = self.surge.step(dt_s);
        if let Some(vasovagal) = &mut self.vasovagal {
            change += vasovagal.step(dt_s);
        }
        let mut restlessness_left = 1.0;
        for given in &mut self.given {
            change += given.step(dt_s);
            restlessness_left *= given.restlessness_left();
        }
        if let Some(agitation) = &mut self.agitation {
            change += agitation.step(dt_s, draws) * restlessness_left;
        }
        if let Some(nausea) = &mut self.nausea {
            change += nausea.step(dt_s);
        }
        if let Some(allergy) = &mut self.allergy {
            change += allergy.step(dt_s);
        }
        for shift in &mut self.shifts {
            change += shift.step(dt_s);
        }
        change
    }

    /// What is missing between this level and the level to which the patient is raised.
    pub(super) fn raises(&mut self, dt_s: f64, level: Change) -> Change {
        self.raised.as_mut().map_or_else(Change::default, |raised| raised.step(dt_s, level))
    }

    /// Steps of the MOAA/S scale by which medicines sedate.
    pub(super) fn sedation(&self) -> u32 {
        self.given.iter().map(Dose::sedation).sum()
    }

    pub(super) fn has_poor_perfusion(&self) -> bool {
        self.vasovagal.is_some_and(Vasovagal::has_poor_perfusion)
    }

    pub(super) fn moves(&self) -> bool {
        let is_restless = self.agitation.as_ref().is_some_and(Agitation::moves)
            && self.given.iter().all(|given| given.restlessness_left() > 0.5);
        is_restless || self.moves_left_s > 0.0 || self.nausea.is_some_and(Nausea::moves)
    }
}

/// Below these the model is not valid, and a cuff finds nothing.
const LOWEST_SYSTOLIC_MMHG: f64 = 40.0;
const LOWEST_DIASTOLIC_MMHG: f64 = 20.0;
const LOWEST_HEART_RATE_BPM: f64 = 20.0;

impl Change {
    /// The result as the values of a body.
    pub(super) fn truth(self, has_poor_perfusion: bool, moves: bool) -> Truth {
        Truth {
            systolic: self.systolic.max(LOWEST_SYSTOLIC_MMHG),
            diastolic: self.diastolic.max(LOWEST_DIASTOLIC_MMHG),
            heart_rate: self.heart_rate.max(LOWEST_HEART_RATE_BPM),
            spo2: self.spo2.clamp(0.0, 100.0),
            temp: self.temp,
            has_poor_perfusion,
            moves,
        }
    }
}
