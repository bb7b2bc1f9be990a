//! Owns the rooms. One loop turns everything from outside into typed inputs, stamps them with
//! the time, and lets the pure core apply them; what comes out goes to the screens at once and,
//! beside that, to the journal.

mod act;
mod admission;
mod bed;
mod by_hand;
mod claimants;
mod command;
mod core;
mod devices;
mod inflation;
mod old_ids;
mod own_alerts;
mod private;
mod profiles;
mod recall;
mod removal;
mod render;
mod restore;
mod run;
mod screens;
mod seen;
mod shelf;
mod staff;
#[cfg(test)]
mod tests;
mod told;
mod unknowns;
mod vitals_frame;

pub use crate::contract::View;
pub use by_hand::WardByHand;
pub use command::{
    Act, Actor, Answer, Command, Hello, NewSession, Pending, Presence, Refusal, ScreenId, Ward,
};
pub use restore::{EarlierRoom, Floor, RestoreError, clock_set_by_ms};
pub use run::start;
pub use shelf::{NewVersion, Shelf};

/// How far back an event may have occurred.
pub const LONGEST_AGO_MS: i64 = 4 * 3_600_000;
