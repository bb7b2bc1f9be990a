//! The record of a session, as it is made of its lines.

mod scenes;

use scenes::NAMES;

#[test]
fn a_record_says_all_that_a_session_leaves_behind() {
    for name in NAMES {
        let record = scenes::named(name).record();
        if let Ok(folder) = std::env::var("RECORDS_TO") {
            let json = serde_json::to_string_pretty(&record).unwrap();
            std::fs::write(format!("{folder}/{name}.json"), json).unwrap();
        }
    }
}
