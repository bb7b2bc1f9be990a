use std::net::SocketAddr;

use anyhow::bail;
use clap::{ArgGroup, Args};
use simulators::clinic::{self, MonitorOptions, MonitorServer};

use super::play::Play;

#[derive(Args)]
#[command(group(ArgGroup::new("server").args(["url", "hl7"]).required(true)))]
pub(super) struct MonitorArgs {
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

impl MonitorArgs {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        clinic::run_monitor(self.options()?).await
    }

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
