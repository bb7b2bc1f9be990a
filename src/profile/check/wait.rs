//! Whether a wait of the start can begin, and can be over.

use super::super::{Kind, Profile, Span, Wait};
use super::rule::{GAP_S, MOST_STAGES, limit_makes_sense};
use super::{Found, text};

pub(super) fn makes_sense(profile: &Profile, wait: &Wait, place: &str, found: &mut Found) {
    text(&wait.text, &format!("{place}.text"), found);
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
