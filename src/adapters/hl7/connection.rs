//! One connection: read, decode, hand over; beside it the answers, in order.

use std::collections::BTreeSet;
use std::io;
use std::net::IpAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{Ack, Context, Framer, Hl7Options, Kind, Outcome, Sender, decode};
use crate::adapters::{Arrival, Delivery, FrameKey, Intake};
use crate::vitals::DeviceId;

/// Answers that may wait, the one that is being waited for included.
pub(super) const MAX_UNANSWERED: usize = 4_096;
/// Silence that ends a message without a frame.
const SILENCE: Duration = Duration::from_millis(500);
/// A connection this long without a byte is taken for dead, so that dead ones do not fill all
/// places. A monitor sends at least each minute; one that only makes spot checks connects again.
const DEAD_AFTER: Duration = Duration::from_secs(6 * 3_600);
/// Silence before the first whole message that ends a connection: it leaves its place to others.
const FIRST_MESSAGE_WITHIN: Duration = Duration::from_secs(30);
/// How long a sender may leave an answer unread.
const WRITE_LIMIT: Duration = Duration::from_secs(10);
const READ_BYTES: usize = 16 * 1024;
/// How long the ward remembers a message, to know it when it is sent again.
const SAME_WITHIN_MS: i64 = 600_000;

/// Different problems that are told of one connection.
const MAX_COMPLAINTS: usize = 32;

const NOT_STORED: Outcome = Outcome::Error("could not be stored, send again");

/// An answer that waits for its turn and, with `stored`, for the disk.
struct Answer {
    ack: Ack,
    outcome: Outcome,
    stored: Option<oneshot::Receiver<()>>,
}

/// Serves one sender until it closes, goes beyond a limit, or `shutdown`.
pub(super) async fn run(
    mut stream: TcpStream,
    peer: IpAddr,
    options: &Hl7Options,
    intake: &Intake,
    shutdown: &CancellationToken,
) {
    tracing::debug!(%peer, "HL7 connection opened");
    let (source, sink) = stream.split();
    let (answers, waiting) = mpsc::channel(MAX_UNANSWERED - 1);
    let mut reader = Reader {
        peer,
        options,
        intake,
        answers,
        framer: Framer::default(),
        messages: 0,
        complaints: Complaints::default(),
    };
    let reading = async move {
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = reader.read_all(source) => {}
        }
        reader.log_summary();
        // Its end of the queue goes with it, so the answers end after the last.
    };
    let answering = write_answers(sink, waiting, options);
    tokio::pin!(reading, answering);
    let unsent = tokio::select! {
        unsent = &mut answering => unsent,
        () = &mut reading => answering.await,
    };
    if let Err(error) = unsent {
        tracing::info!(%peer, %error, "HL7 connection closed: its answers cannot be sent");
    }
}

/// What one connection was told off for; each thing once, or a talkative sender fills the log.
#[derive(Default)]
struct Complaints {
    unreadable: u64,
    told: BTreeSet<String>,
}

struct Reader<'a> {
    peer: IpAddr,
    options: &'a Hl7Options,
    intake: &'a Intake,
    answers: mpsc::Sender<Answer>,
    framer: Framer,
    messages: u64,
    complaints: Complaints,
}

