//! The commands, one in each file.

mod clinic;
mod controlled;
mod fault;
mod monitor;
mod play;
mod plot;
mod record;
mod run;
mod say;
mod scenarios;

use clap::{Parser, Subcommand};

use clinic::ClinicArgs;
use fault::FaultArgs;
use monitor::MonitorArgs;
use plot::PlotArgs;
use record::RecordArgs;
use run::RunArgs;

/// Simulated patients and monitors on real sockets.
///
/// Everything is made up: no reading comes from a person. Runs until it is interrupted.
#[derive(Parser)]
#[command(name = "dripwatch-sim", version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// A whole clinic: rooms, patients, monitors in three languages, and staff who bind the monitors,
    /// open sessions and start infusions over HTTP
    Clinic(ClinicArgs),
    /// One monitor on one patient, without staff
    Monitor(MonitorArgs),
    /// The clinical scenarios, with a line of what each shows
    List,
    /// Play a scenario against a server: its monitor over a socket, its staff over HTTP
    Run(RunArgs),
    /// Switch a fault of a running simulation, or make something happen: `fault 3 desaturate`
    Fault(FaultArgs),
    /// Write a scenario as a recording, which `dripwatch replay` reads
    Record(RecordArgs),
    /// Draw the reference runs of the drug model: concentration and effect over three hours
    Plot(PlotArgs),
}

impl Cli {
    /// Runs the command, until it is done or interrupted.
    pub(crate) async fn run(self) -> anyhow::Result<()> {
        let playing = async {
            match self.command {
                Command::Clinic(clinic) => clinic.run().await,
                Command::Monitor(monitor) => monitor.run().await,
                Command::List => scenarios::list(),
                Command::Run(run) => run.run().await,
                Command::Fault(fault) => fault.run().await,
                Command::Record(record) => record.run(),
                Command::Plot(plot) => plot.run(),
            }
        };
        tokio::select! {
            ended = playing => ended,
            interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
        }
    }
}
