//! The record of a session, as it is made of its lines.

mod scenes;

use dripwatch::report::Form;
use scenes::NAMES;

#[test]
fn a_record_says_all_that_a_session_leaves_behind() {
    for name in NAMES {
        let record = scenes::named(name).record();
        if let Ok(folder) = std::env::var("RECORDS_TO") {
            for (form, ending) in [
                (Form::Html, "html"),
                (Form::Json, "json"),
                (Form::Svg, "svg"),
                (Form::Csv, "csv"),
                (Form::AlertsCsv, "alerts.csv"),
            ] {
                std::fs::write(format!("{folder}/{name}.{ending}"), form.render(&record)).unwrap();
            }
        }
    }
}
