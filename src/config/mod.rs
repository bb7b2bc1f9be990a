//! The configuration: one struct, whose documentation is `config.default.toml`.
//!
//! It comes from a TOML file and from environment variables that override it. Reading it gives
//! either a [`Config`] in which every value is valid, or all problems at once, each with its place
//! and what to write instead.
//!
//! What is left out keeps its default, with one exception: a file that names no adapters has
//! none, because a socket that takes bedside data is opened only where somebody asked for it.

mod adapters;
mod address_range;
mod channels;
mod environment;
mod file;
mod outbound;
mod place;
mod private_address;
mod problem;
mod read;
mod rooms;
mod schema;
mod section;
mod spelling;
mod tree;
mod values;

use std::net::{Ipv4Addr, SocketAddr};
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};

use jiff::tz::TimeZone;
use lettre::message::Mailbox;
use url::Url;

pub use address_range::AddressRange;
pub use environment::environment;
pub use outbound::{Fhir, Hl7, Outbound, Protocol, When};
pub use private_address::{is_in_the_house, is_private};
pub use problem::{Fault, Problem, Problems};
pub use values::server_listen;

pub use crate::adapters::AdapterKind;
use crate::notice::{Audience, Format};
use crate::profile::Priority;
pub use crate::sealing::Retention;
use crate::vitals::{DeviceId, RoomId};

/// Read from the working directory when no other file is named.
pub const DEFAULT_FILE: &str = "dripwatch.toml";

/// The most channels.
pub const MAX_CHANNELS: usize = 16;
/// The most people to whom one channel writes.
pub const MAX_RECIPIENTS: usize = 50;

/// The documented defaults, in the words of a configuration file.
pub const DEFAULT_TOML: &str = include_str!("../config.default.toml");

/// Everything that can be configured, checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// The clinic.
    pub clinic: Clinic,
    /// The server's own address and place on disk.
    pub server: Server,
    /// Rooms that always exist, in the order written; staff may add more on screen.
    pub rooms: Vec<Room>,
    /// Ways in for monitors besides the server's own.
    pub adapters: Vec<Adapter>,
    /// Monitors that belong to a room for good.
    pub devices: Vec<Device>,
    /// The hospital's systems to which finished sessions are sent.
    pub outbound: Vec<Outbound>,
    /// How alerts reach people away from the screens.
    pub channels: Vec<Channel>,
    /// What one sender may use.
    pub limits: Limits,
    /// How long what is kept.
    pub retention: Retention,
}

/// `[clinic]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clinic {
    /// The clinic's name as staff read it; 1 to 100 characters.
    pub name: String,
    /// The zone of the times that staff read; `None` for the machine's.
    pub time_zone: Option<TimeZone>,
}

/// `[server]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Where screens and programs connect: a loopback address.
    pub listen: SocketAddr,
    /// Where everything that must survive is kept; relative to the working directory.
    pub data_dir: PathBuf,
    /// A second file that says how far the record reaches, on another disk.
    pub heads_file: Option<PathBuf>,
}

/// `[[rooms]]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Room {
    /// The room's number in the clinic; no two rooms share one.
    pub id: RoomId,
    /// The room's name as staff read it; 1 to 100 characters.
    pub name: String,
}

/// `[[adapters]]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adapter {
    /// The language spoken.
    pub kind: AdapterKind,
    /// Where monitors connect.
    pub listen: SocketAddr,
    /// Who a message is from when it names neither a device nor a bed.
    pub device: Option<DeviceId>,
    /// Who may connect; never empty.
    pub allow: Vec<AddressRange>,
}

/// `[[devices]]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    /// The identity that the monitor gives itself; no two entries share one.
    pub id: DeviceId,
    /// A room of [`Config::rooms`].
    pub room: RoomId,
}

/// `[[channels]]`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Its name; no two channels share one.
    pub id: String,
    /// Alerts of these priorities go out over it.
    pub priorities: Vec<Priority>,
    /// Steps that are meant for these go out over it.
    pub audiences: Vec<Audience>,
    /// Whether the patient's initials go along.
    pub has_initials: bool,
    /// How it is done.
    pub way: Way,
}

/// How a channel reaches people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// A request to a program's address.
    Webhook(Webhook),
    /// A message through a mail server.
    Email(Email),
    /// The browsers in which staff want to be told.
    Push(Push),
    /// A sign of life for an outside watch, which misses it when we are gone.
    Ping(Ping),
}

