use std::path::Path;
use std::time::Duration;

use anyhow::bail;

use super::data::DataArgs;
use super::say;
use crate::clock::Clock;
use crate::config::Config;
use crate::control::{Client, Ledger, Office, Presence, Request, Response, perform};
use crate::journal::{DATABASE, Journal, OpenError};

/// A server that starts holds the database before it answers: how often it is asked again.
const TRIES: usize = 30;
const BETWEEN_TRIES: Duration = Duration::from_millis(100);
/// How long the own database may take to close.
const CLOSING: Duration = Duration::from_secs(30);

/// Where a command brings what it wants: to the running server, or to the data themselves.
#[derive(Debug)]
pub(super) enum Desk {
    /// A server has the data open.
    Server(Client),
    /// Nobody has.
    Own(Office),
}

impl Desk {
    /// The desk of the data that the arguments name. A command that `needs_data` makes no new
    /// database; another one, such as `staff add` before the first start, begins one where none
    /// ever was: in a folder that is empty or not there, and of which no server runs.
    pub(super) async fn open(args: &DataArgs, needs_data: bool) -> anyhow::Result<(Self, Config)> {
        let config = args.load()?;
        let desk = Self::of(&config, needs_data).await?;
        Ok((desk, config))
    }

    /// The desk, when anything was ever recorded: for what can be answered without it.
    pub(super) async fn open_if_any(args: &DataArgs) -> anyhow::Result<Option<Self>> {
        let config = args.load()?;
        let folder = &config.server.data_dir;
        if !folder.join(DATABASE).exists() && !Presence::is_claimed(folder) {
            return Ok(None);
        }
        Self::of(&config, true).await.map(Some)
    }

    async fn of(config: &Config, needs_data: bool) -> anyhow::Result<Self> {
        let folder = &config.server.data_dir;
        let mut tries_left = TRIES;
        loop {
            if let Some(client) = Client::connect(folder).await? {
                return Ok(Self::Server(client));
            }
            // A server that starts holds its folder before it answers.
            if Presence::is_claimed(folder) {
                if tries_left == 0 {
                    return Err(unreachable_server(folder));
                }
                tries_left -= 1;
                tokio::time::sleep(BETWEEN_TRIES).await;
                continue;
            }
            if needs_data && !folder.join(DATABASE).exists() {
                return Err(no_data(folder));
            }
            match Journal::open(folder).await {
                Ok(journal) => return Ok(Self::Own(office(config, journal))),
                Err(OpenError::InUse { .. }) if tries_left > 0 => {
                    tries_left -= 1;
                    tokio::time::sleep(BETWEEN_TRIES).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Has the work done; a refusal is an error.
    pub(super) async fn ask(&mut self, request: Request) -> anyhow::Result<Response> {
        let response = match self {
            Self::Server(client) => client.ask(&request).await?,
            Self::Own(office) => perform(request, office).await,
        };
        match response {
            Response::Refused { why } => bail!("{why}"),
            response => Ok(response),
        }
    }

    /// Lets the data go.
    pub(super) async fn close(self) -> anyhow::Result<()> {
        match self {
            Self::Server(_) => Ok(()),
            Self::Own(office) => Ok(office.journal.close(CLOSING).await?),
        }
    }
}

/// The server's folder was taken away from it, or the socket in it.
fn unreachable_server(folder: &Path) -> anyhow::Error {
    let folder = folder.display();
    anyhow::anyhow!(
        "a server runs with the data folder {folder}, but does not answer there: it is still \
         starting, or the folder, or control.sock in it, was deleted, moved or replaced. Try again, \
         put back what was there, or stop the server first"
    )
}

fn no_data(folder: &Path) -> anyhow::Error {
    let what = if folder.is_dir() { "holds no data" } else { "is not there" };
    let folder = folder.display();
    anyhow::anyhow!(
        "the data folder {folder} {what}: name the right folder with --data-dir, or start the \
         server with it first"
    )
}

fn office(config: &Config, journal: Journal) -> Office {
    Office {
        ledger: Ledger::Journal(journal.clone()),
        store: journal.store(),
        journal,
        clock: Clock::start(),
        rooms: config.rooms.iter().map(|room| room.id.clone()).collect(),
        devices: config.devices.iter().map(|device| device.id.clone()).collect(),
    }
}

/// An answer to another question, which only a server of another version gives.
pub(super) fn not_an_answer() -> anyhow::Error {
    anyhow::anyhow!(
        "the running server is of another version: use the program that it was started with"
    )
}

/// Says when a server has done it but its disk lags behind.
pub(super) fn note_unless_recorded(recorded: bool) {
    if !recorded {
        say::note("It is done, but not on disk yet: the server's disk is slow. Look into its log.");
    }
}
