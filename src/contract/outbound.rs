use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::vitals::{Millis, SessionId};

/// The hospital's systems to which finished sessions are sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Outbound {
    /// In the order of the configuration.
    pub outbound: Vec<OutboundDestination>,
}

/// A system to which finished sessions are sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutboundDestination {
    /// Its name in the configuration.
    pub name: String,
    /// `hl7-mllp` or `fhir`.
    pub kind: String,
    /// Where it is: host and port, or the base of the server.
    pub address: String,
    /// How many messages wait, with the one that is being sent.
    pub waiting: u64,
    /// Since when the oldest of them waits.
    #[schema(required)]
    pub waiting_since: Option<Millis>,
    /// How many sessions have arrived, each in its newest form.
    pub arrived: u64,
    /// When the last one did.
    #[schema(required)]
    pub last_arrived_at: Option<Millis>,
    /// Since when it cannot be reached; `null` while it can, or while there is nothing to send.
    #[schema(required)]
    pub not_reached_since: Option<Millis>,
    /// It has not been reached for 10 minutes: somebody should look.
    pub is_lost: bool,
    /// What went wrong with the message that is being sent, in words; `null` when nothing did.
    #[schema(required)]
    pub why: Option<String>,
    /// How many messages were set aside.
    pub set_aside_count: u64,
    /// Those that were set aside last, the newest first: up to 100.
    pub set_aside: Vec<OutboundMessage>,
}

/// A message that a system refused, and that waits for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OutboundMessage {
    /// For `POST outbound/{id}/again`.
    pub id: String,
    /// The session that it is about.
    pub session: SessionId,
    /// When it was set aside.
    pub at: Millis,
    /// How often it was refused.
    pub tries: u32,
    /// Why, in the words of the system; they may name the patient.
    pub why: String,
    /// Whether it changes something that has arrived there.
    pub is_correction: bool,
}

/// A message that is sent again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SentAgain {
    /// Its id.
    pub id: String,
    /// The system.
    pub destination: String,
    /// The session that it is about.
    pub session: SessionId,
}
