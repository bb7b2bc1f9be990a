//! Sessions as a clinic has them: scenarios of a body, with what staff write around them.

use dripwatch::people::{BirthDate, Person};
use dripwatch::record::Header;
use dripwatch::report::{About, Assembly, SessionRecord};
use dripwatch::vitals::Millis;
use serde_json::{Value, json};
use simulators::scenario::{START_MS, Scenario};

/// What staff do at a second of the scene.
pub(super) type Act = (f64, &'static str, Value);

/// A recording and what its lines do not say.
pub(super) struct Scene {
    pub(super) text: String,
    pub(super) about: About,
}

pub(super) const NAMES: [&str; 4] = ["quiet", "surge", "esketamine", "reaction"];

/// One of [`NAMES`].
pub(super) fn named(name: &str) -> Scene {
    match name {
        "quiet" => quiet(),
        "surge" => surge(),
        "esketamine" => esketamine(),
        "reaction" => reaction(),
        other => panic!("{other}"),
    }
}

impl Scene {
    /// A scenario with acts of staff between its lines, each at its second.
    pub(super) fn of(scenario: &str, acts: &[Act]) -> Self {
        let recording = Scenario::named(scenario).unwrap().unwrap().recording();
        let mut lines: Vec<(i64, String)> = Vec::new();
        let mut all = recording.lines();
        let header = all.next().unwrap().to_owned();
        for line in all {
            let at = serde_json::from_str::<Value>(line).unwrap()["at"].as_i64().unwrap();
            lines.push((at, line.to_owned()));
        }
        for (second, by, act) in acts {
            let at = START_MS + (second * 1_000.0).round() as i64;
            let line = match act.get("alert_act") {
                Some(act) => {
                    let mut line = act.clone();
                    line["at"] = json!(at);
                    line["staff"] = json!(by);
                    line
                }
                None => json!({"at": at, "staff": by, "event": act}),
            };
            let place = lines.partition_point(|(known, _)| *known <= at);
            lines.insert(place, (at, line.to_string()));
        }
        let lines: Vec<_> = lines.into_iter().map(|(_, line)| line).collect();
        Self { text: format!("{header}\n{}\n", lines.join("\n")), about: about() }
    }

    /// The record of it, whatever of it can be read.
    pub(super) fn record(&self) -> SessionRecord {
        let mut lines = self.text.lines();
        let header = Header::read(lines.next().unwrap()).unwrap();
        let mut assembly = Assembly::new(header, self.about.clone());
        for (number, line) in (2..).zip(lines) {
            // What cannot be read is missing, and the record says so.
            let _ = assembly.line(number, line);
        }
        assembly.finish()
    }
}

pub(super) fn about() -> About {
    About {
        clinic: Some("Northgate Infusion Clinic".to_owned()),
        time_zone: Some("Europe/Berlin".to_owned()),
        made_by_program: "0.1.0".to_owned(),
        made_at: Millis(START_MS + 3 * 3_600_000),
        made_for: Some("KM".to_owned()),
        person: Some(Person {
            family: Some("Rossi".to_owned()),
            given: Some("Maria".to_owned()),
            birth_date: "1984-05-17".parse::<BirthDate>().ok(),
            sex: Some("F".to_owned()),
            ..Person::default()
        }),
        ..About::default()
    }
}

fn check_in(weight: u32, number: u32) -> Value {
    json!({"type": "check_in", "identifiers": ["name", "birth_date"], "consent": true,
           "series": {"number": number, "of": 6}, "weight_kg": weight,
           "escort": {"name": "Sofia Moretti", "phone": "+49 30 5550 1717"},
           "allergies": "penicillin"})
}

/// All of the screening was answered with no.
fn screened() -> Value {
    let asked = [
        "high_pressure",
        "heart",
        "aneurysm",
        "psychosis",
        "substances",
        "pregnancy",
        "allergy",
        "inner_pressure",
        "liver",
        "medicines",
        "food",
        "drink",
        "suicidal",
    ];
    let answers: serde_json::Map<String, Value> =
        asked.iter().map(|name| ((*name).to_owned(), json!(false))).collect();
    json!({"type": "screening", "answers": answers})
}

fn score(score: &str, value: i32) -> Value {
    json!({"type": "score", "score": score, "value": value})
}

fn tick(item: &str) -> Value {
    json!({"type": "check", "item": item})
}

/// A treatment without an alert.
fn quiet() -> Scene {
    Scene::of(
        "normal-responder",
        &[
            (2.0, "KM", check_in(70, 3)),
            (2.5, "KM", screened()),
            (30.0, "KM", score("moaa_s", 5)),
            (40.0, "KM", score("dissociation", 0)),
            (190.0, "LV", json!({"type": "order", "mg_per_kg": 0.5, "ordered_by": "LV"})),
            (225.0, "TJ", tick("second_check")),
            (228.0, "KM", tick("kit")),
            (230.0, "KM", tick("call_button")),
            (1_020.0, "KM", json!({"type": "symptom", "symptom": "nausea", "note": "mild"})),
            (
                1_100.0,
                "KM",
                json!({"type": "medication", "drug": "ondansetron", "dose": 4, "unit": "mg", "route": "iv"}),
            ),
            (1_200.0, "KM", score("dissociation", 5)),
            (1_205.0, "KM", score("moaa_s", 4)),
            (
                1_500.0,
                "KM",
                json!({"type": "note", "text": "Eyes closed, calm. Music changed at the patient's wish; says the light above the door is too bright, dimmed. Comfortable on the left side, warm blanket given, call button in the right hand."}),
            ),
            (1_800.0, "KM", json!({"type": "symptom", "symptom": "nausea", "over": true})),
            (2_400.0, "TJ", score("distress", 6)),
            (2_410.0, "TJ", json!({"type": "correct", "event": 18, "reason": "other patient"})),
            (
                3_300.0,
                "TJ",
                json!({"type": "manual_vitals", "systolic": 130, "diastolic": 80, "heart_rate": 74}),
            ),
            (4_300.0, "KM", score("moaa_s", 5)),
            (4_305.0, "KM", score("dissociation", 0)),
            (4_310.0, "KM", score("aldrete", 10)),
            (4_400.0, "KM", tick("oriented")),
            (4_410.0, "KM", tick("walks")),
            (4_420.0, "KM", tick("iv_removed")),
            (4_430.0, "KM", tick("instructions")),
            (4_440.0, "KM", tick("escort_here")),
        ],
    )
}

/// A surge that a medicine brings down, and an infusion that ends early.
fn surge() -> Scene {
    Scene::of(
        "labetalol",
        &[
            (1.0, "KM", check_in(70, 1)),
            (1.5, "KM", screened()),
            (
                2.0,
                "LV",
                json!({"type": "order", "mg": 35, "ml": 50, "minutes": 40, "ordered_by": "LV"}),
            ),
            (720.0, "TJ", json!({"alert_act": {"silence": {"alert": "a1", "seconds": 60}}})),
            (
                906.5,
                "KM",
                json!({"type": "medication", "drug": "labetalol", "dose": 10, "unit": "mg", "route": "iv", "note": "LV at the bed"}),
            ),
            (
                1_000.0,
                "KM",
                json!({"type": "limits", "limits": {"systolic_high": {"caution": 165, "urgent": 185}}, "reason": "usual pressure 150 at home", "prescriber": "LV"}),
            ),
            (1_200.0, "KM", json!({"type": "oxygen", "flow_l_min": 2, "device": "nasal"})),
            (1_500.0, "KM", json!({"type": "stop", "reason": "pressure, patient asked to stop"})),
            (1_600.0, "KM", json!({"type": "oxygen", "flow_l_min": 0})),
        ],
    )
}

/// Two spray devices.
fn esketamine() -> Scene {
    let mut scene = Scene::of(
        "spravato",
        &[
            (2.0, "KM", check_in(66, 2)),
            (2.5, "KM", screened()),
            (70.0, "LV", json!({"type": "order", "mg": 56, "ordered_by": "LV"})),
            (120.5, "KM", json!({"type": "spray", "lot": "LX 4471"})),
            (420.5, "KM", json!({"type": "spray", "lot": "LX 4472"})),
            (1_800.0, "KM", score("dissociation", 7)),
            (1_805.0, "KM", score("moaa_s", 4)),
            (3_400.0, "KM", score("moaa_s", 5)),
        ],
    );
    // The scenario's infusion is a spray here.
    let is_infusion = |line: &&str| {
        line.contains(r#""event":{"type":"start"}"#) || line.contains(r#""event":{"type":"stop"}"#)
    };
    scene.text = scene
        .text
        .lines()
        .filter(|line| !is_infusion(line))
        .fold(String::new(), |text, line| text + line + "\n");
    scene.about.person = None;
    scene
}

/// A reaction to an antibody: stopped, treated, handed over.
fn reaction() -> Scene {
    Scene::of(
        "allergy",
        &[
            (
                150.0,
                "LV",
                json!({"type": "order", "mg": 330, "ml": 250, "minutes": 120, "ordered_by": "LV"}),
            ),
            (1_161.0, "KM", json!({"type": "symptom", "symptom": "rash"})),
            (1_164.0, "KM", json!({"type": "symptom", "symptom": "throat_tightness"})),
            (1_172.0, "KM", json!({"alert_act": {"acknowledge": "a1"}})),
            (
                1_190.0,
                "KM",
                json!({"type": "medication", "drug": "adrenaline", "dose": 0.5, "unit": "mg", "route": "im", "note": "outer thigh"}),
            ),
            (1_200.0, "TJ", json!({"type": "oxygen", "flow_l_min": 15, "device": "mask"})),
            (
                1_230.0,
                "TJ",
                json!({"type": "adverse_event", "text": "Reaction 15 min after the start: rash, tight throat, pressure falls", "severity": "severe", "action": "Stopped, adrenaline 0.5 mg IM, oxygen, ambulance called"}),
            ),
            (
                1_300.0,
                "KM",
                json!({"alert_act": {"outcome": {"alert": "a1", "outcome": "clinician_called", "note": "LV came at once"}}}),
            ),
            (
                1_350.0,
                "KM",
                json!({"type": "abort", "reason": "Reaction: to hospital by ambulance"}),
            ),
        ],
    )
}
