//! What staff enter for each thing that they do, from what the session's own form asks. Pure.

use serde_json::{Map, Value, json};

use super::action::StaffAction;
use super::treatment::Treatment;
use crate::staff::{Nurse, SIMULATED_AUTHORITY};

/// Items of gates that are met by a score: item, score, and what a patient who is well has.
const SCORED: [(&str, &str, u32); 3] =
    [("awake", "moaa_s", 5), ("dissociation", "dissociation", 0), ("aldrete", "aldrete", 10)];
/// Asked of another person than who entered the order (clinical.md#start).
const BY_ANOTHER: &str = "second_check";

/// One entry, and who makes it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) by: Nurse,
    pub(super) event: Value,
}

/// With what a session is opened.
pub(super) fn opening(action: &StaffAction) -> Option<Value> {
    let StaffAction::CheckIn { given, family, number, age, weight_kg, treatment } = action else {
        return None;
    };
    let ids = json!([{"number": number, "authority": SIMULATED_AUTHORITY}]);
    let identity = json!({"given": given, "family": family, "ids": ids});
    let patient = json!({"identity": identity, "age": age, "weight_kg": weight_kg});
    let (profile, planned_s) = (treatment.profile(), treatment.planned_s());
    Some(json!({"patient": patient, "profile": profile, "planned_s": planned_s}))
}

/// What is entered for it in this session, in order. Where only one person has a token, nobody
/// can check what they do a second time: then the paperwork is kept elsewhere.
pub(super) fn entries(action: &StaffAction, session: &Value, has_second: bool) -> Vec<Entry> {
    let first = |event| Entry { by: Nurse::First, event };
    match action {
        StaffAction::CheckIn { weight_kg, .. } if has_second => vec![first(json!({
            "type": "check_in", "identifiers": ["name", "birth_date"], "consent": true,
            "series": {"number": 3, "of": 6}, "weight_kg": weight_kg,
            "escort": {"name": "D.B.", "phone": "555 0101"},
        }))],
        StaffAction::CheckIn { .. } => vec![first(json!({"type": "check_in"}))],
        StaffAction::Screen | StaffAction::Prepare(_) | StaffAction::GetReady if !has_second => {
            Vec::new()
        }
        StaffAction::Screen => {
            let questions = items(session, "screening").filter_map(|item| item["name"].as_str());
            let answers: Map<String, Value> =
                questions.map(|name| (name.to_owned(), false.into())).collect();
            let asked = (!answers.is_empty())
                .then(|| first(json!({"type": "screening", "answers": answers})));
            asked.into_iter().chain(scores(session, "baseline")).collect()
        }
        StaffAction::AcceptBaseline { nibp, heart_rate, spo2 } => vec![first(json!({
            "type": "accept_baseline", "systolic": nibp.systolic, "diastolic": nibp.diastolic,
            "heart_rate": heart_rate, "spo2": spo2,
        }))],
        StaffAction::Prepare(treatment) => {
            let dose = match treatment {
                Treatment::Ketamine => {
                    json!({"type": "order", "mg_per_kg": 0.5, "ordered_by": "Dr D.P."})
                }
                Treatment::Esketamine => {
                    json!({"type": "order", "mg": 56, "ordered_by": "Dr D.P."})
                }
                Treatment::Infliximab => {
                    json!({"type": "order", "mg_per_kg": 5, "ordered_by": "Dr D.P."})
                }
            };
            [first(dose)].into_iter().chain(ticks(session, "start")).collect()
        }
        StaffAction::Start => vec![first(json!({"type": "start"}))],
        StaffAction::Spray => vec![first(json!({"type": "spray", "dose_mg": 28}))],
        StaffAction::Pause => vec![first(json!({"type": "pause"}))],
        StaffAction::Resume => vec![first(json!({"type": "resume"}))],
        StaffAction::Stop => vec![first(json!({"type": "stop"}))],
        StaffAction::Give { drug, dose_mg, route } => vec![first(given(drug, *dose_mg, route))],
        StaffAction::Symptom(symptom) => {
            vec![first(json!({"type": "symptom", "symptom": symptom}))]
        }
        StaffAction::EndForReaction => vec![
            first(json!({"type": "stop", "reason": "reaction"})),
            first(given("diphenhydramine", 50, "iv")),
            first(given("hydrocortisone", 100, "iv")),
            first(json!({
                "type": "adverse_event", "text": "Infusion reaction: flushed, heart rate up, SpO2 down",
                "severity": "moderate", "action": "infusion stopped, prescriber called",
            })),
        ],
        StaffAction::GetReady => {
            scores(session, "discharge").chain(ticks(session, "discharge")).collect()
        }
        StaffAction::Discharge => vec![first(json!({"type": "discharge"}))],
    }
}

