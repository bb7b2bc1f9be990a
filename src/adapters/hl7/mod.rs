//! HL7 v2 `ORU^R01` over MLLP: the monitors connect to us and say what they measure.

mod mllp;

pub use mllp::{Framer, MAX_MESSAGE_BYTES, TooLong};
