use serde::{Deserialize, Serialize};

use crate::vitals::{Decimal, Millis, moved};

/// Steps of one session that are kept: what is older is folded into the first.
pub const MOST_STEPS: usize = 200;

/// A pump's rate as staff recorded it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rate {
    /// The number.
    pub value: Decimal,
    /// The unit.
    pub unit: RateUnit,
}

/// Units of a rate that a dose can be computed from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RateUnit {
    /// mL/h.
    MlPerHour,
    /// mg/h.
    MgPerHour,
    /// mg/min.
    MgPerMinute,
}

impl RateUnit {
    /// Read as people write it: `mL/h`, `ml/hr`, `mg/min`.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace()).collect();
        match plain.to_ascii_lowercase().as_str() {
            "ml/h" | "ml/hr" | "ml/hour" => Some(Self::MlPerHour),
            "mg/h" | "mg/hr" | "mg/hour" => Some(Self::MgPerHour),
            "mg/min" => Some(Self::MgPerMinute),
            _ => None,
        }
    }
}

impl Rate {
    /// The rate in mg a minute; `None` when it needs the concentration and there is none.
    #[must_use]
    pub fn mg_min(self, mg_per_ml: Option<f64>) -> Option<f64> {
        let value = self.value.as_f64();
        match self.unit {
            RateUnit::MlPerHour => mg_per_ml.map(|mg| value * mg / 60.0),
            RateUnit::MgPerHour => Some(value / 60.0),
            RateUnit::MgPerMinute => Some(value),
        }
    }
}

/// What changes how much is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DoseStep {
    /// The infusion runs, at the order's rate until another is recorded.
    Start,
    /// At this rate; `None` when its unit says nothing of the dose.
    Rate(Option<Rate>),
    /// It is held.
    Pause,
    /// It runs again, at the rate that it had before.
    Resume,
    /// It has ended.
    Stop,
    /// So many mg at once: a bolus, or a spray device.
    Dose(Decimal),
}

/// A step, when it was, and the entry of staff that it comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Dated {
    pub(super) n: u32,
    pub(super) at: Millis,
    pub(super) step: DoseStep,
}

moved!(Dated { moves: at; stays: n, step });

/// The steps of one session, by time. An entry that is withdrawn takes its step with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct DoseSteps {
    pub(super) steps: Vec<Dated>,
    /// Something is missing, or more was entered than is kept: what was given is not known.
    pub(super) is_incomplete: bool,
}

moved!(DoseSteps { moves: steps; stays: is_incomplete });

impl DoseSteps {
    /// Adds the step of entry `n`, done `at` this time.
    pub fn add(&mut self, n: u32, at: Millis, step: DoseStep) {
        if self.steps.len() == MOST_STEPS {
            self.is_incomplete = true;
            return;
        }
        let place = self.steps.partition_point(|known| known.at <= at);
        self.steps.insert(place, Dated { n, at, step });
    }

    /// Takes back the step of entry `n`, if it has one.
    pub fn withdraw(&mut self, n: u32) {
        self.steps.retain(|known| known.n != n);
    }

    /// When single doses were given, oldest first: devices of a spray.
    pub fn doses(&self) -> impl DoubleEndedIterator<Item = (Millis, Decimal)> + '_ {
        self.steps.iter().filter_map(|known| match known.step {
            DoseStep::Dose(mg) => Some((known.at, mg)),
            _ => None,
        })
    }
}
