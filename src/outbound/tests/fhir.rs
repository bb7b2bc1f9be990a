use std::sync::Mutex as StdMutex;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use axum::routing::post;
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::*;

type Answers = Arc<StdMutex<Vec<(u16, String)>>>;
type Heard = mpsc::UnboundedSender<(HeaderMap, String)>;

/// A FHIR server that answers these one after the other, and the last of them for ever.
struct Server {
    url: String,
    received: mpsc::UnboundedReceiver<(HeaderMap, String)>,
}

impl Server {
    async fn that_answers(answers: &[(u16, &str)]) -> Self {
        let answers = answers.iter().rev().map(|(code, body)| (*code, (*body).to_owned()));
        let answers: Answers = Arc::new(StdMutex::new(answers.collect()));
        let (heard, received) = mpsc::unbounded_channel();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/r4", listener.local_addr().unwrap());
        let calls = Router::new().route("/r4/Bundle", post(create)).with_state((answers, heard));
        tokio::spawn(async move { axum::serve(listener, calls).await.unwrap() });
        Self { url, received }
    }

    async fn request(&mut self) -> (HeaderMap, String) {
        in_time(self.received.recv()).await.unwrap()
    }
}

async fn create(
    State((answers, heard)): State<(Answers, Heard)>,
    headers: HeaderMap,
    body: String,
) -> impl IntoResponse {
    let _ = heard.send((headers, body));
    let mut answers = answers.lock().unwrap();
    let answer = if answers.len() > 1 { answers.pop() } else { answers.first().cloned() };
    let (code, body) = answer.unwrap();
    let location = [("location", "http://127.0.0.1:9/elsewhere")];
    (StatusCode::from_u16(code).unwrap(), location, body)
}

