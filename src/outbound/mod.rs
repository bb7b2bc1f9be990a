//! Finished sessions, sent to the hospital's systems: the vitals as HL7 v2 over MLLP, the record as a
//! FHIR document over HTTP.
//!
//! ```text
//!  store ──changes of sessions that are over──► collector ──► queue of each system, in the store
//!                                                                │ the oldest one
//!  record ──► message, written once ──► kept in the queue ──► carrier ──► the system
//!                                                                │ taken, refused, or not reached
//!                                                                ▼
//!                                                              queue
//! ```
//!
//! A message is written when its turn comes and kept to the letter until it has arrived, so that a
//! repeat, also one after a crash, is the same to the byte. Those of one system go in order. What the
//! system refuses is tried a few times and then set aside for a person, and the next one goes; while
//! the system cannot be reached, everything waits. Nothing at the bedside waits for any of this.

mod carrier;
mod collector;
mod connect;
mod delivery;
mod fhir;
mod mllp;
mod pace;
mod records;
mod sender;
mod status;
#[cfg(test)]
mod tests;
mod tls;
mod written;

use std::sync::Arc;

use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

pub use fhir::MAX_ANSWER_BYTES;
pub use pace::{LOST_AFTER_MS, MOST_TRIES, Pace};
pub use records::{Records, RecordsOfWard, Unreadable};
pub use status::status;
pub use written::MAX_TEXT_BYTES;

use crate::clock::Clock;
use crate::config;
use crate::store::Store;
use collector::Collector;
use sender::Sender;

/// What is needed to send.
#[derive(Debug)]
pub struct Outbound<R> {
    /// The systems.
    pub destinations: Arc<[config::Outbound]>,
    /// Holds the queues.
    pub store: Store,
    /// Tells the time.
    pub clock: Clock,
    /// Where the records of sessions come from.
    pub records: Arc<R>,
    /// How long is waited for what.
    pub pace: Pace,
}

/// Sends until `stop`. What is on its way then is sent again by the next run.
pub async fn run<R: Records>(outbound: Outbound<R>, stop: CancellationToken) {
    let Outbound { destinations, store, clock, records, pace } = outbound;
    let mut parts = JoinSet::new();
    let names = destinations.iter().map(|to| to.name.clone()).collect();
    let collector = Collector::new(names, store.clone(), clock, pace);
    parts.spawn(collector.run(stop.clone()));
    for to in destinations.iter() {
        let sender = Sender::new(to.clone(), store.clone(), clock, Arc::clone(&records), pace);
        parts.spawn(sender.run(stop.clone()));
    }
    while let Some(ended) = parts.join_next().await {
        if ended.is_err_and(|error| error.is_panic()) {
            tracing::error!(
                "a part of what is sent to other systems ended by a fault of this program"
            );
        }
    }
}
