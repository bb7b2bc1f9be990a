//! Whether a row's rule can find its condition at all, within its bounds, and what may hide it.

use serde_json::{Value as Json, json};

use super::ConditionRow;
use super::bounds::keeps_to_them;
use crate::rules::Rule;
use crate::rules::condition::{Condition, Kind, Priority};
use crate::rules::found::Found;
use crate::rules::pressure_test::CuffPart;
use crate::rules::repeated::Incident;
use crate::rules::shape::{MOST_STAGES, Shape};
use crate::rules::vital::ContinuousVital;
use crate::rules::vocabulary::Vocabulary;

/// The longest time in which a caution that comes back makes no tone; the built-in
/// profiles have what clinical.md#coming-back says.
const LONGEST_REALERT_OF_PRESSURES_S: u32 = 900;
const LONGEST_REALERT_S: u32 = 600;

/// What a condition is judged by.
struct Expected {
    shape: &'static str,
    /// The value of the key that names what the rule looks at.
    of: Option<Json>,
    /// Whether high values are the dangerous ones.
    is_upper: Option<bool>,
}

fn expected(condition: Condition) -> Option<Expected> {
    use ContinuousVital::{HeartRate, RespRate, Spo2, Temp};
    use CuffPart::{Diastolic, Systolic};
    let (shape, of, is_upper) = match condition {
        Condition::Spo2Low => ("held", json!(Spo2), Some(false)),
        Condition::Spo2Falling => ("fall", json!(Spo2), None),
        Condition::HrLow => ("held", json!(HeartRate), Some(false)),
        Condition::HrHigh => ("held", json!(HeartRate), Some(true)),
        Condition::HrFalling => ("fall", json!(HeartRate), None),
        Condition::SystolicLow => ("cuff", json!(Systolic), Some(false)),
        Condition::SystolicHigh => ("cuff", json!(Systolic), Some(true)),
        Condition::DiastolicHigh => ("cuff", json!(Diastolic), Some(true)),
        Condition::RespRateLow => ("held", json!(RespRate), Some(false)),
        Condition::RespRateHigh => ("held", json!(RespRate), Some(true)),
        Condition::TempHigh => ("held", json!(Temp), Some(true)),
        Condition::Reaction => ("signs", Json::Null, None),
        Condition::Symptom | Condition::Sedation | Condition::Distress => {
            ("entered", Json::Null, None)
        }
        Condition::NibpOverdue => ("cuff_overdue", Json::Null, None),
        Condition::NibpFailed => ("cuff_failed", Json::Null, None),
        Condition::Spo2NoValue => ("absence", json!(Spo2), None),
        Condition::HrNoValue => ("absence", json!(HeartRate), None),
        Condition::PoorSignal => ("questionable", Json::Null, None),
        Condition::MonitorLost => ("lost", Json::Null, None),
        Condition::UnstableLink => ("repeated", json!(Incident::LinkDropped), None),
        Condition::DeviceConflict => ("reported", Json::Null, None),
        Condition::ClockSkew => ("clock_differs", Json::Null, None),
        Condition::ImplausibleValues => ("repeated", json!(Incident::ValueRefused), None),
        Condition::Unwatched => ("unwatched", Json::Null, None),
        Condition::Help
        | Condition::RecordingStopped
        | Condition::AlarmPath
        | Condition::DiskLow
        | Condition::ChannelDown => return None,
    };
    Some(Expected { shape, of: (!of.is_null()).then_some(of), is_upper })
}

impl ConditionRow {
    /// Everything that is wrong with it.
    pub(crate) fn check(&self, words: Vocabulary<'_>, place: &str, found: &mut Found) {
        if self.fits_its_condition(place, found) {
            // The narrower ranges of a condition are listed before those of its shape.
            keeps_to_them(self, words, place, found);
            let shape = self.rule.shape();
            let place = format!("{place}.rule.{}", shape.name());
            self.levels_make_sense(&place, found);
            are_in_order(shape, &place, found);
            shape.check(words, &place, found);
        }
        self.rest_makes_sense(place, found);
    }

