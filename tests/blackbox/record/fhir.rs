//! The record as a FHIR document: what every reader of it may rely on.

use std::collections::{BTreeMap, BTreeSet};

use dripwatch::report::{SessionRecord, fhir};
use serde_json::{Value, json};
use simulators::scenario::START_MS;

use super::scenes::{NAMES, Scene, named};

/// Units of UCUM that a document has.
const UNITS: [&str; 10] = ["%", "/min", "Cel", "L/min", "a", "kg", "mL/h", "mg", "mm[Hg]", "ug"];

fn bundle(record: &SessionRecord) -> Value {
    serde_json::from_str(&fhir(record)).unwrap()
}

/// The four sessions, and some that lack nearly everything or have what breaks a careless writer.
fn records() -> Vec<(&'static str, SessionRecord)> {
    let mut all: Vec<_> = NAMES.iter().map(|name| (*name, named(name).record())).collect();
    let mut nothing = Scene::of("normal-responder", &[]);
    nothing.text.truncate(nothing.text.find('\n').unwrap() + 1);
    let mut nothing = nothing.record();
    nothing.header.clinic = None;
    nothing.header.patient.initials = String::new();
    nothing.header.patient.person = None;
    all.push(("nothing", nothing));
    let strange = "\u{202e}محمد 李 <b>&\u{7}\"";
    let medication = json!({"type": "medication", "drug": strange, "dose": 2, "unit": "puffs"});
    let event = json!({"type": "adverse_event", "text": strange, "severity": "mild"});
    let mut words =
        Scene::of("normal-responder", &[(1_000.0, "KM", medication), (1_010.0, "KM", event)])
            .record();
    words.header.clinic = Some(strange.to_owned());
    if let Some(person) = &mut words.header.patient.person {
        person.family = Some(strange.repeat(50));
        person.given = Some(" ".to_owned());
        person.sex = Some("?".to_owned());
    }
    all.push(("strange words", words));
    let mut removed = named("reaction").record();
    removed.header.patient.is_removed = true;
    removed.adverse_events.iter_mut().for_each(|event| event.what.text.clear());
    removed.overrides.iter_mut().for_each(|waived| waived.reason.clear());
    removed.events.iter_mut().for_each(|event| event.by.clear());
    all.push(("removed", removed));
    all
}

fn resources<'a>(bundle: &'a Value, kind: &str) -> Vec<&'a Value> {
    let all = bundle["entry"].as_array().unwrap().iter().map(|entry| &entry["resource"]);
    all.filter(|resource| resource["resourceType"] == kind).collect()
}

/// Walks through all values, each with the path to it.
fn walk<'a>(value: &'a Value, path: &str, visit: &mut impl FnMut(&str, &'a Value)) {
    visit(path, value);
    match value {
        Value::Array(all) => {
            all.iter().enumerate().for_each(|(n, one)| walk(one, &format!("{path}[{n}]"), visit));
        }
        Value::Object(all) => {
            all.iter().for_each(|(key, one)| walk(one, &format!("{path}.{key}"), visit));
        }
        _ => {}
    }
}

#[test]
fn every_reference_leads_to_a_resource_and_every_resource_is_referred_to() {
    for (name, record) in records() {
        let bundle = bundle(&record);
        let entries = bundle["entry"].as_array().unwrap();
        assert_eq!(entries[0]["resource"]["resourceType"], "Composition", "a document begins so");
        let mut urls = BTreeSet::new();
        for entry in entries {
            let url = entry["fullUrl"].as_str().unwrap();
            let id = entry["resource"]["id"].as_str().unwrap();
            assert_eq!(url, format!("urn:uuid:{id}"));
            assert!(urls.insert(url), "{name}: {url} is there twice");
        }
        let mut used = BTreeSet::new();
        walk(&bundle, "", &mut |path, value| {
            if let Some(reference) = value["reference"].as_str() {
                assert!(urls.contains(reference), "{name}: {path} leads nowhere");
                used.insert(reference);
            }
        });
        for entry in entries {
            let kind = entry["resource"]["resourceType"].as_str().unwrap();
            let needs_no_one = ["Composition", "Provenance"].contains(&kind);
            let url = entry["fullUrl"].as_str().unwrap();
            assert!(needs_no_one || used.contains(url), "{name}: nobody refers to {kind} {url}");
        }
    }
}

