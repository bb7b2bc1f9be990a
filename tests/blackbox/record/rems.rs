//! The REMS monitoring form, as it is filled in from a record.

use dripwatch::report::{RemsDose, SessionRecord, rems, rems_page};
use serde_json::{Value, json};

use super::scenes::{NAMES, Scene, about, named};

fn score(score: &str, value: i32) -> Value {
    json!({"type": "score", "score": score, "value": value})
}

/// Two devices, effects that come and go, and a patient who leaves after two hours.
fn whole() -> SessionRecord {
    let mut scene = named("esketamine");
    scene.about = about();
    let last = scene.text.lines().rfind(|line| line.contains("\"frame\"")).unwrap();
    let at = serde_json::from_str::<Value>(last).unwrap()["at"].as_i64().unwrap();
    let mut lines: Vec<String> =
        scene.text.lines().filter(|line| !line.contains("\"end\"")).map(str::to_owned).collect();
    let minute = |n: i64| at + n * 60_000;
    let mut add = |at: i64, event: Value| {
        lines.push(json!({"at": at, "staff": "KM", "event": event}).to_string());
    };
    add(minute(1), score("dissociation", 0));
    add(minute(2), score("moaa_s", 5));
    add(minute(64), json!({"type": "manual_vitals", "systolic": 126, "diastolic": 79}));
    add(minute(66), json!({"type": "discharge", "override": {"reason": "as LV decided"}}));
    scene.text = lines.join("\n");
    scene.record()
}

#[test]
fn a_treatment_that_is_over_fills_the_form_and_names_what_only_people_know() {
    let record = whole();
    let form = rems(&record).unwrap();
    assert_eq!(form.patient.last_name.as_deref(), Some("Rossi"));
    assert_eq!(form.patient.first_name.as_deref(), Some("Maria"));
    assert_eq!(form.patient.sex.as_deref(), Some("female"));
    assert_eq!(form.patient.is_first_treatment, Some(false), "check-in says number 2 of 6");
    assert_eq!(form.setting.name.as_deref(), Some("Northgate Infusion Clinic"));
    let treatment = &form.treatment;
    assert_eq!(treatment.date.as_deref(), Some("2026-11-21"));
    assert_eq!(form.submit_by.as_deref(), Some("2026-11-28"));
    assert_eq!(treatment.dose, Some(RemsDose::Mg56));
    let lots: Vec<_> = treatment.devices.iter().filter_map(|d| d.lot.as_deref()).collect();
    assert_eq!(lots, ["LX 4471", "LX 4472"]);
    // First device at 120.5 s of the scene, whose last frame is of second 3,479; 66 min more.
    assert_eq!(treatment.total_minutes, Some(121));
    let numbers = |pressure: Option<dripwatch::report::RemsPressure>| {
        let pressure = pressure?;
        Some((pressure.systolic.to_string(), pressure.diastolic.to_string(), pressure.minute))
    };
    let pressures = &form.blood_pressure;
    assert_eq!(numbers(pressures.before), Some(("122".to_owned(), "76".to_owned(), -1)));
    assert_eq!(numbers(pressures.at_40_minutes), None, "the only one was at minute 45");
    assert_eq!(numbers(pressures.at_completion), Some(("126".to_owned(), "79".to_owned(), 119)));
    let dissociation = &form.dissociation;
    assert_eq!((dissociation.experienced, dissociation.furthest), (Some(true), Some(7)));
    assert_eq!((dissociation.onset_minute, dissociation.resolved_minute), (Some(27), Some(56)));
    let sedation = &form.sedation;
    assert_eq!((sedation.experienced, sedation.furthest), (Some(true), Some(4)));
    assert_eq!((sedation.onset_minute, sedation.resolved_minute), (Some(28), Some(54)));
    assert_eq!(form.respiratory_depression.experienced, None, "a person decides");
    assert_eq!(
        form.missing,
        [
            "Concomitant medicines, of each kind",
            "Who monitored: name, telephone, email",
            "Address of the clinic",
            "When the patient would have been ready",
            "Blood pressure at 40 minutes",
            "Respiratory depression",
            "Serious adverse event",
        ]
    );
    let page = rems_page(&form, &record);
    for text in ["Rossi", "56 mg", "LX 4471, LX 4472", "126/79 mmHg", "121 min", "2026-11-28"] {
        assert!(page.contains(text), "{text} is not on the page");
    }
}

#[test]
fn a_session_that_runs_leaves_empty_what_may_still_change() {
    let form = rems(&named("esketamine").record()).unwrap();
    assert!(!form.is_over);
    assert_eq!(form.treatment.total_minutes, None);
    assert_eq!(form.blood_pressure.at_completion, None);
    assert_eq!(form.vital_signs.acceptable_at_completion, None);
    assert_eq!(form.patient.last_name, None);
    assert_eq!(form.dissociation.resolved_at, None, "it was not scored again");
    assert!(form.missing.iter().any(|one| one == "Last name"));
}

#[test]
fn no_effect_is_said_only_when_scores_say_so_and_the_session_is_over() {
    let mut record = whole();
    record.scores.retain(|score| score.score != "moaa_s");
    assert_eq!(rems(&record).unwrap().sedation.experienced, None, "nobody scored it");
    record.scores.iter_mut().for_each(|score| score.value = 0);
    assert_eq!(rems(&record).unwrap().dissociation.experienced, Some(false));
    record.header.ended_at = None;
    assert_eq!(rems(&record).unwrap().dissociation.experienced, None, "it may still come");
}

#[test]
fn a_session_before_its_first_device_has_a_form_with_nothing_of_the_treatment() {
    let record = Scene::of("spravato", &[]).record();
    let mut record = record;
    record.infusion = dripwatch::report::Infusion::default();
    let form = rems(&record).unwrap();
    assert_eq!((form.treatment.date, form.submit_by), (None, None));
    assert_eq!(form.blood_pressure, dripwatch::report::RemsPressures::default());
}

#[test]
fn other_drugs_have_no_such_form() {
    for name in NAMES.iter().filter(|name| **name != "esketamine") {
        let error = rems(&named(name).record()).unwrap_err().to_string();
        assert!(error.starts_with("the REMS monitoring form is for esketamine"), "{error}");
    }
}
