//! Bytes from monitors become frames: a pure decoder above, a thin driver below, one folder for
//! each language. An adapter hands what it decoded to the ward through [`Intake`].

pub mod hl7;
mod kind;
mod listener;
pub mod native;
mod not_understood;
mod patient;
mod sending;

use std::net::IpAddr;

use tokio::sync::{mpsc, oneshot};

pub use kind::AdapterKind;
pub use listener::{Allowed, ListenerOptions, Now};
pub use not_understood::{NotUnderstood, count as count_not_understood};
pub use patient::{Authority, Digest, MAX_IDS, PatientId, PatientIds, digest};
pub use sending::{Acknowledgement, Copies, Sending};

use crate::people::PatientNews;
use crate::record::{AnswerRow, FrameKey};
use crate::vitals::{DeviceId, Frame, Original};

/// The most deliveries that may wait for the ward; beyond it, adapters stop reading their sockets.
pub const INTAKE_QUEUE: usize = 4_096;

/// What an adapter hands to the ward.
#[derive(Debug)]
pub enum Arrival {
    /// A frame with at least one usable reading, or with impossible ones that are counted.
    Frame(Delivery),
    /// A frame of a request with an `Idempotency-Key`: the answer is recorded together with it.
    Posted(Box<Delivery>, Box<AnswerRow>),
    /// A frame or message of which nothing could be used. Told once its device is listed with it: an
    /// answer that goes out before would speak of something that nobody can see.
    Unusable(Unusable, oneshot::Sender<()>),
    /// A patient came, moved or left: kept for later.
    Admission(Admission),
    /// The link to a device came up or went down. Only for connections that are one device's.
    Link {
        /// The device.
        device: DeviceId,
        /// Language of the adapter, such as `native`.
        adapter: &'static str,
        /// Distinguishes a device's connections: `down` of an older one is ignored.
        connection: u64,
        /// Whether it is up.
        up: bool,
    },
    /// A newer connection of the device replaced one whose other end still answered. The old
    /// connection of a monitor that reconnects answers nothing.
    Displaced {
        /// The device.
        device: DeviceId,
    },
}

/// A decoded frame on its way to the ward.
#[derive(Debug)]
pub struct Delivery {
    /// The decoded frame.
    pub frame: Frame,
    /// Language of the adapter, such as `hl7-mllp`.
    pub adapter: &'static str,
    /// Two frames of a device with the same key are equal, within `same_within_ms`.
    pub key: FrameKey,
    /// How long `key` is remembered, at most ten minutes.
    pub same_within_ms: i64,
    /// Whether equal frames are the same frame.
    pub copies: Copies,
    /// The bed and patient that the message names.
    pub identity: Identity,
    /// What in it is not understood.
    pub not_understood: Vec<NotUnderstood>,
    /// Sent once the frame is safe on disk; dropped when it could not be stored.
    pub stored: oneshot::Sender<()>,
}

/// A frame with nothing usable in it. It still shows that its device is connected.
#[derive(Debug)]
pub struct Unusable {
    /// What is left of it: the sender, the time, and how many values were impossible.
    pub frame: Frame,
    /// Language of the adapter, such as `native`.
    pub adapter: &'static str,
    /// The bed and patient that the message names.
    pub identity: Identity,
    /// What in it is not understood.
    pub not_understood: Vec<NotUnderstood>,
}

/// A message about a patient's stay, as it came (HL7 `ADT`).
#[derive(Debug)]
pub struct Admission {
    /// The sender, if the message names it.
    pub device: Option<DeviceId>,
    /// Language of the adapter, such as `hl7-mllp`.
    pub adapter: &'static str,
    /// What happened, such as `A01`.
    pub event: String,
    /// The message itself. It names a patient.
    pub text: String,
    /// What check-in needs of it.
    pub news: Option<PatientNews>,
    /// Sent once it is safe on disk; dropped when it could not be stored.
    pub stored: oneshot::Sender<()>,
}

/// The bed and patient that a message names, and where it came from. A device that names two beds
/// or two patients within ten minutes feeds no room until staff decide
/// (protocols.md#two-under-one-name), nor does one under whose name two senders speak in turn.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Identity {
    /// The bed, as the monitor calls it.
    pub bed: Option<String>,
    /// Digests of the patient's ids.
    pub patient: PatientIds,
    /// The address that it came from, if the adapter knows it.
    pub peer: Option<IpAddr>,
    /// The name that the device gives itself, if that was not a valid id and had to be changed.
    pub original: Option<Original>,
    /// The id that earlier versions gave to a device that is known by its bed: they spelled some
    /// beds differently.
    pub old_id: Option<DeviceId>,
}

impl Identity {
    /// The id under which earlier versions knew the device that is `id` now.
    #[must_use]
    pub fn known_before<'a>(&'a self, id: &'a DeviceId) -> &'a DeviceId {
        let unmarked = || self.original.as_ref().map(|original| &original.unmarked);
        self.old_id.as_ref().or_else(unmarked).unwrap_or(id)
    }
}

/// The ward's inbox for what adapters bring. Cloned for each connection.
#[derive(Clone, Debug)]
pub struct Intake(mpsc::Sender<Arrival>);

impl Intake {
    /// An intake, and the receiver for the ward.
    #[must_use]
    pub fn channel() -> (Self, mpsc::Receiver<Arrival>) {
        let (sender, receiver) = mpsc::channel(INTAKE_QUEUE);
        (Self(sender), receiver)
    }

    /// Hands over; waits while the queue is full. `false` when the ward has ended.
    pub async fn hand_over(&self, arrival: Arrival) -> bool {
        self.0.send(arrival).await.is_ok()
    }

    /// Hands over what is of no use, and waits until staff can see it. `false` when the ward has
    /// ended.
    pub async fn hand_over_unusable(&self, unusable: Unusable) -> bool {
        let (taken, told) = oneshot::channel();
        self.hand_over(Arrival::Unusable(unusable, taken)).await && told.await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use futures_util::poll;
    use tokio::task::unconstrained;

    use super::*;

    #[tokio::test]
    async fn an_adapter_waits_with_its_frame_while_as_many_as_may_be_wait_for_the_ward() {
        let (intake, mut arrivals) = Intake::channel();
        let arrival = || Arrival::Displaced { device: DeviceId::new("mon-3").unwrap() };
        for n in 0..INTAKE_QUEUE {
            let mut handed = Box::pin(unconstrained(intake.hand_over(arrival())));
            assert!(poll!(&mut handed).is_ready(), "{n}");
        }
        let mut next = Box::pin(unconstrained(intake.hand_over(arrival())));
        assert!(poll!(&mut next).is_pending());
        arrivals.recv().await.unwrap();
        assert!(next.await);
    }
}
