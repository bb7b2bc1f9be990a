//! What the commands of this program ask of a data directory, and `control.sock`, over which a
//! running server does it for them.
//!
//! A server keeps its database to itself. So a command first asks the server, over a socket in
//! the data directory that only its owner may open, one JSON object a line each way. When nobody
//! answers, the command opens the database and does the same work by the same code: [`perform`].
//!
//! Passwords and new tokens pass through this socket and nowhere else, and are never logged.

mod client;
mod ledger;
mod path;
mod people;
mod presence;
mod profiles;
mod protocol;
mod records;
mod server;
#[cfg(test)]
mod tests;
mod work;

use std::time::Duration;

pub use client::{Client, ControlError};
pub use ledger::Ledger;
pub use presence::Presence;
pub use protocol::{
    ChainState, Given, KnownDevice, NewDevice, Person, ProgramToken, Request, Response, Secret,
    SessionEntry, SessionsAfter,
};
pub use server::{Listener, serve};
pub use work::{Office, perform};

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
/// How long a command waits while a whole chain is walked, or many devices are added.
const PATIENCE_FOR_LONG_WORK: Duration = Duration::from_secs(30 * 60);
