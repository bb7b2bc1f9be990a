//! How staff read what they did.

use super::treatment::{Treatment, spray_mg};
use super::{Event, ManualVitals};
use crate::profile::Profile;
use crate::rules::{Condition, OwnLimits};

/// An event as staff read it. A withdrawal is shown at the entry that it withdraws.
pub(crate) fn words(event: &Event, treatment: &Treatment, profile: &Profile) -> Option<String> {
    let because = |words: String, reason: &Option<String>| match reason {
        Some(reason) => format!("{words}: {reason}"),
        None => words,
    };
    Some(match event {
        Event::CheckIn(_) => "Checked in".to_owned(),
        Event::Screening(answered) => {
            let yes = answered.answers.iter().filter(|(_, yes)| **yes);
            let yes: Vec<_> = yes.map(|(name, _)| item_text(name, profile)).collect();
            let found = match (answered.reviewed, yes.is_empty()) {
                (true, _) => "Screening: seen by a prescriber".to_owned(),
                (false, true) => "Screening: all no".to_owned(),
                (false, false) => format!("Screening: yes to {}", yes.join("; ")),
            };
            because(found, &answered.note)
        }
        Event::Order(order) => {
            let order = treatment.filled(order, profile);
            let by = order.ordered_by.as_ref().map(|by| format!(", by {by}")).unwrap_or_default();
            let drug = order.drug.clone().unwrap_or_default();
            format!("Order: {drug} {}{by}", order.words())
        }
        Event::Check { item, over } => {
            let text = item_text(item, profile);
            if *over { format!("No longer: {text}") } else { text.to_owned() }
        }
        Event::Bolus(bolus) => because(format!("Bolus {} mg", bolus.mg), &bolus.note),
        Event::Spray(spray) => {
            let mg = spray_mg(spray, profile).map(|mg| format!(" {mg} mg")).unwrap_or_default();
            format!("Spray device {}{mg}", treatment.doses.doses().count())
        }
        Event::Medication(given) => because(given.words(), &given.note),
        Event::Oxygen(given) => given.words(),
        Event::AdverseEvent(event) => {
            let what = format!("Adverse event, {}: {}", event.severity.words(), event.text);
            [("action", &event.action), ("outcome", &event.outcome)].iter().fold(
                what,
                |words, (name, said)| match said {
                    Some(said) => format!("{words}; {name}: {said}"),
                    None => words,
                },
            )
        }
        Event::AcceptBaseline(accepted) => {
            let known = if accepted.known_low { ", known low" } else { "" };
            format!("Baseline accepted: {}{known}", measured_words(&accepted.values().into()))
        }
        Event::ManualVitals(vitals) => format!("Measured by hand: {}", measured_words(vitals)),
        Event::Start { overrides } => {
            because("Infusion started".to_owned(), &overrides.as_ref().map(|o| o.reason.clone()))
        }
        Event::RateChange { from, to, unit } => {
            let from = from.map(|from| format!(" from {from}")).unwrap_or_default();
            let unit = unit.as_ref().map(|unit| format!(" {unit}")).unwrap_or_default();
            format!("Rate changed{from} to {to}{unit}")
        }
        Event::Pause { reason } => because("Infusion paused".to_owned(), reason),
        Event::Resume {} => "Infusion resumed".to_owned(),
        Event::Stop { reason } => because("Infusion ended, recovery".to_owned(), reason),
        Event::Symptom { symptom, over, note } => {
            let gone = if *over { " has gone" } else { "" };
            because(format!("{}{gone}", profile.symptom_text(symptom)), note)
        }
        Event::Score { score, value, note } => {
            let known = profile.scores.iter().find(|choice| choice.name == *score);
            let name = known.map_or(score.as_str(), |choice| &choice.text);
            because(format!("{name}: {value}"), note)
        }
        Event::Limits { limits, reason, prescriber } => {
            let one = |(condition, own): (&Condition, &Option<OwnLimits>)| {
                let name = profile.row(*condition).map_or(condition.name(), |row| &row.text);
                own.map_or_else(|| format!("{name} as usual"), |own| own_words(name, own))
            };
            let all = limits.iter().map(one).collect::<Vec<_>>().join("; ");
            let by = prescriber.as_ref().map(|name| format!(", by {name}")).unwrap_or_default();
            format!("Own limits: {all}{by}: {reason}")
        }
        Event::Note { text } => text.clone(),
        Event::BpNow {} => "BP now: asked for".to_owned(),
        Event::Correct { .. } => return None,
        Event::SignOff {} => "Signed off".to_owned(),
        Event::Move { room, with_monitor } => {
            let along = if *with_monitor { ", with the monitor" } else { "" };
            format!("Moved to room {room}{along}")
        }
        Event::Discharge { overrides } => {
            because("Discharged".to_owned(), &overrides.as_ref().map(|o| o.reason.clone()))
        }
        Event::Abort { reason } => because("Session aborted".to_owned(), reason),
        Event::Transfer { reason } => because("Patient transferred".to_owned(), reason),
    })
}

/// An item of a gate as staff read it.
fn item_text<'a>(name: &'a str, profile: &'a Profile) -> &'a str {
    let mut items = profile.gates.iter().flat_map(|gate| &gate.items);
    items.find(|item| item.name == name).map_or(name, |item| &item.text)
}

fn own_words(name: &str, own: OwnLimits) -> String {
    let stages = [("caution", own.caution), ("urgent", own.urgent), ("extreme", own.extreme)];
    let given = stages.iter().filter_map(|(stage, limit)| Some(format!("{stage} {}", (*limit)?)));
    format!("{name} {}", given.collect::<Vec<_>>().join(", "))
}

fn measured_words(vitals: &ManualVitals) -> String {
    let mut parts = Vec::new();
    match (vitals.systolic, vitals.diastolic) {
        (Some(systolic), Some(diastolic)) => parts.push(format!("BP {systolic}/{diastolic}")),
        (Some(systolic), None) => parts.push(format!("systolic {systolic}")),
        (None, Some(diastolic)) => parts.push(format!("diastolic {diastolic}")),
        (None, None) => {}
    }
    parts.extend(vitals.heart_rate.map(|rate| format!("HR {rate}")));
    parts.extend(vitals.spo2.map(|spo2| format!("SpO2 {spo2}")));
    parts.extend(vitals.resp_rate.map(|rate| format!("breathing {rate}")));
    parts.extend(vitals.temp.map(|temp| format!("temperature {temp}")));
    parts.join(", ")
}
