//! `dripwatch check-config`: reports what is wrong with the configuration before anything starts.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use crate::config::{Config, DEFAULT_FILE, Problem, Problems};

/// Exit code for a configuration that cannot be used.
pub const BAD_CONFIGURATION: u8 = 64;

/// Check the configuration and print every problem, with its line and what to write instead.
#[derive(Args, Clone, Debug, Default)]
pub struct CheckConfigArgs {
    /// The file to check; otherwise dripwatch.toml here, if there is one
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Print JSON, for a program to read
    #[arg(long)]
    pub json: bool,
}

/// The answer for standard output, and the exit code: 0, or [`BAD_CONFIGURATION`].
pub fn check_config(
    args: &CheckConfigArgs,
    env: impl Iterator<Item = (String, String)>,
) -> (String, u8) {
    let loaded = Config::load(args.config.as_deref(), env);
    let exit = if loaded.is_ok() { 0 } else { BAD_CONFIGURATION };
    let answer = match (&loaded, args.json) {
        (_, true) => as_json(&loaded),
        (Ok(config), false) => summary(&source(args), config),
        (Err(problems), false) => listing(problems),
    };
    (answer, exit)
}

/// What was checked, in words.
fn source(args: &CheckConfigArgs) -> String {
    match &args.config {
        Some(file) => file.display().to_string(),
        None if Path::new(DEFAULT_FILE).exists() => DEFAULT_FILE.to_owned(),
        None => format!("There is no {DEFAULT_FILE} here; the built-in configuration"),
    }
}

fn summary(source: &str, config: &Config) -> String {
    let adapters = config.adapters.iter().map(|adapter| {
        let allow: Vec<_> = adapter.allow.iter().map(ToString::to_string).collect();
        let (kind, listen) = (adapter.kind.name(), adapter.listen);
        format!("{kind} on {listen}, open to {}", allow.join(", "))
    });
    let adapters = match adapters.collect::<Vec<_>>() {
        none if none.is_empty() => "none; monitors can send JSON to the server".to_owned(),
        some => some.join("; "),
    };
    let zone = config.clinic.zone();
    let sent = config
        .outbound
        .iter()
        .map(|to| format!("  sent to   {}, {} at {}\n", to.name, to.way.kind(), to.way.address()));
    let sent: String = sent.collect();
    let channels: Vec<_> = config.channels.iter().map(|channel| channel.id.as_str()).collect();
    let channels = match channels.is_empty() {
        true => String::new(),
        false => format!("  channels  {}\n", channels.join(", ")),
    };
    format!(
        "{source} is good.\n  \
           clinic    {name}, times in {zone}\n  \
           server    http://{listen}, data in {data}\n  \
           rooms     {rooms}\n  \
           adapters  {adapters}\n  \
           devices   {devices} bound to a room\n{channels}{sent}",
        name = config.clinic.name,
        zone = zone.iana_name().unwrap_or("the machine's zone"),
        listen = config.server.listen,
        data = config.server.data_dir.display(),
        rooms = config.rooms.len(),
        devices = config.devices.len(),
    )
}

fn listing(problems: &Problems) -> String {
    let count = problems.as_slice().len();
    let noun = if count == 1 { "problem" } else { "problems" };
    format!("{problems}\n{count} {noun}\n")
}

#[derive(Serialize)]
struct Answer<'a> {
    good: bool,
    problems: &'a [Problem],
}

fn as_json(loaded: &Result<Config, Problems>) -> String {
    let answer = Answer {
        good: loaded.is_ok(),
        problems: loaded.as_ref().err().map_or(&[], Problems::as_slice),
    };
    let json = serde_json::to_string(&answer).expect("texts and numbers are JSON");
    json + "\n"
}

#[cfg(test)]
mod tests;
