//! The server's outside: what screens, staff's browsers, programs and monitors call. [`routes`] is
//! the table of contents; each resource has its own file, whose functions take extractors and
//! return a `Result`. The decisions are made elsewhere: the ward acts, the store remembers.

mod alertlog;
mod alerts;
mod answer;
mod assets;
mod assignments;
mod asyncapi;
mod auth;
mod body;
mod calls;
mod channels;
mod courses;
mod days;
mod demo;
mod devices;
mod docs;
mod document;
mod door;
mod edge;
mod first_of;
mod handovers;
mod health;
mod history;
mod idempotency;
mod ingest;
mod keeping;
mod lists;
mod outbound;
mod paths;
mod patients;
mod problem;
mod profiles;
mod push;
mod reading;
mod reads;
mod record;
mod recording;
mod rooms;
mod routes;
mod screens;
mod seats;
mod serve;
mod sessions;
mod staff;
mod stream;
#[cfg(test)]
mod tests;
mod timed;
mod tokens;
mod unread;
mod zone;

use std::sync::Arc;

use tokio_util::sync::CancellationToken;

pub use auth::AuthState;
pub use body::LargeBodies;
pub use door::Door;
pub use health::Health;
pub use idempotency::Answers;
pub use ingest::{Rates, Sockets};
pub use routes::router;
pub use serve::{Limits, MAX_CONNECTIONS, serve};
#[cfg(any(test, fuzzing))]
pub(crate) use stream::hello;

/// Notes what callers have done and is not noted yet, as the server ends, before the ward does.
pub async fn settle(state: &HttpState) {
    auth::settle(state).await;
}

use crate::clock::Clock;
use crate::journal::{Journal, ReadError};
use crate::notify::Channels;
use crate::sealing::Retention;
use crate::store::Store;
use crate::vitals::Source;
use crate::ward::Ward;

/// The largest body of a request, and the largest frame of a monitor.
const MAX_BODY_BYTES: usize = 1 << 20;

/// What every call may use. Cheap to clone.
#[derive(Clone)]
pub struct HttpState {
    /// Carries out commands.
    pub ward: Ward,
    /// Remembers every reading.
    pub journal: Journal,
    /// Answers questions about the past.
    pub store: Store,
    /// Tells the time.
    pub clock: Clock,
    /// The source that readings are marked with when their monitor names none.
    pub source: Source,
    /// Above this many frames a second, a monitor's socket is read more slowly.
    pub frames_per_second: u32,
    /// What `/metrics` shows.
    pub metrics: metrics_exporter_prometheus::PrometheusHandle,
    /// Whether browsers reach us over TLS, so that cookies can be kept to it.
    pub secure_cookie: bool,
    /// IANA name of the zone for the times that staff read; `None` if the machine has no name for
    /// its own.
    pub time_zone: Option<Arc<str>>,
    /// The clinic's name, for records; `None` if none was chosen.
    pub clinic: Option<Arc<str>>,
    /// The hospital's systems to which finished sessions are sent.
    pub outbound: Arc<[crate::config::Outbound]>,
    /// The story of a demo; nothing elsewhere.
    pub captions: Arc<[crate::contract::Caption]>,
    /// How long what is kept.
    pub retention: Retention,
    /// The ways to people away from the screens.
    pub channels: Channels,
    /// Whether we are fit for work.
    pub health: Arc<Health>,
    /// Who is signed in, who acts, and who guessed too often.
    pub auth: Arc<AuthState>,
    /// The answers to requests with an `Idempotency-Key`.
    pub answers: Arc<Answers>,
    /// The open sockets of monitors.
    pub sockets: Arc<Sockets>,
    /// How fast monitors post frames without a socket.
    pub rates: Arc<Rates>,
    /// Bounds the large bodies that are read at a time.
    pub large_bodies: Arc<LargeBodies>,
    /// Cancelled when the server is to end: sockets are closed.
    pub shutdown: CancellationToken,
}

impl HttpState {
    /// Includes what callers did in earlier runs, whose `answers` were loaded before the ward
    /// began, as the record's clock changes then. For a server without TLS, whose staff's time zone
    /// is not known.
    ///
    /// # Errors
    /// The data cannot be read.
    pub async fn recall(
        ward: Ward,
        journal: Journal,
        clock: Clock,
        answers: Answers,
        metrics: metrics_exporter_prometheus::PrometheusHandle,
        shutdown: CancellationToken,
    ) -> Result<Self, ReadError> {
        let store = journal.store();
        let auth = Arc::<AuthState>::default();
        auth.recall(&store).await?;
        let channels = Channels::none((clock, store.clone()));
        Ok(Self {
            ward,
            journal,
            store,
            clock,
            source: Source::Monitor,
            frames_per_second: crate::config::Limits::default().frames_per_second.get(),
            metrics,
            secure_cookie: false,
            time_zone: None,
            clinic: None,
            outbound: Arc::default(),
            captions: Arc::default(),
            retention: Retention::default(),
            channels,
            health: Arc::default(),
            auth,
            answers: Arc::new(answers),
            sockets: Arc::default(),
            rates: Arc::default(),
            large_bodies: Arc::default(),
            shutdown,
        })
    }
}

impl std::fmt::Debug for HttpState {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("HttpState").field("source", &self.source).finish_non_exhaustive()
    }
}
