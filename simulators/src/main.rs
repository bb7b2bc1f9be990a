//! `dripwatch-sim`: a simulated clinic, or a single monitor, that drives any server; and the
//! clinical scenarios, written as recordings.

use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context, bail};
use clap::{ArgGroup, Args, Parser, Subcommand};
use simulators::clinic::{self, ClinicOptions, MonitorOptions, MonitorServer};
use simulators::control::{self, Board, Control, Switch};
use simulators::live::{self, MonitorLine, RunOptions};
use simulators::monitors::Dialect;
use simulators::scenario::Scenario;
use tracing_subscriber::EnvFilter;

/// Simulated patients and monitors on real sockets.
///
/// Everything is made up: no reading comes from a person. Runs until it is interrupted.
#[derive(Parser)]
#[command(name = "dripwatch-sim", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// A whole clinic: rooms, patients, monitors in two languages, and staff who bind the monitors,
    /// open sessions and start infusions over HTTP
    Clinic(Clinic),
    /// One monitor on one patient, without staff
    Monitor(Monitor),
    /// The clinical scenarios, with a line of what each shows
    List,
    /// Play a scenario against a server: its monitor over a socket, its staff over HTTP
    Run(Run),
    /// Switch a fault of a running simulation, or make something happen: `fault 3 desaturate`
    Fault(Fault),
    /// Write a scenario as a recording, which `dripwatch replay` reads
    Record(Record),
    /// Draw the reference runs of the drug model: concentration and effect over three hours
    Plot {
        /// Where `plasma.svg` and `drive.svg` go
        #[arg(long, value_name = "DIR")]
        dir: PathBuf,
    },
}

#[derive(Args)]
struct Clinic {
    /// The server, for example http://127.0.0.1:8080
    #[arg(long)]
    url: String,
    /// The server's HL7 listener, for example 127.0.0.1:2575
    #[arg(long, value_name = "ADDR")]
    hl7: SocketAddr,
    /// A program's token with the role of a nurse or higher (`dripwatch token add`)
    #[arg(long, env = "DRIPWATCH_SIM_TOKEN", hide_env_values = true)]
    token: String,
    /// A file of lines `ID TOKEN`, one for each of sim-2, sim-4 … (`dripwatch device add --from`)
    #[arg(long, value_name = "FILE")]
    devices: PathBuf,
    /// How many rooms; odd ones have an HL7 monitor, even ones a native one
    #[arg(long, default_value_t = 8)]
    rooms: usize,
    /// Only the part that each room plays: no probe slips and no network drops by chance
    #[arg(long)]
    no_chance: bool,
    #[command(flatten)]
    play: Play,
    #[command(flatten)]
    controlled: Controlled,
}

#[derive(Args)]
#[command(group(ArgGroup::new("server").args(["url", "hl7"]).required(true)))]
struct Monitor {
    /// Speak the ingest WebSocket of this server, for example http://127.0.0.1:8080
    #[arg(long, requires = "token")]
    url: Option<String>,
    /// The device's token (`dripwatch device add`)
    #[arg(long, env = "DRIPWATCH_SIM_TOKEN", hide_env_values = true)]
    token: Option<String>,
    /// Speak HL7 over MLLP to this listener instead, for example 127.0.0.1:2575
    #[arg(long, value_name = "ADDR")]
    hl7: Option<SocketAddr>,
    /// What happens to the patient
    #[arg(long, value_enum, default_value = "fine")]
    scenario: clinic::Scenario,
    #[command(flatten)]
    play: Play,
}

#[derive(Args)]
#[command(group(ArgGroup::new("what").args(["name", "all"]).required(true)))]
struct Record {
    /// A scenario's name (`dripwatch-sim list`), or the file of one of your own (`….toml`)
    name: Option<String>,
    /// Where to write; standard output without it
    #[arg(long, value_name = "FILE", conflicts_with = "all")]
    out: Option<PathBuf>,
    /// Write every scenario
    #[arg(long, requires = "dir")]
    all: bool,
    /// Where `--all` writes `NAME.ndjson` of each
    #[arg(long, value_name = "DIR", requires = "all")]
    dir: Option<PathBuf>,
}

