//! One patient: the true values of a body, second by second, as no instrument sees them.

mod agitation;
mod allergy;
mod breathing;
mod change;
mod dip;
pub(crate) mod kinetics;
mod noise;
pub(crate) mod pressor;
mod shift;
mod traits;
mod vasovagal;

pub use breathing::Obstruction;
pub use change::Change;
pub use kinetics::{Factors, Model};
pub use shift::Shift;
pub use traits::{Amplitudes, Traits};

use crate::Draws;
use agitation::Agitation;
use allergy::Allergy;
use breathing::Breathing;
use kinetics::Kinetics;
use noise::Noise;
use pressor::Pressor;
use vasovagal::Vasovagal;

/// Below these the model says nothing, and a cuff finds nothing.
const LOWEST_SYSTOLIC_MMHG: f64 = 40.0;
const LOWEST_DIASTOLIC_MMHG: f64 = 20.0;

/// The true values at one moment.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Truth {
    /// mmHg.
    pub systolic: f64,
    /// mmHg.
    pub diastolic: f64,
    /// 1/min.
    pub heart_rate: f64,
    /// Percent, 0..=100.
    pub spo2: f64,
    /// °C.
    pub temp: f64,
    /// The fingers are cold and pale: an oximeter finds a pulse only now and then.
    pub has_poor_perfusion: bool,
    /// The hand with the finger clip moves.
    pub moves: bool,
}

/// What may happen to a patient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Event {
    /// The pump runs at this rate from now on; 0 pauses or stops it.
    Infuse {
        /// mg/min.
        rate_mg_per_min: f64,
    },
    /// Breathing weakens or stops (CLINICAL 4.6).
    Obstructed {
        /// How badly.
        obstruction: Obstruction,
        /// For how long.
        lasting_s: f64,
    },
    /// Pressure jumps above what the drug explains: on with tau 10 s, off with tau 3 min.
    Surge {
        /// Added to the systolic, mmHg.
        systolic: f64,
        /// Added to the diastolic, mmHg.
        diastolic: f64,
        /// How long it stands before it fades.
        lasting_s: f64,
    },
    /// A needle goes in, and the patient faints (CLINICAL 4.6).
    Vasovagal,
    /// Emerging restless: fast, high and moving (CLINICAL 4.6).
    Agitated {
        /// How long before it fades.
        lasting_s: f64,
    },
    /// A reaction to the drug, until it is stopped (CLINICAL 4.6).
    Allergic {
        /// How long it grows before it fades.
        lasting_s: f64,
    },
    /// Some values go elsewhere for a while and come back, for whatever reason.
    Shifted(Shift),
}

#[derive(Debug, Clone, Copy, Default)]
struct Surge {
    systolic: f64,
    diastolic: f64,
    left_s: f64,
    height: f64,
}

impl Surge {
    fn step(&mut self, dt_s: f64) {
        let (aim, tau_s) = if self.left_s > 0.0 { (1.0, 10.0) } else { (0.0, 180.0) };
        self.height = aim + (self.height - aim) * libm::exp(-dt_s / tau_s);
        self.left_s = (self.left_s - dt_s).max(0.0);
    }
}

/// A simulated body. It owns no clock: [`Patient::step`] moves it on.
#[derive(Debug, Clone)]
pub struct Patient {
    traits: Traits,
    draws: Draws,
    since_arrival_s: f64,
    rate_mg_per_min: f64,
    kinetics: Kinetics,
    pressor: Pressor,
    breathing: Breathing,
    noise: Noise,
    surge: Surge,
    vasovagal: Option<Vasovagal>,
    agitation: Option<Agitation>,
    allergy: Option<Allergy>,
    shifts: Vec<Shift>,
}

impl Patient {
    /// A patient who has just arrived, untreated.
    pub fn new(draws: Draws, traits: Traits) -> Self {
        Self {
            draws,
            since_arrival_s: 0.0,
            rate_mg_per_min: 0.0,
            kinetics: Kinetics::new(traits.model, traits.weight_kg, traits.factors),
            pressor: Pressor::default(),
            breathing: Breathing::normal(),
            noise: Noise::new(traits.restlessness),
            surge: Surge::default(),
            vasovagal: None,
            agitation: None,
            allergy: None,
            shifts: Vec::new(),
            traits,
        }
    }

    /// What this patient is like.
    pub fn traits(&self) -> &Traits {
        &self.traits
    }

