//! HL7 v2 `ORU^R01` over MLLP: the monitors connect to us and say what they measure.
//!
//! [`Framer`] finds the messages in the bytes, [`decode`] reads one, both pure. Below them one
//! task for each connection reads, hands over to the ward, and answers in order, each message
//! only when its readings are safe on disk. A monitor that is not answered sends again; the
//! ward knows a repeated message by its content.

mod ack;
mod codes;
mod connection;
mod decode;
mod identity;
mod labels;
mod message;
mod mllp;
mod number;
mod places;
mod readings;
mod rows;
mod time;
mod units;
mod value;

#[cfg(test)]
mod driver_test;
#[cfg(test)]
mod samples_test;

use std::sync::Arc;
use std::time::Duration;

use jiff::tz::TimeZone;
use tokio::net::TcpListener;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::Intake;
use crate::config::AddressRange;
use crate::vitals::{DeviceId, Millis};

pub use ack::{Ack, Level, Outcome};
pub use decode::{Context, Decoded, Kind, decode};
pub use identity::Sender;
pub use mllp::{Framed, Framer, MAX_MESSAGE_BYTES};
use places::Places;

/// Connections at a time; a further one is closed, unless one that says nothing gives way.
pub const MAX_CONNECTIONS: usize = 512;

/// Rest after the system refused a connection, such as for want of file handles.
const ACCEPT_REST: Duration = Duration::from_millis(100);
/// How long answers that wait for the disk are waited for at shutdown.
const DRAIN_LIMIT: Duration = Duration::from_secs(5);

/// Reads the clock.
pub type Now = Arc<dyn Fn() -> Millis + Send + Sync>;

/// One listener's settings.
#[derive(Clone)]
pub struct Hl7Options {
    /// Who may connect; nobody when empty.
    pub allow: Vec<AddressRange>,
    /// The clinic's zone, for stamps without one.
    pub zone: TimeZone,
    /// The id of a sender that names neither itself nor a bed.
    pub default_device: Option<DeviceId>,
    /// The clock.
    pub now: Now,
}

impl std::fmt::Debug for Hl7Options {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Hl7Options")
            .field("allow", &self.allow)
            .field("zone", &self.zone)
            .field("default_device", &self.default_device)
            .finish_non_exhaustive()
    }
}

/// Serves monitors until `shutdown`; then answers what waits for the disk, at most 5 s long.
pub async fn serve(
    listener: TcpListener,
    options: Hl7Options,
    intake: Intake,
    shutdown: CancellationToken,
) {
    serve_up_to(MAX_CONNECTIONS, listener, options, intake, shutdown).await;
}

async fn serve_up_to(
    places: usize,
    listener: TcpListener,
    options: Hl7Options,
    intake: Intake,
    shutdown: CancellationToken,
) {
    let options = Arc::new(options);
    let all = Places::new(places);
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            () = shutdown.cancelled() => break,
            Some(ended) = connections.join_next() => {
                if ended.is_err_and(|e| e.is_panic()) {
                    tracing::error!("an HL7 connection ended by a fault of this program");
                }
                continue;
            }
            accepted = listener.accept() => accepted,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "an HL7 connection could not be accepted");
                tokio::time::sleep(ACCEPT_REST).await;
                continue;
            }
        };
        if !options.allow.iter().any(|range| range.contains(peer.ip())) {
            tracing::warn!(%peer, "HL7 connection refused: add its address to `allow`");
            continue;
        }
        let Some(taken) = all.take() else {
            tracing::warn!(%peer, "HL7 connection closed: {places} are open already");
            continue;
        };
        let options = Arc::clone(&options);
        let (intake, shutdown) = (intake.clone(), shutdown.clone());
        connections.spawn(async move {
            let Some(place) = taken.place().await else {
                tracing::warn!(%peer, "HL7 connection closed: no place became free");
                return;
            };
            connection::run(stream, peer.ip(), place, &options, &intake, &shutdown).await;
        });
    }
    let drained = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(DRAIN_LIMIT, drained).await.is_err() {
        tracing::warn!("HL7 messages were left unanswered at shutdown; they will be sent again");
    }
}