/// A channel of kind `webhook`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Webhook {
    /// Where requests go.
    pub url: Url,
    /// In which form.
    pub format: Format,
    /// Holds the key with which they are signed.
    pub secret_file: Option<PathBuf>,
    /// Holds a token that the receiver asks for.
    pub token_file: Option<PathBuf>,
    /// Private addresses to which its name may lead.
    pub allow: Vec<AddressRange>,
}

/// A channel of kind `email`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Email {
    /// The mail server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the way there is encrypted.
    pub tls: SmtpTls,
    /// The name to sign in with.
    pub user: Option<String>,
    /// Holds the password for it.
    pub password_file: Option<PathBuf>,
    /// Who writes.
    pub from: Mailbox,
    /// To whom; never empty.
    pub to: Vec<Mailbox>,
}

/// How the way to a mail server is encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SmtpTls {
    /// From the first byte.
    Tls,
    /// After a first exchange, and not at all without it.
    StartTls,
    /// Not: only within the house.
    None,
}

/// A channel of kind `push`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// Where the browsers' makers can reach the clinic: `mailto:` or a page.
    pub contact: String,
    /// Private addresses that a subscription may have.
    pub allow: Vec<AddressRange>,
}

/// A channel of kind `ping`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ping {
    /// What is asked for.
    pub url: Url,
    /// How often, in seconds; 10 to 3,600.
    pub every_s: u32,
    /// Private addresses to which its name may lead.
    pub allow: Vec<AddressRange>,
}

/// `[limits]`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Frames that one device may send in a second, at most 1,000,000.
    pub frames_per_second: NonZeroU32,
    /// Screens warn that the disk is almost full when fewer MiB than this are free for the data.
    pub disk_low_mib: u64,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            clinic: Clinic::default(),
            server: Server::default(),
            rooms: (1..=8).map(Room::numbered).collect(),
            adapters: vec![Adapter::default()],
            devices: Vec::new(),
            outbound: Vec::new(),
            channels: Vec::new(),
            limits: Limits::default(),
            retention: Retention::default(),
        }
    }
}

impl Default for Clinic {
    fn default() -> Self {
        Self { name: "Clinic".to_owned(), time_zone: None }
    }
}

impl Default for Server {
    fn default() -> Self {
        Self {
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)),
            data_dir: PathBuf::from("data"),
            heads_file: None,
        }
    }
}

impl Room {
    fn numbered(number: u32) -> Self {
        let id = RoomId::new(&number.to_string()).expect("digits are an id");
        Self { name: Self::default_name(&id), id }
    }

    fn default_name(id: &RoomId) -> String {
        format!("Room {id}")
    }
}

impl Default for Adapter {
    fn default() -> Self {
        let listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 2575));
        Self {
            kind: AdapterKind::Hl7Mllp,
            listen,
            device: None,
            allow: vec![AddressRange::loopback_of(listen.ip())],
        }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            frames_per_second: NonZeroU32::new(1_000).expect("1,000 is not zero"),
            disk_low_mib: 2_048,
        }
    }
}

impl Clinic {
    /// The zone of the times that staff read.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        self.time_zone.clone().unwrap_or_else(TimeZone::system)
    }
}

impl Config {
    /// Reads `file`, or [`DEFAULT_FILE`] when it names none and there is one, and lets `env`
    /// override it. With no file at all, the defaults. For `env`, see [`environment`].
    ///
    /// # Errors
    /// Every problem of the file and the environment. A `file` that is named must exist.
    pub fn load(
        file: Option<&Path>,
        env: impl Iterator<Item = (String, String)>,
    ) -> Result<Self, Problems> {
        let default_file = Path::new(DEFAULT_FILE);
        let file = file.or_else(|| default_file.exists().then_some(default_file));
        let name = file.map(|file| file.display().to_string());
        let source = match (file, &name) {
            (Some(file), Some(name)) => {
                let text = file::text(file)
                    .map_err(|fault| Problems::one(fault.at((name, None), None)))?;
                Some((name.as_str(), text))
            }
            _ => None,
        };
        read::config(source.as_ref().map(|(name, text)| (*name, text.as_str())), env)
    }
}

/// Reads the words of a file, without the environment.
#[cfg(any(test, fuzzing))]
pub(crate) fn read_text(text: &str) -> Result<Config, Problems> {
    read::config(Some((DEFAULT_FILE, text)), std::iter::empty())
}

#[cfg(test)]
mod tests;
