use std::path::Path;
use std::time::Duration;

use anyhow::anyhow;

use super::say;
use crate::clock::Clock;
use crate::config::Config;
use crate::control::{AnyRequest, Changed, Client, ControlContext, Presence, RecordSink, Request};
use crate::journal::{DATABASE, Journal, OpenError, Opening};

/// A server that starts holds the database before it answers: how often it is asked again.
const TRIES: usize = 30;
const BETWEEN_TRIES: Duration = Duration::from_millis(100);
/// How long a command's own database may take to close.
const CLOSING: Duration = Duration::from_secs(30);

/// The way to the data: through the running server, or straight to the files.
#[derive(Debug)]
pub(super) enum DataClient {
    /// A server has the data open.
    Server(Client),
    /// No server has; this process does.
    Own(ControlContext),
}

/// Performs one request.
pub(super) async fn ask<R>(config: &Config, request: R) -> anyhow::Result<R::Answer>
where
    R: Request + Into<AnyRequest>,
{
    let mut client = DataClient::open(config, R::MAY_BEGIN_DATA).await?;
    let answer = client.ask(request).await?;
    client.close().await?;
    Ok(answer)
}

/// Makes a change, and says so if it is not on disk yet.
pub(super) async fn change<R, T>(config: &Config, request: R) -> anyhow::Result<T>
where
    R: Request<Answer = Changed<T>> + Into<AnyRequest>,
{
    Ok(noted(ask(config, request).await?))
}

/// What was changed; says so if that is not on disk yet.
pub(super) fn noted<T>(Changed { now, recorded }: Changed<T>) -> T {
    if !recorded {
        say::note("It is done, but not on disk yet: the server's disk is slow. Check its log.");
    }
    now
}

/// Whether anything was ever recorded, or a server runs.
pub(super) fn has_data(config: &Config) -> bool {
    let folder = &config.server.data_dir;
    folder.join(DATABASE).exists() || Presence::is_claimed(folder)
}

impl DataClient {
    /// The way to the data of this configuration. A request that may start new data, such as
    /// `staff add` before the first start, makes a database if there never was one: in a folder
    /// that is empty or missing, and that no running server uses.
    pub(super) async fn open(config: &Config, may_begin_data: bool) -> anyhow::Result<Self> {
        let opening = Opening::beside(config.server.heads_file.clone());
        Self::open_with(config, may_begin_data, &opening).await
    }

    /// The same for somebody who goes on with what is left of the record.
    pub(super) async fn open_as_it_is(config: &Config) -> anyhow::Result<Self> {
        let opening = Opening::beside(config.server.heads_file.clone()).accepting_loss();
        Self::open_with(config, false, &opening).await
    }

    async fn open_with(
        config: &Config,
        may_begin_data: bool,
        opening: &Opening,
    ) -> anyhow::Result<Self> {
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
            if !may_begin_data && !folder.join(DATABASE).exists() {
                return Err(no_data(folder));
            }
            match Journal::open_with(folder, opening).await {
                Ok(journal) => return Ok(Self::Own(context(config, journal))),
                Err(OpenError::InUse { .. }) if tries_left > 0 => {
                    tries_left -= 1;
                    tokio::time::sleep(BETWEEN_TRIES).await;
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    /// Performs a request; a refusal is an error.
    pub(super) async fn ask<R>(&mut self, request: R) -> anyhow::Result<R::Answer>
    where
        R: Request + Into<AnyRequest>,
    {
        match self {
            Self::Server(client) => Ok(client.ask(request).await?),
            // Only its sentence, as it comes from a server.
            Self::Own(context) => {
                request.perform(context).await.map_err(|error| anyhow!("{error}"))
            }
        }
    }

    /// Closes the data.
    pub(super) async fn close(self) -> anyhow::Result<()> {
        match self {
            Self::Server(_) => Ok(()),
            Self::Own(context) => Ok(context.journal.close(CLOSING).await?),
        }
    }
}

/// The server's folder was taken away, or the socket in it.
fn unreachable_server(folder: &Path) -> anyhow::Error {
    let folder = folder.display();
    anyhow!(
        "a server runs with the data folder {folder}, but does not answer there: it is still \
         starting, or the folder, or control.sock in it, was deleted, moved or replaced. Try again, \
         put back what was there, or stop the server first"
    )
}

fn no_data(folder: &Path) -> anyhow::Error {
    let what = if folder.is_dir() { "holds no data" } else { "does not exist" };
    let folder = folder.display();
    anyhow!(
        "the data folder {folder} {what}: name the right folder with --data-dir, or start the \
         server with it first"
    )
}

fn context(config: &Config, journal: Journal) -> ControlContext {
    ControlContext {
        sink: RecordSink::Journal(journal.clone()),
        store: journal.store(),
        journal,
        clock: Clock::start(),
        rooms: config.rooms.iter().map(|room| room.id.clone()).collect(),
        devices: config.devices.iter().map(|device| device.id.clone()).collect(),
        outbound: config.outbound.clone().into(),
    }
}
