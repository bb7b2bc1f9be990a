use core::ops::{Add, AddAssign, Mul};

/// What something adds to a patient's values.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Change {
    /// mmHg.
    pub systolic: f64,
    /// mmHg.
    pub diastolic: f64,
    /// 1/min.
    pub heart_rate: f64,
    /// Percent.
    pub spo2: f64,
    /// °C.
    pub temp: f64,
}

impl Add for Change {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self {
            systolic: self.systolic + other.systolic,
            diastolic: self.diastolic + other.diastolic,
            heart_rate: self.heart_rate + other.heart_rate,
            spo2: self.spo2 + other.spo2,
            temp: self.temp + other.temp,
        }
    }
}

impl AddAssign for Change {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Mul<f64> for Change {
    type Output = Self;

    fn mul(self, share: f64) -> Self {
        Self {
            systolic: self.systolic * share,
            diastolic: self.diastolic * share,
            heart_rate: self.heart_rate * share,
            spo2: self.spo2 * share,
            temp: self.temp * share,
        }
    }
}
