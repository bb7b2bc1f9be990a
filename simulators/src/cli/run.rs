use anyhow::bail;
use clap::Args;
use simulators::control::Board;
use simulators::live::{self, MonitorLine, RunOptions};
use simulators::monitors::Dialect;

use super::controlled::Controlled;
use super::play::speed;
use super::scenarios::find;

#[derive(Args)]
pub(super) struct RunArgs {
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
    /// The server's HL7 listener, for every dialect except native, for example 127.0.0.1:2575
    #[arg(long, value_name = "ADDR")]
    hl7: Option<String>,
    /// The id of the native monitor; the scenario's own without it
    #[arg(long, value_name = "ID")]
    device: Option<String>,
    /// The native monitor's token (`dripwatch device add`)
    #[arg(long, env = "DRIPWATCH_SIM_DEVICE_TOKEN", hide_env_values = true, value_name = "TOKEN")]
    device_token: Option<String>,
    /// Used instead of the scenario's own room
    #[arg(long)]
    room: Option<String>,
    /// How far east of UTC the monitor's clock is set, such as +01:00; HL7 mostly does not say
    #[arg(long, default_value = "+00:00", value_parser = utc_offset_min, allow_hyphen_values = true)]
    utc_offset: i32,
    /// Scenario seconds per second of real time, 0.25 to 1000. The server judges in its own time:
    /// only at speed 1 do its alerts come as in a replay
    #[arg(long, default_value_t = 1.0, value_name = "X", value_parser = speed)]
    speed: f64,
    #[command(flatten)]
    controlled: Controlled,
}

impl RunArgs {
    pub(super) async fn run(self) -> anyhow::Result<()> {
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
