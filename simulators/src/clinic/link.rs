//! A room's monitor: what it shows, turned into bytes and handed to the task that carries them.

use std::net::SocketAddr;
use std::pin::Pin;

use anyhow::bail;
use tokio::sync::mpsc::{self, Sender};

use crate::instruments::Shown;
use crate::monitors::{
    Frame, Hl7Encoder, Hl7Message, IngestServer, NativeEncoder, run_hl7, run_native,
};

/// Between the room and the task that carries; that task takes in whatever is there at once.
const WAITING_SECONDS: usize = 8;

/// Where a monitor sends to, in which language.
pub(super) enum Address {
    Hl7 { server: SocketAddr, equipment: String },
    Native { base_url: String, device: String, token: String },
}

impl Address {
    /// The id that the server knows the monitor by.
    pub(super) fn device(&self) -> &str {
        match self {
            Self::Hl7 { equipment, .. } => equipment,
            Self::Native { device, .. } => device,
        }
    }
}

/// The room's end of a monitor.
pub(super) enum Link {
    Hl7 { encoder: Hl7Encoder, out: Sender<Vec<Hl7Message>> },
    Native { encoder: NativeEncoder, out: Sender<Vec<Frame>> },
}

/// The task that carries a monitor's bytes; it runs until the room ends.
pub(super) type Carrying = Pin<Box<dyn Future<Output = ()> + Send>>;

impl Link {
    /// A monitor that is switched on now, and the task that carries its bytes.
    ///
    /// # Errors
    /// When the URL or the token can never work.
    pub(super) fn new(address: Address, boot: &str) -> anyhow::Result<(Self, Carrying)> {
        let boot = boot.to_owned();
        Ok(match address {
            Address::Hl7 { server, equipment } => {
                let (out, messages) = mpsc::channel(WAITING_SECONDS);
                let encoder = Hl7Encoder::new(equipment.clone(), boot);
                let carrying = async move { run_hl7(&equipment, server, messages).await };
                (Self::Hl7 { encoder, out }, Box::pin(carrying))
            }
            Address::Native { base_url, device, token } => {
                let (out, frames) = mpsc::channel(WAITING_SECONDS);
                let encoder = NativeEncoder::new(boot);
                let server = IngestServer::new(&base_url, &token)?;
                let carrying = async move { run_native(&device, &server, frames).await };
                (Self::Native { encoder, out }, Box::pin(carrying))
            }
        })
    }

    /// Hands over one second's bytes.
    ///
    /// # Errors
    /// When the carrying task is gone.
    pub(super) async fn send(
        &mut self,
        shown: &Shown,
        taken_at: i64,
        sent_at: i64,
    ) -> anyhow::Result<()> {
        let sent = match self {
            Self::Hl7 { encoder, out } => {
                out.send(vec![encoder.encode(shown, taken_at, sent_at)]).await.is_ok()
            }
            Self::Native { encoder, out } => {
                out.send(encoder.encode(shown, taken_at, sent_at)).await.is_ok()
            }
        };
        if !sent {
            bail!("the monitor's link is gone");
        }
        Ok(())
    }
}
