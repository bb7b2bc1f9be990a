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
mod environment;
mod file;
mod place;
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

pub use address_range::AddressRange;
pub use environment::environment;
pub use problem::{Fault, Problem, Problems};
pub use values::server_listen;

pub use crate::adapters::AdapterKind;
pub use crate::sealing::Retention;
use crate::vitals::{DeviceId, RoomId};

/// Read from the working directory when no other file is named.
pub const DEFAULT_FILE: &str = "dripwatch.toml";

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
