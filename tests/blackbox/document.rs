//! The served document itself: what a program that is made from it relies on.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::app::App;
use super::contract;

const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

fn calls(document: &Value) -> impl Iterator<Item = (String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths.iter().flat_map(|(path, item)| {
        let of = |method: &&str| Some((format!("{method} {path}"), item.get(*method)?));
        METHODS.iter().filter_map(of).collect::<Vec<_>>()
    })
}

fn references(json: &Value, found: &mut Vec<String>) {
    match json {
        Value::Object(object) => {
            if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
                found.push(reference.to_owned());
            }
            object.values().for_each(|below| references(below, found));
        }
        Value::Array(list) => list.iter().for_each(|below| references(below, found)),
        _ => {}
    }
}

#[tokio::test]
async fn a_program_can_be_made_from_the_document() {
    let app = App::start().await;
    let document = contract::document();
    assert_eq!(document["openapi"], "3.1.0");

    let mut used = Vec::new();
    references(document, &mut used);
    let dangling = |reference: &&String| {
        reference.strip_prefix('#').and_then(|pointer| document.pointer(pointer)).is_none()
    };
    assert_eq!(used.iter().filter(dangling).collect::<Vec<_>>(), [] as [&String; 0]);
    let known = document["components"]["schemas"].as_object().unwrap();
    let is_used = |name: &&String| used.contains(&format!("#/components/schemas/{name}"));
    let of_sockets = ["StreamFrame", "ScreenFrame", "IngestFrame", "IngestAnswer"];
    let unused = known.keys().filter(|name| !of_sockets.contains(&name.as_str()) && !is_used(name));
    assert_eq!(unused.collect::<Vec<_>>(), [] as [&String; 0], "shapes that nothing has");

    let mut ids = BTreeSet::new();
    for (call, of) in calls(document) {
        let id = of["operationId"].as_str().unwrap_or_else(|| panic!("{call} has no id"));
        assert!(ids.insert(id), "{call} and another call are both {id}");
        for (status, response) in of["responses"].as_object().unwrap() {
            let is_a_problem = status.starts_with(['4', '5']);
            for kind in response["content"].as_object().into_iter().flat_map(|of| of.keys()) {
                // What a monitor's frame is rejected with is an answer like the others.
                let is_fine = kind == "application/problem+json" || call.ends_with("/readings");
                assert!(is_fine || !is_a_problem, "{call} {status} is {kind}");
            }
        }
    }
    assert!(ids.len() > 30, "{ids:?}");
    drop(app);
}

#[tokio::test]
async fn every_event_of_a_session_is_in_the_document() {
    let app = App::start().await;
    let shape = contract::document().pointer("/components/schemas/EventRequest/oneOf").unwrap();
    let named = |of: &Value| of["properties"]["type"]["enum"][0].as_str().map(str::to_owned);
    let known: BTreeSet<String> = shape.as_array().unwrap().iter().filter_map(named).collect();
    let session = app.infuse("1").await;
    let unknown = serde_json::json!({"type": "unheard_of"});
    let events = format!("/api/v1/sessions/{session}/events");
    let (_, problem) = app.call(reqwest::Method::POST, &events, unknown).await;
    let title = problem["title"].as_str().unwrap();
    let listed = title.split_once("one of ").map_or(title, |(_, list)| list);
    let listed = listed.split_once(", got").map_or(listed, |(list, _)| list);
    let accepted: BTreeSet<String> = (listed.split(", ")).map(str::to_owned).collect();
    assert_eq!(known, accepted, "{title}");
}

/// The committed documents, from which others make their programs without running ours.
const COMMITTED: [(&str, &str); 2] =
    [("/api/openapi.json", "docs/openapi.json"), ("/api/asyncapi.json", "docs/asyncapi.json")];
/// Writes them anew, as this program serves them.
const RENEW: &str =
    "DRIPWATCH_RENEW=1 cargo nextest run --test blackbox -E 'test(the_committed_documents)'";

#[tokio::test]
async fn the_committed_documents_are_those_that_the_program_serves() {
    let app = App::start().await;
    for (path, file) in COMMITTED {
        let served: Value = app.get(path).await;
        let served = serde_json::to_string_pretty(&served).unwrap() + "\n";
        let place = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
        if std::env::var_os("DRIPWATCH_RENEW").is_some() {
            std::fs::write(&place, &served).unwrap();
        }
        let committed = std::fs::read_to_string(&place).unwrap_or_default();
        assert!(committed == served, "{file} is not what {path} serves. Run:\n{RENEW}");
    }
}

#[tokio::test]
async fn the_document_of_the_sockets_has_every_frame() {
    let app = App::start().await;
    let sockets = app.get("/api/asyncapi.json").await;
    let mut used = Vec::new();
    references(&sockets, &mut used);
    let resolves = |reference: &str| {
        // The name of a message holds a dot, and no slash.
        reference.strip_prefix('#').is_some_and(|pointer| sockets.pointer(pointer).is_some())
    };
    let dangling: Vec<_> = used.iter().filter(|reference| !resolves(reference)).collect();
    assert!(dangling.is_empty(), "{dangling:?}");
    let shapes = contract::document().pointer("/components/schemas").unwrap();
    let messages = sockets["components"]["messages"].as_object().unwrap();
    let frames = ["StreamFrame", "ScreenFrame", "IngestFrame", "IngestAnswer"];
    let count = |name: &str| shapes[name]["oneOf"].as_array().map_or(0, Vec::len);
    assert_eq!(messages.len(), frames.into_iter().map(count).sum::<usize>());
    for (name, schema) in sockets["components"]["schemas"].as_object().unwrap() {
        assert_eq!(*schema, shapes[name], "{name} is another shape here");
    }
}
