//! The log of alerts of a running server: over HTTP, as a table, and on the command line.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};

use super::app::{App, text};

/// What a command prints, which must be done.
fn printed(app: &App, args: &[&str]) -> String {
    let output = app.command(args, "");
    assert!(output.status.success(), "{}", text(&output.stderr));
    text(&output.stdout)
}

fn table(text: &str) -> Vec<std::collections::BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader.deserialize().collect::<Result<_, _>>().unwrap()
}

#[tokio::test]
async fn what_became_of_an_alert_is_in_the_log_its_table_its_figures_and_the_command() {
    let app = App::start().await;
    let monitor = app.add_device("mon-1", "1");
    let high = json!([{"vital": "nibp", "systolic": 204, "diastolic": 110}]);
    let (status, _) = app.reading(&monitor, 1, high).await;
    assert_eq!(status, StatusCode::OK);
    let room = app.get("/api/v1/rooms/1").await;
    let id = room["alerts"][0]["id"].as_str().unwrap().to_owned();
    let condition = room["alerts"][0]["condition"].as_str().unwrap().to_owned();
    let taken = app.post(&format!("/api/v1/alerts/{id}/acknowledge"), json!({})).await;
    let by = taken["acknowledged"]["by"].as_str().unwrap().to_owned();
    let outcome = format!("/api/v1/alerts/{id}/outcome");
    for said in [json!("false_alert"), Value::Null, json!("bp_repeated")] {
        let done = app.post(&outcome, json!({"outcome": said, "note": "a private word"})).await;
        assert_eq!(done["outcome"], said);
    }
    let (status, problem) = app.call(Method::POST, &outcome, json!({})).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "taking back is said: {problem}");

    let log = app.get(&format!("/api/v1/alerts/log?person={by}&condition={condition}")).await;
    let row = &log["alerts"][0];
    assert_eq!((&row["id"], &row["outcome"]), (&json!(id), &json!("bp_repeated")));
    let said: Vec<&Value> =
        row["said"].as_array().unwrap().iter().map(|said| &said["outcome"]).collect();
    assert_eq!(said, [&json!("false_alert"), &Value::Null, &json!("bp_repeated")]);
    assert!(!log.to_string().contains("private word"), "a note is in the session's record alone");

    let url = app.url("/api/v1/alerts/log.csv");
    let client = reqwest::Client::new();
    let csv = client.get(&url).bearer_auth(&app.program_token).send().await.unwrap();
    let csv = csv.text().await.unwrap();
    let rows = table(&csv);
    let of_it = rows.iter().find(|row| row["alert"] == id).unwrap();
    assert_eq!((&of_it["taken_by"], &of_it["outcome"]), (&by, &"bp_repeated".to_owned()));
    assert_eq!(of_it["outcome_by"], by);
    assert_eq!(of_it["raised_at_ms"], row["raised_at"].to_string());

    let lead = app.token(&["token", "add", "lead", "--role", "lead"]);
    let path = "/api/v1/alerts/figures";
    let (status, figures) = app.call_as(&lead, Method::GET, path, Value::Null).await;
    assert_eq!(status, StatusCode::OK, "{figures}");
    let of_rule = figures["rules"].as_array().unwrap().iter();
    let of_rule = of_rule.clone().find(|rule| rule["condition"] == condition.as_str()).unwrap();
    assert_eq!((&of_rule["with_outcome"], &of_rule["taken"]), (&json!(1), &json!(1)));

    // The command asks the same server.
    let csv = printed(&app, &["alerts", "--csv"]);
    assert_eq!(table(&csv).len(), rows.len());
    let listed: Value = serde_json::from_str(&printed(&app, &["alerts", "--json"])).unwrap();
    assert_eq!(listed["alerts"].as_array().unwrap().len(), rows.len());
    assert!(printed(&app, &["alerts"]).contains("bp_repeated"));
    let none: Value =
        serde_json::from_str(&printed(&app, &["alerts", "--json", "--to", "2020-01-01"])).unwrap();
    assert_eq!(none["alerts"], json!([]));
}
