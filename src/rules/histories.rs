//! The histories of one patient's continuous vitals.

use serde::{Deserialize, Serialize};

use super::history::History;
use super::vital::ContinuousVital;
use crate::vitals::moved;

/// One history a vital.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Histories {
    spo2: History,
    heart_rate: History,
    resp_rate: History,
    temp: History,
}

moved!(Histories { moves: spo2, heart_rate, resp_rate, temp; stays: });

impl Histories {
    pub(crate) fn of(&self, vital: ContinuousVital) -> &History {
        match vital {
            ContinuousVital::Spo2 => &self.spo2,
            ContinuousVital::HeartRate => &self.heart_rate,
            ContinuousVital::RespRate => &self.resp_rate,
            ContinuousVital::Temp => &self.temp,
        }
    }

    pub(crate) fn of_mut(&mut self, vital: ContinuousVital) -> &mut History {
        match vital {
            ContinuousVital::Spo2 => &mut self.spo2,
            ContinuousVital::HeartRate => &mut self.heart_rate,
            ContinuousVital::RespRate => &mut self.resp_rate,
            ContinuousVital::Temp => &mut self.temp,
        }
    }
}