#[derive(Args)]
struct Run {
    /// A scenario's name (`dripwatch-sim list`), or the file of one of your own (`….toml`)
    name: String,
    /// The server, for example http://127.0.0.1:8080
    #[arg(long)]
    url: String,
    /// A program's token with the role of a nurse or higher (`dripwatch token add`)
    #[arg(long, env = "DRIPWATCH_SIM_TOKEN", hide_env_values = true)]
    token: String,
    /// What the monitor speaks: native, mindray, efficia or loinc
    #[arg(long, default_value_t = Dialect::Native)]
    dialect: Dialect,
    /// The server's HL7 listener, for every dialect but native, for example 127.0.0.1:2575
    #[arg(long, value_name = "ADDR")]
    hl7: Option<String>,
    /// The id of the native monitor; the scenario's own without it
    #[arg(long, value_name = "ID")]
    device: Option<String>,
    /// The native monitor's token (`dripwatch device add`)
    #[arg(long, env = "DRIPWATCH_SIM_DEVICE_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    device_token: Option<String>,
    /// In place of the scenario's own room
    #[arg(long)]
    room: Option<String>,
    /// How far east of UTC the monitor's clock is set, such as +01:00; HL7 mostly does not say
    #[arg(long, default_value = "+00:00", value_parser = utc_offset_min, allow_hyphen_values = true)]
    utc_offset: i32,
    /// Scenario seconds in one second of the wall, 0.25 to 1000. The server judges in its own
    /// time: its alerts come as in a replay at speed 1 only
    #[arg(long, default_value_t = 1.0, value_name = "X", value_parser = speed)]
    speed: f64,
    #[command(flatten)]
    controlled: Controlled,
}

#[derive(Args)]
struct Fault {
    /// Which room
    room: String,
    /// silence, disconnect, flap, duplicate, reorder, delay, clock-step, cut-frames, restart, or of
    /// the patient: desaturate, surge, faint, agitation, probe-off, cuff-fails
    #[arg(value_name = "KIND")]
    switch: Switch,
    #[arg(value_enum, default_value_t = OnOff::On)]
    state: OnOff,
    /// Where the simulation listens
    #[arg(long, value_name = "ADDR", default_value = control::USUAL_ADDRESS)]
    control: SocketAddr,
}

#[derive(Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum OnOff {
    On,
    Off,
}

#[derive(Args)]
struct Controlled {
    /// Listen here, on this machine only, for `dripwatch-sim fault`, and serve a page with the
    /// same switches
    #[arg(long, value_name = "ADDR", num_args = 0..=1, default_missing_value = control::USUAL_ADDRESS)]
    control: Option<SocketAddr>,
}

impl Controlled {
    /// Plays beside the control listener, where one is wanted.
    async fn beside(
        self,
        board: Board,
        playing: impl Future<Output = anyhow::Result<()>>,
    ) -> anyhow::Result<()> {
        let Some(address) = self.control else { return playing.await };
        let control = Control::bind(address, board).await?;
        tokio::select! {
            ended = playing => ended,
            ended = control.serve() => ended,
        }
    }
}

#[derive(Args)]
struct Play {
    /// The same seed gives the same patients, readings and events
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Simulated seconds in one second of the wall, 0.25 to 1000
    #[arg(long, default_value_t = 1.0, value_name = "X", value_parser = speed)]
    speed: f64,
}

fn speed(text: &str) -> Result<f64, String> {
    match text.parse() {
        Ok(speed) if (0.25..=1000.0).contains(&speed) => Ok(speed),
        _ => Err("give a number from 0.25 to 1000".to_owned()),
    }
}

/// `+01:00`, `-0330`: minutes.
fn utc_offset_min(text: &str) -> Result<i32, String> {
    let parsed = || {
        let (sign, digits) = match text.split_at_checked(1)? {
            ("+", digits) => (1, digits.replace(':', "")),
            ("-", digits) => (-1, digits.replace(':', "")),
            _ => return None,
        };
        let (hours, minutes) = digits.split_at_checked(2)?;
        let (hours, minutes): (i32, i32) = (hours.parse().ok()?, minutes.parse().ok()?);
        (hours <= 14 && minutes < 60).then_some(sign * (hours * 60 + minutes))
    };
    parsed().ok_or_else(|| "give hours and minutes east of UTC, such as +01:00".to_owned())
}

#[tokio::main]
async fn main() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_ansi(std::io::stderr().is_terminal())
        .with_writer(std::io::stderr)
        .init();
    match run(cli.command).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            tracing::error!("{problem:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> anyhow::Result<()> {
    let playing = async {
        match command {
            Command::Clinic(clinic) => clinic.run().await,
            Command::Monitor(monitor) => clinic::run_monitor(monitor.options()?).await,
            Command::List => list(),
            Command::Run(run) => run.run().await,
            Command::Fault(fault) => {
                let on = fault.state == OnOff::On;
                control::ask(fault.control, &fault.room, fault.switch, on).await
            }
            Command::Record(record) => record.run(),
            Command::Plot { dir } => plot(&dir),
        }
    };
    tokio::select! {
        ended = playing => ended,
        interrupted = tokio::signal::ctrl_c() => Ok(interrupted?),
    }
}

fn list() -> anyhow::Result<()> {
    let scenarios = Scenario::all()?;
    let longest = scenarios.iter().map(|scenario| scenario.name().len()).max().unwrap_or(0);
    let mut text = String::new();
    for scenario in &scenarios {
        writeln!(text, "{:longest$}  {}", scenario.name(), scenario.shows())?;
    }
    print_all(&text)
}

