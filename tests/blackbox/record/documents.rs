//! The record of four sessions in every form, as it is committed beside this file.

use std::path::PathBuf;

use dripwatch::report::Form;

use super::scenes::{NAMES, named};

const FORMS: [(Form, &str); 7] = [
    (Form::Html, "html"),
    (Form::Json, "json"),
    (Form::Svg, "svg"),
    (Form::Csv, "csv"),
    (Form::AlertsCsv, "alerts.csv"),
    (Form::Fhir, "fhir.json"),
    (Form::Hl7, "hl7"),
];

/// Whose chart is committed.
const DRAWN: &str = "surge";

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples/records")
}

/// Of JSON and the long table all of it but the thousands of readings.
fn shown(form: Form, text: &str) -> String {
    match form {
        Form::Json => {
            let mut json: serde_json::Value = serde_json::from_str(text).unwrap();
            for trend in json["trends"].as_array_mut().unwrap() {
                for column in ["at", "values"] {
                    let all = trend[column].as_array().unwrap();
                    trend[column] = serde_json::json!({"count": all.len(), "first": all[..3], "last": all.last()});
                }
            }
            serde_json::to_string_pretty(&json).unwrap() + "\n"
        }
        Form::Csv => {
            let reading = |line: &&str| line.contains(",reading,") && line.contains(",monitor,");
            let (mut kept, mut readings) = (String::new(), 0);
            for line in text.lines() {
                if reading(&line) && readings >= 10 {
                    continue;
                }
                readings += usize::from(reading(&line));
                kept += line;
                kept.push('\n');
            }
            kept
        }
        Form::Fhir => {
            let json: serde_json::Value = serde_json::from_str(text).unwrap();
            serde_json::to_string_pretty(&json).unwrap() + "\n"
        }
        Form::AlertsCsv => text.replace("\r\n", "\n"),
        // One segment a line.
        Form::Hl7 => text.replace('\r', "\n"),
        // The chart is a file of its own.
        Form::Html => {
            let (before, rest) = text.split_once("<figure").unwrap();
            let (_, after) = rest.split_once("</figure>").unwrap();
            format!("{before}<figure></figure>{after}\n")
                .replace("<section", "\n<section")
                .replace("<tr", "\n<tr")
        }
        Form::Svg | Form::RemsHtml | Form::RemsJson => text.to_owned(),
        Form::Pdf | Form::Png => unreachable!("{form:?} is no text"),
    }
}

#[test]
fn the_records_of_four_sessions_are_as_committed() {
    let renews = std::env::var("DRIPWATCH_RENEW").is_ok();
    let mut differ = Vec::new();
    for name in NAMES {
        let record = named(name).record();
        for (form, ending) in
            FORMS.into_iter().filter(|(form, _)| *form != Form::Svg || name == DRAWN)
        {
            let file = folder().join(format!("{name}.{ending}"));
            let text = shown(form, &String::from_utf8(form.render(&record).unwrap()).unwrap());
            if renews {
                std::fs::create_dir_all(folder()).unwrap();
                std::fs::write(&file, &text).unwrap();
            }
            if std::fs::read_to_string(&file).ok().as_deref() != Some(&*text) {
                differ.push(file.display().to_string());
            }
        }
    }
    assert!(
        differ.is_empty(),
        "look at what changed after DRIPWATCH_RENEW=1 cargo nextest run --test blackbox -E \
         'test(record::documents)': {differ:#?}"
    );
}
