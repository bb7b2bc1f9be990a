//! The limits that count for this patient: the profile's, at the accepted baseline, and the
//! patient's own.

use serde::{Deserialize, Serialize};

use super::session::Baseline;
use crate::profile::{
    Compare, Condition, ConditionRow, ContinuousVital, CuffPart, CuffTest, HeldStage, Limit,
    Profile, Rule,
};
use crate::vitals::{Decimal, Millis, moved};

/// A patient's own limits for one condition, in its vital's unit; what is left out is the
/// profile's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OwnLimits {
    /// Of level 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caution: Option<Decimal>,
    /// Of level 2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub urgent: Option<Decimal>,
    /// Of level 3.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extreme: Option<Decimal>,
}

impl OwnLimits {
    /// These where given, else those of `other`.
    pub(super) fn or(self, other: Self) -> Self {
        Self {
            caution: self.caution.or(other.caution),
            urgent: self.urgent.or(other.urgent),
            extreme: self.extreme.or(other.extreme),
        }
    }

    fn of_level(&self, level: u8) -> Option<f64> {
        let own = match level {
            1 => self.caution,
            2 => self.urgent,
            _ => self.extreme,
        };
        own.map(Decimal::as_f64)
    }
}

/// A patient's own limits and how they came about: shown on the tile and in the record. The
/// reason stands in [`super::Session::reasons`].
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonalLimits {
    /// For what.
    pub condition: Condition,
    /// Which.
    #[serde(flatten)]
    pub limits: OwnLimits,
    /// Whose decision it was, where it needed one.
    pub prescriber: Option<String>,
    /// Who entered it.
    pub by: String,
    /// When.
    pub at: Millis,
    /// It came of a high baseline that was overridden, and goes with it.
    pub(super) follows_baseline: bool,
}

moved!(PersonalLimits {
    moves: at;
    stays: condition, limits, prescriber, by, follows_baseline
});

/// What the limits of one patient follow from.
#[derive(Clone, Copy)]
pub(super) struct Patient<'a> {
    pub(super) baseline: &'a Baseline,
    pub(super) personal: &'a [PersonalLimits],
}

