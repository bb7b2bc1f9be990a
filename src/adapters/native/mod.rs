//! Our own language, for adapters outside the process (protocols.md#json): lines of JSON become
//! frames, and what became of them becomes answers. Sockets stand in [`crate::http`].

mod answers;
mod lines;
mod pace;

pub use answers::{Answers, Fate};
pub use lines::{Heard, MAX_LINES, Run, Usable, hear, hear_message};
pub use pace::Pace;

/// What the ward knows this language as.
pub const ADAPTER: &str = "native";
