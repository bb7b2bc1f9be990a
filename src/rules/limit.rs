//! Limits: numbers that may follow the patient's baseline.

use serde::{Deserialize, Serialize};

use super::condition::Condition;
use super::found::Found;

/// A limit that may follow the patient's accepted baseline.
///
/// `absolute` alone is a plain number. With `offset` (or `percent`) the lower of `absolute` and
/// `baseline + offset` counts, but never less than `at_least`: `max(36, min(50, b − 8))` is
/// `{ absolute = 50, offset = -8, at_least = 36 }`. Without `absolute` there is no limit until
/// a baseline exists: `{ offset = 30, at_least = 145 }` is "≥ b + 30 and ≥ 145".
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limit {
    /// Counts with and without a baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub absolute: Option<f64>,
    /// Added to the baseline.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub offset: Option<f64>,
    /// Added to the baseline, in per cent of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percent: Option<f64>,
    /// The limit is never below this.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<f64>,
}

impl Limit {
    /// The limit for a patient with this baseline; `None` when it needs one and there is none.
    #[must_use]
    pub fn value(&self, baseline: Option<f64>) -> Option<f64> {
        let relative = baseline.and_then(|b| match (self.offset, self.percent) {
            (Some(offset), _) => Some(b + offset),
            (None, Some(percent)) => Some(b * (1.0 + percent / 100.0)),
            (None, None) => None,
        });
        let limit = match (self.absolute, relative) {
            (Some(absolute), Some(relative)) => absolute.min(relative),
            (absolute, relative) => absolute.or(relative)?,
        };
        Some(self.at_least.map_or(limit, |least| limit.max(least)))
    }
}

/// On which side of a limit a value must be for the condition to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Compare {
    /// Below it.
    #[serde(rename = "<")]
    Below,
    /// At it or below.
    #[serde(rename = "<=")]
    AtOrBelow,
    /// At it or above.
    #[serde(rename = ">=")]
    AtOrAbove,
    /// Above it.
    #[serde(rename = ">")]
    Above,
}

impl Compare {
    /// Whether `value` is beyond `limit`.
    #[must_use]
    pub fn holds(self, value: f64, limit: f64) -> bool {
        match self {
            Self::Below => value < limit,
            Self::AtOrBelow => value <= limit,
            Self::AtOrAbove => value >= limit,
            Self::Above => value > limit,
        }
    }

    /// Whether `value` is back inside `limit` by `margin`.
    #[must_use]
    pub fn back_inside(self, value: f64, limit: f64, margin: f64) -> bool {
        match self {
            Self::Below | Self::AtOrBelow => value >= limit + margin,
            Self::AtOrAbove | Self::Above => value <= limit - margin,
        }
    }

    /// Whether larger values are the dangerous ones.
    #[must_use]
    pub fn is_upper(self) -> bool {
        matches!(self, Self::AtOrAbove | Self::Above)
    }

    /// The milder of two limits: the one that is crossed first.
    #[must_use]
    pub fn milder(self, one: f64, other: f64) -> f64 {
        if self.is_upper() { one.min(other) } else { one.max(other) }
    }

    /// The graver of two limits: the one that is crossed last.
    #[must_use]
    pub fn graver(self, one: f64, other: f64) -> f64 {
        if self.is_upper() { one.max(other) } else { one.min(other) }
    }

    /// As it reads before a number: `at or below`.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Below => "below",
            Self::AtOrBelow => "at or below",
            Self::AtOrAbove => "at or above",
            Self::Above => "above",
        }
    }
}

/// Whether a limit can be one.
pub(crate) fn limit_makes_sense(limit: &Limit, place: &str, found: &mut Found) {
    let Limit { absolute, offset, percent, at_least } = *limit;
    if absolute.or(offset).or(percent).is_none() {
        found.add(place, "a limit needs absolute, offset or percent");
    }
    if offset.is_some() && percent.is_some() {
        found.add(place, "a limit has either offset or percent");
    }
    for (key, value, range) in [
        ("absolute", absolute, (0.0, 300.0)),
        ("offset", offset, (-60.0, 60.0)),
        ("percent", percent, (-50.0, 50.0)),
        ("at_least", at_least, (0.0, 300.0)),
    ] {
        if let Some(value) = value {
            found.within(format!("{place}.{key}"), value, range, "");
        }
    }
}

/// Whether a stage looks to the side of the values that are dangerous by this condition.
pub(super) fn look_the_right_way(
    (condition, is_upper): (Condition, bool),
    compare: Compare,
    place: String,
    found: &mut Found,
) {
    if compare.is_upper() != is_upper {
        let allowed = if is_upper { "> or >=" } else { "< or <=" };
        found.add(place, format!("must be {allowed} for {}", condition.name()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limit(absolute: Option<f64>, offset: Option<f64>, at_least: Option<f64>) -> Limit {
        Limit { absolute, offset, percent: None, at_least }
    }

    #[test]
    fn worked_examples_of_the_clinical_table() {
        let caution = limit(Some(92.0), Some(-3.0), None);
        let urgent = limit(Some(89.0), Some(-5.0), None);
        let spo2 = |b| (caution.value(Some(b)), urgent.value(Some(b)));
        assert_eq!(spo2(97.0), (Some(92.0), Some(89.0)));
        assert_eq!(spo2(94.0), (Some(91.0), Some(89.0)));
        assert_eq!(spo2(91.0), (Some(88.0), Some(86.0)));

        let caution = limit(Some(50.0), Some(-8.0), Some(36.0));
        let urgent = limit(Some(40.0), Some(-12.0), Some(32.0));
        let hr = |b| (caution.value(Some(b)), urgent.value(Some(b)));
        assert_eq!(hr(72.0), (Some(50.0), Some(40.0)));
        assert_eq!(hr(45.0), (Some(37.0), Some(33.0)));
    }

    #[test]
    fn a_limit_that_only_follows_the_baseline_waits_for_one() {
        let rise = limit(None, Some(30.0), Some(145.0));
        assert_eq!(rise.value(None), None);
        assert_eq!(rise.value(Some(110.0)), Some(145.0));
        assert_eq!(rise.value(Some(128.0)), Some(158.0));
        let fall = Limit { absolute: None, offset: None, percent: Some(-25.0), at_least: None };
        assert_eq!(fall.value(Some(120.0)), Some(90.0));
    }
}