fn given(drug: &str, dose: u32, route: &str) -> Value {
    json!({"type": "medication", "drug": drug, "dose": dose, "unit": "mg", "route": route})
}

/// The items of a gate that people see to, as the session shows them.
fn items<'a>(session: &'a Value, step: &'a str) -> impl Iterator<Item = &'a Value> {
    let gates = session["gates"].as_array().into_iter().flatten();
    let gate = gates.filter(move |gate| gate["step"] == step);
    let items = gate.flat_map(|gate| gate["items"].as_array().into_iter().flatten());
    items.filter(|item| item["measured"] == false)
}

fn scores(session: &Value, step: &str) -> impl Iterator<Item = Entry> {
    let asked = |name: &str| items(session, step).any(|item| item["name"] == name);
    let scores: Vec<_> = SCORED.into_iter().filter(|(item, ..)| asked(item)).collect();
    scores.into_iter().map(|(_, score, value)| {
        let event = json!({"type": "score", "score": score, "value": value});
        Entry { by: Nurse::First, event }
    })
}

fn ticks<'a>(session: &'a Value, step: &'a str) -> impl Iterator<Item = Entry> + 'a {
    let names = items(session, step).filter_map(|item| item["name"].as_str());
    let by_hand = names.filter(|name| {
        *name != "order" && *name != "weight" && SCORED.iter().all(|(item, ..)| item != name)
    });
    by_hand.map(|name| {
        let by = if name == BY_ANOTHER { Nurse::Second } else { Nurse::First };
        Entry { by, event: json!({"type": "check", "item": name}) }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session() -> Value {
        json!({"gates": [
            {"step": "screening", "items": [
                {"name": "heart", "measured": false}, {"name": "liver", "measured": false}]},
            {"step": "start", "items": [
                {"name": "no_hold", "measured": true}, {"name": "order", "measured": false},
                {"name": "second_check", "measured": false}, {"name": "kit", "measured": false}]},
            {"step": "discharge", "items": [
                {"name": "stay", "measured": true}, {"name": "awake", "measured": false},
                {"name": "walks", "measured": false}]},
        ]})
    }

    fn told(action: &StaffAction, session: &Value, has_second: bool) -> Vec<(Nurse, String)> {
        let entries = entries(action, session, has_second).into_iter();
        entries.map(|entry| (entry.by, entry.event.to_string())).collect()
    }

    #[test]
    fn every_question_is_answered_and_every_item_is_ticked_that_a_person_sees_to() {
        let screened = told(&StaffAction::Screen, &session(), true);
        assert_eq!(screened.len(), 1);
        assert!(screened[0].1.contains(r#""heart":false,"liver":false"#), "{screened:?}");
        let ready = told(&StaffAction::GetReady, &session(), true);
        let events: Vec<&str> = ready.iter().map(|(_, event)| event.as_str()).collect();
        assert_eq!(
            events,
            [
                r#"{"score":"moaa_s","type":"score","value":5}"#,
                r#"{"item":"walks","type":"check"}"#
            ]
        );
    }

    #[test]
    fn dose_and_rate_are_checked_by_another_person() {
        let prepared = told(&StaffAction::Prepare(Treatment::Ketamine), &session(), true);
        let by: Vec<Nurse> = prepared.iter().map(|(by, _)| *by).collect();
        assert_eq!(by, [Nurse::First, Nurse::Second, Nurse::First]);
        assert!(
            prepared[0].1.contains(r#""mg_per_kg":0.5"#) && prepared[1].1.contains("second_check")
        );
    }

    #[test]
    fn without_a_second_person_the_paperwork_is_kept_elsewhere() {
        let check_in = StaffAction::CheckIn {
            given: "Ada",
            family: "Brandt",
            number: "1-0".to_owned(),
            age: 40,
            weight_kg: 70.0,
            treatment: Treatment::Ketamine,
        };
        assert_eq!(told(&check_in, &session(), false)[0].1, r#"{"type":"check_in"}"#);
        assert!(told(&check_in, &session(), true)[0].1.contains("identifiers"));
        for action in [StaffAction::Screen, StaffAction::GetReady] {
            assert!(told(&action, &session(), false).is_empty(), "{action:?}");
        }
    }
}
