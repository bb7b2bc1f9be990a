use serde::{Deserialize, Serialize};

/// What may be ordered in a kind of treatment: a part of the profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DosePlan {
    /// As staff call it: `Ketamine`.
    pub drug: String,
    /// Such as `iv` or `nasal`.
    pub route: String,
    /// mg a kilogram of body weight; without it the dose does not follow the weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mg_per_kg: Option<Range>,
    /// mg of one session.
    pub mg: Range,
    /// Volume in which the dose is given, mL; without it nothing runs through a pump.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ml: Option<Range>,
    /// Length, minutes; without it nothing runs through a pump.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<Range>,
    /// The dose comes in devices, one after another.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sprays: Option<Sprays>,
}

/// What is possible, and what is usual.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// Less is refused.
    pub least: f64,
    /// What a form begins with, and what counts when it is left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usual: Option<f64>,
    /// More is refused.
    pub most: f64,
}

/// Spray devices (clinical.md#esketamine-nasal-adult).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sprays {
    /// mg in one device.
    pub device_mg: f64,
    /// Rest between two devices, seconds.
    pub apart_s: u32,
}

impl Range {
    /// Whether `value` is possible.
    #[must_use]
    pub fn holds(&self, value: f64) -> bool {
        (self.least..=self.most).contains(&value)
    }

    /// Whether the range itself makes sense: finite, above 0, in order.
    #[must_use]
    pub fn makes_sense(&self) -> bool {
        let usual = self.usual.unwrap_or(self.least);
        let is_in_order = 0.0 < self.least && self.least <= usual && usual <= self.most;
        is_in_order && self.most.is_finite()
    }
}

impl DosePlan {
    /// How many devices make this dose; `None` when none do exactly.
    #[must_use]
    pub fn devices_for(&self, mg: f64) -> Option<u32> {
        let sprays = self.sprays?;
        let count = mg / sprays.device_mg;
        let whole = count.round();
        let is_whole =
            (count - whole).abs() < 1e-6 && (1.0..=f64::from(MOST_DEVICES)).contains(&whole);
        is_whole.then_some(whole as u32)
    }
}

/// Devices of one session.
const MOST_DEVICES: u32 = 9;
