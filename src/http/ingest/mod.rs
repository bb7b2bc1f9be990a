//! Frames of monitors' adapters, over a socket or one by one.

mod conversation;
mod rates;
mod sockets;

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Extensions, StatusCode};
use axum::response::{IntoResponse, Response};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{FutureExt, SinkExt, StreamExt};
use tokio::sync::oneshot;
use tokio::time::timeout;

pub use rates::Rates;
pub use sockets::Sockets;

use super::auth::device_of;
use super::first_of::first_of;
use super::seats::{self, Peer};
use super::stream::{Ending, READ_BUFFER_BYTES, close, not_a_socket};
use super::{HttpState, MAX_BODY_BYTES, answer, body, idempotency};
use crate::access::Right;
use crate::adapters::native::{ADAPTER, Answers, FrameOutcome, Ingested, Run, ingest};
use crate::adapters::{Arrival, Intake};
use crate::contract::{self, Details};
use crate::http::problem::Problem;
use crate::record::{AnswerRow, KeyedRequest};
use crate::vitals::DeviceId;
use conversation::Conversation;
#[cfg(test)]
pub(super) use conversation::{HEARD_WITHIN, IN_FLIGHT, READ_WITHIN};

/// How long a request waits for the disk.
pub(super) const STORED_WITHIN: Duration = Duration::from_secs(10);
/// How long a replaced socket may take to show that its other end is still there.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);

/// The sender's address, if it is known; a proxy's address does not count as one.
fn peer_of(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_canonical())
}

/// A monitor's socket: frames in, answers out, one or more per message, one per line.
#[utoipa::path(get, path = "/ingest", operation_id = "ingest", tag = "monitors", security(("bearer" = [])),
    responses((status = 101, description = "Send frames; each is answered `stored` or `rejected`")))]
pub(super) async fn socket(
    State(state): State<HttpState>,
    headers: axum::http::HeaderMap,
    extensions: Extensions,
    upgrade: Result<WebSocketUpgrade, WebSocketUpgradeRejection>,
) -> Result<Response, Problem> {
    let (device, right) = device_of(&state, &headers)?;
    let peer = peer_of(&extensions);
    let upgrade = upgrade.map_err(|rejection| not_a_socket(&rejection))?;
    let upgrade = upgrade.max_message_size(MAX_BODY_BYTES).max_frame_size(MAX_BODY_BYTES);
    let upgrade = upgrade.read_buffer_size(READ_BUFFER_BYTES);
    let seat = seats::socket(&extensions, Peer::Monitor)?;
    Ok(upgrade.on_upgrade(async move |socket| {
        talk(state, (device, right), peer, socket).await;
        drop(seat);
    }))
}

/// Reports that the link is down, however the connection ends.
struct Link {
    state: HttpState,
    device: DeviceId,
    connection: u64,
}

impl Link {
    async fn up(state: &HttpState, device: &DeviceId, connection: u64) -> Self {
        let link = Self { state: state.clone(), device: device.clone(), connection };
        link.intake().hand_over(link.says(true)).await;
        link
    }

    fn intake(&self) -> Intake {
        self.state.ward.intake()
    }

    fn says(&self, up: bool) -> Arrival {
        let (device, connection) = (self.device.clone(), self.connection);
        Arrival::Link { device, adapter: ADAPTER, connection, up }
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        self.state.sockets.close(&self.device, self.connection);
        let (intake, down) = (self.intake(), self.says(false));
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { intake.hand_over(down).await });
        }
    }
}

/// Why a monitor's conversation is over.
enum Over {
    /// It ends with these words, if somebody can still read them.
    Ends(Option<Ending>),
    /// Another socket of the device took its place.
    Replaced,
}

async fn talk(
    state: HttpState,
    (device, right): (DeviceId, Right),
    peer: Option<IpAddr>,
    socket: WebSocket,
) {
    let (mut outgoing, mut incoming) = socket.split();
    if right.has_ended() {
        // It ended during the handshake: it no longer replaces anybody.
        return close(outgoing, incoming, Some((close_code::POLICY, right.ended().await))).await;
    }
    let (connection, replaced) = state.sockets.open(&device);
    let link = Link::up(&state, &device, connection).await;
    let conversation = Conversation::new(&state, (&device, &right), peer, connection);
    let stops = || Over::Ends(Some((close_code::AWAY, "the server is stopping")));
    let over = first_of([
        conversation.run(&mut incoming, &mut outgoing).map(Over::Ends).boxed(),
        right.ended().map(|why| Over::Ends(Some((close_code::POLICY, why)))).boxed(),
        replaced.cancelled().map(|()| Over::Replaced).boxed(),
        state.shutdown.cancelled().map(|()| stops()).boxed(),
    ])
    .await;
    drop(link);
    match over {
        Over::Ends(ending) => close(outgoing, incoming, ending).await,
        Over::Replaced => {
            if timeout(ANSWERED_WITHIN, is_answered(outgoing, incoming)).await == Ok(true) {
                state.ward.intake().hand_over(Arrival::Displaced { device }).await;
            }
        }
    }
}

