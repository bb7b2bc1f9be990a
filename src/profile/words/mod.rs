//! A profile as plain sentences, for the medical director who reviews it. Pure: the same profile
//! gives the same words on the page, over HTTP and in `docs/rules`.

mod gates;
mod page;

use serde::Serialize;

use super::{
    Approval, Cadence, CadenceStep, Condition, Escalation, HighEscalation, Profile, PulseGate,
    Section, Sign, Wait, WaitTest,
};
use crate::dose::DosePlan;
use crate::gates::Step;
use crate::rules::phrases::{self, part, seconds, sentence, time};
use crate::rules::{CuffPart, Vocabulary};

/// What a profile says.
#[derive(Clone, Debug, PartialEq)]
pub struct Rules<'a> {
    profile: &'a Profile,
    /// When pressure is measured.
    pub cadence: Vec<String>,
    /// What asks staff to look again before the start, and is never an alert.
    pub before_start: Vec<String>,
    /// What the start waits for after a fall, and is refused before.
    pub start_waits: Vec<String>,
    /// What holds for all gates.
    pub passing: Vec<String>,
    /// What each gate asks for, in the order of a session.
    pub gates: Vec<(Step, Vec<String>)>,
    /// What may be ordered.
    pub dose: Vec<String>,
    /// What holds for every condition.
    pub general: Vec<String>,
    /// Each condition, in the order in which it is judged.
    pub sections: Vec<Section>,
}

/// A profile in sentences, as it is answered.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(as = Rules)]
pub struct RulesText<'a> {
    /// The profile's name, such as `ketamine-iv-adult`.
    pub name: &'a str,
    /// What staff call it.
    pub title: &'a str,
    /// The profile's version.
    pub version: u32,
    /// `null` while nobody has approved this version.
    #[schema(required)]
    pub approved: Option<&'a Approval>,
    /// When pressure is measured.
    pub cadence: &'a [String],
    /// What holds for every condition, what the start waits for, what each gate asks for, and what
    /// may be ordered.
    pub general: Vec<String>,
    /// Each condition, in the order in which it is judged.
    pub sections: &'a [Section],
}

impl<'a> Rules<'a> {
    /// The words of a profile.
    #[must_use]
    pub fn of(profile: &'a Profile) -> Self {
        let rows = profile.conditions.iter();
        Self {
            profile,
            cadence: cadence(&profile.cadence),
            before_start: profile.holds.iter().map(hold).collect(),
            start_waits: profile.waits.iter().map(|wait| waits(profile.words(), wait)).collect(),
            passing: gates::passing(profile),
            gates: gates::asked(profile),
            dose: profile.dose.iter().flat_map(DosePlan::words).collect(),
            general: general(profile),
            sections: rows.map(|row| row.section(profile.words())).collect(),
        }
    }

    /// As `GET profiles/{name}/rules` gives it.
    #[must_use]
    pub fn text(&self) -> RulesText<'_> {
        let Profile { name, title, version, approved, .. } = self.profile;
        let before = self.before_start.iter().chain(&self.start_waits);
        RulesText {
            name,
            title,
            version: *version,
            approved: approved.as_ref(),
            cadence: &self.cadence,
            general: self.general.iter().chain(before).cloned().chain(self.treatment()).collect(),
            sections: &self.sections,
        }
    }

    /// What gates ask for and what may be ordered, each in a sentence of its own.
    fn treatment(&self) -> impl Iterator<Item = String> {
        let of_gate = |(step, items): &(Step, Vec<String>)| -> Vec<String> {
            let before = gates::heading(*step);
            items.iter().map(|item| format!("{before}: {item}")).collect()
        };
        let gates = self.gates.iter().flat_map(of_gate);
        self.passing.iter().cloned().chain(gates).chain(self.dose.iter().cloned())
    }

    /// As a page to read and sign.
    #[must_use]
    pub fn to_markdown(&self) -> String {
        page::markdown(self)
    }
}