#[test]
fn nothing_is_empty_every_code_has_its_list_and_every_unit_is_of_ucum() {
    for (name, record) in records() {
        let bundle = bundle(&record);
        walk(&bundle, "", &mut |path, value| {
            let is_empty = match value {
                Value::Null => true,
                Value::String(text) => text.trim().is_empty(),
                Value::Array(all) => all.is_empty(),
                Value::Object(all) => all.is_empty(),
                _ => false,
            };
            assert!(!is_empty, "{name}: {path} is empty");
            if value["resourceType"] == "Observation" {
                // FHIR's profiles of vital signs have no curve.
                let is_curve = value["valueSampledData"].is_object();
                assert!(!is_curve || value["code"]["coding"][0]["system"] != "http://loinc.org");
                let statuses = ["final", "amended", "entered-in-error"];
                assert!(statuses.contains(&value["status"].as_str().unwrap()), "{path}");
            }
            if path.ends_with(']') && path.contains(".coding[") && value.is_object() {
                assert!(
                    value["system"].is_string() && value["code"].is_string(),
                    "{path}: {value}"
                );
            }
            if value["system"] == "http://unitsofmeasure.org" {
                let code = value["code"].as_str().unwrap();
                assert!(UNITS.contains(&code), "{name}: {path}: {value}");
            }
        });
    }
}

#[test]
fn the_same_record_gives_the_same_bytes_and_another_session_shares_no_id() {
    let ids = |text: &str| -> BTreeSet<String> {
        let bundle: Value = serde_json::from_str(text).unwrap();
        let entries = bundle["entry"].as_array().unwrap().clone();
        entries.iter().map(|entry| entry["fullUrl"].as_str().unwrap().to_owned()).collect()
    };
    let mut record = named("esketamine").record();
    let first = fhir(&record);
    assert_eq!(first, fhir(&named("esketamine").record()));
    record.header.made_at = record.header.made_at.plus(60_000);
    let later = fhir(&record);
    assert_ne!(first, later);
    assert_eq!(ids(&first), ids(&later), "resources keep their ids in a later document");
    record.header.session = "another".to_owned().try_into().unwrap();
    let of_another = ids(&fhir(&record));
    assert!(ids(&first).is_disjoint(&of_another));
    record.header.room = "9".to_owned().try_into().unwrap();
    record.header.opened_at = record.header.opened_at.plus(-3_600_000);
    let moved = ids(&fhir(&record));
    assert!(of_another.is_subset(&moved), "a session keeps them wherever it moves");
    assert_eq!(moved.len(), of_another.len() + 1, "the other room");
}

#[test]
fn pressures_are_panels_with_the_numbers_of_the_record_and_who_measured_them() {
    let record = named("quiet").record();
    let bundle = bundle(&record);
    let panels: Vec<_> = resources(&bundle, "Observation")
        .into_iter()
        .filter(|o| o["code"]["coding"][0]["code"] == "85354-9" && o["status"] == "final")
        .collect();
    assert_eq!(panels.len(), record.pressures.len());
    for (panel, pressure) in panels.iter().zip(&record.pressures) {
        let parts = panel["component"].as_array().unwrap();
        let part = |code: &str| {
            let part = parts.iter().find(|part| part["code"]["coding"][0]["code"] == code).unwrap();
            part["valueQuantity"]["value"].clone()
        };
        assert_eq!(part("8480-6"), json!(pressure.systolic));
        assert_eq!(part("8462-4"), json!(pressure.diastolic));
        let is_by_hand = panel.get("performer").is_some();
        assert_ne!(is_by_hand, panel.get("device").is_some());
        assert_eq!(is_by_hand, json!(pressure.source)["is"] == "by_hand");
    }
}

