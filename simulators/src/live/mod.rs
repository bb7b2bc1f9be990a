//! A scenario over real sockets: its monitor in any dialect, its staff over HTTP, in real time or
//! many times faster.
//!
//! What goes over the wire follows from the scenario, the dialect and the time of its start, and
//! not from the speed. The server, however, judges in its own time: only at speed 1 do its alerts
//! come as in a replay of the recording.

mod moments;
#[cfg(test)]
mod same_bytes;
mod screen;
mod staff;

use std::time::Duration;

use anyhow::Context;
use tokio::sync::{mpsc, watch};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tracing::{info, warn};

use crate::clock::Pace;
use crate::control::{Board, Orders, Switch};
use crate::monitors::{Dialect, Link, Monitor, Nameplate, Server, WhenFull};
use crate::scenario::{Line, Scenario};
use crate::staff::{Place, StaffApi, StaffClient};
use moments::{Moment, moments};
use screen::Screen;
use staff::ScenarioStaff;

/// How many staff lines may wait for the server; no scenario has so many.
const WAITING_LINES: usize = 256;
/// How long the end waits for what is still unanswered.
const SETTLED_WITHIN: Duration = Duration::from_secs(10);

/// The scenario, and the server that it is played against.
pub struct RunOptions {
    /// What is played.
    pub scenario: Scenario,
    /// The server, for example `http://127.0.0.1:8080`.
    pub base_url: String,
    /// The token for staff's calls.
    pub token: String,
    /// Where the monitor sends to.
    pub monitor: MonitorLine,
    /// Used instead of the scenario's own room.
    pub room: Option<String>,
    /// Scenario seconds per second of real time, 0.25..=1000.
    pub speed: f64,
    /// The monitor's clock shows local time, this far east of UTC.
    pub utc_offset_min: i32,
}

/// The monitor's language and connection.
#[derive(Debug, Clone)]
pub enum MonitorLine {
    /// The ingest WebSocket of the same server.
    Native {
        /// The device that the token belongs to.
        device: String,
        /// The device's token.
        token: String,
    },
    /// HL7 over MLLP.
    Hl7 {
        /// Any dialect except [`Dialect::Native`].
        dialect: Dialect,
        /// Host and port of the server's listener.
        address: String,
    },
}

/// Plays a scenario to its end, with the faults that the board says.
///
/// # Errors
/// Immediately, if the options can never work.
pub async fn run(options: RunOptions, board: &Board) -> anyhow::Result<()> {
    let RunOptions { scenario, base_url, token, monitor, room, speed, utc_offset_min } = options;
    let pace = Pace::start(speed);
    let boot = format!("{:x}", pace.started_ms());
    let room = room.unwrap_or_else(|| scenario.header().room);
    let number = room.parse().unwrap_or(1);
    let (dialect, device, server) = match monitor {
        MonitorLine::Native { device, token } => {
            (Dialect::Native, device, Server::Native { base_url: base_url.clone(), token })
        }
        MonitorLine::Hl7 { dialect, address } => {
            (dialect, dialect.device_id(number), Server::Hl7(address))
        }
    };
    let (link, carrying) = Link::new(dialect, &device, server, WhenFull::Wait)?;
    let staff = StaffApi::new(&base_url, &token, pace, &boot)?;
    let (watched, seen) = watch::channel(true);
    let screen = Screen::new(&base_url, &token, &room)?;
    let place = Place { room: room.clone(), device: device.clone() };
    let client = StaffClient::new(staff, place);
    let mut staff = ScenarioStaff::new(client, &scenario);
    staff.prepare().await;

    info!(room, device, "{} begins, in the dialect {dialect}", scenario.name());
    let (to_staff, lines) = mpsc::channel(WAITING_LINES);
    let carrying = tokio::spawn(carrying);
    let working = tokio::spawn(staff.work(lines));
    let watching = tokio::spawn(screen.watch(seen));
    // What came before it took some time.
    let pace = Pace::start(speed);
    let nameplate = Nameplate { number, boot, utc_offset_min, gateway_every_s: None };
    let orders = board.room(&room, true);
    let monitor = Monitor::new(dialect, nameplate);
    let mut stage = Stage { monitor, link, orders, to_staff, watched };
    let played = stage.play(&scenario, pace, pace.started_ms()).await;
    drop(stage);
    settle(carrying, "some of what the monitor said was not answered").await;
    settle(working, "some of what staff did was not answered").await;
    watching.abort();
    played?;
    info!("{} has ended", scenario.name());
    Ok(())
}

async fn settle(task: JoinHandle<()>, otherwise: &str) {
    let stop = task.abort_handle();
    if timeout(SETTLED_WITHIN, task).await.is_err() {
        warn!("{otherwise} within {} s", SETTLED_WITHIN.as_secs());
        stop.abort();
    }
}

/// Where a scenario is played: everything that its moments affect.
struct Stage {
    monitor: Monitor,
    link: Link,
    orders: Orders,
    to_staff: mpsc::Sender<(i64, Line)>,
    watched: watch::Sender<bool>,
}

impl Stage {
    /// `start_ms` is when the scenario began, by the monitor's clock.
    async fn play(&mut self, scenario: &Scenario, pace: Pace, start_ms: i64) -> anyhow::Result<()> {
        let mut next_s = 0;
        let mut last = Vec::new();
        for (at_ms, moment) in moments(scenario.lines(), start_ms) {
            while next_s * 1000 <= at_ms {
                pace.until(next_s).await;
                self.tick(start_ms + next_s * 1000).await?;
                next_s += 1;
            }
            pace.until_ms(at_ms).await;
            let now_ms = start_ms + at_ms;
            let wanted = match moment {
                Moment::Shows { again: true, .. } => std::mem::take(&mut last),
                Moment::Shows { showing, .. } => {
                    last = self.monitor.says(showing, now_ms);
                    last.clone()
                }
                Moment::Unplugged(unplugged) => self.monitor.unplug(unplugged, now_ms),
                Moment::Staff(line) => {
                    self.to_staff
                        .send((pace.now_ms(), line))
                        .await
                        .context("the staff have gone")?;
                    Vec::new()
                }
                Moment::Watched(watched) => {
                    self.watched.send_replace(watched);
                    Vec::new()
                }
                Moment::Restart => {
                    warn!("here the scenario stops the server and starts it again: do that now");
                    Vec::new()
                }
                Moment::End => Vec::new(),
            };
            self.link.hand_over(wanted).await?;
        }
        Ok(())
    }

    /// A second passes: what people want is done, and what is due happens.
    async fn tick(&mut self, now_ms: i64) -> anyhow::Result<()> {
        for (switch, on) in self.orders.take() {
            if let Switch::Fault(fault) = switch {
                self.link.hand_over(self.monitor.switch(fault, on, now_ms)).await?;
            }
        }
        self.link.hand_over(self.monitor.tick(now_ms)).await
    }
}
