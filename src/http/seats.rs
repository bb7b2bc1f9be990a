//! The place of a caller's connection: a connection that shows its use gives way late.
//!
//! Until somebody has signed in on it, a connection gives way first while we wait for it, and next
//! while it waits for us. One on which somebody is signed in keeps its place while its request is
//! being answered, and gives way last between two requests. A socket keeps its place.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::problem::Problem;
use crate::clock::Clock;
use crate::places::{GivesWay, Place};

/// The most sockets that may be open at a time, by what is at the other end.
#[derive(Clone, Debug)]
pub(super) struct SocketPlaces {
    pub(super) screens: Arc<Semaphore>,
    pub(super) monitors: Arc<Semaphore>,
}

/// What is at the other end of a socket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Peer {
    Screen,
    Monitor,
}

/// A connection's place, in the extensions of each of its requests. It is free again when the
/// connection, and the socket that it may have become, have ended.
#[derive(Clone, Debug)]
pub(super) struct Seat(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    place: Place,
    clock: Clock,
    sockets: SocketPlaces,
    is_signed_in: AtomicBool,
    /// A whole request has arrived and is not answered yet.
    is_asked: AtomicBool,
    is_socket: AtomicBool,
}

/// An open socket's place.
#[derive(Debug)]
pub(super) struct SocketSeat {
    _seat: Seat,
    _permit: OwnedSemaphorePermit,
}

impl Seat {
    pub(super) fn new(place: Place, clock: Clock, sockets: SocketPlaces) -> Self {
        let [is_signed_in, is_asked, is_socket] = [false; 3].map(AtomicBool::new);
        Self(Arc::new(Inner { place, clock, sockets, is_signed_in, is_asked, is_socket }))
    }

    /// Returns once another connection needs the place.
    pub(super) async fn must_leave(&self) {
        self.0.place.must_leave().await;
    }

    fn is_signed_in(&self) -> bool {
        self.0.is_signed_in.load(Ordering::Relaxed)
    }

    /// A whole request has arrived: it is our turn.
    pub(super) fn asked(&self) {
        self.0.is_asked.store(true, Ordering::Relaxed);
        let gives_way = if self.is_signed_in() { GivesWay::Never } else { GivesWay::Next };
        self.0.place.heard(gives_way, self.0.clock.now());
    }

    /// Somebody is signed in on it, or it is a monitor with its token.
    pub(super) fn signed_in(&self) {
        self.0.is_signed_in.store(true, Ordering::Relaxed);
        self.0.place.signed_in();
        // From a caller who sends half a body we wait for the rest: it gives way, though late.
        let is_asked = self.0.is_asked.load(Ordering::Relaxed);
        self.0.place.gives_way(if is_asked { GivesWay::Never } else { GivesWay::Last });
    }

    /// The request is answered: it is the caller's turn.
    pub(super) fn answered(&self) {
        if self.0.is_socket.load(Ordering::Relaxed) {
            return;
        }
        self.0.is_asked.store(false, Ordering::Relaxed);
        let gives_way = if self.is_signed_in() { GivesWay::Last } else { GivesWay::First };
        self.0.place.heard(gives_way, self.0.clock.now());
    }

    /// It becomes a socket.
    fn socket(self, peer: Peer) -> Result<SocketSeat, Problem> {
        let places = match peer {
            Peer::Screen => &self.0.sockets.screens,
            Peer::Monitor => &self.0.sockets.monitors,
        };
        let permit = Arc::clone(places).try_acquire_owned().map_err(|_| {
            tracing::warn!(?peer, "a socket was refused: all of their places are taken");
            Problem::busy()
        })?;
        self.0.is_socket.store(true, Ordering::Relaxed);
        self.0.place.gives_way(GivesWay::Never);
        Ok(SocketSeat { _seat: self, _permit: permit })
    }
}

/// The connection of a request becomes a socket; its place is held as long as that is open.
///
/// # Errors
/// There are already as many sockets of this kind as are allowed.
pub(super) fn socket(
    extensions: &axum::http::Extensions,
    peer: Peer,
) -> Result<Option<SocketSeat>, Problem> {
    // A request that came by no connection has no place.
    extensions.get::<Seat>().cloned().map(|seat| seat.socket(peer)).transpose()
}

/// The monitor of a request has shown its token.
pub(super) fn is_known(extensions: &axum::http::Extensions) {
    if let Some(seat) = extensions.get::<Seat>() {
        seat.signed_in();
    }
}

/// Notes that somebody is signed in: runs behind [`super::auth::require`], which lets nobody else
/// through.
pub(super) async fn note_signed_in(request: Request, next: Next) -> Response {
    is_known(request.extensions());
    next.run(request).await
}
