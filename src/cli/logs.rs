use std::fs::File;
use std::io;
use std::os::fd::AsFd;

use anyhow::Context;
use clap::ValueEnum;
use tracing_subscriber::filter::Directive;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, Layer};

use super::say::Usage;
use crate::log::{self, Limit, Lines, Log, PanicFormat};

const VARIABLE: &str = "DRIPWATCH_LOG";
/// What the log reports of its own losses is part of every log that is not switched off.
const OF_ITSELF: &str = "dripwatch::log=info";

/// How a log is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum LogFormat {
    /// For people.
    #[default]
    Human,
    /// One JSON object a line.
    Json,
}

/// Waits for the remaining lines when it is dropped.
#[derive(Debug)]
pub(super) struct Logging;

impl Drop for Logging {
    fn drop(&mut self) {
        log::flush();
    }
}

/// Logs to standard error from now on, without ever waiting for it.
pub(super) fn start(format: LogFormat, usual: &str) -> anyhow::Result<Logging> {
    let text = std::env::var(VARIABLE).unwrap_or_default();
    let text = if text.trim().is_empty() { usual } else { &text };
    let filter = EnvFilter::try_new(text).map_err(|error| {
        Usage(format!(
            "{VARIABLE}={text:?} is not a filter ({error}): write one of error, warn, info, debug, \
             trace, alone or for a part, as in \"warn,dripwatch::ward=debug\""
        ))
    })?;
    let filter = if text.trim() == "off" { filter } else { filter.add_directive(of_itself()?) };
    let log = start_log().context("the log cannot be started")?;
    log.install();
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(Lines::new(log.clone()))
        // It would go straight to standard error.
        .log_internal_errors(false);
    let (lines, panics) = match format {
        LogFormat::Human => {
            let is_terminal = io::IsTerminal::is_terminal(&io::stderr());
            (lines.with_ansi(is_terminal).with_target(false).boxed(), PanicFormat::Human)
        }
        LogFormat::Json => (lines.json().flatten_event(true).boxed(), PanicFormat::Json),
    };
    let limit = Limit::new(log.clone());
    let subscriber = tracing_subscriber::registry().with(lines).with(limit).with(filter);
    subscriber.try_init().context("the log cannot be started")?;
    log::catch_panics(log, panics);
    Ok(Logging)
}

fn of_itself() -> anyhow::Result<Directive> {
    OF_ITSELF.parse().context("the log cannot be started")
}

/// Uses a handle of its own: the standard library's shared one is locked while a write waits, and
/// all its other users would wait too.
fn start_log() -> io::Result<Log> {
    let stderr = File::from(io::stderr().as_fd().try_clone_to_owned()?);
    Log::start(stderr)
}
