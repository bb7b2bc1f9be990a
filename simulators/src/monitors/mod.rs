//! Monitors on real sockets.
//!
//! ```text
//!  what it shows ─► voice (dialect) ─► faults ─► outbox ─► MLLP, WebSocket ─► server
//!                  └──────────── pure ───────┘  └───── thin drivers ─────┘
//! ```
//!
//! A [`Monitor`] is the pure part: its voice in a [`Dialect`], its clock, and its [`Fault`]s. A
//! driver carries what comes out, [`Out`]: it connects, keeps what is unanswered, and sends it
//! again.

mod carry;
mod dialect;
mod efficia;
mod faults;
mod hl7;
mod link;
mod loinc;
mod mindray;
mod mllp;
mod monitor;
mod nameplate;
mod native;
mod outbox;
mod readout;
mod websocket;

pub use dialect::Dialect;
pub use faults::Fault;
pub use mindray::equipment_id;
pub use monitor::Monitor;
pub use nameplate::Nameplate;
pub use outbox::{Out, Packet};
pub use readout::MonitorReadout;

#[cfg(test)]
pub(crate) use carry::{Dial, Tcp};
pub(crate) use link::{Link, Server};
pub(crate) use outbox::WhenFull;
pub(crate) use websocket::socket_request;
