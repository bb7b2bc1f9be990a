//! Frames to screens: each is encoded once per room and view, kept for a while so that a screen
//! can resume, and put into the mailbox of every screen that shows the room.

mod frame;
mod mailbox;
mod ring;
#[cfg(test)]
mod tests;

pub use frame::{Class, Frame, Subject, Text, VitalSet};
pub use mailbox::{MAILBOX_BYTES, Mailbox};
pub use ring::{RING_BYTES, RING_FRAMES, Ring};
