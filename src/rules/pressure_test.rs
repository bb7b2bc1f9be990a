//! One part of a cuff reading against a limit.

use serde::{Deserialize, Serialize};

use super::limit::{Compare, Limit};
use crate::vitals::{Decimal, Pressure};

/// A part of a cuff reading.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the names say it")]
pub enum CuffPart {
    Systolic,
    Diastolic,
}

impl CuffPart {
    /// This part of a pressure, where the monitor gave it.
    pub(crate) fn of(self, pressure: &Pressure) -> Option<Decimal> {
        match self {
            Self::Systolic => pressure.systolic,
            Self::Diastolic => pressure.diastolic,
        }
    }
}

/// One comparison of a cuff reading.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CuffTest {
    /// Which part.
    pub part: CuffPart,
    /// Direction.
    pub compare: Compare,
    /// Where; a baseline-relative limit follows the baseline of the same part.
    pub limit: Limit,
}

impl CuffTest {
    /// Whether a pressure is beyond this limit.
    pub(crate) fn is_beyond(&self, limit: f64, pressure: &Pressure) -> bool {
        let value = self.part.of(pressure);
        value.is_some_and(|value| self.compare.holds(value.as_f64(), limit))
    }
}
