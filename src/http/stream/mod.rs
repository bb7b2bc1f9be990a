//! The stream to a screen. The ward puts frames into the screen's mailbox; this takes them out, and
//! passes on what the screen sends.

mod hearing;
mod words;

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use axum::extract::State;
use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::http::Extensions;
use axum::response::Response;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{FutureExt, SinkExt, StreamExt};
use tokio::time::{MissedTickBehavior, interval, timeout};

use super::HttpState;
use super::auth::{Caller, Viewer, right_ended};
use super::first_of::first_of;
use super::seats::{self, Peer};
use crate::contract::StreamFrame;
use crate::http::problem::Problem;
use crate::hub::{Class, Frame, Mailbox};
use crate::vitals::Millis;
use crate::ward::{ConfirmReceipt, Join, Leave, SayHello, SayPresence, ScreenId, Ward};
pub(super) use hearing::Hearing;
use words::Word;

/// The longest message that a screen sends.
pub(super) const MAX_MESSAGE_BYTES: usize = 64 << 10;
/// What a socket reads at once. It is held for as long as the socket is there, and a screen or a
/// monitor says less than that at a time: the library's 128 KiB are 128 MiB for a thousand of them.
pub(super) const READ_BUFFER_BYTES: usize = 4 << 10;
/// Frames that are sent in one message, at most.
const SEND_BYTES: usize = 16 << 10;
/// A screen that reads nothing for this long is closed.
pub(super) const READ_WITHIN: Duration = Duration::from_secs(10);
/// A live screen sends something within this time, if only an answer to a ping.
pub(super) const HEARD_WITHIN: Duration = Duration::from_secs(60);
/// A screen that reads answers this often; what it answers proves that it has read
/// (design.md#slow-screens).
const PING_EVERY: Duration = Duration::from_secs(2);
/// A screen that neither reads nor answers this many pings, which is 10 s, is closed. They are
/// counted, not timed: a server that slept has asked nothing meanwhile.
const PINGS_UNANSWERED: u32 = 5;
/// After this many messages that are not understood, the socket is closed.
const MAX_MALFORMED: u32 = 10;
const CLOSE_WITHIN: Duration = Duration::from_secs(1);

static NEXT_SCREEN: AtomicU64 = AtomicU64::new(1);

/// The `hello` in a line of a screen, if it is one.
#[cfg(any(test, fuzzing))]
pub(crate) fn hello(line: &str) -> Result<Option<crate::ward::Hello>, String> {
    words::hello(line)
}

/// Why a socket ends: the code and the reason of its close frame.
pub(super) type Ending = (u16, &'static str);

/// A socket's rejection as a problem.
pub(super) fn not_a_socket(rejection: &WebSocketUpgradeRejection) -> Problem {
    Problem::unreadable_request(rejection.status(), rejection.body_text())
}

/// The live stream of a screen, a WebSocket.
#[utoipa::path(get, path = "/stream", operation_id = "stream", tag = "stream",
    responses((status = 101, description = "Say `hello`; frames follow, one or more per message, one per line")))]
pub(super) async fn stream(
    State(state): State<HttpState>,
    Viewer(caller): Viewer,
    extensions: Extensions,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let upgrade = upgrade.map_err(|rejection| not_a_socket(&rejection))?;
    let upgrade = upgrade.max_message_size(MAX_MESSAGE_BYTES).max_frame_size(MAX_MESSAGE_BYTES);
    let upgrade = upgrade.read_buffer_size(READ_BUFFER_BYTES);
    let seat = seats::socket(&extensions, Peer::Screen)?;
    Ok(upgrade.on_upgrade(async move |socket| {
        show(state, caller, socket).await;
        drop(seat);
    }))
}

/// Leaves the ward, however the connection ends.
struct Screen {
    ward: Ward,
    id: ScreenId,
}

impl Screen {
    async fn join(state: &HttpState, caller: &Caller, mailbox: &Arc<Mailbox>) -> Self {
        let id = ScreenId(NEXT_SCREEN.fetch_add(1, Ordering::Relaxed));
        metrics::gauge!("dripwatch_screens").increment(1.0);
        let screen = Self { ward: state.ward.clone(), id };
        let me = caller.signed_in.clone();
        state
            .ward
            .tell(Join { screen: id, view: caller.view(), me, mailbox: Arc::clone(mailbox) })
            .await;
        screen
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        metrics::gauge!("dripwatch_screens").decrement(1.0);
        let (ward, id) = (self.ward.clone(), self.id);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { ward.tell(Leave { screen: id }).await });
        }
    }
}

async fn show(state: HttpState, caller: Caller, socket: WebSocket) {
    let mailbox = Arc::new(Mailbox::default());
    let screen = Screen::join(&state, &caller, &mailbox).await;
    let (mut outgoing, mut incoming) = socket.split();
    let stops = || Some((close_code::AWAY, "the server is stopping"));
    let ending = first_of([
        listen(&state, &screen, &mut incoming, &mailbox).boxed(),
        speak(&state, &mut outgoing, &mailbox).boxed(),
        right_ended(&state, &caller).map(Some).boxed(),
        state.shutdown.cancelled().map(|()| stops()).boxed(),
    ])
    .await;
    drop(screen);
    close(outgoing, incoming, ending).await;
}

/// Ends a socket politely: waits for the answer to its close frame, because a socket that is
/// dropped with unread data loses the frame. One that does not listen is dropped all the same.
pub(super) async fn close(
    mut outgoing: SplitSink<WebSocket, Message>,
    mut incoming: SplitStream<WebSocket>,
    ending: Option<Ending>,
) {
    let Some((code, reason)) = ending else { return };
    let frame = CloseFrame { code, reason: Utf8Bytes::from_static(reason) };
    let closing = async {
        // It may already be gone.
        if outgoing.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = incoming.next().await {}
        }
    };
    let _ = timeout(CLOSE_WITHIN, closing).await;
}

