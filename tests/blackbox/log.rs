//! Whatever becomes of the log, and whoever sends what signal: the ward goes on.

use std::fs::File;
use std::io::{PipeReader, Write, pipe};
use std::process::Command;

use reqwest::StatusCode;
use rustix::fs::{OFlags, fcntl_setfl};
use serde_json::{Value, json};

use super::app::{App, BIN, Socket, first_line, get, in_time};

/// Heartbeats that are waited for; their time is the server's own.
const BEATS: usize = 5;
/// More requests than any of these tests needs before its log has no place left: a request for
/// what is not there is a line, which here is two kilobytes long.
const MANY: usize = 5_000;
const LONG_NAME: usize = 2_000;

fn logging(level: &str) -> Command {
    let mut command = Command::new(BIN);
    command.env("DRIPWATCH_LOG", level);
    command
}

/// How many lines were lost for this reason.
async fn lost(app: &App, reason: &str) -> u64 {
    let figures = in_time(get(app.url("/metrics"))).await.text;
    let name = format!("dripwatch_log_lines_dropped_total{{reason=\"{reason}\"}} ");
    let line = figures.lines().find_map(|line| line.strip_prefix(&name));
    line.unwrap_or_else(|| panic!("{figures}")).parse().unwrap()
}

async fn heartbeats_go_on(stream: &mut Socket) {
    let mut times = Vec::new();
    while times.len() < BEATS {
        times.push(stream.until_type("heartbeat").await["now"].as_i64().unwrap());
    }
    let mut apart: Vec<i64> = times.windows(2).map(|pair| pair[1] - pair[0]).collect();
    apart.sort_unstable();
    // The middle one: a machine that is busy may be late once.
    assert!(apart[apart.len() / 2] <= 2_000, "{apart:?}");
}

/// The server answers, its heartbeat goes on, and a pressure beyond its limit is an alert.
pub(crate) async fn is_well(app: &App, room: &str, token: &str) {
    let health = in_time(get(app.url("/healthz"))).await;
    assert_eq!(health.status, StatusCode::OK);
    let mut stream = app.stream().await;
    stream.until_type("snapshot").await;
    heartbeats_go_on(&mut stream).await;
    let nibp = json!([{"vital": "nibp", "systolic": 204, "diastolic": 110}]);
    // Whether it is stored is another question.
    let (_answer, alert) = tokio::join!(
        app.reading(token, 1, nibp),
        stream.soon(|frame| frame["type"] == "alert" && frame["room"] == room)
    );
    assert_eq!(alert["alert"]["condition"], "systolic_high");
    assert_eq!(alert["alert"]["state"], "active");
}

/// A server whose log goes into a pipe.
async fn piped(app: &mut App, level: &str) -> PipeReader {
    let (reader, writer) = pipe().unwrap();
    app.run_as(logging(level), writer).await;
    reader
}

/// Asks until so many lines were lost for this reason.
async fn lose(app: &App, reason: &str, count: u64) {
    let client = reqwest::Client::new();
    let nowhere = app.url(&format!("/api/{}", "x".repeat(LONG_NAME)));
    for n in 0..MANY {
        let answer = in_time(client.get(&nowhere).send()).await.unwrap();
        assert_eq!(answer.status(), StatusCode::NOT_FOUND);
        if n % 100 == 99 && lost(app, reason).await >= count {
            return;
        }
    }
    panic!("no line was lost for this reason: {reason}");
}

#[tokio::test]
async fn a_log_on_a_full_disk_costs_its_lines_and_nothing_else() {
    let mut app = App::prepared();
    let token = app.add_device("mon-1", "1");
    app.run_as(logging("info"), File::options().write(true).open("/dev/full").unwrap()).await;
    is_well(&app, "1", &token).await;
    assert!(lost(&app, "not_written").await > 0);
    assert_eq!(lost(&app, "queue_full").await, 0);
    assert_eq!(app.terminate(), Some(0));
}

#[tokio::test]
async fn a_log_whose_reader_has_died_costs_its_lines_and_nothing_else() {
    let mut app = App::prepared();
    let token = app.add_device("mon-1", "1");
    drop(piped(&mut app, "debug").await);
    lose(&app, "not_written", 10).await;
    is_well(&app, "1", &token).await;
    assert_eq!(app.terminate(), Some(0));
}

#[tokio::test]
async fn a_log_that_nobody_reads_costs_its_lines_and_nothing_else() {
    let mut app = App::prepared();
    let token = app.add_device("mon-1", "1");
    let reader = piped(&mut app, "debug").await;
    lose(&app, "queue_full", 100).await;
    is_well(&app, "1", &token).await;
    // Nor does the end wait for ever.
    assert_eq!(app.terminate(), Some(0));
    drop(reader);
}

