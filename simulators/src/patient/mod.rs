//! One patient: the true values of a body, second by second, as no instrument sees them.

mod active_events;
mod agitation;
mod allergy;
mod arrival;
mod breathing;
mod change;
mod decay;
mod dip;
mod dissociation;
mod esketamine;
mod event;
pub(crate) mod kinetics;
mod medicine;
mod nausea;
mod noise;
mod population;
pub(crate) mod pressor;
mod raised;
mod shift;
mod surge;
mod traits;
mod vasovagal;

pub use breathing::Obstruction;
pub use change::Change;
pub use esketamine::SprayDose;
pub use event::Event;
pub use kinetics::{Factors, Model};
pub use medicine::Medicine;
pub use raised::{Aim, Raised};
pub use shift::Shift;
pub use traits::{Amplitudes, Traits};

use crate::Draws;
use active_events::ActiveEvents;
use agitation::Agitation;
use allergy::Allergy;
use breathing::Breathing;
use decay::Decay;
use esketamine::Esketamine;
use kinetics::Kinetics;
use nausea::Nausea;
use noise::Noise;
use pressor::Pressor;
use vasovagal::Vasovagal;

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

/// A simulated body. It has no clock: [`Patient::step`] advances it.
#[derive(Debug, Clone)]
pub struct Patient {
    traits: Traits,
    draws: Draws,
    coat: f64,
    coat_fades: Decay,
    rate_mg_per_min: f64,
    kinetics: Kinetics,
    pressor: Pressor,
    esketamine: Option<Esketamine>,
    sprayed_drive: f64,
    breathing: Breathing,
    noise: Noise,
    active: ActiveEvents,
}

impl Patient {
    /// A patient who has just arrived, untreated.
    pub fn new(draws: Draws, traits: Traits) -> Self {
        Self {
            draws,
            coat: traits.white_coat,
            coat_fades: Decay::with_tau(arrival::COAT_TAU_S),
            rate_mg_per_min: 0.0,
            kinetics: Kinetics::new(traits.model, traits.weight_kg, traits.factors),
            pressor: Pressor::default(),
            esketamine: None,
            sprayed_drive: 0.0,
            breathing: Breathing::normal(),
            noise: Noise::new(traits.restlessness),
            active: ActiveEvents::default(),
            traits,
        }
    }

    /// What this patient is like.
    pub fn traits(&self) -> &Traits {
        &self.traits
    }

    /// Something happens now.
    pub fn happens(&mut self, event: Event) {
        let active = &mut self.active;
        match event {
            Event::Infuse { rate_mg_per_min } => self.rate_mg_per_min = rate_mg_per_min,
            Event::Sprayed(dose) => self.esketamine = Some(Esketamine::new(dose)),
            Event::Needle => active.shifts(arrival::needle()),
            Event::Talks { lasting_s } => active.shifts(arrival::talk(lasting_s)),
            Event::Moves { lasting_s } => active.moves_for(lasting_s),
            Event::Obstructed { obstruction, lasting_s } => {
                self.breathing.obstruct(obstruction, lasting_s);
            }
            Event::Surge { systolic, diastolic, lasting_s } => {
                let by = Change { systolic, diastolic, ..Change::default() };
                active.surge.begins(by, lasting_s);
            }
            Event::Vasovagal => active.vasovagal = Some(Vasovagal::default()),
            Event::LegsUp => {
                if let Some(vasovagal) = &mut active.vasovagal {
                    vasovagal.puts_legs_up();
                }
            }
            Event::Agitated { lasting_s } => active.agitation = Some(Agitation::new(lasting_s)),
            Event::Nauseated => active.nausea = Some(Nausea::default()),
            Event::Allergic { lasting_s } => active.allergy = Some(Allergy::new(lasting_s)),
            Event::Given(medicine) => {
                active.is_given(medicine, self.traits.restlessness, &mut self.draws);
            }
            Event::Shifted(shift) => active.shifts(shift),
            Event::Raised(raised) => active.raised = Some(raised),
        }
    }

    /// Advances the body by `dt_s` (at most 1 s) and returns its true values.
    pub fn step(&mut self, dt_s: f64) -> Truth {
        self.kinetics.step(dt_s, self.rate_mg_per_min);
        self.pressor.step(dt_s, self.kinetics.effect_site_ng_ml());
        if let Some(esketamine) = &mut self.esketamine {
            self.sprayed_drive = esketamine.step(dt_s);
        }
        self.breathing.step(dt_s);
        self.coat *= self.coat_fades.over(dt_s);
        let change = self.active.step(dt_s, &mut self.draws);
        let (beat, drift) = self.noise.step(dt_s, &mut self.draws);
        let mut level = self.quiet() + change + drift;
        level += self.active.raises(dt_s, level);
        (level + beat).truth(self.active.has_poor_perfusion(), self.active.moves())
    }

    /// The patient at rest under the drug, before any event.
    fn quiet(&self) -> Change {
        let Traits { systolic, diastolic, heart_rate, spo2, temp, amplitudes, .. } = self.traits;
        let spo2 = self.breathing.saturation_percent(spo2);
        let resting = Change { systolic, diastolic, heart_rate, spo2, temp };
        let driven = Change {
            systolic: amplitudes.systolic,
            diastolic: amplitudes.diastolic,
            heart_rate: amplitudes.heart_rate,
            ..Change::default()
        };
        let breathing =
            Change { heart_rate: self.breathing.heart_rate_change_bpm(), ..Change::default() };
        let drive = self.pressor.drive() + self.sprayed_drive;
        resting + driven * drive + arrival::COAT * self.coat + breathing
    }

    /// How detached the patient feels now, on a scale like that of the CADSS: 0 not at all, about
    /// 16 at the peak of a standard infusion (clinical.md#kinetics).
    pub fn dissociation(&self) -> f64 {
        let factor = self.traits.dissociation_factor;
        dissociation::infused(self.kinetics.effect_site_ng_ml(), factor)
            + dissociation::sprayed(self.sprayed_drive, factor)
    }

    /// Steps of the MOAA/S scale by which medicines have sedated.
    pub fn sedation(&self) -> u32 {
        self.active.sedation()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_reference_runs_rises_to_139_88_77_and_falls_back() {
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
