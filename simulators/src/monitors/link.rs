//! A monitor's link to its server: the monitor's end, and the task that carries the bytes.

use std::pin::Pin;

use anyhow::bail;
use tokio::sync::mpsc::{self, Receiver, Sender};

use super::carry::{Dial, Tcp};
use super::dialect::Dialect;
use super::mllp::{Connections, Mllp};
use super::outbox::{Out, WhenFull};
use super::websocket::Ingest;

/// The most that may wait between a monitor and the carrying task, which takes it at once.
const WAITING: usize = 64;

/// Where a monitor sends to.
#[derive(Debug, Clone)]
pub(crate) enum Server {
    /// Host and port of an MLLP listener.
    Hl7(String),
    /// The ingest WebSocket, and the token of the device.
    Native { base_url: String, token: String },
}

/// The task that carries a monitor's bytes. It ends after the [`Link`] was dropped and everything
/// it was given is answered.
pub(crate) type Carrying = Pin<Box<dyn Future<Output = ()> + Send>>;

/// The monitor's end.
#[derive(Debug)]
pub(crate) struct Link {
    out: Sender<Out>,
}

impl Link {
    /// # Errors
    /// The server does not speak the dialect, or its URL or token can never work.
    pub(crate) fn new(
        dialect: Dialect,
        device: &str,
        server: Server,
        when_full: WhenFull,
    ) -> anyhow::Result<(Self, Carrying)> {
        let (link, wanted) = Self::open();
        Ok(match server {
            Server::Hl7(address) if dialect.is_hl7() => {
                (link, carry_hl7(dialect, device, Tcp { address }, wanted, when_full))
            }
            Server::Native { base_url, token } if !dialect.is_hl7() => {
                let ingest = Ingest::new(device, &base_url, &token)?;
                (link, Box::pin(async move { ingest.run(wanted, when_full).await }))
            }
            Server::Hl7(_) => bail!("the dialect {dialect} goes over HTTP: give --url"),
            Server::Native { .. } => bail!("the dialect {dialect} goes over HL7: give --hl7"),
        })
    }

    fn open() -> (Self, Receiver<Out>) {
        let (out, wanted) = mpsc::channel(WAITING);
        (Self { out }, wanted)
    }

    /// To a server that is not on the network.
    #[cfg(test)]
    pub(crate) fn over(dialect: Dialect, server: impl Dial + 'static) -> (Self, Carrying) {
        let (link, wanted) = Self::open();
        if dialect.is_hl7() {
            return (link, carry_hl7(dialect, "test", server, wanted, WhenFull::Wait));
        }
        let ingest = Ingest::over("test", server);
        (link, Box::pin(async move { ingest.run(wanted, WhenFull::Wait).await }))
    }

    /// Hands over what the monitor wants.
    ///
    /// # Errors
    /// The carrying task has ended.
    pub(crate) async fn hand_over(&self, wanted: Vec<Out>) -> anyhow::Result<()> {
        for out in wanted {
            if self.out.send(out).await.is_err() {
                bail!("the monitor's link is gone");
            }
        }
        Ok(())
    }
}

fn carry_hl7(
    dialect: Dialect,
    device: &str,
    server: impl Dial + 'static,
    wanted: Receiver<Out>,
    when_full: WhenFull,
) -> Carrying {
    let connections = match dialect {
        Dialect::Loinc => Connections::PerMessage,
        Dialect::Native | Dialect::Mindray | Dialect::Efficia => Connections::Stay,
    };
    let mllp = Mllp { device: device.to_owned(), server, connections };
    Box::pin(async move { mllp.run(wanted, when_full).await })
}
