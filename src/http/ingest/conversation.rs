use std::net::IpAddr;
use std::time::Duration;

use axum::body::Bytes;
use axum::extract::ws::{Message, WebSocket, close_code};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{FutureExt, SinkExt};
use tokio::sync::oneshot::error::TryRecvError;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Interval, MissedTickBehavior, interval, timeout};

use super::super::HttpState;
use super::super::first_of::first_of;
use super::super::stream::{Ending, Hearing};
use crate::access::Right;
use crate::adapters::native::{
    ADAPTER, Answers, FrameOutcome, Ingested, Pace, Run, ingest, message_lines,
};
use crate::adapters::{Arrival, Intake};
use crate::clock::Clock;
use crate::vitals::wire::WireProblem;
use crate::vitals::{DeviceId, Source};

/// The most frames of one socket that wait for the disk, including the one that is answered next;
/// beyond it, the socket is not read.
pub(in super::super) const IN_FLIGHT: usize = 8_192;
const PING_EVERY: Duration = Duration::from_secs(5);
/// A monitor that sends nothing for this long, not even a pong, is gone.
pub(in super::super) const HEARD_WITHIN: Duration = Duration::from_secs(12);
/// A monitor that reads no answers for this long is gone.
pub(in super::super) const READ_WITHIN: Duration = Duration::from_secs(10);

/// A frame that was read and not answered yet.
enum Awaited {
    Disk { seq: u64, problems: Vec<WireProblem>, stored: oneshot::Receiver<()> },
    Nothing(String),
}

/// The frame was dropped without an answer: it could not be stored.
struct NotKept;

impl Awaited {
    async fn settled(self) -> Result<FrameOutcome, NotKept> {
        match self {
            Self::Nothing(answer) => Ok(FrameOutcome::Rejected(answer)),
            Self::Disk { seq, problems, stored } => match stored.await {
                Ok(()) => Ok(FrameOutcome::Stored { seq, problems }),
                Err(_) => Err(NotKept),
            },
        }
    }

    /// Its outcome, if already known, otherwise itself.
    fn settled_already(self) -> Result<Result<FrameOutcome, NotKept>, Self> {
        match self {
            Self::Nothing(answer) => Ok(Ok(FrameOutcome::Rejected(answer))),
            Self::Disk { seq, problems, mut stored } => match stored.try_recv() {
                Ok(()) => Ok(Ok(FrameOutcome::Stored { seq, problems })),
                Err(TryRecvError::Closed) => Ok(Err(NotKept)),
                Err(TryRecvError::Empty) => Err(Self::Disk { seq, problems, stored }),
            },
        }
    }
}

/// The life of one socket: frames in, answers out, in order.
pub(super) struct Conversation {
    device: DeviceId,
    /// The right to send at all: nothing is accepted once it has ended.
    right: Right,
    peer: Option<IpAddr>,
    run: Run,
    source: Source,
    clock: Clock,
    intake: Intake,
    frames_per_second: u32,
}

impl Conversation {
    pub(super) fn new(
        state: &HttpState,
        (device, right): (&DeviceId, &Right),
        peer: Option<IpAddr>,
        connection: u64,
    ) -> Self {
        // Distinct also from any socket of an earlier run.
        let run = Run::Socket(format!("{}-{connection}", state.clock.started_at()));
        Self {
            device: device.clone(),
            right: right.clone(),
            peer,
            run,
            source: state.source,
            clock: state.clock,
            intake: state.ward.intake(),
            frames_per_second: state.frames_per_second,
        }
    }

    pub(super) async fn run(
        &self,
        incoming: &mut SplitStream<WebSocket>,
        outgoing: &mut SplitSink<WebSocket, Message>,
    ) -> Option<Ending> {
        let (awaited, waiting) = mpsc::channel(IN_FLIGHT - 1);
        let answering = Answering::of(outgoing).run(waiting);
        first_of([self.read(incoming, awaited).boxed(), answering.boxed()]).await
    }

    async fn read(
        &self,
        incoming: &mut SplitStream<WebSocket>,
        awaited: mpsc::Sender<Awaited>,
    ) -> Option<Ending> {
        let mut pace = Pace::new(self.frames_per_second);
        let mut hearing = Hearing::new(incoming, self.clock, HEARD_WITHIN);
        loop {
            let Ok(message) = hearing.next().await else {
                return Some((close_code::POLICY, "nothing was heard for 12 s"));
            };
            let text = match message {
                Some(Ok(Message::Text(text))) => text,
                Some(Ok(Message::Binary(_))) => {
                    return Some((close_code::UNSUPPORTED, "text only"));
                }
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => continue,
                Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
            };
            let lines = match message_lines(&text) {
                Ok(lines) => lines,
                Err(why) => return Some((close_code::SIZE, why)),
            };
            let mut frames = 0;
            for line in lines {
                frames += 1;
                self.take(line, &awaited).await?;
            }
            let ahead = pace.took(frames, self.clock.now());
            // A sleep of no length would still go through the timers.
            if !ahead.is_zero() {
                tokio::time::sleep(ahead).await;
            }
        }
    }

