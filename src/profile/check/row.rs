//! Whether a row's rule can find its condition at all, and what may hide it.

use serde_json::json;

use super::super::{
    Compare, Condition, ConditionRow, ContinuousVital, CuffPart, CuffTest, Incident, Priority, Rule,
};
use super::rule::shape;
use super::{Found, text};

/// The longest time in which a caution that comes back makes no tone; the built-in
/// profiles have what clinical.md#coming-back says.
const LONGEST_REALERT_OF_PRESSURES_S: u32 = 900;
const LONGEST_REALERT_S: u32 = 600;

/// What a condition is judged by.
struct Expected {
    shape: &'static str,
    of: Of,
    /// Whether high values are the dangerous ones.
    is_upper: Option<bool>,
}

enum Of {
    Nothing,
    Vital(ContinuousVital),
    Part(CuffPart),
    Incident(Incident),
}

fn expected(condition: Condition) -> Option<Expected> {
    use ContinuousVital::{HeartRate, RespRate, Spo2, Temp};
    use CuffPart::{Diastolic, Systolic};
    let (shape, of, is_upper) = match condition {
        Condition::Spo2Low => ("held", Of::Vital(Spo2), Some(false)),
        Condition::Spo2Falling => ("fall", Of::Vital(Spo2), None),
        Condition::HrLow => ("held", Of::Vital(HeartRate), Some(false)),
        Condition::HrHigh => ("held", Of::Vital(HeartRate), Some(true)),
        Condition::HrFalling => ("fall", Of::Vital(HeartRate), None),
        Condition::SystolicLow => ("cuff", Of::Part(Systolic), Some(false)),
        Condition::SystolicHigh => ("cuff", Of::Part(Systolic), Some(true)),
        Condition::DiastolicHigh => ("cuff", Of::Part(Diastolic), Some(true)),
        Condition::RespRateLow => ("held", Of::Vital(RespRate), Some(false)),
        Condition::RespRateHigh => ("held", Of::Vital(RespRate), Some(true)),
        Condition::TempHigh => ("held", Of::Vital(Temp), Some(true)),
        Condition::Reaction => ("signs", Of::Nothing, None),
        Condition::Symptom | Condition::Sedation | Condition::Distress => {
            ("entered", Of::Nothing, None)
        }
        Condition::NibpOverdue => ("cuff_overdue", Of::Nothing, None),
        Condition::NibpFailed => ("cuff_failed", Of::Nothing, None),
        Condition::Spo2NoValue => ("absence", Of::Vital(Spo2), None),
        Condition::HrNoValue => ("absence", Of::Vital(HeartRate), None),
        Condition::PoorSignal => ("questionable", Of::Nothing, None),
        Condition::MonitorLost => ("lost", Of::Nothing, None),
        Condition::UnstableLink => ("repeated", Of::Incident(Incident::LinkDropped), None),
        Condition::DeviceConflict => ("reported", Of::Nothing, None),
        Condition::ClockSkew => ("clock_differs", Of::Nothing, None),
        Condition::ImplausibleValues => ("repeated", Of::Incident(Incident::ValueRefused), None),
        Condition::Unwatched => ("unwatched", Of::Nothing, None),
        Condition::RecordingStopped | Condition::AlarmPath | Condition::DiskLow => return None,
    };
    Some(Expected { shape, of, is_upper })
}

/// A rule of another shape, vital or direction would never find the condition, and nobody would
/// notice. `false` when nothing else can be said of the rule.
pub(super) fn fits_its_condition(row: &ConditionRow, place: &str, found: &mut Found) -> bool {
    let name = row.condition.name();
    let Some(expected) = expected(row.condition) else {
        found.add(
            format!("{place}.condition"),
            format!("{name} is the program's own: no profile sets it"),
        );
        return false;
    };
    let written = shape(&row.rule);
    if written != expected.shape {
        let wanted = expected.shape;
        found.add(
            format!("{place}.rule"),
            format!("{name} needs a rule of the shape {wanted}, got {written}"),
        );
        return false;
    }
    let place = format!("{place}.rule.{written}");
    let other = match (&expected.of, &row.rule) {
        (
            Of::Vital(wanted),
            Rule::Held { vital, .. } | Rule::Fall { vital, .. } | Rule::Absence { vital, .. },
        ) => (wanted != vital).then(|| ("vital", json!(wanted))),
        (Of::Part(wanted), Rule::Cuff { part, .. }) => {
            (wanted != part).then(|| ("part", json!(wanted)))
        }
        (Of::Incident(wanted), Rule::Repeated { incident, .. }) => {
            (wanted != incident).then(|| ("incident", json!(wanted)))
        }
        _ => None,
    };
    if let Some((key, wanted)) = other {
        found.add(format!("{place}.{key}"), format!("must be {wanted} for {name}"));
        return false;
    }
    if let Some(is_upper) = expected.is_upper {
        look_the_right_way(row, is_upper, &place, found);
    }
    true
}

