//! Bytes from monitors become frames: a pure decoder above, a thin driver below, one folder per
//! language. What an adapter decoded it hands to the ward through [`Intake`].

pub mod hl7;
pub mod native;

use tokio::sync::{mpsc, oneshot};

use crate::vitals::{DeviceId, Frame};

/// Deliveries that may wait for the ward; beyond it, adapters stop reading their sockets.
pub const INTAKE_QUEUE: usize = 4_096;

/// What an adapter tells the ward.
#[derive(Debug)]
pub enum Arrival {
    /// A frame that holds at least one usable reading, or tells of impossible ones.
    Frame(Delivery),
    /// A frame that was refused as a whole, because its values were impossible.
    Refused {
        /// What is left of it.
        frame: Box<Frame>,
        /// Language of the adapter, such as `native`.
        adapter: &'static str,
    },
    /// The link to a device came up or went down. Only for connections that are one device's.
    Link {
        /// The device.
        device: DeviceId,
        /// Language of the adapter, such as `native`.
        adapter: &'static str,
        /// Tells a device's connections apart: `down` of an older one is ignored.
        connection: u64,
        /// Whether it is up.
        up: bool,
    },
}

/// A decoded frame on its way to the ward.
#[derive(Debug)]
pub struct Delivery {
    /// What the device said.
    pub frame: Frame,
    /// Language of the adapter, such as `hl7-mllp`.
    pub adapter: &'static str,
    /// Two frames of a device with the same key are one, within `same_within_ms`.
    pub key: FrameKey,
    /// How long `key` is remembered, at most ten minutes.
    pub same_within_ms: i64,
    /// Whom and where the message itself claims to be about.
    pub identity: Identity,
    /// Told once the frame is safe on disk. Dropped untold when it could not be kept.
    pub stored: oneshot::Sender<()>,
}

/// Digest of what makes a frame the same frame: run, number and content.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FrameKey(pub [u8; 16]);

impl FrameKey {
    /// The digest of `parts`, each with its length, so that parts cannot run together.
    #[must_use]
    pub fn of(parts: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in parts {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let mut key = [0; 16];
        hasher.finalize_xof().fill(&mut key);
        Self(key)
    }
}

/// The bed and patient that a message names. A device that names two of either within ten
/// minutes feeds no room until staff decide (DESIGN 4).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The bed, as the monitor calls it.
    pub bed: Option<String>,
    /// A digest of the patient's id: enough to see a change, useless to read.
    pub patient: Option<[u8; 16]>,
}

/// The ward's ear: clone one per connection.
#[derive(Clone, Debug)]
pub struct Intake(mpsc::Sender<Arrival>);

impl Intake {
    /// An intake and the end at which the ward listens.
    #[must_use]
    pub fn channel() -> (Self, mpsc::Receiver<Arrival>) {
        let (sender, receiver) = mpsc::channel(INTAKE_QUEUE);
        (Self(sender), receiver)
    }

    /// Hands over; waits while the queue is full. `false` when the ward has ended.
    pub async fn hand_over(&self, arrival: Arrival) -> bool {
        self.0.send(arrival).await.is_ok()
    }
}
