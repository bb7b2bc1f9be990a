//! Sends what waits for one system, in its order.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::carrier::deliver;
use super::delivery::{Delivery, Load, Why};
use super::pace::{LOST_AFTER_MS, MOST_TRIES, Pace};
use super::records::Records;
use super::written::{Written, written};
use crate::clock::Clock;
use crate::config;
use crate::store::{OutboundChange, OutboundRow, OutboundState, OutboundText, Store, Upsert};
use crate::vitals::Millis;

/// Sends what waits for one system.
pub(super) struct Sender<R> {
    to: config::Outbound,
    store: Store,
    clock: Clock,
    records: Arc<R>,
    pace: Pace,
    /// Since when the system is known; `None` until that is on disk.
    since: Option<Millis>,
    /// How often in a row it could not be reached.
    failures: u32,
    /// The log says that it has not been reached for long.
    is_lost: bool,
}

/// Nothing is changed before the disk has it, or the server stops.
struct Unstored;

impl<R: Records> Sender<R> {
    pub(super) fn new(
        to: config::Outbound,
        store: Store,
        clock: Clock,
        records: Arc<R>,
        pace: Pace,
    ) -> Self {
        let (since, failures, is_lost) = (None, 0, false);
        Self { to, store, clock, records, pace, since, failures, is_lost }
    }

    pub(super) async fn run(mut self, stop: CancellationToken) {
        let working = async {
            loop {
                // What the disk does not take now it takes later; nothing is sent meanwhile.
                let wait = self.step().await.unwrap_or(self.pace.look);
                self.count().await;
                tokio::time::sleep(wait).await;
            }
        };
        // What is on its way is cut off: whether it arrived is asked by the next run, which sends the
        // same bytes.
        tokio::select! {
            () = stop.cancelled() => {}
            () = working => {}
        }
    }

    /// Does one thing; returns how long to wait before the next.
    async fn step(&mut self) -> Result<Duration, Unstored> {
        let since = self.known().await?;
        let next = self.store.outbound_next(&self.to.name).await.map_err(|_| Unstored)?;
        let Some(row) = next else {
            self.failures = 0;
            return Ok(self.pace.look);
        };
        let kept = row.text.clone().zip(row.control.clone());
        let is_ready = row.state == OutboundState::Sending && !row.is_again;
        let (text, control) = match kept.filter(|_| is_ready) {
            Some(kept) => kept,
            None => match self.write(&row, since).await? {
                Ok(OutboundText { text, control, .. }) => (text, control),
                Err(wait) => return Ok(wait),
            },
        };
        let load = Load { text: &text, control: &control };
        match deliver(&self.to, load, self.pace).await {
            Delivery::Arrived => self.arrived(&row).await,
            Delivery::Refused { why, is_final } => self.refused(&row, &why, is_final).await,
            Delivery::Trouble(why) => self.troubled(&row, &why).await,
        }
    }

    /// Since when the system is known.
    async fn known(&mut self) -> Result<Millis, Unstored> {
        if let Some(since) = self.since {
            return Ok(since);
        }
        let (destination, at) = (self.to.name.clone(), self.clock.now());
        self.put(OutboundChange::Known { destination, at }).await?;
        let since = self.store.outbound_since(&self.to.name).await.map_err(|_| Unstored)?;
        let since = since.ok_or(Unstored)?;
        self.since = Some(since);
        Ok(since)
    }

    /// Writes the message and has it stored, before anybody gets it. Without one to send: how long to
    /// wait.
    async fn write(
        &mut self,
        row: &OutboundRow,
        since: Millis,
    ) -> Result<Result<OutboundText, Duration>, Unstored> {
        let n = row.n;
        // What changes from now on is the next message's.
        self.put(OutboundChange::Begun { n }).await?;
        let record = match self.records.record(&row.session).await {
            Ok(Some(record)) => record,
            Ok(None) => {
                self.put(OutboundChange::Dropped { n }).await?;
                return Ok(Err(Duration::ZERO));
            }
            Err(unreadable) => {
                let why = Why::of(unreadable.to_string());
                return self.refused(row, &why, false).await.map(Err);
            }
        };
        let arrived = self.store.outbound_arrived(&self.to.name, &row.session).await;
        let arrived = arrived.map_err(|_| Unstored)?;
        let (to, row_) = (self.to.clone(), row.clone());
        let writing = tokio::task::spawn_blocking(move || {
            written(&record, &to, since, (&row_, arrived.as_ref()))
        });
        match writing.await {
            Ok(Written::Text(text)) => {
                self.put(OutboundChange::Written { n, text: text.clone() }).await?;
                Ok(Ok(text))
            }
            Ok(Written::Nothing) => {
                self.put(OutboundChange::Dropped { n }).await?;
                Ok(Err(Duration::ZERO))
            }
            Ok(Written::TooLong) => {
                self.refused(row, &Why::of("it is too long to be sent"), true).await.map(Err)
            }
            Err(error) => {
                tracing::error!(%error, "a message cannot be written");
                self.refused(row, &Why::of("it cannot be written"), true).await.map(Err)
            }
        }
    }

