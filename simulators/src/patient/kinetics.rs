//! Where the drug is: two or three compartments and an effect site (clinical.md#kinetics).

const EFFECT_SITE_PER_MIN: f64 = 1.0;

/// The study that the constants come from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Model {
    /// The clinic's default.
    #[default]
    Clements250,
    /// Three compartments, as arterial blood would show it.
    Domino,
    /// Under 18 and intensive care; for tests only.
    Hijazi,
}

/// The constants of a model, all 1/min but the volume.
#[derive(Debug, Clone, Copy)]
struct Constants {
    central_volume_l_per_kg: f64,
    elimination: f64,
    to_peripheral: f64,
    from_peripheral: f64,
    to_deep: f64,
    from_deep: f64,
}

impl Model {
    fn constants(self) -> Constants {
        match self {
            Self::Clements250 => Constants {
                central_volume_l_per_kg: 1.7522,
                elimination: 0.0109,
                to_peripheral: 0.0186,
                from_peripheral: 0.0137,
                to_deep: 0.0,
                from_deep: 0.0,
            },
            Self::Domino => Constants {
                central_volume_l_per_kg: 0.063,
                elimination: 0.4381,
                to_peripheral: 0.5921,
                from_peripheral: 0.2470,
                to_deep: 0.5900,
                from_deep: 0.0146,
            },
            Self::Hijazi => Constants {
                central_volume_l_per_kg: 1.08,
                elimination: 0.0333,
                to_peripheral: 0.0088,
                from_peripheral: 0.0030,
                to_deep: 0.0,
                from_deep: 0.0,
            },
        }
    }
}

/// How a patient differs from the typical one of a model; 1.0 = typical.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Factors {
    /// Multiplies the typical central volume.
    pub volume: f64,
    /// Multiplies the typical elimination.
    pub elimination: f64,
}

impl Factors {
    /// The typical patient.
    pub const TYPICAL: Self = Self { volume: 1.0, elimination: 1.0 };
}

/// Ketamine in one patient.
#[derive(Debug, Clone)]
pub(crate) struct Kinetics {
    constants: Constants,
    /// Amounts in mg to concentrations in ng/mL.
    ng_ml_per_mg: f64,
    central_mg: f64,
    peripheral_mg: f64,
    deep_mg: f64,
    effect_site_ng_ml: f64,
}

impl Kinetics {
    /// An untreated patient.
    pub(crate) fn new(model: Model, weight_kg: f64, factors: Factors) -> Self {
        let typical = model.constants();
        let elimination = typical.elimination * factors.elimination;
        let volume_l = typical.central_volume_l_per_kg * weight_kg * factors.volume;
        Self {
            constants: Constants { elimination, ..typical },
            ng_ml_per_mg: 1000.0 / volume_l,
            central_mg: 0.0,
            peripheral_mg: 0.0,
            deep_mg: 0.0,
            effect_site_ng_ml: 0.0,
        }
    }

    /// One Euler step of at most 1 s: at that size it is within 0.01 % at 40 min
    /// (clinical.md#kinetics).
    pub(crate) fn step(&mut self, dt_s: f64, rate_mg_per_min: f64) {
        let dt_min = dt_s / 60.0;
        let per_min = &self.constants;
        let to_peripheral =
            per_min.to_peripheral * self.central_mg - per_min.from_peripheral * self.peripheral_mg;
        let to_deep = per_min.to_deep * self.central_mg - per_min.from_deep * self.deep_mg;
        let out = per_min.elimination * self.central_mg;
        let effect_site_change =
            EFFECT_SITE_PER_MIN * (self.plasma_ng_ml() - self.effect_site_ng_ml);
        self.effect_site_ng_ml += effect_site_change * dt_min;
        self.central_mg += (rate_mg_per_min - out - to_peripheral - to_deep) * dt_min;
        self.peripheral_mg += to_peripheral * dt_min;
        self.deep_mg += to_deep * dt_min;
    }

    /// Concentration in plasma, ng/mL.
    pub(crate) fn plasma_ng_ml(&self) -> f64 {
        self.ng_ml_per_mg * self.central_mg
    }

    /// Concentration where the drug acts, ng/mL.
    pub(crate) fn effect_site_ng_ml(&self) -> f64 {
        self.effect_site_ng_ml
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after_40_min(model: Model, weight_kg: f64, factors: Factors) -> f64 {
        let mut kinetics = Kinetics::new(model, weight_kg, factors);
        for _ in 0..2400 {
            kinetics.step(1.0, 0.5 * weight_kg / 40.0);
        }
        kinetics.plasma_ng_ml()
    }

    #[test]
    fn at_a_fixed_dose_per_kg_the_concentration_does_not_depend_on_weight() {
        for model in [Model::Clements250, Model::Domino, Model::Hijazi] {
            let at = |weight_kg| after_40_min(model, weight_kg, Factors::TYPICAL);
            assert!((at(50.0) - at(100.0)).abs() < 1e-6, "{model:?}");
        }
    }

    #[test]
    fn a_larger_volume_thins_and_a_faster_elimination_empties() {
        let at = |volume, elimination| {
            after_40_min(Model::Clements250, 70.0, Factors { volume, elimination })
        };
        assert!((at(1.2, 1.0) * 1.2 - at(1.0, 1.0)).abs() < 1e-6);
        assert!(at(1.0, 1.2) < at(1.0, 1.0));
    }

    #[test]
    fn hijazi_eliminates_so_fast_that_its_plateau_is_lower_than_its_dose_over_its_volume() {
        // 0.5 mg/kg in 1.08 L/kg would be 463 ng/mL; half of it is gone by 40 min.
        let found = after_40_min(Model::Hijazi, 70.0, Factors::TYPICAL);
        assert!((210.0..260.0).contains(&found), "{found}");
    }
}
