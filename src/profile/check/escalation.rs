//! Whether people are called soon enough, and in turn.

use super::super::Escalation;
use crate::rules::{Found, bounds};

/// It may be sooner than the ceilings say, never later, and never so soon that nobody can answer.
pub(super) fn keeps_to_bounds(escalation: &Escalation, found: &mut Found) {
    let Escalation { high, medium } = escalation;
    let bounds = bounds::escalation();
    let within = |found: &mut Found, key: &str, value: u32, range: (u32, u32)| {
        found.within(format!("escalation.{key}"), value, range, " s");
    };
    within(found, "high.repeat_s", high.repeat_s, bounds.repeat_s);
    within(found, "high.second_nurse_s", high.second_nurse_s, bounds.second_nurse_s);
    within(found, "high.prescriber_s", high.prescriber_s, bounds.prescriber_s);
    within(found, "medium.emphasised_s", medium.emphasised_s, bounds.emphasised_s);
    if high.prescriber_s <= high.second_nurse_s {
        let second = high.second_nurse_s;
        found.add(
            "escalation.high.prescriber_s",
            format!("must be later than second_nurse_s, {second} s"),
        );
    }
}
