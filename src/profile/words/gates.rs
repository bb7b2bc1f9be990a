//! What is asked before a session goes on.

use super::super::Profile;
use crate::gates::{Gate, Step};

/// What holds for all gates, where there are any.
pub(super) fn passing(profile: &Profile) -> Vec<String> {
    if profile.gates.is_empty() {
        return Vec::new();
    }
    [
        "Who goes on without an item has said who they are: a nurse with a PIN, a nurse lead or a prescriber with their password or at their own sign-in. What was missing, the reason and who it was stay on the tile and in the record until the end.",
        "A session at whose check-in nothing is stated has its paperwork elsewhere: of it only what the room measures is asked, before the start and before the patient leaves.",
    ]
    .map(str::to_owned)
    .to_vec()
}

/// What each gate asks for, in the order of a session.
pub(super) fn asked(profile: &Profile) -> Vec<(Step, Vec<String>)> {
    let mut gates: Vec<&Gate> = profile.gates.iter().collect();
    gates.sort_by_key(|gate| gate.step);
    let words = profile.words();
    let of = |gate: &Gate| gate.items.iter().map(|item| item.words(words)).collect();
    gates.into_iter().map(|gate| (gate.step, of(gate))).collect()
}

/// What comes after a gate.
pub(super) const fn heading(step: Step) -> &'static str {
    match step {
        Step::CheckIn => "Before check-in is done",
        Step::Screening => "Before the screening is done",
        Step::Baseline => "Before the baseline is accepted",
        Step::Start => "Before the start",
        Step::Discharge => "Before the patient leaves",
    }
}
