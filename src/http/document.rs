//! The OpenAPI document, completed: what the types cannot express is added here once, for every
//! call alike.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};
use utoipa::openapi::OpenApi;

use super::problem::PROBLEM_JSON;

const PROBLEM: &str = "#/components/schemas/Problem";
/// Two views of one thing. What fits the view for staff also fits the one for a display, which has
/// less: so the shape is any of them.
const VIEWS: [&str; 2] = ["AlertView", "SessionView"];
/// What goes through the sockets, which no call refers to.
const SOCKETS: [&str; 4] = ["StreamFrame", "ScreenFrame", "IngestFrame", "IngestAnswer"];
const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

/// The document as the server sends it.
pub(super) fn completed(document: &OpenApi) -> Json {
    // Our own document of texts; the tests read it.
    let mut json = serde_json::to_value(document).unwrap_or_default();
    let schemas = json["components"]["schemas"].clone();
    merge(&mut json, &schemas);
    for name in VIEWS {
        let view = json["components"]["schemas"][name].as_object_mut();
        if let Some((view, of)) = view.and_then(|view| view.remove("oneOf").map(|of| (view, of))) {
            view.insert("anyOf".to_owned(), of);
        }
    }
    let paths = json["paths"].as_object_mut();
    for (path, item) in paths.into_iter().flatten() {
        for method in METHODS {
            if let Some(call) = item.get_mut(method).and_then(Json::as_object_mut) {
                name_problems(call);
                add_problems(path, method, call);
            }
        }
    }
    keep_used(&mut json);
    json
}

/// A shape that is written out wherever it was part of another one is no longer a shape of its own.
fn keep_used(json: &mut Json) {
    let schemas = json["components"]["schemas"].clone();
    let mut used: BTreeSet<String> = SOCKETS.into_iter().map(str::to_owned).collect();
    SOCKETS.into_iter().for_each(|name| references(&schemas[name], &schemas, &mut used));
    references(&json["paths"], &schemas, &mut used);
    if let Some(schemas) = json["components"]["schemas"].as_object_mut() {
        schemas.retain(|name, _| used.contains(name));
    }
}

/// The names of the shapes that this one is composed of.
pub(super) fn references(shape: &Json, schemas: &Json, found: &mut BTreeSet<String>) {
    match shape {
        Json::Array(list) => list.iter().for_each(|one| references(one, schemas, found)),
        Json::Object(object) => {
            let name = object.get("$ref").and_then(Json::as_str);
            if let Some(name) = name.and_then(|reference| reference.rsplit('/').next())
                && found.insert(name.to_owned())
            {
                references(&schemas[name], schemas, found);
            }
            object.values().for_each(|one| references(one, schemas, found));
        }
        _ => {}
    }
}

/// A problem has a media type of its own.
fn name_problems(call: &mut Map<String, Json>) {
    let responses = call.get_mut("responses").and_then(Json::as_object_mut);
    for response in responses.into_iter().flat_map(Map::values_mut) {
        let content = response.get_mut("content").and_then(Json::as_object_mut);
        let Some(content) = content else { continue };
        if content.get("application/json").is_some_and(|of| of["schema"]["$ref"] == PROBLEM) {
            let of = content.remove("application/json").unwrap_or_default();
            content.insert(PROBLEM_JSON.to_owned(), of);
        }
    }
}

/// What any call of its kind may be refused with, unless the call says more about it.
fn add_problems(path: &str, method: &str, call: &mut Map<String, Json>) {
    let is_open = call.get("security").is_some_and(|security| *security == json!([{}]));
    let parameters = call.get("parameters").and_then(Json::as_array).cloned().unwrap_or_default();
    let has = |place: &str| parameters.iter().any(|parameter| parameter["in"] == place);
    let mut problems = vec![
        (500, "Our own fault; it was logged. Monitoring goes on"),
        (503, "Not now: `busy`, `not_ready` or `record_unreadable`. Try again"),
    ];
    if !is_open {
        problems.push((401, "`not_signed_in`"));
        problems.push((
            403,
            "The role is too low, the token is meant for something else, or the page is",
        ));
    }
    if has("path") {
        problems.push((400, "The path contains something that cannot be an id"));
        problems.push((404, "There is no such thing"));
    }
    if path.starts_with("/api/v1/sessions/{session}/") && !path.ends_with("/keeping") {
        problems.push((410, "`deleted`: the detail says by whom and why"));
    }
    if has("query") {
        problems.push((400, "The query cannot be read"));
    }
    if matches!(path, "/api/v1/stream" | "/api/v1/ingest") {
        problems.push((400, "It is not a WebSocket handshake"));
        problems.push((426, "It is not a WebSocket handshake"));
    }
    if method != "get" {
        problems.push((400, "The body is not JSON, or a header cannot be read"));
        problems.push((408, "`too_slow`: the body did not arrive in time"));
        problems.push((409, "`not_now`, or `not_as_named`: somebody else acts here"));
        problems.push((413, "The body is too large"));
        problems.push((422, "A field is missing, unknown, or has a value that is not allowed"));
    }
    let Some(responses) = call.get_mut("responses").and_then(Json::as_object_mut) else { return };
    for (status, why) in problems {
        let problem =
            json!({"description": why, "content": {PROBLEM_JSON: {"schema": {"$ref": PROBLEM}}}});
        match responses.get_mut(&status.to_string()) {
            // It may answer with a problem besides what it says itself.
            Some(known) => {
                let content = known
                    .as_object_mut()
                    .map(|known| known.entry("content").or_insert_with(|| json!({})));
                if let Some(content) = content.and_then(Json::as_object_mut) {
                    let problem = problem["content"][PROBLEM_JSON].clone();
                    content.entry(PROBLEM_JSON).or_insert(problem);
                }
            }
            None => drop(responses.insert(status.to_string(), problem)),
        }
    }
}

