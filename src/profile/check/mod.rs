//! What a profile must be before the room judges by it.

mod escalation;
#[cfg(test)]
mod tests;
mod treatment;
mod wait;

use std::collections::BTreeSet;

use super::{Cadence, CadenceStep, Condition, Problem, Profile, PulseGate, ScoreChoice};
use crate::gates::Step;
use crate::rules::{Found, bounds};

/// The longest time between two pressures before the start, seconds.
const LONGEST_CADENCE_BEFORE_S: u32 = 1_800;
/// The same from the start on.
const LONGEST_CADENCE_S: u32 = 3_600;
/// The longest treatment, seconds.
const LONGEST_PLAN_S: u32 = 86_400;
/// Choices that staff can still find one in.
const MOST_CHOICES: usize = 40;
/// Steps of a cadence, readings at fixed times.
const MOST_STEPS: usize = 24;

/// Every problem of a profile at once; none when the room can judge by it.
pub(super) fn problems(profile: &Profile) -> Vec<Problem> {
    let mut found = Found::default();
    lists_have_an_end(profile, &mut found);
    if !found.is_empty() {
        return found.into_problems();
    }
    head(profile, &mut found);
    cadence(&profile.cadence, &mut found);
    for (index, row) in profile.conditions.iter().enumerate() {
        let place = format!("conditions[{index}]");
        if profile.conditions[..index].iter().any(|other| other.condition == row.condition) {
            let name = row.condition.name();
            found.add(
                format!("{place}.condition"),
                format!("{name} is listed twice; a condition has one row"),
            );
        }
        row.check(profile.words(), &place, &mut found);
    }
    for (index, one) in profile.waits.iter().enumerate() {
        let place = format!("waits[{index}]");
        wait::keeps_to_bounds(one, &place, &mut found);
        wait::makes_sense(profile, one, &place, &mut found);
    }
    escalation::keeps_to_bounds(&profile.escalation, &mut found);
    treatment::gates(profile, &mut found);
    treatment::dose(profile, &mut found);
    nothing_is_missing(profile, &mut found);
    found.into_problems()
}

fn nothing_is_missing(profile: &Profile, found: &mut Found) {
    let required = bounds::all().iter().filter(|(_, bounds)| bounds.required);
    for (condition, _) in required.filter(|(condition, _)| profile.row(**condition).is_none()) {
        let name = condition.name();
        found.add("conditions", format!("{name} is missing: every profile has it"));
    }
}

/// A profile under another's name.
pub(super) fn named_otherwise(asked: &str, written: &str) -> Problem {
    let what = format!("must be {asked:?}, the name under which it is put, got {written:?}");
    Problem { place: "name".to_owned(), line: None, what }
}

/// What is far too long is listed alone: everything else is looked at for each of its parts.
fn lists_have_an_end(profile: &Profile, found: &mut Found) {
    found.within("symptoms", profile.symptoms.len(), (0, MOST_CHOICES), " choices");
    found.within("scores", profile.scores.len(), (0, MOST_CHOICES), " choices");
    found.within("holds", profile.holds.len(), (0, MOST_CHOICES), " holds");
    found.within("waits", profile.waits.len(), (0, MOST_CHOICES), " waits");
    found.within("gates", profile.gates.len(), (0, Step::ALL.len()), " gates");
    for (index, gate) in profile.gates.iter().enumerate() {
        let place = format!("gates[{index}].items");
        found.within(place, gate.items.len(), (1, MOST_CHOICES), " items");
    }
    // Every condition once, and some twice by mistake.
    let most = 2 * Condition::ALL.len();
    found.within("conditions", profile.conditions.len(), (0, most), " conditions");
}

fn head(profile: &Profile, found: &mut Found) {
    let is_name = |name: &str| {
        !name.is_empty()
            && name.len() <= 40
            && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
    };
    if !is_name(&profile.name) {
        found.add("name", "must be 1..=40 lower-case letters, digits and -");
    }
    found.text(&profile.title, "title");
    found.within("planned_s", profile.planned_s, (60, LONGEST_PLAN_S), " s");
    if let Some(rise) = profile.marked_rise {
        found.within("marked_rise.systolic", rise.systolic, (10.0, 100.0), " mmHg");
        found.within("marked_rise.diastolic", rise.diastolic, (10.0, 100.0), " mmHg");
    }
    pulse_gate(&profile.pulse_gate, found);
    for (index, choice) in profile.symptoms.iter().enumerate() {
        choice_name(&choice.name, &format!("symptoms[{index}].name"), found);
        found.text(&choice.text, &format!("symptoms[{index}].text"));
    }
    for (index, choice) in profile.scores.iter().enumerate() {
        let ScoreChoice { name, text: words, lowest, highest, .. } = choice;
        choice_name(name, &format!("scores[{index}].name"), found);
        found.text(words, &format!("scores[{index}].text"));
        if lowest >= highest {
            found.add(
                format!("scores[{index}].highest"),
                format!("must be above lowest, got {lowest} to {highest}"),
            );
        }
        meanings_fit(choice, &format!("scores[{index}].meanings"), found);
    }
    let symptoms = profile.symptoms.iter().map(|choice| choice.name.as_str());
    stand_once(symptoms, "symptoms", found);
    stand_once(profile.scores.iter().map(|choice| choice.name.as_str()), "scores", found);
    for (index, hold) in profile.holds.iter().enumerate() {
        hold.check(&format!("holds[{index}]"), found);
    }
}

