//! A monitor that speaks the ingest WebSocket (DESIGN 4, Ingest).

use std::time::Duration;

use anyhow::{Context, bail};
use futures_util::{Sink, SinkExt, Stream, StreamExt};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc::Receiver;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::{self, Message};
use tracing::{info, warn};

use super::outbox::{Numbered, Outbox};
use crate::clock::{Backoff, Deadline};
use crate::instruments::{CuffActivity, Oximetry, Quality, Shown};

/// Ten minutes at one frame a second; older ones are given up first.
const UNANSWERED_FRAMES: usize = 600;
/// A server that answers nothing for this long is taken for gone.
const ANSWER_WITHIN: Duration = Duration::from_secs(10);

/// One frame as text, without a line end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Frame {
    /// Grows by one with each frame of a boot.
    pub seq: u64,
    /// The JSON.
    pub text: String,
}

impl Numbered for Frame {
    fn number(&self) -> u64 {
        self.seq
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Outgoing<'a> {
    Readings { seq: u64, boot: &'a str, sent_at: i64, taken_at: i64, readings: Vec<Reading> },
    Status { seq: u64, boot: &'a str, sent_at: i64, vital: &'a str, status: &'a str },
}

#[derive(Serialize)]
#[serde(tag = "vital", rename_all = "snake_case")]
enum Reading {
    Spo2 { value: u32, quality: &'static str },
    PulseRate { value: u32, quality: &'static str },
    Nibp { systolic: i32, diastolic: i32, mean: i32, taken_at: i64 },
}

/// Turns what a monitor shows into frames.
#[derive(Debug, Clone)]
pub struct NativeEncoder {
    boot: String,
    seq: u64,
}

impl NativeEncoder {
    /// A monitor that was just switched on. `boot` tells this run from any other of the device.
    pub fn new(boot: String) -> Self {
        Self { boot, seq: 0 }
    }

    /// The frames of one second: the values in one, and each vital without a value in its own.
    pub fn encode(&mut self, shown: &Shown, taken_at: i64, sent_at: i64) -> Vec<Frame> {
        let mut readings = Vec::new();
        let mut statuses = Vec::new();
        match shown.oximetry {
            Oximetry::Value { spo2, pulse_rate, quality } => {
                let quality = match quality {
                    Quality::Good => "good",
                    Quality::Questionable => "questionable",
                };
                readings.push(Reading::Spo2 { value: spo2, quality });
                readings.push(Reading::PulseRate { value: pulse_rate, quality });
            }
            Oximetry::Absent(status) => {
                statuses.push(("spo2", status.word()));
                statuses.push(("pulse_rate", status.word()));
            }
        }
        match shown.cuff {
            CuffActivity::Starts => statuses.push(("nibp", "measuring")),
            CuffActivity::Failed => statuses.push(("nibp", "failed")),
            CuffActivity::Done(nibp) => readings.push(Reading::Nibp {
                systolic: nibp.systolic,
                diastolic: nibp.diastolic,
                mean: nibp.mean,
                taken_at,
            }),
            CuffActivity::Idle | CuffActivity::Measuring => {}
        }
        let boot = self.boot.clone();
        let mut frames = Vec::with_capacity(statuses.len() + 1);
        if !readings.is_empty() {
            let seq = self.next_seq();
            let frame = Outgoing::Readings { seq, boot: &boot, sent_at, taken_at, readings };
            frames.push(as_text(seq, &frame));
        }
        for (vital, status) in statuses {
            let seq = self.next_seq();
            frames
                .push(as_text(seq, &Outgoing::Status { seq, boot: &boot, sent_at, vital, status }));
        }
        frames
    }

    fn next_seq(&mut self) -> u64 {
        self.seq += 1;
        self.seq
    }
}

fn as_text(seq: u64, frame: &Outgoing<'_>) -> Frame {
    let text = serde_json::to_string(frame).expect("numbers and words always become JSON");
    Frame { seq, text }
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Answer {
    Stored {
        seq: u64,
        #[serde(default)]
        problems: Vec<Problem>,
    },
    Rejected {
        seq: u64,
        problem: Problem,
    },
    /// Newer servers may say more.
    #[serde(other)]
    Unknown,
}

#[derive(Deserialize)]
struct Problem {
    title: String,
}

/// Sends frames for ever: keeps those unanswered, and sends them again, unchanged and in order,
/// after each new connection. Ends when the frames end.
pub(crate) async fn run(device: &str, server: &IngestServer, mut frames: Receiver<Vec<Frame>>) {
    let mut outbox = Outbox::new(UNANSWERED_FRAMES);
    let mut backoff = Backoff::default();
    loop {
        let connecting = async {
            backoff.wait().await;
            let socket = tokio_tungstenite::connect_async(server.request.clone());
            anyhow::Ok(timeout(ANSWER_WITHIN, socket).await.context("no answer")??)
        };
        let Some(connected) = outbox.collect_until(connecting, &mut frames).await else {
            return;
        };
        let ended = match connected {
            Ok((socket, _)) => {
                info!(device, resent = outbox.iter().count(), "connected");
                let given_up = outbox.take_given_up();
                if given_up > 0 {
                    warn!(device, given_up, "frames were lost: the cut was longer than the memory");
                }
                match talk(device, socket, &mut outbox, &mut frames, &mut backoff).await {
                    Ok(()) => return,
                    Err(problem) => problem,
                }
            }
            Err(problem) => problem,
        };
        warn!(device, "no connection to {}, trying again: {ended:#}", server.base_url);
    }
}

/// Where, and as whom, a native monitor connects.
pub(crate) struct IngestServer {
    base_url: String,
    request: Request,
}

impl IngestServer {
    /// # Errors
    /// When the URL or the token can never work.
    pub(crate) fn new(base_url: &str, token: &str) -> anyhow::Result<Self> {
        let Some(address) = base_url.strip_prefix("http://") else {
            bail!(
                "the server's URL must start with http:// (got {base_url:?}): run the simulator on \
                 the server's own machine, where it is served without TLS"
            );
        };
        let url = format!("ws://{}/api/v1/ingest", address.trim_end_matches('/'));
        let mut request =
            url.into_client_request().with_context(|| format!("{base_url:?} is not a URL"))?;
        let bearer = HeaderValue::from_str(&format!("Bearer {}", token.trim())).context(
            "the device token holds a character that no header can carry: copy it again",
        )?;
        request.headers_mut().insert("authorization", bearer);
        Ok(Self { base_url: base_url.to_owned(), request })
    }
}

/// One connection's life: `Ok` when the frames end, an error when the connection does.
async fn talk<S>(
    device: &str,
    mut socket: S,
    outbox: &mut Outbox<Frame>,
    frames: &mut Receiver<Vec<Frame>>,
    backoff: &mut Backoff,
) -> anyhow::Result<()>
where
    S: Stream<Item = tungstenite::Result<Message>>
        + Sink<Message, Error = tungstenite::Error>
        + Unpin,
{
    send_all(&mut socket, outbox.iter()).await?;
    let mut answer_due = Deadline::within(ANSWER_WITHIN);
    loop {
        tokio::select! {
            produced = frames.recv() => {
                let Some(produced) = produced else { return Ok(()) };
                if outbox.is_empty() {
                    answer_due.renew();
                }
                // Kept before it is sent: a connection that breaks here must not lose it.
                produced.iter().for_each(|frame| outbox.push(frame.clone()));
                send_all(&mut socket, &produced).await?;
            }
            received = socket.next() => {
                let Some(received) = received else { bail!("the server closed the connection") };
                match received? {
                    Message::Text(text) => {
                        text.lines().for_each(|line| take_answer(device, line, outbox));
                        answer_due.renew();
                        backoff.reset();
                    }
                    Message::Close(_) => bail!("the server closed the connection"),
                    _ => {}
                }
            }
            () = answer_due.passes(), if !outbox.is_empty() => {
                bail!("the server answered nothing for {} s", ANSWER_WITHIN.as_secs());
            }
        }
    }
}

async fn send_all<'a, S>(
    socket: &mut S,
    frames: impl IntoIterator<Item = &'a Frame>,
) -> anyhow::Result<()>
where
    S: Sink<Message, Error = tungstenite::Error> + Unpin,
{
    let sending = async {
        for frame in frames {
            socket.feed(Message::text(frame.text.clone())).await?;
        }
        socket.flush().await
    };
    Ok(timeout(ANSWER_WITHIN, sending).await.context("the server takes nothing in")??)
}

fn take_answer(device: &str, line: &str, outbox: &mut Outbox<Frame>) {
    match serde_json::from_str(line) {
        Ok(Answer::Stored { seq, problems }) => {
            for problem in problems {
                warn!(device, seq, "the server stored a frame but says: {}", problem.title);
            }
            outbox.stored_up_to(seq);
        }
        Ok(Answer::Rejected { seq, problem }) => {
            warn!(device, seq, "the server rejected a frame: {}", problem.title);
            outbox.rejected(seq);
        }
        Ok(Answer::Unknown) => {}
        Err(problem) => warn!(device, "an answer that is none of DESIGN 4: {problem}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instruments::{Nibp, SensorStatus};
    use tokio::net::{TcpListener, TcpStream};
    use tokio::sync::mpsc;
    use tokio_tungstenite::{WebSocketStream, accept_async};

    const NOON: i64 = 1_795_262_400_000;

    fn encode(oximetry: Oximetry, cuff: CuffActivity) -> Vec<String> {
        let frames =
            NativeEncoder::new("7f3a".to_owned()).encode(&Shown { oximetry, cuff }, NOON, NOON + 5);
        frames.into_iter().map(|frame| frame.text).collect()
    }

    #[test]
    fn values_and_a_new_cuff_reading_share_a_frame() {
        let good = Oximetry::Value { spo2: 97, pulse_rate: 72, quality: Quality::Good };
        let nibp = Nibp { systolic: 128, diastolic: 82, mean: 97 };
        assert_eq!(
            encode(good, CuffActivity::Done(nibp)),
            [concat!(
                r#"{"type":"readings","seq":1,"boot":"7f3a","sent_at":1795262400005,"#,
                r#""taken_at":1795262400000,"readings":["#,
                r#"{"vital":"spo2","value":97,"quality":"good"},"#,
                r#"{"vital":"pulse_rate","value":72,"quality":"good"},"#,
                r#"{"vital":"nibp","systolic":128,"diastolic":82,"mean":97,"#,
                r#""taken_at":1795262400000}]}"#
            )]
        );
    }

    #[test]
    fn a_probe_off_and_an_inflating_cuff_are_statuses_and_never_numbers() {
        let off = Oximetry::Absent(SensorStatus::SensorOff);
        let status = |seq: u64, vital: &str, word: &str| {
            format!(
                r#"{{"type":"status","seq":{seq},"boot":"7f3a","sent_at":1795262400005,"vital":"{vital}","status":"{word}"}}"#
            )
        };
        assert_eq!(
            encode(off, CuffActivity::Starts),
            [
                status(1, "spo2", "sensor_off"),
                status(2, "pulse_rate", "sensor_off"),
                status(3, "nibp", "measuring"),
            ]
        );
    }

    fn frame(seq: u64) -> Vec<Frame> {
        vec![Frame { seq, text: format!(r#"{{"type":"readings","seq":{seq}}}"#) }]
    }

    async fn accept(listener: &TcpListener) -> WebSocketStream<TcpStream> {
        let (stream, _) = listener.accept().await.expect("the monitor connects");
        accept_async(stream).await.expect("the monitor upgrades")
    }

    async fn received(socket: &mut WebSocketStream<TcpStream>, count: usize) -> Vec<String> {
        let mut texts = Vec::new();
        while texts.len() < count {
            let message = socket.next().await.expect("the monitor sends").expect("whole messages");
            texts.push(message.into_text().expect("text").to_string());
        }
        texts
    }

    #[tokio::test]
    async fn frames_unanswered_at_a_cut_are_sent_again_unchanged_and_in_order() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("it is bound"));
        let (out, frames) = mpsc::channel(8);
        let monitor = tokio::spawn(async move {
            let server = IngestServer::new(&url, "token").expect("a good URL");
            run("sim-2", &server, frames).await;
        });

        let mut first = accept(&listener).await;
        for seq in 1..=4 {
            out.send(frame(seq)).await.expect("the monitor lives");
        }
        let before = received(&mut first, 4).await;
        first.send(Message::text(r#"{"type":"stored","seq":2}"#)).await.expect("it listens");
        first.close(None).await.expect("the server closes");
        while first.next().await.is_some_and(|message| message.is_ok()) {}

        let mut second = accept(&listener).await;
        out.send(frame(5)).await.expect("the monitor lives");
        let after = received(&mut second, 3).await;
        assert_eq!(after[..2], before[2..]);
        assert_eq!(after[2], frame(5)[0].text);

        drop(out);
        monitor.await.expect("the monitor ends with its frames");
    }

    #[test]
    fn a_url_that_is_not_http_says_what_to_do() {
        let problem = IngestServer::new("https://clinic:8080", "token").err().expect("refused");
        assert!(problem.to_string().contains("must start with http://"), "{problem}");
    }
}
