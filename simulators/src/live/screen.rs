//! A staff screen with somebody in front of it: without one the server raises an alert that nobody
//! watches, as it should (design.md#watching).

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::sync::watch::Receiver;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tracing::warn;

use crate::clock::Backoff;
use crate::monitors::socket_request;

const SAYS_EVERY: Duration = Duration::from_secs(2);

/// One screen that shows one room.
pub(super) struct Screen {
    request: Request,
    room: String,
}

impl Screen {
    /// # Errors
    /// The URL or the token can never work.
    pub(super) fn new(base_url: &str, token: &str, room: &str) -> anyhow::Result<Self> {
        let request = socket_request(base_url, "/api/v1/stream", token)?;
        Ok(Self { request, room: room.to_owned() })
    }

    /// Watches for ever; `seen` says whether somebody is in front of it.
    pub(super) async fn watch(self, mut seen: Receiver<bool>) {
        let mut backoff = Backoff::default();
        loop {
            backoff.wait().await;
            if let Err(problem) = self.sit(&mut seen).await {
                warn!("the screen lost the server, trying again: {problem:#}");
            }
        }
    }

    async fn sit(&self, seen: &mut Receiver<bool>) -> anyhow::Result<()> {
        let (mut socket, _) = tokio_tungstenite::connect_async(self.request.clone()).await?;
        let say = |json: Value| Message::text(json.to_string());
        socket.send(say(json!({"type": "hello", "version": 1, "rooms": [self.room]}))).await?;
        let mut turn = tokio::time::interval(SAYS_EVERY);
        loop {
            tokio::select! {
                _ = turn.tick() => {}
                Ok(()) = seen.changed() => {}
                heard = socket.next() => {
                    match heard {
                        Some(heard) => drop(heard?),
                        None => return Ok(()),
                    }
                    continue;
                }
            }
            let there = *seen.borrow_and_update();
            let presence =
                json!({"type": "presence", "visible": there, "audible": there, "quiet": false});
            socket.send(say(presence)).await?;
        }
    }
}
