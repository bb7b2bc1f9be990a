use serde::{Deserialize, Serialize};

/// How often pressure is measured, by phase (clinical.md#cadence).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cadence {
    /// Before the start, from the beginning of the phase.
    pub baseline: Vec<CadenceStep>,
    /// While infusing or paused, from the first start.
    pub infusing: Vec<CadenceStep>,
    /// After the end, from the end; from the first start where that is what the drug's course
    /// counts from.
    pub recovery: Vec<CadenceStep>,
    /// Whether `recovery` counts from the first start.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub recovery_from_start: bool,
    /// Readings at fixed times, whatever came before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fixed: Vec<FixedReading>,
    /// A reading this long after a change of the rate, seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_rate_change_s: Option<u32>,
}

/// Readings at equal distances.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CadenceStep {
    /// Seconds from one to the next.
    pub every_s: u32,
    /// Until this long after the beginning, seconds; without it, to the end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until_s: Option<u32>,
}

/// A reading that must be taken at one time after the start.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FixedReading {
    /// Seconds after the first start.
    pub at_s: u32,
    /// A reading this much earlier counts, seconds.
    pub early_s: u32,
}

/// Seconds to the next reading, `elapsed_s` after the beginning of the steps' time.
#[must_use]
pub fn every_s(steps: &[CadenceStep], elapsed_s: i64) -> u32 {
    let step = steps.iter().find(|step| step.until_s.is_none_or(|s| elapsed_s < i64::from(s)));
    // A profile without a step for the rest of the time is refused.
    step.or(steps.last()).map_or(u32::MAX, |step| step.every_s)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quarter_of_an_hour_in_the_first_hour_and_then_half_an_hour() {
        let steps = [
            CadenceStep { every_s: 900, until_s: Some(3_600) },
            CadenceStep { every_s: 1_800, until_s: None },
        ];
        assert_eq!(every_s(&steps, 0), 900);
        assert_eq!(every_s(&steps, 3_599), 900);
        assert_eq!(every_s(&steps, 3_600), 1_800);
    }
}