#[test]
fn the_doses_of_an_infusion_make_up_what_was_given_and_devices_have_their_lots() {
    let doses = |name: &str| {
        let record = named(name).record();
        let bundle = bundle(&record);
        let drug = record.order.as_ref().unwrap().order.drug.clone().unwrap();
        let lots: BTreeMap<String, String> = resources(&bundle, "Medication")
            .into_iter()
            .map(|medication| {
                let lot = medication["batch"]["lotNumber"].as_str().unwrap();
                let id = medication["id"].as_str().unwrap();
                (format!("urn:uuid:{id}"), lot.to_owned())
            })
            .collect();
        let all = resources(&bundle, "MedicationAdministration");
        let of_order: Vec<_> = all
            .into_iter()
            .filter(|given| {
                given["medicationCodeableConcept"]["text"] == json!(drug)
                    || given["medicationReference"].is_object()
            })
            .collect();
        let sum: f64 = of_order.iter().filter_map(|g| g["dosage"]["dose"]["value"].as_f64()).sum();
        let statuses: Vec<_> =
            of_order.iter().map(|g| g["status"].as_str().unwrap().to_owned()).collect();
        let given = record.given.unwrap().mg.as_f64();
        assert!((sum - given).abs() < 0.05, "{name}: {sum} mg of {given} mg");
        (statuses, lots.into_values().collect::<BTreeSet<_>>())
    };
    assert_eq!(doses("quiet").0, ["completed"]);
    assert_eq!(doses("reaction").0, ["stopped"]);
    assert_eq!(doses("surge").0.last().map(String::as_str), Some("stopped"));
    let (statuses, lots) = doses("esketamine");
    assert_eq!(statuses, ["completed", "completed"]);
    assert_eq!(lots, BTreeSet::from(["LX 4471".to_owned(), "LX 4472".to_owned()]));
}

#[test]
fn a_gap_is_no_value_in_the_curve_and_an_observation_that_says_why() {
    let mut scene = Scene::of("normal-responder", &[]);
    // The finger clip is off for a minute.
    let mut heard = 0;
    let kept = scene.text.lines().map(|line| {
        heard += usize::from(line.contains("\"spo2\""));
        match (1_000..1_060).contains(&heard) && line.contains("\"spo2\"") {
            true => {
                let mut line: Value = serde_json::from_str(line).unwrap();
                line["frame"] = json!({"type": "status", "vital": "spo2", "status": "sensor_off"});
                line.to_string()
            }
            false => line.to_owned(),
        }
    });
    scene.text = kept.collect::<Vec<_>>().join("\n");
    let record = scene.record();
    let spo2 = record.trends.iter().find(|trend| trend.unit == "%").unwrap();
    assert!(!spo2.absences.is_empty());
    let bundle = bundle(&record);
    let of_spo2 = |o: &&Value| o["code"]["coding"][0]["code"] == "2708-6";
    let all: Vec<_> = resources(&bundle, "Observation").into_iter().filter(of_spo2).collect();
    let is_curve = |o: &&Value| o["code"]["coding"][0]["code"] == "150456";
    let curve = resources(&bundle, "Observation").into_iter().find(is_curve).unwrap();
    let data = curve["valueSampledData"]["data"].as_str().unwrap();
    let missing = data.split(' ').filter(|word| *word == "E").count();
    assert!((50..=61).contains(&missing), "{missing} samples are missing");
    let gaps: Vec<_> = all.iter().filter(|o| o["dataAbsentReason"].is_object()).collect();
    assert_eq!(gaps.len(), spo2.absences.len());
    assert_eq!(gaps[0]["dataAbsentReason"]["text"], json!(spo2.absences[0].text));
    assert!(gaps.iter().all(|gap| gap.get("valueQuantity").is_none()));
}