fn cadence(cadence: &Cadence) -> Vec<String> {
    let of_recovery =
        if cadence.recovery_from_start { "after the first start" } else { "after the end" };
    let mut words = vec![
        steps("Before the start", "after the beginning of the phase", &cadence.baseline),
        steps("While infusing or paused", "after the first start", &cadence.infusing),
        steps("After the end", of_recovery, &cadence.recovery),
    ];
    words.extend(cadence.fixed.iter().map(|fixed| {
        let (at, early) = (time(fixed.at_s), time(fixed.early_s));
        format!("In any case {at} after the first start; a reading up to {early} earlier counts.")
    }));
    words.extend(cadence.after_rate_change_s.map(|after| {
        format!("{} after a change of the rate, a pause or its end, as a task.", time(after))
    }));
    words
}

fn steps(phase: &str, since: &str, steps: &[CadenceStep]) -> String {
    let step = |step: &CadenceStep| match step.until_s {
        Some(until) => format!("every {} until {} {since}", time(step.every_s), time(until)),
        None => format!("every {}", time(step.every_s)),
    };
    let all: Vec<_> = steps.iter().map(step).collect();
    format!("{phase}: BP {}.", all.join(", then "))
}

fn hold(hold: &Sign) -> String {
    let known = if hold.unless_known_low {
        " Not when staff have accepted low values as this patient's usual ones."
    } else {
        ""
    };
    let start = if hold.never {
        " Nobody starts with it."
    } else {
        " A prescriber may start all the same, with a reason."
    };
    format!("“{}” is shown at {}.{known}{start}", hold.text, hold.words())
}

fn waits(words: Vocabulary<'_>, wait: &Wait) -> String {
    let Wait { text, after, for_s, cuff, held, .. } = wait;
    let after = phrases::either(&words.titles(after));
    let by_cuff = cuff.iter().map(phrases::cuff_test);
    let well: Vec<_> = by_cuff.chain(held.iter().map(well_test)).collect();
    let readings = if cuff.is_empty() {
        ""
    } else {
        " Of BP only readings after the alert count, and every one of them since the time began."
    };
    let gaps = held.iter().map(|test| {
        let (gap, name) = (seconds(test.gap_s), test.vital.words());
        format!(" The time starts anew after {gap} without good values of {name}.")
    });
    let known_low = held.iter().filter(|test| test.unless_known_low).map(|test| {
        let name = test.vital.words();
        format!(
            " When staff have accepted low values as this patient's usual ones, {name} is not \
             waited for."
        )
    });
    let more: String = gaps.chain(known_low).collect();
    format!(
        "When {after} has been raised in the session before the start, the start is refused, and \
         “{text}” is shown, until there was for {} without a break: {}. A further such alert begins \
         the wait anew.{readings}{more} A prescriber or a nurse lead may start all the same, with a \
         reason, which is recorded.",
        time(*for_s),
        phrases::both(&well),
    )
}

/// When a continuous vital counts as well.
fn well_test(test: &WaitTest) -> String {
    phrases::vital(test.vital).beyond(test.compare, &test.limit)
}

/// What no profile changes (clinical.md#the-life-of-an-alert).
const ALWAYS: [&str; 11] = [
    "An alert of high priority that nobody has acknowledged latches: when its condition is over it stays on the screen until somebody acknowledges it.",
    "While nobody has acknowledged an alert its priority never falls; once somebody has, it follows its condition down, and rises again as worse.",
    "A condition that becomes active for the third time within 10 min stays active until its value has been inside for 120 s.",
    "“For n s” is an unbroken run of good values. How often a monitor gives a vital is learned: a run needs at least two of its values, one number is stale after 2.5 of its usual intervals where that is longer than the usual delay, and a vital that comes less than every 45 s is judged value by value, urgent when the next one confirms.",
    "Getting worse (a higher priority, or the next stage) ends a silence and an acknowledgement: it sounds again at once.",
    "A condition that is still active after it was acknowledged asks again: after 120 s when its priority is high, after 600 s when it is medium.",
    "A silence lasts 120 s at most.",
    "Only values that the monitor calls good raise or clear an alert of the patient's values.",
    "A monitor's clock is learned from its own stream: data of a steady clock are live, however wrong it is. Data that come more than 60 s later than the monitor's data usually do are recorded and marked late, and never judged as live.",
    "What is relative to the baseline counts once a baseline is accepted; until then, and in a room without a session, the absolute parts alone, unless the condition says otherwise.",
    "Staff may set a patient's own limits in the course of a session, with a reason; only a prescriber may loosen one.",
];

