//! Frames of monitors' adapters, over a socket or one by one.

mod conversation;
mod sockets;

use std::net::{IpAddr, SocketAddr};
use std::time::Duration;

use axum::extract::ws::rejection::WebSocketUpgradeRejection;
use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket, WebSocketUpgrade, close_code};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{Extensions, StatusCode};
use axum::response::Response;
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::sync::oneshot;
use tokio::time::timeout;

pub use sockets::Sockets;

use super::auth::device_of;
use super::stream::{close, not_a_socket};
use super::{HttpState, MAX_BODY_BYTES, answer, body, shapes};
use crate::access::Right;
use crate::adapters::native::{ADAPTER, Answers, Fate, Heard, Run, hear};
use crate::adapters::{Arrival, Intake};
use crate::error::Problem;
use crate::vitals::DeviceId;
use conversation::Conversation;

/// How long a request waits for the disk.
const STORED_WITHIN: Duration = Duration::from_secs(10);
/// How long a replaced socket may take to show that its other end is there.
const ANSWERED_WITHIN: Duration = Duration::from_secs(5);

/// The sender's address, as far as it is known; a proxy's is nobody's own.
fn peer_of(extensions: &Extensions) -> Option<IpAddr> {
    extensions.get::<ConnectInfo<SocketAddr>>().map(|peer| peer.0.ip().to_canonical())
}

/// A monitor's socket: frames in, answers out, one or more per message, one per line.
#[utoipa::path(get, path = "/ingest", tag = "monitors", security(("bearer" = [])),
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
    Ok(upgrade.on_upgrade(async move |socket| talk(state, (device, right), peer, socket).await))
}

/// Says that the link is down however the connection ends.
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

async fn talk(
    state: HttpState,
    (device, right): (DeviceId, Right),
    peer: Option<IpAddr>,
    socket: WebSocket,
) {
    let (mut outgoing, mut incoming) = socket.split();
    if right.has_ended() {
        // While the hands were shaken: it takes nobody's place any more.
        return close(outgoing, incoming, Some((close_code::POLICY, right.ended().await))).await;
    }
    let (connection, replaced) = state.sockets.open(&device);
    let link = Link::up(&state, &device, connection).await;
    let conversation = Conversation::new(&state, (&device, &right), peer, connection);
    let ending = tokio::select! {
        ending = conversation.run(&mut incoming, &mut outgoing) => ending,
        why = right.ended() => Some((close_code::POLICY, why)),
        () = replaced.cancelled() => {
            drop(link);
            if timeout(ANSWERED_WITHIN, is_answered(outgoing, incoming)).await == Ok(true) {
                state.ward.intake().hand_over(Arrival::Displaced { device }).await;
            }
            return;
        }
        () = state.shutdown.cancelled() => Some((close_code::AWAY, "the server is stopping")),
    };
    drop(link);
    close(outgoing, incoming, ending).await;
}

/// Says that another socket took this one's place. Whether its other end is there and closes it
/// in turn: a monitor that came anew over another connection has left this one behind.
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

/// The connection broke, rather than that its other end closed it without ceremony: a monitor
/// that was switched off and on answers what comes for its old connection so.
fn is_broken(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut causes = std::iter::successors(Some(error), |error| error.source());
    causes.any(|cause| cause.is::<std::io::Error>())
}

/// One frame; answered once it is on disk.
#[utoipa::path(post, path = "/readings", tag = "monitors", security(("bearer" = [])),
    request_body = shapes::IngestFrame,
    responses((status = 200, description = "Stored", body = shapes::IngestAnswer),
        (status = 422, description = "Rejected", body = shapes::IngestAnswer),
        (status = 503, description = "Not stored: send it again", body = shapes::Problem)))]
pub(super) async fn post(
    State(state): State<HttpState>,
    request: Request,
) -> Result<Response, Problem> {
    let (device, right) = device_of(&state, request.headers())?;
    let peer = peer_of(request.extensions());
    let bytes = body::raw(request, &state).await?;
    if right.has_ended() {
        return Err(Problem::not_signed_in());
    }
    let text = std::str::from_utf8(&bytes).map_err(|_| Problem::not_json("it is not UTF-8"))?;
    let usable = match hear(text, &device, &Run::Http, state.source) {
        Heard::Usable(usable) => usable,
        Heard::Rejected(json, unusable) => {
            metrics::counter!("dripwatch_frames_rejected_total", "adapter" => ADAPTER).increment(1);
            if let Some(mut unusable) = unusable {
                unusable.identity.peer = peer;
                state.ward.intake().hand_over(Arrival::Unusable(*unusable)).await;
            }
            return Ok(answer::json(StatusCode::UNPROCESSABLE_ENTITY, json));
        }
    };
    let (told, stored) = oneshot::channel();
    let (seq, problems, delivery) = usable.delivery(peer, told);
    let storing = async {
        state.ward.intake().hand_over(Arrival::Frame(delivery)).await && stored.await.is_ok()
    };
    if timeout(STORED_WITHIN, storing).await != Ok(true) {
        return Err(Problem::not_stored());
    }
    let mut answers = Answers::default();
    answers.add(Fate::Stored { seq, problems });
    Ok(answer::json(StatusCode::OK, answers.take().unwrap_or_default()))
}
