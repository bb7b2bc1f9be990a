//! The OpenAPI document, and a page that shows it without a script or a network.

use std::fmt::Write as _;
use std::sync::OnceLock;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use serde_json::Value as Json;
use tokio::task::spawn_blocking;
use utoipa::OpenApi as _;
use utoipa::openapi::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::openapi::{Components, InfoBuilder, OpenApiBuilder, SecurityRequirement};

use super::problem::Problem;
use super::{HttpState, asyncapi};
use crate::contract;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;\
     padding:0 1rem;color:#1b2430}section{border-top:1px solid #c8d0da;padding:.5rem 0}\
     code{font-family:ui-monospace,monospace}h3 code:first-child{display:inline-block;\
     min-width:4.5rem;color:#0b5c8a}table{border-collapse:collapse}td{padding:.1rem 1rem .1rem 0;\
     vertical-align:top}";

/// The document of what goes through the sockets.
#[derive(utoipa::OpenApi)]
#[openapi(components(schemas(
    contract::StreamFrame,
    contract::ScreenFrame,
    contract::IngestFrame,
    contract::IngestAnswer
)))]
struct Frames;

/// The introduction of the document.
pub(super) fn head() -> OpenApi {
    let info =
        InfoBuilder::new().title("dripwatch").version(env!("CARGO_PKG_VERSION")).description(Some(
            "Watches over patients during infusions. A secondary display, not a medical device. \
             Errors are application/problem+json (RFC 9457). Answers may get further fields: a \
             client ignores what it does not know. Any POST or PUT takes an \
             Idempotency-Key: the same key gets the same answer for 24 h, also after a crash, and \
             acts once, whatever else is sent with it.",
        ));
    let mut components = Components::new();
    let cookie = ApiKey::Cookie(ApiKeyValue::new("dripwatch_session"));
    components.add_security_scheme("cookie", SecurityScheme::ApiKey(cookie));
    let bearer = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build();
    components.add_security_scheme("bearer", SecurityScheme::Http(bearer));
    let none: [&str; 0] = [];
    let head = OpenApiBuilder::new()
        .info(info.build())
        .components(Some(components))
        .security(Some([
            SecurityRequirement::new("cookie", none),
            SecurityRequirement::new("bearer", none),
        ]))
        .build();
    head.merge_from(Frames::openapi())
}

/// What is served of the document.
#[derive(Clone, Copy)]
enum Form {
    Calls,
    Sockets,
    Page,
}

/// The document and its page. They are made on the first request for one of them, off the threads
/// that serve, and kept.
struct Made {
    calls: String,
    sockets: String,
    page: String,
}

impl Made {
    fn of(document: &Json) -> Self {
        Self {
            calls: document.to_string(),
            sockets: asyncapi::document(document).to_string(),
            page: page(document),
        }
    }
}

static MADE: OnceLock<Made> = OnceLock::new();

/// The document, which `make` makes, and its page.
pub(super) fn router(make: fn(&HttpState) -> Json) -> Router<HttpState> {
    let form = |form| get(move |State(state): State<HttpState>| served(state, make, form));
    Router::new()
        .route("/api/openapi.json", form(Form::Calls))
        .route("/api/asyncapi.json", form(Form::Sockets))
        .route("/api/docs", form(Form::Page))
}

async fn served(
    state: HttpState,
    make: fn(&HttpState) -> Json,
    form: Form,
) -> Result<Response, Problem> {
    let made = spawn_blocking(move || MADE.get_or_init(|| Made::of(&make(&state)))).await;
    let made = made.map_err(|_| Problem::our_fault())?;
    let (kind, text) = match form {
        Form::Calls => ("application/json", &made.calls),
        Form::Sockets => ("application/json", &made.sockets),
        Form::Page => ("text/html; charset=utf-8", &made.page),
    };
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static(kind))], text.as_str()).into_response())
}

