//! What goes through the sockets, as an AsyncAPI document. Its shapes are those of the OpenAPI
//! document.

use std::collections::BTreeSet;

use serde_json::{Map, Value as Json, json};

use super::document::references;

/// Address, name, what the server sends, what it takes, and what it is for.
const CHANNELS: [(&str, &str, &str, &str, &str); 2] = [
    (
        "stream",
        "/api/v1/stream",
        "StreamFrame",
        "ScreenFrame",
        "The live state of rooms, for dashboards. Signed in with a cookie, or as a program with \
         `Authorization: Bearer`. Say `hello` first. A message holds one or more frames, one a line.",
    ),
    (
        "ingest",
        "/api/v1/ingest",
        "IngestAnswer",
        "IngestFrame",
        "What a monitor's adapter sends, with `Authorization: Bearer` and the device's token. A \
         message holds one or more frames, one a line; answers come in the order of frames.",
    ),
];

/// The document, built from the completed document of the calls.
pub(super) fn document(openapi: &Json) -> Json {
    let schemas = &openapi["components"]["schemas"];
    let (mut channels, mut operations) = (json!({}), json!({}));
    let (mut messages, mut used) = (json!({}), BTreeSet::new());
    for (name, address, sent, taken, about) in CHANNELS {
        let mut of_channel = json!({});
        for (frames, action, verb) in [(sent, "send", "send"), (taken, "receive", "take")] {
            let mut of_operation = Vec::new();
            for (kind, payload) in branches(&schemas[frames]) {
                let id = format!("{name}.{kind}");
                references(&payload, schemas, &mut used);
                messages[&id] = json!({
                    "name": kind, "contentType": "application/json",
                    "summary": payload["description"], "payload": payload,
                });
                of_channel[&kind] = json!({"$ref": format!("#/components/messages/{id}")});
                of_operation.push(json!({"$ref": format!("#/channels/{name}/messages/{kind}")}));
            }
            operations[format!("{verb}{frames}")] = json!({
                "action": action, "channel": {"$ref": format!("#/channels/{name}")},
                "summary": schemas[frames]["description"], "messages": of_operation,
            });
        }
        channels[name] = json!({"address": address, "description": about, "messages": of_channel});
    }
    let used = used.into_iter().map(|name| (name.clone(), schemas[name].clone()));
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "dripwatch: sockets", "version": openapi["info"]["version"],
            "description": "Frames are JSON. They may get further fields, and there may be further \
                types: a client ignores what it does not know. What is called over HTTP is in \
                openapi.json.",
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {"messages": messages, "schemas": used.collect::<Map<_, _>>()},
    })
}

/// Each type of a frame with its shape.
fn branches(frames: &Json) -> Vec<(String, Json)> {
    let of = |branch: &Json| {
        let kind = branch["properties"]["type"]["enum"][0].as_str()?;
        Some((kind.to_owned(), branch.clone()))
    };
    frames["oneOf"].as_array().into_iter().flatten().filter_map(of).collect()
}