    /// A rule of another shape, vital or direction would never find the condition, and nobody
    /// would notice. `false` when nothing else can be said of the rule.
    fn fits_its_condition(&self, place: &str, found: &mut Found) -> bool {
        let name = self.condition.name();
        let Some(expected) = expected(self.condition) else {
            found.add(
                format!("{place}.condition"),
                format!("{name} is the same for every profile: none sets it"),
            );
            return false;
        };
        let shape = self.rule.shape();
        let written = shape.name();
        if written != expected.shape {
            let wanted = expected.shape;
            found.add(
                format!("{place}.rule"),
                format!("{name} needs a rule of the shape {wanted}, got {written}"),
            );
            return false;
        }
        let place = format!("{place}.rule.{written}");
        if let (Some(wanted), Some((key, of))) = (expected.of, shape.of())
            && of != wanted
        {
            found.add(format!("{place}.{key}"), format!("must be {wanted} for {name}"));
            return false;
        }
        if let Some(is_upper) = expected.is_upper {
            shape.look_the_right_way(self.condition, is_upper, &place, found);
        }
        true
    }

    fn levels_make_sense(&self, place: &str, found: &mut Found) {
        let levels = self.rule.shape().levels();
        let stages: Vec<_> =
            levels.iter().filter(|(key, ..)| !key.starts_with("deficits")).collect();
        found.within(format!("{place}.stages"), stages.len(), (1, MOST_STAGES), " stages");
        if stages.windows(2).any(|pair| pair[0].1 > pair[1].1) {
            found.add(format!("{place}.stages"), "must run from level 1 to level 3");
        }
        for (key, level, priority) in &levels {
            found.within(format!("{place}.{key}.level"), *level, (1, 3), "");
            let least = if *level == 1 { Priority::Medium } else { Priority::High };
            if self.condition.kind() == Kind::Physiological && *priority < least {
                let (name, least) = (priority.name(), least.name());
                found.add(
                    format!("{place}.{key}.priority"),
                    format!("must be at least {least} at level {level}, got {name}"),
                );
            }
        }
        if let (Condition::DeviceConflict, Rule::Reported(reported)) = (self.condition, &self.rule)
            && reported.priority != Priority::High
        {
            let name = reported.priority.name();
            found.add(format!("{place}.priority"), format!("must be high, got {name}"));
        }
    }

    /// What is beside the rule.
    fn rest_makes_sense(&self, place: &str, found: &mut Found) {
        let condition = self.condition;
        found.text(&self.text, &format!("{place}.text"));
        if let Some(suggestion) = &self.suggestion {
            found.text(&suggestion.text, &format!("{place}.suggestion.text"));
        }
        if self.during.is_empty() {
            found.add(
                format!("{place}.during"),
                "must name at least one of no_session, before_start, treatment",
            );
        }
        let longest_s = match self.rule {
            Rule::Cuff(_) => LONGEST_REALERT_OF_PRESSURES_S,
            _ => LONGEST_REALERT_S,
        };
        found.within(format!("{place}.realert_s"), self.realert_s, (0, longest_s), " s");
        for other in self.hidden_by.iter().filter(|other| !may_hide(**other, condition)) {
            let (what, name) = (other.name(), condition.name());
            found.add(
                format!("{place}.hidden_by"),
                format!("{what} may not hide {name}: only what already says the same may"),
            );
        }
        if let (Condition::Symptom, Rule::Entered(rule)) = (condition, &self.rule)
            && !rule.stages.iter().any(|s| s.priority == Priority::High && !s.symptoms.is_empty())
        {
            let what = "needs a stage of priority high with at least one symptom";
            found.add(format!("{place}.rule.entered.stages"), what);
        }
    }
}

/// A graver stage's absolute limit must not be milder than that of a milder stage.
fn are_in_order(shape: &dyn Shape, place: &str, found: &mut Found) {
    let stages = shape.limits();
    for level in [2u8, 3] {
        let of = |level: u8| {
            let of_level = stages.iter().filter(move |stage| stage.level == level);
            of_level.filter_map(|stage| stage.limit.absolute.map(|limit| (stage.compare, limit)))
        };
        let Some((compare, mildest)) = of(level).reduce(|(c, a), (_, b)| (c, c.milder(a, b)))
        else {
            continue;
        };
        let milder_levels = (1..level).flat_map(of);
        let Some(before) = milder_levels.map(|(_, l)| l).reduce(|a, b| compare.milder(a, b)) else {
            continue;
        };
        if compare.milder(mildest, before) != before {
            found.add(
                format!("{place}.stages"),
                format!("stages are in the wrong order: level {level} begins at {mildest}, before the milder one at {before}"),
            );
        }
    }
}

/// Whether an open alert of one condition already says what another's would. Each pair is here
/// alone, so that no two can hide each other.
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
