use std::net::SocketAddr;

use clap::Args;
use simulators::control::{self, Switch};

#[derive(Args)]
pub(super) struct FaultArgs {
    /// The room
    room: String,
    /// silence, disconnect, flap, duplicate, reorder, delay, clock-step, cut-frames, restart, or,
    /// for the patient: desaturate, surge, faint, agitation, probe-off, cuff-fails
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

impl FaultArgs {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        control::ask(self.control, &self.room, self.switch, self.state == OnOff::On).await
    }
}