/// Says that another socket replaced this one. Returns whether the other end is there and closes it
/// in turn: a monitor that came back over another connection has abandoned this one.
async fn is_answered(
    mut outgoing: SplitSink<WebSocket, Message>,
    mut incoming: SplitStream<WebSocket>,
) -> bool {
    let reason = Utf8Bytes::from_static("replaced");
    let frame = CloseFrame { code: close_code::POLICY, reason };
    if outgoing.send(Message::Close(Some(frame))).await.is_err() {
        return false;
    }
    loop {
        match incoming.next().await {
            Some(Ok(Message::Close(_))) | None => return true,
            Some(Ok(_)) => {}
            Some(Err(error)) => return !is_broken(&error),
        }
    }
}

/// Whether the connection broke, as opposed to the other end closing it without ceremony: that is
/// how a monitor that was switched off and on answers what arrives for its old connection.
fn is_broken(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |error| error.source());
    causes.any(|cause| cause.is::<std::io::Error>())
}

/// One frame; answered once it is on disk.
#[utoipa::path(post, path = "/readings", operation_id = "post_readings", tag = "monitors", security(("bearer" = [])),
    request_body = contract::IngestFrame,
    responses((status = 200, description = "Stored", body = contract::IngestAnswer),
        (status = 422, description = "Rejected", body = contract::IngestAnswer),
        (status = 429, description = "More than `[limits] frames_per_second`, of which a second may come at once: send it again after `retry-after`", body = Details),
        (status = 503, description = "Not stored: send it again", body = Details)))]
pub(super) async fn post(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, Problem> {
    let (device, right) = device_of(&state, request.headers())?;
    seats::is_known(request.extensions());
    match idempotency::keyed(&request, format!("device {device}"))? {
        None => take(&state, (&device, &right), request, None).await,
        Some(keyed) => {
            let shared = state.clone();
            let taking = move |keyed: Arc<KeyedRequest>| async move {
                take(&shared, (&device, &right), request, Some(&keyed)).await.into_response()
            };
            idempotency::at_most_once(&state, keyed, taking).await
        }
    }
}

async fn take(
    state: &HttpState,
    (device, right): (&DeviceId, &Right),
    request: Request,
    keyed: Option<&KeyedRequest>,
) -> Result<Response, Problem> {
    let peer = peer_of(request.extensions());
    // It is read even if it is refused: a body that is left unread cuts the connection.
    let bytes = body::raw(request, state).await?;
    if right.has_ended() {
        return Err(Problem::not_signed_in());
    }
    let rate = state.rates.take(device, state.frames_per_second, state.clock.now());
    rate.map_err(|wait_ms| Problem::too_fast(state.frames_per_second, wait_ms))?;
    let text = std::str::from_utf8(&bytes).map_err(|_| Problem::not_json("it is not UTF-8"))?;
    let usable = match ingest(text, device, &Run::Http, state.source) {
        Ingested::Usable(usable) => usable,
        Ingested::Rejected(json, unusable) => {
            metrics::counter!("dripwatch_frames_rejected_total", "adapter" => ADAPTER).increment(1);
            if let Some(mut unusable) = unusable {
                unusable.identity.peer = peer;
                state.ward.intake().hand_over_unusable(*unusable).await;
            }
            return Ok(answer::json(StatusCode::UNPROCESSABLE_ENTITY, json));
        }
    };
    let (told, stored) = oneshot::channel();
    let (seq, problems, delivery) = usable.delivery(peer, told);
    let mut answers = Answers::default();
    answers.add(FrameOutcome::Stored { seq, problems });
    let json = answers.take().unwrap_or_default();
    let arrival = match keyed {
        None => Arrival::Frame(delivery),
        Some(keyed) => {
            let (status, body) = (StatusCode::OK.as_u16(), json.clone().into_bytes());
            let row = AnswerRow { request: keyed.clone(), status, body, at: state.clock.now() };
            Arrival::Posted(Box::new(delivery), Box::new(row))
        }
    };
    let storing = async { state.ward.intake().hand_over(arrival).await && stored.await.is_ok() };
    if timeout(STORED_WITHIN, storing).await != Ok(true) {
        return Err(Problem::not_stored());
    }
    Ok(answer::json(StatusCode::OK, json))
}