    /// Something happens now.
    pub fn happens(&mut self, event: Event) {
        match event {
            Event::Infuse { rate_mg_per_min } => self.rate_mg_per_min = rate_mg_per_min,
            Event::Obstructed { obstruction, lasting_s } => {
                self.breathing.obstruct(obstruction, lasting_s);
            }
            Event::Surge { systolic, diastolic, lasting_s } => {
                let height = self.surge.height;
                self.surge = Surge { systolic, diastolic, left_s: lasting_s, height };
            }
            Event::Vasovagal => self.vasovagal = Some(Vasovagal::default()),
            Event::Agitated { lasting_s } => self.agitation = Some(Agitation::new(lasting_s)),
            Event::Allergic { lasting_s } => self.allergy = Some(Allergy::new(lasting_s)),
            Event::Shifted(shift) => self.shifts.push(shift),
        }
    }

    /// Moves the body on by `dt_s` (at most 1 s) and gives its true values.
    pub fn step(&mut self, dt_s: f64) -> Truth {
        self.since_arrival_s += dt_s;
        self.kinetics.step(dt_s, self.rate_mg_per_min);
        self.pressor.step(dt_s, self.kinetics.effect_site_ng_ml());
        self.breathing.step(dt_s);
        let g = self.pressor.drive();
        let coat = self.traits.white_coat * libm::exp(-self.since_arrival_s / 480.0);
        let Traits { systolic, diastolic, heart_rate, spo2, temp, amplitudes, .. } = self.traits;
        let change = self.step_events(dt_s) + self.noise.step(dt_s, &mut self.draws);
        Truth {
            systolic: (systolic + amplitudes.systolic * g + 8.0 * coat + change.systolic)
                .max(LOWEST_SYSTOLIC_MMHG),
            diastolic: (diastolic + amplitudes.diastolic * g + 3.0 * coat + change.diastolic)
                .max(LOWEST_DIASTOLIC_MMHG),
            heart_rate: (heart_rate
                + amplitudes.heart_rate * g
                + 6.0 * coat
                + self.breathing.heart_rate_change_bpm()
                + change.heart_rate)
                .max(20.0),
            spo2: (spo2 - self.breathing.desaturation_percent() + change.spo2).clamp(0.0, 100.0),
            temp: temp + change.temp,
            has_poor_perfusion: self.vasovagal.is_some_and(Vasovagal::has_poor_perfusion),
            moves: self.agitation.as_ref().is_some_and(Agitation::moves),
        }
    }

    /// What everything that has befallen this patient adds now.
    fn step_events(&mut self, dt_s: f64) -> Change {
        self.surge.step(dt_s);
        let mut change = Change {
            systolic: self.surge.systolic * self.surge.height,
            diastolic: self.surge.diastolic * self.surge.height,
            ..Change::default()
        };
        if let Some(vasovagal) = &mut self.vasovagal {
            change += vasovagal.step(dt_s);
        }
        if let Some(agitation) = &mut self.agitation {
            change += agitation.step(dt_s, &mut self.draws);
        }
        if let Some(allergy) = &mut self.allergy {
            change += allergy.step(dt_s);
        }
        for shift in &mut self.shifts {
            change += shift.step(dt_s);
        }
        change
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_clinical_5_rises_to_139_88_77_and_falls_back() {
        let mut patient = Patient::new(Draws::new(1, 1), Traits::typical());
        patient.happens(Event::Infuse { rate_mg_per_min: 0.5 * 70.0 / 40.0 });
        let expected = [
            (10, 128., 80., 73.),
            (20, 133., 84., 75.),
            (40, 139., 88., 77.),
            (60, 132., 83., 75.),
            (80, 127., 80., 73.),
            (120, 125., 78., 72.),
        ];
        let mut second = 0;
        for (minute, systolic, diastolic, heart_rate) in expected {
            let mut truth = None;
            while second < minute * 60 {
                if second == 40 * 60 {
                    patient.happens(Event::Infuse { rate_mg_per_min: 0.0 });
                }
                truth = Some(patient.step(1.0));
                second += 1;
            }
            let truth = truth.expect("the minutes of the table rise");
            assert!((truth.systolic - systolic).abs() <= 1.0, "{minute} min: {truth:?}");
            assert!((truth.diastolic - diastolic).abs() <= 1.0, "{minute} min: {truth:?}");
            assert!((truth.heart_rate - heart_rate).abs() <= 1.0, "{minute} min: {truth:?}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_patient_to_the_last_bit() {
        let minutes = |seed| {
            let mut draws = Draws::new(seed, 1);
            let traits = Traits::fine(&mut draws);
            let mut patient = Patient::new(draws, traits);
            (0..600).map(|_| patient.step(1.0)).collect::<Vec<_>>()
        };
        assert_eq!(minutes(5), minutes(5));
        assert_ne!(minutes(5), minutes(6));
    }
}
