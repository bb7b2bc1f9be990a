use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use clap::Args;
use simulators::clinic::{self, ClinicOptions};
use simulators::control::Board;

use super::controlled::Controlled;
use super::play::Play;

#[derive(Args)]
pub(super) struct ClinicArgs {
    /// The server, for example http://127.0.0.1:8080
    #[arg(long)]
    url: String,
    /// The server's HL7 listener, for example 127.0.0.1:2575
    #[arg(long, value_name = "ADDR")]
    hl7: SocketAddr,
    /// A program's token with the role of a nurse or higher (`dripwatch token add`); as a
    /// prescriber it may begin in mid-session, and continue at a speed other than 1
    #[arg(long, env = "DRIPWATCH_SIM_TOKEN", hide_env_values = true)]
    token: String,
    /// Another program's token, in whose name doses are checked a second time; without it the
    /// paperwork of the sessions is kept elsewhere, and a session asks only for what is measured
    #[arg(long, env = "DRIPWATCH_SIM_SECOND_TOKEN", hide_env_values = true)]
    second_token: Option<String>,
    /// A file of lines `ID TOKEN`, one for each of sim-2, sim-4 … (`dripwatch device add --from`)
    #[arg(long, value_name = "FILE")]
    devices: PathBuf,
    /// How many rooms; even ones have a native monitor, odd ones one that speaks HL7
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

impl ClinicArgs {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let options = ClinicOptions {
            base_url: self.url,
            hl7: self.hl7,
            api_token: self.token,
            second_token: self.second_token,
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
