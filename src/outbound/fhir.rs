//! FHIR R4 over HTTP (protocols.md#what-is-sent): each document is created once, under its identifier.

use std::path::Path;

use axum::http::{Request, StatusCode, Uri, header};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use serde::Deserialize;
use tokio_util::task::AbortOnDropHandle;

use super::connect::{Peer, connect};
use super::delivery::{Delivery, Load, Why, words};
use super::pace::Pace;
use crate::config::Fhir;
use crate::report::{FHIR_JSON, URNS};

/// The most of an answer that is read.
pub const MAX_ANSWER_BYTES: usize = 64 * 1024;
/// The longest words of a server that are kept, characters.
const MAX_WORDS: usize = 300;
/// The longest token.
const MAX_TOKEN_BYTES: usize = 16 * 1024;

pub(super) async fn deliver(
    to: &Fhir,
    ca_file: Option<&Path>,
    load: Load<'_>,
    pace: Pace,
) -> Delivery {
    match exchange(to, ca_file, load, pace).await {
        Ok((status, body)) => judged(status, &body),
        Err(why) => Delivery::trouble(why),
    }
}

/// Sends the document; gives status and, of a refusal, the body. An error says in words why there is
/// no answer.
async fn exchange(
    to: &Fhir,
    ca_file: Option<&Path>,
    load: Load<'_>,
    pace: Pace,
) -> Result<(StatusCode, Vec<u8>), String> {
    let base: Uri = to.url.parse().map_err(|_| "its url is not an address".to_owned())?;
    let is_tls = base.scheme_str() == Some("https");
    let authority = base.authority().map(|authority| authority.as_str().to_owned());
    let host = base.host().unwrap_or_default().trim_matches(['[', ']']);
    let port = base.port_u16().unwrap_or(if is_tls { 443 } else { 80 });
    let path = format!("{}/Bundle", base.path().trim_end_matches('/'));
    let mut request = Request::post(path)
        .header(header::HOST, authority.unwrap_or_default())
        .header(header::CONTENT_TYPE, FHIR_JSON)
        .header(header::ACCEPT, FHIR_JSON)
        .header(header::CONNECTION, "close")
        .header("prefer", "return=minimal")
        // A repeat of a document that has arrived makes no second one there.
        .header("if-none-exist", format!("identifier={URNS}%7C{}", load.control));
    if let Some(file) = &to.token_file {
        let mut bearer = token(file).await?;
        bearer.insert_str(0, "Bearer ");
        request = request.header(header::AUTHORIZATION, bearer);
    }
    let body = Full::new(Bytes::from(load.text.to_owned()));
    let request = request.body(body).map_err(|_| "the token is not one".to_owned())?;
    let socket = connect(Peer { host, port, is_tls, ca_file }, pace).await?;
    let failed = |error: hyper::Error| failure(&error);
    let (mut sender, connection) = http1::handshake(TokioIo::new(socket)).await.map_err(failed)?;
    let _connection = AbortOnDropHandle::new(tokio::spawn(connection));
    let answer = sender.send_request(request).await.map_err(failed)?;
    let status = answer.status();
    let body = if status.is_success() { Vec::new() } else { beginning(answer.into_body()).await };
    Ok((status, body))
}

/// The token, read each time: it may be replaced while the server runs.
async fn token(file: &Path) -> Result<String, String> {
    let wrong = |what: &str| format!("the token's file {}: {what}", file.display());
    let text = tokio::fs::read(file).await.map_err(|error| wrong(&words(&error)))?;
    let token = String::from_utf8(text).map_err(|_| wrong("it holds no text"))?;
    match token.trim() {
        "" => Err(wrong("it is empty")),
        token if token.len() > MAX_TOKEN_BYTES => Err(wrong("it is too long")),
        token => Ok(token.to_owned()),
    }
}

async fn beginning(mut body: Incoming) -> Vec<u8> {
    let mut read = Vec::new();
    // What is cut off in its middle is as good as what ended there.
    while let Some(Ok(frame)) = body.frame().await {
        let Ok(data) = frame.into_data() else { break };
        let rest = MAX_ANSWER_BYTES - read.len();
        read.extend_from_slice(&data[..data.len().min(rest)]);
        if data.len() >= rest {
            break;
        }
    }
    read
}

