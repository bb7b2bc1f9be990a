//! One connection: reads, decodes and hands over; the answers follow in order.

use std::net::IpAddr;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt};
use tokio::net::TcpStream;
use tokio::sync::{Semaphore, SemaphorePermit, mpsc, oneshot};
use tokio::time::{Sleep, sleep, timeout};
use tokio_util::sync::CancellationToken;

use super::answering::{Answer, AtOnce, NOT_STORED, OwedAnswer, write_answers};
use super::decode::{Stay, too_long};
use super::problem_log::ProblemLog;
use super::{
    ADAPTER, Ack, Context, Decoded, Framed, Framer, Kind, Limits, Outcome, Sender, Shared, decode,
};
use crate::adapters::{
    Admission, Arrival, Copies, Delivery, Intake, ListenerOptions, Sending, Unusable, digest,
};
use crate::places::{GivesWay, Place};
use crate::record::FrameKey;
use crate::vitals::{DeviceId, Frame, Millis};

/// The most answers that may wait, including the one that is being waited for.
pub(super) const MAX_UNANSWERED: usize = 4_096;
/// Silence that ends a message without a frame.
const SILENCE: Duration = Duration::from_millis(500);
/// A connection this long without a byte is closed, even if its other end is there: a monitor sends
/// at least once a minute; one that only makes spot checks connects again.
pub(super) const DEAD_AFTER: Duration = Duration::from_secs(6 * 3_600);
/// A connection that has sent nothing valid by then is closed, whatever else it sent: a monitor
/// connects when it is switched on, and may have no patient for a while.
pub(super) const FIRST_MESSAGE_WITHIN: Duration = Duration::from_secs(600);
/// From the first byte of a message to its end. After that its complete rows are used and the rest
/// is skipped: a sender that never ends a message is still read, and does not hold memory for ever.
pub(super) const MESSAGE_WITHIN: Duration = Duration::from_secs(60);
const READ_BYTES: usize = 16 * 1024;
/// How long the ward remembers a message, to recognise it when it is sent again.
const SAME_WITHIN_MS: i64 = 600_000;

/// Distinguishes the connections of this run, whichever listener accepted them.
static CONNECTIONS: AtomicU64 = AtomicU64::new(0);

/// Serves one sender until it closes, goes beyond a limit, must give way, or `shutdown`.
pub(super) async fn run(
    mut stream: TcpStream,
    peer: IpAddr,
    place: &Place,
    Shared { options, limits, intake, large }: &Shared,
    shutdown: &CancellationToken,
) {
    tracing::debug!(%peer, "HL7 connection opened");
    let (source, sink) = stream.split();
    let (answers, waiting) = mpsc::channel(MAX_UNANSWERED - 1);
    let (at_once, prompt) = mpsc::channel(MAX_UNANSWERED - 1);
    let mut reader = Reader {
        peer,
        number: CONNECTIONS.fetch_add(1, Ordering::Relaxed),
        place,
        options,
        intake,
        answers,
        at_once,
        framer: Framer::default(),
        messages: 0,
        has_spoken: false,
        problem_log: ProblemLog::default(),
    };
    let reading = async move {
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = reader.read_all(source, limits, large) => {}
        }
        reader.log_summary();
        // Its end of the queues is dropped with it, so the answers end after the last one.
    };
    let answering = write_answers(sink, waiting, prompt, options);
    let both = async {
        tokio::pin!(reading, answering);
        tokio::select! {
            unsent = &mut answering => unsent,
            () = &mut reading => answering.await,
        }
    };
    let unsent = tokio::select! {
        unsent = both => unsent,
        // It will send again what was not answered, if it is still there.
        () = place.must_leave() => {
            // Counted, not logged: a flood of them would be a flood of lines.
            metrics::counter!("dripwatch_connections_gave_way_total", "listener" => ADAPTER)
                .increment(1);
            tracing::debug!(%peer, "the HL7 connection that has been silent longest makes room for another");
            return;
        }
    };
    if let Err(error) = unsent {
        tracing::info!(%peer, %error, "HL7 connection closed: its answers cannot be sent");
    }
}

struct Reader<'a> {
    peer: IpAddr,
    number: u64,
    place: &'a Place,
    options: &'a ListenerOptions,
    intake: &'a Intake,
    answers: mpsc::Sender<Answer>,
    at_once: mpsc::Sender<AtOnce>,
    framer: Framer,
    messages: u64,
    /// It has sent something valid.
    has_spoken: bool,
    problem_log: ProblemLog,
}