fn page(document: &Json) -> String {
    let mut html = format!(
        "<!doctype html><html lang=\"en\"><meta charset=\"utf-8\"><title>dripwatch API</title>\
         <style>{STYLE}</style><h1>dripwatch API</h1><p>{}</p>\
         <p>For programs: <a href=\"/api/openapi.json\">openapi.json</a>, and for the \
         sockets <a href=\"/api/asyncapi.json\">asyncapi.json</a></p>",
        escaped(text(&document["info"]["description"]))
    );
    for (path, methods) in document["paths"].as_object().into_iter().flatten() {
        for (method, call) in methods.as_object().into_iter().flatten() {
            write_call(&mut html, path, method, call);
        }
    }
    html.push_str("<h2>Shapes</h2>");
    for (name, schema) in document["components"]["schemas"].as_object().into_iter().flatten() {
        write_schema(&mut html, name, schema);
    }
    html.push_str("</html>");
    html
}

fn write_call(html: &mut String, path: &str, method: &str, call: &Json) {
    let method = method.to_uppercase();
    let says = ["summary", "description"].map(|key| escaped(text(&call[key])));
    // Writing to a text cannot fail.
    let _ = write!(
        html,
        "<section><h3><code>{method}</code> <code>{}</code></h3><p>{}</p><table>",
        escaped(path),
        says.join(" ")
    );
    for parameter in call["parameters"].as_array().into_iter().flatten() {
        let (name, says) = (text(&parameter["name"]), text(&parameter["description"]));
        row(html, name, text(&parameter["in"]), says);
    }
    if let Some(body) = shape_in(&call["requestBody"]) {
        row(html, "body", &body, "");
    }
    for (status, response) in call["responses"].as_object().into_iter().flatten() {
        let shape = shape_in(response).unwrap_or_default();
        row(html, status, &shape, text(&response["description"]));
    }
    html.push_str("</table></section>");
}

fn write_schema(html: &mut String, name: &str, schema: &Json) {
    let name = escaped(name);
    let says = escaped(text(&schema["description"]));
    let _ = write!(html, "<section id=\"{name}\"><h3><code>{name}</code></h3><p>{says}</p><table>");
    for value in schema["enum"].as_array().into_iter().flatten() {
        row(html, text(value), "", "");
    }
    write_fields(html, schema);
    // One of several shapes: named, or written out with its own fields.
    for branch in ["oneOf", "anyOf"].into_iter().filter_map(|key| schema[key].as_array()).flatten()
    {
        if branch["properties"].is_object() {
            row(html, "or", "", text(&branch["description"]));
            write_fields(html, branch);
        } else {
            row(html, "or", &kind(branch), "");
        }
    }
    html.push_str("</table></section>");
}

fn write_fields(html: &mut String, schema: &Json) {
    for (field, of) in schema["properties"].as_object().into_iter().flatten() {
        let required = schema["required"]
            .as_array()
            .is_some_and(|names| names.iter().any(|name| name == field));
        let optional = if required { "" } else { "optional. " };
        row(html, field, &kind(of), &format!("{optional}{}", text(&of["description"])));
    }
}

fn row(html: &mut String, name: &str, kind: &str, says: &str) {
    let shape = kind.trim_end_matches("[]");
    let kind = match shape.starts_with(|first: char| first.is_ascii_uppercase()) {
        true => format!("<a href=\"#{0}\">{1}</a>", escaped(shape), escaped(kind)),
        false => escaped(kind),
    };
    let _ = write!(
        html,
        "<tr><td><code>{}</code><td><code>{kind}</code><td>{}",
        escaped(name),
        escaped(says)
    );
}

fn shape_in(part: &Json) -> Option<String> {
    Some(kind(part["content"].as_object()?.values().next()?.get("schema")?))
}

fn kind(schema: &Json) -> String {
    if let Some(name) = schema["$ref"].as_str() {
        return name.rsplit('/').next().unwrap_or_default().to_owned();
    }
    if let Some([Json::String(only)]) = schema["enum"].as_array().map(Vec::as_slice) {
        return format!("{only:?}");
    }
    let any = ["oneOf", "anyOf"].into_iter().filter_map(|key| schema[key].as_array());
    let one_of = any.flatten();
    if let Some(one) = one_of.map(kind).find(|kind| !kind.is_empty() && kind != "null") {
        return one;
    }
    let types = schema["type"].as_array().into_iter().flatten().filter_map(Json::as_str);
    let first = types.filter(|kind| *kind != "null").chain(schema["type"].as_str()).next();
    match first.unwrap_or_default() {
        "array" => format!("{}[]", kind(&schema["items"])),
        other => other.to_owned(),
    }
}

fn text(json: &Json) -> &str {
    json.as_str().unwrap_or_default()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