    /// `None` when nobody accepts frames any more.
    async fn take(&self, line: &str, awaited: &mpsc::Sender<Awaited>) -> Option<()> {
        // Its place among the answers first: while there is none, nothing more is read.
        let place = awaited.reserve().await.ok()?;
        // Also for a message that was half read when the right ended. The caller closes the socket.
        if self.right.has_ended() {
            std::future::pending::<()>().await;
        }
        let frame = match ingest(line, &self.device, &self.run, self.source) {
            Ingested::Rejected(answer, unusable) => {
                metrics::counter!("dripwatch_frames_rejected_total", "adapter" => ADAPTER)
                    .increment(1);
                if let Some(mut unusable) = unusable {
                    unusable.identity.peer = self.peer;
                    self.intake.hand_over_unusable(*unusable).await;
                }
                Awaited::Nothing(answer)
            }
            Ingested::Usable(usable) => {
                let (told, stored) = oneshot::channel();
                let (seq, problems, delivery) = usable.delivery(self.peer, told);
                // A ward that has ended drops it without a word, and that is what the answer says.
                self.intake.hand_over(Arrival::Frame(delivery)).await;
                Awaited::Disk { seq, problems, stored }
            }
        };
        place.send(frame);
        Some(())
    }
}

/// Sends the frames' answers in order, as many at once as are known; and pings.
struct Answering<'a> {
    outgoing: &'a mut SplitSink<WebSocket, Message>,
    pings: Interval,
    answers: Answers,
}

/// Ends the socket, with the words of its close frame if somebody can still read them.
type Ended = Option<Ending>;

impl<'a> Answering<'a> {
    fn of(outgoing: &'a mut SplitSink<WebSocket, Message>) -> Self {
        let mut pings = interval(PING_EVERY);
        pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
        Self { outgoing, pings, answers: Answers::default() }
    }

    async fn run(mut self, mut waiting: mpsc::Receiver<Awaited>) -> Ended {
        let mut held = None;
        loop {
            held = match self.next(held, &mut waiting).await {
                Ok(held) => held,
                Err(ended) => return ended,
            };
        }
    }

    /// Waits for the outcome of one frame, and sends it with all others that are known by then.
    /// Returns the first frame whose outcome is not.
    async fn next(
        &mut self,
        held: Option<Awaited>,
        waiting: &mut mpsc::Receiver<Awaited>,
    ) -> Result<Option<Awaited>, Ended> {
        let first = match held {
            Some(first) => first,
            None => self.pinging(waiting.recv()).await?.ok_or(None)?,
        };
        let outcome = self.pinging(first.settled()).await?;
        self.add(outcome).await?;
        while let Ok(next) = waiting.try_recv() {
            match next.settled_already() {
                Ok(outcome) => self.add(outcome).await?,
                Err(open) => {
                    self.flush().await?;
                    return Ok(Some(open));
                }
            }
        }
        self.flush().await?;
        Ok(None)
    }

    async fn add(&mut self, outcome: Result<FrameOutcome, NotKept>) -> Result<(), Ended> {
        match outcome {
            Ok(outcome) => self.answers.add(outcome),
            Err(NotKept) => {
                self.flush().await?;
                return Err(Some((close_code::ERROR, "send again")));
            }
        }
        Ok(())
    }

    async fn flush(&mut self) -> Result<(), Ended> {
        match self.answers.take() {
            Some(text) => self.send(Message::Text(text.into())).await,
            None => Ok(()),
        }
    }

    async fn pinging<T>(&mut self, what: impl Future<Output = T>) -> Result<T, Ended> {
        tokio::pin!(what);
        loop {
            tokio::select! {
                done = &mut what => return Ok(done),
                _ = self.pings.tick() => self.send(Message::Ping(Bytes::new())).await?,
            }
        }
    }

    async fn send(&mut self, message: Message) -> Result<(), Ended> {
        match timeout(READ_WITHIN, self.outgoing.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(None),
            Err(_) => Err(Some((close_code::POLICY, "no answer was read for 10 s"))),
        }
    }
}
