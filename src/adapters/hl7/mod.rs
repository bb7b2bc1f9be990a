//! HL7 v2 `ORU^R01` over MLLP: the monitors connect to us and say what they measure.
//!
//! [`Framer`] finds the messages in the bytes, [`decode`] reads one, both pure.

mod ack;
mod codes;
mod decode;
mod identity;
mod labels;
mod message;
mod mllp;
mod readings;
mod rows;
mod time;
mod units;
mod value;

#[cfg(test)]
mod samples_test;

pub use ack::{Ack, Outcome};
pub use decode::{Context, Decoded, Kind, decode};
pub use identity::Sender;
pub use mllp::{Framer, MAX_MESSAGE_BYTES, TooLong};
