//! The program under test, and its callers.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream};

use super::contract;

/// Longer than anything here takes; a test that waits this long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

pub(crate) const BIN: &str = env!("CARGO_BIN_EXE_dripwatch");

/// A data directory and, while it runs, the program on it.
pub(crate) struct App {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) http: SocketAddr,
    pub(crate) hl7: SocketAddr,
    pub(crate) program_token: String,
    child: Option<Child>,
}

/// What was answered, held against the served document.
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answered {
    /// The body as JSON, or as a text when it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| Value::String(self.text.clone()))
    }

    /// The cookie that it sets, without its attributes.
    pub(crate) fn cookie(&self) -> Option<String> {
        let set = self.headers.get("set-cookie")?.to_str().unwrap();
        set.split(';').next().map(str::to_owned)
    }
}

/// Sends a request; the answer has to be what the document says.
pub(crate) async fn send(request: RequestBuilder) -> Answered {
    let (client, request) = request.build_split();
    let request = request.unwrap();
    let (method, path) = (request.method().clone(), request.url().path().to_owned());
    let answer = client.execute(request).await.unwrap();
    let (status, headers) = (answer.status(), answer.headers().clone());
    let text = answer.text().await.unwrap();
    contract::check(&contract::Answer {
        method: &method,
        path: &path,
        status: status.as_u16(),
        media_type: headers.get("content-type").map(|kind| kind.to_str().unwrap()),
        body: &text,
    });
    Answered { status, headers, text }
}

/// Asks with nobody's token.
pub(crate) async fn get(url: String) -> Answered {
    send(reqwest::Client::new().get(url)).await
}

/// What has to come, or the test has failed.
pub(crate) async fn in_time<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what).await.expect("it did not come in time")
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

impl App {
    /// Four rooms, an HL7 listener, nobody who may sign in but one program.
    pub(crate) async fn start() -> Self {
        let mut app = Self::prepared();
        app.run().await;
        app
    }

    /// The same before the program runs.
    pub(crate) fn prepared() -> Self {
        let mut app = Self {
            folder: tempfile::tempdir().unwrap(),
            http: free_address(),
            hl7: free_address(),
            program_token: String::new(),
            child: None,
        };
        app.write_config("");
        app.program_token = app.token(&["token", "add", "test", "--role", "nurse"]);
        app
    }

    pub(crate) fn write_config(&self, more: &str) {
        let rooms: String =
            (1..=4).map(|n| format!("[[rooms]]\nid = \"{n}\"\nname = \"Room {n}\"\n")).collect();
        let config = format!(
            "[clinic]\ntime_zone = \"UTC\"\n[server]\nlisten = \"{}\"\ndata_dir = {:?}\n{rooms}\
             [[adapters]]\nkind = \"hl7-mllp\"\nlisten = \"{}\"\n{more}",
            self.http,
            self.data_dir(),
            self.hl7
        );
        std::fs::write(self.config(), config).unwrap();
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.folder.path().join("dripwatch.toml")
    }

