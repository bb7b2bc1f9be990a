//! Whether alerts come on time whatever is done to the server: one case after the other, each
//! beside a quiet server in the same run.
//!
//! `cargo bench --bench under_attack` starts the program anew for each case, attacks it, and sends
//! from twenty monitors, one after the other, a pressure that is urgent at once. It prints how long
//! the alerts took to a screen (the middle one, the longest, and how much longer than the longest
//! of the quiet server), the longest time between two heartbeats, and the most memory that was in
//! use. It passes or fails on nothing. The attackers run on the same machine and take its time too.
#![expect(clippy::disallowed_methods, reason = "a bench measures time")]
#![expect(clippy::unwrap_used, reason = "a bench that cannot go on has failed")]
#![expect(dead_code, reason = "the black-box tests use the rest of what starts the program")]

#[path = "../tests/blackbox/app.rs"]
mod app;

/// The tests hold answers against the served document; here only the server is to cost something.
mod contract {
    pub(crate) struct Answer<'a> {
        pub(crate) method: &'a reqwest::Method,
        pub(crate) path: &'a str,
        pub(crate) status: u16,
        pub(crate) media_type: Option<&'a str>,
        pub(crate) body: &'a str,
    }

    pub(crate) fn set(_: &str) {}

    pub(crate) fn check(_: &Answer<'_>) {}

    pub(crate) fn check_frame(_: &str, _: &serde_json::Value) {}
}

use std::collections::BTreeMap;
use std::fs::File;
use std::io::pipe;
use std::net::SocketAddr;
use std::process::Command;
use std::time::{Duration, Instant};

use app::{App, BIN, Socket};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use serde_json::json;
use sqlx::Connection;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

/// Rooms, each with a monitor that alarms once.
const ROOMS: usize = 20;
const APART: Duration = Duration::from_millis(500);
/// So long the attack lasts before the first of them.
const BEFORE: Duration = Duration::from_secs(2);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Case {
    Quiet,
    LogOnAFullDisk,
    LogThatNobodyReads,
    DatabaseLocked,
    FolderMovedAway,
    HalfSentSignIns,
    SilentMonitors,
    MadeUpMonitors,
    FramesOfOneMonitor,
    PostedReadings,
    WrongPasswords,
}

const CASES: [(Case, &str); 11] = [
    (Case::Quiet, "quiet"),
    (Case::LogOnAFullDisk, "log on a full disk, each request a line"),
    (Case::LogThatNobodyReads, "log into a pipe that nobody reads"),
    (Case::DatabaseLocked, "database locked by another program"),
    (Case::FolderMovedAway, "data folder moved away"),
    (Case::HalfSentSignIns, "half-sent sign-ins, as fast as they go"),
    (Case::SilentMonitors, "silent HL7 connections, as fast as they go"),
    (Case::MadeUpMonitors, "made-up HL7 ids, as fast as they go"),
    (Case::FramesOfOneMonitor, "frames of one monitor, as fast as they go"),
    (Case::PostedReadings, "posted readings, as fast as they go"),
    (Case::WrongPasswords, "wrong passwords, 64 at a time"),
];

struct Figures {
    delays: Vec<Duration>,
    gap: Duration,
    peak_mb: u64,
}

fn main() {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).unwrap();
    let wanted = std::env::args().skip(1).find(|word| !word.starts_with('-'));
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(2).enable_all().build().unwrap();
    runtime.block_on(async {
        println!("case                                          alerts ms: middle  longest  beyond quiet   heartbeats apart ms   memory MB");
        let mut quiet = None;
        for (case, name) in CASES {
            if case != Case::Quiet && wanted.as_ref().is_some_and(|w| !name.contains(w.as_str())) {
                continue;
            }
            let mut figures = play(case).await;
            figures.delays.sort_unstable();
            let middle = figures.delays[figures.delays.len() / 2].as_millis();
            let longest = figures.delays[figures.delays.len() - 1].as_millis();
            let beyond = longest.saturating_sub(*quiet.get_or_insert(longest));
            let (gap, peak) = (figures.gap.as_millis(), figures.peak_mb);
            println!("{name:46} {middle:16} {longest:8} {beyond:13} {gap:21} {peak:11}");
        }
    });
}

