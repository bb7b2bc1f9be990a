//! What one delivered frame costs, as a ratio to a bare websocket broadcast in the same run.
//!
//! `cargo bench --bench delivery` starts the server and, as its baseline, a process that does
//! nothing but pass text from one websocket to others; sends both the same frames (200 monitors
//! at 1 Hz, two screens), and prints the CPU time of each process a delivered frame, its memory, and the 99th
//! percentile of the time from sending to receiving. Each monitor once sends a pressure beyond its
//! gravest limit, which needs no second reading, while a patient is infusing in its room: the time
//! from there to the alert on a screen is printed beside the bare frames of the same run. It passes
//! or fails on nothing.
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]

use std::collections::{HashMap, HashSet};
use std::net::{SocketAddr, TcpListener as StdListener};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use anyhow::{Context, bail};
use futures_util::{SinkExt, StreamExt, TryStreamExt};
use serde_json::{Value, json};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::broadcast;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, accept_async, connect_async};

const MONITORS: usize = 200;
const SCREENS: usize = 2;
const SECONDS: usize = 15;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;
/// (monitor, number of its frame) → when it was sent.
type Sent = Arc<Mutex<HashMap<(usize, i64), Instant>>>;
/// When each monitor sent the pressure that alarms.
type Crossed = Arc<Mutex<HashMap<usize, Instant>>>;
/// How long each frame took, microseconds.
type Waited = Arc<Mutex<Vec<u128>>>;

/// What is noted while frames flow.
#[derive(Clone, Default)]
struct Notes {
    sent: Sent,
    crossed: Crossed,
    frames: Waited,
    alerts: Waited,
}

struct Figures {
    cpu_us_a_frame: f64,
    p50_us: u128,
    p99_us: u128,
    delivered: usize,
    held_mib: f64,
    /// From the crossing of a limit to the alert on a screen.
    alert_p50_us: u128,
    alert_p99_us: u128,
    alerts: usize,
}

fn main() -> anyhow::Result<()> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    match std::env::args().nth(1).as_deref() {
        Some("bare") => {
            runtime.block_on(bare(std::env::args().nth(2).context("address")?.parse()?))
        }
        _ => runtime.block_on(compare()),
    }
}

/// The baseline: what comes in at one end goes out at all others, and nothing else.
async fn bare(address: SocketAddr) -> anyhow::Result<()> {
    let listener = TcpListener::bind(address).await?;
    let (all, _) = broadcast::channel::<tokio_tungstenite::tungstenite::Utf8Bytes>(4_096);
    loop {
        let (stream, _) = listener.accept().await?;
        let all = all.clone();
        tokio::spawn(async move {
            let Ok(socket) = accept_async(stream).await else { return };
            let (mut out, mut into) = socket.split();
            // The first word says which end it is.
            let Some(Ok(Message::Text(word))) = into.next().await else { return };
            if word == "screen" {
                let mut frames = all.subscribe();
                while let Ok(text) = frames.recv().await {
                    if out.send(Message::Text(text)).await.is_err() {
                        return;
                    }
                }
            }
            while let Some(Ok(Message::Text(text))) = into.next().await {
                // Nobody listens before the first screen.
                let _ = all.send(text);
            }
        });
    }
}

async fn compare() -> anyhow::Result<()> {
    let bare = run_bare().await?;
    let whole = run_server().await?;
    let print = |name: &str, f: &Figures| {
        println!(
            "{name:<12} {:>8.1} µs CPU a delivered frame   p50 {:>6} µs   p99 {:>6} µs   {} delivered   {:.0} MiB",
            f.cpu_us_a_frame, f.p50_us, f.p99_us, f.delivered, f.held_mib
        );
    };
    println!("{MONITORS} monitors at 1 Hz, {SCREENS} screens, {SECONDS} s");
    print("bare", &bare);
    print("dripwatch", &whole);
    println!(
        "ratio        CPU {:.2}   p99 {:.2}",
        whole.cpu_us_a_frame / bare.cpu_us_a_frame,
        whole.p99_us as f64 / bare.p99_us as f64
    );
    println!(
        "limit crossed → alert on a screen: p50 {} µs   p99 {} µs   ({} of {} alerts; p99 is {:.2} of a bare frame's)",
        whole.alert_p50_us,
        whole.alert_p99_us,
        whole.alerts,
        MONITORS * SCREENS,
        whole.alert_p99_us as f64 / bare.p99_us as f64
    );
    Ok(())
}

struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    /// What the process holds in memory now.
    fn held_mib(&self) -> anyhow::Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id()))?;
        let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("VmRSS")?;
        let kib = line.split_whitespace().nth(1).context("VmRSS")?;
        Ok(kib.parse::<f64>()? / 1_024.0)
    }

    /// User and system time so far, microseconds, from the kernel's hundredths of a second.
    fn cpu_us(&self) -> anyhow::Result<f64> {
        let stat = std::fs::read_to_string(format!("/proc/{}/stat", self.0.id()))?;
        let after_name = stat.rsplit_once(')').context("stat")?.1;
        let fields: Vec<&str> = after_name.split_whitespace().collect();
        let ticks: f64 = fields[11].parse::<f64>()? + fields[12].parse::<f64>()?;
        Ok(ticks * 10_000.0)
    }
}

