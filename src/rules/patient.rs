//! The limits that count for one patient: the profile's, at the accepted baseline, and the
//! patient's own.

use serde::{Deserialize, Serialize};

use super::condition::Condition;
use super::cuff::{Cuff, CuffStage};
use super::held::{Held, HeldStage};
use super::limit::{Compare, Limit};
use super::pressure_test::{CuffPart, CuffTest};
use super::vital::ContinuousVital;
use crate::vitals::{Decimal, Millis, moved};

/// A patient's normal values: mmHg, 1/min, %, °C.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[expect(missing_docs, reason = "the names say it")]
pub struct Baseline {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub systolic: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub diastolic: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heart_rate: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spo2: Option<Decimal>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub temp: Option<Decimal>,
}

impl Baseline {
    /// What the accepted baseline is while there is none.
    pub(crate) const NONE: Self =
        Self { systolic: None, diastolic: None, heart_rate: None, spo2: None, temp: None };

    /// These values where given, else those of `measured`.
    #[must_use]
    pub fn or(self, measured: Self) -> Self {
        Self {
            systolic: self.systolic.or(measured.systolic),
            diastolic: self.diastolic.or(measured.diastolic),
            heart_rate: self.heart_rate.or(measured.heart_rate),
            spo2: self.spo2.or(measured.spo2),
            temp: self.temp.or(measured.temp),
        }
    }

    /// Whether it holds no value at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::NONE
    }

    fn of(&self, vital: ContinuousVital) -> Option<f64> {
        match vital {
            ContinuousVital::Spo2 => self.spo2,
            ContinuousVital::HeartRate => self.heart_rate,
            ContinuousVital::Temp => self.temp,
            // No baseline of any other is accepted.
            _ => None,
        }
        .map(Decimal::as_f64)
    }

    fn of_part(&self, part: CuffPart) -> Option<f64> {
        match part {
            CuffPart::Systolic => self.systolic,
            CuffPart::Diastolic => self.diastolic,
        }
        .map(Decimal::as_f64)
    }
}

/// A patient's own limits for one condition, in its vital's unit; what is left out is the
/// profile's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnLimits {
    /// The limit of level 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caution: Option<Decimal>,
    /// The limit of level 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgent: Option<Decimal>,
    /// The limit of level 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extreme: Option<Decimal>,
}

impl OwnLimits {
    /// These where given, else those of `other`.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            caution: self.caution.or(other.caution),
            urgent: self.urgent.or(other.urgent),
            extreme: self.extreme.or(other.extreme),
        }
    }

    pub(crate) fn of_level(&self, level: u8) -> Option<f64> {
        let own = match level {
            1 => self.caution,
            2 => self.urgent,
            _ => self.extreme,
        };
        own.map(Decimal::as_f64)
    }
}

/// A patient's own limits and how they came about: shown on the tile and in the record. The
/// reason is in [`crate::room::Session::reasons`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonalLimits {
    /// For what.
    pub condition: Condition,
    /// The limits.
    #[serde(flatten)]
    pub limits: OwnLimits,
    /// Whose decision it was, where it needed one.
    pub prescriber: Option<String>,
    /// Who entered it.
    pub by: String,
    /// When they were set.
    pub at: Millis,
    /// It came of a high baseline that was overridden, and goes with it.
    pub(crate) follows_baseline: bool,
}

moved!(PersonalLimits {
    moves: at;
    stays: condition, limits, prescriber, by, follows_baseline
});

/// What the limits of one patient follow from.
#[derive(Clone, Copy)]
pub(crate) struct Patient<'a> {
    pub(crate) baseline: &'a Baseline,
    pub(crate) personal: &'a [PersonalLimits],
}

impl Patient<'_> {
    pub(crate) fn own(&self, condition: Condition) -> Option<&OwnLimits> {
        let known = self.personal.iter().find(|personal| personal.condition == condition);
        known.map(|personal| &personal.limits)
    }

    pub(crate) fn baseline_of(&self, vital: ContinuousVital) -> Option<f64> {
        self.baseline.of(vital)
    }

    pub(crate) fn baseline_of_part(&self, part: CuffPart) -> Option<f64> {
        self.baseline.of_part(part)
    }

    /// The limit of a held stage of `rule`; `None` while it needs a baseline that there is not.
    pub(crate) fn held(&self, condition: Condition, rule: &Held, stage: &HeldStage) -> Option<f64> {
        let baseline = self.baseline_of(rule.vital);
        let limit = stage.limit.value(baseline)?;
        let Some(own) = self.own(condition).and_then(|own| own.of_level(stage.level)) else {
            return Some(limit);
        };
        let alternatives = rule.stages.iter().filter(|other| other.level == stage.level);
        let values = alternatives.filter_map(|other| other.limit.value(baseline));
        Some(personal(stage.compare, own, limit, values))
    }

    /// The limit that an area counts from: never above the patient's own caution limit.
    pub(crate) fn deficit(
        &self,
        condition: Condition,
        vital: ContinuousVital,
        limit: &Limit,
    ) -> Option<f64> {
        let limit = limit.value(self.baseline_of(vital))?;
        let own = self.own(condition).and_then(|own| own.of_level(1));
        Some(own.map_or(limit, |own| limit.min(own)))
    }

    /// The limit of a cuff test that is no stage's own.
    pub(crate) fn plain(&self, test: &CuffTest) -> Option<f64> {
        test.limit.value(self.baseline_of_part(test.part))
    }

    /// The limit of a stage's own test.
    pub(crate) fn cuff(&self, condition: Condition, rule: &Cuff, stage: &CuffStage) -> Option<f64> {
        let limit = self.plain(&stage.test)?;
        let Some(own) = self.own(condition).and_then(|own| own.of_level(stage.level)) else {
            return Some(limit);
        };
        let alternatives = rule.stages.iter().filter(|other| other.level == stage.level);
        let values = alternatives.filter_map(|other| self.plain(&other.test));
        Some(personal(stage.test.compare, own, limit, values))
    }
}

/// The patient's own limit takes the place of the mildest alternative of its level; graver ones
/// stay where they are beyond it.
fn personal(
    compare: Compare,
    own: f64,
    limit: f64,
    alternatives: impl Iterator<Item = f64>,
) -> f64 {
    let mildest = alternatives.reduce(|one, other| compare.milder(one, other)).unwrap_or(limit);
    if limit == mildest { own } else { compare.graver(own, limit) }
}
