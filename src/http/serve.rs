//! Connections: how many, how long they may take to send a request, and who gives way when all
//! places are taken. The door decides where they come from.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::door::Door;
use super::seats::{Seat, SocketPlaces};
use super::timed::{AnswerBody, TimedBody};
use crate::clock::Clock;
use crate::places::{Bounds, Places};

/// The most connections at a time, sockets included. When all places are taken, a connection on
/// which nobody is signed in gives way to a further one: first the one that has been silent
/// longest.
pub const MAX_CONNECTIONS: usize = 4_096;
/// How many of these one address that is not loopback may have with nobody signed in on them:
/// behind an address there may be a whole clinic, whose screens and people are not counted. Behind
/// loopback, where a proxy is, there are many people: it may have them all.
pub(super) const MAX_OF_AN_ADDRESS: usize = 512;
/// The most sockets of screens at a time: a thousand rooms with a screen each, and as many again.
pub(super) const MAX_SCREENS: usize = 2_560;
/// The most sockets of monitors at a time; each device has one. What remains of all places, 256, is
/// for calls, so that an alert can be taken whoever else is there.
pub(super) const MAX_MONITORS: usize = 1_280;
/// A caller that has not sent a request within this time is disconnected; also between two
/// requests.
pub(super) const HEADERS_WITHIN: Duration = Duration::from_secs(10);
/// A request's body must arrive within this time, however it is sent.
pub(super) const BODY_WITHIN: Duration = Duration::from_secs(10);
/// The most bytes in the head of a request; with all connections 64 MiB.
pub(super) const MAX_HEAD_BYTES: usize = 16 << 10;
/// The most connections that have to leave and have not quite left.
const LEAVING: usize = 64;
/// Pause after the system refused a connection, such as for lack of file handles.
const ACCEPT_REST: Duration = Duration::from_millis(100);

/// What a server tolerates.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub(super) places: Bounds,
    pub(super) screens: usize,
    pub(super) monitors: usize,
    pub(super) headers_within: Duration,
    pub(super) body_within: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        let places = Bounds {
            total: MAX_CONNECTIONS,
            of_an_address: MAX_OF_AN_ADDRESS,
            of_loopback: MAX_CONNECTIONS,
            kept_for_known: 0,
            last_after_ms: 0,
        };
        let (screens, monitors) = (MAX_SCREENS, MAX_MONITORS);
        let (headers_within, body_within) = (HEADERS_WITHIN, BODY_WITHIN);
        Self { places, screens, monitors, headers_within, body_within }
    }
}

impl Limits {
    /// The same in proportion, where the system allows only this many connections.
    #[must_use]
    pub fn at_most(self, connections: usize) -> Self {
        let places = self.places.at_most(connections);
        let part = |of: usize| (of * places.total / self.places.total.max(1)).max(1);
        Self { screens: part(self.screens), monitors: part(self.monitors), places, ..self }
    }
}

/// Serves until `stop`; then lets what has begun finish.
pub async fn serve(
    limits: Limits,
    mut door: impl Door,
    calls: Router,
    clock: Clock,
    stop: CancellationToken,
) {
    let places = Places::new(limits.places);
    let sockets = SocketPlaces {
        screens: Arc::new(Semaphore::new(limits.screens)),
        monitors: Arc::new(Semaphore::new(limits.monitors)),
    };
    // Those that have to leave may take a moment: so there may be that many more connections than
    // places, and no more.
    let open = Arc::new(Semaphore::new(limits.places.total + LEAVING));
    let connections = TaskTracker::new();
    loop {
        let opening = tokio::select! {
            () = stop.cancelled() => break,
            opening = Arc::clone(&open).acquire_owned() => opening,
        };
        let accepted = tokio::select! {
            () = stop.cancelled() => break,
            accepted = door.next() => accepted,
        };
        match accepted {
            Ok((line, peer)) => {
                let Some(place) = places.take(peer.ip(), clock.now()) else {
                    tracing::warn!(
                        open = places.taken(),
                        "a connection was closed: no other one gives way to it"
                    );
                    continue;
                };
                let seat = Seat::new(place, clock, sockets.clone());
                let served = connection((line, peer), seat, limits, calls.clone(), stop.clone());
                connections.spawn(async move {
                    served.await;
                    drop(opening);
                });
            }
            Err(error) => {
                // A connection that waits to be accepted gets the handle of one that is of no use.
                let one_leaves = places.one_leaves(clock.now());
                tracing::warn!(%error, one_leaves, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_REST).await;
            }
        }
    }
    connections.close();
    connections.wait().await;
}

async fn connection<Line>(
    (line, peer): (Line, SocketAddr),
    seat: Seat,
    Limits { headers_within, body_within, .. }: Limits,
    calls: Router,
    stop: CancellationToken,
) where
    Line: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let of_requests = seat.clone();
    let answer = move |request: Request<Incoming>| {
        let (calls, seat) = (calls.clone(), of_requests.clone());
        let mut request = request.map(|body| TimedBody::of(body, body_within, seat.clone()));
        request.extensions_mut().insert(ConnectInfo(peer));
        request.extensions_mut().insert(seat.clone());
        async move {
            let Ok(response) = calls.oneshot(request).await;
            Ok::<_, Infallible>(response.map(|body| AnswerBody::of(body, seat)))
        }
    };
    let serving = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(headers_within)
        .max_buf_size(MAX_HEAD_BYTES)
        .serve_connection(TokioIo::new(line), hyper::service::service_fn(answer))
        .with_upgrades();
    tokio::pin!(serving);
    // A peer that breaks off, or does not send HTTP, has been answered as far as possible.
    tokio::select! {
        _ = &mut serving => {}
        () = seat.must_leave() => {
            // Counted, not logged: a flood of them would be a flood of lines.
            metrics::counter!("dripwatch_connections_gave_way_total", "listener" => "http")
                .increment(1);
        }
        () = stop.cancelled() => {
            serving.as_mut().graceful_shutdown();
            let _ = serving.await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sockets_never_take_all_places() {
        for connections in [64, 1_000, MAX_CONNECTIONS, 100_000] {
            let Limits { places, screens, monitors, .. } = Limits::default().at_most(connections);
            assert!(screens + monitors < places.total, "{connections}");
        }
    }
}
