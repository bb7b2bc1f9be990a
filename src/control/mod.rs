//! What the commands of this program ask of a data directory, and `control.sock`, over which a
//! running server does it for them.
//!
//! A server keeps its database to itself. So a command first asks the server, over a socket in
//! the data directory that only its owner may open, one JSON object a line each way. When no server
//! answers, the command opens the database and does the same work by the same code:
//! [`Request::perform`].
//!
//! Passwords and new tokens pass through this socket and nowhere else, and are never logged.

mod alerts;
mod any;
mod chains;
mod client;
mod context;
mod devices;
mod names;
mod outbound;
mod path;
mod presence;
mod profiles;
mod request;
mod server;
mod sessions;
mod sink;
mod staff;
#[cfg(test)]
mod tests;
mod tokens;

use std::time::Duration;

pub use alerts::{LogAfter, LogPage, ReadAlertLog};
pub use any::AnyRequest;
pub use chains::{
    AcceptLoss, ChainState, DatabaseState, HeadFileState, RebuildViews, Rebuilt, RecordState,
    VerifyRecord,
};
pub use client::{Client, ControlError};
pub use context::ControlContext;
pub use devices::{AddDevices, Device, ListDevices, NewDevice, RemoveDevice};
pub use outbound::ListOutbound;
pub use presence::Presence;
pub use profiles::{ApproveProfile, ListProfiles, PutAnswer, PutProfile, ShowProfile};
pub use request::{Changed, Request, Secret};
pub use server::{Listener, serve};
pub use sessions::{
    ExportSession, ListSessions, Rendered, ReportSession, SessionEntry, SessionPage, SessionsAfter,
};
pub use sink::RecordSink;
pub use staff::{AddStaff, AddedPerson, DisableStaff, ListStaff, Person, SetPassword, SetRole};
pub use tokens::{AddToken, IssuedToken, ListTokens, ProgramToken, RevokeToken};

/// The socket's name in the data directory.
pub const SOCKET: &str = "control.sock";
/// The longest request, its line end not counted.
pub const LONGEST_REQUEST_BYTES: usize = 1024 * 1024;
/// The longest answer: one part of a recording with its checkpoint.
const LONGEST_ANSWER_BYTES: usize = 64 * 1024 * 1024;
/// Connections that are served at a time; more wait.
const CONNECTIONS: usize = 8;
/// How long either side waits for the other.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a command waits while many devices are added.
const PATIENCE_FOR_LONG_WORK: Duration = Duration::from_secs(30 * 60);