    async fn arrived(&mut self, row: &OutboundRow) -> Result<Duration, Unstored> {
        let (n, at) = (row.n, self.clock.now());
        let name = &self.to.name;
        metrics::counter!("dripwatch_outbound_arrived_total", "destination" => name.clone())
            .increment(1);
        if self.failures > 0 || row.trouble_since.is_some() {
            info!(destination = %name, "reached again: what waits is sent");
        }
        (self.failures, self.is_lost) = (0, false);
        // Until that is stored the message goes out again, the same to the byte; so it is not given
        // up before.
        while self.put(OutboundChange::Arrived { n, at }).await.is_err() {
            tokio::time::sleep(self.pace.look).await;
        }
        Ok(Duration::ZERO)
    }

    async fn refused(
        &mut self,
        row: &OutboundRow,
        why: &Why,
        is_final: bool,
    ) -> Result<Duration, Unstored> {
        (self.failures, self.is_lost) = (0, false);
        let (n, at, tries) = (row.n, self.clock.now(), row.tries + 1);
        let destination = &self.to.name;
        if is_final || tries >= MOST_TRIES {
            warn!(%destination, message = n, tries, why = %why.ours, "a message was set aside: its page says what the system answered");
            let why = why.shown();
            self.put(OutboundChange::SetAside { n, at, tries, why }).await?;
            return Ok(Duration::ZERO);
        }
        info!(%destination, message = n, tries, why = %why.ours, "a message was refused; it is sent again");
        let (why, trouble_since) = (why.shown(), None);
        self.put(OutboundChange::Tried { n, at, tries, why, trouble_since }).await?;
        Ok(self.pace.after_refusal(tries))
    }

    async fn troubled(&mut self, row: &OutboundRow, why: &Why) -> Result<Duration, Unstored> {
        let (n, at, tries) = (row.n, self.clock.now(), row.tries);
        let destination = &self.to.name;
        let since = row.trouble_since.unwrap_or(at);
        if self.failures == 0 {
            info!(%destination, why = %why.ours, "not reached; trying again until it is");
        }
        if !self.is_lost && at.since(since) >= LOST_AFTER_MS {
            self.is_lost = true;
            warn!(%destination, why = %why.ours, "not reached for 10 minutes; what is to be sent there waits");
        }
        self.failures = self.failures.saturating_add(1);
        let (why, trouble_since) = (why.shown(), Some(since));
        self.put(OutboundChange::Tried { n, at, tries, why, trouble_since }).await?;
        Ok(self.pace.after_failure(self.failures))
    }

    /// Changes the queue, and waits until that is on disk.
    async fn put(&self, change: OutboundChange) -> Result<(), Unstored> {
        let (stored, on_disk) = oneshot::channel();
        let put = self.store.put(vec![Upsert::Outbound(change)], vec![stored]);
        put.map_err(|_| Unstored)?;
        on_disk.await.map_err(|_| Unstored)
    }

    /// Figures for whoever runs the server.
    async fn count(&self) {
        let Ok(counts) = self.store.outbound_counts(&self.to.name).await else { return };
        let name = || self.to.name.clone();
        metrics::gauge!("dripwatch_outbound_waiting", "destination" => name())
            .set(counts.waiting as f64);
        metrics::gauge!("dripwatch_outbound_set_aside", "destination" => name())
            .set(counts.set_aside as f64);
        let oldest_ms = counts.oldest.map_or(0, |at| self.clock.now().since(at).max(0));
        metrics::gauge!("dripwatch_outbound_oldest_seconds", "destination" => name())
            .set(oldest_ms as f64 / 1_000.0);
    }
}
