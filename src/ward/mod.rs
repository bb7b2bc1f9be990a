//! Owns the rooms. One loop turns everything from outside into typed inputs, stamps them with the
//! time, and lets the pure core apply them. The results go to the screens at once and to the
//! journal in parallel.

mod about;
mod act;
mod actor;
mod admission;
mod alert_row;
mod alerts;
mod answer;
mod arrivals;
mod away;
mod bindings;
mod by_hand;
mod came_down;
mod claims;
mod client;
mod clinic;
mod command;
mod config;
mod core;
mod courses;
mod device;
mod help;
mod inflation;
mod keeping;
mod known_frames;
mod lists;
mod old_ids;
mod outbound;
mod own_alerts;
mod patients;
mod peak;
mod probe;
mod profile_registry;
mod profiles;
mod push;
mod read_room;
mod receipts;
mod refusal;
mod removal;
mod removals;
mod render;
mod restore;
mod restore_frames;
mod room_actor;
mod rooms;
mod run;
mod screen_copy;
mod screens;
mod sessions;
mod shift;
mod signatures;
mod staff;
mod step_queue;
mod steps;
mod stream;
#[cfg(test)]
mod tests;
mod transfer;
mod vitals_frame;
mod ward_rooms;
mod who_hears;
mod written;

pub use crate::contract::View;
pub use about::Made;
pub use act::{Act, By};
pub use actor::Actor;
pub use alerts::{Acknowledge, AcknowledgeRoom, GiveOutcome, ListAlerts, ShowAlert, SilenceAlert};
pub use answer::{Answer, Pending};
pub use away::{MAX_OUTGOING, Outgoing, Outgoings, Outlet};
pub use bindings::{Bind, ListDevices};
pub use by_hand::WardByHand;
pub use client::Ward;
pub use clinic::{Record, Stop};
pub use command::{Command, Envelope};
pub use config::WardConfig;
pub use courses::OpenCourse;
pub use help::CallForHelp;
pub use keeping::{
    CountRemovals, DeleteSession, DropRuns, Expire, Kept, NotPacked, NoteKept, NoteState, Pack,
    RedactPatient, RedactSession,
};
pub use lists::{PutList, ShowList};
pub use outbound::SendAgain;
pub use own_alerts::{NoteChannels, NoteDisk};
pub use patients::{
    CorrectPatient, ListArrivals, Named, OfCourse, SearchPatients, ShowPatient, WhoIs,
};
pub use probe::AlarmPathAge;
pub use profile_registry::{NewVersion, ProfileRegistry};
pub use profiles::{ApproveProfile, ListProfiles, PutProfile, ShowProfile};
pub use push::{Subscribe, Unsubscribe};
pub use read_room::{EarlierRoom, RestoreError};
pub use refusal::Refusal;
pub use removal::{RemoveDevice, RemoveRoom};
pub use restore::clock_set_by_ms;
pub use rooms::{ListRoomIds, ListRooms, RenameRoom, ShowRoom};
pub use run::start;
pub use sessions::{
    EnterEvent, LONGEST_AGO_MS, ListSessions, NewSession, OpenSession, ShowSession,
};
pub use shift::{PutAssignments, ShowAssignments};
pub use signatures::{Add, EndedSession, HandOverRooms, SignOff};
pub use staff::{AddStaff, ChangeStaff, RevokeToken, StaffChange};
pub use steps::{FollowSteps, Followed};
pub use stream::{
    ConfirmReceipt, Hello, Introduction, Join, Leave, Presence, SayHello, SayPresence, ScreenId,
};
pub use who_hears::ListScreens;
