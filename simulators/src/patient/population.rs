//! Patients as they come to a clinic (clinical.md#population).

use super::traits::{Amplitudes, RESTING_TEMP_C, Traits};
use super::{Factors, Model};
use crate::Draws;

/// What decides, besides the drug, how far a patient's pressure rises (clinical.md#pressor-effect).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Modifiers {
    /// Known hypertension. Age over 65 has the same effect.
    is_hypertensive: bool,
    /// Takes a beta-blocker or clonidine.
    is_slowed: bool,
    /// Takes a stimulant or an MAOI.
    is_stimulated: bool,
    /// One of the 1 % whose pressure surges.
    surges: bool,
    /// Music plays.
    hears_music: bool,
}

/// How common they are: this clinic's own choice, and few, since the usual amplitudes were chosen
/// to reproduce patients of all kinds (clinical.md#pressor-effect).
const HYPERTENSIVE: f64 = 0.10;
const SLOWED: f64 = 0.06;
const STIMULATED: f64 = 0.01;
const SURGES: f64 = 0.01;
const MUSIC: f64 = 0.4;

const OLD_YEARS: u32 = 65;

impl Modifiers {
    fn drawn(draws: &mut Draws) -> Self {
        Self {
            is_hypertensive: draws.chance(HYPERTENSIVE),
            is_slowed: draws.chance(SLOWED),
            is_stimulated: draws.chance(STIMULATED),
            surges: draws.chance(SURGES),
            hears_music: draws.chance(MUSIC),
        }
    }

    /// What the amplitudes become for a patient of this age.
    fn change(self, age: u32, amplitudes: Amplitudes) -> Amplitudes {
        let mut changed = amplitudes;
        if self.is_hypertensive || age > OLD_YEARS {
            changed = changed.plus(6.0, 3.0, 0.0);
        }
        if self.surges {
            changed = changed.plus(25.0, 14.0, 10.0);
        }
        if self.hears_music {
            changed = changed.plus(-2.0, -1.0, -2.0);
        }
        if self.is_slowed {
            changed = changed.times(0.6, 0.7, 0.4);
        }
        if self.is_stimulated {
            changed = changed.times(1.4, 1.4, 1.5);
        }
        changed
    }
}

impl Amplitudes {
    fn plus(self, systolic: f64, diastolic: f64, heart_rate: f64) -> Self {
        Self {
            systolic: self.systolic + systolic,
            diastolic: self.diastolic + diastolic,
            heart_rate: self.heart_rate + heart_rate,
        }
    }

    fn times(self, systolic: f64, diastolic: f64, heart_rate: f64) -> Self {
        Self {
            systolic: self.systolic * systolic,
            diastolic: self.diastolic * diastolic,
            heart_rate: self.heart_rate * heart_rate,
        }
    }

    /// Under ketamine into the vein: the usual amplitudes (clinical.md#pressor-effect).
    fn infused(draws: &mut Draws) -> Self {
        let (first, second) = (draws.normal(0.0, 1.0), draws.normal(0.0, 1.0));
        let together = CORRELATION * first + libm::sqrt(1.0 - CORRELATION * CORRELATION) * second;
        Self {
            systolic: (15.0 + 8.5 * first).clamp(-8.0, 60.0),
            diastolic: (10.0 + 5.5 * together).clamp(-6.0, 40.0),
            heart_rate: draws.normal_within(5.0, 5.0, -8.0, 35.0),
        }
    }

    /// Under 56 mg of esketamine (clinical.md#esketamine): most respond little, 8 % much.
    fn sprayed(draws: &mut Draws) -> Self {
        let responds = draws.chance(0.08);
        let of = |draws: &mut Draws, few: (f64, f64), many: (f64, f64)| {
            let (mean, deviation) = if responds { few } else { many };
            draws.normal(mean, deviation)
        };
        Self {
            systolic: of(draws, (28.0, 8.0), (7.5, 7.0)),
            diastolic: of(draws, (18.0, 5.0), (4.5, 4.5)),
            heart_rate: draws.normal(4.0, 5.0),
        }
    }
}

/// How the systolic and the diastolic amplitude correlate.
const CORRELATION: f64 = 0.75;

impl Traits {
    /// A patient of the clinic who will have an infusion of ketamine.
    pub fn drawn_for_infusion(draws: &mut Draws) -> Self {
        let person = Self::person(draws);
        let amplitudes = Amplitudes::infused(draws);
        let modifiers = Modifiers::drawn(draws);
        Self { amplitudes: modifiers.change(person.age, amplitudes), ..person }
    }

    /// A patient of the clinic who will spray esketamine. The curve was fitted to patients of all
    /// kinds, so that only music modifies it.
    pub fn drawn_for_spray(draws: &mut Draws) -> Self {
        let person = Self::person(draws);
        let amplitudes = Amplitudes::sprayed(draws);
        let modifiers = Modifiers { hears_music: draws.chance(MUSIC), ..Modifiers::default() };
        Self { amplitudes: modifiers.change(0, amplitudes), ..person }
    }

    /// A patient of the clinic whose infusion does not raise the pressure (an antibody, for
    /// example).
    pub fn drawn_undriven(draws: &mut Draws) -> Self {
        Self::person(draws)
    }

