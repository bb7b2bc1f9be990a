//! HL7 v2 `ORU^R01` over MLLP: monitors connect to the server and send what they measure.
//!
//! [`Framer`] finds the messages in the bytes, [`decode`] reads one, both pure. Below them one
//! task for each connection reads, hands over to the ward, and answers in order, each message
//! only when its readings are safe on disk. A monitor that is not answered sends again; the
//! ward knows a repeated message by its content.

mod ack;
mod acknowledgement;
mod admission;
mod answering;
mod bed;
mod charset;
mod code_tables;
mod codes;
mod connection;
mod decode;
mod delimiters;
mod identity;
mod inflation;
mod kind;
mod labels;
mod measure;
mod message;
mod mllp;
mod number;
mod problem_log;
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

use socket2::{SockRef, TcpKeepalive};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{Intake, ListenerOptions};
use crate::places::{Bounds, Places};

pub use ack::{Ack, Level, Outcome};
pub use acknowledgement::Acknowledgement;
pub use decode::{Context, Decoded, decode};
pub use identity::Sender;
pub use kind::Kind;
pub use mllp::{Framed, Framer, MAX_MESSAGE_BYTES};

/// The name of this language in the configuration and the ward.
pub(super) const ADAPTER: &str = "hl7-mllp";
/// The most connections at a time. When all places are taken, one that never sent anything valid
/// gives way to a further one, then one whose monitors have come back over another connection, then
/// one that has been silent for [`SILENT_AFTER_MS`].
pub const MAX_CONNECTIONS: usize = 576;
/// The most connections from one address: a central station with a connection for each of its
/// monitors.
pub const MAX_OF_AN_ADDRESS: usize = 128;
/// Places for addresses from which something valid has come before: a monitor that is switched on
/// again finds one, however many strangers there are.
pub const KEPT_FOR_KNOWN: usize = 64;
/// A monitor sends at least once a minute: one that was silent for longer may give way.
pub const SILENT_AFTER_MS: i64 = 90_000;
/// The most messages of more than [`LARGE_BYTES`] that may be arriving at a time, so that they take
/// at most 16 MiB of memory. A further one is read when one of them has ended.
pub const LARGE_MESSAGES: usize = 16;
/// How much of a message a connection may hold without its being one of [`LARGE_MESSAGES`]: a
/// monitor's message has 2 kB. With all connections these are 36 MiB.
pub const LARGE_BYTES: usize = 64 * 1024;
/// The most connections that were told to leave and have not quite left.
const LEAVING: usize = 64;

/// A peer that answers nothing is asked after this silence whether it is there,
const ASKED_AFTER: Duration = Duration::from_secs(60);
/// this often,
const ASKED_EVERY: Duration = Duration::from_secs(15);
/// and so many times: a dead one has left its place after two minutes.
const ASKED_TIMES: u32 = 4;
/// How long the system waits for what was sent to it.
const UNANSWERED_FOR: Duration = Duration::from_secs(120);

/// Pause after the system refused a connection, such as for lack of file handles.
const ACCEPT_REST: Duration = Duration::from_millis(100);
/// How long shutdown waits for answers that wait for the disk.
const DRAIN_LIMIT: Duration = Duration::from_secs(5);

/// The limits of a listener.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// The addresses that are let in.
    pub places: Bounds,
    /// See [`connection::FIRST_MESSAGE_WITHIN`].
    first_message_within: Duration,
    /// See [`connection::MESSAGE_WITHIN`].
    message_within: Duration,
}

/// The limits of every listener; tests use smaller ones.
const LIMITS: Limits = Limits {
    places: Bounds {
        total: MAX_CONNECTIONS,
        of_an_address: MAX_OF_AN_ADDRESS,
        of_loopback: MAX_CONNECTIONS,
        kept_for_known: KEPT_FOR_KNOWN,
        last_after_ms: SILENT_AFTER_MS,
    },
    first_message_within: connection::FIRST_MESSAGE_WITHIN,
    message_within: connection::MESSAGE_WITHIN,
};

/// What the connections of a listener share.
struct Shared {
    options: ListenerOptions,
    limits: Limits,
    intake: Intake,
    /// The places of the [`LARGE_MESSAGES`].
    large: Semaphore,
}

/// Serves monitors until `shutdown`; then answers what waits for the disk, at most 5 s long.
pub async fn serve(
    listener: TcpListener,
    options: ListenerOptions,
    intake: Intake,
    shutdown: CancellationToken,
) {
    let places = LIMITS.places.at_most(options.connections);
    serve_within(Limits { places, ..LIMITS }, listener, options, intake, shutdown).await;
}

async fn serve_within(
    limits: Limits,
    listener: TcpListener,
    options: ListenerOptions,
    intake: Intake,
    shutdown: CancellationToken,
) {
    let all = Places::new(limits.places);
    let now = Arc::clone(&options.now);
    let large = Semaphore::new(LARGE_MESSAGES);
    let shared = Arc::new(Shared { options, limits, intake, large });
    // Those that were told to leave may take a moment: so there may be that many more connections
    // than places, and no more.
    let open = Arc::new(Semaphore::new(limits.places.total + LEAVING));
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
                let one_leaves = all.one_leaves(now());
                tracing::warn!(%error, one_leaves, "an HL7 connection could not be accepted");
                tokio::time::sleep(ACCEPT_REST).await;
                continue;
            }
        };
        if !(shared.options.allow)(peer.ip()) {
            tracing::warn!(%peer, "HL7 connection refused: add its address to `allow`");
            continue;
        }
        let Some(place) = all.take(peer.ip(), now()) else {
            tracing::warn!(%peer, open = all.taken(), "HL7 connection closed: no other one gives way to it");
            continue;
        };
        let opening = tokio::select! {
            () = shutdown.cancelled() => break,
            opening = Arc::clone(&open).acquire_owned() => opening,
        };
        notice_a_dead_peer(&stream);
        let (shared, shutdown) = (Arc::clone(&shared), shutdown.clone());
        connections.spawn(async move {
            connection::run(stream, peer.ip(), &place, &shared, &shutdown).await;
            drop((place, opening));
        });
    }
    let drained = async { while connections.join_next().await.is_some() {} };
    if tokio::time::timeout(DRAIN_LIMIT, drained).await.is_err() {
        tracing::warn!("HL7 messages were left unanswered at shutdown; they will be sent again");
    }
}

/// A monitor that was switched off, or whose network is gone, closes nothing. If the system refuses
/// to check, its connection gives way when places run out.
fn notice_a_dead_peer(stream: &TcpStream) {
    let socket = SockRef::from(stream);
    let asking = TcpKeepalive::new()
        .with_time(ASKED_AFTER)
        .with_interval(ASKED_EVERY)
        .with_retries(ASKED_TIMES);
    let _ = socket.set_tcp_keepalive(&asking);
    let _ = socket.set_tcp_user_timeout(Some(UNANSWERED_FOR));
}
