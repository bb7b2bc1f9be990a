//! What a patient's own limits may be, and who decides about them.

use crate::profile::Profile;
use crate::rules::{Baseline, Compare, Condition, ConditionRow, Cuff, OwnLimits, Patient, Rule};
use crate::vitals::Decimal;

/// The mildest limit of a level for a patient: the one that a limit of their own replaces.
fn shown_limit(row: &ConditionRow, level: u8, patient: Patient<'_>) -> Option<(Compare, f64)> {
    let values: Vec<(Compare, f64)> = match &row.rule {
        Rule::Held(rule) => rule
            .stages
            .iter()
            .filter(|stage| stage.level == level)
            .filter_map(|s| Some((s.compare, patient.held(row.condition, rule, s)?)))
            .collect(),
        Rule::Cuff(rule) => rule
            .stages
            .iter()
            .filter(|stage| stage.level == level)
            .filter_map(|s| Some((s.test.compare, patient.cuff(row.condition, rule, s)?)))
            .collect(),
        _ => Vec::new(),
    };
    values.into_iter().reduce(|(compare, a), (_, b)| (compare, compare.milder(a, b)))
}

/// What a person may decide about limits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Authority {
    /// May tighten every limit.
    Nurse,
    /// A nurse who leads: may also start, with a reason, while the start waits.
    Lead,
    /// May loosen limits as well.
    Prescriber,
}

/// Why these limits cannot be this patient's, in words that say what to do instead. `None` removes
/// the patient's own limits.
pub(super) fn refusal(
    profile: &Profile,
    patient: Patient<'_>,
    (condition, own): (Condition, Option<&OwnLimits>),
    authority: Authority,
) -> Option<String> {
    let (Some((lowest, highest)), Some(row)) = (condition.own_limits(), profile.row(condition))
    else {
        let name = condition.name();
        return Some(format!("{name}: this profile has no limit that can be set for one patient."));
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
                "{text}: caution, urgent and extreme must be in this order, from the mildest."
            ));
        }
        before = Some(limit);
        // Looser than what counts now, whether that is the profile's or the patient's own.
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
        let Rule::Cuff(Cuff { part, overridden: Some(overridden), .. }) = &row.rule else {
            return None;
        };
        let baseline = patient.baseline_of_part(*part).filter(|b| *b > overridden.above)?;
        let limit = overridden.caution.value(Some(baseline))?;
        Some((row.condition, Decimal::trimmed(limit)))
    };
    profile.conditions.iter().filter_map(of_row).collect()
}
