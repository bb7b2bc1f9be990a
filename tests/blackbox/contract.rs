//! Every answer that a test receives is what the served document says: path, method, status, media
//! type and body. The document allows fields that a later version adds, as a client should; here one
//! that it does not name is a failure.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use jsonschema::Validator;
use reqwest::Method;
use serde_json::{Map, Value, json};

const PROBLEM: &str = "application/problem+json";
/// The document and the page that shows it are not calls of it.
const ABOUT_ITSELF: [&str; 3] = ["/api/openapi.json", "/api/asyncapi.json", "/api/docs"];
/// So much of a body is shown when it is wrong.
const SHOWN_CHARS: usize = 600;

static CONTRACT: OnceLock<Contract> = OnceLock::new();

/// What was answered, as far as the document speaks of it.
pub(crate) struct Answer<'a> {
    pub(crate) method: &'a Method,
    pub(crate) path: &'a str,
    pub(crate) status: u16,
    pub(crate) media_type: Option<&'a str>,
    pub(crate) body: &'a str,
}

/// The document by which this process checks. The first that comes is kept: every program that a
/// test starts is the same one.
pub(crate) fn set(document: &str) {
    CONTRACT.get_or_init(|| Contract::new(serde_json::from_str(document).unwrap()));
}

/// The document that the program served.
pub(crate) fn document() -> &'static Value {
    &CONTRACT.get().expect("no program was started").document
}

/// Fails the test when the answer is not what the document says.
pub(crate) fn check(answer: &Answer<'_>) {
    let Some(contract) = CONTRACT.get() else { return };
    let Err(why) = contract.check(answer) else { return };
    let Answer { method, path, status, media_type, body } = answer;
    let media_type = media_type.unwrap_or("no media type");
    let shown: String = body.chars().take(SHOWN_CHARS).collect();
    panic!(
        "{method} {path} was answered {status} {media_type}, against the document:\n{why}\n{shown}"
    );
}

/// Fails the test when a line of a socket is no frame of the document.
pub(crate) fn check_frame(path: &str, line: &Value) {
    let Some(contract) = CONTRACT.get() else { return };
    let frames = if path.ends_with("/ingest") { "IngestAnswer" } else { "StreamFrame" };
    if let Err(why) = contract.check_frame(frames, line) {
        let shown: String = line.to_string().chars().take(SHOWN_CHARS).collect();
        panic!("{path} sent what is no {frames} of the document:\n{why}\n{shown}");
    }
}

struct Contract {
    document: Value,
    /// The components, each closed against fields that it does not name.
    closed: Value,
    validators: Mutex<HashMap<String, Arc<Validator>>>,
}

impl Contract {
    fn new(document: Value) -> Self {
        let closed = closed_components(&document);
        Self { document, closed, validators: Mutex::default() }
    }

    fn check(&self, answer: &Answer<'_>) -> Result<(), String> {
        let path = answer.path.split('?').next().unwrap_or_default();
        let is_of_the_page = !path.starts_with("/api/");
        let Some((template, item)) = self.path(path) else {
            let is_fine = ABOUT_ITSELF.contains(&path) || is_of_the_page && answer.status == 200;
            return if is_fine { Ok(()) } else { self.is_problem(404, answer) };
        };
        let Some(call) = item.get(&answer.method.as_str().to_lowercase()) else {
            return self.is_problem(405, answer);
        };
        let status = answer.status.to_string();
        let response = self.resolved(call.pointer(&format!("/responses/{status}")));
        let response = response
            .ok_or_else(|| format!("the status {status} of {template} is not in the document"))?;
        let Some(content) = response["content"].as_object() else {
            let is_empty = answer.body.is_empty();
            return if is_empty { Ok(()) } else { Err("a body is not in the document".into()) };
        };
        let kind = bare(answer.media_type);
        let schema = content.get(kind).map(|media| &media["schema"]);
        let schema = schema.ok_or_else(|| {
            let known: Vec<_> = content.keys().collect();
            format!("the media type {kind:?} is not in the document, which has {known:?}")
        })?;
        self.fits(kind, schema, answer.body)
    }

    /// Against the frame of its own type, so that a message names what is wrong with it.
    fn check_frame(&self, frames: &str, line: &Value) -> Result<(), String> {
        let pointer = format!("/components/schemas/{frames}/oneOf");
        let branches = self.document.pointer(&pointer).and_then(Value::as_array);
        let is_it = |branch: &&Value| branch["properties"]["type"]["enum"][0] == line["type"];
        let branch = branches.into_iter().flatten().find(is_it);
        let branch = branch.ok_or_else(|| format!("its type {} is unknown", line["type"]))?;
        self.validate(branch, line)
    }

