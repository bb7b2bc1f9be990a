//! Finished sessions on their way to the hospital's systems, and a server that dies in the middle.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::app::{App, in_time};

/// A hospital's system, one connection after the other.
struct Ehr(TcpListener);

impl Ehr {
    async fn new() -> Self {
        Self(TcpListener::bind("127.0.0.1:0").await.unwrap())
    }

    fn address(&self) -> String {
        self.0.local_addr().unwrap().to_string()
    }

    /// The next message, and where it is to be answered.
    async fn message(&self) -> (String, TcpStream) {
        let (mut stream, _) = in_time(self.0.accept()).await.unwrap();
        let mut bytes = Vec::new();
        while !bytes.ends_with(b"\x1c\r") {
            let mut byte = [0];
            assert_eq!(in_time(stream.read(&mut byte)).await.unwrap(), 1, "it ends in its middle");
            bytes.push(byte[0]);
        }
        (String::from_utf8(bytes[1..bytes.len() - 2].to_vec()).unwrap(), stream)
    }

    async fn takes(&self) -> String {
        let (message, stream) = self.message().await;
        answer(&message, stream, "AA", "").await;
        message
    }
}

async fn answer(message: &str, mut stream: TcpStream, code: &str, words: &str) {
    let id = message.split('|').nth(9).unwrap();
    let said = format!("\u{b}MSH|^~\\&|EHR||dripwatch\rMSA|{code}|{id}|{words}\r\u{1c}\r");
    stream.write_all(said.as_bytes()).await.unwrap();
    // Until the sender has read it.
    let _ = in_time(stream.read_to_end(&mut Vec::new())).await;
}

fn to_ehr(address: &str) -> String {
    format!("[[outbound]]\nname = \"EHR\"\nkind = \"hl7-mllp\"\nconnect = \"{address}\"\n")
}

async fn sending_to(sections: &str) -> (App, String) {
    let mut app = App::prepared();
    app.write_config(sections);
    let admin = app.token(&["token", "add", "boss", "--role", "admin"]);
    app.run().await;
    (app, admin)
}

/// A session with a pressure, that is over.
async fn is_over(app: &App, room: &str) -> String {
    let id = app.infuse(room).await;
    let events = format!("/api/v1/sessions/{id}/events");
    let vitals = json!({"type": "manual_vitals", "systolic": 131, "diastolic": 79});
    app.post(&events, vitals).await;
    app.post(&events, json!({"type": "abort", "reason": "feels unwell"})).await;
    id
}

async fn shown(app: &App, admin: &str) -> Value {
    let (status, shown) = app.call_as(admin, Method::GET, "/api/v1/outbound", Value::Null).await;
    assert_eq!(status, StatusCode::OK);
    shown["outbound"][0].clone()
}