/// Nobody accepts answers any more.
struct Unanswerable;

/// Why reading pauses or ends.
enum Read {
    Bytes(usize),
    Ended,
    Silent,
    /// The message that has begun took too long.
    Overdue,
    /// It has never sent anything valid.
    NeverSpoke,
}

/// Returns when the time is over; never without one.
async fn over(time: &mut Option<Pin<Box<Sleep>>>) {
    match time {
        Some(time) => time.await,
        None => std::future::pending().await,
    }
}

impl Reader<'_> {
    async fn read_all(
        &mut self,
        mut source: impl AsyncRead + Unpin,
        limits: &Limits,
        large: &Semaphore,
    ) {
        let mut buffer = vec![0; READ_BYTES];
        // Totals, which bytes do not prolong.
        let mut first = Some(Box::pin(sleep(limits.first_message_within)));
        let mut message: Option<Pin<Box<Sleep>>> = None;
        let mut is_large: Option<SemaphorePermit<'_>> = None;
        loop {
            let patience = if self.framer.awaits_silence() { SILENCE } else { DEAD_AFTER };
            let read = tokio::select! {
                read = timeout(patience, source.read(&mut buffer)) => match read {
                    Ok(Ok(0) | Err(_)) => Read::Ended,
                    Ok(Ok(count)) => Read::Bytes(count),
                    Err(_) if patience == SILENCE => Read::Silent,
                    Err(_) => Read::Ended,
                },
                () = over(&mut message) => Read::Overdue,
                () = over(&mut first) => Read::NeverSpoke,
            };
            match read {
                Read::Bytes(count) => self.framer.push(&buffer[..count]),
                Read::Silent | Read::Ended => self.framer.idle(),
                Read::Overdue => {
                    let peer = self.peer;
                    tracing::info!(%peer, "an HL7 message was not finished: its complete rows are used");
                    self.framer.give_up();
                }
                Read::NeverSpoke => {
                    tracing::info!(peer = %self.peer, "HL7 connection closed: it never sent anything valid");
                    return;
                }
            }
            let before = self.messages;
            if self.take_messages().await.is_err() || matches!(read, Read::Ended) {
                return;
            }
            if self.has_spoken {
                first = None;
            }
            if self.messages > before || !self.framer.is_in_message() {
                (message, is_large) = (None, None);
            }
            if self.framer.is_in_message() && message.is_none() {
                message = Some(Box::pin(sleep(limits.message_within)));
            }
            if self.framer.held_bytes() > super::LARGE_BYTES && is_large.is_none() {
                // Each one that is let in has ended within a minute. The semaphore is never closed.
                is_large = large.acquire().await.ok();
            }
        }
    }

    /// Takes all whole messages.
    async fn take_messages(&mut self) -> Result<(), Unanswerable> {
        while let Some(framed) = self.framer.next() {
            self.messages += 1;
            match framed {
                Framed::Message(message) => self.take(&message).await?,
                Framed::TooLong(header) => {
                    tracing::warn!(peer = %self.peer, limit = super::MAX_MESSAGE_BYTES,
                        "an HL7 message is too long: it is refused and skipped");
                    let (ack, outcome) = too_long(&header);
                    self.answer(ack, outcome, None, OwedAnswer::default()).await?;
                }
            }
        }
        Ok(())
    }

    async fn take(&mut self, message: &[u8]) -> Result<(), Unanswerable> {
        let arrived_at = (self.options.now)();
        let context = Context {
            arrived_at,
            zone: &self.options.zone,
            sender: Sender {
                peer: self.peer,
                default_device: self.options.default_device.as_ref(),
            },
        };
        let Decoded {
            control_id,
            kind,
            device,
            identity,
            frame,
            not_understood,
            admission,
            problems,
            outcome,
            ack,
        } = decode(message, &context);
        self.note_sense(kind, device.as_ref(), arrived_at);
        self.log(kind, device.as_ref(), problems);
        let Some(outcome) = outcome else { return Ok(()) };
        let owed = OwedAnswer::default();
        let (told, stored) = oneshot::channel();
        let arrival = match (frame, admission) {
            (Some(frame), _) if frame.readings.is_empty() && frame.implausible == 0 => {
                let unusable = Unusable { frame, adapter: ADAPTER, identity, not_understood };
                Some(Arrival::Unusable(unusable, told))
            }
            (Some(frame), _) => {
                let sending = Sending {
                    connection: self.number,
                    number: digest(&control_id),
                    clock: latest_time(&frame),
                    answer: owed.0.clone(),
                };
                Some(Arrival::Frame(Delivery {
                    frame,
                    adapter: ADAPTER,
                    key: FrameKey::of(&[b"hl7", control_id.as_bytes(), message]),
                    same_within_ms: SAME_WITHIN_MS,
                    copies: Copies::ByAnswer(sending),
                    identity,
                    not_understood,
                    stored: told,
                }))
            }
            (None, Some(Stay { event, text, news })) => {
                let (adapter, stored) = (ADAPTER, told);
                let admission = Admission { device, adapter, event, text, news, stored };
                Some(Arrival::Admission(admission))
            }
            (None, None) => None,
        };
        if let Some(outcome) = ack.at_once(outcome) {
            let at_once = AtOnce { ack: ack.clone(), outcome };
            self.at_once.send(at_once).await.map_err(|_| Unanswerable)?;
        }
        let Some(arrival) = arrival else {
            return self.answer(ack, outcome, None, owed).await;
        };
        let is_of_vitals = matches!(arrival, Arrival::Frame(_));
        // A ward that has ended drops it without a word, and the sender is told so.
        self.intake.hand_over(arrival).await;
        // A patient's arrival or departure is kept for later; it must not hold up what follows. Of
        // what is of no use there is nothing to send again.
        let otherwise = if is_of_vitals { NOT_STORED } else { outcome };
        self.answer(ack, outcome, Some((stored, otherwise)), owed).await
    }

    async fn answer(
        &self,
        ack: Ack,
        outcome: Outcome,
        stored: Option<(oneshot::Receiver<()>, Outcome)>,
        owed: OwedAnswer,
    ) -> Result<(), Unanswerable> {
        let (stored, otherwise) = stored.map_or((None, outcome), |(s, o)| (Some(s), o));
        let answer = Answer { ack, outcome, stored, otherwise, owed };
        self.answers.send(answer).await.map_err(|_| Unanswerable)
    }

    /// Whoever speaks HL7 is not a stranger, even without vitals: a monitor may have no patient
    /// yet.
    fn note_sense(&mut self, kind: Kind, device: Option<&DeviceId>, at: Millis) {
        if kind == Kind::Unreadable {
            return;
        }
        self.has_spoken = true;
        match device {
            Some(device) => self.place.spoke(digest(device.as_str()), at),
            None => self.place.heard(GivesWay::Last, at),
        }
    }

    /// Neither message text nor values: the log is read by people who are not treating anyone.
    fn log(&mut self, kind: Kind, device: Option<&DeviceId>, problems: Vec<String>) {
        let peer = self.peer;
        if kind == Kind::Unreadable {
            self.problem_log.unreadable += 1;
            if self.problem_log.unreadable == 1 {
                tracing::warn!(%peer, "what was sent is not HL7: it does not begin with MSH");
            }
            return;
        }
        let new = self.problem_log.news(problems);
        if !new.is_empty() {
            let device = device.map(DeviceId::as_str);
            tracing::warn!(%peer, device, problems = new.join("; "), "odd HL7 message");
        }
    }

    /// Senders that connect for each message end often: only what was odd is worth a line.
    fn log_summary(&self) {
        let (peer, messages) = (self.peer, self.messages);
        let unreadable = self.problem_log.unreadable;
        let skipped_bytes = self.framer.skipped_bytes();
        if unreadable == 0 && skipped_bytes == 0 {
            tracing::debug!(%peer, messages, "HL7 connection ended");
        } else {
            tracing::info!(%peer, messages, unreadable, skipped_bytes, "HL7 connection ended");
        }
    }
}

fn latest_time(frame: &Frame) -> Option<Millis> {
    let of_readings = frame.readings.iter().filter_map(|reading| reading.taken_at);
    of_readings.chain(frame.sent_at).chain(frame.taken_at).max()
}

#[cfg(test)]
#[path = "connection_test.rs"]
pub(super) mod tests;