#[test]
fn what_was_taken_back_or_corrected_stays_marked_with_who_changed_it_and_why() {
    let scene = Scene::of(
        "normal-responder",
        &[
            (
                3_300.0,
                "TJ",
                json!({"type": "manual_vitals", "systolic": 230, "diastolic": 80, "heart_rate": 74}),
            ),
            (
                3_330.0,
                "KM",
                json!({"type": "medication", "drug": "ondansetron", "dose": 4, "unit": "mg"}),
            ),
        ],
    );
    let numbers: Vec<u32> = scene
        .record()
        .events
        .iter()
        .filter(|e| e.by == "TJ" || e.text.contains("Ondansetron"))
        .map(|e| e.n)
        .collect();
    let [vitals, medication] = numbers[..] else { panic!("{numbers:?}") };
    let scene = Scene::of(
        "normal-responder",
        &[
            (
                3_300.0,
                "TJ",
                json!({"type": "manual_vitals", "systolic": 230, "diastolic": 80, "heart_rate": 74}),
            ),
            (
                3_330.0,
                "KM",
                json!({"type": "medication", "drug": "ondansetron", "dose": 4, "unit": "mg"}),
            ),
            (3_360.0, "KM", json!({"type": "correct", "event": vitals, "reason": "other patient"})),
            (3_370.0, "KM", json!({"type": "correct", "event": medication, "reason": "not given"})),
        ],
    );
    let bundle = bundle(&scene.record());
    let in_error = |kind: &str| -> Vec<&Value> {
        let all = resources(&bundle, kind).into_iter();
        all.filter(|resource| resource["status"] == "entered-in-error").collect()
    };
    let values = in_error("Observation");
    assert_eq!(values.len(), 2, "{values:#?}");
    let pressure = values.iter().find(|o| o["component"].is_array()).unwrap();
    assert_eq!(pressure["component"][0]["valueQuantity"]["value"], 230);
    assert_eq!(in_error("MedicationAdministration").len(), 1);
    let is_valid = |o: &&&Value| o["status"] != "entered-in-error";
    let kept = resources(&bundle, "Observation");
    let highest = kept
        .iter()
        .filter(is_valid)
        .filter_map(|o| o["component"][0]["valueQuantity"]["value"].as_f64());
    assert!(highest.fold(0.0, f64::max) < 200.0, "what was taken back counts no more");
    let reasons: Vec<_> = resources(&bundle, "Provenance")
        .into_iter()
        .filter_map(|provenance| provenance["reason"][0]["text"].as_str())
        .collect();
    assert_eq!(reasons, ["other patient", "other patient", "not given"]);
}

#[test]
fn a_corrected_pressure_is_amended_and_its_original_stays() {
    let frame = |at: i64, numbers: Value| json!({"at": at, "device": "mon-3", "frame": {"type": "readings", "readings": [numbers]}});
    let mut scene = Scene::of("normal-responder", &[]);
    let mut lines: Vec<String> = scene.text.lines().map(str::to_owned).collect();
    let at = START_MS + 2_000_000;
    let measured = |systolic: u32| json!({"vital": "nibp", "systolic": systolic, "diastolic": 80, "taken_at": at});
    let mut corrected = measured(128);
    corrected["corrects"] = json!(true);
    for (at, numbers) in [(at, measured(182)), (at + 5_000, corrected)] {
        let is_before = |line: &String| {
            let line: Value = serde_json::from_str(line).unwrap();
            line["at"].as_i64().is_none_or(|before| before <= at)
        };
        let place = lines.partition_point(is_before);
        lines.insert(place, frame(at, numbers).to_string());
    }
    scene.text = lines.join("\n");
    let record = scene.record();
    let bundle = bundle(&record);
    let systolic = |status: &str| -> Vec<Value> {
        let all = resources(&bundle, "Observation").into_iter().filter(|o| o["status"] == status);
        all.map(|o| o["component"][0]["valueQuantity"]["value"].clone()).collect()
    };
    assert_eq!(record.corrections.len(), 1, "{:#?}", record.corrections);
    assert_eq!(systolic("amended"), [json!(128)]);
    assert_eq!(systolic("entered-in-error"), [json!(182)]);
    let update = resources(&bundle, "Provenance")
        .into_iter()
        .find(|provenance| provenance["activity"]["coding"][0]["code"] == "UPDATE")
        .unwrap();
    assert_eq!(update["entity"][0]["role"], "revision");
}

#[test]
fn a_patient_who_is_not_known_or_was_removed_has_no_invented_name() {
    let mut record = named("quiet").record();
    let patient = |record: &SessionRecord| resources(&bundle(record), "Patient")[0].clone();
    let known = patient(&record);
    assert_eq!(known["name"], json!([{"family": "Rossi", "given": ["Maria"]}]));
    assert_eq!((&known["gender"], &known["birthDate"]), (&json!("female"), &json!("1984-05-17")));
    record.header.patient.person = None;
    let unknown = patient(&record);
    assert_eq!(unknown["name"][0]["use"], "anonymous");
    assert!(unknown.get("birthDate").is_none());
    record.header.patient.is_removed = true;
    let removed = patient(&record);
    assert_eq!(removed["name"][0]["extension"][0]["valueCode"], "masked");
    assert!(!removed.to_string().contains(&record.header.patient.initials));
}