    fn is_problem(&self, status: u16, answer: &Answer<'_>) -> Result<(), String> {
        let kind = bare(answer.media_type);
        if (answer.status, kind) != (status, PROBLEM) {
            return Err(format!("the document has no such call: it must be a {status} {PROBLEM}"));
        }
        self.fits(kind, &json!({"$ref": "#/components/schemas/Problem"}), answer.body)
    }

    /// The path as the document writes it, and what it says of it. A segment that is written out
    /// is meant before one that may be anything.
    fn path(&self, path: &str) -> Option<(&str, &Map<String, Value>)> {
        let fits = |template: &str| {
            let (mut asked, mut known) = (path.split('/'), template.split('/'));
            let is_alike = |(a, k): (&str, &str)| a == k || k.starts_with('{') && !a.is_empty();
            asked.clone().count() == known.clone().count()
                && asked.by_ref().zip(known.by_ref()).all(is_alike)
        };
        let paths = self.document["paths"].as_object()?;
        let fitting = paths.iter().filter(|(template, _)| fits(template));
        let (template, item) = fitting.min_by_key(|(template, _)| template.matches('{').count())?;
        Some((template, item.as_object()?))
    }

    fn resolved<'a>(&'a self, part: Option<&'a Value>) -> Option<&'a Value> {
        match part?["$ref"].as_str() {
            Some(reference) => self.document.pointer(reference.strip_prefix('#')?),
            None => part,
        }
    }

    fn fits(&self, kind: &str, schema: &Value, body: &str) -> Result<(), String> {
        let json: Value = match kind {
            "application/json" | "application/fhir+json" | PROBLEM => {
                serde_json::from_str(body).map_err(|error| format!("it is not JSON: {error}"))?
            }
            _ => Value::from(body),
        };
        self.validate(schema, &json)
    }

    /// Whether the JSON fits the schema and has nothing that the schema does not name.
    fn validate(&self, schema: &Value, json: &Value) -> Result<(), String> {
        let validator = self.validator(schema);
        let errors: Vec<_> = validator
            .iter_errors(json)
            .map(|error| format!("at {:?}: {error}", error.instance_path().to_string()))
            .collect();
        if errors.is_empty() { Ok(()) } else { Err(errors.join("\n")) }
    }

    fn validator(&self, schema: &Value) -> Arc<Validator> {
        let mut validators = self.validators.lock().unwrap();
        let made = validators.entry(schema.to_string()).or_insert_with(|| {
            let mut root = schema.clone();
            close(&mut root, &self.document);
            root["$schema"] = json!("https://json-schema.org/draft/2020-12/schema");
            root["components"] = self.closed.clone();
            Arc::new(jsonschema::validator_for(&root).expect("a schema of the document"))
        });
        made.clone()
    }
}

/// Without parameters such as the charset.
fn bare(media_type: Option<&str>) -> &str {
    media_type.unwrap_or_default().split(';').next().unwrap_or_default().trim()
}

fn closed_components(document: &Value) -> Value {
    let mut components = document["components"].clone();
    for schema in components["schemas"].as_object_mut().into_iter().flat_map(Map::values_mut) {
        close(schema, document);
    }
    components
}

/// An object has the fields that its schema names and no other, unless it says that it may.
fn close(schema: &mut Value, document: &Value) {
    let Some(object) = schema.as_object_mut() else { return };
    let is_object = object.get("type").is_some_and(|kind| {
        kind == "object" || kind.as_array().is_some_and(|kinds| kinds.contains(&json!("object")))
    });
    let is_composed = object.contains_key("allOf");
    if (is_object || is_composed) && !object.contains_key("additionalProperties") {
        object.insert("unevaluatedProperties".into(), json!(false));
    }
    // The parts of one object are closed together: each is here as it is in the document.
    for part in object.get_mut("allOf").and_then(Value::as_array_mut).into_iter().flatten() {
        let name = part["$ref"].as_str().and_then(|reference| reference.strip_prefix('#'));
        if let Some(of) = name.and_then(|pointer| document.pointer(pointer)) {
            *part = of.clone();
        }
        close_below(part, document);
    }
    for key in ["oneOf", "anyOf"] {
        let branches = object.get_mut(key).and_then(Value::as_array_mut);
        branches.into_iter().flatten().for_each(|branch| close(branch, document));
    }
    close_below(schema, document);
}

fn close_below(schema: &mut Value, document: &Value) {
    let Some(object) = schema.as_object_mut() else { return };
    let properties = object.get_mut("properties").and_then(Value::as_object_mut);
    properties.into_iter().flat_map(Map::values_mut).for_each(|field| close(field, document));
    for key in ["items", "additionalProperties"] {
        object.get_mut(key).into_iter().for_each(|below| close(below, document));
    }
}