async fn until(app: &App, admin: &str, is_it: impl Fn(&Value) -> bool) -> Value {
    in_time(async {
        loop {
            let shown = shown(app, admin).await;
            if is_it(&shown) {
                return shown;
            }
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    })
    .await
}

#[tokio::test]
async fn a_server_that_dies_while_it_sends_loses_nothing_and_repeats_to_the_byte() {
    let ehr = Ehr::new().await;
    let (mut app, admin) = sending_to(&to_ehr(&ehr.address())).await;
    let first = is_over(&app, "1").await;
    let (sent, stream) = ehr.message().await;
    assert!(sent.contains(&format!("|{first}^dripwatch|")), "{sent}");
    let second = is_over(&app, "2").await;
    until(&app, &admin, |shown| shown["waiting"] == 2).await;
    app.kill();
    drop(stream);
    app.run().await;
    assert_eq!(ehr.takes().await, sent, "the same to the byte");
    let next = ehr.takes().await;
    assert!(next.contains(&format!("|{second}^dripwatch|")), "{next}");
    let shown = until(&app, &admin, |shown| shown["arrived"] == 2).await;
    assert_eq!((&shown["waiting"], &shown["not_reached_since"]), (&json!(0), &Value::Null));
    // What has arrived is not sent again by the next start: the next message is of the next session.
    app.kill();
    app.run().await;
    let third = is_over(&app, "3").await;
    let next = ehr.takes().await;
    assert!(next.contains(&format!("|{third}^dripwatch|")), "{next}");
    until(&app, &admin, |shown| shown["arrived"] == 3 && shown["waiting"] == 0).await;

    let row = |listed: &str| listed.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
    let listed = app.token(&["outbound"]);
    let listed = row(listed.lines().last().unwrap());
    assert_eq!((&*listed[0], &*listed[2], &*listed[3]), ("EHR", "0", "3"));
    let json: Value = serde_json::from_str(&app.token(&["outbound", "--json"])).unwrap();
    assert_eq!(json["outbound"][0]["arrived"], 3);
}

#[tokio::test]
async fn what_the_hospital_refuses_is_shown_in_its_words_to_administrators_and_not_in_the_log() {
    let ehr = Ehr::new().await;
    let (app, admin) = sending_to(&to_ehr(&ehr.address())).await;
    is_over(&app, "1").await;
    let (message, stream) = ehr.message().await;
    answer(&message, stream, "AE", "no patient Quill").await;
    let shown = until(&app, &admin, |shown| shown["why"].is_string()).await;
    assert_eq!(shown["why"], "error (AE): no patient Quill");
    assert_eq!(ehr.takes().await, message);
    until(&app, &admin, |shown| shown["arrived"] == 1).await;
    assert!(!app.log().contains("Quill"), "{}", app.log());
    assert!(app.log().contains("a message was refused"), "{}", app.log());
    let nurse = app.program_token.clone();
    let (status, _) = app.call_as(&nurse, Method::GET, "/api/v1/outbound", Value::Null).await;
    assert_eq!(status, StatusCode::FORBIDDEN);
    let metrics = in_time(reqwest::get(app.url("/metrics"))).await.unwrap().text().await.unwrap();
    assert!(metrics.contains("dripwatch_outbound_waiting{destination=\"EHR\"} 0"), "{metrics}");
    assert!(
        metrics.contains("dripwatch_outbound_arrived_total{destination=\"EHR\"} 1"),
        "{metrics}"
    );
}

/// A FHIR server that creates whatever it gets: the documents, with the header that names them.
async fn fhir_server() -> (String, tokio::sync::mpsc::UnboundedReceiver<(String, Value)>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/r4", listener.local_addr().unwrap());
    let (heard, received) = tokio::sync::mpsc::unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut bytes = Vec::new();
            let end = loop {
                let mut part = [0; 4_096];
                let read = stream.read(&mut part).await.unwrap();
                bytes.extend_from_slice(&part[..read]);
                if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                    break end + 4;
                }
                assert!(read > 0);
            };
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap().to_lowercase();
            let header = |name: &str| {
                let line = head.lines().find(|line| line.starts_with(&format!("{name}:"))).unwrap();
                line.split_once(':').unwrap().1.trim().to_owned()
            };
            let mut body = bytes[end..].to_vec();
            body.resize(header("content-length").parse().unwrap(), 0);
            stream.read_exact(&mut body[bytes.len() - end..]).await.unwrap();
            stream.write_all(b"HTTP/1.1 201 Created\r\ncontent-length: 0\r\n\r\n").await.unwrap();
            let _ = heard.send((header("if-none-exist"), serde_json::from_slice(&body).unwrap()));
        }
    });
    (url, received)
}

#[tokio::test]
async fn the_document_of_a_session_is_sent_and_sent_anew_when_something_is_added() {
    let (url, mut received) = fhir_server().await;
    let section = format!("[[outbound]]\nname = \"Archive\"\nkind = \"fhir\"\nurl = \"{url}\"\n");
    let (app, admin) = sending_to(&section).await;
    let session = is_over(&app, "1").await;
    let (named, document) = in_time(received.recv()).await.unwrap();
    let identifier = document["identifier"]["value"].as_str().unwrap();
    assert!(named.ends_with(identifier), "{named}");
    until(&app, &admin, |shown| shown["arrived"] == 1).await;
    // Whoever asks gets the same document, under the same identifier.
    let asked = app.get(&format!("/api/v1/sessions/{session}/fhir")).await;
    assert_eq!(asked["identifier"], document["identifier"]);

    let events = format!("/api/v1/sessions/{session}/events");
    app.post(&events, json!({"type": "note", "text": "forgot: 250 mL"})).await;
    let (_, later) = in_time(received.recv()).await.unwrap();
    assert_ne!(later["identifier"], document["identifier"]);
    let related = &later["entry"][0]["resource"]["relatesTo"][0];
    assert_eq!(
        (&related["code"], &related["targetIdentifier"]),
        (&json!("replaces"), &document["identifier"])
    );
    assert!(later.to_string().contains("forgot: 250 mL"));
    let shown = until(&app, &admin, |shown| shown["waiting"] == 0).await;
    assert_eq!(shown["arrived"], 1, "one session, in its newest form");
}
