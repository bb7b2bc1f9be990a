use serde::{Deserialize, Serialize};

/// What may be ordered in a kind of treatment: a part of the profile.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DosePlan {
    /// What staff call the drug: `Ketamine`.
    pub drug: String,
    /// The route, such as `iv` or `nasal`.
    pub route: String,
    /// mg a kilogram of body weight; without it the dose does not follow the weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mg_per_kg: Option<Range>,
    /// The dose of one session, mg.
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
    /// The value that a form begins with, which also counts when none is given.
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
    fn words(&self, unit: &str) -> String {
        let Self { least, usual, most } = self;
        let usual = usual.map_or_else(String::new, |usual| format!(" (usual {usual})"));
        format!("{least} to {most} {unit}{usual}")
    }

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
    /// What may be ordered, for whoever reviews a profile.
    pub(crate) fn words(&self) -> Vec<String> {
        let Self { drug, route, mg_per_kg, mg, ml, minutes, sprays } = self;
        let ranges = [
            mg_per_kg.map(|range| range.words("mg/kg")),
            Some(mg.words("mg")),
            ml.map(|range| format!("in {}", range.words("mL"))),
            minutes.map(|range| format!("over {}", range.words("min"))),
        ];
        let ranges: Vec<_> = ranges.into_iter().flatten().collect();
        let mut words = vec![
            format!("{drug} ({route}): {}. Anything beyond is refused.", ranges.join(", ")),
            "What is left out of an order is the usual one; an order whose numbers contradict each \
             other is refused."
                .to_owned(),
        ];
        words.extend(sprays.map(|Sprays { device_mg, apart_s }| {
            let apart = apart_s / 60;
            format!(
                "It comes in devices of {device_mg} mg, at least {apart} min apart; an earlier one \
                 needs a reason. No device is given beyond the order."
            )
        }));
        words
    }

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