async fn play(case: Case) -> Figures {
    let mut app = App::prepared();
    let rooms = (5..=ROOMS).map(|n| format!("[[rooms]]\nid = \"{n}\"\nname = \"Room {n}\"\n"));
    app.write_config(&rooms.collect::<String>());
    let tokens: Vec<String> =
        (1..=ROOMS).map(|n| app.add_device(&format!("mon-{n}"), &n.to_string())).collect();
    let flooding = app.token(&["device", "add", "flood"]);
    let mut command = Command::new(BIN);
    let mut kept = None;
    match case {
        Case::LogOnAFullDisk => {
            command.env("DRIPWATCH_LOG", "debug");
            app.run_as(command, File::options().write(true).open("/dev/full").unwrap()).await;
        }
        Case::LogThatNobodyReads => {
            command.env("DRIPWATCH_LOG", "debug");
            let (reader, writer) = pipe().unwrap();
            app.run_as(command, writer).await;
            kept = Some(reader);
        }
        _ => app.run().await,
    }
    let mut monitors = Vec::new();
    for token in &tokens {
        monitors.push(app.ingest(token).await);
    }
    let mut screen = app.stream().await;
    screen.until_type("snapshot").await;

    let mut attack = JoinSet::new();
    begin(case, &app, flooding, &mut attack).await;
    let (alarmed, sent) = tokio::sync::oneshot::channel();
    let watching = tokio::spawn(watch(screen, sent));
    tokio::time::sleep(BEFORE).await;
    let mut times = BTreeMap::new();
    for (index, monitor) in monitors.iter_mut().enumerate() {
        let nibp = json!([{"vital": "nibp", "systolic": 204, "diastolic": 110}]);
        times.insert((index + 1).to_string(), Instant::now());
        monitor.say(json!({"type": "readings", "seq": 1, "boot": "b", "readings": nibp})).await;
        tokio::time::sleep(APART).await;
    }
    alarmed.send(times).unwrap();
    let (delays, gap) = watching.await.unwrap();
    let status = std::fs::read_to_string(format!("/proc/{}/status", app.process())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak_kb: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    attack.shutdown().await;
    app.kill();
    drop(kept);
    Figures { delays, gap, peak_mb: peak_kb / 1_024 }
}

/// How long each alert took, and the longest time between two heartbeats.
async fn watch(
    mut screen: Socket,
    mut sent: tokio::sync::oneshot::Receiver<BTreeMap<String, Instant>>,
) -> (Vec<Duration>, Duration) {
    let mut came = BTreeMap::new();
    let mut beat = Instant::now();
    let mut gap = Duration::ZERO;
    let mut times = None;
    while times.is_none() || came.len() < ROOMS {
        let frame = screen.hear().await.expect("the screen's socket closed");
        if frame["type"] == "heartbeat" {
            gap = gap.max(beat.elapsed());
            beat = Instant::now();
        } else if frame["type"] == "alert" && frame["alert"]["condition"] == "systolic_high" {
            let room = frame["room"].as_str().unwrap().to_owned();
            came.entry(room).or_insert_with(Instant::now);
        }
        times = times.or_else(|| sent.try_recv().ok());
    }
    let times = times.unwrap();
    (came.iter().map(|(room, at)| at.duration_since(times[room])).collect(), gap)
}

async fn begin(case: Case, app: &App, token: String, attack: &mut JoinSet<()>) {
    let (http, hl7) = (app.http, app.hl7);
    match case {
        Case::Quiet => {}
        Case::LogOnAFullDisk | Case::LogThatNobodyReads => {
            for _ in 0..4 {
                attack.spawn(ask_for_what_is_not_there(http));
            }
        }
        Case::DatabaseLocked => {
            let file = format!("sqlite://{}", app.data_dir().join("dripwatch.db").display());
            let mut other = sqlx::SqliteConnection::connect(&file).await.unwrap();
            sqlx::query("BEGIN IMMEDIATE").execute(&mut other).await.unwrap();
            attack.spawn(async move {
                std::future::pending::<()>().await;
                drop(other);
            });
        }
        Case::FolderMovedAway => {
            std::fs::rename(app.data_dir(), app.folder.path().join("elsewhere")).unwrap();
        }
        Case::HalfSentSignIns => {
            let head = "POST /api/v1/login HTTP/1.1\r\nhost: x\r\ncontent-length: 500\r\n\r\n{";
            attack.spawn(connect_and_say(http, head));
        }
        Case::SilentMonitors => {
            attack.spawn(connect_and_say(hl7, ""));
        }
        Case::MadeUpMonitors => {
            for sender in 0..4 {
                attack.spawn(make_ids_up(hl7, sender));
            }
        }
        Case::FramesOfOneMonitor => {
            let flood = app.ingest(&token).await;
            attack.spawn(send_frames(flood));
        }
        Case::PostedReadings => {
            for _ in 0..4 {
                attack.spawn(post_readings(app.url("/api/v1/readings"), token.clone()));
            }
        }
        Case::WrongPasswords => {
            app.add_staff("KM", "nurse", "nectar-linen-bridge");
            for _ in 0..64 {
                attack.spawn(guess(app.url("/api/v1/login")));
            }
        }
    }
}

async fn ask_for_what_is_not_there(http: SocketAddr) {
    let client = reqwest::Client::new();
    let nowhere = format!("http://{http}/api/{}", "x".repeat(2_000));
    loop {
        let _ = client.get(&nowhere).send().await;
    }
}

/// Holds the newest 4,200.
async fn connect_and_say(address: SocketAddr, words: &'static str) {
    let mut open = std::collections::VecDeque::new();
    loop {
        if let Ok(mut caller) = TcpStream::connect(address).await {
            let _ = caller.write_all(words.as_bytes()).await;
            open.push_back(caller);
        }
        if open.len() > 4_200 {
            open.pop_front();
        }
    }
}

async fn make_ids_up(hl7: SocketAddr, sender: u32) {
    for n in 0_u32.. {
        let Ok(mut monitor) = TcpStream::connect(hl7).await else { continue };
        for m in 0..500 {
            let id = format!("{sender}-{n}-{m}");
            let message = format!(
                "\x0bMSH|^~\\&|Made^up||||||ORU^R01|{id}|P|2.6\rPV1||I|^^{id}\r\
                 OBX|1|NM|150456^^MDC||97|%|||||F\r\x1c\r"
            );
            let mut answer = [0; 512];
            if monitor.write_all(message.as_bytes()).await.is_err()
                || !matches!(monitor.read(&mut answer).await, Ok(1..))
            {
                break;
            }
        }
    }
}

async fn send_frames(mut flood: Socket) {
    for seq in 1_u64.. {
        let readings = json!([{"vital": "spo2", "value": 97}]);
        let frame = json!({"type": "readings", "seq": seq, "boot": "b", "readings": readings});
        flood.say_if_open(frame).await;
        while flood.hear_within(Duration::ZERO).await.is_some() {}
    }
}

async fn post_readings(url: String, token: String) {
    let client = reqwest::Client::new();
    for seq in 1_u64.. {
        let readings = json!([{"vital": "spo2", "value": 97}]);
        let frame = json!({"type": "readings", "seq": seq, "boot": "b", "readings": readings});
        let _ = client.post(&url).bearer_auth(&token).json(&frame).send().await;
    }
}

async fn guess(url: String) {
    let client = reqwest::Client::new();
    for n in 0_u64.. {
        let tried = json!({"name": "KM", "password": format!("wrong-guess-{n}")});
        let _ = client.post(&url).json(&tried).send().await;
    }
}
