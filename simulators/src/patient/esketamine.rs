//! Esketamine sprayed into the nose: one curve for all patients (clinical.md#esketamine).

const PEAK_MIN: f64 = 40.0;

/// The dose of all devices of a session together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SprayDose {
    /// 28 mg, one device.
    Mg28,
    /// 56 mg, two devices.
    Mg56,
    /// 84 mg, three devices.
    Mg84,
}

impl SprayDose {
    /// Multiplies the amplitudes, which are those of 56 mg.
    fn factor(self) -> f64 {
        match self {
            Self::Mg28 => 0.6,
            Self::Mg56 => 1.0,
            Self::Mg84 => 1.2,
        }
    }

    /// How many devices are used, 5 min apart.
    pub fn devices(self) -> u32 {
        match self {
            Self::Mg28 => 1,
            Self::Mg56 => 2,
            Self::Mg84 => 3,
        }
    }
}

/// A treatment, from its first spray.
#[derive(Debug, Clone, Copy)]
pub(super) struct Esketamine {
    dose: SprayDose,
    since_first_spray_s: f64,
}

impl Esketamine {
    pub(super) fn new(dose: SprayDose) -> Self {
        Self { dose, since_first_spray_s: 0.0 }
    }

    /// g after the step: the fraction of the amplitudes that 56 mg reach at 40 min.
    pub(super) fn step(&mut self, dt_s: f64) -> f64 {
        self.since_first_spray_s += dt_s;
        self.dose.factor() * curve(self.since_first_spray_s / 60.0)
    }
}

/// ((t/40)·exp(1 − t/40))³.
fn curve(minutes: f64) -> f64 {
    let t = minutes / PEAK_MIN;
    t * t * t * libm::exp(3.0 * (1.0 - t))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_curve_is_that_of_clinical_4_3() {
        let row = [
            (5.0, 0.03),
            (10.0, 0.15),
            (20.0, 0.56),
            (30.0, 0.89),
            (40.0, 1.0),
            (50.0, 0.92),
            (60.0, 0.75),
            (75.0, 0.48),
            (90.0, 0.27),
            (120.0, 0.07),
        ];
        for (minute, expected) in row {
            let found = curve(minute);
            // Two digits are printed, and the values at 5 and 120 min are at the edge of rounding.
            assert!((found - expected).abs() <= 0.006, "{minute} min: {found} for {expected}");
        }
    }

    #[test]
    fn more_devices_drive_further() {
        let after_40_min = |dose| {
            let mut esketamine = Esketamine::new(dose);
            (0..2400).map(|_| esketamine.step(1.0)).last().expect("2400 steps")
        };
        assert!((after_40_min(SprayDose::Mg28) - 0.6).abs() < 1e-6);
        assert!((after_40_min(SprayDose::Mg56) - 1.0).abs() < 1e-6);
        assert!((after_40_min(SprayDose::Mg84) - 1.2).abs() < 1e-6);
    }
}
