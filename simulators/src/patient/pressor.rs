//! How far the drug raises pressure and heart rate (clinical.md#pressor-effect).

const HALF_EFFECT_NG_ML: f64 = 150.0;
const TOLERANCE_MIN: f64 = 60.0;
/// Makes g = 1 at the peak of 0.5 mg/kg over 40 min.
const PEAK_OF_STANDARD_DOSE: f64 = 0.49337;

/// The pressor effect and the tolerance that grows against it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Pressor {
    tolerance: f64,
    drive: f64,
}

impl Pressor {
    /// One step of at most 1 s at the given effect-site concentration.
    pub(crate) fn step(&mut self, dt_s: f64, effect_site_ng_ml: f64) {
        let squared = effect_site_ng_ml * effect_site_ng_ml;
        let effect = squared / (HALF_EFFECT_NG_ML * HALF_EFFECT_NG_ML + squared);
        self.tolerance += (effect - self.tolerance) / TOLERANCE_MIN * dt_s / 60.0;
        self.drive = ((effect - 0.5 * self.tolerance) / PEAK_OF_STANDARD_DOSE).max(-0.05);
    }

    /// g: the fraction of a patient's amplitudes, 1 at the peak of a standard infusion, ≥ −0.05.
    pub(crate) fn drive(&self) -> f64 {
        self.drive
    }
}