/// Writes out each `allOf`: one object is described in one place.
fn merge(json: &mut Json, schemas: &Json) {
    match json {
        Json::Array(list) => list.iter_mut().for_each(|one| merge(one, schemas)),
        Json::Object(object) => {
            if let Some(Json::Array(parts)) = object.remove("allOf") {
                let mut whole = Json::Object(std::mem::take(object));
                for part in parts.iter().rev() {
                    whole = joined(part, whole, schemas);
                }
                *json = whole;
                return merge(json, schemas);
            }
            object.values_mut().for_each(|one| merge(one, schemas));
        }
        _ => {}
    }
}

/// Both together. The second gives the description, if it has one.
fn joined(part: &Json, mut whole: Json, schemas: &Json) -> Json {
    let name = part["$ref"].as_str().and_then(|of| of.rsplit('/').next());
    let mut part = name.map_or(part, |name| &schemas[name]).clone();
    if let Some(parts) = part.as_object_mut().and_then(|part| part.remove("allOf")) {
        for inner in parts.as_array().into_iter().flatten().rev() {
            part = joined(inner, part, schemas);
        }
    }
    if let Some(branches) = part["oneOf"].as_array() {
        let each = branches.iter().map(|branch| joined(branch, without_words(&whole), schemas));
        let mut all = json!({"oneOf": each.collect::<Vec<_>>()});
        let words = [&whole, &part].into_iter().find(|of| of["description"].is_string());
        words.into_iter().for_each(|of| all["description"] = of["description"].clone());
        return all;
    }
    whole["type"] = json!("object");
    for (name, field) in part["properties"].as_object().into_iter().flatten() {
        if whole["properties"][name].is_null() {
            whole["properties"][name] = field.clone();
        }
    }
    let required = [&part, &whole].map(|of| of["required"].as_array().cloned().unwrap_or_default());
    if required.iter().any(|names| !names.is_empty()) {
        whole["required"] = Json::Array(required.concat());
    }
    for key in ["description", "additionalProperties"] {
        if whole[key].is_null() && !part[key].is_null() {
            whole[key] = part[key].clone();
        }
    }
    whole
}

fn without_words(schema: &Json) -> Json {
    let mut schema = schema.clone();
    schema.as_object_mut().into_iter().for_each(|of| drop(of.remove("description")));
    schema
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_composed_is_written_out() {
        let schemas = json!({
            "Facts": {"type": "object", "description": "facts", "required": ["id"],
                "properties": {"id": {"type": "string"}}},
            "Act": {"oneOf": [
                {"type": "object", "description": "starts", "properties": {"type": {"const": "start"}}},
                {"allOf": [{"$ref": "#/components/schemas/Facts"},
                    {"type": "object", "required": ["type"], "properties": {"type": {"const": "note"}}}]},
            ]},
        });
        let mut whole = json!({"description": "a session",
            "allOf": [{"$ref": "#/components/schemas/Facts"},
                {"type": "object", "required": ["at"], "properties": {"at": {"type": "integer"}}}]});
        merge(&mut whole, &schemas);
        assert_eq!(
            whole,
            json!({"type": "object", "description": "a session", "required": ["id", "at"],
                "properties": {"id": {"type": "string"}, "at": {"type": "integer"}}})
        );
        let mut act = json!({"allOf": [{"$ref": "#/components/schemas/Act"},
            {"type": "object", "properties": {"when": {"type": "integer"}}}]});
        merge(&mut act, &schemas);
        let branches = act["oneOf"].as_array().unwrap();
        assert_eq!(branches[0]["description"], "starts");
        assert_eq!(branches[0]["properties"].as_object().unwrap().len(), 2);
        assert_eq!(branches[1]["required"], json!(["id", "type"]));
        assert_eq!(branches[1]["properties"].as_object().unwrap().len(), 3);
    }
}
