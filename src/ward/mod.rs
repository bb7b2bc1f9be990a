//! Owns the rooms. One loop turns everything from outside into typed inputs, stamps them with
//! the time, and lets the pure core apply them; what comes out goes to the screens at once and,
//! beside that, to the journal.

mod act;
mod actor;
mod admission;
mod alert_row;
mod alerts;
mod answer;
mod arrivals;
mod bed;
mod bindings;
mod by_hand;
mod claimants;
mod claims;
mod client;
mod clinic;
mod command;
mod config;
mod core;
mod devices;
mod inflation;
mod old_ids;
mod own_alerts;
mod probe;
mod profiles;
mod read_room;
mod recall;
mod refusal;
mod removal;
mod render;
mod restore;
mod rooms;
mod run;
mod screens;
mod seen;
mod sessions;
mod shelf;
mod stream;
#[cfg(test)]
mod tests;
mod told;
mod unknowns;
mod vitals_frame;
mod written;

pub use crate::contract::View;
pub use act::{Act, By};
pub use actor::Actor;
pub use alerts::{Acknowledge, AcknowledgeRoom, GiveOutcome, ListAlerts, ShowAlert, SilenceAlert};
pub use answer::{Answer, Pending};
pub use bindings::{Bind, ListDevices};
pub use by_hand::WardByHand;
pub use client::Ward;
pub use clinic::{Record, Stop};
pub use command::{Command, Envelope};
pub use config::WardConfig;
pub use own_alerts::NoteDisk;
pub use profiles::{ApproveProfile, ListProfiles, PutProfile, ShowProfile};
pub use read_room::{EarlierRoom, RestoreError};
pub use refusal::Refusal;
pub use removal::{RemoveDevice, RemoveRoom};
pub use restore::clock_set_by_ms;
pub use rooms::{ListRoomIds, ListRooms, RenameRoom, ShowRoom};
pub use run::start;
pub use sessions::{
    EnterEvent, LONGEST_AGO_MS, ListSessions, NewSession, OpenSession, ShowSession,
};
pub use shelf::{NewVersion, Shelf};
pub use stream::{ConfirmReceipt, Hello, Join, Leave, Presence, SayHello, SayPresence, ScreenId};