fn look_the_right_way(row: &ConditionRow, is_upper: bool, place: &str, found: &mut Found) {
    let mut look = |key: String, compare: Compare| {
        if compare.is_upper() != is_upper {
            let (name, allowed) =
                (row.condition.name(), if is_upper { "> or >=" } else { "< or <=" });
            found.add(format!("{place}.{key}"), format!("must be {allowed} for {name}"));
        }
    };
    match &row.rule {
        Rule::Held { stages, .. } => {
            for (index, stage) in stages.iter().enumerate() {
                look(format!("stages[{index}].compare"), stage.compare);
            }
        }
        Rule::Cuff { part, stages, .. } => {
            for (index, stage) in stages.iter().enumerate() {
                look(format!("stages[{index}].test.compare"), stage.test.compare);
                if let Some(CuffTest { compare, .. }) = stage.or_confirmed_by {
                    look(format!("stages[{index}].or_confirmed_by.compare"), compare);
                }
            }
            let other = stages.iter().enumerate().filter(|(_, stage)| stage.test.part != *part);
            for (index, _) in other {
                let (wanted, name) = (json!(part), row.condition.name());
                found.add(
                    format!("{place}.stages[{index}].test.part"),
                    format!("must be {wanted} for {name}"),
                );
            }
        }
        _ => {}
    }
}

/// What stands beside the rule.
pub(super) fn makes_sense(row: &ConditionRow, place: &str, found: &mut Found) {
    let condition = row.condition;
    text(&row.text, &format!("{place}.text"), found);
    if let Some(suggestion) = &row.suggestion {
        text(&suggestion.text, &format!("{place}.suggestion.text"), found);
    }
    if row.during.is_empty() {
        found.add(
            format!("{place}.during"),
            "must name at least one of no_session, before_start, treatment",
        );
    }
    let longest_s = match row.rule {
        Rule::Cuff { .. } => LONGEST_REALERT_OF_PRESSURES_S,
        _ => LONGEST_REALERT_S,
    };
    found.within(format!("{place}.realert_s"), row.realert_s, (0, longest_s), " s");
    for other in row.hidden_by.iter().filter(|other| !may_hide(**other, condition)) {
        let (what, name) = (other.name(), condition.name());
        found.add(
            format!("{place}.hidden_by"),
            format!("{what} may not hide {name}: only what already says the same may"),
        );
    }
    if let (Condition::Symptom, Rule::Entered { stages, .. }) = (condition, &row.rule)
        && !stages.iter().any(|s| s.priority == Priority::High && !s.symptoms.is_empty())
    {
        let what = "needs a stage of priority high with at least one symptom";
        found.add(format!("{place}.rule.entered.stages"), what);
    }
}

/// Whether an open alert of one condition already says what another's would. Each pair stands
/// here alone, so that no two can hide each other.
fn may_hide(one: Condition, other: Condition) -> bool {
    matches!(
        (one, other),
        (Condition::SystolicHigh, Condition::DiastolicHigh)
            | (Condition::Spo2Low, Condition::Spo2Falling)
            | (Condition::HrLow, Condition::HrFalling)
            | (
                Condition::MonitorLost,
                Condition::Spo2NoValue
                    | Condition::HrNoValue
                    | Condition::PoorSignal
                    | Condition::UnstableLink
                    | Condition::ClockSkew
                    | Condition::ImplausibleValues
            )
    )
}
