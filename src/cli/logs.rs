use std::io;

use anyhow::Context;
use clap::ValueEnum;
use tracing_subscriber::EnvFilter;

use super::say::Usage;

const VARIABLE: &str = "DRIPWATCH_LOG";

/// How a log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// For people.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
}

/// Logs to standard error from now on.
pub(super) fn start(format: LogFormat, usual: &str) -> anyhow::Result<()> {
    let text = std::env::var(VARIABLE).unwrap_or_default();
    let text = if text.trim().is_empty() { usual } else { &text };
    let filter = EnvFilter::try_new(text).map_err(|error| {
        Usage(format!(
            "{VARIABLE}={text:?} says no filter ({error}): write one of error, warn, info, debug, \
             trace, alone or for a part, as in \"warn,dripwatch::ward=debug\""
        ))
    })?;
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(io::stderr);
    let started = match format {
        LogFormat::Human => {
            let is_terminal = io::IsTerminal::is_terminal(&io::stderr());
            log.with_ansi(is_terminal).with_target(false).try_init()
        }
        LogFormat::Json => log.json().flatten_event(true).try_init(),
    };
    started.map_err(|error| anyhow::anyhow!("{error}")).context("the log cannot be started")
}
