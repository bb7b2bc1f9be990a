//! The simulated clinic: rooms with patients and monitors, and staff who act over HTTP.
//!
//! Even rooms have a monitor that speaks the ingest WebSocket, odd ones one that speaks HL7: two
//! Mindray, and the next two behind a gateway that speaks LOINC and is set to export each second.
//! An Efficia is in no room: over the network it exports each minute, which cannot be set, and a
//! session needs a saturation each second (clinical.md#for-n-seconds). Between two exports a server
//! would rightly alarm that it has none.
//!
//! Each room has three tasks: the room itself, which makes a second's worth of readings each second, the link
//! that carries them, and the staff who do what the visit's plan says.

mod action;
mod chance;
mod entries;
mod happening;
mod names;
mod past;
mod room;
#[cfg(test)]
mod rooms_play_their_part;
mod staff;
mod story;
mod treatment;
mod visit;

use std::net::SocketAddr;

use anyhow::{Context, bail};
use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tracing::warn;

use crate::clock::Pace;
use crate::control::{Board, Orders, Switch};
use crate::monitors::{Dialect, Link, Monitor, Nameplate, Server, WhenFull};
use crate::staff::{Place, StaffApi, StaffClient};
use action::StaffAction;
use room::Room;
use visit::Part;

pub use crate::staff::Nurse;
pub use past::{Clinic, Witness};
pub use story::{Caption, STORY};

/// How many staff actions may wait for a server that is away; a visit has eleven.
const WAITING_ACTIONS: usize = 64;

/// The server that the clinic plays against, and how.
#[derive(Clone)]
pub struct ClinicOptions {
    /// For example `http://127.0.0.1:8080`.
    pub base_url: String,
    /// The server's HL7 listener.
    pub hl7: SocketAddr,
    /// The token of the staff's calls.
    pub api_token: String,
    /// Another person's token, for the second check of a dose. Without it the staff state nothing
    /// at check-in: the paperwork is kept elsewhere.
    pub second_token: Option<String>,
    /// (device id, token) of each monitor in [`native_device_ids`].
    pub device_tokens: Vec<(String, String)>,
    /// How many rooms, from 1.
    pub rooms: usize,
    /// The same seed gives the same patients, readings and events.
    pub seed: u64,
    /// Simulated seconds in one second of the wall, 0.25..=1000.
    pub speed: f64,
    /// Besides each room's part, things happen by chance, at the rates of clinical.md#rates.
    pub chance: bool,
}

/// The ids of the native monitors that need tokens in a clinic of `rooms` rooms: `sim-2`, `sim-4` …
pub fn native_device_ids(rooms: usize) -> Vec<String> {
    let native = (1..=rooms).filter(|number| dialect(*number) == Dialect::Native);
    native.map(|number| Dialect::Native.device_id(number)).collect()
}

/// Runs the clinic until it is dropped. Links that break and calls that fail are logged and tried
/// again.
///
/// # Errors
/// At once, when the options can never work: no rooms, a missing token, a URL that is none.
pub async fn run(options: ClinicOptions) -> anyhow::Result<()> {
    run_with(options, &Board::default()).await
}

/// As [`run`]; its rooms do what the board says.
///
/// # Errors
/// As [`run`].
pub async fn run_with(options: ClinicOptions, board: &Board) -> anyhow::Result<()> {
    let clinic = Clinic::without_past(options.rooms, options.seed, options.chance);
    let pace = Pace::start(options.speed);
    live(options, clinic, pace, board).await
}

/// As [`run`], with a clinic whose past was played where there was place for it: its second 0 was
/// at `zero_ms`.
///
/// # Errors
/// As [`run`].
pub async fn go_on(options: ClinicOptions, clinic: Clinic, zero_ms: i64) -> anyhow::Result<()> {
    let pace = Pace::since(zero_ms, options.speed);
    let ClinicOptions { rooms, seed, chance, .. } = options;
    let is_played = clinic.is_played;
    let clinic = if is_played { clinic } else { Clinic::without_past(rooms, seed, chance) };
    live(options, clinic, pace, &Board::default()).await
}

async fn live(
    options: ClinicOptions,
    clinic: Clinic,
    pace: Pace,
    board: &Board,
) -> anyhow::Result<()> {
    if clinic.rooms.is_empty() {
        bail!("a clinic needs at least one room: give --rooms 1 or more");
    }
    let boot = format!("{:x}", pace.started_ms());
    let staff = StaffApi::new(&options.base_url, &options.api_token, pace, &boot)?;
    let second = match &options.second_token {
        Some(token) => Some(StaffApi::new(&options.base_url, token, pace, &boot)?),
        None => None,
    };
    let mut tasks = JoinSet::new();
    for InRoom { number, room, session, shown, .. } in clinic.rooms {
        let dialect = dialect(number);
        let device = dialect.device_id(number);
        let server = server(&options, number, &device)?;
        let (actions, to_do) = mpsc::channel(WAITING_ACTIONS);
        let (link, carrying) = Link::new(dialect, &device, server, WhenFull::GiveUpOldest)?;
        let monitor = Monitor::new(dialect, nameplate(number, &boot));
        let place = Place { room: number.to_string(), device };
        let mut client = StaffClient::new(staff.clone(), place).with_second(second.clone());
        if clinic.is_played {
            client = client.goes_on(session, &shown);
        }
        tasks.spawn(carrying);
        tasks.spawn(staff::work(client, to_do));
        let driver =
            RoomDriver { room, monitor, link, orders: board.room(&number.to_string(), false) };
        tasks.spawn(driver.live(pace, Some(actions)));
    }
    match tasks.join_next().await {
        Some(ended) => bail!("a room of the clinic ended: {ended:?}"),
        None => Ok(()),
    }
}

