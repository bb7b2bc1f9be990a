//! Sedation, dissociation and breathing, as scores and alerts have them.

use super::form::RemsEffect;
use crate::report::{RecordedScore, SessionRecord};
use crate::rules::Condition;
use crate::vitals::Millis;

/// MOAA/S of somebody who is awake.
const AWAKE: i32 = 5;

pub(super) fn sedation(record: &SessionRecord) -> RemsEffect {
    effect(record, "moaa_s", AWAKE)
}

pub(super) fn dissociation(record: &SessionRecord) -> RemsEffect {
    effect(record, "dissociation", 0)
}

/// Whole minutes since the first device; below 0 before it.
pub(super) fn minute(record: &SessionRecord, at: Millis) -> Option<i64> {
    let first = record.infusion.started_at?;
    Some(at.since(first) / 60_000)
}

/// By the scores since the first device, of which `normal` is the one without the effect.
fn effect(record: &SessionRecord, name: &str, normal: i32) -> RemsEffect {
    let Some(first) = record.infusion.started_at else { return RemsEffect::default() };
    let is_of = |score: &&RecordedScore| score.score == name && score.at >= first;
    let scores: Vec<_> = record.scores.iter().filter(is_of).collect();
    let far = |score: &&&RecordedScore| (score.value - normal).abs();
    let furthest = scores.iter().max_by_key(|score| (far(score), std::cmp::Reverse(score.at)));
    let onset_at = scores.iter().find(|score| score.value != normal).map(|score| score.at);
    let last_with = scores.iter().rposition(|score| score.value != normal);
    let resolved_at = last_with.and_then(|index| scores.get(index + 1)).map(|score| score.at);
    let is_over = record.header.ended_at.is_some();
    RemsEffect {
        experienced: match onset_at {
            Some(_) => Some(true),
            // A score that is still to come may say otherwise.
            None => (is_over && !scores.is_empty()).then_some(false),
        },
        onset_at,
        onset_minute: onset_at.and_then(|at| minute(record, at)),
        resolved_at,
        resolved_minute: resolved_at.and_then(|at| minute(record, at)),
        furthest: furthest.map(|score| score.value),
        noted: Vec::new(),
    }
}

/// What speaks for it. Neither an alert nor its absence decides.
pub(super) fn respiratory_depression(record: &SessionRecord) -> RemsEffect {
    let Some(first) = record.infusion.started_at else { return RemsEffect::default() };
    let is_of_breathing = |condition| {
        matches!(condition, Condition::RespRateLow | Condition::Spo2Low | Condition::Spo2Falling)
    };
    let alerts = record.alerts.iter().filter(|alert| {
        is_of_breathing(alert.condition) && alert.ended_at.is_none_or(|ended| ended >= first)
    });
    let mut noted: Vec<String> = alerts.map(|alert| format!("Alert: {}", alert.text)).collect();
    if let Some(lowest) = record.summary.spo2.lowest {
        noted.push(format!("Lowest SpO2 {} %", lowest.value));
    }
    RemsEffect { noted, ..RemsEffect::default() }
}