/// It may be switched off or made shorter: never longer, nor quicker to doubt.
fn pulse_gate(gate: &PulseGate, found: &mut Found) {
    let usual = PulseGate::default();
    found.within("pulse_gate.differs", gate.differs, (usual.differs, 60.0), "/min");
    found.within("pulse_gate.to_s", gate.to_s, (5, 30), " s");
    found.within("pulse_gate.from_s", gate.from_s, (gate.to_s + 20, 60), " s");
    found.within("pulse_gate.samples", gate.samples, (usual.samples, 40), " values");
    found.within("pulse_gate.longest_s", gate.longest_s, (1, usual.longest_s), " s");
    found.within("pulse_gate.calm_s", gate.calm_s, (usual.calm_s, 300), " s");
    found.within("pulse_gate.jump_within_s", gate.jump_within_s, (1, usual.jump_within_s), " s");
    found.within("pulse_gate.up_s", gate.up_s, (0, usual.up_s), " s");
    found.within("pulse_gate.down_s", gate.down_s, (0, usual.down_s), " s");
}

/// All values or none: a number without its meaning beside others with theirs would be misread.
fn meanings_fit(score: &ScoreChoice, place: &str, found: &mut Found) {
    let values = i64::from(score.highest) - i64::from(score.lowest) + 1;
    let given = score.meanings.len();
    if given > 0 && i64::try_from(given) != Ok(values) {
        found.add(place, format!("must be one for each of {values} values, got {given}"));
        return;
    }
    for (index, meaning) in score.meanings.iter().enumerate() {
        found.text(meaning, &format!("{place}[{index}]"));
    }
}

fn stand_once<'a>(names: impl Iterator<Item = &'a str>, place: &str, found: &mut Found) {
    let mut seen = BTreeSet::new();
    for (index, name) in names.enumerate() {
        if !seen.insert(name) {
            found.add(format!("{place}[{index}].name"), format!("{name:?} is listed twice"));
        }
    }
}

fn choice_name(name: &str, place: &str, found: &mut Found) {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if name.is_empty() || name.len() > 40 || !name.bytes().all(fits) {
        found.add(place, "must be 1..=40 lower-case letters, digits and _");
    }
}

fn cadence(cadence: &Cadence, found: &mut Found) {
    let phases = [
        ("baseline", &cadence.baseline, LONGEST_CADENCE_BEFORE_S),
        ("infusing", &cadence.infusing, LONGEST_CADENCE_S),
        ("recovery", &cadence.recovery, LONGEST_CADENCE_S),
    ];
    for (phase, steps, longest_s) in phases {
        cadence_steps(steps, longest_s, &format!("cadence.{phase}"), found);
    }
    found.within("cadence.fixed", cadence.fixed.len(), (0, MOST_STEPS), " readings");
    for (index, fixed) in cadence.fixed.iter().enumerate() {
        let place = format!("cadence.fixed[{index}]");
        found.within(format!("{place}.at_s"), fixed.at_s, (60, LONGEST_PLAN_S), " s");
        found.within(format!("{place}.early_s"), fixed.early_s, (0, fixed.at_s), " s");
    }
    if let Some(after) = cadence.after_rate_change_s {
        found.within("cadence.after_rate_change_s", after, (1, LONGEST_CADENCE_S), " s");
    }
}

fn cadence_steps(steps: &[CadenceStep], longest_s: u32, place: &str, found: &mut Found) {
    found.within(place, steps.len(), (1, MOST_STEPS), " steps");
    for (index, step) in steps.iter().enumerate() {
        let every = format!("{place}[{index}].every_s");
        found.within(every, step.every_s, (60, longest_s), " s");
        let is_last = index + 1 == steps.len();
        let before = index.checked_sub(1).and_then(|before| steps[before].until_s).unwrap_or(0);
        let until = format!("{place}[{index}].until_s");
        match step.until_s {
            None if !is_last => found.add(until, "only the last step goes on to the end"),
            Some(_) if is_last => {
                found.add(until, "the last step goes on to the end: leave until_s out");
            }
            Some(until_s) if until_s <= before => {
                found.add(until, format!("must be later than the step before, {before} s"));
            }
            _ => {}
        }
    }
}
