//! Tells people away from the screens: route → dedupe (`notice`) → retry → record. Each channel has
//! a task and a backlog of its own, so that one that hangs delays no other, and no screen.
//!
//! A delivery is stored as waiting together with its cause, said, and stored as said. Killed between
//! the last two, a server says it once more, under the same id.

mod browsers;
mod channel;
mod channels;
mod email;
mod failure;
mod ping;
mod run;
mod seal;
#[cfg(test)]
mod tests;
mod vapid;
mod web;
mod webhook;

pub use browsers::{LONGEST_ENDPOINT, MAX_BROWSERS, MAX_OF_ONE, NoBrowser};
pub use channels::{Channels, outlet};
pub use failure::{ChannelError, Failure};
pub use run::Tasks;
pub use seal::LONGEST_SEALED;