fn free_address() -> anyhow::Result<SocketAddr> {
    Ok(StdListener::bind("127.0.0.1:0")?.local_addr()?)
}

async fn run_bare() -> anyhow::Result<Figures> {
    let address = free_address()?;
    let this = std::env::current_exe()?;
    let child = Command::new(this).args(["bare", &address.to_string()]).spawn()?;
    let process = Process(child);
    let connect = async |word: &str| -> anyhow::Result<Socket> {
        let mut socket = patiently(&format!("ws://{address}"), None).await?;
        socket.send(Message::text(word)).await?;
        Ok(socket)
    };
    let mut screens = Vec::new();
    for _ in 0..SCREENS {
        screens.push(connect("screen").await?);
    }
    let mut monitors = Vec::new();
    for _ in 0..MONITORS {
        monitors.push(connect("monitor").await?);
    }
    measure(&process, monitors, screens).await
}

async fn run_server() -> anyhow::Result<Figures> {
    let folder = tempfile::tempdir()?;
    let (http, binary) = (free_address()?, env!("CARGO_BIN_EXE_dripwatch"));
    let rooms: String =
        (0..MONITORS).map(|n| format!("[[rooms]]\nid=\"{n}\"\nname=\"{n}\"\n")).collect();
    let config = folder.path().join("dripwatch.toml");
    let data = folder.path().join("data");
    std::fs::write(&config, format!("[server]\nlisten=\"{http}\"\ndata_dir={data:?}\n{rooms}"))?;
    let devices = folder.path().join("devices");
    let list: String = (0..MONITORS).map(|n| format!("mon-{n} {n}\n")).collect();
    std::fs::write(&devices, list)?;
    let command = |args: &[&str]| -> anyhow::Result<String> {
        let output = Command::new(binary).args(args).arg("--config").arg(&config).output()?;
        if !output.status.success() {
            bail!("{}", String::from_utf8_lossy(&output.stderr));
        }
        Ok(String::from_utf8(output.stdout)?)
    };
    let tokens = command(&["device", "add", "--from", devices.to_str().context("path")?])?;
    let screen_token = command(&["token", "add", "bench", "--role", "nurse"])?;
    let child = Command::new(binary)
        .args(["serve", "--config"])
        .arg(&config)
        .stderr(Stdio::null())
        .spawn()?;
    let process = Process(child);
    let mut screens = Vec::new();
    for _ in 0..SCREENS {
        let url = format!("ws://{http}/api/v1/stream");
        let mut socket = patiently(&url, Some(screen_token.trim())).await?;
        let hello = json!({"type": "hello", "version": 1, "rooms": "all"});
        socket.send(Message::text(hello.to_string())).await?;
        screens.push(socket);
    }
    let web = reqwest::Client::new();
    let (web, token) = (&web, screen_token.trim());
    let opening = (0..MONITORS).map(|room| infusing(web, token, format!("http://{http}"), room));
    futures_util::stream::iter(opening).buffer_unordered(8).try_collect::<Vec<()>>().await?;
    let mut monitors = Vec::new();
    for line in tokens.lines() {
        let token = line.split_whitespace().nth(1).context("token")?;
        monitors.push(patiently(&format!("ws://{http}/api/v1/ingest"), Some(token)).await?);
    }
    measure(&process, monitors, screens).await
}

/// A patient who is infusing, without whom nothing about a patient is an alert.
async fn infusing(
    web: &reqwest::Client,
    token: &str,
    server: String,
    room: usize,
) -> anyhow::Result<()> {
    let post = async |path: &str, body: Value| -> anyhow::Result<Value> {
        let call = web.post(format!("{server}/api/v1/{path}")).bearer_auth(token);
        let answer = call.json(&body).send().await?;
        let status = answer.status();
        let said: Value = answer.json().await?;
        if !status.is_success() {
            bail!("{path}: {status} {said}");
        }
        Ok(said)
    };
    let session = json!({"patient": {"initials": "J.T."}, "profile": "ketamine-iv-adult"});
    let opened = post(&format!("rooms/{room}/sessions"), session).await?;
    let events = format!("sessions/{}/events", opened["id"].as_str().context("id")?);
    let baseline = json!({"type": "accept_baseline", "systolic": 118, "diastolic": 74,
        "heart_rate": 72, "spo2": 97});
    post(&events, baseline).await?;
    post(&events, json!({"type": "start"})).await?;
    Ok(())
}

