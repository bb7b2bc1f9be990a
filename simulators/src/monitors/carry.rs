//! Keeps a monitor's link: connects, converses, and connects again when the conversation ends.

use std::time::Duration;

use anyhow::Context;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tracing::{info, warn};

use super::outbox::{First, Happened, Outbox};
use crate::clock::Backoff;

const CONNECTED_WITHIN: Duration = Duration::from_secs(10);

/// Reaches the server; a test's server is in memory.
pub(crate) trait Dial: Send + Sync {
    /// A connection.
    type Stream: AsyncRead + AsyncWrite + Unpin + Send;

    /// Connects.
    fn dial(&self) -> impl Future<Output = anyhow::Result<Self::Stream>> + Send;
}

/// A server on the network.
pub(crate) struct Tcp {
    /// Host and port.
    pub(crate) address: String,
}

impl Dial for Tcp {
    type Stream = TcpStream;

    async fn dial(&self) -> anyhow::Result<TcpStream> {
        let stream = TcpStream::connect(&self.address).await;
        stream.with_context(|| format!("no connection to {}", self.address))
    }
}

/// How a conversation ended.
pub(super) enum End {
    /// The monitor wanted it to end.
    HungUp,
    /// It broke off.
    Broken(anyhow::Error),
}

/// A language on the wire.
pub(super) trait Talk {
    /// A connection that can carry a conversation.
    type Line: Send;

    /// Connects.
    async fn connect(&self) -> anyhow::Result<Self::Line>;

    /// Whether a connection is wanted although there is nothing to send.
    fn stays_connected(&self) -> bool;

    /// The life of one connection; it ends when the monitor has ended and everything is answered.
    async fn talk(&self, line: Self::Line, outbox: &mut Outbox, backoff: &mut Backoff) -> End;
}

/// Carries until the monitor has ended and everything it sent is answered.
pub(super) async fn carry(device: &str, talk: &impl Talk, mut outbox: Outbox) {
    let mut backoff = Backoff::default();
    while !outbox.is_done() {
        if outbox.is_down() || (outbox.is_empty() && !talk.stays_connected()) {
            outbox.next().await;
            continue;
        }
        let Some(connected) = connected(talk, &mut outbox, &mut backoff).await else { continue };
        let ended = match connected {
            Ok(line) => {
                if talk.stays_connected() {
                    info!(device, unanswered = outbox.iter().count(), "connected");
                }
                let given_up = outbox.take_given_up();
                if given_up > 0 {
                    warn!(
                        device,
                        given_up, "messages were lost: the cut was longer than the memory"
                    );
                }
                talk.talk(line, &mut outbox, &mut backoff).await
            }
            Err(problem) => End::Broken(problem),
        };
        match ended {
            End::HungUp => backoff.reset(),
            End::Broken(problem) => warn!(device, "the link broke, trying again: {problem:#}"),
        }
    }
}

/// A connection; `None` when the monitor wants none any more.
async fn connected<T: Talk>(
    talk: &T,
    outbox: &mut Outbox,
    backoff: &mut Backoff,
) -> Option<anyhow::Result<T::Line>> {
    let connecting = async {
        backoff.wait().await;
        timeout(CONNECTED_WITHIN, talk.connect()).await.context("no answer")?
    };
    tokio::pin!(connecting);
    loop {
        match outbox.until(&mut connecting).await {
            First::Done(connected) => return Some(connected),
            // There is no cable yet that could be pulled.
            First::Happened(Happened::Cut) => {}
            First::Happened(_) => return None,
        }
    }
}