fn bundle(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[tokio::test]
async fn a_document_is_created_once_under_its_identifier() {
    let mut server = Server::that_answers(&[(503, ""), (201, "")]).await;
    let mut to = to_fhir(server.url.clone());
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fhir.token");
    std::fs::write(&file, "s3cret\n").unwrap();
    let Protocol::Fhir(fhir) = &mut to.way else { panic!() };
    fhir.token_file = Some(file);
    let bench = Bench::sending_to(vec![to]).await;
    bench.ends(record("s-1", 130)).await;
    let (headers, first) = server.request().await;
    let (repeated, second) = server.request().await;
    assert_eq!(first, second);
    assert_eq!(headers["if-none-exist"], repeated["if-none-exist"]);
    let identifier = bundle(&first)["identifier"]["value"].as_str().unwrap().to_owned();
    let expected = format!("identifier=urn:ietf:rfc:3986%7C{identifier}");
    assert_eq!(headers["if-none-exist"], expected);
    assert_eq!(headers["content-type"], "application/fhir+json");
    assert_eq!(headers["authorization"], "Bearer s3cret");
    assert_eq!(bench.settled().await.arrived, 1);
}

#[tokio::test]
async fn a_later_document_replaces_the_one_before() {
    let mut server = Server::that_answers(&[(201, "")]).await;
    let bench = Bench::sending_to(vec![to_fhir(server.url.clone())]).await;
    bench.ends(record("s-1", 182)).await;
    let (_, first) = server.request().await;
    bench.settled().await;
    let mut corrected = record("s-1", 182);
    corrected.pressures[1].systolic = Some(Decimal::whole(128));
    // It is read again at another time, for nobody in particular.
    corrected.header.made_at = corrected.header.made_at.plus(5_000);
    bench.ends(corrected.clone()).await;
    let (_, second) = server.request().await;
    let (first, second) = (bundle(&first), bundle(&second));
    let related = &second["entry"][0]["resource"]["relatesTo"][0];
    assert_eq!(related["code"], "replaces");
    assert_eq!(related["targetIdentifier"], first["identifier"]);
    assert!(first["entry"][0]["resource"]["relatesTo"].is_null());
    bench.settled().await;
    corrected.header.made_at = corrected.header.made_at.plus(5_000);
    bench.ends(corrected).await;
    bench.settled().await;
    assert!(server.received.try_recv().is_err(), "nothing has changed but the time of making");
}

#[tokio::test]
async fn what_the_server_refuses_is_set_aside_at_once_with_its_words() {
    let said = r#"{"resourceType":"OperationOutcome","issue":[{"diagnostics":"Patient unknown"}]}"#;
    let mut server = Server::that_answers(&[(422, said), (201, "")]).await;
    let bench = Bench::sending_to(vec![to_fhir(server.url.clone())]).await;
    bench.ends(record("s-1", 130)).await;
    server.request().await;
    let shown = bench.until(|to| to.set_aside_count == 1).await;
    assert_eq!(shown.set_aside[0].why, "refused (422): Patient unknown");
    bench.ends(record("s-2", 130)).await;
    server.request().await;
    assert_eq!(bench.settled().await.arrived, 1);
}

#[tokio::test]
async fn a_redirection_is_not_followed_and_a_wrong_token_sets_nothing_aside() {
    for (code, why) in [(307, "it is at another address now"), (401, "it does not let us in")] {
        let mut server = Server::that_answers(&[(code, "")]).await;
        let bench = Bench::sending_to(vec![to_fhir(server.url.clone())]).await;
        bench.ends(record("s-1", 130)).await;
        server.request().await;
        let shown = bench.until(|to| to.not_reached_since.is_some()).await;
        assert!(shown.why.as_ref().is_some_and(|shown| shown.starts_with(why)), "{shown:?}");
        assert_eq!(shown.set_aside_count, 0);
    }
    let mut to = to_fhir("http://127.0.0.1:9".to_owned());
    let Protocol::Fhir(fhir) = &mut to.way else { panic!() };
    fhir.token_file = Some("/no/such/file".into());
    let bench = Bench::sending_to(vec![to]).await;
    bench.ends(record("s-1", 130)).await;
    let shown = bench.until(|to| to.why.is_some()).await;
    let why = "the token's file /no/such/file: there is no such file";
    assert_eq!(shown.why.as_deref(), Some(why));
}

#[tokio::test]
async fn a_token_that_is_none_goes_nowhere() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("fhir.token");
    for (token, why) in
        [("x".repeat(16 * 1024 + 1), "it is too long"), (" \n".to_owned(), "it is empty")]
    {
        std::fs::write(&file, token).unwrap();
        let mut to = to_fhir("http://127.0.0.1:9".to_owned());
        let Protocol::Fhir(fhir) = &mut to.way else { panic!() };
        fhir.token_file = Some(file.clone());
        let bench = Bench::sending_to(vec![to]).await;
        bench.ends(record("s-1", 130)).await;
        let shown = bench.until(|to| to.why.is_some()).await;
        assert!(shown.why.as_ref().is_some_and(|shown| shown.ends_with(why)), "{shown:?}");
    }
}

#[tokio::test]
async fn of_a_long_refusal_only_the_beginning_is_read() {
    let long = "x".repeat(4 * MAX_ANSWER_BYTES);
    let mut server = Server::that_answers(&[(400, &long)]).await;
    let bench = Bench::sending_to(vec![to_fhir(server.url.clone())]).await;
    bench.ends(record("s-1", 130)).await;
    server.request().await;
    let shown = bench.until(|to| to.set_aside_count == 1).await;
    assert_eq!(shown.set_aside[0].why, format!("refused (400): {}", "x".repeat(300)));
}

#[tokio::test]
async fn what_is_no_http_is_trouble() {
    let mut not_http = super::stand_in::StandIn::that([super::stand_in::Does::Refuses]).await;
    let url = format!("http://127.0.0.1:{}", not_http.port);
    let bench = Bench::sending_to(vec![to_fhir(url)]).await;
    bench.ends(record("s-1", 130)).await;
    let shown = bench.until(|to| to.not_reached_since.is_some()).await;
    let why = "the connection was closed before an answer came";
    let cut = "the connection was cut before an answer came";
    assert!(shown.why.as_deref().is_some_and(|shown| shown == why || shown == cut), "{shown:?}");
    assert_eq!(not_http.further(), [""; 0]);
}