/// A room, and what its staff know of it.
#[derive(Debug)]
struct InRoom {
    number: usize,
    room: Room,
    /// The session that runs.
    session: Option<String>,
    /// What its monitor says while the past is played.
    voice: Monitor,
    /// The session as staff last saw it.
    shown: serde_json::Value,
}

fn dialect(number: usize) -> Dialect {
    match number % 8 {
        1 | 3 => Dialect::Mindray,
        5 | 7 => Dialect::Loinc,
        _ => Dialect::Native,
    }
}

fn nameplate(number: usize, boot: &str) -> Nameplate {
    Nameplate { number, boot: boot.to_owned(), utc_offset_min: 0, gateway_every_s: Some(1) }
}

fn server(options: &ClinicOptions, number: usize, device: &str) -> anyhow::Result<Server> {
    if dialect(number).is_hl7() {
        return Ok(Server::Hl7(options.hl7.to_string()));
    }
    let known = options.device_tokens.iter().find(|(id, _)| id == device);
    let (_, token) = known.with_context(|| {
        format!(
            "no token for the monitor {device} of room {number}: make one with \
             `dripwatch device add {device}` and give it as the line `{device} TOKEN`"
        )
    })?;
    Ok(Server::Native { base_url: options.base_url.clone(), token: token.clone() })
}

/// A single monitor without staff, for trying a server.
#[derive(Clone)]
pub struct MonitorOptions {
    /// Where it sends to.
    pub server: MonitorServer,
    /// What happens to its patient.
    pub scenario: Scenario,
    /// The same seed gives the same readings.
    pub seed: u64,
    /// Simulated seconds in one second of the wall, 0.25..=1000.
    pub speed: f64,
}

/// Which language a single monitor speaks, and to whom.
#[derive(Clone)]
pub enum MonitorServer {
    /// The ingest WebSocket.
    Native {
        /// For example `http://127.0.0.1:8080`.
        base_url: String,
        /// The token of the device.
        token: String,
    },
    /// HL7 over MLLP.
    Hl7(SocketAddr),
}

/// What happens to the patient of a single monitor, within a minute and a half.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Scenario {
    /// Nothing.
    Fine,
    /// No breath for a minute: SpO2 at 92 or lower by 20 s, back at about 60 s.
    Desaturation,
    /// Pressure past 180, confirmed at 90 s.
    Surge,
    /// The finger clip is off from 20 s to 200 s.
    ProbeOff,
}

impl Scenario {
    fn part(self) -> Part {
        match self {
            Self::Fine => Part::Fine { infusing_min: 12 },
            Self::Desaturation => Part::Desaturation,
            Self::Surge => Part::Surge,
            Self::ProbeOff => Part::ProbeOff,
        }
    }
}

/// Runs a single monitor until it is dropped.
///
/// # Errors
/// At once, when the server's URL or the token can never work.
pub async fn run_monitor(options: MonitorOptions) -> anyhow::Result<()> {
    let pace = Pace::start(options.speed);
    let boot = format!("{:x}", pace.started_ms());
    let (dialect, server) = match options.server {
        MonitorServer::Native { base_url, token } => {
            (Dialect::Native, Server::Native { base_url, token })
        }
        MonitorServer::Hl7(server) => (Dialect::Mindray, Server::Hl7(server.to_string())),
    };
    let (link, carrying) = Link::new(dialect, "monitor", server, WhenFull::GiveUpOldest)?;
    let monitor = Monitor::new(dialect, nameplate(1, &boot));
    let room = Room::with_part(options.scenario.part(), 1, options.seed);
    let driver = RoomDriver { room, monitor, link, orders: Board::default().room("1", false) };
    tokio::select! {
        () = carrying => bail!("the monitor's link ended"),
        () = driver.live(pace, None) => bail!("the monitor ended"),
    }
}

/// Plays one room: its monitor on a link, and the orders that people give.
struct RoomDriver {
    room: Room,
    monitor: Monitor,
    link: Link,
    orders: Orders,
}

impl RoomDriver {
    /// Brings the room up to now in silence, then lets it live second by second.
    async fn live(mut self, pace: Pace, staff: Option<mpsc::Sender<(i64, StaffAction)>>) {
        loop {
            let next_s = self.room.now_s() + 1;
            pace.until(next_s).await;
            // Monitors are switched on at second 0; staff have worked since before.
            let is_on = next_s > 0;
            if is_on && self.obey(pace.now_ms()).await.is_err() {
                return;
            }
            let second = self.room.step();
            for (fault, on) in &second.faults {
                let out = self.monitor.switch(*fault, *on, pace.now_ms());
                if self.link.hand_over(out).await.is_err() {
                    return;
                }
            }
            let at_ms = pace.wall_ms(next_s);
            let said = is_on.then(|| self.monitor.shows(&second.shown, at_ms, pace.now_ms()));
            if self.link.hand_over(said.unwrap_or_default()).await.is_err() {
                return;
            }
            if let (Some(action), Some(staff)) = (second.action, &staff)
                && let Err(lost) = staff.try_send((at_ms, action))
            {
                warn!("staff of a room fell behind, as the server does not answer: {lost}");
            }
        }
    }

    async fn obey(&mut self, now_ms: i64) -> anyhow::Result<()> {
        for (switch, on) in self.orders.take() {
            match switch {
                Switch::Trouble(trouble) => self.room.make(trouble, on),
                Switch::Fault(fault) => {
                    self.link.hand_over(self.monitor.switch(fault, on, now_ms)).await?;
                }
            }
        }
        Ok(())
    }
}
