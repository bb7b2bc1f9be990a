//! Puts what has changed into the queue of each system.

use std::collections::BTreeMap;

use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

use super::pace::Pace;
use crate::clock::Clock;
use crate::store::{OutboundChange, Store, Upsert};
use crate::vitals::{Millis, SessionId};

/// The most changes that are looked at in one go; further ones come with the next.
const MOST_CHANGES: u32 = 100;

/// Looks for sessions that are over and of which something has changed.
pub(super) struct Collector {
    destinations: Vec<String>,
    store: Store,
    clock: Clock,
    pace: Pace,
    /// Changes that were seen and have not settled, and when they were first seen.
    seen: BTreeMap<u64, Millis>,
}

impl Collector {
    pub(super) fn new(destinations: Vec<String>, store: Store, clock: Clock, pace: Pace) -> Self {
        Self { destinations, store, clock, pace, seen: BTreeMap::new() }
    }

    pub(super) async fn run(mut self, stop: CancellationToken) {
        loop {
            self.look().await;
            tokio::select! {
                () = stop.cancelled() => return,
                () = tokio::time::sleep(self.pace.look) => {}
            }
        }
    }

    /// Queues what has settled: one message says several changes that come close together.
    async fn look(&mut self) {
        // Without an answer of the disk it is still there at the next look.
        let Ok(changes) = self.store.outbound_changes(MOST_CHANGES).await else { return };
        let now = self.clock.now();
        let there: BTreeMap<u64, Millis> =
            changes.iter().map(|(n, _)| (*n, self.seen.get(n).copied().unwrap_or(now))).collect();
        self.seen = there;
        let settle_ms = i64::try_from(self.pace.settle.as_millis()).unwrap_or(i64::MAX);
        let has_settled = |n: &u64| self.seen.get(n).is_some_and(|at| now.since(*at) >= settle_ms);
        let settled = changes.into_iter().filter(|(n, _)| has_settled(n));
        let views: Vec<Upsert> =
            settled.flat_map(|(n, session)| self.queued(n, &session, now)).collect();
        if views.is_empty() {
            return;
        }
        let (stored, on_disk) = oneshot::channel();
        if self.store.put(views, vec![stored]).is_ok() {
            // Waits, so that the same change is not queued a second time meanwhile.
            let _ = on_disk.await;
        }
    }

    fn queued(&self, n: u64, session: &SessionId, at: Millis) -> Vec<Upsert> {
        let queued = self.destinations.iter().map(|destination| OutboundChange::Queued {
            destination: destination.clone(),
            session: session.clone(),
            at,
        });
        queued.chain([OutboundChange::Looked { n }]).map(Upsert::Outbound).collect()
    }
}