fn plot(dir: &Path) -> anyhow::Result<()> {
    std::fs::create_dir_all(dir).with_context(|| format!("cannot make {}", dir.display()))?;
    simulators::plot::charts()?.into_iter().try_for_each(|chart| {
        let file = dir.join(chart.file);
        std::fs::write(&file, chart.svg)
            .with_context(|| format!("cannot write the chart to {}", file.display()))
    })
}

impl Record {
    fn run(self) -> anyhow::Result<()> {
        if let Some(dir) = self.dir {
            return Scenario::all()?.iter().try_for_each(|scenario| {
                write_file(&dir.join(format!("{}.ndjson", scenario.name())), scenario)
            });
        }
        let scenario = find(&self.name.unwrap_or_default())?;
        match self.out {
            Some(file) => write_file(&file, &scenario),
            None => print_all(&scenario.recording()),
        }
    }
}

impl Run {
    async fn run(self) -> anyhow::Result<()> {
        let board = Board::default();
        let (options, controlled) = self.options()?;
        controlled.beside(board.clone(), live::run(options, &board)).await
    }

    fn options(self) -> anyhow::Result<(RunOptions, Controlled)> {
        let scenario = find(&self.name)?;
        let monitor = match (self.dialect, self.hl7, self.device_token) {
            (Dialect::Native, _, Some(token)) => {
                let device = self.device.unwrap_or_else(|| scenario.device().to_owned());
                MonitorLine::Native { device, token }
            }
            (Dialect::Native, _, None) => bail!(
                "a native monitor needs --device-token: make one with `dripwatch device add {}`",
                self.device.as_deref().unwrap_or(scenario.device())
            ),
            (dialect, Some(address), _) => MonitorLine::Hl7 { dialect, address },
            (dialect, None, _) => {
                bail!("the dialect {dialect} goes over HL7: give --hl7, the server's listener")
            }
        };
        let options = RunOptions {
            scenario,
            base_url: self.url,
            token: self.token,
            monitor,
            room: self.room,
            speed: self.speed,
            utc_offset_min: self.utc_offset,
        };
        Ok((options, self.controlled))
    }
}

fn find(name: &str) -> anyhow::Result<Scenario> {
    if name.ends_with(".toml") {
        let text = std::fs::read_to_string(name)
            .with_context(|| format!("cannot read the scenario in {name}"))?;
        return Ok(Scenario::read(name.trim_end_matches(".toml"), name, &text)?);
    }
    let mut scenarios = Scenario::all()?.into_iter();
    scenarios
        .find(|scenario| scenario.name() == name)
        .with_context(|| format!("no scenario is called {name:?}: see `dripwatch-sim list`"))
}

fn write_file(file: &Path, scenario: &Scenario) -> anyhow::Result<()> {
    std::fs::write(file, scenario.recording())
        .with_context(|| format!("cannot write the recording to {}", file.display()))
}

/// A reader that closes early, such as `head`, has what it wanted.
fn print_all(text: &str) -> anyhow::Result<()> {
    match std::io::stdout().write_all(text.as_bytes()) {
        Err(problem) if problem.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        written => Ok(written?),
    }
}

impl Clinic {
    async fn run(self) -> anyhow::Result<()> {
        let options = ClinicOptions {
            base_url: self.url,
            hl7: self.hl7,
            api_token: self.token,
            device_tokens: read_device_tokens(&self.devices)?,
            rooms: self.rooms,
            seed: self.play.seed,
            speed: self.play.speed,
            chance: !self.no_chance,
        };
        let board = Board::default();
        self.controlled.beside(board.clone(), clinic::run_with(options, &board)).await
    }
}

impl Monitor {
    fn options(self) -> anyhow::Result<MonitorOptions> {
        let server = match (self.hl7, self.url, self.token) {
            (Some(address), ..) => MonitorServer::Hl7(address),
            (None, Some(base_url), Some(token)) => MonitorServer::Native { base_url, token },
            _ => bail!("say where to send: --url with --token, or --hl7"),
        };
        let Play { seed, speed } = self.play;
        Ok(MonitorOptions { server, scenario: self.scenario, seed, speed })
    }
}

fn read_device_tokens(file: &Path) -> anyhow::Result<Vec<(String, String)>> {
    let text = std::fs::read_to_string(file)
        .with_context(|| format!("cannot read the device tokens in {}", file.display()))?;
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    lines
        .map(|(index, line)| match line.split_whitespace().collect::<Vec<_>>()[..] {
            [id, token] => Ok((id.to_owned(), token.to_owned())),
            _ => bail!(
                "{} line {}: expected `ID TOKEN`, as `dripwatch device add --from` prints it",
                file.display(),
                index + 1
            ),
        })
        .collect()
}
