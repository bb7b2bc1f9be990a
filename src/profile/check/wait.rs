//! Whether a wait of the start can begin, and can be over.

use super::super::{Kind, Profile, Span, Wait};
use crate::rules::bounds::{self, Usual};
use crate::rules::{ContinuousVital, CuffPart, Found, GAP_S, MOST_STAGES, limit_makes_sense};

pub(super) fn makes_sense(profile: &Profile, wait: &Wait, place: &str, found: &mut Found) {
    found.text(&wait.text, &format!("{place}.text"));
    if wait.after.is_empty() {
        found.add(format!("{place}.after"), "must name at least one condition");
    }
    for condition in &wait.after {
        let name = condition.name();
        let is_of_patient = condition.kind() == Kind::Physiological;
        let row = profile.row(*condition).filter(|_| is_of_patient);
        if !row.is_some_and(|row| row.during.contains(&Span::BeforeStart)) {
            found.add(
                format!("{place}.after"),
                format!("{name} is no alert of the patient's values before the start"),
            );
        }
    }
    if wait.cuff.is_empty() && wait.held.is_empty() {
        found.add(place, "needs cuff tests or held: it would have nothing to wait for");
    }
    found.within(format!("{place}.cuff"), wait.cuff.len(), (0, MOST_STAGES), " tests");
    found.within(format!("{place}.held"), wait.held.len(), (0, MOST_STAGES), " tests");
    let cuff = wait.cuff.iter().enumerate();
    let cuff = cuff.map(|(index, test)| (format!("{place}.cuff[{index}].limit"), &test.limit));
    let held = wait.held.iter().enumerate();
    let held = held.map(|(index, test)| (format!("{place}.held[{index}].limit"), &test.limit));
    for (place, limit) in cuff.chain(held) {
        limit_makes_sense(limit, &place, found);
        if limit.absolute.is_none() {
            found.add(place, "needs absolute: there may be no baseline before the start");
        }
    }
    for (index, test) in wait.held.iter().enumerate() {
        found.within(format!("{place}.held[{index}].gap_s"), test.gap_s, GAP_S, " s");
    }
}

/// A wait is long enough to protect, and a patient with nothing unusual ends it.
pub(super) fn keeps_to_bounds(wait: &Wait, place: &str, found: &mut Found) {
    let bounds = bounds::start_wait();
    found.within(format!("{place}.for_s"), wait.for_s, bounds.for_s, " s");
    let cuff = wait.cuff.iter().enumerate().map(|(index, test)| {
        let range = (test.part == CuffPart::Systolic).then_some(bounds.systolic);
        let usual = Usual::of_part(test.part).value;
        (format!("{place}.cuff[{index}]"), test.compare, test.limit, range, usual)
    });
    let held = wait.held.iter().enumerate().map(|(index, test)| {
        let range = (test.vital == ContinuousVital::HeartRate).then_some(bounds.heart_rate);
        let usual = test.vital.usual();
        (format!("{place}.held[{index}]"), test.compare, test.limit, range, usual)
    });
    for (place, compare, limit, range, usual) in cuff.chain(held) {
        if let (Some(absolute), Some(range)) = (limit.absolute, range) {
            found.within(format!("{place}.limit.absolute"), absolute, range, "");
        }
        let is_well = |limit: f64| compare.holds(usual, limit);
        if !limit.value(Some(usual)).is_none_or(is_well) {
            let what =
                format!("a usual value of {usual} is not well by it: the wait would never be over");
            found.add(place, what);
        }
    }
}