    fn person(draws: &mut Draws) -> Self {
        let systolic = draws.normal(125.0, 12.5);
        Self {
            age: draws.normal_within(44.0, 13.0, 18.0, 85.0) as u32,
            weight_kg: libm::round(draws.normal_within(76.0, 15.0, 45.0, 140.0)),
            systolic,
            diastolic: 77.0 + 0.45 * (systolic - 125.0) + draws.normal(0.0, 6.5),
            heart_rate: draws.normal(72.0, 10.0),
            spo2: draws.normal(97.2, 1.0).min(99.0),
            temp: RESTING_TEMP_C,
            amplitudes: Amplitudes { systolic: 0.0, diastolic: 0.0, heart_rate: 0.0 },
            model: Model::Clements250,
            factors: Factors { volume: draws.lognormal(0.20), elimination: draws.lognormal(0.20) },
            dissociation_factor: draws.lognormal(0.5),
            white_coat: 1.0,
            restlessness: 1.0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANY: usize = 20_000;

    fn many(of: impl Fn(&mut Draws) -> Traits) -> Vec<Traits> {
        let mut draws = Draws::new(1, 1);
        (0..MANY).map(|_| of(&mut draws)).collect()
    }

    /// Mean and deviation.
    fn spread(traits: &[Traits], of: impl Fn(&Traits) -> f64) -> (f64, f64) {
        let mean = traits.iter().map(&of).sum::<f64>() / traits.len() as f64;
        let square = |t: &Traits| (of(t) - mean) * (of(t) - mean);
        (mean, libm::sqrt(traits.iter().map(square).sum::<f64>() / traits.len() as f64))
    }

    fn assert_spread(found: (f64, f64), mean: f64, deviation: f64, tolerance: f64) {
        assert!((found.0 - mean).abs() <= tolerance, "mean {} for {mean}", found.0);
        assert!((found.1 - deviation).abs() <= tolerance, "deviation {} for {deviation}", found.1);
    }

    #[test]
    fn resting_values_are_those_of_clinical_4_4() {
        let patients = many(Traits::drawn_for_infusion);
        assert_spread(spread(&patients, |t| t.systolic), 125.0, 12.5, 0.3);
        // The share of the systolic and 6.5 of its own.
        assert_spread(spread(&patients, |t| t.diastolic), 77.0, 8.6, 0.3);
        assert_spread(spread(&patients, |t| t.heart_rate), 72.0, 10.0, 0.3);
        let (spo2, _) = spread(&patients, |t| t.spo2);
        assert!((spo2 - 97.2).abs() < 0.1 && patients.iter().all(|t| t.spo2 <= 99.0));
    }

    #[test]
    fn amplitudes_under_ketamine_are_those_of_clinical_4_2_and_move_together() {
        let mut draws = Draws::new(1, 1);
        let amplitudes: Vec<_> = (0..MANY).map(|_| Amplitudes::infused(&mut draws)).collect();
        let patients: Vec<_> =
            amplitudes.into_iter().map(|a| Traits { amplitudes: a, ..Traits::typical() }).collect();
        let systolic = spread(&patients, |t| t.amplitudes.systolic);
        let diastolic = spread(&patients, |t| t.amplitudes.diastolic);
        assert_spread(systolic, 15.0, 8.5, 0.2);
        assert_spread(diastolic, 10.0, 5.5, 0.2);
        assert_spread(spread(&patients, |t| t.amplitudes.heart_rate), 5.0, 5.0, 0.2);
        let product = |t: &Traits| {
            (t.amplitudes.systolic - systolic.0) * (t.amplitudes.diastolic - diastolic.0)
        };
        let (covariance, _) = spread(&patients, product);
        let correlation = covariance / (systolic.1 * diastolic.1);
        assert!((correlation - 0.75).abs() < 0.02, "{correlation}");
    }

    #[test]
    fn kinetics_differ_by_lognormals_of_0_2() {
        let patients = many(Traits::drawn_for_infusion);
        assert_spread(spread(&patients, |t| libm::log(t.factors.volume)), 0.0, 0.2, 0.01);
        assert_spread(spread(&patients, |t| libm::log(t.factors.elimination)), 0.0, 0.2, 0.01);
        assert_spread(spread(&patients, |t| libm::log(t.dissociation_factor)), 0.0, 0.5, 0.02);
    }

    #[test]
    fn each_modifier_does_what_clinical_4_2_says() {
        let typical = Amplitudes { systolic: 15.0, diastolic: 10.0, heart_rate: 5.0 };
        let of = |modifiers: Modifiers, age| {
            let a = modifiers.change(age, typical);
            (a.systolic, a.diastolic, a.heart_rate)
        };
        let none = Modifiers::default();
        assert_eq!(of(none, 65), (15.0, 10.0, 5.0));
        assert_eq!(of(none, 66), (21.0, 13.0, 5.0));
        assert_eq!(of(Modifiers { is_hypertensive: true, ..none }, 70), (21.0, 13.0, 5.0));
        assert_eq!(of(Modifiers { is_slowed: true, ..none }, 40), (9.0, 7.0, 2.0));
        assert_eq!(of(Modifiers { is_stimulated: true, ..none }, 40), (21.0, 14.0, 7.5));
        assert_eq!(of(Modifiers { surges: true, ..none }, 40), (40.0, 24.0, 15.0));
        assert_eq!(of(Modifiers { hears_music: true, ..none }, 40), (13.0, 9.0, 3.0));
    }

    #[test]
    fn under_esketamine_8_percent_respond_much() {
        let patients =
            many(|draws| Traits { amplitudes: Amplitudes::sprayed(draws), ..Traits::typical() });
        // 0.92 × 7.5 + 0.08 × 28, and so on.
        let (systolic, _) = spread(&patients, |t| t.amplitudes.systolic);
        let (diastolic, _) = spread(&patients, |t| t.amplitudes.diastolic);
        assert!((systolic - 9.14).abs() < 0.2, "{systolic}");
        assert!((diastolic - 5.58).abs() < 0.2, "{diastolic}");
    }
}