async fn speak(
    state: &HttpState,
    outgoing: &mut SplitSink<WebSocket, Message>,
    mailbox: &Mailbox,
) -> Option<Ending> {
    let mut asked = Pings { unanswered: 0, at: state.clock.now() };
    let mut pings = interval(PING_EVERY);
    pings.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let message = tokio::select! {
            text = mailbox.take(SEND_BYTES) => match text {
                Some(text) => Message::Text(text.into()),
                None => return Some((close_code::AGAIN, "ask again")),
            },
            _ = pings.tick() => {
                if !asked.again(mailbox.answered_at(), state.clock.now()) {
                    return Some((close_code::POLICY, "nothing was read for 10 s"));
                }
                Message::Ping(axum::body::Bytes::new())
            }
        };
        match timeout(READ_WITHIN, outgoing.send(message)).await {
            Ok(Ok(())) => {}
            Ok(Err(_)) => return None,
            Err(_) => return Some((close_code::POLICY, "nothing was read for 10 s")),
        }
    }
}

/// The pings that were sent to a screen.
#[derive(Debug)]
struct Pings {
    unanswered: u32,
    at: Millis,
}

impl Pings {
    /// Notes that another ping is sent; `false` when it would be one too many without an answer.
    fn again(&mut self, answered_at: Millis, now: Millis) -> bool {
        if answered_at >= self.at {
            self.unanswered = 0;
        }
        self.at = now;
        self.unanswered += 1;
        self.unanswered <= PINGS_UNANSWERED
    }
}

async fn listen(
    state: &HttpState,
    screen: &Screen,
    incoming: &mut SplitStream<WebSocket>,
    mailbox: &Mailbox,
) -> Option<Ending> {
    let mut malformed = 0;
    let mut hearing = Hearing::new(incoming, state.clock, HEARD_WITHIN);
    loop {
        let Ok(message) = hearing.next().await else {
            return Some((close_code::POLICY, "nothing was heard for 60 s"));
        };
        let text = match message {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Binary(_))) => return Some((close_code::UNSUPPORTED, "text only")),
            Some(Ok(Message::Pong(_))) => {
                mailbox.answered(state.clock.now());
                continue;
            }
            Some(Ok(Message::Ping(_))) => continue,
            Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
        };
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            match words::read(line) {
                Ok(word) => act(state, screen, mailbox, word).await,
                Err(why) => {
                    malformed += 1;
                    tell(mailbox, &not_understood(&why));
                }
            }
            if malformed >= MAX_MALFORMED {
                return Some((close_code::POLICY, "too many messages were not understood"));
            }
        }
    }
}

async fn act(state: &HttpState, screen: &Screen, mailbox: &Mailbox, word: Word) {
    let (ward, id) = (&screen.ward, screen.id);
    match word {
        Word::Hello(hello) => ward.tell(SayHello { screen: id, hello }).await,
        Word::UnknownVersion(version) => {
            let problem = Problem::unknown_version(&version.to_string()).details();
            tell(mailbox, &StreamFrame::Error { problem });
        }
        Word::Presence(presence, kind, battery) => {
            ward.tell(SayPresence { screen: id, presence, kind, battery }).await;
        }
        Word::Received(alert) => ward.tell(ConfirmReceipt { screen: id, alert }).await,
        Word::Ping(sent_at) => {
            let now = state.clock.now();
            tell(mailbox, &StreamFrame::Pong { sent_at: &sent_at, now });
        }
        Word::Unknown => {}
    }
}

/// It goes through the mailbox, which bounds what waits for a screen that asks and does not read.
fn tell(mailbox: &Mailbox, frame: &StreamFrame<'_>) {
    // Numbers and texts cannot fail to be written.
    let json = serde_json::to_string(frame).unwrap_or_default().into();
    mailbox.put(Frame { rev: None, room: None, class: Class::Kept, json });
}

fn not_understood(why: &str) -> StreamFrame<'static> {
    let title: Cow<'_, str> = if why.is_empty() { "not JSON".into() } else { why.into() };
    StreamFrame::Error { problem: Problem::bad_field(None, title).details() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_screen_that_answers_no_ping_for_10_s_is_closed_and_a_server_that_slept_closes_none() {
        let second = |second: i64| Millis(second * 1_000);
        let mut asked = Pings { unanswered: 0, at: second(0) };
        let mut answered_at = second(0);
        for now in (0..20).step_by(2) {
            assert!(asked.again(answered_at, second(now)));
            answered_at = second(now);
        }
        // It goes on sending, and reads nothing.
        let closed = (20..60).step_by(2).find(|now| !asked.again(answered_at, second(*now)));
        assert_eq!(closed, Some(30));
        let mut asleep = Pings { unanswered: 0, at: second(0) };
        assert!(asleep.again(second(0), second(2)));
        assert!(asleep.again(second(2), second(90)), "we slept; it may have answered meanwhile");
        assert!(asleep.again(second(2), second(92)));
    }

    #[test]
    fn a_word_that_is_not_understood_is_a_problem_frame() {
        let frame = not_understood(&words::read(r#"{"type":"ping"}"#).unwrap_err());
        let frame = serde_json::to_string(&frame).unwrap();
        insta::assert_snapshot!(frame, @r#"{"type":"error","problem":{"type":"about:blank","title":"missing field `sent_at`","status":422}}"#);
    }
}
