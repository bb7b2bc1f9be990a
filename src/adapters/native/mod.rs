//! Our own language, for adapters outside the process (protocols.md#json): lines of JSON become
//! frames, and their outcomes become answers. The sockets are in [`crate::http`].

mod answers;
mod lines;
mod pace;

pub use answers::{Answers, FrameOutcome};
pub use lines::{Ingested, MAX_LINES, Run, Usable, ingest, message_lines};
pub use pace::Pace;

/// The name of this language in the ward.
pub const ADAPTER: &str = "native";
