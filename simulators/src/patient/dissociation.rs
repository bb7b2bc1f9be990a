//! How detached a patient feels, on a scale like that of the CADSS (clinical.md#kinetics).

const FROM_NG_ML: f64 = 40.0;
const PER_NG_ML: f64 = 0.12;
/// What 0.5 mg/kg over 40 min amount to; a nasal dose is assumed to equal it at its peak.
const AT_PEAK: f64 = 16.4;

/// At a concentration where the drug acts; `factor` is this patient's own.
pub(super) fn infused(effect_site_ng_ml: f64, factor: f64) -> f64 {
    PER_NG_ML * (effect_site_ng_ml - FROM_NG_ML).max(0.0) * factor
}

/// Under esketamine, which has no concentration here: it follows g, and so peaks at 40 min and is
/// gone by 2 h (clinical.md#esketamine).
pub(super) fn sprayed(drive: f64, factor: f64) -> f64 {
    AT_PEAK * drive * factor
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Draws;
    use crate::patient::{Event, Patient, SprayDose, Traits};

    /// The score of the typical patient at these minutes.
    fn scores<const N: usize>(event: Event, minutes: [u32; N]) -> [f64; N] {
        let mut patient = Patient::new(Draws::new(1, 1), Traits::typical());
        patient.happens(event);
        let mut score = [0.0; N];
        for second in 1..=180 * 60 {
            if second == 40 * 60 {
                patient.happens(Event::Infuse { rate_mg_per_min: 0.0 });
            }
            patient.step(1.0);
            if let Some(index) = minutes.iter().position(|minute| minute * 60 == second) {
                score[index] = patient.dissociation();
            }
        }
        score
    }

    #[test]
    fn a_standard_infusion_gives_about_16_at_its_peak_and_5_or_less_an_hour_after_its_end() {
        let infuse = Event::Infuse { rate_mg_per_min: 0.5 * 70.0 / 40.0 };
        let [before, peak, after] = scores(infuse, [2, 40, 100]);
        assert!(before == 0.0, "{before}");
        assert!((peak - 16.0).abs() < 1.0, "{peak}");
        assert!(after < 5.0, "{after}");
    }

    #[test]
    fn esketamine_peaks_at_40_min_and_is_all_but_gone_by_2_h() {
        let [earlier, peak, later, gone] =
            scores(Event::Sprayed(SprayDose::Mg56), [20, 40, 60, 120]);
        assert!(earlier < peak && later < peak);
        assert!(peak > 14.0 && gone < 1.5, "{peak} {gone}");
    }

    #[test]
    fn nobody_is_below_zero() {
        assert_eq!(infused(39.0, 1.0), 0.0);
        assert_eq!(sprayed(0.0, 1.0), 0.0);
    }
}
