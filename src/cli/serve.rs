use std::net::SocketAddr;
use std::process::ExitCode;

use clap::Args;
use tokio_util::sync::CancellationToken;

use super::data::DataArgs;
use super::{clock_question, parse, say};
use crate::app::{self, App, Hangup, Listeners};

/// Run the server until SIGTERM or Ctrl-C. Then it finishes what it has begun, for 10 s at most;
/// a second signal ends it at once.
#[derive(Args, Debug)]
pub(super) struct ServeArgs {
    /// The address for screens and programs, in place of the configuration's
    #[arg(long, value_name = "ADDRESS:PORT", value_parser = parse::listen)]
    listen: Option<SocketAddr>,
    #[command(flatten)]
    data: DataArgs,
}

pub(super) async fn run(args: ServeArgs) -> anyhow::Result<ExitCode> {
    let mut config = args.data.load()?;
    if let Some(listen) = args.listen {
        config.server.listen = listen;
    }
    let stop = CancellationToken::new();
    app::stop_on_signals(stop.clone(), Hangup::Survive, || {})?;
    let listeners = Listeners::bind(&config)?;
    let app = App::open(config, listeners).await?;
    let zone = app.config.clinic.zone();
    clock_question::ask(app.clock_set_ms, &say::minute(app.clock.now(), &zone)).await?;
    app::run(app, stop).await?;
    Ok(ExitCode::SUCCESS)
}
