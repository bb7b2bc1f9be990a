//! Monitors on real sockets: a pure encoder of bytes, and a thin driver that carries them.

mod hl7;
mod mllp;
mod native;
mod outbox;

pub use hl7::{Hl7Encoder, Hl7Message, equipment_id};
pub use native::{Frame, NativeEncoder};

pub(crate) use mllp::run as run_hl7;
pub(crate) use native::{IngestServer, run as run_native};
