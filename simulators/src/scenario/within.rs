use serde::Deserialize;

/// A number of a scenario's file that must be in `LOW..=HIGH`, both included.
#[derive(Debug, Clone, Copy, Default, PartialEq, Deserialize)]
#[serde(try_from = "f64")]
pub(super) struct Within<const LOW: i32, const HIGH: i32>(f64);

impl<const LOW: i32, const HIGH: i32> Within<LOW, HIGH> {
    pub(super) fn get(self) -> f64 {
        self.0
    }

    pub(super) fn whole(self) -> i32 {
        libm::round(self.0) as i32
    }
}

impl<const LOW: i32, const HIGH: i32> TryFrom<f64> for Within<LOW, HIGH> {
    type Error = String;

    fn try_from(number: f64) -> Result<Self, String> {
        if (f64::from(LOW)..=f64::from(HIGH)).contains(&number) {
            Ok(Self(number))
        } else {
            Err(format!("allowed are {LOW} to {HIGH}, got {number}"))
        }
    }
}

/// A time or a length of time in seconds, up to four hours.
pub(super) type Seconds = Within<0, 14_400>;
/// The same in minutes.
pub(super) type Minutes = Within<0, 240>;

impl Seconds {
    /// In milliseconds.
    pub(super) fn ms(self) -> i64 {
        libm::round(self.0 * 1000.0) as i64
    }
}

impl Minutes {
    /// In seconds.
    pub(super) fn seconds(self) -> i64 {
        libm::round(self.0 * 60.0) as i64
    }
}
