//! Oxygen in the lungs and blood when breathing weakens (clinical.md#events, alveolar model).

use super::decay::Decay;

const RESTING_ALVEOLAR_MMHG: f64 = 95.0;
/// At and below this value the blood of all patients is alike.
const ALIKE_MMHG: f64 = 60.0;
const EASING_TAU_S: f64 = 20.0;

/// How severely breathing is impaired, in mmHg of alveolar oxygen lost per second.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Obstruction {
    /// No breathing at all: 1.0 mmHg/s.
    Apnoea,
    /// Marked obstruction: 0.5 mmHg/s.
    Marked,
    /// Mild: 0.25 mmHg/s.
    Mild,
}

impl Obstruction {
    fn fall_mmhg_per_s(self) -> f64 {
        match self {
            Self::Apnoea => 1.0,
            Self::Marked => 0.5,
            Self::Mild => 0.25,
        }
    }

    /// A mild obstruction also opens slowly (clinical.md#reference-runs).
    fn recovery_mmhg_per_s(self) -> f64 {
        match self {
            Self::Apnoea | Self::Marked => 3.0,
            Self::Mild => 1.0,
        }
    }
}

/// The lungs of one patient.
#[derive(Debug, Clone)]
pub(super) struct Breathing {
    alveolar_mmhg: f64,
    saturation_percent: f64,
    obstruction: Obstruction,
    obstructed_left_s: f64,
    obstructed_for_s: f64,
    heart_rate_rise_bpm: f64,
    heart_rate_fall_bpm: f64,
    easing: Decay,
}

impl Breathing {
    pub(super) fn normal() -> Self {
        Self {
            alveolar_mmhg: RESTING_ALVEOLAR_MMHG,
            saturation_percent: saturation_percent(RESTING_ALVEOLAR_MMHG),
            obstruction: Obstruction::Apnoea,
            obstructed_left_s: 0.0,
            obstructed_for_s: 0.0,
            heart_rate_rise_bpm: 0.0,
            heart_rate_fall_bpm: 0.0,
            easing: Decay::with_tau(EASING_TAU_S),
        }
    }

    pub(super) fn obstruct(&mut self, obstruction: Obstruction, lasting_s: f64) {
        self.obstruction = obstruction;
        self.obstructed_left_s = lasting_s;
        self.obstructed_for_s = 0.0;
    }

    pub(super) fn step(&mut self, dt_s: f64) {
        if self.is_at_rest() {
            return;
        }
        if self.obstructed_left_s > 0.0 {
            let fall_mmhg = self.obstruction.fall_mmhg_per_s() * dt_s;
            self.alveolar_mmhg = (self.alveolar_mmhg - fall_mmhg).max(0.0);
            self.obstructed_for_s += dt_s;
            self.obstructed_left_s -= dt_s;
        } else {
            let rise_mmhg = self.obstruction.recovery_mmhg_per_s() * dt_s;
            self.alveolar_mmhg = (self.alveolar_mmhg + rise_mmhg).min(RESTING_ALVEOLAR_MMHG);
            self.obstructed_for_s = 0.0;
        }
        self.saturation_percent = saturation_percent(self.alveolar_mmhg);
        self.step_heart_rate(dt_s);
    }

    /// As nearly always: nothing changes.
    fn is_at_rest(&self) -> bool {
        self.obstructed_left_s <= 0.0
            && self.alveolar_mmhg == RESTING_ALVEOLAR_MMHG
            && self.heart_rate_rise_bpm.max(self.heart_rate_fall_bpm) < 1e-6
    }

    /// +10 after 40 s; below 70 % the heart slows by 1 bpm each second. Both ease off over 20 s.
    fn step_heart_rate(&mut self, dt_s: f64) {
        let eased = self.easing.over(dt_s);
        let rise = if self.obstructed_for_s >= 40.0 { 10.0 } else { 0.0 };
        self.heart_rate_rise_bpm = rise + (self.heart_rate_rise_bpm - rise) * eased;
        if self.saturation_percent < 70.0 {
            self.heart_rate_fall_bpm += dt_s;
        } else {
            self.heart_rate_fall_bpm *= eased;
        }
    }

    /// The saturation of a patient whose own is `resting_percent`. clinical.md#events makes it a
    /// function of the oxygen pressure alone. A patient who is below that curve at rest stays below
    /// it all the way down. Nobody's blood binds more than the curve, though: what a patient has
    /// above it at rest is lost as the pressure falls.
    pub(super) fn saturation_percent(&self, resting_percent: f64) -> f64 {
        if self.alveolar_mmhg == RESTING_ALVEOLAR_MMHG {
            return resting_percent;
        }
        let own_percent = resting_percent - saturation_percent(RESTING_ALVEOLAR_MMHG);
        let left = (self.alveolar_mmhg - ALIKE_MMHG) / (RESTING_ALVEOLAR_MMHG - ALIKE_MMHG);
        let left = if own_percent > 0.0 { left.max(0.0) } else { 1.0 };
        self.saturation_percent + own_percent * left
    }

    pub(super) fn heart_rate_change_bpm(&self) -> f64 {
        self.heart_rate_rise_bpm - self.heart_rate_fall_bpm
    }
}

/// Haemoglobin saturation at an oxygen pressure (Severinghaus).
fn saturation_percent(oxygen_mmhg: f64) -> f64 {
    let cubed = oxygen_mmhg * oxygen_mmhg * oxygen_mmhg + 150.0 * oxygen_mmhg;
    if cubed <= 0.0 { 0.0 } else { 100.0 / (23_400.0 / cubed + 1.0) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_normal_start_reaches_85_percent_at_45_s_without_breath() {
        let mut breathing = Breathing::normal();
        breathing.obstruct(Obstruction::Apnoea, 60.0);
        let first_below = (1..=60).find(|_| {
            breathing.step(1.0);
            saturation_percent(breathing.alveolar_mmhg) < 85.5
        });
        assert_eq!(first_below, Some(45));
    }

    /// What patients of these resting saturations fall to when breathing stops for this long.
    fn lowest(obstruction: Obstruction, lasting_s: u32, resting: [f64; 4]) -> [f64; 4] {
        let mut breathing = Breathing::normal();
        breathing.obstruct(obstruction, f64::from(lasting_s));
        for _ in 0..lasting_s {
            breathing.step(1.0);
        }
        resting.map(|resting| breathing.saturation_percent(resting))
    }

    #[test]
    fn nobody_stands_above_the_curve_at_depth_and_who_is_below_it_stays_below() {
        let curve = saturation_percent(50.0);
        let [high, usual, low, ill] = lowest(Obstruction::Marked, 90, [99.0, 97.5, 96.0, 91.0]);
        assert_eq!((high, usual), (curve, curve));
        let off = saturation_percent(95.0);
        assert!((low - (curve + 96.0 - off)).abs() < 1e-9, "{low}");
        assert!((ill - (curve + 91.0 - off)).abs() < 1e-9, "{ill}");
        // Half of it is left at 77.5 mmHg.
        let [high, ..] = lowest(Obstruction::Marked, 35, [99.0; 4]);
        assert!((high - (saturation_percent(77.5) + (99.0 - off) / 2.0)).abs() < 1e-9, "{high}");
    }

    #[test]
    fn breathing_again_brings_saturation_and_heart_rate_back() {
        let mut breathing = Breathing::normal();
        breathing.obstruct(Obstruction::Apnoea, 60.0);
        for _ in 0..240 {
            breathing.step(1.0);
        }
        assert_eq!(breathing.saturation_percent(98.6), 98.6);
        assert!(breathing.heart_rate_change_bpm().abs() < 0.1);
    }
}
