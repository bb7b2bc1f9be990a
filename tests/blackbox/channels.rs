//! Alerts leave the program over its channels, whatever happens to the receiver or to the program.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

use super::app::{App, in_time};

/// Whoever is told over a webhook. It reads, and answers only when it is told to.
struct Receiver {
    address: SocketAddr,
    answers: Arc<AtomicBool>,
    came: mpsc::UnboundedReceiver<Came>,
}

struct Came {
    path: String,
    head: String,
    body: String,
}

impl Receiver {
    async fn start(answers: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let answers = Arc::new(AtomicBool::new(answers));
        let (sender, came) = mpsc::unbounded_channel();
        let is_answering = Arc::clone(&answers);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, sender.clone(), Arc::clone(&is_answering)));
            }
        });
        Self { address, answers, came }
    }

    fn webhook(&self, id: &str, more: &str) -> String {
        let url = format!("http://{}/{id}", self.address);
        format!("[[channels]]\nkind = \"webhook\"\nid = \"{id}\"\nurl = \"{url}\"\n{more}\n")
    }

    async fn next(&mut self) -> Came {
        in_time(self.came.recv()).await.unwrap()
    }
}

async fn serve(mut stream: TcpStream, came: mpsc::UnboundedSender<Came>, answers: Arc<AtomicBool>) {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        match stream.read_u8().await {
            Ok(byte) => head.push(byte),
            Err(_) => return,
        }
    }
    let head = String::from_utf8(head).unwrap().to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.map_or(0, |length| length.parse().unwrap())];
    if stream.read_exact(&mut body).await.is_err() {
        return;
    }
    let path = head.split(' ').nth(1).unwrap().to_owned();
    let body = String::from_utf8(body).unwrap();
    let _ = came.send(Came { path, head, body });
    if answers.load(Ordering::SeqCst) {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    } else {
        // Whoever told it will wait until somebody ends them.
        let _ = stream.read_u8().await;
    }
}

const TOO_HIGH: u64 = 204;

async fn pressure(app: &App, token: &str, seq: u64, systolic: u64) {
    let nibp = json!([{"vital": "nibp", "systolic": systolic, "diastolic": 112}]);
    let (status, answer) = app.reading(token, seq, nibp).await;
    assert!(status.is_success(), "{answer}");
}

async fn until_nothing_waits(app: &App, admin: &str) {
    in_time(async {
        loop {
            let (_, shown) =
                app.call_as(admin, reqwest::Method::GET, "/api/v1/channels", Value::Null).await;
            let waiting =
                |channel: &Value| channel["waiting"] == 0 && !channel["last_delivered"].is_null();
            if shown["channels"].as_array().unwrap().iter().all(waiting) {
                return;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    })
    .await;
}

#[tokio::test]
async fn killed_between_telling_and_recording_it_tells_once_more_under_the_same_id_and_then_never()
{
    let mut pager = Receiver::start(false).await;
    let mut app = App::prepared();
    app.write_config(&pager.webhook("pager", ""));
    let monitor = app.add_device("mon-1", "1");
    let admin = app.token(&["token", "add", "boss", "--role", "admin"]);
    app.run().await;
    let session = app.infuse("1").await;
    pressure(&app, &monitor, 1, TOO_HIGH).await;
    let first = pager.next().await;
    let told: Value = serde_json::from_str(&first.body).unwrap();
    assert_eq!((&told["step"], &told["room"]), (&json!("raised"), &json!("1")));
    // It has told, and nobody has said yet that it was taken.
    app.kill();
    pager.answers.store(true, Ordering::SeqCst);
    app.run().await;
    let again = pager.next().await;
    assert_eq!(again.body, first.body);
    assert!(again.head.contains(&format!("idempotency-key: {}", told["id"].as_str().unwrap())));
    until_nothing_waits(&app, &admin).await;
    app.kill();
    app.run().await;
    // What comes next is what happens next.
    let alert = told["alert"].as_str().unwrap();
    assert!(alert.starts_with(&session));
    app.post(&format!("/api/v1/alerts/{alert}/acknowledge"), json!({})).await;
    let next: Value = serde_json::from_str(&pager.next().await.body).unwrap();
    assert_eq!((&next["step"], &next["alert"]), (&json!("acknowledged"), &json!(alert)));
}

#[tokio::test]
async fn no_name_drug_or_diagnosis_leaves_in_whatever_form() {
    let mut all = Receiver::start(true).await;
    let mut app = App::prepared();
    let forms = ["dripwatch", "slack", "teams", "ntfy"];
    let every = "priorities = [\"high\", \"medium\", \"low\"]\ninitials = true\n";
    let channels = forms.map(|form| all.webhook(form, &format!("format = \"{form}\"\n{every}")));
    app.write_config(&channels.concat());
    let monitor = app.add_device("mon-1", "1");
    app.run().await;
    let identity = json!({"family": "Zimtstern", "given": "Xaveria", "birth_date": "1980-02-29",
        "ids": [{"number": "4711-MARKED"}]});
    let body = json!({"patient": {"initials": "X.Z.", "identity": identity, "weight_kg": 71},
        "profile": "ketamine-iv-adult"});
    let opened = app.post("/api/v1/rooms/1/sessions", body).await;
    let events = format!("/api/v1/sessions/{}/events", opened["id"].as_str().unwrap());
    let baseline = json!({"type": "accept_baseline", "systolic": 118, "diastolic": 74,
        "heart_rate": 75, "spo2": 97});
    app.post(&events, baseline).await;
    app.post(&events, json!({"type": "start"})).await;
    app.post(&events, json!({"type": "note", "text": "MARKED diagnosis F33.2"})).await;
    pressure(&app, &monitor, 1, TOO_HIGH).await;
    let mut heard = std::collections::BTreeSet::new();
    while heard.len() < forms.len() {
        let came = all.next().await;
        let text = format!("{}{}", came.head, came.body).to_lowercase();
        for marked in ["zimtstern", "xaveria", "4711-", "ketamine", "f33.2", "marked", "1980-02"] {
            assert!(!text.contains(marked), "{marked} in {text}");
        }
        assert!(text.contains("x.z."), "the initials were chosen: {text}");
        heard.insert(came.path);
    }
}

#[tokio::test]
async fn a_secret_that_is_not_there_ends_the_start_with_what_to_do() {
    let app = App::prepared();
    let hook = "[[channels]]\nkind = \"webhook\"\nurl = \"https://pager.example/\"\n\
                secret_file = \"/nowhere/hook.key\"\n";
    app.write_config(hook);
    let output = app.command(&["serve"], "");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("[[channels]] secret_file \"/nowhere/hook.key\"")
            && said.contains("write the secret into it"),
        "{said}"
    );
}
