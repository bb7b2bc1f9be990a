//! What a profile must be before the room judges by it. Floors and ceilings stand in
//! [`super::bounds`]; here is what would make no sense at all.

mod row;
mod rule;
#[cfg(test)]
mod tests;
mod wait;

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::bounds;
use super::{Cadence, CadenceStep, Condition, Profile, PulseGate, ScoreChoice};
use crate::name::{self, NotAName};
pub(super) use rule::shape;

/// The longest time between two pressures before the start, seconds.
const LONGEST_CADENCE_BEFORE_S: u32 = 1_800;
/// The same from the start on.
const LONGEST_CADENCE_S: u32 = 3_600;
/// The longest treatment, seconds.
const LONGEST_PLAN_S: u32 = 86_400;
/// Texts that staff read at a glance, characters.
const LONGEST_TEXT: usize = 80;
/// Choices that staff can still find one in.
const MOST_CHOICES: usize = 40;
/// Steps of a cadence, readings at fixed times.
const MOST_STEPS: usize = 24;
/// Problems that are told at once.
const MOST_PROBLEMS: usize = 100;

/// What is wrong with a profile, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[schema(as = ProfileProblem)]
pub struct Problem {
    /// The key, such as `conditions[3].rule.held.stages[0].for_s`.
    pub place: String,
    /// The line, when it was read from a text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub line: Option<usize>,
    /// What is wrong and what is allowed.
    pub what: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "line {line}: {}: {}", self.place, self.what),
            None => write!(f, "{}: {}", self.place, self.what),
        }
    }
}

/// Collects problems below a place.
pub(in crate::profile) struct Found {
    problems: Vec<Problem>,
}

impl Found {
    pub(in crate::profile) fn add(&mut self, place: impl Into<String>, what: impl Into<String>) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(Problem { place: place.into(), line: None, what: what.into() });
        }
    }

    /// A number in a range; said once for a place, by whoever looks first.
    pub(in crate::profile) fn within<T: PartialOrd + Copy + fmt::Display>(
        &mut self,
        place: impl Into<String>,
        value: T,
        (from, to): (T, T),
        unit: &str,
    ) {
        let place = place.into();
        let is_known = || self.problems.iter().any(|problem| problem.place == place);
        // What is no number at all is in no range.
        if !(from..=to).contains(&value) && !is_known() {
            self.add(place, format!("must be {from}..={to}{unit}, got {value}"));
        }
    }
}

/// Every problem of a profile at once; none when the room can judge by it.
pub(super) fn problems(profile: &Profile) -> Vec<Problem> {
    let mut found = Found { problems: Vec::new() };
    lists_have_an_end(profile, &mut found);
    if !found.problems.is_empty() {
        return found.problems;
    }
    head(profile, &mut found);
    cadence(&profile.cadence, &mut found);
    for (index, row) in profile.conditions.iter().enumerate() {
        let place = format!("conditions[{index}]");
        if profile.conditions[..index].iter().any(|other| other.condition == row.condition) {
            let name = row.condition.name();
            found.add(
                format!("{place}.condition"),
                format!("{name} stands twice; a condition has one row"),
            );
        }
        if row::fits_its_condition(row, &place, &mut found) {
            // The narrower ranges of a condition are said before those of its shape.
            bounds::row_keeps_to_them(profile, row, &place, &mut found);
            let place = format!("{place}.rule.{}", shape(&row.rule));
            rule::makes_sense(profile, row, &place, &mut found);
        }
        row::makes_sense(row, &place, &mut found);
    }
    for (index, one) in profile.waits.iter().enumerate() {
        let place = format!("waits[{index}]");
        bounds::wait_keeps_to_them(one, &place, &mut found);
        wait::makes_sense(profile, one, &place, &mut found);
    }
    bounds::nothing_is_missing(profile, &mut found);
    found.problems
}

/// A profile under another's name.
pub(super) fn named_otherwise(asked: &str, written: &str) -> Problem {
    let what = format!("must be {asked:?}, the name under which it is put, got {written:?}");
    Problem { place: "name".to_owned(), line: None, what }
}

/// What is far too long is told alone: everything else is looked at for each of its parts.
fn lists_have_an_end(profile: &Profile, found: &mut Found) {
    found.within("symptoms", profile.symptoms.len(), (0, MOST_CHOICES), " choices");
    found.within("scores", profile.scores.len(), (0, MOST_CHOICES), " choices");
    found.within("holds", profile.holds.len(), (0, MOST_CHOICES), " holds");
    found.within("waits", profile.waits.len(), (0, MOST_CHOICES), " waits");
    // Every condition once, and some that stand twice by mistake.
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
    text(&profile.title, "title", found);
    found.within("planned_s", profile.planned_s, (60, LONGEST_PLAN_S), " s");
    if let Some(rise) = profile.marked_rise {
        found.within("marked_rise.systolic", rise.systolic, (10.0, 100.0), " mmHg");
        found.within("marked_rise.diastolic", rise.diastolic, (10.0, 100.0), " mmHg");
    }
    pulse_gate(&profile.pulse_gate, found);
    for (index, choice) in profile.symptoms.iter().enumerate() {
        choice_name(&choice.name, &format!("symptoms[{index}].name"), found);
        text(&choice.text, &format!("symptoms[{index}].text"), found);
    }
    for (index, choice) in profile.scores.iter().enumerate() {
        let ScoreChoice { name, text: words, lowest, highest, .. } = choice;
        choice_name(name, &format!("scores[{index}].name"), found);
        text(words, &format!("scores[{index}].text"), found);
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
        rule::sign_makes_sense(hold, &format!("holds[{index}]"), found);
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
        text(meaning, &format!("{place}[{index}]"), found);
    }
}

fn stand_once<'a>(names: impl Iterator<Item = &'a str>, place: &str, found: &mut Found) {
    let mut seen = BTreeSet::new();
    for (index, name) in names.enumerate() {
        if !seen.insert(name) {
            found.add(format!("{place}[{index}].name"), format!("{name:?} stands twice"));
        }
    }
}

fn choice_name(name: &str, place: &str, found: &mut Found) {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    if name.is_empty() || name.len() > 40 || !name.bytes().all(fits) {
        found.add(place, "must be 1..=40 lower-case letters, digits and _");
    }
}

fn text(text: &str, place: &str, found: &mut Found) {
    let count = text.chars().count();
    if count == 0 || count > LONGEST_TEXT || text.chars().any(char::is_control) {
        found.add(place, format!("must be a text of 1..={LONGEST_TEXT} characters, got {count}"));
    } else if let Err(problem @ (NotAName::Invisible(_) | NotAName::Space(_))) =
        name::checked(text, LONGEST_TEXT)
    {
        found.add(place, problem.to_string());
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

/// Whether a condition is one that a profile must have.
pub(super) fn missing(profile: &Profile, condition: Condition) -> bool {
    profile.row(condition).is_none()
}
