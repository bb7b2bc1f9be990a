use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use sqlx::pool::PoolConnectionMetadata;
use sqlx::sqlite::{SqliteConnectOptions, SqlitePool, SqlitePoolOptions};

use super::place::Place;
use crate::clock::Clock;

/// Connections for the questions that staff wait for.
const READERS: u32 = 3;
/// Connections for what is long: histories, recordings, whole chains. They take none of those for
/// which staff wait.
const LONG_READERS: u32 = 2;
/// How long a question waits for one of the readers.
pub(super) const READER_WAIT: Duration = Duration::from_secs(10);

/// Connections that only ask. They read the database that was opened and no other, and after a
/// renewal none that was there before is used again.
#[derive(Clone, Debug)]
pub(super) struct Readers {
    pub(super) short: SqlitePool,
    pub(super) long: SqlitePool,
    /// For what is packed in the background, which is nobody's question.
    pub(super) packer: SqlitePool,
    renewal: Arc<Renewal>,
}

#[derive(Debug)]
struct Renewal {
    clock: Clock,
    /// Connections made up to then are no longer used, ms.
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
    /// Connected from the beginning: one that connected while the disk hangs would hang with a
    /// thread of its own, and so would each that is tried after it.
    pub(super) async fn connected(
        options: &SqliteConnectOptions,
        place: &Arc<Place>,
    ) -> sqlx::Result<Self> {
        let renewal = Arc::new(Renewal { clock: Clock::start(), at: AtomicI64::new(i64::MIN) });
        let short = pool(options, READERS, place, &renewal).await?;
        let long = pool(options, LONG_READERS, place, &renewal).await?;
        let packer = pool(options, 1, place, &renewal).await?;
        Ok(Self { short, long, packer, renewal })
    }

    /// Every question from now on gets a new connection.
    pub(super) fn renew(&self) {
        self.renewal.at.store(self.renewal.clock.now().0, Ordering::Relaxed);
    }

    pub(super) async fn close(&self) {
        self.short.close().await;
        self.long.close().await;
        self.packer.close().await;
    }
}

async fn pool(
    options: &SqliteConnectOptions,
    count: u32,
    place: &Arc<Place>,
    renewal: &Arc<Renewal>,
) -> sqlx::Result<SqlitePool> {
    let (renewal, place) = (Arc::clone(renewal), Arc::clone(place));
    let pool = SqlitePoolOptions::new()
        .max_connections(count)
        .acquire_timeout(READER_WAIT)
        .idle_timeout(None)
        .max_lifetime(None)
        .test_before_acquire(false)
        .before_acquire(move |_, connection| {
            let is_usable = !renewal.is_over(&connection);
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
        .connect_lazy_with(options.clone());
    let mut all = Vec::new();
    for _ in 0..count {
        all.push(pool.acquire().await?);
    }
    Ok(pool)
}