#[tokio::test]
async fn what_was_lost_is_in_the_log_when_it_is_read_again() {
    let mut app = App::prepared();
    let reader = piped(&mut app, "debug").await;
    lose(&app, "queue_full", 100).await;
    let (said, told) = tokio::sync::oneshot::channel();
    let reading = std::thread::spawn(move || {
        let lines = std::io::BufRead::lines(std::io::BufReader::new(reader));
        let mut said = Some(said);
        for line in lines.map_while(Result::ok) {
            if line.contains("log lines were lost since the start") {
                // The first time is enough.
                let _ = said.take().map(|said| said.send(line));
            }
        }
    });
    // It is said once something was written, and something is written once something happens.
    let asking = async {
        loop {
            reqwest::get(app.url("/api/nowhere")).await.unwrap();
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    };
    let line = tokio::select! {
        line = in_time(told) => line.unwrap(),
        () = asking => unreachable!(),
    };
    assert!(line.contains("WARN") && line.contains("queue_full="), "{line}");
    assert_eq!(app.terminate(), Some(0));
    reading.join().unwrap();
}

#[tokio::test]
async fn a_server_that_cannot_start_says_so_and_ends_though_nobody_reads_it() {
    let app = App::prepared();
    let (reader, writer) = pipe().unwrap();
    // The pipe is full before the server begins.
    fcntl_setfl(&writer, OFlags::NONBLOCK).unwrap();
    while (&writer).write(&[b'x'; 4_096]).is_ok() {}
    while (&writer).write(b"x").is_ok() {}
    fcntl_setfl(&writer, OFlags::empty()).unwrap();
    let taken = std::net::TcpListener::bind(app.http).unwrap();
    let mut server = Command::new(BIN)
        .args(["serve", "--config"])
        .arg(app.config())
        .stderr(writer)
        .spawn()
        .unwrap();
    let ended = tokio::task::spawn_blocking(move || server.wait().unwrap());
    assert_eq!(in_time(ended).await.unwrap().code(), Some(1));
    drop((taken, reader));
}

#[tokio::test]
async fn a_file_that_reached_its_greatest_size_stops_the_recording_and_not_the_ward() {
    let mut app = App::prepared();
    let token = app.add_device("mon-1", "1");
    let other = app.add_device("mon-2", "2");
    let mut limited = Command::new("sh");
    limited.args(["-c", "ulimit -S -f 2000; exec \"$0\" \"$@\"", BIN]);
    let log = File::create(app.folder.path().join("log")).unwrap();
    app.run_as(limited, log).await;
    let mut stream = app.stream().await;
    stream.until_type("snapshot").await;
    let mut monitor = app.ingest(&token).await;
    // Until the database cannot grow.
    let feeding = async {
        for seq in 1.. {
            let spo2 = json!([{"vital": "spo2", "value": 97}]);
            monitor
                .say(json!({"type": "readings", "seq": seq, "boot": "b", "readings": spo2}))
                .await;
            if seq % 100 == 0 {
                monitor.hear_within(std::time::Duration::from_millis(20)).await;
            }
        }
    };
    let is_stopped = |frame: &Value| frame["alert"]["condition"] == "recording_stopped";
    let stopped = tokio::select! {
        stopped = stream.soon(is_stopped) => stopped,
        () = feeding => unreachable!(),
    };
    let words = stopped["alert"]["text"].as_str().unwrap();
    assert!(words.contains("the disk"), "{words}");
    is_well(&app, "2", &other).await;
    let ready = get(app.url("/readyz")).await;
    assert_eq!(ready.status, StatusCode::SERVICE_UNAVAILABLE);

    // It goes on when it may.
    let pid = app.pid().to_string();
    let more = Command::new("prlimit").args(["--pid", &pid, "--fsize=unlimited"]).status();
    assert!(more.unwrap().success());
    app.is_ready().await;
    let mut stream = app.stream().await;
    let snapshot = stream.until_type("snapshot").await;
    if snapshot["ward"].to_string().contains("recording_stopped") {
        stream.soon(|frame| is_stopped(frame) && frame["alert"]["state"] == "resolved").await;
    }
    assert_eq!(app.terminate(), Some(0), "{}", app.log());
}

#[tokio::test]
async fn no_signal_ends_a_server_but_those_that_ask_it_to_stop() {
    let mut app = App::start().await;
    let token = app.add_device("mon-1", "1");
    // HUP USR1 USR2 PIPE ALRM STKFLT XCPU XFSZ VTALRM PROF POLL PWR, and real-time ones.
    for number in [1, 10, 12, 13, 14, 16, 24, 25, 26, 27, 29, 30, 35, 64] {
        app.signal(number);
    }
    is_well(&app, "1", &token).await;
    // QUIT is one that asks.
    app.signal(3);
    assert_eq!(app.ended(), Some(0), "{}", app.log());
}

#[tokio::test]
async fn a_demo_ends_with_its_terminal() {
    let mut demo = Command::new(BIN)
        .args(["demo", "--listen", "127.0.0.1:0", "--rooms", "1", "--json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::null())
        .spawn()
        .unwrap();
    assert!(first_line(demo.stdout.take().unwrap()).contains("api_token"));
    let hung_up = Command::new("kill").args(["-1", &demo.id().to_string()]).status().unwrap();
    assert!(hung_up.success());
    let ended = tokio::task::spawn_blocking(move || demo.wait().unwrap());
    assert_eq!(in_time(ended).await.unwrap().code(), Some(0));
}