    pub(crate) fn data_dir(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// Starts the program and waits until it is ready.
    pub(crate) async fn run(&mut self) {
        let log = std::fs::File::create(self.folder.path().join("log")).unwrap();
        self.run_as(Command::new(BIN), log).await;
    }

    /// The same with limits of the shell, such as `-n 400`.
    pub(crate) async fn run_limited(&mut self, limits: &str) {
        let log = std::fs::File::create(self.folder.path().join("log")).unwrap();
        let mut limited = Command::new("sh");
        limited.args(["-c", &format!("ulimit {limits}; exec \"$0\" \"$@\""), BIN]);
        self.run_as(limited, log).await;
    }

    /// The same by this command, which ends with the program's name, and with this as its log.
    pub(crate) async fn run_as(&mut self, mut command: Command, log: impl Into<Stdio>) {
        let child = command
            .args(["serve", "--config"])
            .arg(self.config())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .unwrap();
        self.child = Some(child);
        self.is_ready().await;
    }

    /// Waits until the server is fit for work.
    pub(crate) async fn is_ready(&self) {
        let begun = std::iter::repeat_n((), 400);
        for () in begun {
            if let Ok(answer) = in_time(reqwest::get(self.url("/readyz"))).await
                && answer.status() == StatusCode::OK
            {
                let document = in_time(reqwest::get(self.url("/api/openapi.json"))).await.unwrap();
                contract::set(&document.text().await.unwrap());
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("the server is not ready: {}", self.log());
    }

    pub(crate) fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("log")).unwrap_or_default()
    }

    pub(crate) fn process(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// SIGKILL: no chance to say good-bye.
    pub(crate) fn kill(&mut self) {
        let mut child = self.child.take().unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
    }

    /// SIGTERM; gives the exit code.
    pub(crate) fn terminate(&mut self) -> Option<i32> {
        self.signal(15);
        self.ended()
    }

    /// Waits for the end; gives the exit code.
    pub(crate) fn ended(&mut self) -> Option<i32> {
        self.child.take().unwrap().wait().unwrap().code()
    }

    /// Sends a signal, by its number.
    pub(crate) fn signal(&self, number: i32) {
        let signal = format!("-{number}");
        let sent = Command::new("kill").args([signal, self.pid().to_string()]).status().unwrap();
        assert!(sent.success(), "signal {number}");
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.as_ref().unwrap().id()
    }

    /// Runs a command on the same data.
    pub(crate) fn command(&self, args: &[&str], input: &str) -> Output {
        let mut command = Command::new(BIN);
        command.args(args);
        if !matches!(args[0], "replay" | "check-config") {
            command.arg("--config").arg(self.config());
        }
        output(command, input)
    }

    /// A command whose answer is a token.
    pub(crate) fn token(&self, args: &[&str]) -> String {
        let output = self.command(args, "");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// A nurse who can sign in.
    pub(crate) fn add_staff(&self, name: &str, role: &str, password: &str) {
        let args = ["staff", "add", name, "--role", role, "--password-stdin"];
        let output = self.command(&args, &format!("{password}\n"));
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    /// A monitor with a token, in a room.
    pub(crate) fn add_device(&self, id: &str, room: &str) -> String {
        self.token(&["device", "add", id, "--room", room])
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.http)
    }

    pub(crate) async fn call(
        &self,
        method: Method,
        path: &str,
        body: Value,
    ) -> (StatusCode, Value) {
        self.call_as(&self.program_token, method, path, body).await
    }

    pub(crate) async fn call_as(
        &self,
        token: &str,
        method: Method,
        path: &str,
        body: Value,
    ) -> (StatusCode, Value) {
        let client = reqwest::Client::new();
        let mut request = client.request(method.clone(), self.url(path)).bearer_auth(token);
        if method != Method::GET {
            request = request.json(&body);
        }
        let answer = send(request).await;
        (answer.status, answer.json())
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let (status, json) = self.call(Method::GET, path, Value::Null).await;
        assert_eq!(status, StatusCode::OK, "{path}: {json}");
        json
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Value {
        let (status, json) = self.call(Method::POST, path, body).await;
        assert!(status.is_success(), "{path}: {status} {json}");
        json
    }

    /// Opens a session, accepts a usual baseline, starts the infusion; gives the session's id.
    pub(crate) async fn infuse(&self, room: &str) -> String {
        let session = json!({"patient": {"initials": "J.T."}, "profile": "ketamine-iv-adult"});
        let opened = self.post(&format!("/api/v1/rooms/{room}/sessions"), session).await;
        let id = opened["id"].as_str().unwrap().to_owned();
        let events = format!("/api/v1/sessions/{id}/events");
        let baseline = json!({"type": "accept_baseline", "systolic": 118, "diastolic": 74,
            "heart_rate": 75, "spo2": 97});
        self.post(&events, baseline).await;
        self.post(&events, json!({"type": "start"})).await;
        id
    }

    /// Posts one frame of a monitor.
    pub(crate) async fn reading(
        &self,
        token: &str,
        seq: u64,
        readings: Value,
    ) -> (StatusCode, Value) {
        let frame = json!({"type": "readings", "seq": seq, "boot": "test", "readings": readings});
        self.call_as(token, Method::POST, "/api/v1/readings", frame).await
    }

    pub(crate) async fn stream(&self) -> Socket {
        let mut socket = Socket::connect(self.http, "/api/v1/stream", &self.program_token).await;
        socket.say(json!({"type": "hello", "version": 1, "rooms": "all"})).await;
        socket
    }

    pub(crate) async fn ingest(&self, token: &str) -> Socket {
        Socket::connect(self.http, "/api/v1/ingest", token).await
    }
}

impl Drop for App {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}

pub(crate) fn output(mut command: Command, input: &str) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    child.wait_with_output().unwrap()
}

pub(crate) fn run(args: &[&str]) -> Output {
    let mut command = Command::new(BIN);
    command.args(args);
    output(command, "")
}

/// A websocket that speaks JSON lines.
pub(crate) struct Socket {
    path: String,
    socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    lines: std::collections::VecDeque<Value>,
}

impl Socket {
    pub(crate) async fn connect(address: SocketAddr, path: &str, token: &str) -> Self {
        let mut request = format!("ws://{address}{path}").into_client_request().unwrap();
        let bearer = format!("Bearer {token}").parse().unwrap();
        request.headers_mut().insert("Authorization", bearer);
        let (socket, _) = tokio_tungstenite::connect_async(request).await.unwrap();
        Self { path: path.to_owned(), socket, lines: std::collections::VecDeque::new() }
    }

    pub(crate) async fn say(&mut self, json: Value) {
        self.say_text(json.to_string()).await;
    }

    pub(crate) async fn say_text(&mut self, text: String) {
        self.socket.send(Message::text(text)).await.unwrap();
    }

    /// The other side may be closing it already.
    pub(crate) async fn say_if_open(&mut self, json: Value) {
        let _ = self.socket.send(Message::text(json.to_string())).await;
    }

    /// The next line; `None` when the socket is closed.
    pub(crate) async fn hear(&mut self) -> Option<Value> {
        loop {
            if let Some(line) = self.lines.pop_front() {
                return Some(line);
            }
            let next = tokio::time::timeout(PATIENCE, self.socket.next()).await;
            match next.expect("nothing was heard in time")? {
                Ok(Message::Text(text)) => {
                    for line in text.lines() {
                        let line = serde_json::from_str(line).unwrap();
                        contract::check_frame(&self.path, &line);
                        self.lines.push_back(line);
                    }
                }
                Ok(Message::Close(_)) | Err(_) => return None,
                Ok(_) => {}
            }
        }
    }

    /// The next line, if there is one within this time and the socket is open.
    pub(crate) async fn hear_within(&mut self, time: Duration) -> Option<Value> {
        tokio::time::timeout(time, self.hear()).await.ok().flatten()
    }

    /// The next line that fits.
    pub(crate) async fn until(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        loop {
            let line = self.hear().await.expect("the socket closed");
            if fits(&line) {
                return line;
            }
        }
    }

    /// The next line that fits, which has to come while other lines do.
    pub(crate) async fn soon(&mut self, fits: impl Fn(&Value) -> bool) -> Value {
        in_time(self.until(fits)).await
    }

    /// The next frame of this type.
    pub(crate) async fn until_type(&mut self, kind: &str) -> Value {
        self.until(|line| line["type"] == kind).await
    }
}

/// The first line that a process prints.
pub(crate) fn first_line(reader: impl Read) -> String {
    let mut line = String::new();
    BufReader::new(reader).read_line(&mut line).unwrap();
    line
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

pub(crate) fn examples() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}
