//! What a peer says over its socket, and for how long it may say nothing.

use std::pin::Pin;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket};
use futures_util::StreamExt;
use futures_util::stream::SplitStream;
use tokio::time::{Sleep, sleep};

use crate::clock::Clock;

/// If a wait ends this much later than it should, it did because we did not run.
const SLEPT: Duration = Duration::from_secs(2);

/// Takes what a peer says from its socket. One timer serves the whole conversation: it is set anew
/// when it runs out, not with every message.
pub(in crate::http) struct Hearing<'a> {
    incoming: &'a mut SplitStream<WebSocket>,
    clock: Clock,
    limit: Duration,
    timer: Pin<Box<Sleep>>,
}

/// The peer said nothing for as long as it may.
#[derive(Debug)]
pub(in crate::http) struct NothingHeard;

impl<'a> Hearing<'a> {
    /// A peer that must say something within `limit`, each time that it is listened to.
    pub(in crate::http) fn new(
        incoming: &'a mut SplitStream<WebSocket>,
        clock: Clock,
        limit: Duration,
    ) -> Self {
        Self { incoming, clock, limit, timer: Box::pin(sleep(limit)) }
    }

    /// What the peer says next, unless it says nothing for too long while we were awake: a server
    /// that was stopped first reads what waits.
    pub(in crate::http) async fn next(
        &mut self,
    ) -> Result<Option<Result<Message, axum::Error>>, NothingHeard> {
        let mut began = self.clock.now();
        loop {
            tokio::select! {
                biased;
                heard = self.incoming.next() => return Ok(heard),
                () = &mut self.timer => {}
            }
            let now = self.clock.now();
            let waited_ms = u64::try_from(now.since(began)).unwrap_or(0);
            let waited = Duration::from_millis(waited_ms);
            let left = if waited > self.limit + SLEPT {
                began = now;
                self.limit
            } else {
                // What is left when the timer was set for an earlier message.
                self.limit.saturating_sub(waited)
            };
            if left.is_zero() {
                return Err(NothingHeard);
            }
            self.timer.set(sleep(left));
        }
    }
}