impl Patient<'_> {
    fn own(&self, condition: Condition) -> Option<&OwnLimits> {
        let known = self.personal.iter().find(|personal| personal.condition == condition);
        known.map(|personal| &personal.limits)
    }

    pub(super) fn baseline_of(&self, vital: ContinuousVital) -> Option<f64> {
        match vital {
            ContinuousVital::Spo2 => self.baseline.spo2,
            ContinuousVital::HeartRate => self.baseline.heart_rate,
            ContinuousVital::Temp => self.baseline.temp,
            ContinuousVital::RespRate => None,
        }
        .map(Decimal::as_f64)
    }

    fn baseline_of_part(&self, part: CuffPart) -> Option<f64> {
        match part {
            CuffPart::Systolic => self.baseline.systolic,
            CuffPart::Diastolic => self.baseline.diastolic,
        }
        .map(Decimal::as_f64)
    }

    /// The limit of a held stage among `stages`; `None` while it needs a baseline that there is
    /// not.
    pub(super) fn held(
        &self,
        condition: Condition,
        vital: ContinuousVital,
        stages: &[HeldStage],
        stage: &HeldStage,
    ) -> Option<f64> {
        let baseline = self.baseline_of(vital);
        let limit = stage.limit.value(baseline)?;
        let Some(own) = self.own(condition).and_then(|own| own.of_level(stage.level)) else {
            return Some(limit);
        };
        let alternatives = stages.iter().filter(|other| other.level == stage.level);
        let values = alternatives.filter_map(|other| other.limit.value(baseline));
        Some(personal(stage.compare, own, limit, values))
    }

    /// The limit that an area counts from: never above the patient's own caution limit.
    pub(super) fn deficit(
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
    pub(super) fn plain(&self, test: &CuffTest) -> Option<f64> {
        test.limit.value(self.baseline_of_part(test.part))
    }

    /// The limit of a stage's own test.
    pub(super) fn cuff(&self, row: &ConditionRow, level: u8, test: &CuffTest) -> Option<f64> {
        let limit = self.plain(test)?;
        let Some(own) = self.own(row.condition).and_then(|own| own.of_level(level)) else {
            return Some(limit);
        };
        let Rule::Cuff { stages, .. } = &row.rule else { return Some(limit) };
        let alternatives = stages.iter().filter(|other| other.level == level);
        let values = alternatives.filter_map(|other| self.plain(&other.test));
        Some(personal(test.compare, own, limit, values))
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

/// The mildest limit of a level for a patient: what a limit of their own takes the place of.
fn shown_limit(row: &ConditionRow, level: u8, patient: Patient<'_>) -> Option<(Compare, f64)> {
    let values: Vec<(Compare, f64)> = match &row.rule {
        Rule::Held { vital, stages, .. } => stages
            .iter()
            .filter(|stage| stage.level == level)
            .filter_map(|s| Some((s.compare, patient.held(row.condition, *vital, stages, s)?)))
            .collect(),
        Rule::Cuff { stages, .. } => stages
            .iter()
            .filter(|stage| stage.level == level)
            .filter_map(|s| Some((s.test.compare, patient.cuff(row, level, &s.test)?)))
            .collect(),
        _ => Vec::new(),
    };
    values.into_iter().reduce(|(compare, a), (_, b)| (compare, compare.milder(a, b)))
}

/// The widest limits that a patient may have, whoever decides.
fn widest(condition: Condition) -> Option<(f64, f64)> {
    Some(match condition {
        Condition::Spo2Low => (70.0, 100.0),
        Condition::HrLow => (25.0, 80.0),
        Condition::HrHigh => (80.0, 200.0),
        Condition::SystolicLow => (60.0, 130.0),
        Condition::SystolicHigh => (110.0, 240.0),
        Condition::DiastolicHigh => (70.0, 150.0),
        Condition::RespRateLow => (4.0, 16.0),
        Condition::RespRateHigh => (16.0, 50.0),
        Condition::TempHigh => (37.0, 41.0),
        _ => return None,
    })
}

/// What a person may decide about limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Authority {
    /// May tighten every limit.
    Nurse,
    /// A nurse who leads: may start as well while the start waits, with a reason.
    Lead,
    /// May loosen limits as well.
    Prescriber,
}

/// Why these limits cannot be this patient's, in words that say what to do instead. `None` takes
/// the patient's own ones away.
pub(super) fn refusal(
    profile: &Profile,
    patient: Patient<'_>,
    (condition, own): (Condition, Option<&OwnLimits>),
    authority: Authority,
) -> Option<String> {
    let (Some((lowest, highest)), Some(row)) = (widest(condition), profile.row(condition)) else {
        let name = condition.name();
        return Some(format!("{name} has no limit of a patient's own in this profile."));
    };
    let text = &row.text;
    let is_nothing = |own: &OwnLimits| own.caution.or(own.urgent).or(own.extreme).is_none();
    if own.is_some_and(is_nothing) {
        return Some(format!(
            "{text}: enter caution, urgent or extreme, or null for the profile's."
        ));
    }
    let known = patient.own(condition).copied().unwrap_or_default();
    let own = own.map_or(OwnLimits::default(), |own| own.or(known));
    let without_own = Patient { personal: &[], ..patient };
    let mut before: Option<f64> = None;
    for level in 1..=3u8 {
        let Some((compare, usual)) = shown_limit(row, level, without_own) else {
            if own.of_level(level).is_some() {
                return Some(format!("{text}: the profile has no stage {level}."));
            }
            continue;
        };
        let limit = own.of_level(level).unwrap_or(usual);
        if !(lowest..=highest).contains(&limit) {
            return Some(format!("{text}: a limit must be {lowest} to {highest}, got {limit}."));
        }
        if before.is_some_and(|milder| compare.milder(milder, limit) != milder) {
            return Some(format!(
                "{text}: caution, urgent and extreme must stand in this order, from the mildest."
            ));
        }
        before = Some(limit);
        // Looser than what counts now, be that the profile's or the patient's own.
        let now = known.of_level(level).map_or(usual, |known| compare.milder(known, usual));
        let is_looser = limit != now && compare.graver(limit, now) == limit;
        if is_looser && authority < Authority::Prescriber {
            return Some(format!(
                "{text}: only a prescriber may loosen a limit ({now} to {limit}). Ask one to give their password here, or to do it on their own screen."
            ));
        }
    }
    None
}

/// The caution limits that follow when staff go on with a high baseline (clinical.md#limits-of-one-patient).
pub(super) fn overridden(profile: &Profile, baseline: &Baseline) -> Vec<(Condition, Decimal)> {
    let patient = Patient { baseline, personal: &[] };
    let of_row = |row: &ConditionRow| {
        let Rule::Cuff { part, overridden: Some(overridden), .. } = &row.rule else { return None };
        let baseline = patient.baseline_of_part(*part).filter(|b| *b > overridden.above)?;
        let limit = overridden.caution.value(Some(baseline))?;
        Some((row.condition, Decimal::trimmed(limit)))
    };
    profile.conditions.iter().filter_map(of_row).collect()
}
