//! One file per command.
//!
//! Exit codes: 0 done, 1 failed, 2 wrong usage, 64 bad configuration. Answers go to standard
//! output; notes and errors to standard error.

mod alerts;
mod burden;
pub mod check_config;
mod clock_question;
mod data;
mod data_client;
mod demo;
mod device;
mod export;
mod input;
mod logs;
mod parse;
mod profiles;
mod replay;
mod report;
mod rules;
mod say;
mod serve;
mod sessions;
mod staff;
mod token;
mod verify;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

use check_config::CheckConfigArgs;
use logs::LogFormat;

/// Threads that the server works with: more would cost memory and gain nothing.
const MOST_THREADS: usize = 4;

/// How long the end of a process waits for calls to a disk that hangs.
const LAST_CALLS: std::time::Duration = std::time::Duration::from_secs(1);

/// Watches over patients during infusions: vitals from bedside monitors, alerts that reach a
/// person, a record that replays exactly.
///
/// Not a medical device. A secondary display: the bedside monitor stays the primary alarm.
#[derive(Debug, Parser)]
#[command(name = "dripwatch", version)]
#[command(after_help = "Exit codes: 0 done, 1 failed, 2 wrong usage, 64 bad configuration.")]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
    /// How the log on standard error is written; DRIPWATCH_LOG says what goes into it, as in
    /// `debug` or `warn,dripwatch::ward=debug`
    #[arg(long, global = true, value_name = "FORMAT", value_enum, default_value_t)]
    #[arg(env = "DRIPWATCH_LOG_FORMAT")]
    log_format: LogFormat,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Try it: a server, a simulated clinic with monitors on real sockets, and accounts
    Demo(demo::DemoArgs),
    /// Run the server
    Serve(serve::ServeArgs),
    /// Check the configuration and print every problem, with its line and what to write instead
    CheckConfig(CheckConfigArgs),
    /// The people who may sign in
    #[command(subcommand)]
    Staff(staff::StaffCommand),
    /// The monitors that send JSON, each with a token of its own
    #[command(subcommand)]
    Device(device::DeviceCommand),
    /// The programs that use the API
    #[command(subcommand)]
    Token(token::TokenCommand),
    /// Monitoring profiles: list, show, check, change and approve what alarms and when
    #[command(subcommand)]
    Profiles(profiles::ProfilesCommand),
    /// A profile in sentences, for the medical director who reviews it
    Rules(rules::RulesArgs),
    /// List the sessions that were recorded, newest first
    Sessions(data::AnswerArgs),
    /// List the alerts, newest first: who took each and how soon, and what came of it
    Alerts(alerts::AlertsArgs),
    /// Write a session as a recording
    Export(export::ExportArgs),
    /// Write the record of a session, or of a recording: a page, a chart, tables or data
    Report(report::ReportArgs),
    /// Play recordings through the rules, and print the alerts
    Replay(replay::ReplayArgs),
    /// How often a profile alarms over thousands of simulated sessions, and what it misses
    Burden(burden::BurdenArgs),
    /// Check that nothing recorded was changed or lost: walk the hash chains
    Verify(verify::VerifyArgs),
}

/// Runs the command.
#[must_use]
pub fn run(cli: Cli) -> ExitCode {
    let _logging = match logs::start(cli.log_format, cli.command.usual_logs()) {
        Ok(logging) => logging,
        Err(error) => return say::failure(&error),
    };
    match cli.command.run() {
        Ok(exit) => exit,
        Err(error) => say::failure(&error),
    }
}

impl Command {
    /// What is logged unless DRIPWATCH_LOG says otherwise: a server logs its life, a command only
    /// what is wrong.
    fn usual_logs(&self) -> &'static str {
        if matches!(self, Self::Serve(_)) { "info" } else { "warn" }
    }

    fn run(self) -> anyhow::Result<ExitCode> {
        match self {
            Self::CheckConfig(args) => {
                let env = crate::config::environment();
                let (answer, exit) = check_config::check_config(&args, env);
                say::answer(&answer)?;
                Ok(ExitCode::from(exit))
            }
            Self::Burden(args) => burden::run(&args),
            Self::Replay(args) => replay::run(&args),
            Self::Demo(args) => in_runtime(demo::run(args)),
            Self::Serve(args) => in_runtime(serve::run(args)),
            Self::Staff(command) => in_runtime(staff::run(command)),
            Self::Device(command) => in_runtime(device::run(command)),
            Self::Token(command) => in_runtime(token::run(command)),
            Self::Profiles(command) => in_runtime(profiles::run(command)),
            Self::Rules(args) => in_runtime(rules::run(args)),
            Self::Sessions(args) => in_runtime(sessions::run(args)),
            Self::Alerts(args) => in_runtime(alerts::run(args)),
            Self::Export(args) => in_runtime(export::run(args)),
            Self::Report(args) => in_runtime(report::run(args)),
            Self::Verify(args) => in_runtime(verify::run(args)),
        }
    }
}

fn in_runtime(work: impl Future<Output = anyhow::Result<ExitCode>>) -> anyhow::Result<ExitCode> {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut runtime = tokio::runtime::Builder::new_multi_thread();
    let runtime = runtime.worker_threads(threads(cores)).enable_all().build()?;
    let done = runtime.block_on(work);
    // Dropping it would wait for every such call, without a limit.
    runtime.shutdown_timeout(LAST_CALLS);
    done
}

/// Worker threads on a machine with this many cores.
fn threads(cores: usize) -> usize {
    cores.min(MOST_THREADS)
}

#[cfg(test)]
mod tests;