impl Reader<'_> {
    async fn read_all(&mut self, mut source: impl AsyncRead + Unpin) {
        let mut buffer = vec![0; READ_BYTES];
        loop {
            let patience = match self.messages {
                _ if self.framer.awaits_silence() => SILENCE,
                0 => FIRST_MESSAGE_WITHIN,
                _ => DEAD_AFTER,
            };
            let ended = match timeout(patience, source.read(&mut buffer)).await {
                Ok(Ok(0) | Err(_)) => {
                    self.framer.idle();
                    true
                }
                Ok(Ok(count)) => {
                    self.framer.push(&buffer[..count]);
                    false
                }
                Err(_) if patience == SILENCE => {
                    self.framer.idle();
                    false
                }
                Err(_) => true,
            };
            if !self.take_messages().await || ended {
                return;
            }
        }
    }

    /// Takes all whole messages; false when the connection must end.
    async fn take_messages(&mut self) -> bool {
        loop {
            match self.framer.next() {
                Ok(None) => return true,
                Ok(Some(message)) => {
                    let Some(answer) = self.take(&message).await else {
                        continue;
                    };
                    drop(message);
                    if self.answers.send(answer).await.is_err() {
                        return false;
                    }
                }
                Err(error) => {
                    tracing::warn!(peer = %self.peer, %error, "HL7 connection closed");
                    return false;
                }
            }
        }
    }

    async fn take(&mut self, message: &[u8]) -> Option<Answer> {
        self.messages += 1;
        let arrived_at = (self.options.now)();
        let decoded = decode(
            message,
            &Context {
                arrived_at,
                zone: &self.options.zone,
                sender: Sender {
                    peer: self.peer,
                    default_device: self.options.default_device.as_ref(),
                },
            },
        );
        self.log(decoded.kind, decoded.device.as_ref(), decoded.problems);
        let outcome = decoded.outcome?;
        let stored = match decoded.frame {
            None => None,
            Some(frame) => {
                let (told, stored) = oneshot::channel();
                let control_id = decoded.control_id.as_bytes();
                // Without any time in it, the same message again is the next second, not the
                // last one once more: rather stored twice than lost.
                let is_timed = frame.sender_time().is_some();
                let arrived = format!("{}:{}:{}", arrived_at, self.peer, self.messages);
                let apart: &[u8] = if is_timed { b"" } else { arrived.as_bytes() };
                let delivery = Delivery {
                    frame,
                    adapter: "hl7-mllp",
                    key: FrameKey::of(&[b"hl7", control_id, message, apart]),
                    same_within_ms: SAME_WITHIN_MS,
                    identity: decoded.identity,
                    stored: told,
                };
                // A ward that has ended drops the delivery, and so the sender is told.
                self.intake.hand_over(Arrival::Frame(delivery)).await;
                Some(stored)
            }
        };
        Some(Answer { ack: decoded.ack, outcome, stored })
    }

    /// Neither message text nor values: the log is read by people who are not treating anyone.
    fn log(&mut self, kind: Kind, device: Option<&DeviceId>, problems: Vec<String>) {
        let peer = self.peer;
        if kind == Kind::Unreadable {
            self.complaints.unreadable += 1;
            if self.complaints.unreadable == 1 {
                tracing::warn!(%peer, "what was sent is not HL7: it does not begin with MSH");
            }
            return;
        }
        let told = &mut self.complaints.told;
        let room = MAX_COMPLAINTS.saturating_sub(told.len());
        let new: Vec<String> =
            (problems.into_iter()).filter(|problem| !told.contains(problem)).take(room).collect();
        if !new.is_empty() {
            let device = device.map(DeviceId::as_str);
            tracing::warn!(%peer, device, problems = new.join("; "), "odd HL7 message");
            told.extend(new);
        }
    }

    /// Senders that connect for each message end often: only what was odd is worth a line.
    fn log_summary(&self) {
        let (peer, messages) = (self.peer, self.messages);
        let unreadable = self.complaints.unreadable;
        let skipped_bytes = self.framer.skipped_bytes();
        if unreadable == 0 && skipped_bytes == 0 {
            tracing::debug!(%peer, messages, "HL7 connection ended");
        } else {
            tracing::info!(%peer, messages, unreadable, skipped_bytes, "HL7 connection ended");
        }
    }
}

/// Sends the answers in the order of their messages, each when its readings are safe.
async fn write_answers(
    mut sink: impl AsyncWrite + Unpin,
    mut waiting: mpsc::Receiver<Answer>,
    options: &Hl7Options,
) -> io::Result<()> {
    let mut number = 0;
    while let Some(answer) = waiting.recv().await {
        let outcome = match answer.stored {
            Some(stored) => stored.await.map_or(NOT_STORED, |()| answer.outcome),
            None => answer.outcome,
        };
        number += 1;
        let frame = answer.ack.frame(outcome, (options.now)(), &options.zone, number);
        timeout(WRITE_LIMIT, sink.write_all(&frame)).await??;
    }
    sink.shutdown().await
}
