//! How it goes, for the administrator's page and the command.

use super::pace::LOST_AFTER_MS;
use crate::config;
use crate::contract::{Outbound, OutboundDestination, OutboundMessage};
use crate::journal::ReadError;
use crate::store::{OutboundRow, Store};
use crate::vitals::Millis;

/// The most messages that were set aside for one system and are listed.
const MOST_LISTED: u32 = 100;

/// How it goes with each system.
///
/// # Errors
/// The disk does not answer.
pub async fn status(
    store: &Store,
    destinations: &[config::Outbound],
    now: Millis,
) -> Result<Outbound, ReadError> {
    let mut outbound = Vec::new();
    for to in destinations {
        let counts = store.outbound_counts(&to.name).await?;
        let next = store.outbound_next(&to.name).await?;
        let set_aside = store.outbound_set_aside(&to.name, MOST_LISTED).await?;
        let not_reached_since = next.as_ref().and_then(|row| row.trouble_since);
        outbound.push(OutboundDestination {
            name: to.name.clone(),
            kind: to.way.kind().to_owned(),
            address: to.way.address(),
            waiting: counts.waiting,
            waiting_since: counts.oldest,
            arrived: counts.arrived,
            last_arrived_at: counts.last_arrived_at,
            not_reached_since,
            is_lost: not_reached_since.is_some_and(|since| now.since(since) >= LOST_AFTER_MS),
            why: next.and_then(|row| row.why),
            set_aside_count: counts.set_aside,
            set_aside: set_aside.into_iter().map(message).collect(),
        });
    }
    Ok(Outbound { outbound })
}

fn message(row: OutboundRow) -> OutboundMessage {
    OutboundMessage {
        id: row.n.to_string(),
        session: row.session,
        at: row.ended_at.unwrap_or(row.queued_at),
        tries: row.tries,
        why: row.why.unwrap_or_default(),
        is_correction: row.is_correction,
    }
}