/// What is said about tasks.
const TASKS: &str = "Tasks, such as a BP that is due or has to be repeated, are on the screen and in the record; they are never alerts and never sound.";

fn general(profile: &Profile) -> Vec<String> {
    let mut words: Vec<String> = ALWAYS.map(str::to_owned).to_vec();
    words.push(escalation(&profile.escalation));
    words.push(pulse_gate(&profile.pulse_gate));
    words.push(TASKS.to_owned());
    words.push(match profile.marked_rise {
        Some(rise) => {
            let (systolic, diastolic) = (part(CuffPart::Systolic), part(CuffPart::Diastolic));
            format!(
                "A rise over the baseline of {} systolic or {} diastolic is a task from the start on, “marked rise”, and never an alert.",
                systolic.value(rise.systolic),
                diastolic.value(rise.diastolic)
            )
        }
        None => "A rise over the baseline is not shown as a task of its own.".to_owned(),
    });
    let unwatched = Condition::ALL.into_iter();
    let unwatched = unwatched.filter(|c| c.is_in_profiles() && profile.row(*c).is_none());
    let names: Vec<_> = unwatched.map(|c| c.name().to_owned()).collect();
    if !names.is_empty() {
        words.push(sentence(&format!("this profile has no rule for {}", phrases::either(&names))));
    }
    words.push("Alerts of the program itself, such as that nothing is recorded any more, are the same for every profile and are not listed here.".to_owned());
    words.push(format!("An infusion is planned to last {}.", plan(profile.planned_s)));
    words
}

fn escalation(Escalation { high, medium }: &Escalation) -> String {
    let HighEscalation { repeat_s, second_nurse_s, prescriber_s } = *high;
    format!(
        "While nobody has taken an alert of high priority it is repeated every {}; the second nurse \
         is called after {}, the prescriber after {}. One of medium priority is pointed out after \
         {}. A silence changes nothing of this; getting worse begins it anew; it ends when somebody \
         has taken the alert, or when its condition is over.",
        seconds(repeat_s),
        seconds(second_nurse_s),
        seconds(prescriber_s),
        seconds(medium.emphasised_s),
    )
}

fn pulse_gate(gate: &PulseGate) -> String {
    let PulseGate { differs, from_s, to_s, longest_s, calm_s, jump_within_s, up_s, down_s, .. } =
        *gate;
    if !gate.enabled {
        return "The pulse gate is off: motion that a monitor does not flag is judged as it comes."
            .to_owned();
    }
    format!(
        "Pulse gate: while the pulse differs by {differs}/min or more from its median of the time \
         from {} to {} before, SpO2 counts as bad signal, for at most {} and then not again before \
         {} of calm pulse. After a jump of the heart rate by {differs}/min within {} its values do \
         not count for {} when it went up and {} when it went down.",
        seconds(from_s),
        seconds(to_s),
        seconds(longest_s),
        seconds(calm_s),
        seconds(jump_within_s),
        seconds(up_s),
        seconds(down_s),
    )
}

fn plan(planned_s: u32) -> String {
    match planned_s {
        s if s.is_multiple_of(60) => format!("{} min", s / 60),
        s => seconds(s),
    }
}

#[cfg(test)]
mod tests;