/// Connects, and tries again while the server starts.
async fn patiently(url: &str, token: Option<&str>) -> anyhow::Result<Socket> {
    for _ in 0..200 {
        let mut request = url.into_client_request()?;
        if let Some(token) = token {
            request.headers_mut().insert("Authorization", format!("Bearer {token}").parse()?);
        }
        match connect_async(request).await {
            Ok((socket, _)) => return Ok(socket),
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    bail!("{url} does not answer")
}

async fn measure(
    process: &Process,
    monitors: Vec<Socket>,
    screens: Vec<Socket>,
) -> anyhow::Result<Figures> {
    let notes = Notes::default();
    let watching = |screen| tokio::spawn(watch(screen, notes.clone()));
    let seen: Vec<_> = screens.into_iter().map(watching).collect();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let before = process.cpu_us()?;
    let sending: Vec<_> = monitors
        .into_iter()
        .enumerate()
        .map(|(number, socket)| tokio::spawn(send(number, socket, notes.clone())))
        .collect();
    for task in sending {
        task.await??;
    }
    tokio::time::sleep(Duration::from_secs(1)).await;
    let cpu_us = process.cpu_us()? - before;
    let held_mib = process.held_mib()?;
    seen.into_iter().for_each(|task| task.abort());
    let sorted = |waited: &Waited| {
        let mut waits = std::mem::take(&mut *waited.lock().unwrap_or_else(|e| e.into_inner()));
        waits.sort_unstable();
        waits
    };
    let (waits, alerts) = (sorted(&notes.frames), sorted(&notes.alerts));
    let at = |waits: &[u128], share: f64| {
        waits.get((waits.len() as f64 * share) as usize).copied().unwrap_or(0)
    };
    Ok(Figures {
        cpu_us_a_frame: cpu_us / waits.len().max(1) as f64,
        p50_us: at(&waits, 0.5),
        p99_us: at(&waits, 0.99),
        delivered: waits.len(),
        held_mib,
        alert_p50_us: at(&alerts, 0.5),
        alert_p99_us: at(&alerts, 0.99),
        alerts: alerts.len(),
    })
}

/// A monitor: a frame a second, once with a pressure that alarms; answers read and forgotten.
async fn send(number: usize, socket: Socket, notes: Notes) -> anyhow::Result<()> {
    let (mut out, mut answers) = socket.split();
    let reading = tokio::spawn(async move { while answers.next().await.is_some() {} });
    tokio::time::sleep(Duration::from_millis(5 * number as u64)).await;
    let since_1970 = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    let begins_at = i64::try_from(since_1970.as_secs())? * 1_000;
    for second in 0..SECONDS as i64 {
        let taken_at = begins_at + second * 1_000 + number as i64;
        // Not all in one second, and not in the first.
        let crosses = second == 2 + (number % (SECONDS - 4)) as i64;
        let mut readings = vec![
            json!({"vital": "spo2", "value": 97}),
            json!({"vital": "pulse_rate", "value": 72}),
        ];
        if crosses {
            readings.push(json!({"vital": "nibp", "systolic": 204, "diastolic": 80}));
        }
        let frame = json!({"type": "readings", "seq": second + 1, "boot": "b", "taken_at": taken_at,
            "sent_at": taken_at, "readings": readings});
        let text = frame.to_string();
        let now = Instant::now();
        notes.sent.lock().unwrap_or_else(|e| e.into_inner()).insert((number, taken_at), now);
        if crosses {
            notes.crossed.lock().unwrap_or_else(|e| e.into_inner()).insert(number, now);
        }
        out.send(Message::text(text)).await?;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    reading.abort();
    Ok(())
}

/// A screen: every frame of a monitor that comes in, timed.
async fn watch(mut socket: Socket, notes: Notes) {
    let mut alerted = HashSet::new();
    while let Some(Ok(message)) = socket.next().await {
        let now = Instant::now();
        let Message::Text(text) = message else { continue };
        for line in text.lines() {
            let Ok(frame) = serde_json::from_str::<Value>(line) else { continue };
            if frame["alert"]["condition"] == "systolic_high" {
                let room = frame["room"].as_str().and_then(|room| room.parse::<usize>().ok());
                let Some(number) = room.filter(|number| alerted.insert(*number)) else { continue };
                let crossed = notes.crossed.lock().unwrap_or_else(|e| e.into_inner());
                note(&notes.alerts, crossed.get(&number), now);
            }
            // A time that was corrected by the device's clock has its original beside it.
            let readings = frame["readings"].as_array().into_iter().flatten();
            let original =
                readings.filter_map(|reading| reading["device_taken_at"].as_i64()).next();
            let Some(taken_at) = original.or(frame["taken_at"].as_i64()) else { continue };
            let number = (taken_at % 1_000) as usize;
            let sent = notes.sent.lock().unwrap_or_else(|e| e.into_inner());
            note(&notes.frames, sent.get(&(number, taken_at)), now);
        }
    }
}

fn note(waited: &Waited, since: Option<&Instant>, now: Instant) {
    if let Some(since) = since {
        let wait = now.duration_since(*since).as_micros();
        waited.lock().unwrap_or_else(|e| e.into_inner()).push(wait);
    }
}