fn failure(error: &hyper::Error) -> String {
    use std::error::Error;
    let cause = error.source().and_then(|source| source.downcast_ref::<std::io::Error>());
    match cause {
        Some(cause) => words(cause),
        None if error.is_parse() => "it answers something that is not HTTP".to_owned(),
        None if error.is_incomplete_message() || error.is_canceled() || error.is_closed() => {
            "the connection was closed before an answer came".to_owned()
        }
        None => error.to_string(),
    }
}

/// What the answer says. A refusal of the place or of the token is no refusal of the document.
fn judged(status: StatusCode, body: &[u8]) -> Delivery {
    let code = status.as_u16();
    let trouble = |ours: String| Delivery::Trouble(Why { ours, theirs: String::new() });
    match code {
        200..=299 => Delivery::Arrived,
        300..=399 => trouble(format!("it is at another address now ({code}): change url")),
        401 | 403 => trouble(format!("it does not let us in ({code}): look at token_file")),
        404 | 405 => trouble(format!("it has no place for documents ({code}): look at url")),
        407 | 408 | 421 | 425 | 426 | 429 => {
            trouble(format!("it does not take anything now ({code})"))
        }
        400..=499 => {
            let why = Why { ours: format!("refused ({code})"), theirs: outcome(body) };
            Delivery::Refused { why, is_final: true }
        }
        _ => trouble(format!("it has a fault of its own ({code})")),
    }
}

#[derive(Deserialize)]
struct OperationOutcome {
    #[serde(default)]
    issue: Vec<Issue>,
}

#[derive(Deserialize)]
struct Issue {
    #[serde(default)]
    diagnostics: String,
    details: Option<Details>,
}

#[derive(Deserialize)]
struct Details {
    #[serde(default)]
    text: String,
}

/// What a server says of its refusal, on one line.
fn outcome(body: &[u8]) -> String {
    let said = match serde_json::from_slice::<OperationOutcome>(body) {
        Ok(OperationOutcome { issue }) => {
            let of = |issue: Issue| match issue.details {
                Some(details) if !details.text.is_empty() => details.text,
                _ => issue.diagnostics,
            };
            issue.into_iter().map(of).filter(|text| !text.is_empty()).collect::<Vec<_>>().join("; ")
        }
        Err(_) => String::from_utf8_lossy(body).into_owned(),
    };
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    said.trim().chars().map(printable).take(MAX_WORDS).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn status(code: u16) -> StatusCode {
        StatusCode::from_u16(code).unwrap()
    }

    #[test]
    fn a_refusal_of_the_document_is_final_and_one_of_the_place_is_trouble() {
        for code in [200, 201, 204] {
            assert_eq!(judged(status(code), b""), Delivery::Arrived, "{code}");
        }
        for code in [302, 307, 401, 403, 404, 408, 429, 500, 502, 503, 504] {
            let judged = judged(status(code), b"");
            assert!(matches!(judged, Delivery::Trouble(_)), "{code}: {judged:?}");
        }
        for code in [400, 409, 410, 412, 413, 415, 422, 499] {
            let judged = judged(status(code), b"");
            assert!(
                matches!(judged, Delivery::Refused { is_final: true, .. }),
                "{code}: {judged:?}"
            );
        }
    }

    #[test]
    fn what_a_server_says_of_its_refusal_is_kept_in_short() {
        let said = br#"{"resourceType":"OperationOutcome","issue":[
            {"severity":"error","code":"invalid","diagnostics":"Bundle.entry[3]\n is wrong"},
            {"severity":"error","code":"invalid","details":{"text":"Unknown patient"},"diagnostics":"x"}]}"#;
        assert_eq!(outcome(said), "Bundle.entry[3]  is wrong; Unknown patient");
        assert_eq!(outcome(b"<html>no</html>"), "<html>no</html>");
        assert_eq!(outcome(b"{}"), "");
        assert_eq!(outcome("x".repeat(4_000).as_bytes()).len(), MAX_WORDS);
        let Delivery::Refused { why, .. } = judged(status(422), said) else { panic!() };
        assert_eq!(why.shown(), "refused (422): Bundle.entry[3]  is wrong; Unknown patient");
    }
}
