//! Sessions that lack something: each has a record that says what.

use std::fmt::Write;

use dripwatch::people::Person;
use dripwatch::report::{Form, Lack, LackKind, SessionRecord};
use serde_json::{Value, json};
use simulators::scenario::START_MS;

use super::paper::{self, joined};
use super::scenes::{Scene, about, named};

const HEADER: &str = r#"{"type":"recording","version":1,"room":"3","profile":"ketamine-iv-adult","patient":{"initials":"J.T."}}"#;

fn scene(lines: &[Value]) -> Scene {
    let mut text = format!("{HEADER}\n");
    for line in lines {
        writeln!(text, "{line}").unwrap();
    }
    Scene { text, about: about() }
}

fn event(second: i64, event: Value) -> Value {
    json!({"at": START_MS + second * 1_000, "staff": "KM", "event": event})
}

fn kinds(record: &SessionRecord) -> Vec<LackKind> {
    record.lacks.iter().map(|lack| lack.kind).collect()
}

/// A record as people and programs read it.
struct Written {
    page: String,
    /// Without white: where a line ends is the paper's affair.
    paper: String,
    fhir: Value,
}

/// It is written in every form.
fn written(record: &SessionRecord) -> Written {
    for form in [Form::Json, Form::Csv, Form::AlertsCsv, Form::Svg, Form::Png] {
        assert!(!form.render(record).unwrap().is_empty());
    }
    let (_, paper) = paper::read(record);
    Written {
        page: String::from_utf8(Form::Html.render(record).unwrap()).unwrap(),
        paper: joined(&paper),
        fhir: serde_json::from_slice(&Form::Fhir.render(record).unwrap()).unwrap(),
    }
}

impl Written {
    /// Words that are in the page, on paper, and in what the document for programs has for people.
    fn says(&self, words: &str) {
        assert!(self.page.contains(words), "the page: {words}");
        assert!(self.paper.contains(&joined(words)), "the paper: {words}");
        let composition = &self.fhir["entry"][0]["resource"];
        assert_eq!(composition["resourceType"], "Composition");
        let sections = composition["section"].to_string();
        assert!(sections.contains(words), "the FHIR document: {words}: {sections}");
    }

    /// Every lack of the record, wherever it is written.
    fn says_what_it_lacks(&self, record: &SessionRecord) {
        record.lacks.iter().for_each(|lack| self.says(&lack.text));
    }
}

#[test]
fn a_session_without_a_reading_says_so() {
    let record = scene(&[
        event(10, json!({"type": "accept_baseline", "systolic": 120, "diastolic": 80})),
        event(20, json!({"type": "start"})),
        event(2_400, json!({"type": "stop"})),
        event(4_300, json!({"type": "discharge"})),
    ])
    .record();
    assert_eq!(kinds(&record), [LackKind::NoReadings]);
    assert_eq!(record.coverage.spo2.valid_ms, 0);
    assert_eq!(record.coverage.spo2.missing[0].text, "Not measured yet");
    let written = written(&record);
    written.says("No monitor gave a reading, and nobody entered one.");
    assert!(written.page.contains("Nothing was measured."));
    assert!(written.paper.contains("Nothingwasmeasured."));
    let kinds = written.fhir["entry"].as_array().unwrap().iter();
    let measured = kinds.filter(|entry| entry["resource"]["valueQuantity"].is_object());
    let by_monitor = measured.filter(|entry| entry["resource"]["device"].is_object());
    assert_eq!(by_monitor.count(), 0, "nothing is invented");
}

#[test]
fn ten_thousand_events_are_all_there_with_all_their_words() {
    let long = "words ".repeat(60);
    let mut lines = vec![event(0, json!({"type": "start"}))];
    for n in 0..10_000 {
        lines.push(event(1 + n / 10, json!({"type": "note", "text": format!("{n} {long}")})));
    }
    let record = scene(&lines).record();
    let notes: Vec<_> = record.events.iter().filter(|e| e.kind.name() == "note").collect();
    assert_eq!(notes.len(), 10_000);
    assert_eq!(notes[9_999].text, format!("9999 {long}"));
    assert_eq!(kinds(&record), [LackKind::NoReadings, LackKind::Running]);
    let last = long_record_says_what_it_lacks(&record);
    let whole = joined(&format!("9999 {long}"));
    assert!(last.contains(&whole), "the last one has all of its words on paper");
}

/// In a page, on the first sheet and in FHIR; gives back the last sheets.
fn long_record_says_what_it_lacks(record: &SessionRecord) -> String {
    let page = String::from_utf8(Form::Html.render(record).unwrap()).unwrap();
    let fhir = String::from_utf8(Form::Fhir.render(record).unwrap()).unwrap();
    let (first, last) = paper::ends(record);
    let first = joined(&first);
    for Lack { text, .. } in &record.lacks {
        assert!(page.contains(text) && fhir.contains(text), "{text}");
        assert!(first.contains(&joined(text)), "{text}");
    }
    joined(&last)
}

#[test]
fn more_events_than_a_record_holds_are_said() {
    let mut lines = vec![event(0, json!({"type": "start"}))];
    for n in 0..20_100 {
        lines.push(event(1 + n / 10, json!({"type": "bp_now"})));
    }
    let record = scene(&lines).record();
    assert!(kinds(&record).contains(&LackKind::TooMuch), "{:?}", record.lacks);
    assert_eq!(record.events.len(), 20_000);
    long_record_says_what_it_lacks(&record);
}

