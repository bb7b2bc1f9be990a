use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sqlx::pool::PoolConnectionMetadata;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};

use super::place::Place;
use crate::clock::Clock;

const READERS: u32 = 4;
/// How long a question waits for one of the readers.
const READER_WAIT: Duration = Duration::from_secs(10);

/// Connections that only ask. They read the database that was opened and no other, and after a
/// renewal none that was there before is used again.
#[derive(Clone, Debug)]
pub(super) struct Readers {
    pub(super) pool: SqlitePool,
    renewal: Arc<Renewal>,
}

#[derive(Debug)]
struct Renewal {
    clock: Clock,
    /// Connections made by then are used no more, ms.
    at: AtomicI64,
}

impl Renewal {
    fn is_over(&self, connection: &PoolConnectionMetadata) -> bool {
        let age_ms = i64::try_from(connection.age.as_millis()).unwrap_or(i64::MAX);
        let made_at = self.clock.now().plus(age_ms.saturating_neg());
        made_at.0 <= self.at.load(Ordering::Relaxed)
    }
}

impl Readers {
    pub(super) fn new(options: SqliteConnectOptions, place: &Arc<Place>) -> Self {
        let renewal = Arc::new(Renewal { clock: Clock::start(), at: AtomicI64::new(i64::MIN) });
        let (used, place) = (Arc::clone(&renewal), Arc::clone(place));
        let pool = SqlitePoolOptions::new()
            .max_connections(READERS)
            .acquire_timeout(READER_WAIT)
            .idle_timeout(None)
            .max_lifetime(None)
            .test_before_acquire(false)
            .before_acquire(move |_, connection| {
                let is_usable = !used.is_over(&connection);
                Box::pin(async move { Ok(is_usable) })
            })
            // A path that leads elsewhere by now would show another clinic's past.
            .after_connect(move |_, _| {
                let place = Arc::clone(&place);
                Box::pin(async move {
                    let looked = tokio::task::spawn_blocking(move || place.look_at_database());
                    let found = looked.await.map_err(|_| sqlx::Error::WorkerCrashed)?;
                    found.map_err(|trouble| sqlx::Error::Protocol(trouble.what().to_owned()))
                })
            })
            .connect_lazy_with(options);
        Self { pool, renewal }
    }

    /// Every question from now on gets a new connection.
    pub(super) fn renew(&self) {
        self.renewal.at.store(self.renewal.clock.now().0, Ordering::Relaxed);
    }
}