#[test]
fn names_of_any_script_and_length_are_in_the_page_as_they_are() {
    let long = "Ä".repeat(500);
    for (given, family) in [
        ("محمد", "الأحمد"),
        ("伟", "王"),
        ("</style><script>alert(1)</script>", "\"&'"),
        (long.as_str(), "Ö"),
    ] {
        let mut scene = named("quiet");
        scene.about.person = Some(Person {
            given: Some(given.to_owned()),
            family: Some(family.to_owned()),
            ..Person::default()
        });
        let Written { page, paper, fhir } = written(&scene.record());
        assert!(!page.contains("<script"), "{given}");
        let escaped = given.replace('<', "&lt;").replace('>', "&gt;");
        assert!(page.contains(&escaped), "{given}");
        assert!(page.contains("<bdi>"), "a name of the other direction stays apart");
        let mut resources =
            fhir["entry"].as_array().unwrap().iter().map(|entry| &entry["resource"]);
        let patient = resources.find(|one| one["resourceType"] == "Patient").unwrap();
        assert_eq!(patient["name"][0]["given"], json!([given]));
        assert_eq!(patient["name"][0]["family"], family);
        let on_paper = match given {
            // The letters that come with the program are not Chinese.
            "伟" => "[1 letter that no font of this server has]",
            // A reader of the paper has joined letters, whose code is another one.
            "محمد" => "Session record",
            given => given,
        };
        assert!(paper.contains(&joined(on_paper)), "{given}");
    }
}

#[test]
fn after_a_clock_that_was_set_all_times_are_by_the_new_one() {
    const HOUR_MS: i64 = 3_600_000;
    let plain = named("surge");
    let set_at = START_MS + 1_000_000;
    let mut text = String::new();
    let mut is_set = false;
    for line in plain.text.lines() {
        let mut json: Value = serde_json::from_str(line).unwrap();
        if let Some(at) = json["at"].as_i64().filter(|at| *at > set_at) {
            if !is_set {
                is_set = true;
                let step =
                    json!({"at": set_at - HOUR_MS, "clock_step_ms": -HOUR_MS, "moves_at": true});
                writeln!(text, "{step}").unwrap();
            }
            json["at"] = json!(at - HOUR_MS);
            writeln!(text, "{json}").unwrap();
        } else {
            writeln!(text, "{line}").unwrap();
        }
    }
    let moved = Scene { text, about: plain.about.clone() }.record();
    let plain = plain.record();
    assert!(kinds(&moved).contains(&LackKind::Clock));
    let text = &moved.lacks.iter().find(|lack| lack.kind == LackKind::Clock).unwrap().text;
    assert!(text.contains("set back by 1:00:00 h"), "{text}");
    // All is as it was, an hour earlier.
    let spo2 =
        |record: &SessionRecord| record.trend(dripwatch::vitals::Vital::Spo2).unwrap().at.clone();
    let earlier: Vec<_> = spo2(&plain).iter().map(|at| at.plus(-HOUR_MS)).collect();
    assert_eq!(spo2(&moved), earlier);
    let raised =
        |record: &SessionRecord| record.alerts.iter().map(|a| a.raised_at.0).collect::<Vec<_>>();
    let earlier: Vec<_> = raised(&plain).iter().map(|at| at - HOUR_MS).collect();
    assert_eq!(raised(&moved), earlier);
    assert_eq!(moved.summary.spo2_low, plain.summary.spo2_low);
    assert_eq!(moved.given, plain.given);
    assert_eq!(moved.coverage.spo2.valid_ms, plain.coverage.spo2.valid_ms);
    written(&moved).says_what_it_lacks(&moved);
}

#[test]
fn a_session_that_runs_says_so_and_has_what_there_is() {
    let mut scene = named("quiet");
    let lines: Vec<_> = scene.text.lines().collect();
    scene.text = lines[..lines.len() / 2].join("\n");
    let record = scene.record();
    assert_eq!(kinds(&record), [LackKind::Running]);
    assert!(record.header.ended_at.is_none() && !record.is_final());
    let written = written(&record);
    written.says("The session is not over");
    assert_eq!(written.fhir["entry"][0]["resource"]["status"], "preliminary");
}

#[test]
fn lines_that_cannot_be_read_are_counted_and_the_rest_is_there() {
    let mut scene = named("quiet");
    let whole = scene.record();
    let mut lines: Vec<String> = scene.text.lines().map(str::to_owned).collect();
    for place in [500, 501, 700] {
        assert!(lines[place].contains("frame"));
        let cut = lines[place].len() / 2;
        lines[place].truncate(cut);
    }
    scene.text = lines.join("\n");
    let record = scene.record();
    assert_eq!(kinds(&record), [LackKind::Damaged]);
    let text = &record.lacks[0].text;
    assert!(text.contains("3 entries") && text.contains("501 to 502, 701"), "{text}");
    assert_eq!(record.pressures, whole.pressures);
    written(&record).says_what_it_lacks(&record);
    assert_eq!(record.header.entries + 3, whole.header.entries);
}

#[test]
fn a_cell_of_a_table_is_no_formula() {
    let mut scene = named("quiet");
    scene.text = scene.text.replace("Eyes closed, calm.", "=HYPERLINK(1)");
    let csv = String::from_utf8(Form::Csv.render(&scene.record()).unwrap()).unwrap();
    assert!(csv.contains("'=HYPERLINK(1)"), "a spreadsheet would follow it");
    assert!(!csv.contains(",=") && !csv.contains(",\"="));
}
